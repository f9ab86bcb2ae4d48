"""Where the hips are lifted from again and again is where they rest, be it away from the rest pose before."""

from __future__ import annotations

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
    now, now_deg = trip.up[-1], trip.now_deg
    least_deg = max(needed_deg, now_deg)
    if trip.peak_deg < now_deg + least_deg:
        return None
    for first, last in _rests(trip)[-2::-1]:
        pose, rested_s = trip.up[last], trip.t_s[last] - trip.t_s[first] + StillParams().window_s
        if rested_s < p.rest.settle_s or angle_deg(pose, now) > p.rest.near_share * least_deg:
            continue
        beyond = (up for up, a in zip(trip.up[last:], trip.angle_deg[last:], strict=True) if a > now_deg)
        if max((angle_deg(pose, up) for up in beyond), default=0.0) >= least_deg:
            return pose, trip.t_s[last]
    return None


def _rests(trip: Excursion) -> list[tuple[int, int]]:
    """First and last tick of each rest."""
    runs = (list(run) for still, run in groupby(range(len(trip.still)), key=trip.still.__getitem__) if still)
    return [(run[0], run[-1]) for run in runs]
