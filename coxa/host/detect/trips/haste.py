"""Whether a trip that may be a step is as hasty as one."""

from __future__ import annotations

from coxa.host.detect.detector import Verdict
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.reasons import Reason


def too_hasty(trip: Excursion, lasted_s: float, p: TripParams, times: float, *, may_stay: bool) -> Verdict | None:
    """Whether a trip of a step's size is out or over too soon, `times` as soon as is usual. Not one that has stayed at
    the top, where a leg that steps only turns round; where it `may_stay`: who only reaches for something
    opens no set.
    """
    if not p.step.short_step_deg < trip.peak_deg < p.step.sudden_deg or lasted_s >= p.step.step_s:
        return None
    took_s, least_s = trip.t_s[trip.top()] - trip.start_s, p.step.sudden_s / times
    sudden = trip.peak_deg > p.step.step_deg and took_s < least_s
    if not sudden and lasted_s >= p.step.step_min_s / times:
        return None
    if may_stay and stays_at_top(trip, p):
        return None
    if sudden:
        return Verdict(Reason.TOO_SUDDEN, took_s, least_s, "s")
    return Verdict(Reason.TOO_FAST, lasted_s, p.step.step_min_s / times, "s")


def stays_at_top(trip: Excursion, p: TripParams) -> bool:
    """Whether the thigh was calm near its peak for as long as no step's is."""
    least_deg, calm = p.step.top_share * trip.peak_deg, 0
    for off_deg, rate_dps in zip(trip.angle_deg, trip.rate_dps, strict=True):
        calm = calm + 1 if off_deg > least_deg and rate_dps < p.back.low_dps else 0
        if calm >= p.step.top_ticks:
            return True
    return False
