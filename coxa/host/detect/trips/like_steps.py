"""Whether a trip that may be a step is one: by its haste, by how it climbs, or by what it jolts."""

from __future__ import annotations

from math import cos, radians
from typing import Literal, TypeAlias

from coxa.host.detect.detector import Verdict
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.reasons import Reason

Steps: TypeAlias = Literal["none", "believed", "unknown", "standing", "raising"]
"""Whether a trip may be a step. "none": it cannot be one; "believed": the posture is not known, but a set has been
believed in it, and a quick raise lying down looks like a slow step; "unknown": nothing is known; "standing": the leg
stands; "raising": it does, and has just been raised so before."""


def like_step(
    trip: Excursion, lasted_s: float, p: TripParams, steps: Steps, times: float, *, may_hurry: bool
) -> Verdict | None:
    """Whether a trip that may be a step is one: by its haste, by how it climbs, or by what it jolts, `times` as much as
    is usual. One that `may_hurry` may be hastier: it waits for others like it, and `trip.hasty`,
    which is told here, says so.
    """
    stays = _may_stay(trip, p, steps) and _stays_at_top(trip, p)
    trip.hasty = not stays and _too_hasty(trip, lasted_s, p, times) is not None
    why = _too_hasty(trip, lasted_s, p, p.step.hasty_times if may_hurry else times) if trip.hasty else None
    hangs = steps in ("standing", "raising")
    why = why or (_climbs(trip, lasted_s, p) if hangs else None) or _bobs(trip, lasted_s, p, times)
    if why is not None:
        return why
    for limit, over_ticks in _jolt_limits(trip, lasted_s, p, steps, stays=stays):
        jolts = height.unexplained_mps2(trip, over_ticks, hangs=hangs)
        if jolts > times * limit:
            return Verdict(Reason.STEPS, jolts, times * limit, "m/s2")
    return None


def _climbs(trip: Excursion, lasted_s: float, p: TripParams) -> Verdict | None:
    """Whether the sensor of a leg that hangs has risen by more than the leg can lift it: the hips rose as well. One
    that lies gains height by the sine of the angle.
    """
    if trip.peak_deg <= p.step.climb_deg or lasted_s >= p.step.climb_s:
        return None
    lift_m = height.lift_m(trip) or 0.0
    most_m = p.step.climb_m + p.step.reach_m * (1.0 - cos(radians(trip.peak_deg)))
    return Verdict(Reason.CLIMBS, lift_m, most_m, "m") if lift_m > most_m else None


def _bobs(trip: Excursion, lasted_s: float, p: TripParams, times: float) -> Verdict | None:
    """Whether the sensor goes up and down as at the end of a leg longer than a thigh: the hips go with it. A leg that
    lies goes by the other lever, across up, however high.
    """
    if trip.peak_deg <= p.step.bob_deg or lasted_s >= p.step.bob_s:
        return None
    _, below_m = height.levers_m(trip) or (0.0, 0.0)
    longest_m = times * p.step.bob_lever_m
    return Verdict(Reason.CLIMBS, below_m, longest_m, "m") if below_m > longest_m else None


def like_stride(trip: Excursion, lasted_s: float, p: TripParams) -> Verdict | None:
    """Whether what knocks like a lunge and is as large and as short as a stride is one: the sensor rose with the knee,
    on the level and on stairs, where in a lunge the hips sink.
    """
    if trip.peak_deg > p.jolt.stride_deg or lasted_s > p.step.step_s:
        return None
    lift_m = height.lift_m(trip) or 0.0
    return Verdict(Reason.CLIMBS, lift_m, p.lunge.rises_m, "m") if lift_m > p.lunge.rises_m else None


def _may_stay(trip: Excursion, p: TripParams, steps: Steps) -> bool:
    """Whether a leg that stays at the top may have been raised: one that has just been raised so, or one of somebody of
    whom nothing is known that lifted the sensor: who stands and only reaches for something opens no set.
    """
    if steps in ("standing", "raising"):
        return steps == "raising"
    return (height.lift_m(trip) or 0.0) > p.fidget.weak_lift_m_per_rad * radians(trip.peak_deg)


def _jolt_limits(
    trip: Excursion, lasted_s: float, p: TripParams, steps: Steps, *, stays: bool
) -> list[tuple[float, int]]:
    """What a raise of this size, one that `stays` at the top or not, may jolt in m/s2, each with over how many ticks
    that is averaged.
    """
    swing = height.swing_mps2(trip)
    beyond = min(max((trip.peak_deg - p.jolt.stride_deg) / (p.step.sudden_deg - p.jolt.stride_deg), 0.0), 1.0)
    rose = beyond > 0.0 and (height.lift_m(trip) or 0.0) > 0.0
    more = 1.0 + (p.jolt.large_times - 1.0) * beyond if rose else 1.0
    jolt, shake = (
        more * max(p.jolt.jolt_mps2, p.jolt.jolt_share * swing),
        more * max(p.jolt.shake_mps2, p.jolt.shake_share * swing),
    )
    size_fits = p.step.short_step_deg < trip.peak_deg < p.jolt.stride_deg
    if steps in ("standing", "raising") and size_fits and not stays and lasted_s < p.jolt.slow_step_s:
        jolt = min(jolt, max(p.jolt.slow_jolt_mps2, p.jolt.slow_jolt_share * swing))
    if steps == "unknown" and size_fits and lasted_s < p.step.step_s and not (trip.paused or stays):
        jolt = min(jolt, max(p.jolt.slow_jolt_mps2, p.jolt.unknown_jolt_share * swing))
    return [(jolt, p.jolt.smooth_ticks), (shake, 1)]


def _too_hasty(trip: Excursion, lasted_s: float, p: TripParams, times: float) -> Verdict | None:
    """Whether a trip of a step's size is out or over too soon, `times` as soon as is usual."""
    if not p.step.short_step_deg < trip.peak_deg < p.step.sudden_deg or lasted_s >= p.step.step_s:
        return None
    took_s, least_s = trip.t_s[trip.top()] - trip.start_s, p.step.sudden_s / times
    sudden = trip.peak_deg > p.step.step_deg and took_s < least_s
    if not sudden and lasted_s >= p.step.step_min_s / times:
        return None
    if sudden:
        return Verdict(Reason.TOO_SUDDEN, took_s, least_s, "s")
    return Verdict(Reason.TOO_FAST, lasted_s, p.step.step_min_s / times, "s")


def _stays_at_top(trip: Excursion, p: TripParams) -> bool:
    """Whether the thigh was calm near its peak for as long as no step's is, which only turns round there."""
    least_deg, calm = p.step.top_share * trip.peak_deg, 0
    for off_deg, rate_dps in zip(trip.angle_deg, trip.rate_dps, strict=True):
        calm = calm + 1 if off_deg > least_deg and rate_dps < p.back.low_dps else 0
        if calm >= p.step.top_ticks:
            return True
    return False
