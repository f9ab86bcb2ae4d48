"""How much of a trip was measured, where samples were missing."""

from __future__ import annotations

from bisect import bisect_left

from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.way_params import WayParams


def seen_share(trip: Excursion, end_s: float, p: WayParams, *, way_out: bool) -> float:
    """Share of the trip, back at `end_s`, for which there are samples: of a gap before it or after it only so much is
    the trip's as the way through it takes. Not of one before it where the `way_out` must be seen and too little was.
    """
    lasted_s, lost_s = end_s - trip.start_s, 0.0
    for start_s, stop_s in trip.gaps:
        own_s = min(_own_s(trip, start_s, stop_s, p, way_out=way_out), stop_s - start_s)
        lasted_s -= stop_s - start_s - own_s
        lost_s += own_s
    return 1.0 - lost_s / max(lasted_s, 1e-9)


def _own_s(trip: Excursion, start_s: float, stop_s: float, p: WayParams, *, way_out: bool) -> float:
    """How much of a gap from `start_s` to `stop_s` the trip may have taken at most, at the pace that was seen of it.

    A thigh that was lost at rest and is found on its way out need not have left at once: it takes as long as it took
    back. One that was lost on its way back and is found at rest has gone on at its pace.
    """
    found = bisect_left(trip.t_s, stop_s)
    lost_deg = trip.angle_deg[found - 1] if found else 0.0
    found_deg = trip.angle_deg[min(found, len(trip.t_s) - 1)]
    low_deg, last = p.at_rest_share * trip.peak_deg, len(trip.t_s) - 1
    if lost_deg <= low_deg and found < last:
        unseen_out = way_out and found_deg > p.seen_out_share * trip.peak_deg
        dps = 0.0 if unseen_out else _back_dps(trip, last)
    elif lost_deg > low_deg and (found_deg <= low_deg or found >= last):
        dps = _back_dps(trip, found - 1)
    else:
        dps = 0.0
    return abs(found_deg - lost_deg) / dps if dps > 0.0 else stop_s - start_s


def _back_dps(trip: Excursion, until: int) -> float:
    """How fast the thigh came back from the top up to that tick, where it did so seen; else 0."""
    high_deg = trip.params.top_share * trip.peak_deg
    top = next((k for k in range(until, -1, -1) if trip.angle_deg[k] >= high_deg), until)
    took_s = trip.t_s[until] - trip.t_s[top]
    if took_s <= 0.0 or any(start_s >= trip.t_s[top] and stop_s <= trip.t_s[until] for start_s, stop_s in trip.gaps):
        return 0.0
    return (trip.angle_deg[top] - trip.angle_deg[until]) / took_s
