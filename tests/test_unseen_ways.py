"""Repetitions a part of which was not seen: what a gap hides beside them is no part of them."""

from __future__ import annotations

import pytest

from coxa.host.detect.still import Tick
from coxa.host.events import RepCompleted
from tests.helpers_ticks import Knot, swung, ticks_of, told

RISES: list[Knot] = [(1.0, 35.0, 0.0), (0.8, 35.0, 0.0)]
FALLS: list[Knot] = [(1.0, 0.0, 0.0)]
RESTS: Knot = (3.0, 0.0, 0.0)


def raised(times: int) -> list[Tick]:
    """Who stands, and raises the leg so often, with 3 s of rest after each."""
    return swung(ticks_of((2.0, 0.0, 0.0), *[*RISES, *FALLS, RESTS] * times))


@pytest.mark.parametrize(
    ("lost_s", "found_s"),
    [(10.9, 14.0), (11.5, 15.0), (16.1, 19.5), (15.9, 19.4)],
    ids=["rest, out", "rest and out", "end", "back"],
)
def test_a_gap_while_the_leg_rests_hides_no_part_of_the_raise(lost_s: float, found_s: float) -> None:
    """The third raise begins at 13.6 s and ends at 16.4 s: who is lost at rest and found on the way out or at the top
    has left in between, and who is lost on the way down and found at rest went on as he was going.
    """
    said = told("leg_raise", raised(4), (lost_s, found_s))
    reps = [e for e in said if isinstance(e, RepCompleted)]
    assert [e.rom_deg for e in reps] == pytest.approx([35.0] * 4, abs=2.0)


def test_of_a_raise_whose_top_is_missing_nothing_is_said() -> None:
    """Lost on the way out and found on the way down: what is missing is the repetition."""
    said = told("leg_raise", raised(5), (19.8, 21.9))
    assert len([e for e in said if isinstance(e, RepCompleted)]) == 4


def test_the_way_out_of_a_lunge_must_be_seen() -> None:
    """Who was lost standing and is found with the knee on the floor may have knelt down."""
    lunges = [(0.9, 70.0, 0.0), (0.4, 70.0, 0.0), (0.9, 0.0, 0.0), RESTS] * 4
    ticks = [
        k._replace(shock_mps2=4.0 if k.rate_dps > 10.0 else 0.1) for k in swung(ticks_of((2.0, 0.0, 0.0), *lunges))
    ]
    sunk = [k._replace(rise_mps2=-k.rise_mps2) for k in ticks]
    whole, lost = (told("lunge", sunk, gap) for gap in (None, (15.3, 18.1)))
    assert len([e for e in whole if isinstance(e, RepCompleted)]) == 4
    assert len([e for e in lost if isinstance(e, RepCompleted)]) == 3
