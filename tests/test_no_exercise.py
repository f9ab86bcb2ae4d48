"""Everyday movements that go as far and as long as an exercise does, and what of them one thigh sensor tells apart."""

from __future__ import annotations

from math import cos, hypot, pi, radians, sin

import pytest

from coxa.host.detect.body.mounting import Mounting
from coxa.host.detect.body.posture import Posture
from coxa.host.detect.still import Tick
from coxa.host.detect.trips import footfall, height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.detect.trips.verdict import bad_timing, may_be_everyday, why_not
from coxa.host.events import ExerciseRecognised, HoldStarted, RepCompleted
from coxa.host.exercises.spec import exercise
from coxa.host.motion.ticks import TICK_S
from coxa.host.reasons import Reason
from tests.helpers_ticks import UPRIGHT, Knot, felt, swung, ticks_of, told, trip, up_at

STANDS: Knot = (3.0, 0.0, 0.0)
SITS: list[Knot] = [STANDS, (1.2, 85.0, 0.0), (3.0, 85.0, 0.0)]


@pytest.mark.parametrize(("lasts_s", "deg", "climbs_m", "why"), [
    (1.4, 40.0, 0.0, Reason.CLIMBS), (1.4, 40.0, 0.1, Reason.CLIMBS), (1.4, 40.0, -0.2, None),
    (0.84, 34.0, -0.2, None), (2.4, 40.0, 0.0, None), (1.4, 60.0, 0.0, None),
], ids=["stride", "stairs", "lunge", "brisk lunge", "slow", "large"])  # fmt: skip
def test_in_strides_the_knee_rises_where_in_lunges_the_hips_sink(
    lasts_s: float, deg: float, climbs_m: float, why: Reason | None
) -> None:
    """What is as large and as short as a stride is no lunge unless the sensor sinks; of a slow one that is not known,
    and a large one is no stride.
    """
    one = trip(0.0, lasts_s, deg, climbs_m)
    found = bad_timing(one, one.t_s[-1], exercise("lunge"), TripParams(), steps="none", typical=False, opens=True)
    assert (found.reason if found else None) == why


