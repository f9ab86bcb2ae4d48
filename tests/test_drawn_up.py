"""A knee that is drawn to the chest, and who only sits or lies down where one would be held."""

from __future__ import annotations

import pytest

from coxa.host.detect.still import Tick
from coxa.host.events import ExerciseRecognised, HoldEnded
from tests.helpers_ticks import Knot, felt, ticks_of, told

DOWN = ((1.5, 125.0, 0.0), (0.5, 125.0, 0.0), (1.6, 92.0, 0.0), (20.0, 92.0, 0.0))
"""To the floor over a squat, and onto the back."""
UP = ((1.5, 120.0, 0.0), (1.2, 0.0, 0.0), (4.0, 0.0, 0.0))


def held(ticks: list[Tick]) -> int:
    """How many knees are held that are counted."""
    return sum(isinstance(e, HoldEnded) for e in told("knee_to_chest", ticks))


def test_who_lies_down_and_gets_up_holds_no_knee() -> None:
    """Twice or three times: on the way down the thigh goes further than where it lies then."""
    assert held(ticks_of((3.0, 0.0, 0.0), *DOWN, *UP, *DOWN, *UP, *DOWN, *UP)) == 0


@pytest.mark.parametrize(("lever_m", "counts"), [(0.2, True), (0.1, True), (0.0, False), (-0.2, False)])
def test_of_whom_nothing_is_known_a_knee_is_drawn_up_about_a_hip_that_rests(lever_m: float, counts: bool) -> None:
    """The same angles are those of a thigh that hangs and sits down, whose sensor sinks or is carried."""
    once = ((1.2, 95.0, 0.0), (16.0, 95.0, 0.0), (1.2, 0.0, 0.0), (4.0, 0.0, 0.0))
    ticks = ticks_of((3.0, 0.0, 0.0), *once, *once, *once)
    assert held(felt(ticks, lever_m, 0.0)) == (3 if counts else 0)


@pytest.mark.parametrize(("then", "lever_m", "known"), [
    ((0.8, 166.0, 0.0), 0.2, ["knee_to_chest"]), ((0.8, 142.0, 0.0), 0.2, []), ((0.8, 166.0, 0.0), 0.0, []),
], ids=["drawn on", "stays bent", "not lifted, as in rolling over"])  # fmt: skip
def test_a_knee_that_is_drawn_on_from_a_bent_one_stands_on_no_floor(
    then: Knot, lever_m: float, known: list[str]
) -> None:
    """Who lies straight puts the foot down first and rests there; only what stays so may be a bent knee (`auto`)."""
    bent: list[Knot] = [(3.0, 0.0, 0.0), (2.0, 86.0, 0.0), (4.0, 86.0, 0.0), (0.9, 140.0, 0.0), (1.5, 141.0, 0.0)]
    ticks = felt(ticks_of(*bent, then, (8.0, *then[1:]), (1.5, 86.0, 0.0), (3.0, 86.0, 0.0)), lever_m, 7.0)
    assert [e.exercise for e in told("auto", ticks) if isinstance(e, ExerciseRecognised)] == known


@pytest.mark.parametrize(("lies_deg", "lever_m", "known"), [
    (86.0, 0.06, ["knee_to_chest"]), (86.0, 0.0, []), (68.0, 0.06, []),
], ids=["lies level", "not lifted", "leans back on a chair"])  # fmt: skip
def test_a_knee_that_is_drawn_far_on_need_not_have_risen_much(
    lies_deg: float, lever_m: float, known: list[str]
) -> None:
    """Claim: the foot on the floor for 2 s, and then the knee at the chest, of who is known to lie level (`auto`)."""
    bent: list[Knot] = [(3.0, 0.0, 0.0), (2.0, lies_deg, 0.0), (4.0, lies_deg, 0.0), (0.9, lies_deg + 52.0, 0.0)]
    drawn = lies_deg + 82.0
    goes: list[Knot] = [(2.0, lies_deg + 52.0, 0.0), (1.0, drawn, 0.0), (8.0, drawn, 0.0), (1.5, lies_deg, 0.0)]
    ticks = felt(ticks_of(*bent, *goes, (3.0, lies_deg, 0.0)), lever_m, 7.0)
    assert [e.exercise for e in told("auto", ticks) if isinstance(e, ExerciseRecognised)] == known
