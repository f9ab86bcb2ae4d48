"""`auto`: whoever lay when the sensor was switched on shows it by rolling over, or by what is drawn up again."""

from __future__ import annotations

import pytest

from coxa.host.detect.still import Tick
from coxa.host.events import ExerciseRecognised, HoldEnded, RepCompleted
from coxa.host.motion.tangent import angle_deg
from coxa.host.tracker import AUTO
from tests.helpers_ticks import Knot, felt, ticks_of, told

RAISES: list[Knot] = [
    k for _ in range(5) for k in ((1.1, 125.0, 90.0), (0.3, 125.0, 90.0), (1.1, 86.0, 90.0), (0.5, 86.0, 90.0))
]


LIES: Knot = (2.0, 88.0, 0.0)


def on_the_back_then(*knots: Knot) -> list[Tick]:
    """Who lies on the back from the first moment on, and then goes so, with a sensor 0.2 m from the hip."""
    ticks = ticks_of((0.04, 88.0, 0.0), (4.0, 88.0, 0.0), *knots, (3.0, 86.0, 90.0))
    begun_s = next(k.t_s for k in ticks if angle_deg(k.up, ticks[-1].up) < 1.0)
    return felt(ticks, 0.2, begun_s + 0.5)


def test_who_rolls_over_and_raises_the_leg_lies_on_one_side() -> None:
    """Known by the third raise, all of them counted: what was taken for upright was the back."""
    events = told(AUTO, on_the_back_then((1.5, 86.0, 90.0), (3.0, 86.0, 90.0), *RAISES))
    assert [e.exercise for e in events if isinstance(e, ExerciseRecognised)] == ["lateral_leg_raise"]
    reps = [e for e in events if isinstance(e, RepCompleted)]
    assert len(reps) == 5
    assert reps[2].decided_s <= reps[2].end_s + 0.6


def test_a_thigh_that_only_rolls_raises_nothing() -> None:
    """A bent knee that falls out and comes back turns the thigh as far beside, about itself."""
    rolls: list[Knot] = [
        k for _ in range(5) for k in ((1.1, 86.0, 50.0), (0.3, 86.0, 50.0), (1.1, 86.0, 90.0), (0.5, 86.0, 90.0))
    ]
    ticks = on_the_back_then((1.5, 86.0, 90.0), (3.0, 86.0, 90.0), *rolls)
    assert not [e for e in told(AUTO, ticks) if isinstance(e, ExerciseRecognised)]


def test_who_stood_and_lies_down_is_believed_to_have_stood() -> None:
    """The leg is raised on in the plane in which the thigh came down."""
    raises = [(way_s, deg, 0.0) for way_s, deg, _ in RAISES]
    ticks = ticks_of((4.0, 0.0, 0.0), (2.5, 86.0, 0.0), (3.0, 86.0, 0.0), *raises, (3.0, 86.0, 0.0))
    known = [e.exercise for e in told(AUTO, felt(ticks, 0.2, 7.0)) if isinstance(e, ExerciseRecognised)]
    assert known == ["leg_raise"]


def drawn_twice(to_deg: float, across_m: float, first_s: float) -> list[str]:
    """What `auto` says of who lies flat from the first moment on, if the thigh turns that far twice, for so long at
    first, and is moved by that lever.
    """
    knots = [(4.0, 88.0, 0.0), (1.5, to_deg, 0.0), (first_s, to_deg, 0.0), (1.5, 88.0, 0.0), (4.0, 88.0, 0.0)]
    again = [(1.5, to_deg, 0.0), (3.5, to_deg, 0.0)]
    ticks = felt(ticks_of((0.04, 88.0, 0.0), *knots, *again, (1.5, 88.0, 0.0), (2.0, 88.0, 0.0)), across_m, 2.0)
    return [e.exercise for e in told(AUTO, ticks) if isinstance(e, ExerciseRecognised)]


def test_a_knee_that_is_drawn_up_for_long_and_again_is_known_the_second_time() -> None:
    """Once, getting up from a chair looks alike."""
    assert drawn_twice(203.0, 0.2, 15.0) == ["knee_to_chest"]


