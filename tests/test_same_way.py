"""What tells a repetition from what looks alike to one sensor: the way it goes, how high, and what came before it."""

from __future__ import annotations

from math import atan2, cos, degrees, hypot, pi, radians, sin

import numpy as np
import pytest

from coxa.host.detect.body.mounting import Mounting
from coxa.host.detect.body.pivot import Pivot
from coxa.host.detect.body.posture import Posture
from coxa.host.detect.still import Tick
from coxa.host.detect.trips.like_steps import Steps
from coxa.host.detect.trips.recent import Recent
from coxa.host.detect.trips.rest_pose import RestPose
from coxa.host.detect.trips.set_count import SetCount
from coxa.host.detect.trips.trip_judge import TripJudge
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.detect.trips.verdict import bad_timing, longest_top_s, may_be_bent_knee, may_be_everyday, why_not
from coxa.host.detect.trips.way_back import WayBack
from coxa.host.events import ExerciseRecognised, RepCompleted
from coxa.host.exercises.spec import exercise
from coxa.host.motion.ticks import TICK_S
from coxa.host.reasons import Reason
from tests.helpers_ticks import UPRIGHT, after_each_other, looked, swung, ticks_of, told, trip, up_at

STANDS = (3.0, 0.0, 0.0)


def rounds(times: int, aside: float) -> list[Tick]:
    """Ways of 24 degrees out and back in 2 s with a pause after each; back so far aside, 1 as round as a circle."""
    out = list[Tick]()
    for t_s in np.arange(0.0, 3.0 * times, TICK_S).tolist():
        phase = 2.0 * pi * min((t_s % 3.0) / 2.0, 1.0)
        ahead, beside = 12.0 * (1.0 - cos(phase)), 12.0 * aside * sin(phase)
        up = up_at(hypot(ahead, beside), degrees(atan2(beside, ahead)))
        out.append(Tick(0.0, up, 38.0 * (phase < 2.0 * pi), 0.1, 0.0))
    return out


@pytest.mark.parametrize(("aside", "counted"), [(0.0, 5), (0.3, 5), (1.0, 0)])
def test_what_goes_round_is_no_raise(aside: float, counted: int) -> None:
    """A leg that is raised comes back the way it went, or nearly so; hips that circle go round."""
    ticks = swung(after_each_other(ticks_of(STANDS), rounds(5, aside), ticks_of(STANDS)))
    assert sum(isinstance(e, RepCompleted) for e in told("leg_raise", ticks)) == counted


@pytest.mark.parametrize(("pause_s", "said"), [(5.0, 3), (12.0, 3), (25.0, 1)])
def test_what_waits_for_the_posture_is_said_with_what_shows_it(pause_s: float, said: int) -> None:
    """Somebody who rests long between the first raises has done them all once it is seen that he stands."""
    counted = SetCount(TripParams(), impacts=False, lies=False)
    quick = [trip(k * (1.2 + pause_s), 1.2, 15.0) for k in range(3)]
    known = [False, False, True]
    assert sum(len(counted.take(t, t.t_s[-1], posture_known=k)) for t, k in zip(quick, known, strict=True)) == said


@pytest.mark.parametrize(("pause_s", "said"), [(5.0, 3), (12.0, 0)])
def test_three_alike_far_apart_are_not_believed(pause_s: float, said: int) -> None:
    """While nothing is known of the posture, three movements are a set only where one follows soon on the other."""
    counted = SetCount(TripParams(), impacts=False, lies=False)
    quick = [trip(k * (1.2 + pause_s), 1.2, 15.0) for k in range(3)]
    assert sum(len(counted.take(t, t.t_s[-1], posture_known=False)) for t in quick) == said


def test_a_slow_repetition_does_not_make_a_quick_one_unlike_its_set() -> None:
    """One of the newest is enough to be like; one that is like none of them is not."""
    counted = SetCount(TripParams(), impacts=False, lies=False)
    for k, lasts_s in enumerate((1.5, 1.6, 3.0)):
        one = trip(6.0 * k, lasts_s)
        counted.take(one, one.t_s[-1], posture_known=True)
    assert counted.typical(trip(20.0, 1.5))
    assert not counted.typical(trip(20.0, 0.8))


