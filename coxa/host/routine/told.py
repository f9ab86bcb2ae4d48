"""Which events are repetitions of a set, and which are told although nothing counts."""

from __future__ import annotations

from coxa.host.events import Event, HoldEnded, RepCompleted, RepRejected, TrackingLost, TrackingResumed
from coxa.host.exercises.spec import exercise
from coxa.host.reasons import TRIED, Tracking

IN_HAND = (Tracking.SLIPPED, Tracking.DOUBTFUL)
"""What the tracker says of a strap that is handled."""


def counts(event: Event) -> bool:
    """Whether the event is a counted repetition; a hold exercise's repetition is its hold."""
    if isinstance(event, HoldEnded):
        return exercise(event.exercise).kind == "hold"
    return isinstance(event, RepCompleted)


def tried(event: Event) -> bool:
    """Whether the event is a repetition that lacks something, as of somebody who grows tired, and no fidget: it went at
    least half as far, or lasted half as long, as one must.
    """
    return isinstance(event, RepRejected) and event.reason in TRIED and 2.0 * event.measured >= event.needed


def doubted(event: Event) -> bool:
    """Whether the sensor moved as no thigh does: before the first repetition a hand has it."""
    return isinstance(event, TrackingLost) and event.reason.startswith(Tracking.DOUBTFUL)


def trouble(events: list[Event]) -> list[Event]:
    """What is told while nothing counts."""
    return [e for e in events if isinstance(e, TrackingLost | TrackingResumed)]


def without_handling(events: list[Event]) -> list[Event]:
    """What is told while the strap may be in somebody's hands, as when it is moved from thigh to thigh or taken off at
    the end: there it slips, and no thigh moves as a hand does. Neither says anything of the sensor.
    """
    seen = [e for e in events if isinstance(e, TrackingLost) and e.reason.startswith(IN_HAND)]
    apart = {e.start_s for e in seen}
    return [e for e in events if not (isinstance(e, TrackingLost | TrackingResumed) and e.start_s in apart)]
