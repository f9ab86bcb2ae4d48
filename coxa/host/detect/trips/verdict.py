"""Whether a trip is a repetition, and if not, why: what was measured and what was needed.

Pure functions of the trip, the exercise and the tuning values; `TripJudge` asks them with what is known of the posture
and of the set. `why_not` judges the way out, `bad_timing` the whole trip, the others single questions. Who gives a
`Verdict` says with it what was too little or too much, and None where nothing is wrong.
"""

from __future__ import annotations

from math import radians

from coxa.host.detect.detector import Verdict
from coxa.host.detect.still import Tick
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.footfall import no_foot
from coxa.host.detect.trips.held_range import put_out
from coxa.host.detect.trips.hold import Hold
from coxa.host.detect.trips.like_steps import Steps, like_step, like_stride
from coxa.host.detect.trips.measured import seen_share
from coxa.host.detect.trips.stands import surely_crossed
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.exercises.spec import ExerciseSpec, StartPose
from coxa.host.motion.tangent import Vector, dot, towards
from coxa.host.reasons import Reason


def why_not(
    trip: Excursion,
    spec: ExerciseSpec,
    start: StartPose,
    needed_deg: float,
    upright: Vector | None,
    p: TripParams,
    *,
    sure: bool = True,
    typical: bool = False,
    feels_height: bool = True,
) -> Verdict | None:
    """Why the way out is not this exercise's; None where it is.

    Args:
        trip: at its top or later.
        spec: the exercise, with its limits.
        start: the pose that it was begun from.
        needed_deg: how far it must go.
        upright: direction of up when standing, sensor frame; None while the posture is unknown.
        p: tuning values.
        sure: whether upright is known for sure, not only supposed.
        typical: whether the trip is like the newest ones of its set, so that less is asked of it.
        feels_height: whether the sensor feels how far it goes up and down, without which nothing is told of hips.
    """
    least_deg = needed_deg * (p.lunge.sunk_share if spec.impacts and _sank(trip, p) else 1.0)
    least_deg /= p.step.doubt_times if typical and needed_deg <= start.min_rom_deg else 1.0
    if trip.peak_deg < least_deg:
        return Verdict(Reason.TOO_SMALL, trip.peak_deg, least_deg, "deg")
    if trip.peak_deg > spec.max_rom_deg:
        return Verdict(Reason.TOO_LARGE, trip.peak_deg, spec.max_rom_deg, "deg")
    cosine = direction_cos(trip.rest, trip.calm_up or trip.peak_up, start, upright)
    least_cos = p.way.far_direction_cos if trip.peak_deg > p.way.far_deg else p.way.direction_cos
    if cosine is not None and cosine < least_cos and not put_out(trip, spec, start, upright):
        return Verdict(Reason.WRONG_DIRECTION, cosine, least_cos, "cosine")
    if upright is not None and not sure and start.direction == "up" and _was_let_down(trip, p):
        return Verdict(Reason.WENT_DOWN, -(height.lift_m(trip) or 0.0), p.way.sink_error_m, "m")
    lies = upright is not None or typical
    felt = (feels_height or spec.kind != "bridge") and not trip.crossed
    return (_wrong_lift(trip, spec, start, upright, p, lies=lies) if felt else None) or _no_step(
        trip, spec, p, p.step.doubt_times if typical else 1.0
    )


def bad_timing(
    trip: Excursion,
    end_s: float,
    spec: ExerciseSpec,
    p: TripParams,
    *,
    steps: Steps,
    typical: bool,
    opens: bool,
    as_quick: bool = False,
) -> Verdict | None:
    """Why the course of a whole trip, back at `end_s`, is not a repetition's; None where it is.

    `steps` says whether the person could be walking, `typical` whether the trip is like the newest ones of its set,
    `opens` whether it may open one, `as_quick` whether it is like one of its set that was as quick and counted.
    """
    lasted = end_s - trip.start_s
    why = None if spec.holds else _strays(trip, p)
    if why is None and lasted < spec.min_rep_s:
        brisk = typical or as_quick or ((spec.kind != "bridge" or steps != "unknown") and _beyond_steps(trip, spec, p))
        why = _too_fast(lasted, spec, p, brisk=brisk)
    if why is None and spec.min_shock_mps2 > 0.0:
        why = like_stride(trip, lasted, p)
    if why is None and steps != "none" and spec.kind == "raise":
        times, may_hurry = p.step.doubt_times if typical else 1.0, trip.paused and (opens or typical)
        why = like_step(trip, lasted, p, steps, times, may_hurry=may_hurry)
    if why is None and spec.kind == "bridge" and steps != "none":
        jolts = height.unexplained_mps2(trip, p.jolt.smooth_ticks, hangs=False)
        why = Verdict(Reason.STEPS, jolts, p.jolt.bridge_jolt_mps2, "m/s2") if jolts > p.jolt.bridge_jolt_mps2 else None
    if why is not None:
        return why
    seen = seen_share(trip, end_s, p.way, way_out=spec.impacts)
    only_end = not trip.unseen_s(trip.t_s[trip.top()]) and trip.lost_s < p.way.lost_end_s
    if seen < p.way.measured_share and not only_end:
        return Verdict(Reason.NOT_MEASURED, seen, p.way.measured_share, "share of samples")
    return None