def test_a_brisk_stride_is_too_fast_whatever_its_lever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A walk that bobs may feel like the end of a lever that is let down; but the sensor is no lower at the top."""
    one = trip(0.0, 0.84, 34.0, -0.06)

    def let_down(_: Excursion) -> float:
        return -0.2

    monkeypatch.setattr(height, "level_lever_m", let_down)
    found = bad_timing(one, one.t_s[-1], exercise("lunge"), TripParams(), steps="none", typical=False, opens=True)
    assert found is not None
    assert found.reason == Reason.TOO_FAST


@pytest.mark.parametrize(("known", "sure", "lever_m", "why"), [
    (True, False, -0.1, Reason.WENT_DOWN), (True, False, 0.25, None), (True, True, -0.1, None),
    (False, False, -0.1, None),
], ids=["supposed, let down", "supposed, raised", "known for sure", "nothing known"])  # fmt: skip
def test_a_lever_doubts_only_what_is_supposed(known: bool, sure: bool, lever_m: float, why: Reason | None) -> None:
    """A lying leg that is let down from its top shows that what is supposed is wrong; where nothing is, it may as well
    be one that stands, whose swing a level lever does not explain.
    """
    one = Excursion((0.0, 0.0, 1.0), 0.0, settled=True, closed=True)
    ways = [radians(20.0) * sin(0.5 * pi * k * TICK_S) ** 2 for k in range(-1, 52)]
    for k in range(51):
        before, now, after = (lever_m * sin(a) for a in ways[k : k + 3])
        up = (sin(ways[k + 1]), 0.0, cos(ways[k + 1]))
        one.extend([Tick(k * TICK_S, up, 30.0, 0.1, (after - 2.0 * now + before) / TICK_S**2)], [False])
    spec = exercise("leg_raise")
    found = why_not(one, spec, spec.start[-1], 10.0, (-1.0, 0.0, 0.0) if known else None, TripParams(), sure=sure)
    assert (found.reason if found else None) == why


@pytest.mark.parametrize(("hangs_deg", "raised_deg", "held_deg", "holds"), [
    (0.0, 0.0, 80.0, 0), (0.0, 45.0, 80.0, 1), (40.0, 0.0, 80.0, 1), (0.0, 0.0, 40.0, 1),
], ids=["seat", "turned once raised", "turned while it hangs", "standing leg"])  # fmt: skip
def test_a_crossed_leg_turns_about_its_own_axis(
    hangs_deg: float, raised_deg: float, held_deg: float, holds: int
) -> None:
    """The ankle over the other knee turns the thigh, which shows in its tilt once it is raised; who sits down does not
    turn it, and a standing leg squats less.
    """
    raised = [(1.0, 0.7 * held_deg, 0.0), (0.8, held_deg, raised_deg), (8.0, held_deg, raised_deg)]
    ticks = ticks_of(STANDS, *raised)
    for k in range(75, 100):
        ticks[k] = ticks[k]._replace(rate_dps=hypot(ticks[k].rate_dps, hangs_deg))
    told_of = told("figure_four", ticks)
    assert sum(isinstance(e, HoldStarted) for e in told_of) == holds


@pytest.mark.parametrize(("beside_deg", "holds"), [(0.0, 1), (20.0, 1), (37.0, 0)])
def test_a_knee_is_drawn_to_the_chest_and_not_to_the_side(beside_deg: float, holds: int) -> None:
    """Both knees fall to one side by as much; a hand that draws the knee a little outward does no harm."""
    spec = exercise("knee_to_chest")
    rest, beside = up_at(90.0, 0.0), radians(beside_deg)
    out = Excursion(rest, 0.0, settled=True)
    for k in range(50):
        a = radians(1.8 * k)
        up = (cos(a), -sin(a) * cos(beside), sin(a) * sin(beside))
        out.extend([Tick(k * TICK_S, up, 45.0, 0.1, 0.0)], [False])
    out.calm_s, out.calm_up = (1.5, 1.96), out.up[-1]
    why = why_not(out, spec, spec.start[0], 45.0, UPRIGHT, TripParams())
    assert (why is None) == bool(holds)
    assert why is None or why.reason == Reason.WRONG_DIRECTION


def sunk(way_s: float, stays_s: float, knock_deg: float, knock_mps2: float) -> Excursion:
    """A way to 80 degrees and a stay there; at that angle a foot, or the person, comes down so hard."""
    ticks = round(way_s / TICK_S)
    angles_deg = [*(80.0 * k / ticks for k in range(ticks + 1)), *([80.0] * round(stays_s / TICK_S))]
    knocked = next(k for k, deg in enumerate(angles_deg) if deg >= knock_deg)
    out = Excursion(UPRIGHT, 0.0, settled=True)
    for k, deg in enumerate(angles_deg):
        shock_mps2 = knock_mps2 if k == knocked else 0.1
        out.extend([Tick(k * TICK_S, up_at(deg, 0.0), 80.0 / way_s, shock_mps2, 0.0)], [False])
    return out


@pytest.mark.parametrize(("one", "typical", "steps"), [
    (sunk(1.2, 2.5, 50.0, 1.3), False, True), (sunk(1.2, 2.5, 80.0, 1.3), False, False),
    (sunk(1.2, 1.0, 80.0, 1.3), False, True), (sunk(1.2, 2.5, 80.0, 1.3), True, True),
    (sunk(0.9, 2.5, 50.0, 0.8), False, False), (sunk(1.8, 2.5, 50.0, 0.8), False, True),
], ids=["foot", "seat", "short", "like the set", "hardly a foot", "slow foot"])  # fmt: skip
def test_a_foot_is_put_down_before_the_hips_sink(one: Excursion, typical: bool, steps: bool) -> None:
    """Who stays as far out as on a chair, and knocks only there, has met the chair; slow people step softly."""
    spec = exercise("lunge")
    why = why_not(one, spec, spec.start[0], 38.0, UPRIGHT, TripParams(), typical=typical)
    assert (why is None) is steps
    assert why is None or why.reason == Reason.NO_STEP


def test_going_up_and_down_is_no_knock() -> None:
    """Hips that sink and stop at 1.5 m/s2 depart from 1 g by as much, but for longer than a foot that comes down."""
    out = Excursion(UPRIGHT, 0.0, settled=True)
    for k in range(26):
        out.extend([Tick(k * TICK_S, up_at(80.0 * k / 25, 0.0), 80.0, 1.5, -1.5 if k < 12 else 1.5)], [False])
    assert height.knock_mps2(out, 0.4) < 0.1


def named(*knots: Knot) -> list[str]:
    """What is recognised of somebody who sits and moves so."""
    return [e.exercise for e in told("auto", ticks_of(*SITS, *knots)) if isinstance(e, ExerciseRecognised)]


@pytest.mark.parametrize(("back_deg", "stretches"), [(85.0, []), (76.0, ["hamstring_stretch"])])
def test_knees_that_are_uncrossed_come_back(back_deg: float, stretches: list[str]) -> None:
    """The thigh goes down by as much as in a stretch, but to where it rested before; a stretch goes elsewhere."""
    crossed: list[Knot] = [(0.8, 98.0, 0.0), (4.0, 98.0, 0.0)]
    assert named(*crossed, (0.7, back_deg, 0.0), (8.0, back_deg, 0.0)) == stretches


@pytest.mark.parametrize(("way_s", "times", "stretches"), [
    (1.0, 1.0, ["hamstring_stretch"]), (0.2, 1.0, []), (1.0, 2.5, ["hamstring_stretch"]), (1.0, 5.0, []),
], ids=["leg put out", "twitch", "leg rolled out", "body turned"])  # fmt: skip
def test_a_leg_is_put_out_neither_at_once_nor_by_turning(way_s: float, times: float, stretches: list[str]) -> None:
    """What goes down by as much in no time, or turns by many times as much, is no stretch to `auto`."""
    ticks = ticks_of(*SITS, (way_s, 73.0, 0.0), (8.0, 73.0, 0.0))
    sits_s = sum(knot[0] for knot in SITS)
    turned = [k._replace(rate_dps=times * k.rate_dps) if k.t_s > sits_s else k for k in ticks]
    assert [e.exercise for e in told("auto", turned) if isinstance(e, ExerciseRecognised)] == stretches


@pytest.mark.parametrize(("rest_deg", "holds"), [(90.0, 1), (121.0, 0)])
def test_no_stretch_begins_with_the_knee_far_above_the_hip(rest_deg: float, holds: int) -> None:
    """Nobody's thigh rises so steeply from a chair who is about to put that leg out: it lies over the other one."""
    sits: list[Knot] = [STANDS, (1.2, rest_deg, 0.0), (3.0, rest_deg, 0.0)]
    ticks = ticks_of(*sits, (0.7, rest_deg - 14.0, 0.0), (8.0, rest_deg - 14.0, 0.0))
    assert sum(isinstance(e, HoldStarted) for e in told("hamstring_stretch", ticks)) == holds


