"""Where upright is, shown by walking and turning of somebody whose sensor was not on the thigh from the first."""

from __future__ import annotations

from math import pi, sin

import pytest

from coxa.host.detect.still import Tick
from coxa.host.motion.tangent import angle_deg
from coxa.host.motion.ticks import TICK_HZ
from tests.helpers_ticks import UPRIGHT, after_each_other, looked, paced, spun, through, ticks_of, up_at

WORN_DEG = 55.0
"""How far up on the thigh is from where it was in the hand."""
LAID_ON = ticks_of((0.04, 0.0, 0.0), (1.5, WORN_DEG, 0.0), (2.0, WORN_DEG, 0.0))


def walked(about_deg: float, seconds: float = 4.0) -> list[Tick]:
    """Steps that knock, of a thigh that swings by 25 degrees to both sides of that pose."""
    swings = paced(about_deg, 25.0, round(seconds * TICK_HZ))
    return [k._replace(shock_mps2=5.0 if k.rate_dps > 60.0 else 0.1, rise_mps2=0.0) for k in swings]


def rested(deg: float) -> list[Tick]:
    """Two seconds at rest there."""
    return ticks_of((0.04, deg, 0.0), (2.0, deg, 0.0))


@pytest.mark.parametrize("in_hand", [[], spun(UPRIGHT, 0.9), walked(0.0, 1.6)], ids=["lies", "turns", "shakes"])
def test_who_walks_where_they_have_rested_stands_there(in_hand: list[Tick]) -> None:
    """Claim: whatever was done with the sensor in the hand, and taken for upright, walking shows where upright is."""
    *_, posture = looked(after_each_other(rested(0.0), in_hand, LAID_ON, walked(WORN_DEG), rested(WORN_DEG)))
    upright = posture.upright()
    assert posture.sure
    assert upright is not None
    assert angle_deg(upright, up_at(WORN_DEG, 0.0)) < 10.0


@pytest.mark.parametrize("sure", [False, True])
def test_a_strap_that_comes_elsewhere_is_found_by_the_next_walk(*, sure: bool) -> None:
    """Claim: so it is of who has long been known to stand, and only where the thigh has rested there."""
    stood = [*walked(0.0), *rested(0.0)] if sure else []
    moved = LAID_ON if sure else rested(0.0)
    *_, posture = looked(after_each_other(rested(0.0), stood, moved, walked(WORN_DEG), moved[-40:]))
    upright = posture.upright()
    assert (upright is not None and angle_deg(upright, up_at(WORN_DEG, 0.0)) < 10.0) is sure


def test_a_strap_that_is_drawn_tight_stands_as_it_rested_then() -> None:
    """Claim: of two rests near each other the one about which somebody walks is upright."""
    tight = ticks_of((0.04, 0.0, 0.0), (1.0, 22.0, 0.0), (2.0, 22.0, 0.0))
    *_, posture = looked(after_each_other(rested(0.0), tight, walked(22.0), rested(22.0)))
    upright = posture.upright()
    assert upright is not None
    assert angle_deg(upright, up_at(22.0, 0.0)) < 2.0


def turned_about(seconds: float, beside_deg: float) -> list[Tick]:
    """A sensor that is turned to and fro by 45 degrees and, three times in two of those, so far to the side."""
    turns = [2.0 * pi * 0.5 * k / TICK_HZ for k in range(round(seconds * TICK_HZ))]
    ticks = through([up_at(30.0 + 45.0 * sin(a), beside_deg * sin(1.5 * a)) for a in turns], 0.5)
    return [tick._replace(shock_mps2=4.0) if k % 12 == 0 else tick for k, tick in enumerate(ticks)]


@pytest.mark.parametrize(("before_s", "beside_deg", "anew"), [(0.9, 60.0, True), (0.9, 0.0, False), (0.0, 60.0, True)])
def test_what_was_shown_in_the_hand_is_forgotten_where_the_thigh_rests(
    *, before_s: float, beside_deg: float, anew: bool
) -> None:
    """Claim: turning a sensor in the hand may prove it upright; when it rests on the thigh, elsewhere, that is void.
    A thigh that swings in one plane, however far, and then sits was on foot before.
    """
    down = ticks_of((0.04, 30.0, 0.0), (1.5, 88.0, 0.0), (2.0, 88.0, 0.0))
    in_hand = [*spun(UPRIGHT, before_s), *turned_about(9.0, beside_deg)]
    *_, posture = looked(after_each_other(rested(0.0), in_hand, down))
    assert (posture.upright() is None) is anew
