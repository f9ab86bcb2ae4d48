"""What a thigh does between exercises, made tick by tick: none of it may be taken for more than it shows."""

from __future__ import annotations

from dataclasses import replace
from math import cos, pi, sin

import pytest

from coxa.host.detect.body.axes import Axes
from coxa.host.detect.circles.circle_opening import Circumstances, Closed, Opening
from coxa.host.detect.circles.circle_params import OpeningParams
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.lain_down import has_lain_down, may_have_lain_down
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.events import ExerciseRecognised, HoldEnded, RepCompleted, RepRejected
from coxa.host.motion.tangent import angle_deg
from tests.helpers_ticks import FRONT, UPRIGHT, Knot, after_each_other, felt, looked, spun, swung, ticks_of, told


@pytest.mark.parametrize(("beside_deg", "learned"), [(0.0, True), (60.0, False)])
def test_a_front_is_learned_from_bending_straight_only(beside_deg: float, learned: bool) -> None:
    """Sitting down shows where the front is; getting down over one knee and the side turns on the way and shows
    nothing, so that no strap seems to have slipped by it.
    """
    axes = Axes()
    ticks = ticks_of((0.5, 0.0, 0.0), (1.5, 90.0, beside_deg))
    for k, tick in enumerate(ticks):
        axes.update(tick.t_s, tick.up, UPRIGHT, ticks[: k + 1])
    front = axes.front()
    assert (front is not None) == learned
    assert front is None or angle_deg(front, FRONT) < 2.0


@pytest.mark.parametrize(("turned_s", "stands"), [(0.6, False), (1.5, False), (2.4, True)])
def test_a_hand_that_scratches_does_not_make_a_chair_upright(turned_s: float, stands: bool) -> None:
    """Of who seems to have sat down the thigh must turn further than on the bottom before that is where they stand: 0.6
    s at 60 deg/s are a hand at the thigh, 1.5 s bring the legs on to a bed.
    """
    ticks = ticks_of((3.0, 0.0, 0.0), (1.5, 85.0, 0.0), (3.0, 85.0, 0.0))
    seat = ticks[-1].up
    *_, posture = looked(after_each_other(ticks, spun(seat, turned_s)))
    upright = posture.upright()
    assert upright is not None
    assert (angle_deg(upright, seat) < 5.0) == stands


@pytest.mark.parametrize(("wide", "said"), [(False, 0), (True, 2)])
def test_slow_strides_open_no_set_of_circles(wide: bool, said: int) -> None:
    """Quick turns that wind round are a set of circles only if they enclose something: strides are as thin as ways to
    and fro.
    """
    opening, sure = Opening(OpeningParams()), Circumstances(known=True, hasty=False, adrift=False)
    turn = RepCompleted("hip_circle", None, 0, 0.0, 0.6, 1.3, 6.0, "clockwise", 1.3, 0.5)
    turns = [replace(turn, start_s=1.3 * k, end_s=1.3 * (k + 1)) for k in range(2)]
    given = [Closed(t, slow=False, strode=False, wide=wide, even=False) for t in turns]
    assert sum(len(opening.take(one, sure)) for one in given) == said


@pytest.mark.parametrize(("sizes_deg", "said"), [((6.0,), 0), ((7.5,), 1), ((6.0, 6.2), 2)])
def test_a_first_circle_much_smaller_than_the_set_before_waits(sizes_deg: tuple[float, ...], said: int) -> None:
    """After a set of 10 degrees and a rest one of 6 is a fidget, unless another one like it follows."""
    opening, sure = Opening(OpeningParams()), Circumstances(known=True, hasty=False, adrift=False)
    turn = RepCompleted("hip_circle", None, 0, 0.0, 1.5, 3.0, 10.0, "clockwise", 3.0, 0.5)
    sizes = enumerate((10.0, 10.0, 9.0, *sizes_deg))
    turns = [replace(turn, rom_deg=deg, start_s=3.0 * k, end_s=3.0 * (k + 1)) for k, deg in sizes]
    given = [Closed(t, slow=True, strode=False, wide=True, even=True) for t in turns]
    assert sum(len(opening.take(one, sure)) for one in given[:3]) == 3
    opening.rest()
    assert sum(len(opening.take(one, sure)) for one in given[3:]) == said


