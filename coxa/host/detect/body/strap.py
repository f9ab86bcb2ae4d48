"""Does the sensor still sit as it did, and on the thigh that it should?"""

from __future__ import annotations

from typing import Protocol, TypeVar

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.events import Event, RepCompleted, Side, TrackingLost, TrackingResumed
from coxa.host.motion.tangent import Vector
from coxa.host.reasons import Tracking

Told = TypeVar("Told", covariant=True)


class StrapWatcher(Protocol[Told]):
    """Something that looks at each tick and at how long the sensor rests."""

    def update(self, tick: Tick, rest: StillFinder) -> Told:
        """What it makes of it."""
        ...


def slipped(tick: Tick, turned_deg: float) -> list[Event]:
    """A strap that has turned round the thigh: what was measured before does not compare with what comes."""
    reason = f"{Tracking.SLIPPED} by about {turned_deg:.0f} degrees"
    again = TrackingResumed(tick.t_s, Tracking.AXES_ANEW, tick.t_s)
    return [TrackingLost(tick.t_s, reason, tick.t_s), again]


class OtherThigh:
    """Lying on one side the upper leg works: its outer side must face up, or the sensor is on the other thigh."""

    def __init__(self, side: Side | None) -> None:
        self._side: Side | None = side
        """Where the sensor should be."""
        self._told = False

    def answer(self, counted: list[Event], rest: Vector | None, posture: Posture, tick: Tick) -> list[Event]:
        """What is told of it, once, after that was counted from this rest pose."""
        raised = any(isinstance(e, RepCompleted) and e.exercise == "lateral_leg_raise" for e in counted)
        if not raised or rest is None or self._side is None or self._told:
            return []
        mounting = posture.mounting
        upper = None if mounting is None else mounting.upper_side(rest)
        if upper is None or upper == self._side:
            return []
        self._told = True
        reason = f"{Tracking.OTHER_THIGH} {upper} thigh, not the {self._side}"
        return [TrackingLost(tick.t_s, reason, tick.t_s), TrackingResumed(tick.t_s, Tracking.GOES_ON, tick.t_s)]
