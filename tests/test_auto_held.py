"""`auto`: what is held by somebody of whom nothing is known, told by how the sensor went there."""

from __future__ import annotations

from math import cos, hypot, radians, sin

import numpy as np
import pytest

from coxa.host.detect.still import Tick, Ticks
from coxa.host.detect.trips.height import levers_m
from coxa.host.events import ExerciseRecognised
from coxa.host.motion.tangent import angle_deg
from coxa.host.motion.ticks import TICK_S
from coxa.host.samples import Gap
from coxa.host.tracker import AUTO, Tracker
from tests.helpers_ticks import UPRIGHT, Knot, after_each_other, spun, ticks_of, told, trip


def moved(ticks: list[Tick], across_m: float, below_m: float) -> list[Tick]:
    """The same, with what a sensor feels that is so far from the joint, seen from the pose in which the ticks end."""
    angles = [radians(angle_deg(ticks[-1].up, k.up)) for k in ticks]
    heights_m = [across_m * sin(a) + below_m * (1.0 - cos(a)) for a in angles]
    rises = np.gradient(np.gradient(heights_m, TICK_S), TICK_S).tolist()
    return [k._replace(rise_mps2=rise if k.t_s > 1.0 else 0.0) for k, rise in zip(ticks, rises, strict=True)]


def held(tilt_deg: float, to_deg: float, across_m: float, below_m: float) -> dict[str, float]:
    """What `auto` takes it for, and when, if somebody who has been so since the sensor was switched on goes there after
    4 s, in 1 s, and stays for 10.
    """
    way: list[Knot] = [(0.04, tilt_deg, 0.0), (3.96, tilt_deg, 0.0), (1.0, to_deg, 0.0), (10.0, to_deg, 0.0)]
    ticks = moved(ticks_of(*way, (1.0, tilt_deg, 0.0), (3.0, tilt_deg, 0.0)), across_m, below_m)
    return {e.exercise: e.decided_s for e in told(AUTO, ticks) if isinstance(e, ExerciseRecognised)}


@pytest.mark.parametrize(("tilt_deg", "to_deg", "across_m", "below_m", "name"), [
    (88.0, 72.0, -0.2, 0.0, "hamstring_stretch"),
    (95.0, 85.0, -0.2, 0.0, "hamstring_stretch"),
    (2.0, 36.0, 0.0, -0.25, "figure_four"),
    (2.0, 46.0, 0.05, -0.2, "figure_four"),
])  # fmt: skip
def test_who_was_not_seen_to_stand_or_sit_is_told_by_how_the_sensor_sank(
    tilt_deg: float, to_deg: float, across_m: float, below_m: float, name: str
) -> None:
    """Within 3 s of the hold, which begins at the earliest when the thigh is there."""
    known = held(tilt_deg, to_deg, across_m, below_m)
    assert list(known) == [name]
    assert known[name] < 5.0 + 3.0


@pytest.mark.parametrize(("tilt_deg", "to_deg", "across_m", "below_m"), [
    (88.0, 104.0, 0.2, 0.0),
    (130.0, 100.0, 0.12, 0.2),
    (2.0, 36.0, 0.0, 0.3),
    (88.0, 72.0, 0.0, 0.0),
    (130.0, 95.0, -0.2, 0.0),
], ids=["legs crossed", "hips lifted", "a leg put forward", "only turned", "legs stretched out"])  # fmt: skip
def test_what_rises_or_is_only_turned_stays_unknown(
    tilt_deg: float, to_deg: float, across_m: float, below_m: float
) -> None:
    """It may be several things."""
    assert not held(tilt_deg, to_deg, across_m, below_m)


def test_a_hanging_leg_shows_that_it_hangs() -> None:
    """All of its lever is below the joint, though a level one would move the sensor alike in small movements."""
    across_m, below_m = levers_m(trip(0.0, 2.0, 60.0)) or (0.0, 0.0)
    assert abs(across_m) < 0.05
    assert below_m == pytest.approx(0.35, abs=0.06)


