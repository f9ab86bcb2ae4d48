"""A routine is a list of sets; the coach tracks one set after the other and moves on by what it has seen."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.events import Event, Side
from coxa.host.samples import StreamItem
from coxa.host.tracker import LiveView, Tracker


@dataclass(frozen=True, slots=True)
class SetPlan:
    """One set of a routine."""

    exercise: str
    side: Side | None = None
    reps: int | None = None
    """Repetitions (or holds) after which the set is done; None: open end."""
    hold_target_s: float | None = None
    """How long each hold must last; None: the exercise's own."""


class Coach:
    """Runs the sets of a plan over one stream. Pure: the same items give the same events, however they are cut."""

    def __init__(self, plan: tuple[SetPlan, ...]) -> None:
        self._plan = plan
        self._set_index = 0
        self._tracker = Tracker(plan[0].exercise, plan[0].side, plan[0].hold_target_s)

    def feed(self, item: StreamItem) -> list[Event]:
        """Take the next item; give the events that it decided."""
        return self._tracker.feed(item)

    def finish(self) -> list[Event]:
        """The stream is over: close what is open."""
        return self._tracker.finish()

    @property
    def set_index(self) -> int:
        """Which set of the plan is on."""
        return self._set_index

    @property
    def view(self) -> LiveView:
        """What a screen shows right now."""
        return self._tracker.view
