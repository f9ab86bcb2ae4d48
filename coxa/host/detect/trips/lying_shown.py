"""Raises that show that the leg lies: they lift the sensor as only a level one does."""

from __future__ import annotations

from collections.abc import Sequence
from math import radians, tan
from statistics import median

from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.motion.tangent import Vector, angle_deg, dot


class LyingShown:
    """What the newest raises of a set in an unknown posture show."""

    def __init__(self, params: TripParams) -> None:
        self._p = params
        self._lain: tuple[Vector, Vector] | None = None
        """Where up was at rest, and which way it went, in the newest raises that showed that the thigh lies there."""

    def look(self, newest: Sequence[Excursion]) -> None:
        """Take whether they lifted the sensor by more than the swing of a hanging leg, which looks the more alike the
        larger it is. What was shown holds until the newest do not show it.
        """
        p = self._p
        beyond_m = [
            m - one.params.thigh_m * tan(radians(one.peak_deg) / 2) if one.peak_deg < p.set.level_deg else 0.0
            for one in newest
            if (m := height.level_lever_m(one)) is not None
        ]
        if len(beyond_m) >= p.set.alike_reps:
            last = newest[-1]
            self._lain = (last.rest, last.way()) if median(beyond_m) > p.set.level_lever_m else None

    def lies(self, pose: Vector) -> bool:
        """Whether who rests in this pose lies."""
        return self._lain is not None and angle_deg(self._lain[0], pose) < self._p.rest.same_pose_deg

    def comes_down(self, trip: Excursion) -> bool:
        """Whether a trip ends where the thigh lies and went straight against the way it is raised there: it was found
        at the top.
        """
        if self._lain is None or not self.lies(trip.peak_up):
            return False
        return -dot(trip.way(), self._lain[1]) > self._p.set.same_way_cos(trip.peak_deg)


def lifts_otherwise(trip: Excursion, counted: Sequence[Excursion], p: TripParams) -> bool:
    """Whether a trip let the sensor down, as a level thigh that turns about the hip or the knee does, where those that
    were `counted` lifted it as raised legs do: somebody gets up.
    """
    levers = [m for one in counted if (m := height.level_lever_m(one)) is not None]
    lever_m = height.level_lever_m(trip)
    return bool(levers) and median(levers) > p.set.level_lever_m and lever_m is not None and lever_m < 0.0