@pytest.mark.parametrize(("times_s", "sizes_deg", "said"), [
    ((2.0, 2.0), (8.0, 6.0), 2), ((2.0, 5.8), (4.2, 4.2), 0), ((2.0, 2.0), (8.0, 3.6), 0),
    ((2.0, 5.8, 5.0), (8.0, 4.0, 4.2), 3),
])  # fmt: skip
def test_turns_that_open_a_set_together_are_alike(
    times_s: tuple[float, ...], sizes_deg: tuple[float, ...], said: int
) -> None:
    """Who wipes a floor turns once so and once otherwise; where two are alike, what went before was of the set."""
    opening, sure = Opening(OpeningParams()), Circumstances(known=True, hasty=False, adrift=False)
    given = list[Closed]()
    for lasts_s, deg in zip(times_s, sizes_deg, strict=True):
        from_s = given[-1].rep.end_s if given else 0.0
        rep = RepCompleted("hip_circle", None, 0, from_s, from_s, from_s + lasts_s, deg, "clockwise", 0.0, 0.5)
        given.append(Closed(rep, slow=lasts_s > 2.6, strode=False, wide=True, even=False))
    assert sum(len(opening.take(one, sure)) for one in given) == said


@pytest.mark.parametrize(("slow", "thick_deg", "strode"), [(False, 1.0, True), (False, 4.0, False), (True, 1.0, False)])
def test_a_quick_turn_goes_about_its_middle(*, slow: bool, thick_deg: float, strode: bool) -> None:
    """Soft strides wind round as circles do, but are as far from their middle as they are near to it."""
    ways = [2.0 * pi * k / 40 for k in range(40)]
    path = [(0.04 * k, 8.0 * cos(a), thick_deg * sin(a)) for k, a in enumerate(ways)]
    rep = RepCompleted("hip_circle", None, 0, 0.0, 0.8, 1.6, 6.0, "clockwise", 1.6, 0.5)
    assert Closed.of(rep, path, OpeningParams(), slow=slow, strode=False).strode is strode


def test_who_rests_short_of_the_way_has_not_raised_the_leg() -> None:
    """Getting down to the mat the knees go further than the thigh then lies, whatever the height seems to say."""

    def rested_at(share: float) -> bool:
        ticks = ticks_of((1.5, 105.0, 0.0), (1.0, share * 105.0, 0.0))
        rises = [2.0 if k < 15 else -2.0 if k < 30 else 0.0 for k in range(len(ticks))]  # by 0.7 m
        trip = Excursion(UPRIGHT, 0.0, settled=True)
        for tick, rise in zip(ticks, rises, strict=True):
            trip.extend([tick._replace(rise_mps2=rise)], [False])
        assert (height.lift_m(trip) or 0.0) > 0.1
        return may_have_lain_down(trip, TripParams())

    assert rested_at(0.8)
    assert not rested_at(1.0)


@pytest.mark.parametrize(
    ("knots", "lies"), [([(1.5, 92.0, 0.0)], False), ([(1.5, 92.0, 0.0), (1.0, 95.0, 180.0)], True)]
)
def test_who_has_rolled_over_on_the_mat_rests_there(knots: list[Knot], lies: bool) -> None:
    """Onto the back and over onto the front the thigh comes no further down, and as far from upright as on a raise."""
    trip = Excursion(UPRIGHT, 0.0, settled=True)
    trip.extend(ticks := ticks_of(*knots, (1.0, *knots[-1][1:])), [False] * len(ticks))
    assert has_lain_down(trip, TripParams()) == lies


def test_a_fidget_is_no_reason_to_forget_the_posture() -> None:
    """On the side the knee goes forward by 10 degrees, across the raise: the raises that follow are counted each at
    once, as they are where nothing came before them. By 30 degrees it is more than a fidget.
    """

    def first_said_s(fidget_deg: float) -> float:
        lies = [(3.0, 0.0, 0.0), (2.0, 90.0, 0.0), (1.5, 90.0, 90.0), (3.0, 90.0, 90.0)]
        fidget = [(0.6, 90.0, 90.0 + fidget_deg), (0.4, 90.0, 90.0 + fidget_deg), (0.6, 90.0, 90.0), (2.0, 90.0, 90.0)]
        raises = [knot for _ in range(4) for knot in ((1.0, 125.0, 90.0), (1.0, 90.0, 90.0), (1.0, 90.0, 90.0))]
        ticks = felt(ticks_of(*lies, *fidget, *raises), 0.25, 13.1)
        events = told("lateral_leg_raise", ticks)
        assert any(isinstance(e, RepRejected) and e.reason == "wrong direction" for e in events)
        return min(e.decided_s for e in events if isinstance(e, RepCompleted)) - 13.1

    assert first_said_s(10.0) < 6.0 < first_said_s(30.0)


