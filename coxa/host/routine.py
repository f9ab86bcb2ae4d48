"""A routine is a list of sets; the coach tracks one set after the other and moves on by what it has seen."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.detect.still import Tick
from coxa.host.events import Event, HoldEnded, RepCompleted, Side
from coxa.host.exercises.spec import exercise
from coxa.host.samples import Gap, StreamItem
from coxa.host.tracker import AUTO, LiveView, Tracker

IDLE_S = 5.0
"""So long after the last repetition a rest in the next exercise's pose, and not in this one's, ends a set."""


@dataclass(frozen=True, slots=True)
class SetPlan:
    """One set of a routine."""

    exercise: str
    side: Side | None = None
    reps: int | None = None
    """Repetitions (or holds) after which the set is done; None: open end."""
    hold_target_s: float | None = None
    """How long each hold must last; None: the exercise's own."""


def counts(event: Event) -> bool:
    """Whether the event is a counted repetition; a hold exercise's repetition is its hold."""
    if isinstance(event, HoldEnded):
        return exercise(event.exercise).kind == "hold"
    return isinstance(event, RepCompleted)


class Coach:
    """Runs the sets of a plan over one stream. Pure: the same items give the same events, however they are cut."""

    def __init__(self, plan: tuple[SetPlan, ...]) -> None:
        """Raises SpecError: a set names an exercise that the library does not have."""
        for planned in plan:
            if planned.exercise != AUTO:
                exercise(planned.exercise)
        self._plan = plan
        self._set_index = 0
        self._done = 0
        self._last_s: float | None = None
        self._tracker = Tracker(plan[0].exercise, plan[0].side, plan[0].hold_target_s)

    def feed(self, item: StreamItem) -> list[Event]:
        """Take the next item; give the events that it decided."""
        return self._take(self._tracker.beats(item))

    def finish(self) -> list[Event]:
        """The stream is over: close what is open."""
        return [*self._take(self._tracker.last_beats()), *self._tracker.finish()]

    @property
    def set_index(self) -> int:
        """Which set of the plan is on."""
        return self._set_index

    @property
    def mounting(self) -> dict[str, tuple[float, float, float]] | None:
        """How the sensor sits on the thigh, once that is known."""
        return self._tracker.mounting

    @property
    def view(self) -> LiveView:
        """What a screen shows right now."""
        return self._tracker.view

    def _take(self, beats: list[Tick | Gap]) -> list[Event]:
        events = list[Event]()
        for beat in beats:
            new = self._tracker.take(beat)
            events += new
            for event in new:
                self._note(event)
            if self._set_index + 1 < len(self._plan) and self._over(beat):
                events += self._next_set()
        return events

    def _note(self, event: Event) -> None:
        if counts(event):
            self._done += 1
            self._last_s = event.decided_s

    def _over(self, beat: Tick | Gap) -> bool:
        """The target is reached, or the person has clearly gone on to the next exercise."""
        now, then = self._plan[self._set_index], self._plan[self._set_index + 1]
        if now.reps is not None and self._done >= now.reps:
            return True
        if isinstance(beat, Gap) or self._last_s is None or beat.t_s - self._last_s < IDLE_S:
            return False
        return self._tracker.fits(then.exercise) and not self._tracker.fits(now.exercise)

    def _next_set(self) -> list[Event]:
        self._set_index += 1
        self._done, self._last_s = 0, None
        then = self._plan[self._set_index]
        return self._tracker.switch(then.exercise, then.side, then.hold_target_s)
