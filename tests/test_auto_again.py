"""`auto`: what is done again and again by somebody of whom nothing is known, told by how it moves the sensor."""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np
import pytest

from coxa.host.detect.still import Tick
from coxa.host.events import ExerciseRecognised
from coxa.host.motion.tangent import angle_deg
from coxa.host.motion.ticks import TICK_S
from coxa.host.tracker import AUTO
from tests.helpers_ticks import UPRIGHT, Knot, after_each_other, spun, swung, ticks_of, told


def moved(ticks: list[Tick], lever_m: float, lever_deg: float) -> list[Tick]:
    """The same, with what a sensor feels that is so far from the joint, by so many degrees below level at rest."""
    angles = [radians(angle_deg(ticks[0].up, k.up)) for k in ticks]
    across_m, below_m = lever_m * cos(radians(lever_deg)), lever_m * sin(radians(lever_deg))
    heights_m = [across_m * sin(a) + below_m * (1.0 - cos(a)) for a in angles]
    rises = np.gradient(np.gradient(heights_m, TICK_S), TICK_S).tolist()
    return [k._replace(rise_mps2=rise) for k, rise in zip(ticks, rises, strict=True)]


def again(rest_deg: float, to_deg: float, top_s: float, lever_deg: float) -> dict[str, float]:
    """What `auto` takes it for, and when, if somebody who has been so since the sensor was switched on goes there three
    times.
    """
    rep: list[Knot] = [(1.0, to_deg, 0.0), (top_s, to_deg, 0.0), (1.0, rest_deg, 0.0), (0.8, rest_deg, 0.0)]
    ticks = ticks_of((0.04, rest_deg, 0.0), (4.0, rest_deg, 0.0), *rep, *rep, *rep, (3.0, rest_deg, 0.0))
    events = told(AUTO, moved(ticks, 0.22, lever_deg))
    return {e.exercise: e.decided_s for e in events if isinstance(e, ExerciseRecognised)}


def test_hips_that_are_lifted_for_long_again_and_again_are_known() -> None:
    """No leg is kept up for so long, and a lying one's lever is level."""
    assert list(again(130.0, 102.0, 10.0, 40.0)) == ["hip_bridge"]


@pytest.mark.parametrize(("rest_deg", "to_deg", "top_s", "lever_deg"), [
    (90.0, 115.0, 0.4, 0.0),
    (90.0, 115.0, 0.4, 20.0),
    (130.0, 102.0, 0.5, 40.0),
    (130.0, 102.0, 5.0, 40.0),
    (90.0, 120.0, 10.0, 0.0),
    (0.0, 30.0, 10.0, 90.0),
], ids=["flat", "the knee a bit up", "quick bridges", "bridges", "kept up lying", "kept up standing"])  # fmt: skip
def test_what_else_is_raised_stays_unknown(rest_deg: float, to_deg: float, top_s: float, lever_deg: float) -> None:
    """The back, the side and the bent knees are alike, and so is whatever is held for long."""
    assert not again(rest_deg, to_deg, top_s, lever_deg)


@pytest.mark.parametrize(("pause_s", "times", "known"), [(3.0, 2, True), (8.0, 2, False), (8.0, 5, False)])
def test_raises_of_one_set_come_soon_one_after_the_other(pause_s: float, times: int, known: bool) -> None:
    """Who opens a low drawer twice, or shifts a foot now and then, does no exercise."""
    once: list[Knot] = [(1.2, 50.0, 0.0), (0.4, 50.0, 0.0), (1.2, 0.0, 0.0), (pause_s, 0.0, 0.0)]
    raised = swung(ticks_of((4.0, 0.0, 0.0), *once * times))
    ticks = after_each_other(ticks_of((4.0, 0.0, 0.0)), spun(UPRIGHT, 3.0), raised)
    assert [e.exercise for e in told(AUTO, ticks) if isinstance(e, ExerciseRecognised)] == ["leg_raise"] * known
