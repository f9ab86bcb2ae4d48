"""Where upright is, shown by walking and turning of somebody whose sensor was not on the thigh from the first."""

from __future__ import annotations

import pytest

from coxa.host.detect.still import Tick
from coxa.host.motion.tangent import angle_deg
from coxa.host.motion.ticks import TICK_HZ
from tests.helpers_ticks import UPRIGHT, after_each_other, looked, paced, spun, ticks_of, up_at

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