@pytest.mark.parametrize(("lasts_s", "set_goes_on"), [(1.2, False), (2.5, True)])
def test_quick_lunges_that_begin_from_no_rest_open_no_set(lasts_s: float, set_goes_on: bool) -> None:
    """Who goes down stairs bends the knee as often and as quickly, and does not come to rest in between."""
    counted = SetCount(TripParams(), impacts=True, lies=False)
    steps = [trip(k * (lasts_s + 0.2), lasts_s, 45.0) for k in range(4)]
    assert any([counted.goes_on(one, one.t_s[-1]) for one in steps]) is set_goes_on


@pytest.mark.parametrize(("times", "rests"), [(1.0, False), (1.3, True)])
def test_a_soft_step_is_enough_for_a_lunge_that_goes_where_its_set_does(times: float, rests: bool) -> None:
    """Whoever stays at the bottom after a softer step than a first lunge needs has not sat down."""
    spec, p, soft = exercise("lunge"), TripParams(), trip(0.0, 0.9)
    soft.shock_mps2 = 0.9 * spec.min_shock_mps2
    stay_s = longest_top_s(soft, spec, p, times, may_sit=False, stands=True)
    assert (stay_s == p.lunge.rest_s) is rests


@pytest.mark.parametrize("rest_s", [0.6, 1.1, 2.0])
def test_a_raise_right_after_lying_down_counts(rest_s: float) -> None:
    """Who draws the knees up on the way to the mat and rests level has lain down, and raises from there."""
    down = [(1.2, 120.0, 0.0), (0.8, 120.0, 0.0), (1.0, 88.0, 0.0), (rest_s, 88.0, 0.0)]
    raises = [(0.9, 130.0, 0.0), (1.0, 130.0, 0.0), (0.9, 88.0, 0.0), (2.0, 88.0, 0.0)] * 3
    reps = [e for e in told("leg_raise", ticks_of(STANDS, *down, *raises)) if isinstance(e, RepCompleted)]
    assert len(reps) == (3 if rest_s > TripParams().rest.settle_s else 2)


@pytest.mark.parametrize(("beside_deg", "doubted"), [(0.0, False), (25.0, False), (90.0, True)])
def test_getting_down_over_one_side_makes_no_doubt(beside_deg: float, doubted: bool) -> None:
    """A front that is found a little aside is a way over one side; one at a right angle was no front."""
    ways = [(1.5, 85.0, 0.0), (3.0, 85.0, 0.0), (1.5, 0.0, 0.0), (0.4, 0.0, beside_deg), (2.0, 0.0, beside_deg)]
    ticks = ticks_of(STANDS, *ways, (1.5, 85.0, beside_deg), (3.0, 85.0, beside_deg))
    posture = Posture()
    for posture in looked(ticks):
        if posture.slipped_deg is not None:
            assert not posture.front_jumps(posture.slipped_deg)
    assert posture.doubted is doubted


@pytest.mark.parametrize(("deg", "lies"), [(40.0, False), (6.0, None)])
def test_a_small_movement_does_not_show_that_the_thigh_lies(deg: float, lies: bool | None) -> None:
    """A fidget tells how much lever lies across up, and hardly how much along it."""
    noise = np.random.default_rng(1).normal(0.0, 0.1, 200)
    along = [radians(deg) * 0.5 * (1.0 - cos(2.0 * pi * 0.5 * k * TICK_S)) for k in range(200)]
    heights_m = [0.25 * sin(a) for a in along]
    rises = (np.gradient(np.gradient(heights_m, TICK_S), TICK_S) + noise).tolist()
    pivot = Pivot()
    pivot.add([Tick(k * TICK_S, up_at(degrees(a), 0.0), 30.0, 0.1, rises[k]) for k, a in enumerate(along)])
    assert pivot.stands(UPRIGHT) is lies


