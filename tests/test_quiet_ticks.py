"""Ticks in which nothing can happen are passed over together, which must be seen in no event."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.firmware_sim.everyday import walk
from coxa.firmware_sim.exercising import circles
from coxa.firmware_sim.person import Person
from coxa.firmware_sim.scenario import build, build_acted
from coxa.host.detect.still import Ticks
from coxa.host.events import Event, RepCompleted, TrackingLost
from coxa.host.routine import Coach, SetPlan
from coxa.host.routine.prompt import Prompt
from coxa.host.samples import Gap, StreamItem
from coxa.host.tracker import Tracker
from tests.helpers import decoded, joined, scenario
from tests.helpers_ticks import told


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


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_has_walked_does_not_walk_on_in_ticks_that_are_passed_over(seed: int) -> None:
    """Once upright is known walking decides nothing of it any more, but a knock ends circles of who walks only."""

    def act(person: Person) -> None:
        walk(person, 20)
        person.still(3.0)
        circles(person, 6, clockwise=True)
        person.still(3.0)

    scene = build_acted(act, seed)
    begins_s = scene.truth["reps"][0]["start_s"]
    beats = [b for item in [joined(decoded(scene))] for b in Tracker("hip_circle").beats(item)]
    ticks = [k for beat in beats if isinstance(beat, Ticks) for k in beat.each]
    knock = min(ticks, key=lambda k: abs(k.t_s - begins_s))
    ticks = [k._replace(shock_mps2=6.0) if k is knock else k for k in ticks]
    apart = told("hip_circle", ticks)
    assert sum(isinstance(e, RepCompleted) for e in apart) == 6
    tracker, (t_s, up, rate_dps, shock_mps2, _) = Tracker("hip_circle"), map(np.array, zip(*ticks, strict=True))
    assert tracker.take(Ticks(t_s, up, rate_dps, rate_dps, shock_mps2, ticks)) + tracker.finish() == apart
