"""Ticks in which nothing can happen are passed over together, which must be seen in no event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coxa.firmware_sim.scenario import build
from coxa.host.events import Event, RepCompleted, TrackingLost
from coxa.host.routine import Coach, SetPlan
from coxa.host.routine.prompt import Prompt
from coxa.host.samples import Gap, StreamItem
from coxa.host.tracker import Tracker
from tests.helpers import decoded, joined, scenario


def each_tick_alone(patch: pytest.MonkeyPatch) -> None:
    """Nothing is passed over from now on."""
    patch.setattr(Tracker, "_pass_over", lambda _self, _ticks, at, _end: (at, []))  # pyright: ignore[reportUnknownArgumentType, reportUnknownLambdaType]
    patch.setattr(Coach, "_next_look", lambda _self, _ticks, at: at + 1)  # pyright: ignore[reportUnknownArgumentType, reportUnknownLambdaType]


def led(plan: tuple[SetPlan, ...], items: list[StreamItem]) -> tuple[list[Event], list[Prompt]]:
    """All that a coach says."""
    coach = Coach(plan)
    events = [event for item in items for event in coach.feed(item)] + coach.finish()
    return events, coach.prompts()


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("name", "exercise"),
    [
        ("lateral_leg_raise", "lateral_leg_raise"),
        ("leg_raise_standing", "leg_raise"),
        ("knee_to_chest", "knee_to_chest"),
        ("lunge", "lunge"),
        ("negative", "leg_raise"),
        ("demo", "leg_raise"),
    ],
)
def test_passing_over_ticks_changes_no_event(
    monkeypatch: pytest.MonkeyPatch, name: str, exercise: str, seed: int
) -> None:
    """A set, and a plan of several with pauses, rests and questions, give bit-identical events and prompts."""
    block = joined(decoded(scenario(name, seed)))
    third = len(block) // 3
    hole = block.part(third + 200, len(block))
    items: list[StreamItem] = [block.part(0, third), Gap(float(block.t_s[third]), float(hole.t_s[0])), hole]
    plan = (SetPlan(exercise, reps=3), SetPlan("hip_circle"), SetPlan(exercise, "left", move_sensor=True))
    quick = led((SetPlan(exercise),), items), led(plan, items)
    each_tick_alone(monkeypatch)
    assert quick == (led((SetPlan(exercise),), items), led(plan, items))


@pytest.mark.parametrize("name", ["lateral_leg_raise", "hip_bridge", "knee_to_chest", "leg_raise_standing"])
@pytest.mark.parametrize("begins", ["standing still", "on a chair, straight on", "on the back, straight on"])
def test_a_second_look_passes_over_ticks_as_well(monkeypatch: pytest.MonkeyPatch, name: str, begins: str) -> None:
    """While two detectors look on each passes over what it may, in bit-identical events."""
    made = build(name, 501, begins=begins)
    items: list[StreamItem] = [joined(decoded(made))]
    plan = (SetPlan(made.truth["exercise"]),)
    quick = led(plan, items)
    each_tick_alone(monkeypatch)
    assert quick == led(plan, items)


def test_a_faulty_accelerometer_is_found_among_ticks_that_would_be_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is wrong by much for a third of the time is told at the same moments, and counting goes on alike."""
    block = joined(decoded(scenario("lateral_leg_raise", 1)))
    accel = block.accel_mps2.copy()
    accel[: len(block) // 3] *= 0.3
    items: list[StreamItem] = [replace(block, accel_mps2=accel)]
    quick, _ = led((SetPlan("lateral_leg_raise"),), items)
    each_tick_alone(monkeypatch)
    assert quick == led((SetPlan("lateral_leg_raise"),), items)[0]
    assert any(isinstance(e, TrackingLost) and "1 g" in e.reason for e in quick)
    assert any(isinstance(e, RepCompleted) for e in quick)