def _too_fast(lasted_s: float, spec: ExerciseSpec, p: TripParams, *, brisk: bool) -> Verdict | None:
    """Whether a trip shorter than the exercise's shortest time is too short for what it is."""
    least_s = spec.min_rep_s * (p.lunge.brisk_share if brisk else 1.0)
    return Verdict(Reason.TOO_FAST, lasted_s, least_s, "s") if lasted_s < least_s else None


def _beyond_steps(trip: Excursion, spec: ExerciseSpec, p: TripParams) -> bool:
    """Whether no stride goes there, however quick: in a lunge the hips sink, where a step lifts the knee, a leg is
    raised further than anyone strides, and of who lies, which is asked before, the hips are lifted.
    """
    if spec.impacts:
        return _was_lowered(trip, p)
    if spec.kind == "bridge":
        return (height.level_lever_m(trip) or 0.0) > p.lunge.hips_lever_m
    return spec.kind == "raise" and trip.peak_deg > p.step.sudden_deg


def _sank(trip: Excursion, p: TripParams) -> bool:
    """Whether the sensor went down on the way out, as no stride takes it."""
    return _was_lowered(trip, p) or _sank_evenly(trip, p)


def _was_lowered(trip: Excursion, p: TripParams) -> bool:
    """Whether it was lower at the top than at rest: so short a trip tells its height well."""
    return (height.lift_m(trip) or 0.0) < -p.lunge.sinks_m


def _sank_evenly(trip: Excursion, p: TripParams) -> bool:
    """Whether it went down as the end of a lever does that is let down."""
    return (height.level_lever_m(trip) or 0.0) < -p.lunge.sunk_lever_m


def _was_let_down(trip: Excursion, p: TripParams) -> bool:
    """Whether the whole trip was that of a leg that lay raised and is raised again."""
    return trip.closed and trip.peak_deg < p.set.level_deg and _sank_evenly(trip, p)


def _rose(trip: Excursion, p: TripParams) -> bool:
    """Whether the sensor went up on the way out, as a raised leg takes it and no lunge does, or may have."""
    lift_m = height.lift_m(trip)
    return lift_m is None or lift_m > p.lunge.rose_m


def _strays(trip: Excursion, p: TripParams) -> Verdict | None:
    """Whether the way out and back is not a straight one."""
    turned = trip.turned_deg() / trip.peak_deg
    if turned > p.way.turned_times:
        return Verdict(Reason.TURNED, turned, p.way.turned_times, "times the way")
    round_share = trip.round_share()
    if round_share > p.way.round_share:
        return Verdict(Reason.WENT_ROUND, round_share, p.way.round_share, "of a circle")
    roughness = trip.path_deg / (2.0 * trip.peak_deg)
    if roughness > p.way.roughness:
        return Verdict(Reason.TO_AND_FRO, roughness, p.way.roughness, "times the straight way")
    return None


def not_crossed(trip: Excursion, until_s: float, p: TripParams) -> Verdict | None:
    """That a thigh was not turned about its own axis on its way out, up to `until_s`, as it is when the ankle is put
    over the other knee; None where it was, or where too little of the way was seen.
    """
    if trip.unseen_s(until_s) > trip.params.blind_s:
        return None
    twisted_deg = trip.twisted_deg(until_s)
    least_deg = p.top.twisted_deg
    return Verdict(Reason.WRONG_DIRECTION, twisted_deg, least_deg, "deg") if twisted_deg < least_deg else None


def may_be_fidget(trip: Excursion, end_s: float, spec: ExerciseSpec, start: StartPose | None, p: TripParams) -> bool:
    """Whether a trip from a known posture is too little to open a set alone."""
    if start is None:
        return False
    lift_m = height.lift_m(trip)
    least_m = p.fidget.weak_lift_error_m + p.fidget.weak_lift_m_per_rad * radians(trip.peak_deg)
    lasted_s, low = end_s - trip.start_s, lift_m is None or lift_m < least_m
    if start.direction != "any":
        return low or trip.peak_deg > p.fidget.weak_dps * trip.out_s or _sits_up(trip, lasted_s, p)
    if spec.impacts:
        doubtful = trip.peak_deg < start.min_rom_deg or trip.shock_mps2 < spec.min_shock_mps2
        return doubtful or lasted_s < p.fidget.weak_step_s or may_have_stood_up(trip, p)
    if lasted_s > p.fidget.weak_long_s:
        return True
    return not _surely_rose(trip, lift_m, p) and (low or lasted_s < p.fidget.weak_step_s)


