"""Which events are repetitions of a set, and which are told although nothing counts."""

from __future__ import annotations

from coxa.host.events import Event, HoldEnded, RepCompleted, TrackingLost, TrackingResumed
from coxa.host.exercises.spec import exercise
from coxa.host.reasons import Tracking


def counts(event: Event) -> bool:
    """Whether the event is a counted repetition; a hold exercise's repetition is its hold."""
    if isinstance(event, HoldEnded):
        return exercise(event.exercise).kind == "hold"
    return isinstance(event, RepCompleted)


def trouble(events: list[Event], *, in_hand: bool) -> list[Event]:
    """What is told while nothing counts. A strap that is moved from thigh to thigh, or taken off at the end, slips, and
    no thigh moves as a hand does: neither says anything of the sensor.
    """
    told = [e for e in events if isinstance(e, TrackingLost | TrackingResumed)]
    apart = {
        e.start_s
        for e in told
        if isinstance(e, TrackingLost) and e.reason.startswith((Tracking.SLIPPED, Tracking.DOUBTFUL))
    }
    return [e for e in told if not (in_hand and e.start_s in apart)]
