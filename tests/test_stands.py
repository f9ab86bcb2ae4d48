"""A figure four of somebody who was not seen standing, and knees that are crossed on a chair."""

from __future__ import annotations

from math import cos, pi, radians, sin

import numpy as np
import pytest

from coxa.host.detect.still import Tick
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.hold import Hold
from coxa.host.detect.trips.stands import not_sat_back, not_standing, sat_down
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.detect.trips.verdict import may_be_everyday
from coxa.host.events import ExerciseRecognised, HoldEnded
from coxa.host.exercises.spec import exercise
from coxa.host.motion.tangent import angle_deg
from coxa.host.motion.ticks import TICK_S
from coxa.host.tracker import AUTO
from tests.helpers_ticks import UPRIGHT, Knot, after_each_other, felt, spun, ticks_of, told, trip, up_at

CROSSED_DEG = 62.0


@pytest.mark.parametrize(("lever_m", "counted"), [(-0.1, 1), (0.0, 1), (0.05, 1), (0.2, 0), (0.35, 0)])
def test_a_thigh_that_hangs_has_no_lever_across_up(lever_m: float, counted: int) -> None:
    """Who crosses the knees on a chair lifts a thigh that lies level, by 25 degrees for 12 s here."""
    here: tuple[Knot, ...] = ((0.04, 85.0, 0.0), (4.0, 85.0, 0.0), (1.0, 110.0, 0.0), (12.0, 110.0, 0.0))
    ticks = ticks_of(*here, (1.0, 85.0, 0.0), (4.0, 85.0, 0.0))
    events = told("figure_four", felt(ticks, lever_m, 0.5))
    assert sum(isinstance(e, HoldEnded) for e in events) == counted


@pytest.mark.parametrize(("lever_m", "counted"), [(0.0, 1), (0.2, 0)])
def test_who_is_only_supposed_to_stand_may_sit_as_well(lever_m: float, counted: int) -> None:
    """Claim: a rest in another posture makes the first one no surer: the same knees are crossed then."""
    here: tuple[Knot, ...] = ((0.04, 85.0, 0.0), (4.0, 85.0, 0.0), (1.5, 170.0, 0.0), (4.0, 170.0, 0.0))
    crossed: tuple[Knot, ...] = ((1.5, 85.0, 0.0), (4.0, 85.0, 0.0), (1.0, 110.0, 0.0), (12.0, 110.0, 0.0))
    ticks = ticks_of(*here, *crossed, (1.0, 85.0, 0.0), (4.0, 85.0, 0.0))
    events = told("figure_four", felt(ticks, lever_m, 14.0))
    assert sum(isinstance(e, HoldEnded) for e in events) == counted


@pytest.mark.parametrize(("below_m", "stands"), [(0.2, True), (0.0, True), (-0.28, False)])
def test_a_leg_that_is_let_down_from_the_other_was_not_crossed(below_m: float, stands: bool) -> None:
    """Claim: who was sitting back over one leg at first stands up, which takes the sensor as a lever upside down."""
    out = trip(0.0, deg=CROSSED_DEG)
    heights_m = [below_m * (1.0 - cos(radians(a))) for a in out.angle_deg]
    out.rise_mps2 = np.gradient(np.gradient(heights_m, TICK_S), TICK_S).tolist()
    hold = Hold(CROSSED_DEG, 2.0, 0.0, 0.0, up_at(CROSSED_DEG, 0.0))
    for k in range(500):
        off_deg = CROSSED_DEG + sin(0.2 * k)
        hold.update(k * TICK_S, off_deg, up_at(off_deg, 0.0), 3.0, exercise("figure_four"))
    assert (not_standing(out, hold) is None) == stands


@pytest.mark.parametrize(("sways_deg", "stands"), [(1.0, True), (0.7, True), (0.3, False), (0.0, False)])
def test_nobody_stands_so_still_on_one_leg(sways_deg: float, stands: bool) -> None:
    """A leg that lies over the other on a chair does not move."""
    hold = Hold(CROSSED_DEG, 2.0, 0.0, 0.0, up_at(CROSSED_DEG, 0.0))
    for k in range(500):
        off_deg = CROSSED_DEG + sways_deg * sin(0.2 * k)
        hold.update(k * TICK_S, off_deg, up_at(off_deg, 0.0), 3.0, exercise("figure_four"))
    assert (not_standing(trip(0.0), hold) is None) == stands


