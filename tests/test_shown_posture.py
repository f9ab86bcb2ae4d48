"""What a movement shows of how the person stands, sits or lies, and what cannot show it."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from coxa.firmware_sim.scenario import build
from coxa.host.detect.body.posture import Posture
from coxa.host.detect.still import Tick
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.set_count import SetCount
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.events import HoldEnded, HoldStarted, RepCompleted
from coxa.host.motion.tangent import Vector, angle_deg
from coxa.host.motion.ticks import TICK_S
from coxa.host.replay.run import track
from tests.helpers_ticks import (
    FRONT,
    UPRIGHT,
    Knot,
    after_each_other,
    felt,
    looked,
    spun,
    swung,
    ticks_of,
    told,
    up_at,
)
from tools.people import FIRST_SEED, stream

LIES = [(3.0, 0.0, 0.0), (2.0, 90.0, 0.0), (1.5, 90.0, 90.0), (3.0, 90.0, 90.0)]
"""Stands, lies down and rolls onto the side."""
RAISES = [(1.0, 125.0, 90.0), (1.0, 90.0, 90.0), (1.0, 90.0, 90.0)] * 3
STANDS = [(2.0, 0.0, 90.0), (3.0, 0.0, 90.0)]
LEANS = [(0.9, 24.0, 90.0), (0.9, 0.0, 90.0), (1.0, 0.0, 90.0)] * 4


@pytest.mark.parametrize(("raises", "lever_m", "leans"), [(RAISES, 0.25, 0), ([], 0.25, 4), ([], 0.0, 0)])
def test_leaning_is_no_raise_of_a_leg_that_lies(raises: list[Knot], lever_m: float, leans: int) -> None:
    """Who has raised the leg three times lying as is supposed of upright has shown that it is so, and what is done
    standing later does not make that a chair. Who has not may have sat at first: then raises are what lifts the sensor.
    """
    before = ticks_of(*LIES, *raises, *STANDS)
    ticks = felt(ticks_of(*LIES, *raises, *STANDS, *LEANS, (3.0, 0.0, 90.0)), lever_m, before[-1].t_s)
    reps = [e for e in told("lateral_leg_raise", ticks) if isinstance(e, RepCompleted)]
    assert sum(e.rom_deg > 30.0 for e in reps) == len(raises) // 3
    assert sum(e.rom_deg < 30.0 for e in reps) == leans


def excursion(start_s: float, lever_m: float) -> Excursion:
    """A trip of 60 degrees and back in 3 s, on a lever that lies level at rest."""
    angles_deg = 30.0 * (1.0 - np.cos(2.0 * np.pi * np.arange(76) / 75))
    heights_m = lever_m * np.sin(np.radians(angles_deg))
    rises = np.gradient(np.gradient(heights_m, TICK_S), TICK_S)
    trip = Excursion(UPRIGHT, start_s, settled=True)
    for k, (deg, rise) in enumerate(zip(angles_deg.tolist(), rises.tolist(), strict=True)):
        trip.extend([Tick(start_s + k * TICK_S, up_at(deg, 0.0), 30.0, 2.0, rise)], [False])
    return trip


@pytest.mark.parametrize(
    ("impacts", "lever_m", "said"), [(True, -0.25, 3), (True, 0.25, 0), (False, 0.25, 3), (False, 0.0, 0)]
)
def test_lunges_sink_and_raises_of_lying_legs_rise(impacts: bool, lever_m: float, said: int) -> None:
    """While the posture is not known, a lying leg that is raised makes no lunge, nor what sinks such a raise."""
    counted = SetCount(TripParams(), impacts=impacts, lies=not impacts)
    trips = [excursion(5.0 * k, lever_m) for k in range(3)]
    assert sum(len(counted.take(t, t.t_s[-1], posture_known=False)) for t in trips) == said


@pytest.mark.parametrize(("steps", "sure"), [(1, False), (2, True)])
def test_two_soft_steps_show_that_somebody_stands(steps: int, sure: bool) -> None:
    """The foot is put down too softly for walking, but the thigh swings out and back from one knock to the next."""
    swing = [(0.4, 25.0, 0.0), (0.4, 0.0, 0.0)]
    ticks = ticks_of((3.0, 0.0, 0.0), *(swing * (steps + 1)))
    knocks = {75 + 20 * k for k in range(steps + 1)}
    ticks = [t._replace(shock_mps2=5.0) if k in knocks else t for k, t in enumerate(ticks)]
    *_, posture = looked(ticks)
    assert posture.sure == sure


@pytest.mark.parametrize(("knocks_on", "upright_stays"), [(False, True), (True, False)])
def test_knocks_before_and_swings_after_are_no_walk(*, knocks_on: bool, upright_stays: bool) -> None:
    """Who drops onto the mat and then moves the knees swings where no foot is put down; a walk knocks all along, and
    swings past where it began.
    """
    knees = [(0.35, 118.0, 0.0), (0.35, 82.0, 0.0)] * 4
    ticks = ticks_of((3.0, 0.0, 0.0), (0.5, 90.0, 0.0), (1.3, 90.0, 0.0), *knees)
    knocked = range(75, len(ticks) if knocks_on else 106)
    ticks = [t._replace(shock_mps2=5.0) if k in knocked else t for k, t in enumerate(ticks)]
    *_, posture = looked(ticks)
    upright = posture.upright()
    assert (upright is None or angle_deg(upright, UPRIGHT) < 10.0) == upright_stays


@pytest.mark.parametrize(("top_deg", "supposed"), [(58.0, False), (66.0, False), (80.0, True)])
def test_a_pause_at_a_top_like_the_others_is_no_other_posture(top_deg: float, supposed: bool) -> None:
    """Of who may lie and has raised the leg again and again: a longer pause where those raises went does not make the
    mat seem upright.
    """
    seen = looked(ticks_of((3.0, 0.0, 0.0), (1.0, 58.0, 0.0), (2.0, 58.0, 0.0)))
    next(islice(seen, 70, None)).reaches(up_at(top_deg, 0.0))
    *_, posture = seen
    assert posture.supposed == supposed


@pytest.mark.parametrize(("times", "told_it"), [(2, False), (4, True)])
def test_three_raises_tell_how_far_they_go(monkeypatch: pytest.MonkeyPatch, times: int, *, told_it: bool) -> None:
    """After them, and not before, a rest at their top is known to be one."""
    tops = list[Vector]()

    def reaches(_: Posture, top: Vector) -> None:
        tops.append(top)

    monkeypatch.setattr(Posture, "reaches", reaches)
    raised: list[Knot] = [(1.0, 58.0, 0.0), (0.3, 58.0, 0.0), (1.0, 0.0, 0.0), (0.6, 0.0, 0.0)]
    told("leg_raise", felt(ticks_of((2.0, 0.0, 0.0), *(raised * times), (2.0, 0.0, 0.0)), 0.12, 0.0))
    assert [angle_deg(top, up_at(58.0, 0.0)) < 0.5 for top in tops[:1]] == [True] * told_it


@pytest.mark.parametrize("back", [False, True])
def test_who_rolls_over_in_three_goes_does_not_walk(*, back: bool) -> None:
    """Each as quick as a stride and knocking, but all to the same side; a walk swings to and fro."""
    goes: list[Knot] = [
        (0.28, 90.0, 20.0),
        (0.2, 90.0, 21.0),
        (0.28, 90.0, 41.0),
        (0.2, 90.0, 42.0),
        (0.28, 90.0, 62.0),
    ]
    swings: list[Knot] = [(0.28, 90.0, 32.0), (0.2, 90.0, 33.0), (0.28, 90.0, 0.0), (0.2, 90.0, 1.0)] * 2
    lies: list[Knot] = [(0.04, 90.0, 0.0), (3.0, 90.0, 0.0), (0.6, 72.0, 0.0), (0.6, 90.0, 0.0)]
    ticks = ticks_of(*lies, *(swings if back else goes), (3.0, 90.0, 0.0 if back else 62.0))
    ticks = [k._replace(shock_mps2=5.0 if k.rate_dps > 20.0 and k.t_s > 1.0 else 0.1) for k in ticks]
    assert any(p.walking and p.sure for p in looked(ticks)) == back


def test_a_front_falls_with_the_upright_that_it_was_learned_from() -> None:
    """Who sat at first and got up seemed to sit down forward. Once the chair is refuted and the person has turned on
    the spot, upright is known and the front is not: raises have no planes, and sitting down is no strap that slipped.
    """
    sat = ticks_of((0.04, 85.0, 0.0), (3.0, 85.0, 0.0), (1.5, 0.0, 0.0), (3.0, 0.0, 0.0))
    turn, sits = spun(UPRIGHT, 6.0), ticks_of((1.0, 0.0, 0.0), (1.5, 85.0, 0.0), (1.0, 85.0, 0.0))
    seen = looked(after_each_other(sat, turn, sits))
    posture = next(islice(seen, len(sat) - 1, None))
    assert posture.front() is not None
    posture.refute()
    next(islice(seen, len(turn) - 1, None))
    assert posture.sure
    assert posture.front() is None
    slips_deg = [p.slipped_deg for p in seen]
    front = posture.front()
    assert front is not None
    assert angle_deg(front, FRONT) < 2.0
    assert slips_deg == [None] * len(sits)


SEATED = [(3.0, 0.0, 0.0), (1.5, 85.0, 0.0), (3.0, 85.0, 0.0)]


@pytest.mark.parametrize(("low_s", "holds"), [(0.04, 1), (1.5, 2)])
def test_a_stretch_that_is_taken_again_at_once_is_one(low_s: float, holds: int) -> None:
    """Let go to a quarter and taken again it is one hold with a break; who stays there has come back."""
    stretch = [(1.2, 71.0, 0.0), (10.0, 71.0, 0.0), (0.8, 81.5, 0.0), (low_s, 81.5, 0.0), (0.8, 71.0, 0.0)]
    ticks = ticks_of(*SEATED, *stretch, (10.0, 71.0, 0.0), (1.2, 85.0, 0.0), (3.0, 85.0, 0.0))
    assert sum(isinstance(e, HoldEnded) for e in told("hamstring_stretch", ticks)) == holds


def test_who_shifts_in_the_chair_before_the_stretch_has_stretched() -> None:
    """A stay of 3 s at 7 degrees is too short for a hold: the stretch that follows from there is held as it is."""
    ticks = ticks_of(
        *SEATED,
        (0.6, 78.0, 0.0),
        (3.0, 78.0, 0.0),
        (1.2, 66.0, 0.0),
        (15.0, 66.0, 0.0),
        (1.2, 85.0, 0.0),
        (4.0, 85.0, 0.0),
    )
    assert [round(e.held_s) for e in told("hamstring_stretch", ticks) if isinstance(e, HoldEnded)] == [15]


@pytest.mark.parametrize("begins", ["on one side, straight on", "knees bent, straight on"])
@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + 2))
def test_stretches_after_lying_at_first_are_held(begins: str, seed: int) -> None:
    """Whoever lay when the sensor was switched on, and sat down then: two long stretches show what they are."""
    made = build("hamstring_stretch", seed, begins=begins)
    holds = [e for e in track(stream(made), "hamstring_stretch", made.truth["side"]) if isinstance(e, HoldEnded)]
    assert len(holds) == len([r for r in made.truth["reps"] if r["required"]])


def test_one_stay_of_who_lies_is_no_stretch() -> None:
    """Who stood, lies on the side and shifts a little there has not sat at first: nothing is held."""
    ticks = ticks_of(*LIES, (1.0, 90.0, 102.0), (25.0, 90.0, 102.0), (1.0, 90.0, 90.0), (3.0, 90.0, 90.0))
    assert not any(isinstance(e, HoldStarted | HoldEnded) for e in told("hamstring_stretch", ticks))


def test_standing_between_two_figure_fours_is_not_held() -> None:
    """The standing leg of a figure four bends by 26 degrees: seen from there, standing still is no hold."""
    crossed = [(1.0, 45.0, 0.0), (1.5, 58.0, 0.0), (14.0, 58.0, 0.0), (1.5, 0.0, 0.0), (4.0, 0.0, 0.0)]
    bent = [(1.5, 26.0, 0.0), (12.0, 26.0, 0.0), (1.5, 0.0, 0.0), (4.0, 0.0, 0.0), (0.4, 4.0, 0.0), (10.0, 4.0, 0.0)]
    ticks = ticks_of((3.0, 0.0, 0.0), *crossed, *bent, *bent)
    starts = [round(e.start_s) for e in told("figure_four", ticks) if isinstance(e, HoldEnded)]
    assert len(starts) == 3, starts


@pytest.mark.parametrize("top_s", [0.3, 0.8, 1.3, 2.0])
@pytest.mark.parametrize("stands", [True, False])
def test_raises_that_pause_at_the_top_show_that_one_stands(top_s: float, stands: bool) -> None:
    """Claim: the leg that rests at its top for a moment comes back to where it hung before. One that lies hangs not."""
    up: list[Knot] = [(1.2, 40.0, 0.0), (top_s, 40.0, 0.0)]
    raises: list[Knot] = [*up, (1.2, 0.0, 0.0), (1.3, 0.0, 0.0)] * 3
    ticks = ticks_of((4.0, 0.0, 0.0), *raises)
    ticks = swung(ticks) if stands else felt(ticks, 0.3, 1.0)
    assert any(posture.sure for posture in looked(ticks, raises=True)) is stands


def test_hips_that_are_kept_up_show_nothing() -> None:
    """Claim: a bent thigh hangs from its knee as a straight one from the hip, and bridges pause at the top."""
    bridges: list[Knot] = [(1.2, 40.0, 0.0), (2.0, 40.0, 0.0), (1.2, 0.0, 0.0), (1.3, 0.0, 0.0)] * 3
    assert not any(posture.sure for posture in looked(swung(ticks_of((4.0, 0.0, 0.0), *bridges))))


@pytest.mark.parametrize(("top_s", "shown"), [(1.3, True), (3.0, True), (8.0, False)])
def test_where_anything_may_be_done_raises_that_pause_show_that_one_stands(top_s: float, shown: bool) -> None:
    """Claim: `auto` learns from them too, but not from what is kept up as long as hips are."""
    up: list[Knot] = [(1.2, 40.0, 0.0), (top_s, 40.0, 0.0)]
    ticks = swung(ticks_of((4.0, 0.0, 0.0), *([*up, (1.2, 0.0, 0.0), (1.3, 0.0, 0.0)] * 3)))
    assert any(posture.sure for posture in looked(ticks, raises=True, holds=True)) is shown


def test_of_whom_seems_to_stand_elsewhere_a_thigh_that_comes_back_shows_nothing() -> None:
    """Claim: who lies with bent knees has stood, and hips that are kept up for 3 s hang from the knee there."""
    lies: list[Knot] = [(4.0, 0.0, 0.0), (2.0, 130.0, 0.0), (4.0, 130.0, 0.0)]
    bridges: list[Knot] = [(1.2, 90.0, 0.0), (3.0, 90.0, 0.0), (1.2, 130.0, 0.0), (1.3, 130.0, 0.0)] * 3
    ticks = ticks_of(*lies, *bridges)
    heights_m = [-0.3 * np.cos(np.radians(angle_deg(ticks[-1].up, k.up))) for k in ticks]
    rises = np.gradient(np.gradient(heights_m, TICK_S), TICK_S).tolist()
    ticks = [k._replace(rise_mps2=r if k.t_s > 8.0 else 0.0) for k, r in zip(ticks, rises, strict=True)]
    *_, posture = looked(ticks, raises=True, holds=True)
    upright = posture.upright()
    assert upright is not None
    assert angle_deg(upright, UPRIGHT) < 5.0
