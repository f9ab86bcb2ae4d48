"""Legs that stay out there: the top of a repetition may be long, what is too long is told, and the set goes on."""

from __future__ import annotations

import pytest

from coxa.host.detect.still import Tick
from coxa.host.events import RepCompleted, RepRejected
from coxa.host.reasons import Reason
from tests.helpers_ticks import UPRIGHT, Knot, after_each_other, felt, spun, swung, ticks_of, told

STILL: Knot = (2.0, 0.0, 0.0)
TOP_S = 8.0
"""How long the top of a raise may last."""


def raised(deg: float, top_s: float, times: int) -> list[Knot]:
    return [(1.5, deg, 0.0), (top_s, deg, 0.0), (1.5, 0.0, 0.0), (1.5, 0.0, 0.0)] * times


def done(exercise: str, ticks: list[Tick]) -> tuple[int, list[Reason]]:
    """How many were counted, and why the others were not."""
    events = told(exercise, ticks)
    reasons = [Reason(e.reason) for e in events if isinstance(e, RepRejected)]
    return sum(isinstance(e, RepCompleted) for e in events), reasons


@pytest.mark.parametrize("deg", [35.0, 45.0, 55.0])
def test_a_raise_that_stays_for_too_long_is_told(deg: float) -> None:
    """Each of them, the first as well, and none is counted."""
    assert done("leg_raise", swung(ticks_of(STILL, *raised(deg, TOP_S + 1.5, 3), STILL))) == (0, [Reason.TOO_LONG] * 3)


def lunges(*bottoms_s: float) -> list[Tick]:
    """Lunges of who stands, that stay below for so long, with no rest between them: a foot is felt."""
    ways = [knot for s in bottoms_s for knot in ((1.2, 70.0, 0.0), (s, 70.0, 0.0), (1.2, 0.0, 0.0), (0.3, 0.0, 0.0))]
    ticks = felt(ticks_of(STILL, *ways, STILL), -0.3, 0.0)
    stepping = [k._replace(shock_mps2=2.0 if k.rate_dps > 5.0 and k.up[1] < 0.6 else 0.1) for k in ticks]
    return after_each_other(ticks_of(STILL), spun(UPRIGHT, 4.0), stepping)


@pytest.mark.parametrize("stays_s", [9.0, 12.0])
def test_a_lunge_that_stays_for_too_long_takes_no_other_with_it(stays_s: float) -> None:
    """In a set that does not stop for it, those before and after it count, and it is told."""
    assert done("lunge", lunges(0.3, 0.3, 0.3, stays_s, 0.3, 0.3, 0.3)) == (6, [Reason.TOO_LONG])
