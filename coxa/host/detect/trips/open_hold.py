"""The hold that was told to have begun: whatever becomes of it is told too."""

from __future__ import annotations

from coxa.host.detect.detector import Detector, Verdict
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.events import Event, HoldEnded, HoldStarted, RepCompleted, RepRejected
from coxa.host.exercises.spec import exercise
from coxa.host.reasons import Reason


class OpenHold:
    """Shown all that is told at each tick, it answers for a hold of which nothing more would be heard.

    A hold comes to nothing in many ways: the thigh settles elsewhere, a new posture is seen, another exercise is
    recognised. Whoever reads the events, or was told to hold, must not wait for its end.
    """

    def __init__(self) -> None:
        self._begun: HoldStarted | None = None
        self._held_s = 0.0
        """Its clock when it last ran."""

    @property
    def waits(self) -> bool:
        """Whether a hold is on, so that each tick has to be shown."""
        return self._begun is not None

    def forget(self) -> None:
        """The set is over, or tracking is lost: that says enough."""
        self._begun = None

    def answer(self, told: list[Event], detector: Detector, name: str, t_s: float) -> list[Event]:
        """What is missing from that which is `told` at a tick, while the exercise of that name is followed."""
        for event in told:
            self._note(event)
        begun = self._begun
        if begun is None:
            return []
        hold_s = detector.hold_s
        self._held_s = self._held_s if hold_s is None else hold_s
        over = hold_s is None and (not detector.moving or any(_covers(event, begun) for event in told))
        if name == begun.exercise and not over:
            return []
        self._begun = None
        why = (detector.refused if name == begun.exercise else None) or self._why(begun)
        return [RepRejected(begun.exercise, begun.side, begun.start_s, t_s, *why, t_s)]

    def _why(self, begun: HoldStarted) -> Verdict:
        """Held long enough, it was found to be no way from a rest pose to the exercise's and back."""
        least_s = exercise(begun.exercise).min_hold_s
        if self._held_s < least_s:
            return Verdict(Reason.NOT_HELD, self._held_s, least_s, "s")
        return Verdict(Reason.NOT_FROM_REST, 0.0, TripParams().rest.settle_s, "s")

    def _note(self, event: Event) -> None:
        begun = self._begun
        if isinstance(event, HoldStarted):
            self._begun, self._held_s = event, 0.0
        elif isinstance(event, HoldEnded) or (
            begun is not None and isinstance(event, RepRejected) and _covers(event, begun)
        ):
            self._begun = None


def _covers(event: Event, begun: HoldStarted) -> bool:
    """Whether it tells what became of the movement in which that hold began."""
    return isinstance(event, RepCompleted | RepRejected) and event.start_s <= begun.start_s < event.end_s