def _sits_up(trip: Excursion, lasted_s: float, p: TripParams) -> bool:
    """Whether a lying leg may have been drawn up only to get up: the hips are higher when it lies level again."""
    return lasted_s < p.fidget.sits_up_s and (height.net_rise_m(trip) or 0.0) > p.fidget.sits_up_m


def found_up(why: Verdict, spec: ExerciseSpec, p: TripParams, *, posture_known: bool) -> bool:
    """Whether a bridge that does not count for this began from the top: the hips were up when they were found."""
    opposite = why.reason == Reason.WRONG_DIRECTION and why.measured < -p.way.opposite_cos
    return spec.kind == "bridge" and (opposite or (why.reason == Reason.WENT_DOWN and not posture_known))


def may_have_stood_up(trip: Excursion, p: TripParams) -> bool:
    """Whether who went so far and stayed there may have got up from a chair and sat down again, or the other way."""
    return trip.peak_deg > p.top.stood_deg and trip.stay_s(p.top.stood_deg) > p.top.stood_s


def longest_top_s(
    trip: Excursion, spec: ExerciseSpec, p: TripParams, times: float, *, may_sit: bool, stands: bool
) -> float:
    """How long the thigh may rest at the top before that is another posture; `stands` says whether somebody is known
    to stand, and that he has sat down is unlikely. The step there may be `times` as soft as usual.
    """
    if may_sit:
        return p.top.sit_rest_s
    stepped = spec.min_shock_mps2 > 0.0 and _no_step(trip, spec, p, times) is None
    return p.lunge.rest_s if stepped and stands else spec.top_rest_s


def _surely_rose(trip: Excursion, lift_m: float | None, p: TripParams) -> bool:
    """Whether a standing leg rose as only a raised one does, or a little but so smoothly that nothing else was done."""
    if lift_m is None or trip.peak_deg < p.fidget.sure_deg:
        return False
    m_per_rad = lift_m / radians(trip.peak_deg)
    smooth = height.unexplained_mps2(trip, p.jolt.smooth_ticks, hangs=True) < p.fidget.smooth_mps2
    return m_per_rad > (p.fidget.smooth_lift_m_per_rad if smooth else p.fidget.sure_lift_m_per_rad)


def may_be_everyday(
    trip: Excursion,
    spec: ExerciseSpec,
    start: StartPose,
    held_deg: float,
    roll_deg: float | None,
    p: TripParams,
    *,
    hold: Hold | None = None,
    lever_m: float | None = None,
) -> bool:
    """Whether a pose that is held at `held_deg` may be a chair or the mat, or only another way to stand or to lie;
    `hold` is what is held there, and `lever_m` the lever across up by which the sensor went there, None where none is
    known.
    """
    if spec.kind == "bridge":
        lift_m, lifted = height.lift_m(trip), (lever_m or 0.0) > p.top.hips_lever_m
        return held_deg > p.top.bridge_deg or (lift_m is not None and lift_m < p.top.risen_m and not lifted)
    if start.direction != "any":
        return False
    if trip.peak_deg > p.top.crossed_deg:
        return True
    if held_deg < p.top.stance_deg or (roll_deg is not None and roll_deg > p.top.behind_deg):
        return True
    if held_deg < p.top.squat_deg or (roll_deg is None and held_deg < p.top.sit_deg):
        return False
    if roll_deg is not None:
        # the front may have been learned on this very way, on which the leg turned
        return roll_deg < p.top.sit_roll_deg and (hold is None or not hold.crossed)
    lift_m = height.lift_m(trip)
    sits = trip.out_s < p.top.sit_way_s and (lift_m is None or lift_m < p.top.raised_m)
    return sits and (hold is None or not surely_crossed(trip, hold))


def may_be_bent_knee(
    spec: ExerciseSpec, start: StartPose, rest_tilt_deg: float | None, held_deg: float, p: TripParams
) -> bool:
    """Whether a thigh that lay straight, at that tilt against upright, is held where a foot on the floor holds it."""
    straight = rest_tilt_deg is not None and rest_tilt_deg < p.top.straight_deg
    return spec.kind == "hold" and start.direction == "up" and straight and held_deg < p.top.foot_down_deg


def lies_low(trip: Excursion, below_dps: float, p: TripParams) -> bool:
    """Whether a raised leg pauses so low that it may have come back, turning no faster than so."""
    low = trip.now_deg < p.back.low_share * trip.peak_deg and trip.peak_deg > p.back.low_deg
    return low and max(trip.rate_dps[-p.back.low_ticks :]) < below_dps


