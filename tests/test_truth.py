"""Counts, directions and holds against truth, on simulated people that the detectors were not made from."""

from __future__ import annotations

import statistics

import pytest

from coxa.host.events import HoldEnded, RepCompleted
from coxa.host.exercises.spec import library
from coxa.host.replay.run import beats_of, larger, track, track_beats
from coxa.host.routine import Coach, SetPlan
from tests.helpers import decoded, scenario

RAISES = ["leg_raise_supine", "leg_raise_standing", "lateral_leg_raise"]


@pytest.mark.parametrize("name", [*RAISES, "hip_circle"])
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_every_full_repetition_is_counted_once(name: str, seed: int) -> None:
    """Counted equals done, partial and aborted ones left out."""
    made = scenario(name, seed)
    events = track(decoded(made), made.truth["claimed"])
    done = sum(r["required"] for r in made.truth["reps"])
    assert sum(isinstance(e, RepCompleted) for e in events) == done


@pytest.mark.parametrize("name", RAISES)
def test_range_of_motion_is_honest(name: str) -> None:
    """Within 2.5 degrees of the true thigh rotation on average: soft tissue and sensor errors are simulated."""
    made = scenario(name, 11)
    reps = [e for e in track(decoded(made), made.truth["claimed"]) if isinstance(e, RepCompleted)]
    true = [r["rom_deg"] for r in made.truth["reps"] if r["required"]]
    assert statistics.mean(abs(a.rom_deg - b) for a, b in zip(reps, true, strict=True)) < 2.5


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_circles_know_their_direction(seed: int) -> None:
    """Every circle says the right one."""
    made = scenario("hip_circle", seed)
    said = [e.direction for e in track(decoded(made), "hip_circle") if isinstance(e, RepCompleted)]
    assert said == [r["direction"] for r in made.truth["reps"]]


def test_repetitions_are_said_at_once() -> None:
    """Half of them are decided within 0.3 s of their true end."""
    late = list[float]()
    for name in (*RAISES, "hip_circle"):
        made = scenario(name, 12)
        reps = [e for e in track(decoded(made), made.truth["claimed"]) if isinstance(e, RepCompleted)]
        true = [r for r in made.truth["reps"] if r["required"]]
        late += [e.decided_s - r["end_s"] for e, r in zip(reps, true, strict=True)]
    assert statistics.median(late) < 0.3


def test_everyday_movement_counts_nothing() -> None:
    """Walking, lying down, rolling over, getting up, sitting down, fidgeting, whatever is asked for."""
    for seed in (1, 4, 6, 11, 12, 13):
        beats = beats_of(decoded(scenario("negative", seed)))
        for exercise in library():
            said = track_beats(beats, exercise)
            assert not [e for e in said if isinstance(e, RepCompleted | HoldEnded)]


@pytest.mark.parametrize(("asked", "seeds"), [("leg_raise", (8, 11, 14, 17)), ("lunge", (13, 16))])
def test_who_gets_up_or_sits_down_does_not_exercise(asked: str, seeds: tuple[int, ...]) -> None:
    """The knee drawn up to get up from the mat is no leg raise, a moment on a chair is no lunge."""
    for seed in seeds:
        made = scenario("negative", seed)
        said = track(decoded(made), asked)
        assert not [e for e in said if isinstance(e, RepCompleted)]


@pytest.mark.parametrize("seed", range(20, 26))
def test_the_demo_is_counted_as_it_was_done(seed: int) -> None:
    """All sets of the routine: raises, circles both ways, a hold kept and one broken."""
    made = scenario("demo", seed)
    coach = Coach(tuple(SetPlan(**p) for p in made.truth["plan"]))
    events = [e for item in larger(decoded(made)) for e in coach.feed(item)] + coach.finish()
    reps = [(e.exercise, e.direction) for e in events if isinstance(e, RepCompleted)]
    assert reps == [
        (r["exercise"], r["direction"])
        for r in made.truth["reps"]
        if r["exercise"] != "knee_to_chest" and r["required"]
    ]
    holds = [e for e in events if isinstance(e, HoldEnded)]
    assert [h.verified for h in holds] == [h["verified"] for h in made.truth["holds"]]
    for held, true in zip(holds, made.truth["holds"], strict=True):
        assert held.held_s == pytest.approx(true["end_s"] - true["start_s"], abs=1.2)