@pytest.mark.parametrize(("turned_deg", "counted"), [(95.0, 1), (55.0, 0)])
def test_an_ankle_that_is_put_over_the_knee_turns_the_thigh_out(turned_deg: float, counted: int) -> None:
    """Held for 6 s, as far away as a chair, by somebody who is only supposed to stand: who gets up or sits down turns
    the thigh little about its own axis.
    """
    sat: list[Knot] = [(3.0, 0.0, 0.0), (1.5, 88.0, 0.0), (3.0, 88.0, 0.0), (1.5, 0.0, 0.0), (3.0, 0.0, 0.0)]
    held: list[Knot] = [(1.5, 72.0, turned_deg), (6.0, 72.0, turned_deg)]
    ticks = ticks_of(*sat, *held, (1.5, 0.0, turned_deg), (3.0, 0.0, turned_deg))
    assert sum(isinstance(e, HoldEnded) for e in told("figure_four", ticks)) == counted


@pytest.mark.parametrize(("turned_deg", "counted"), [(140.0, 1), (95.0, 0)])
def test_a_crossed_leg_may_pause_before_one_sits_back(turned_deg: float, counted: int) -> None:
    """The ankle is put over the knee, and the thigh only then goes on to where it is held: a turn about its own axis
    shows that nobody sat down, where no height is felt.
    """
    pauses: list[Knot] = [(0.5, 52.5, turned_deg), (0.5, 50.0, turned_deg)] * 2
    crossed: list[Knot] = [(0.7, 50.0, turned_deg), *pauses, (2.2, 74.0, turned_deg), (12.0, 74.0, turned_deg)]
    ticks = ticks_of((3.0, 0.0, 0.0), *crossed, (1.5, 0.0, turned_deg), (3.0, 0.0, turned_deg))
    holds = [e for e in told("figure_four", ticks) if isinstance(e, HoldEnded)]
    assert [e.held_s for e in holds] == pytest.approx([12.8] * counted, abs=0.4)


@pytest.mark.parametrize(("turned_deg", "lost"), [(140.0, None), (140.0, (9.3, 9.5))], ids=["seen", "lost in part"])
def test_the_balance_may_be_found_for_as_long_as_nothing_is_held_yet(
    turned_deg: float, lost: tuple[float, float] | None
) -> None:
    """Claim: who has put the ankle over the knee may stay so for any time that is too short for a hold."""
    pause: list[Knot] = [(0.7, 50.0, turned_deg), (3.1, 50.0, turned_deg)]
    held: list[Knot] = [(1.5, 74.0, turned_deg), (12.0, 74.0, turned_deg), (1.5, 0.0, turned_deg)]
    crossed = ticks_of((3.0, 0.0, 0.0), *pause, *held, (3.0, 0.0, turned_deg))
    ticks = after_each_other(ticks_of((3.0, 0.0, 0.0)), spun(UPRIGHT, 3.0), crossed)
    said = told("figure_four", ticks, lost)
    assert [e.held_s for e in said if isinstance(e, HoldEnded)] == pytest.approx([12.5], abs=0.5)


def crossed_after(*way: Knot) -> list[Tick]:
    """Who turned on the spot crosses the leg on this way, sits back to 72 degrees in 1.6 s, and holds it for 12 s."""
    aside_deg = way[-1][2]
    held: list[Knot] = [(1.6, 72.0, aside_deg), (12.0, 72.0, aside_deg), (1.5, 0.0, aside_deg), (3.0, 0.0, aside_deg)]
    return after_each_other(ticks_of((3.0, 0.0, 0.0)), spun(UPRIGHT, 3.0), ticks_of((3.0, 0.0, 0.0), *way, *held))


@pytest.mark.parametrize(("turned_deg", "counted"), [(100.0, 1), (0.0, 0)], ids=["crossed", "straight"])
def test_a_knee_may_be_lifted_beyond_where_the_ankle_comes_to_lie(turned_deg: float, counted: int) -> None:
    """Claim: out to its farthest and back from there is the straight way of a leg that is crossed."""
    way: list[Knot] = [(1.2, 80.0, turned_deg), (1.0, 42.0, turned_deg), (1.0, 42.0, turned_deg)]
    holds = [e for e in told("figure_four", crossed_after(*way)) if isinstance(e, HoldEnded)]
    assert [e.held_s for e in holds] == pytest.approx([12.5] * counted, abs=0.5)