def swung_past(trip: Excursion, tick: Tick, p: TripParams, *, typical: bool) -> Verdict | None:
    """Whether what came back has swung through its rest pose, as the leg of a step does."""
    beyond_deg = -trip.signed_deg(tick.up)
    limit_deg = max(p.step.overshoot_deg, p.step.overshoot_share * trip.peak_deg) * (
        p.step.doubt_times if typical else 1.0
    )
    return Verdict(Reason.SWUNG_PAST, beyond_deg, limit_deg, "deg") if beyond_deg > limit_deg else None


def passed_by(trip: Excursion, tick: Tick, spec: ExerciseSpec, p: TripParams) -> Verdict | None:
    """Whether what came back only passes its rest pose on the way to somewhere else."""
    if spec.impacts or spec.holds or tick.rate_dps < p.back.pass_dps:
        return None
    if trip.gaps and trip.t_s[-1] - trip.gaps[-1][1] < p.back.lost_return_s:
        return None  # the way back was not seen, and where up is has still to be found again
    beside_deg = trip.beside_deg(tick.up)
    limit_deg = max(p.back.pass_deg, p.back.pass_share * trip.peak_deg)
    return Verdict(Reason.PASSED_BY, beside_deg, limit_deg, "deg") if beside_deg > limit_deg else None


def direction_cos(rest: Vector, up: Vector, start: StartPose, upright: Vector | None) -> float | None:
    """How well the way from the rest pose to where up is now follows the exercise's; None where that is not known."""
    if upright is None or start.direction == "any":
        return None
    away = -dot(towards(rest, up), towards(rest, upright))
    return away if start.direction == "up" else -away


def _wrong_lift(
    trip: Excursion, spec: ExerciseSpec, start: StartPose, upright: Vector | None, p: TripParams, *, lies: bool
) -> Verdict | None:
    """Whether the thigh went where the exercise does not take it: judged by height, needs no known posture; `lies` says
    whether a leg that is raised lies, as it is known or as the set's were raised from here. Hips that are lifted turn a
    thigh about the knee that may lie level at rest.
    """
    if trip.calm_s is None and trip.out_s > p.way.move_s:
        return Verdict(Reason.TOO_SLOW, trip.out_s, p.way.move_s, "s")
    limit_m = _sink_limit_m(trip, spec, start, upright, p, lies=lies)
    from_level = spec.kind == "bridge" or (upright is None and spec.kind == "raise")
    lift_m = height.lift_m(trip, from_level=from_level)
    if limit_m is not None and lift_m is not None and lift_m < limit_m:
        return Verdict(Reason.WENT_DOWN, -lift_m, -limit_m, "m")
    return None


def _no_step(trip: Excursion, spec: ExerciseSpec, p: TripParams, times: float) -> Verdict | None:
    """Whether no foot was put down on the way out, where the exercise has one put down, `times` as softly as usual: who
    goes slowly does so the more softly, by so much again, but raises nothing. What stays out as long as on a seat must
    knock before it is there: the foot is put down before the hips sink, while a chair is met last.
    """
    if spec.min_shock_mps2 > 0.0 and times == 1.0 and trip.stay_s(p.top.stood_deg) > p.lunge.seat_s:
        soft = no_foot(trip, p)
        if soft is not None:
            return soft
    if spec.impacts and not _rose(trip, p):
        times *= max(1.0, min((trip.out_s / p.lunge.brisk_out_s) ** 2, p.lunge.soft_times))
    least_mps2 = spec.min_shock_mps2 / times
    return Verdict(Reason.NO_STEP, trip.shock_mps2, least_mps2, "m/s2") if trip.shock_mps2 < least_mps2 else None


def _sink_limit_m(
    trip: Excursion, spec: ExerciseSpec, start: StartPose, upright: Vector | None, p: TripParams, *, lies: bool
) -> float | None:
    """Lowest believable lift; the error of the double integration grows with the square of time."""
    if spec.kind == "bridge" and spec.max_sink_m is not None:
        return -(spec.max_sink_m + p.way.hips_sink_mps2 * trip.out_s**2)
    if spec.max_sink_m is not None:
        way_s = (trip.calm_s[1] if trip.calm_s is not None else trip.t_s[trip.top()]) - trip.start_s
        return -(spec.max_sink_m + p.way.sink_mps2 * min(way_s, p.way.sink_most_s) ** 2)
    if spec.kind != "raise" or spec.impacts:
        return None
    if upright is None:
        times = p.step.doubt_times if lies else 1.0
        return -times * (p.way.sink_error_m + p.way.sink_m_per_rad * radians(trip.peak_deg))
    if start.direction != "any":
        return None
    if trip.closed and not trip.gaps and trip.rest_rise_mps2 is not None:
        return -(p.way.back_sink_m + p.way.back_sink_mps2 * trip.out_s**2)
    return -(p.way.sink_m + p.way.sink_mps2 * trip.out_s**2)