@pytest.mark.parametrize(("stays_s", "below_m", "known"), [
    (2.0, 0.3, []), (2.0, -0.25, []), (4.5, 0.3, ["figure_four"]), (4.5, -0.25, ["figure_four"]),
], ids=["raised", "stooped", "leg put forward", "sat back"])  # fmt: skip
def test_what_is_seen_to_be_left_soon_is_no_figure_four(stays_s: float, below_m: float, known: list[str]) -> None:
    """Of who is known to stand, a leg that is raised to the side and kept there for some seconds, or that leans forward
    over its foot as the bag is picked up.
    """
    out: list[Knot] = [(4.0, 0.0, 90.0), (1.0, 40.0, 90.0), (stays_s, 40.0, 90.0)]
    moves = moved(ticks_of(*out, (1.0, 0.0, 90.0), (2.0, 0.0, 90.0)), 0.0, below_m)
    ticks = after_each_other(ticks_of((4.0, 0.0, 0.0)), spun(UPRIGHT, 3.0), moves)
    assert [e.exercise for e in told(AUTO, ticks) if isinstance(e, ExerciseRecognised)] == known


@pytest.mark.parametrize("rest_deg", [114.0, 132.0])
def test_who_may_sit_has_lifted_no_hips_that_nobody_saw_rise(rest_deg: float) -> None:
    """The way was lost: from a low seat a leg that is put out turns the thigh as hips do that are lifted."""
    knots: list[Knot] = [(4.0, 0.0, 0.0), (2.0, rest_deg, 0.0), (4.0, rest_deg, 0.0), (1.0, rest_deg - 16.0, 0.0)]
    ticks, tracker, events = ticks_of(*knots, (8.0, rest_deg - 16.0, 0.0)), Tracker(AUTO), []
    for tick in ticks:
        if 9.9 < tick.t_s < 11.0:
            continue
        if tick.t_s >= 11.0 and not events:
            events += [*tracker.lose(Gap(9.9, 11.0))] or [None]
        events += tracker.take(Ticks.single(tick))
    names = [e.exercise for e in events if isinstance(e, ExerciseRecognised)]
    assert names == ([] if rest_deg < 120.0 else ["hip_bridge"])


@pytest.mark.parametrize("seat_deg", [90.0, 108.0, 116.0])
def test_who_sits_down_on_a_sofa_may_put_the_leg_out(seat_deg: float) -> None:
    """Its seat is so low that the knee is well above the hip."""
    knots: list[Knot] = [(4.0, 0.0, 0.0), (2.0, seat_deg, 0.0), (4.0, seat_deg, 0.0), (1.0, seat_deg - 15.0, 0.0)]
    ticks = moved(ticks_of(*knots, (12.0, seat_deg - 15.0, 0.0), (1.0, seat_deg, 0.0)), -0.2, 0.0)
    known = [e for e in told(AUTO, ticks) if isinstance(e, ExerciseRecognised)]
    assert [e.exercise for e in known] == ["hamstring_stretch"]
    assert known[0].decided_s < 11.0 + 3.0


@pytest.mark.parametrize(("drawn_s", "known"), [(0.9, []), (0.0, ["hamstring_stretch"])])
def test_who_lies_down_and_slides_the_legs_flat_has_not_stretched(drawn_s: float, known: list[str]) -> None:
    """Claim: who sits on the edge of the bed draws up the feet and slides them flat. A sofa is sat down on."""
    sits: list[Knot] = [(4.0, 0.0, 0.0), (2.0, 88.0, 0.0), (2.5, 88.0, 0.0), (drawn_s, 113.0, 0.0)]
    way = sits if drawn_s else [sits[0], (2.0, 113.0, 0.0)]
    ticks = ticks_of(*way, (1.7, 113.0, 0.0), (1.1, 90.0, 9.0), (7.0, 90.0, 9.0))
    assert [e.exercise for e in told(AUTO, ticks) if isinstance(e, ExerciseRecognised)] == known


