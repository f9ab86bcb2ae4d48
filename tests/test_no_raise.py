"""What is as large as a raise and is none: a knee that is bent, shoes that are tied, a body that stoops or gets up."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import inf, pi

import numpy as np
import pytest

from coxa.host.detect.body.mounting import Mounting
from coxa.host.detect.body.posture import Posture
from coxa.host.detect.still import Tick
from coxa.host.detect.trips import no_raise
from coxa.host.detect.trips.doubt import Doubt
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.set_count import SetCount
from coxa.host.detect.trips.set_params import FidgetParams
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.events import RepCompleted
from coxa.host.exercises.spec import exercise
from coxa.host.motion.ticks import TICK_HZ, TICK_S
from tests.helpers_ticks import UPRIGHT, Knot, felt, swung, ticks_of, told, trip, up_at

P = FidgetParams()
STANDING = next(start for start in exercise("leg_raise").start if start.direction == "any")
LIES: tuple[Knot, ...] = ((3.0, 0.0, 0.0), (2.0, 90.0, 0.0), (4.0, 90.0, 0.0))


def raises(*knots: Knot) -> int:
    """How many raises are counted of who does this, with a sensor that rises with the leg."""
    ticks = ticks_of(*knots)
    return sum(isinstance(e, RepCompleted) for e in told("leg_raise", felt(ticks, 0.2, 0.0)))


def lifted(stays: tuple[Knot, ...]) -> tuple[Knot, ...]:
    """A lying leg that goes up by 40 degrees, stays so, and lies again for a while."""
    return ((1.0, 130.0, 0.0), *stays, (1.2, 90.0, 0.0), (3.0, 90.0, 0.0))


HELD: tuple[Knot, ...] = ((2.0, 130.0, 0.0),)
LAID: tuple[Knot, ...] = ((6.0, 130.0, 0.0),)
TREMBLES: tuple[Knot, ...] = ((0.2, 130.5, 0.0), (0.2, 129.5, 0.0)) * 15


@pytest.mark.parametrize(("stays", "counted"), [(HELD, 1), (TREMBLES, 1), (LAID, 0), (LAID * 2, 0)])
def test_a_knee_that_is_bent_is_no_raise(stays: tuple[Knot, ...], counted: int) -> None:
    """It stands on its foot: it stays longer than a raised leg does and more calmly."""
    assert raises(*LIES, *lifted(stays)) == counted


def test_what_is_held_so_twice_is_raised() -> None:
    """Nobody is asked to tremble: a second one like it counts both."""
    assert raises(*LIES, *lifted(LAID), *lifted(LAID)) == 2


@pytest.mark.parametrize(("seat_deg", "times", "counted"), [(74.0, 1, 0), (74.0, 2, 0), (74.0, 3, 3), (90.0, 1, 1)])
def test_on_a_chair_three_raises_alike_are_asked_for(seat_deg: float, times: int, counted: int) -> None:
    """Shoes are tied once or twice; a thigh that lies level may be one of who lies."""
    once: tuple[Knot, ...] = ((0.6, seat_deg + 15.0, 0.0), (0.6, seat_deg, 0.0), (2.0, seat_deg, 0.0))
    assert raises((3.0, 0.0, 0.0), (1.5, seat_deg, 0.0), (4.0, seat_deg, 0.0), *once * times) == counted


def standing(lasts_s: float = 2.0, deg: float = 20.0, **sensor: float) -> Excursion:
    """A trip of a standing thigh whose sensor is swung by such levers, m, and lifted for good."""
    share = np.arange(round(lasts_s * TICK_HZ) + 1) / round(lasts_s * TICK_HZ)
    angles_deg = deg * 0.5 * (1.0 - np.cos(2.0 * pi * share))
    angles = np.radians(angles_deg)
    heights_m = sensor.get("below_m", 0.25) * (1.0 - np.cos(angles)) + sensor.get("across_m", 0.0) * np.sin(angles)
    heights_m += sensor.get("climbs_m", 0.0) * 0.5 * (1.0 - np.cos(pi * share))
    rises = np.gradient(np.gradient(heights_m, TICK_S), TICK_S)
    out = Excursion(UPRIGHT, 0.0, settled=True, closed=True, rest_rise_mps2=0.0)
    dps = sensor.get("spins", 1.0) * np.abs(np.gradient(angles_deg, TICK_S))
    for k, (off_deg, rise) in enumerate(zip(angles_deg.tolist(), rises.tolist(), strict=True)):
        out.extend([Tick(k * TICK_S, up_at(off_deg, 0.0), float(dps[k]), 0.1, rise)], [False])
    return out


def test_a_leg_raised_about_a_hip_that_rests_is_no_fidget() -> None:
    """Neither quick or slow, nor large or small."""
    for one in (standing(), standing(1.2, 40.0), standing(3.0), standing(2.0, 15.0, across_m=0.05), trip(0.0)):
        assert not no_raise.may_be_none(one, STANDING, P)
        assert not no_raise.climbs(one, one.t_s[-1], STANDING, P)


@pytest.mark.parametrize(
    "one",
    [
        standing(5.0),  # slowly out, as who stoops
        standing(spins=1.6),  # turned with the trunk
        standing(2.0, 40.0, across_m=-0.2),  # the knee goes on ahead, as getting up from it
        standing(2.0, 40.0, below_m=0.9),  # the hip rises with it
        standing(2.0, 40.0, across_m=0.2),  # about the foot, as who stops in mid-step
        standing(2.0, 40.0, below_m=-0.2),
    ],
)
def test_a_body_that_goes_along_is_no_raise(one: Excursion) -> None:
    """Such a movement may be a raise only if a second one is like it."""
    assert no_raise.may_be_none(one, STANDING, P)


def test_who_is_higher_afterwards_has_climbed() -> None:
    """By what grows with the square of the time, as the error of the height does."""
    assert no_raise.climbs(standing(1.5, 60.0, climbs_m=0.2), 1.5, STANDING, P)
    assert not no_raise.climbs(standing(3.0, 60.0, climbs_m=0.2), 3.0, STANDING, P)


RAISES: tuple[Knot, ...] = ((0.8, 60.0, 0.0), (0.8, 60.0, 0.0), (0.8, 0.0, 0.0), (2.0, 0.0, 0.0))
DRESSES: tuple[Knot, ...] = ((0.8, 60.0, 0.0), (0.4, 48.0, 0.0), (0.4, 60.0, 0.0), (0.8, 0.0, 0.0), (2.0, 0.0, 0.0))


@pytest.mark.parametrize(("knots", "counted"), [(RAISES, 1), (DRESSES, 0), (DRESSES * 2, 2)])
def test_a_raise_goes_straight_up_and_straight_back(knots: tuple[Knot, ...], counted: int) -> None:
    """Claim: a leg that goes to and fro up there may be put into trousers; one that is raised so is raised again."""
    told_of = told("leg_raise", swung(ticks_of((3.0, 0.0, 0.0), *knots)))
    assert sum(isinstance(e, RepCompleted) for e in told_of) == counted


def test_what_was_not_seen_went_no_roundabout_way() -> None:
    """Where samples are missing up is found again elsewhere, which adds to the way that it seems to go."""
    one = trip(0.0)
    one.path_deg *= 1.2
    assert no_raise.may_be_none(one, STANDING, P)
    assert not no_raise.may_be_none(replace(one, gaps=[(0.8, 1.2)]), STANDING, P)


@pytest.mark.parametrize("lies", [True, False], ids=["scratching", "raising"])
def test_a_thigh_that_is_scratched_is_not_raised(lies: bool) -> None:
    """Claim: a lying thigh that is lifted to the hand goes to and fro there, a leg that is raised does not."""
    up: tuple[Knot, ...] = ((0.5, 102.0, 0.0), *((0.4, 98.0 if lies else 102.0, 0.0), (0.4, 102.0, 0.0)) * 2)
    assert raises(*LIES, *up, (0.6, 90.0, 0.0), (3.0, 90.0, 0.0)) == (0 if lies else 1)


@pytest.mark.parametrize(("tilt_deg", "leans"), [(19.0, False), (26.0, True), (36.0, True)])
def test_who_stoops_or_stops_in_mid_step_leans(tilt_deg: float, leans: bool) -> None:
    """Claim: the thigh hangs before it is raised or steps out into a lunge; nobody begins from so far."""
    posture = Posture()
    posture.tell(Mounting(UPRIGHT, (1.0, 0.0, 0.0)))
    assert no_raise.leans(replace(trip(0.0), rest=up_at(tilt_deg, 0.0)), STANDING, posture, P) is leans


def test_who_is_out_for_long_is_asked_for_three() -> None:
    """Kneeling to tie a shoe, and getting down to the mat and up again, are done twice, and take as long."""
    counts = SetCount(TripParams(), impacts=False, lies=False)
    doubt = Doubt(moves=no_raise.is_out_long(trip(0.0, 9.0), 9.0, STANDING, P))
    said = [len(counts.take(trip(s, 9.0), s + 9.0, posture_known=True, doubt=doubt)) for s in (0.0, 12.0, 24.0)]
    assert said == [0, 0, 3]
    assert not no_raise.is_out_long(trip(0.0, 7.0), 7.0, STANDING, P)


@pytest.mark.parametrize(("second_s", "counted"), [(2.0, 2), (4.6, 2), (0.9, 2), (6.0, 0)])
def test_two_that_may_be_none_take_about_as_long(second_s: float, counted: int) -> None:
    """Claim: who takes a step and then stoops for a while has not raised the leg twice."""
    counts, said = SetCount(TripParams(), impacts=False, lies=False), 0
    for start_s, lasts_s in ((0.0, 2.0), (4.0, second_s)):
        one = trip(start_s, lasts_s)
        said += len(counts.take(one, start_s + lasts_s, posture_known=True, doubt=Doubt(weak=True)))
    assert said == counted


@pytest.mark.parametrize(("pause_s", "times", "counted"), [(3.0, 2, 2), (6.5, 2, 0), (6.5, 3, 0)])
def test_two_that_may_be_none_come_soon_one_after_the_other(pause_s: float, times: int, counted: int) -> None:
    """Claim: who shifts the weight now and then has not raised the leg."""
    counts, said = SetCount(TripParams(), impacts=False, lies=False), 0
    for start_s in [k * (2.0 + pause_s) for k in range(times)]:
        said += len(counts.take(trip(start_s, 2.0), start_s + 2.0, posture_known=True, doubt=Doubt(weak=True)))
    assert said == counted


@pytest.mark.parametrize(("small_s", "beside_deg", "counted"), [(4.0, 0.0, 2), (4.0, 90.0, 0), (1.0, 0.0, 0)])
def test_with_a_raise_that_falls_short_the_set_goes_on(small_s: float, beside_deg: float, counted: int) -> None:
    """Claim: of two raises one comes soon after the other where a smaller one lies between; what went elsewhere, or was
    before, is none of the set.
    """
    counts, said = SetCount(TripParams(), impacts=False, lies=False), 0
    small = trip(small_s, 2.0, 8.0)
    small.peak_up = up_at(8.0, beside_deg)
    for start_s in (0.0, 8.5):
        if start_s > small_s:
            counts.falls_short(small)
        said += len(counts.take(trip(start_s, 2.0), start_s + 2.0, posture_known=True, doubt=Doubt(weak=True)))
    assert said == counted


@pytest.mark.parametrize(("second_deg", "counted"), [(24.0, 2), (18.0, 2), (32.0, 2), (16.5, 0), (40.0, 0)])
def test_two_that_may_be_none_are_much_alike(second_deg: float, counted: int) -> None:
    """Who picks something up and then bends over has not raised the leg twice."""
    counts, said = SetCount(TripParams(), impacts=False, lies=False), 0
    for start_s, deg in ((0.0, 24.0), (4.0, second_deg)):
        said += len(counts.take(trip(start_s, 2.0, deg), start_s + 2.0, posture_known=True, doubt=Doubt(weak=True)))
    assert said == counted


@pytest.mark.parametrize(("times", "lever_share", "counted"), [(3, 0.4, 3), (2, -0.4, 0), (3, -0.4, 0), (3, -0.3, 3)])
def test_who_stoops_again_and_again_raises_no_leg(times: int, lever_share: float, counted: int) -> None:
    """Claim: a thigh that leans back over its foot lets the sensor sink as the upper end of a lever does, 0.14 m long,
    however little it sinks; at the lower one it rises. What hardly moves tells nothing.
    """
    sat: list[Knot] = [(3.0, 0.0, 0.0), (1.5, 88.0, 0.0), (3.0, 88.0, 0.0), (1.5, 0.0, 0.0), (4.0, 0.0, 0.0)]
    once: list[Knot] = [(1.5, 26.0, 0.0), (0.7, 26.0, 0.0), (1.5, 0.0, 0.0), (1.5, 0.0, 0.0)]
    ticks = [k._replace(rise_mps2=lever_share * k.rise_mps2) for k in swung(ticks_of(*sat, *once * times))]
    assert sum(isinstance(e, RepCompleted) for e in told("leg_raise", ticks)) == counted


@pytest.mark.parametrize(("rest_deg", "times", "counted"), [(3.0, 2, 2), (16.0, 2, 0), (16.0, 3, 3)])
def test_small_raises_from_a_bent_leg_come_in_threes(rest_deg: float, times: int, counted: int) -> None:
    """Claim: who cleans stands so and leans by as much twice; three alike are a set, wherever the leg stands."""
    sat: list[Knot] = [(3.0, 0.0, 0.0), (1.5, 88.0, 0.0), (3.0, 88.0, 0.0), (1.5, rest_deg, 0.0), (4.0, rest_deg, 0.0)]
    once: list[Knot] = [(0.9, rest_deg + 15.0, 0.0), (0.6, rest_deg + 15.0, 0.0), (0.9, rest_deg, 0.0)]
    ticks = swung(ticks_of(*sat, *[*once, (1.5, rest_deg, 0.0)] * times))
    assert sum(isinstance(e, RepCompleted) for e in told("leg_raise", ticks)) == counted


def framed(ticks: list[Tick], since_s: float, mps2: float) -> list[Tick]:
    """The same, where the sensor falls so for a moment before and after each movement from then on."""
    out_s = [k.t_s for k in ticks if k.t_s > since_s and k.up[1] < UPRIGHT[1] - 1e-3]
    starts_s = [s for before_s, s in pairwise([0.0, *out_s]) if s - before_s > 0.5]
    ends_s = [s for s, after_s in pairwise([*out_s, inf]) if after_s - s > 0.5]
    near = [(s - 0.1, s + 0.1) for s in starts_s] + [(s - 0.1, s + 0.3) for s in ends_s]
    falls = [any(start_s <= k.t_s < end_s for start_s, end_s in near) for k in ticks]
    return [k._replace(rise_mps2=k.rise_mps2 - mps2 * fall) for k, fall in zip(ticks, falls, strict=True)]


@pytest.mark.parametrize(("mps2", "times", "counted"), [(0.0, 1, 1), (0.1, 1, 1), (1.2, 1, 0), (1.2, 3, 0)])
def test_who_squats_raises_no_leg_however_often(mps2: float, times: int, counted: int) -> None:
    """Claim: hips that go down begin before the thigh turns and still come up when it hangs again, whatever is felt in
    between; those of who raises a leg stay where they are.
    """
    sat: list[Knot] = [(3.0, 0.0, 0.0), (1.5, 88.0, 0.0), (3.0, 88.0, 0.0), (1.5, 0.0, 0.0), (4.0, 0.0, 0.0)]
    once: list[Knot] = [(0.9, 60.0, 0.0), (0.3, 60.0, 0.0), (0.9, 0.0, 0.0), (2.5, 0.0, 0.0)]
    ticks = framed(swung(ticks_of(*sat, *once * times)), 10.5, mps2)
    assert sum(isinstance(e, RepCompleted) for e in told("leg_raise", ticks)) == counted


def test_hips_that_sink_first_or_stay_low_are_seen() -> None:
    """Before the thigh turns, after it hangs again, for good, or more of that: of who lies nothing is told by it."""
    lying = next(start for start in exercise("leg_raise").start if start.direction == "up")
    once, falls = standing(1.5, 60.0), [-0.7] * 5
    for one, signs in (
        (once, 0),
        (replace(once, lead_rise_mps2=[0.7] * 5, tail_rise_mps2=[0.7] * 5), 0),
        (replace(once, lead_rise_mps2=falls), 1),
        (replace(once, tail_rise_mps2=falls), 1),
        (standing(1.5, 60.0, climbs_m=-0.3), 1),
        (replace(once, lead_rise_mps2=falls, tail_rise_mps2=falls), 2),
    ):
        assert no_raise.squat_signs(one, 1.5, STANDING) == signs
        assert no_raise.squat_signs(one, 1.5, lying) == 0


@pytest.mark.parametrize(("deg", "times", "counted"), [(70.0, 1, 1), (90.0, 1, 0), (90.0, 2, 0), (90.0, 3, 3)])
def test_the_highest_raises_come_in_threes(deg: float, times: int, counted: int) -> None:
    """Thighs of who kneels and gets up again go as far as no leg is raised."""
    sat: list[Knot] = [(3.0, 0.0, 0.0), (1.5, 88.0, 0.0), (3.0, 88.0, 0.0), (1.5, 0.0, 0.0), (4.0, 0.0, 0.0)]
    once: list[Knot] = [(1.2, deg, 0.0), (0.4, deg, 0.0), (1.2, 0.0, 0.0), (1.5, 0.0, 0.0)]
    told_of = told("leg_raise", swung(ticks_of(*sat, *once * times)))
    assert sum(isinstance(e, RepCompleted) for e in told_of) == counted


@pytest.mark.parametrize(("deg", "times", "counted"), [(10.0, 2, 0), (10.0, 3, 3), (18.0, 2, 2)])
def test_the_smallest_raises_on_the_back_come_in_threes(deg: float, times: int, counted: int) -> None:
    """Claim: feet are set on a pedal and shifted in a chair twice alike, if nothing shows that the leg was lifted."""
    once: tuple[Knot, ...] = ((0.5, 90.0 + deg, 0.0), (0.4, 90.0 + deg, 0.0), (0.5, 90.0, 0.0), (1.5, 90.0, 0.0))
    ticks = felt(ticks_of(*LIES, *once * times), 0.06, 0.0)
    assert sum(isinstance(e, RepCompleted) for e in told("leg_raise", ticks)) == counted


@pytest.mark.parametrize(("turned_times", "expected"), [(1.1, False), (1.6, True)])
def test_a_lying_leg_is_raised_without_turning(turned_times: float, expected: bool) -> None:
    """Who settles on the mat turns the thigh as well."""
    one = trip(0.0)
    one.rate_dps = [turned_times * one.peak_deg / (one.top() + 1) / TICK_S] * len(one.rate_dps)
    lying = next(start for start in exercise("leg_raise").start if start.direction != "any")
    assert no_raise.is_unlike_lying(one, lying, Posture(), P) is expected
    assert not no_raise.is_unlike_lying(one, STANDING, Posture(), P)