@pytest.mark.parametrize(("climbs_m", "why"), [(0.0, None), (0.3, "climbs")])
def test_nobody_climbs_who_raises_a_leg(climbs_m: float, why: str | None) -> None:
    """The sensor rises by what a thigh turns about a resting hip; on stairs the hip rises as well."""
    one = trip(0.0, 1.2, 60.0, climbs_m)
    found = bad_timing(
        one, one.t_s[-1], exercise("leg_raise"), TripParams(), steps="standing", typical=False, opens=True
    )
    assert (found[0] if found else None) == why


@pytest.mark.parametrize(("lever_m", "why"), [(0.35, None), (0.45, None), (0.75, Reason.CLIMBS)])
@pytest.mark.parametrize("steps", ["standing", "unknown"])
def test_the_hips_of_who_raises_a_leg_do_not_bob(lever_m: float, why: Reason | None, steps: Steps) -> None:
    """Hips that go up and down with the leg, as in steps, make it seem longer than a thigh is."""
    one = trip(0.0, 2.0, 45.0)
    one.rise_mps2 = [lever_m / 0.35 * rise for rise in one.rise_mps2]
    found = bad_timing(one, one.t_s[-1], exercise("leg_raise"), TripParams(), steps=steps, typical=False, opens=True)
    assert (found.reason if found else None) == why


@pytest.mark.parametrize(("name", "deg", "everyday"), [
    ("figure_four", 82.0, False), ("figure_four", 102.0, True), ("hip_bridge", 35.0, False), ("hip_bridge", 75.0, True),
])  # fmt: skip
def test_what_goes_too_far_may_be_everyday(name: str, deg: float, everyday: bool) -> None:
    """To the mat the thigh is drawn up further than into a figure four; a knee let go goes further than hips do."""
    spec, out = exercise(name), trip(0.0, 4.0, deg)
    assert may_be_everyday(out, spec, spec.start[0], deg, 40.0, TripParams()) is everyday


@pytest.mark.parametrize(("lever_m", "everyday"), [(0.2, False), (0.03, True), (-0.2, True), (None, True)])
def test_hips_that_went_up_by_their_lever_have_not_sunk(lever_m: float | None, everyday: bool) -> None:
    """Claim: integrated twice, a slow way in two stages tells no height; the lever that explains it still tells."""
    spec, out = exercise("hip_bridge"), trip(0.0, 3.0, 21.0, -0.1)
    assert may_be_everyday(out, spec, spec.start[0], 21.0, None, TripParams(), lever_m=lever_m) is everyday


@pytest.mark.parametrize(("rest_tilt_deg", "deg", "bent"), [
    (85.0, 48.0, True), (85.0, 100.0, False), (135.0, 48.0, False), (None, 48.0, False),
])  # fmt: skip
def test_a_bent_knee_is_not_drawn_to_the_chest(rest_tilt_deg: float | None, deg: float, bent: bool) -> None:
    """While the other leg works a foot stands on the floor for minutes; from bent knees as much is a knee drawn up."""
    spec = exercise("knee_to_chest")
    assert may_be_bent_knee(spec, spec.start[0], rest_tilt_deg, deg, TripParams()) is bent


@pytest.mark.parametrize(("climbs_m", "everyday"), [(0.0, False), (-0.5, True)])
def test_whoever_rose_has_not_sat_down(climbs_m: float, everyday: bool) -> None:
    """However quickly a thigh goes as far as to a chair, the front not being known: sitting down, the sensor sinks."""
    spec, out = exercise("figure_four"), trip(0.0, 3.0, 82.0, climbs_m)
    assert may_be_everyday(out, spec, spec.start[0], 82.0, None, TripParams()) is everyday


