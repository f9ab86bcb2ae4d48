"""`auto`: the right exercise from posture and movement, or none."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from coxa.host.events import ExerciseRecognised, HoldEnded, RepCompleted, RepRejected
from coxa.host.exercises.spec import exercise
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import track
from tests.helpers import decoded, scenario

SCENARIOS = [
    "leg_raise_supine", "leg_raise_standing", "lateral_leg_raise", "hip_circle", "knee_to_chest", "hamstring_stretch",
    "figure_four", "hip_bridge", "lunge",
]  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_exercise_is_known_by_the_third_repetition(name: str) -> None:
    """By the end of the set's third repetition, or of its third hold."""
    made = scenario(name, 21)
    events = track(decoded(made), "auto")
    said = [e for e in events if isinstance(e, ExerciseRecognised)]
    reps = [r for r in made.truth["reps"] if r["required"]]
    before = [e.exercise for e in said if e.decided_s <= reps[min(2, len(reps) - 1)]["end_s"] + 1.0]
    assert before[-1:] == [made.truth["claimed"]]


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_was_done_before_it_was_known_is_counted(name: str) -> None:
    """Counts equal those of the exercise asked for by its name."""
    made = scenario(name, 21)
    kind = HoldEnded if made.truth["claimed"] in ("knee_to_chest", "hamstring_stretch", "figure_four") else RepCompleted
    named = [e.end_s for e in track(decoded(made), made.truth["claimed"]) if isinstance(e, kind)]
    found = [e for e in track(decoded(made), "auto") if isinstance(e, kind)]
    auto = [e.end_s for e in found if e.exercise == made.truth["claimed"]]
    assert auto == named


def test_everyday_movement_is_no_exercise() -> None:
    """Nothing is recognised or counted, and nothing is rejected either while no exercise is known."""
    events = track(decoded(scenario("negative", 21)), "auto")
    assert not [e for e in events if isinstance(e, ExerciseRecognised | RepCompleted | HoldEnded | RepRejected)]


def test_no_movement_is_counted_as_two_exercises(recordings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An own exercise looks like a figure four: when it is recognised in its place, what was counted is not again."""
    alike = replace(exercise("figure_four"), name="mine", band_deg=14.0)
    monkeypatch.setattr("coxa.host.exercises.spec._own", {alike.name: alike})
    events = track(read_csv(recordings / "kinematic" / "figure_four_2.csv.gz"), "auto")
    assert len([e for e in events if isinstance(e, ExerciseRecognised)]) > 3
    holds = sorted((e.start_s, e.end_s) for e in events if isinstance(e, HoldEnded))
    assert holds
    assert all(end_s <= next_s for (_, end_s), (next_s, _) in pairwise(holds))