def test_shifting_in_the_chair_is_no_stretch() -> None:
    """Who slides by 7 degrees and settles at 5 sits there: the stretch that follows is held for as long as it is."""
    sits = [(3.0, 0.0, 0.0), (1.5, 85.0, 0.0), (3.0, 85.0, 0.0)]
    shifts = [(0.5, 78.0, 0.0), (2.0, 78.0, 0.0), (20.0, 80.2, 0.0), (3.0, 80.2, 0.0)]
    stretch = [(1.2, 64.0, 0.0), (15.0, 64.0, 0.0), (1.2, 80.2, 0.0), (4.0, 80.2, 0.0)]
    holds = [e for e in told("hamstring_stretch", ticks_of(*sits, *shifts, *stretch)) if isinstance(e, HoldEnded)]
    assert [round(h.held_s) for h in holds] == [15]


def test_a_foot_that_is_put_out_further_than_the_stretch_goes_is_no_part_of_it() -> None:
    """The lean lifts the knee again: what was left before it had been held for long enough is not gripped again."""
    sits = [(3.0, 0.0, 0.0), (1.5, 80.0, 0.0), (3.0, 80.0, 0.0)]
    foot = [(1.2, 64.0, 0.0), (1.6, 64.0, 0.0)]
    stretch = [(1.0, 69.0, 0.0), (15.0, 69.0, 0.0), (1.2, 80.0, 0.0), (4.0, 80.0, 0.0)]
    holds = [e for e in told("hamstring_stretch", ticks_of(*sits, *foot, *stretch)) if isinstance(e, HoldEnded)]
    assert [h.held_s for h in holds] == [pytest.approx(15.0, abs=0.7)]


def test_who_fidgets_and_sits_again_as_before_stretches_from_there() -> None:
    """Two seconds off by 4.6 degrees, one by 5.5 to the other side, of somebody of whom nothing is known."""
    fidgets = [(3.0, 0.0, 0.0), (0.7, -4.6, 0.0), (2.0, -4.6, 0.0), (0.8, 5.5, 0.0), (1.2, 5.5, 0.0)]
    sits = [(0.6, 0.0, 0.0), (3.0, 0.0, 0.0)]
    stretch = [(1.0, 11.0, 0.0), (15.0, 11.0, 0.0), (1.2, 0.0, 0.0), (4.0, 0.0, 0.0)]
    holds = [e for e in told("hamstring_stretch", ticks_of(*fidgets, *sits, *stretch)) if isinstance(e, HoldEnded)]
    assert [h.held_s for h in holds] == [pytest.approx(15.7, abs=0.7)]


@pytest.mark.parametrize(("high_deg", "to_deg", "named"), [(100.0, 90.0, False), (109.0, 95.0, True)])
def test_knees_are_uncrossed_down_to_the_chair(high_deg: float, to_deg: float, *, named: bool) -> None:
    """However long ago the thigh lay where it goes down to; who sits low, knee above the hip, stretches from there."""
    sits = [(3.0, 0.0, 0.0), (1.5, 90.0, 0.0), (1.0, 90.0, 0.0), (1.0, high_deg, 0.0), (20.0, high_deg, 0.0)]
    down = [(1.2, to_deg, 0.0), (15.0, to_deg, 0.0), (1.2, high_deg, 0.0), (4.0, high_deg, 0.0)]
    holds = [e for e in told("auto", ticks_of(*sits, *down)) if isinstance(e, HoldEnded)]
    assert bool(holds) is named


@pytest.mark.parametrize(("rests_s", "times"), [(3.0, 1), (15.0, 2)])
def test_who_has_stretched_from_a_seat_does_so_again(rests_s: float, times: int) -> None:
    """The second stretch goes to where the thigh had been before it came back a little higher: no knees are uncrossed.
    After so long a rest `auto` names it anew.
    """
    out: list[Knot] = [(1.0, 72.0, 0.0), (10.0, 72.0, 0.0)]
    sits: list[Knot] = [(3.0, 0.0, 0.0), (1.2, 85.0, 0.0), (3.0, 85.0, 0.0)]
    ticks = ticks_of(*sits, *out, (1.0, 90.0, 0.0), (rests_s, 90.0, 0.0), *out, (1.0, 90.0, 0.0), (3.0, 90.0, 0.0))
    events = told("auto", ticks)
    assert [e.exercise for e in events if isinstance(e, ExerciseRecognised)] == ["hamstring_stretch"] * times
    assert sum(isinstance(e, HoldEnded) for e in events) == 2