@pytest.mark.parametrize("top_s", [0.6, 1.3])
def test_what_rose_is_no_lunge(top_s: float) -> None:
    """High raises, each with a foot that is put down hard, are known as raises, also where the first is not counted."""
    once = [(0.9, 80.0, 0.0), (top_s, 80.0, 0.0), (0.9, 0.0, 0.0), (2.0, 0.0, 0.0)]
    ticks = swung(ticks_of(STANDS, *(once * 4)))
    knocked = [k._replace(shock_mps2=2.0) if k.rate_dps > 20.0 else k for k in ticks]
    named = [e.exercise for e in told("auto", knocked) if isinstance(e, ExerciseRecognised)]
    assert named == ["leg_raise"]


@pytest.mark.parametrize(("top_s", "climbs", "counted"), [(1.0, True, 4), (1.5, True, 4), (1.5, False, 0)])
def test_high_raises_with_a_rest_at_the_top_count(top_s: float, climbs: bool, counted: int) -> None:
    """Who is only supposed to stand and rests far out for a moment has raised the leg if it rose, else sat down."""
    once = [(0.9, 80.0, 0.0), (top_s, 80.0, 0.0), (0.9, 0.0, 0.0), (2.0, 0.0, 0.0)]
    ticks = ticks_of(STANDS, *(once * 4))
    events = told("leg_raise", swung(ticks) if climbs else ticks)
    assert sum(isinstance(e, RepCompleted) for e in events) == counted


def test_a_fidget_that_was_named_does_not_hide_the_knee_at_the_chest() -> None:
    """Who shifts on the mat by 8 degrees for 3 s has not stretched: the knee that is held next is known in time."""
    shift = [(0.8, 82.0, 0.0), (3.0, 82.0, 0.0), (0.8, 90.0, 0.0), (1.5, 90.0, 0.0)]
    knee = [(1.2, 165.0, 0.0), (20.0, 165.0, 0.0), (1.2, 90.0, 0.0), (3.0, 90.0, 0.0)]
    lies = [STANDS, (4.0, 90.0, 0.0), (3.0, 90.0, 0.0)]
    events = told("auto", swung(ticks_of(*lies, *shift, *knee)))
    named = [e for e in events if isinstance(e, ExerciseRecognised)]
    assert [e.exercise for e in named] == ["hamstring_stretch", "knee_to_chest"]
    assert named[-1].decided_s - named[-1].start_s < 3.0


@pytest.mark.parametrize(("name", "counted"), [("leg_raise", 1), ("lateral_leg_raise", 0)])
def test_what_came_back_counts_where_the_exercise_may_begin(name: str, counted: int) -> None:
    """The movement itself has shown that somebody stands: so much of a raise it was, and none of a leg that lies."""
    spec, p, posture, one = exercise(name), TripParams(), Posture(), trip(0.0, 2.5, 60.0)
    recent, done = Recent(), SetCount(TripParams(), impacts=False, lies=False)
    pose = RestPose(spec, p, recent, done)
    pose.up, pose.start = UPRIGHT, spec.start[-1]
    way_back = WayBack(spec, None, p, pose, TripJudge(spec, p, pose, done), done)
    way_back.wait(one, one.t_s[-1])
    posture.tell(Mounting(UPRIGHT, (1.0, 0.0, 0.0)))
    assert len(way_back.count(Tick(3.0, UPRIGHT, 0.0, 0.1, 0.0), posture)) == counted


@pytest.mark.parametrize(
    ("sinks_m", "typical", "sunk"), [(0.052, False, True), (0.052, True, False), (0.08, True, True)]
)
def test_the_way_of_the_set_is_hardly_a_way_down(sinks_m: float, *, typical: bool, sunk: bool) -> None:
    """Of somebody of whom nothing is known, who pauses on the way out: the height of so long a way is uncertain, and
    where the others of the set went up this one did.
    """
    spec, one = exercise("leg_raise"), trip(0.0, deg=17.0)
    top = one.top()
    one.rise_mps2 = [(-1.0 if 2 * k < top else 1.0) * 4.0 * sinks_m / one.t_s[top] ** 2 for k in range(len(one.t_s))]
    why = why_not(one, spec, spec.start[-1], 4.4, None, TripParams(), typical=typical)
    assert (why is not None and why.reason == Reason.WENT_DOWN) == sunk