@pytest.mark.parametrize(("deg", "rests_s"), [(19.0, 1.8), (25.0, 1.8), (25.0, 6.0)])
def test_who_lies_down_and_stretches_the_legs_out_puts_none_out(deg: float, rests_s: float) -> None:
    """Claim: nor does it matter for how long the knees were drawn up before."""
    down: list[Knot] = [(4.0, 0.0, 0.0), (2.0, 86.0, 0.0), (1.0, 86.0, 0.0), (1.0, 110.0, 0.0), (rests_s, 110.0, 0.0)]
    flat: list[Knot] = [(1.0, 110.0 - deg, 0.0), (8.0, 110.0 - deg, 0.0), (1.0, 110.0, 0.0), (3.0, 110.0, 0.0)]
    assert not any(isinstance(e, ExerciseRecognised) for e in told(AUTO, moved(ticks_of(*down, *flat), -0.2, 0.0)))


def test_where_the_thigh_only_was_for_a_moment_it_did_not_come_from() -> None:
    """Claim: who sits down and moves back a little has crossed no knees. The stretch of 20 s later is known."""
    sits: list[Knot] = [(4.0, 0.0, 0.0), (1.0, 73.0, 0.0), (0.12, 73.0, 0.0), (0.6, 86.0, 0.0), (20.0, 86.0, 0.0)]
    ticks = moved(ticks_of(*sits, (1.2, 73.0, 0.0), (9.0, 73.0, 0.0), (1.0, 86.0, 0.0)), -0.2, 0.0)
    known = [e for e in told(AUTO, ticks) if isinstance(e, ExerciseRecognised)]
    assert [e.exercise for e in known] == ["hamstring_stretch"]


def test_a_foot_that_is_lifted_and_put_out_in_one_movement_is_no_twitch() -> None:
    """The thigh passes its rest pose at speed on its way down, and is known for what it does in time."""
    seat: list[Knot] = [(3.0, 0.0, 0.0), (2.0, 85.0, 0.0), (3.0, 85.0, 0.0)]
    out: list[Knot] = [(0.4, 91.0, 0.0), (0.3, 76.0, 0.0), (14.0, 76.0, 0.0), (1.4, 85.0, 0.0), (2.0, 85.0, 0.0)]
    (known,) = [e for e in told(AUTO, ticks_of(*seat, *out)) if isinstance(e, ExerciseRecognised)]
    assert known.exercise == "hamstring_stretch"
    assert known.decided_s < 8.7 + 3.0


@pytest.mark.parametrize(("turned_dps", "known"), [(60.0, ["figure_four"]), (25.0, [])], ids=["crossed", "sat down"])
def test_who_crosses_the_leg_and_then_sits_back_was_on_no_chair(turned_dps: float, known: list[str]) -> None:
    """Claim: a thigh that was lifted and surely turned out while it hung is crossed, though its front, which may have
    been learned on this way, seems to face up, first where the balance is found and then where it is held.
    """
    sat: list[Knot] = [(4.0, 0.0, 0.0), (1.5, 88.0, 0.0), (3.0, 88.0, 0.0), (1.5, 0.0, 0.0), (3.0, 0.0, 0.0)]
    way: list[Knot] = [(3.0, 0.0, 0.0), (1.2, 58.0, 0.0), (2.2, 58.0, 0.0), (1.4, 74.0, 0.0), (12.0, 74.0, 0.0)]
    goes = ticks_of(*way, (1.5, 0.0, 0.0), (3.0, 0.0, 0.0))
    turns = [k._replace(rate_dps=hypot(k.rate_dps, turned_dps)) if 3.0 < k.t_s <= 4.2 else k for k in goes]
    crosses = moved(turns, 0.0, 0.3)
    ticks = after_each_other(ticks_of((4.0, 0.0, 0.0)), spun(UPRIGHT, 3.0), ticks_of(*sat), crosses)
    assert [e.exercise for e in told(AUTO, ticks) if isinstance(e, ExerciseRecognised)] == known
