"""What the pace of a set tells: whether a trip in which samples are missing is two, and whether one is a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from coxa.host.detect.detector import Verdict
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.footfall import is_soft
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.reasons import Reason


@dataclass(frozen=True, slots=True)
class OwnPaceParams:
    """Which trip is not one of the set's repetitions."""

    reps: int = 2
    """So many of the set's newest repetitions must have been seen whole; one alone may be the odd one.
    2 to 3."""
    times: float = 1.6
    """A trip that would take so many times as long as they do in the median, were it one, is two if both find the time:
    raises of 3.4 s lost at the top and found at the next one's made one of 7.9 s, lunges of 2.8 s one of 6.6 s (other
    people; gaps put into `lunge_2`, `leg_raise_*`). And one that takes so much less, whose foot was not felt coming
    down, may be a step: 1 to 1.4 s in sets of 2.6 to 4 (`lunge_4` of other people). 1.5 to 1.8."""
    longest_times: float = 1.3
    """But who stays at the top at will takes no two alike: nor so many times as long as the longest of them (one of 15
    s in a set of 3, 5 and 10 s, lost in its middle, made two). 1.2 to 1.4."""
    turn_share: float = 0.1
    """Between the end of one, a tenth of its peak off the rest pose, and the next one's beginning lies so much of the
    time of one, however hastily they follow: a dip of 0.3 s at the top that was lost left none. 0.05 to 0.15."""


def back_at_pace(trip: Excursion, lost: int, whole: Sequence[Excursion]) -> tuple[float, float] | None:
    """When in the newest gap, before which tick `lost` was the last, the thigh was back at rest, and when it left
    again, if at the pace of the set's `whole` repetitions it has been: it is found so late that the next one has got as
    far, and rises again, or one would have taken too long. None where it may be one.
    """
    p = OwnPaceParams()
    if len(whole) < p.reps:
        return None
    found = lost + 1
    lasts_s, peak_deg = median(one.lasted_s for one in whole), median(one.peak_deg for one in whole)
    out_s, back_s = median(one.out_s for one in whole), median(map(_back_s, whole))
    share, out_dps = min(trip.angle_deg[found] / peak_deg, 1.0), trip.turning_dps(found)
    comes_back = out_dps < -trip.params.end_dps
    left_s = trip.t_s[found] - (lasts_s - share * back_s if comes_back else share * out_s)
    ends_s = max(trip.start_s + lasts_s, trip.t_s[lost] + min(trip.angle_deg[lost] / peak_deg, 1.0) * back_s)
    rises_again = out_dps > trip.params.end_dps and trip.angle_deg[lost] > trip.angle_deg[found]
    longest_s = max(p.times * lasts_s, p.longest_times * max(one.lasted_s for one in whole))
    too_long = trip.t_s[found] + share * back_s - trip.start_s > longest_s
    turned = left_s - ends_s > p.turn_share * lasts_s
    return (ends_s, left_s) if (rises_again or too_long) and turned else None


def too_quick(trip: Excursion, spec: ExerciseSpec, params: TripParams, whole: Sequence[Excursion]) -> Verdict | None:
    """Why what takes much less time than the set's `whole` ones is none of it, where a foot is to be put down and none
    was felt coming down: too fast, or not measured where that may not have been seen.
    """
    p, soft = OwnPaceParams(), is_soft(trip, spec, params)
    if soft is False or len(whole) < p.reps:
        return None
    least_s, reason = median(one.lasted_s for one in whole) / p.times, Reason.TOO_FAST if soft else Reason.NOT_MEASURED
    return Verdict(reason, trip.lasted_s, least_s, "s") if trip.lasted_s < least_s else None


def _back_s(one: Excursion) -> float:
    """How long its way back took, from nine tenths of its peak on."""
    high_deg = one.params.top_share * one.peak_deg
    return one.t_s[-1] - next(t_s for t_s, a in zip(one.t_s[::-1], one.angle_deg[::-1], strict=True) if a >= high_deg)