def test_who_gets_up_twice_draws_no_knee() -> None:
    """Soon, or no further than from a chair, or without being lifted, as in sitting down."""
    assert not drawn_twice(203.0, 0.2, 5.0)
    assert not drawn_twice(178.0, 0.2, 15.0)
    assert not drawn_twice(203.0, -0.1, 15.0)


def drawn_on(bent_deg: float, by_deg: float, lever_m: float, *, beside_deg: float = 0.0) -> list[str]:
    """What `auto` says of who lies flat from the first moment on, bends the knees and turns the thigh on from there,
    with a sensor that is so far from the hip.
    """
    bent, on_deg = 88.0 + bent_deg, 88.0 + bent_deg + by_deg
    knots: list[Knot] = [(4.0, 88.0, 0.0), (1.5, bent, 0.0), (4.0, bent, 0.0), (1.5, on_deg, beside_deg)]
    ticks = ticks_of((0.04, 88.0, 0.0), *knots, (8.0, on_deg, beside_deg), (1.5, bent, 0.0), (3.0, 88.0, 0.0))
    return [e.exercise for e in told(AUTO, felt(ticks, lever_m, 2.0)) if isinstance(e, ExerciseRecognised)]


def test_a_knee_that_is_drawn_on_from_bent_knees_is_known_the_first_time() -> None:
    """Nobody rests half way up from a chair, nor gets up from one by more than 100 degrees."""
    assert drawn_on(42.0, 75.0, 0.25) == ["knee_to_chest"]


@pytest.mark.parametrize("by_deg", [62.0, 72.0])
def test_what_shows_that_a_knee_is_drawn_on_counts_as_one_and_again(by_deg: float) -> None:
    """However little more than from bent knees that is: the whole way from lying flat is what tells it."""
    on: list[Knot] = [(1.5, 136.0 + by_deg, 0.0), (9.0, 136.0 + by_deg, 0.0), (1.5, 136.0, 0.0), (6.0, 136.0, 0.0)]
    ticks = ticks_of((0.04, 88.0, 0.0), (4.0, 88.0, 0.0), (1.5, 136.0, 0.0), (4.0, 136.0, 0.0), *on, *on, LIES)
    events = told(AUTO, felt(ticks, 0.25, 2.0))
    assert [e.exercise for e in events if isinstance(e, ExerciseRecognised)] == ["knee_to_chest"]
    assert [e.held_s > 8.0 for e in events if isinstance(e, HoldEnded)] == [True, True]


@pytest.mark.parametrize(("bent_deg", "by_deg", "lever_m", "beside_deg"), [
    (42.0, 45.0, 0.25, 0.0),
    (42.0, 75.0, -0.25, 0.0),
    (12.0, 100.0, 0.25, 0.0),
    (42.0, 75.0, 0.25, 60.0),
], ids=["as far as from a chair", "it sank", "from flat", "rolled"])  # fmt: skip
def test_who_gets_up_in_two_stages_draws_no_knee(
    bent_deg: float, by_deg: float, lever_m: float, beside_deg: float
) -> None:
    """Or sits down, or rolls over."""
    assert "knee_to_chest" not in drawn_on(bent_deg, by_deg, lever_m, beside_deg=beside_deg)


def test_hips_that_are_lifted_are_no_legs_of_who_lies_on_one_side() -> None:
    """Claim: what has been counted as bridges shows where upright is: hands at the strap between two sets of them,
    which turn the thigh aside, make no raises of those.
    """
    bridges: list[Knot] = [
        k for _ in range(3) for k in ((1.0, 108.0, 0.0), (5.0, 108.0, 0.0), (1.0, 130.0, 0.0), (1.5, 130.0, 0.0))
    ]
    strap: list[Knot] = [
        (3.0, 130.0, 0.0),
        (1.2, 130.0, 24.0),
        (0.5, 130.0, 24.0),
        (1.2, 130.0, 0.0),
        (3.0, 130.0, 0.0),
    ]
    ticks = ticks_of((4.0, 0.0, 0.0), (2.0, 130.0, 0.0), (4.0, 130.0, 0.0), *bridges, *strap, *strap, *bridges)
    known = [e.exercise for e in told(AUTO, felt(ticks, 0.2, 7.0)) if isinstance(e, ExerciseRecognised)]
    assert set(known) == {"hip_bridge"}
