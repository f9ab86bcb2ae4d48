"""A figure four of somebody who was not seen standing, and knees that are crossed on a chair."""

from __future__ import annotations

from math import sin

import pytest

from coxa.host.detect.trips.hold import Hold
from coxa.host.detect.trips.stands import not_standing
from coxa.host.events import HoldEnded
from coxa.host.exercises.spec import exercise
from coxa.host.motion.ticks import TICK_S
from tests.helpers_ticks import Knot, felt, ticks_of, told, trip, up_at

CROSSED_DEG = 62.0


@pytest.mark.parametrize(("lever_m", "counted"), [(-0.1, 1), (0.0, 1), (0.05, 1), (0.2, 0), (0.35, 0)])
def test_a_thigh_that_hangs_has_no_lever_across_up(lever_m: float, counted: int) -> None:
    """Who crosses the knees on a chair lifts a thigh that lies level, by 25 degrees for 12 s here."""
    here: tuple[Knot, ...] = ((0.04, 85.0, 0.0), (4.0, 85.0, 0.0), (1.0, 110.0, 0.0), (12.0, 110.0, 0.0))
    ticks = ticks_of(*here, (1.0, 85.0, 0.0), (4.0, 85.0, 0.0))
    events = told("figure_four", felt(ticks, lever_m, 0.5))
    assert sum(isinstance(e, HoldEnded) for e in events) == counted


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