@pytest.mark.parametrize("sinks_m", [0.1, 0.5])
def test_who_sits_back_over_a_crossed_leg_sinks(sinks_m: float) -> None:
    """Claim: once the leg was crossed nobody sits down, whatever height so long a way adds up to; here in 0.6 s."""
    ticks = crossed_after((0.7, 50.0, 140.0), (2.5, 50.0, 140.0))
    since = next(k for k, tick in enumerate(ticks) if angle_deg(UPRIGHT, tick.up) > 51.0)
    heights_m = [-sinks_m * 0.5 * (1.0 - cos(pi * min(max(k - since, 0) / 15, 1.0))) for k in range(len(ticks))]
    rises = np.gradient(np.gradient(heights_m, TICK_S), TICK_S).tolist()
    said = told("figure_four", [k._replace(rise_mps2=rise) for k, rise in zip(ticks, rises, strict=True)])
    assert [e.held_s for e in said if isinstance(e, HoldEnded)] == pytest.approx([12.5], abs=0.5)


@pytest.mark.parametrize(
    ("by", "counted"), [((), 1), (((0.5, 12.0, 0.0), (0.8, 30.0, 0.0)), 0)], ids=["sits", "cleans"]
)
def test_one_sits_back_straight(by: tuple[Knot, ...], counted: int) -> None:
    """Claim: a thigh that stays where it came to and fro leans otherwise now, as of who cleans or shifts."""
    ticks = ticks_of((3.0, 0.0, 0.0), (0.8, 30.0, 0.0), *by, (12.0, 30.0, 0.0), (1.0, 0.0, 0.0), (2.0, 0.0, 0.0))
    assert sum(isinstance(e, HoldEnded) for e in told("figure_four", ticks)) == counted


def way_out(to_deg: float, turned_times: float = 1.0, lever_m: float = 0.0) -> Excursion:
    """A way out in 1 s, then a stay there of 1.2 s, with a sensor turned so many times as far as it is tilted, and let
    down at the end of such a lever.
    """
    ticks = felt(ticks_of((3.0, 0.0, 0.0), (1.0, to_deg, 0.0), (1.2, to_deg, 0.0))[74:], lever_m, 0.0)
    return Excursion.over(
        UPRIGHT, ticks[0].t_s, ((k._replace(rate_dps=turned_times * k.rate_dps), k.rate_dps == 0.0) for k in ticks)
    )


def held(to_deg: float) -> Hold:
    """Held there from a second after the way there began."""
    return Hold(to_deg, 2.0, 4.0, 4.0, up_at(to_deg, 0.0))


@pytest.mark.parametrize(
    ("turned_times", "known", "leans"), [(1.0, True, True), (1.6, True, False), (1.6, False, True)]
)
def test_who_sits_back_does_not_turn(turned_times: float, known: bool, leans: bool) -> None:
    """Claim: the leg below the crossed one stays on its foot; where nobody was seen standing, nothing tells."""
    assert (not_sat_back(way_out(30.0, turned_times), held(30.0), known=known) is None) is leans


def turned_out(monkeypatch: pytest.MonkeyPatch, deg: float) -> None:
    """Every thigh turns about its own axis by so much."""

    def twisted(_trip: Excursion, _until_s: float) -> float:
        return deg

    monkeypatch.setattr(Excursion, "twisted_deg", twisted)


@pytest.mark.parametrize(("twisted_deg", "crossed"), [(45.0, True), (32.0, False)])
def test_an_ankle_that_is_crossed_may_come_a_little_back(
    monkeypatch: pytest.MonkeyPatch, twisted_deg: float, crossed: bool
) -> None:
    """Claim: a thigh that was surely turned out on its way is crossed, though it sinks from where it was lifted to and
    no height is told.
    """

    turned_out(monkeypatch, twisted_deg)
    out = way_out(44.0)
    out.path_deg *= 1.5
    assert (not_sat_back(out, held(44.0), known=False) is None) is crossed


