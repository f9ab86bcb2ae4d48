"""`auto`: which exercise it is where several count the same movements, and when there is none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from coxa.host.detect.auto.candidate import Candidate
from coxa.host.detect.auto.contest import best, sure_unposed
from coxa.host.detect.auto.recogniser import Recogniser
from coxa.host.detect.auto.recogniser_params import RecogniserParams
from coxa.host.detect.body.posture import Posture
from coxa.host.detect.detector import OneDetector
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.events import Direction, RepCompleted
from coxa.host.exercises.spec import exercise


def counted(name: str, *roms_deg: float, rose_m: float | None = None, direction: Direction | None = None) -> Candidate:
    """An exercise of which repetitions of so many degrees were counted, whose sensor rose by so much."""
    detector = cast("OneDetector", SimpleNamespace(rose_m=rose_m, hold_s=None))
    reps = [
        RepCompleted(name, "right", k + 1, 4.0 * k, 4.0 * k + 1.0, 4.0 * k + 3.0, deg, direction, 4.0 * k + 3.0)
        for k, deg in enumerate(roms_deg)
    ]
    return Candidate(exercise(name), detector, [*reps])


@pytest.mark.parametrize(("raised_deg", "lunged_deg", "rose_m", "wins"), [
    ((70.0, 66.0), (70.0, 66.0), -0.02, "lunge"),
    ((70.0, 66.0), (70.0, 66.0), None, "lunge"),
    ((70.0, 66.0), (70.0, 66.0), 0.12, "leg_raise"),
    ((12.0, 70.0, 71.0), (70.0, 71.0), -0.001, "lunge"),
    ((68.0, 70.0, 71.0), (70.0, 71.0), 0.03, "leg_raise"),
], ids=["it sank", "unseen", "it rose", "the other leg's lunge between", "a lunge less"])  # fmt: skip
def test_lunges_win_over_as_many_raises_unless_the_sensor_rose(
    raised_deg: tuple[float, ...], lunged_deg: tuple[float, ...], rose_m: float | None, wins: str
) -> None:
    """Raises that are much smaller than the lunges do not count for them."""
    believed = {
        "leg_raise": counted("leg_raise", *raised_deg, rose_m=rose_m),
        "lunge": counted("lunge", *lunged_deg, rose_m=rose_m),
    }
    found = best(believed, RecogniserParams())
    assert found is not None
    assert found.spec.name == wins


@pytest.mark.parametrize(("direction", "sure"), [("clockwise", True), (None, False)])
def test_circles_that_wind_are_sure_in_an_unknown_posture(direction: Direction | None, sure: bool) -> None:
    """Whatever goes out and back has no direction: three turns with one are circles, though bridges are counted too."""
    everyone = {
        "hip_circle": counted("hip_circle", 10.0, 10.0, 11.0, direction=direction),
        "hip_bridge": counted("hip_bridge", 20.0, 21.0, 20.0),
    }
    found = sure_unposed(everyone, everyone, RecogniserParams(), stepped=False, knocked=False)
    assert (set(found) == {"hip_circle"}) is sure


def recognised(name: str, *reps: tuple[float, float], step_s: float = -1.0) -> str | None:
    """What `auto` knows when one exercise counts repetitions of so many seconds and degrees in a known posture, and the
    thigh makes a step at one moment.
    """
    ends_s = [sum(lasted_s + 1.0 for lasted_s, _ in reps[: k + 1]) for k in range(len(reps))]
    said = [
        RepCompleted(name, "right", k + 1, end_s - lasted_s, end_s - lasted_s / 2, end_s, deg, None, end_s)
        for k, ((lasted_s, deg), end_s) in enumerate(zip(reps, ends_s, strict=True))
    ]

    def update(tick: Tick, *_: object) -> list[RepCompleted]:
        return [e for e in said if e.end_s == tick.t_s]

    detector = SimpleNamespace(rose_m=0.1, hold_s=None, rest=None, moving=False, deciding=False, reps=0, update=update)
    auto = Recogniser({name: exercise(name)}, lambda _: cast("OneDetector", detector))
    for t_s in sorted({*ends_s, step_s}):
        posture = SimpleNamespace(walking=False, steps=t_s == step_s, supposed=False, upright=lambda: (0.0, 0.0, 1.0))
        tick = Tick(t_s, (0.0, 0.0, 1.0), 0.0, 0.0, 0.0)
        auto.update(tick, cast("StillFinder", None), cast("Posture", posture))
    return auto.exercise


@pytest.mark.parametrize(("reps", "known"), [
    (((2.5, 70.0), (2.5, 70.0)), True),
    (((4.0, 60.0), (2.5, 75.0)), True),
    (((7.6, 87.0), (2.3, 82.0)), False),
    (((2.0, 80.0), (2.0, 30.0)), False),
    (((7.6, 87.0), (2.3, 82.0), (2.4, 80.0)), True),
], ids=["alike", "uneven", "a chair, then bending down", "large and small", "two alike at last"])  # fmt: skip
def test_what_is_not_alike_is_no_series(reps: tuple[tuple[float, float], ...], known: bool) -> None:
    """Two movements that have nothing in common are everyday life."""
    assert recognised("leg_raise", *reps) == ("leg_raise" if known else None)


@pytest.mark.parametrize(("lasted_s", "times", "step_s", "known"), [
    (2.0, 2, -1.0, True), (1.4, 2, -1.0, False), (1.4, 3, -1.0, True), (1.4, 3, 2.0, False), (1.0, 3, -1.0, False),
])  # fmt: skip
def test_quick_circles_are_no_strides_where_nothing_stepped(
    lasted_s: float, times: int, step_s: float, known: bool
) -> None:
    """As short as strides, three of them are circles unless there was a step; shorter ones are none."""
    assert recognised("hip_circle", *[(lasted_s, 10.0)] * times, step_s=step_s) == ("hip_circle" if known else None)
