"""Where the hips are lifted from again and again is where they rest, be it away from the rest pose before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from coxa.host.detect.still import StillParams
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.motion.tangent import Vector, angle_deg

Stay = tuple[Vector, float]
"""Direction of up in a pose, sensor frame, and when it was left."""


def left_low(trip: Excursion, needed_deg: float, p: TripParams) -> Stay | None:
    """Where the thigh rested on this trip and has come to rest again after it went on from there, by at least
    `needed_deg` and as far again; None where it did not. Who shifts the feet or settles does not lie as before: what
    seems held is the new rest pose, and what goes beyond it the exercise. A hold that sags and is lifted again was not
    so low.
    """
    now, least_deg = trip.up[-1], p.rest.near_share * max(needed_deg, trip.now_deg)
    return next((stay for stay in _left(trip, needed_deg, p) if angle_deg(stay[0], now) <= least_deg), None)


def gone_on(trip: Excursion, needed_deg: float, p: TripParams) -> Stay | None:
    """The newest pose in which the thigh rested on this trip and from which it has gone further out, by at least
    `needed_deg` and as far again, and still is so far; None where there is none.
    """
    now = trip.up[-1]
    left = ((pose, s) for pose, s in _left(trip, needed_deg, p) if angle_deg(pose, now) >= needed_deg)
    return next((stay for stay in left if trip.now_deg > angle_deg(trip.rest, stay[0])), None)


def comes_down_to_stay(trip: Excursion, needed_deg: float, p: TripParams) -> bool:
    """Whether a thigh that is on its way back may yet rest where it did on its way out, from where it has gone on: it
    still goes there.
    """
    if trip.still[-1]:
        return False
    for pose, left_s in _left(trip, needed_deg, p):
        away_deg = [angle_deg(pose, up) for up in trip.up[trip.at(left_s) :]]
        reach_deg = max(away_deg)
        near_deg = max(trip.params.calm_deg, trip.params.calm_share * reach_deg)
        if away_deg[-1] <= min(away_deg[away_deg.index(reach_deg) :]) + near_deg:
            return True
    return False


def _left(trip: Excursion, needed_deg: float, p: TripParams) -> Iterator[Stay]:
    """The poses in which the thigh rested on this trip, newest first, and from which it has gone further out, by at
    least `needed_deg` and as far again.
    """
    for first, last in reversed(_rests(trip)):
        pose, level_deg = trip.up[last], trip.angle_deg[last]
        if trip.t_s[last] - trip.t_s[first] + StillParams().window_s < p.rest.settle_s:
            continue
        beyond = (up for up, a in zip(trip.up[last:], trip.angle_deg[last:], strict=True) if a > level_deg)
        if max((angle_deg(pose, up) for up in beyond), default=0.0) >= max(needed_deg, level_deg):
            yield pose, trip.t_s[last]


def _rests(trip: Excursion) -> list[tuple[int, int]]:
    """First and last tick of each rest."""
    runs = (list(run) for still, run in groupby(range(len(trip.still)), key=trip.still.__getitem__) if still)
    return [(run[0], run[-1]) for run in runs]