@pytest.mark.parametrize(("times", "crossed"), [(1.6, True), (2.8, False)])
def test_who_turns_the_thigh_on_a_roundabout_way_has_not_crossed_it(
    monkeypatch: pytest.MonkeyPatch, times: float, crossed: bool
) -> None:
    """Claim: hands at the strap and sweeping turn it as far, but go to and fro."""
    turned_out(monkeypatch, 45.0)
    out = way_out(30.0)
    out.path_deg *= times
    assert (not_sat_back(out, held(30.0), known=False) is None) is crossed


def test_a_crossed_leg_is_judged_as_such() -> None:
    """One that is held further out turns about its own axis."""
    assert not_sat_back(way_out(70.0, 1.6), held(70.0), known=True) is None


@pytest.mark.parametrize(("twisted_deg", "sits"), [(24.0, False), (20.0, True)])
def test_a_crossed_leg_that_seems_to_have_sunk_is_turned_out(
    monkeypatch: pytest.MonkeyPatch, twisted_deg: float, sits: bool
) -> None:
    """Claim: the height of who crosses the leg slowly drifts by as much as a seat is low; the turn tells."""

    turned_out(monkeypatch, twisted_deg)
    assert (sat_down(way_out(80.0, 1.0, 0.1), 5.0) is not None) is sits


@pytest.mark.parametrize(("lever_m", "sits"), [(0.1, True), (0.0, False), (-0.2, False)])
def test_who_sits_down_sinks(lever_m: float, sits: bool) -> None:
    """Claim: into a figure four the sensor is lifted with the ankle, on to a chair it sinks."""
    assert (sat_down(way_out(80.0, 1.0, lever_m), 5.0) is not None) is sits


@pytest.mark.parametrize(("twisted_deg", "sits"), [(45.0, False), (24.0, True)])
def test_who_surely_turned_the_thigh_out_does_not_sit(
    monkeypatch: pytest.MonkeyPatch, twisted_deg: float, sits: bool
) -> None:
    """Claim: a leg is crossed quicker than in 1.8 s too, as low as a seat; it turns the thigh as no seat does."""

    turned_out(monkeypatch, twisted_deg)
    spec, out = exercise("figure_four"), way_out(64.0, 1.0, 0.1)
    assert may_be_everyday(out, spec, spec.start[0], 64.0, None, TripParams(), hold=held(64.0)) is sits


STOOD: tuple[Knot, ...] = ((3.0, 0.0, 0.0), (1.5, 88.0, 0.0), (3.0, 88.0, 0.0), (1.5, 0.0, 0.0))


@pytest.mark.parametrize(("rest_deg", "to_deg", "counted"), [(2.0, 30.0, 1), (27.0, 2.0, 0)])
def test_who_stands_up_again_sits_in_no_figure_four(rest_deg: float, to_deg: float, counted: int) -> None:
    """Claim: a thigh that leaned for a while and then hangs is that of who stooped."""
    rests: list[Knot] = [(1.0, rest_deg, 0.0), (4.0, rest_deg, 0.0), (1.0, to_deg, 0.0), (12.0, to_deg, 0.0)]
    ticks = ticks_of(*STOOD, *rests, (1.0, rest_deg, 0.0), (3.0, rest_deg, 0.0))
    assert sum(isinstance(e, HoldEnded) for e in told("figure_four", ticks)) == counted


@pytest.mark.parametrize(("aside_deg", "known"), [(0.0, []), (150.0, ["figure_four"])])
def test_a_leg_that_is_put_forward_a_little_stands_otherwise(aside_deg: float, known: list[str]) -> None:
    """To `auto`: what counts is how far the thigh is from upright, not from where it leaned before."""
    leaned: list[Knot] = [(1.0, 5.0, 180.0), (3.0, 5.0, 180.0), (0.4, 0.0, 180.0), (0.04, 0.0, aside_deg)]
    held_deg = 20.0 if aside_deg == 0.0 else 27.0
    held: list[Knot] = [(0.8, held_deg, aside_deg), (12.0, held_deg, aside_deg), (1.0, 0.0, aside_deg)]
    ticks = after_each_other(ticks_of((4.0, 0.0, 0.0)), spun(UPRIGHT, 3.0), ticks_of((3.0, 0.0, 0.0), *leaned, *held))
    assert [e.exercise for e in told(AUTO, ticks) if isinstance(e, ExerciseRecognised)] == known
