"""Whether what turned the thigh as lifted hips do was bent legs that were stretched out and bent again."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.detect.detector import Verdict
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.way_params import WayParams
from coxa.host.reasons import Reason


@dataclass(frozen=True, slots=True)
class StretchedParams:
    """How stretched legs let the sensor down."""

    lever_m: float = 0.1
    """A trip on whose ways out and back the end of such a lever was let down is no bridge: bent legs that are stretched
    out, by 42 to 49 degrees, and bent again have -0.22 to -0.28 m. Of 258 bridges (kinematic recordings and independent
    people) 95 of 100 have 0.1 to 0.33 m and none less than 0.03, of simulated ones none less than -0.01. 0.03 to
    0.15 m."""
    over_ticks: int = 15
    """And so it was where both what was felt and the turning are averaged over so many ticks (0.6 s), an odd number:
    hips that are lifted in 0.8 to 2 s do so in jerks, in which the thigh turns otherwise than the hips rise, and in a
    jerk there is more acceleration than in so slow a way (26 of 402 bridges of old or heavy people and cheap sensors
    seemed to have gone down by 0.1 to 0.54 m, 3 when averaged). 11 to 21 ticks."""


def stretched_legs(trip: Excursion, p: WayParams) -> Verdict | None:
    """That the sensor of who lies was let down as the end of a lever on the way out and back; None where it was not,
    where it seems to have risen on the way out by more than the error of so long a way, or where too little was seen.
    """
    stretched = StretchedParams()
    levers_m = [height.level_lever_m(trip, of_ways=True, over_ticks=n) for n in (1, stretched.over_ticks)]
    lever_m = max(0.0 if m is None else m for m in levers_m)
    if lever_m >= -stretched.lever_m:
        return None
    rose_m = height.lift_m(trip, from_level=True) or 0.0
    if rose_m > p.sink_error_m + p.hips_sink_mps2 * trip.out_s**2:
        return None
    return Verdict(Reason.WENT_DOWN, -lever_m, stretched.lever_m, "m")