def test_who_sways_before_a_figure_four_stands_there() -> None:
    """Five degrees to and fro in three seconds is never still: the seat, which is, was where somebody stood."""
    sway: list[Knot] = [(1.5, 5.0, 0.0), (1.5, 0.0, 0.0)] * 2
    sits_back: list[Knot] = [*sway, (1.3, 45.0, 0.0), (12.0, 45.0, 0.0), (1.3, 0.0, 0.0)]
    holds = [e for e in told("figure_four", ticks_of(*sits_back, *sits_back, *sway)) if isinstance(e, HoldEnded)]
    assert [h.held_s for h in holds] == [pytest.approx(12.0, abs=0.7)] * 2


def test_who_shifts_the_weight_rests_there() -> None:
    """Leaning by 14 degrees and standing at 9 from then on, as after a hand at the strap, a raise that soon follows is
    one from there, and its top is not taken for rest.
    """
    turns = spun(UPRIGHT, 1.2)
    shifts = [(3.0, 0.0, 0.0), (0.8, 14.0, 0.0), (0.4, 9.0, 0.0), (3.0, 9.0, 0.0)]
    raises = [knot for _ in range(3) for knot in ((0.8, 55.0, 0.0), (1.2, 55.0, 0.0), (0.8, 9.0, 0.0), (1.2, 9.0, 0.0))]
    reps = [
        e for e in told("leg_raise", after_each_other(turns, ticks_of(*shifts, *raises))) if isinstance(e, RepCompleted)
    ]
    assert [round(r.rom_deg) for r in reps] == [46, 46, 46]


def test_raises_that_are_held_are_known_by_the_third() -> None:
    """A leg raised by 65 degrees and kept up for 2 s may be a knee at the chest, but is not kept there for as long: it
    is known for what it is, and all count.
    """
    lies: list[Knot] = [(3.0, 0.0, 0.0), (4.0, 90.0, 0.0), (3.0, 90.0, 0.0)]
    one: list[Knot] = [(0.9, 155.0, 0.0), (2.0, 155.0, 0.0), (0.9, 90.0, 0.0), (1.0, 90.0, 0.0)]
    events = told("auto", swung(ticks_of(*lies, *one * 4)))
    assert [e.exercise for e in events if isinstance(e, ExerciseRecognised)] == ["leg_raise"]
    assert sum(isinstance(e, RepCompleted) and e.exercise == "leg_raise" for e in events) == 4


def test_a_pause_half_way_up_is_not_where_somebody_stands() -> None:
    """In a set of small standing raises one pauses for 1.2 s at 10 degrees: it counts as one, and so do those after."""
    one: list[Knot] = [(0.8, 22.0, 0.0), (0.6, 22.0, 0.0), (0.8, 0.0, 0.0), (1.4, 0.0, 0.0)]
    hitch: list[Knot] = [(0.6, 10.0, 0.0), (1.2, 10.0, 0.0), (0.6, 22.0, 0.0), *one[1:]]
    stands = after_each_other(ticks_of((3.0, 0.0, 0.0)), spun(UPRIGHT, 1.2), ticks_of((2.0, 0.0, 0.0)))
    ticks = after_each_other(stands, swung(ticks_of(*one * 3, *hitch, *one * 3)))
    reps = [e for e in told("leg_raise", ticks) if isinstance(e, RepCompleted)]
    assert [round(r.rom_deg) for r in reps] == [22] * 7


@pytest.mark.parametrize("held_s", [2.0, 4.0])
def test_who_holds_a_try_rests_below_again(held_s: float) -> None:
    """Ten degrees held for seconds are no raise, and where they are held is no place to raise the leg from: it rests
    where it did before, for less than a second, and all raises that follow are measured from there.
    """
    stands = after_each_other(ticks_of((3.0, 0.0, 0.0)), spun(UPRIGHT, 1.2), ticks_of((2.0, 0.0, 0.0)))
    tries: list[Knot] = [(0.8, 10.0, 0.0), (held_s, 10.0, 0.0), (1.0, 0.0, 0.0), (0.4, 0.0, 0.0)]
    one: list[Knot] = [(1.0, 20.0, 0.0), (4.0, 20.0, 0.0), (1.0, 0.0, 0.0), (1.4, 0.0, 0.0)]
    ticks = after_each_other(stands, swung(ticks_of(*tries, *one * 4)))
    reps = [e for e in told("leg_raise", ticks) if isinstance(e, RepCompleted)]
    assert [round(r.rom_deg) for r in reps] == [20] * 4
