"""What was held before, which holds from the same rest pose are compared with."""

from __future__ import annotations

from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.hold import Hold
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.motion.tangent import Vector, angle_deg


class HeldBefore:
    """The newest hold that counted, and its rest pose."""

    def __init__(self, params: TripParams) -> None:
        self._p = params
        self._done: tuple[Vector, Hold] | None = None

    def counts(self, hold: Hold, trip: Excursion) -> None:
        """This hold of that trip counted. One as far from rest as another posture is shows nothing: who sits up and
        lies down again does that twice as well.
        """
        shows = hold.level_deg <= self._p.top.sit_deg or self.again(hold, trip)
        self._done = (trip.rest, hold) if shows else None

    def believes(self, hold: Hold, trip: Excursion) -> None:
        """This hold of that trip is known to be one, however far from rest it is."""
        self._done = (trip.rest, hold)

    def done_from(self, rest: Vector) -> Hold | None:
        """The newest hold that counted, if it was begun where the thigh rests."""
        if self._done is None or angle_deg(self._done[0], rest) >= self._p.rest.same_pose_deg:
            return None
        return self._done[1]

    def again(self, hold: Hold, trip: Excursion) -> bool:
        """Whether the pose is the one that was held last, from the same rest pose."""
        before = self.done_from(trip.rest)
        if before is None:
            return False
        return angle_deg(before.held_up, hold.held_up) <= hold.params.wander_deg(before.level_deg, before.half_deg)
