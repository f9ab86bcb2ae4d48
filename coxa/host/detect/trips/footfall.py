"""Whether a foot was put down on the way out, as in a lunge, and whether the body stayed at its height.

Who squats to pick something up, gets up from a knee or climbs stairs turns the thigh as a lunge does and as far, but
puts no foot down before the hips sink; who kneels down puts one down, and is lower afterwards.
"""

from __future__ import annotations

from coxa.host.detect.detector import Verdict
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.reasons import Reason


def is_soft(trip: Excursion, spec: ExerciseSpec, p: TripParams) -> bool | None:
    """Whether no foot was felt coming down where the exercise has one put down; None where that may not have been
    seen.
    """
    return None if spec.min_shock_mps2 > 0.0 and not is_seen(trip) else _seems_soft(trip, spec, p)


def is_seen(trip: Excursion) -> bool:
    """Whether nothing of its way out is missing, in which a foot may have come down."""
    return not trip.unseen_s(trip.t_s[trip.top()])


def rises_softly(trip: Excursion, spec: ExerciseSpec, p: TripParams) -> Verdict | None:
    """Whether the hips were lifted instead of let down, without a step: from a knee, or up the stairs."""
    if not _seems_soft(trip, spec, p):
        return None
    lift_m = height.lift_m(trip) or 0.0
    return Verdict(Reason.CLIMBS, lift_m, p.lunge.rose_m, "m") if lift_m > p.lunge.rose_m else None


def _seems_soft(trip: Excursion, spec: ExerciseSpec, p: TripParams) -> bool:
    return spec.min_shock_mps2 > 0.0 and trip.out_s > 0.0 and no_foot(trip, p) is not None


def no_foot(trip: Excursion, p: TripParams) -> Verdict | None:
    """That nothing knocked before the hips sank as a foot does that is put down, on a way out that took some time."""
    if _foot_m(trip, p) >= p.lunge.foot_m:
        return None
    return Verdict(Reason.NO_STEP, _knock_mps2(trip, p), p.lunge.foot_m / trip.out_s**2, "m/s2")


def is_firm(trip: Excursion, p: TripParams) -> bool:
    """Whether a foot was put down firmly before the hips had sunk: who sits down meets the chair last."""
    return _foot_m(trip, p) > p.lunge.firm_m


def _foot_m(trip: Excursion, p: TripParams) -> float:
    """How firmly a foot was put down on the way out, for its time: who is slow steps softly."""
    return _knock_mps2(trip, p) * trip.out_s**2


def _knock_mps2(trip: Excursion, p: TripParams) -> float:
    return height.knock_mps2(trip, p.lunge.foot_share)


def may_kneel(trip: Excursion, p: TripParams) -> bool:
    """Whether the body may be lower after it than before, as of who has gone down on one knee or on both."""
    return (height.net_rise_m(trip) or 0.0) < -p.lunge.kneels_mps2 * trip.lasted_s**2


def sinks_at_once(trip: Excursion, p: TripParams) -> bool:
    """Whether the hips sank from the first moment on, as of who kneels, stoops or sits down: in a lunge the foot is
    lifted before, and the sensor with it, as by a lever across up.
    """
    across_m, _ = height.levers_m(trip) or (0.0, 0.0)
    return across_m < -p.lunge.lifted_foot_m