@pytest.mark.parametrize(("held_deg", "roll_deg", "everyday"), [
    (42.0, 5.0, False), (55.0, 5.0, True), (55.0, 35.0, False), (55.0, None, False), (25.0, 170.0, True),
], ids=["standing leg", "on the heels", "crossed leg", "front not known", "calf stretch"])  # fmt: skip
def test_what_kneels_or_leans_back_is_no_figure_four(held_deg: float, roll_deg: float | None, everyday: bool) -> None:
    """A standing leg squats less than who sits on the heels, a crossed one is turned, and neither is held behind."""
    spec, out = exercise("figure_four"), trip(0.0, 4.0, held_deg)
    assert may_be_everyday(out, spec, spec.start[0], held_deg, roll_deg, TripParams()) is everyday


@pytest.mark.parametrize(("leans_deg", "begins"), [(10.0, True), (35.0, False)])
def test_a_figure_four_begins_standing(leans_deg: float, begins: bool) -> None:
    """Whose thigh leans by more than that is half on the way down already, kneeling or on the heels."""
    posture = Posture()
    posture.tell(Mounting(UPRIGHT, (1.0, 0.0, 0.0)))
    assert (posture.start_of(up_at(leans_deg, 0.0), exercise("figure_four").start) is not None) is begins


@pytest.mark.parametrize(("rests_s", "lunges"), [(0.1, 0), (1.0, 6)], ids=["stairs", "lunges"])
def test_legs_that_take_turns_as_on_stairs_do_not_lunge(rests_s: float, lunges: int) -> None:
    """Claim: who lunges with one leg stands for a moment before the next, however quick the lunge; on stairs the other
    leg's step ends as this one's begins, and each knocks and is as large.
    """
    one: list[Knot] = [(0.55, 65.0, 0.0), (0.2, 65.0, 0.0), (0.55, 0.0, 0.0), (rests_s, 0.0, 0.0)]
    ticks = swung(ticks_of((3.0, 0.0, 0.0), *one * 6, (3.0, 0.0, 0.0)))
    knocks = [k._replace(shock_mps2=4.0 if k.rate_dps > 10.0 else 0.1, rise_mps2=-k.rise_mps2) for k in ticks]
    assert sum(isinstance(e, RepCompleted) for e in told("lunge", knocks)) == lunges


@pytest.mark.parametrize("later_s", [2.4, 8.0], ids=["a landing", "the top"])
def test_a_step_that_comes_late_makes_those_before_it_no_lunges(later_s: float) -> None:
    """Claim: what has shown itself to be stairs stays so when the next step, or a stoop, comes after a while."""
    step: list[Knot] = [(0.55, 65.0, 0.0), (0.1, 65.0, 0.0), (0.55, 0.0, 0.0), (0.15, 0.0, 0.0)]
    ticks = swung(ticks_of((3.0, 0.0, 0.0), *step * 3, (later_s, 0.0, 0.0), *step, (3.0, 0.0, 0.0)))
    knocks = [k._replace(shock_mps2=4.0 if k.rate_dps > 10.0 else 0.1, rise_mps2=-k.rise_mps2) for k in ticks]
    assert not any(isinstance(e, RepCompleted) for e in told("lunge", knocks))


@pytest.mark.parametrize(("across_m", "sinks"), [(0.3, False), (0.0, False), (-0.1, True)])
def test_in_a_lunge_the_foot_is_lifted_before_the_hips_sink(across_m: float, sinks: bool) -> None:
    """Claim: who kneels, stoops or sits down lets the sensor sink from the first moment on."""
    rest = ticks_of((2.0, 0.0, 0.0), (1.2, 80.0, 0.0), (1.2, 0.0, 0.0))[49:]
    away = Excursion.over(UPRIGHT, rest[0].t_s, ((k, False) for k in felt(rest, across_m, 0.0)))
    assert footfall.sinks_at_once(away, TripParams()) is sinks
