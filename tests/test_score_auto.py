"""`auto` is judged set by set: the right exercise in time, another one, or none."""

from __future__ import annotations

import pytest

from coxa.analysis.score_auto import judge_auto, mistaken
from coxa.analysis.score_truth import parse_truth
from coxa.host.events import Event, ExerciseRecognised, HoldStarted, RepCompleted

REPS = [(10.0 + 4 * k, 13.0 + 4 * k) for k in range(5)]


def raises() -> dict[str, object]:
    """Truth of one set of five raises from 8 to 32 s."""
    reps = [
        {"start_s": a, "peak_s": (a + b) / 2, "end_s": b, "rom_deg": 40.0, "kind": "full", "required": True}
        for a, b in REPS
    ]
    activities = [{"label": "set:leg_raise", "start_s": 8.0, "end_s": 32.0}]
    return {"exercise": "leg_raise", "side": "left", "reps": reps, "activities": activities, "negative": False}


def rep(exercise: str, k: int, decided_s: float) -> RepCompleted:
    """Repetition k of the set, said to be of `exercise`."""
    start_s, end_s = REPS[k]
    return RepCompleted(exercise, "left", k + 1, start_s, start_s + 1.5, end_s, 40.0, None, decided_s=decided_s)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([rep("leg_raise", 0, 17.5), rep("leg_raise", 1, 17.5)], "leg_raise"),
        ([rep("lunge", 0, 17.5)], "lunge"),
        ([rep("lunge", 0, 13.5), rep("leg_raise", 1, 17.5)], "leg_raise"),
        ([ExerciseRecognised("leg_raise", 2.0, 1.0, 5.0)], None),
        ([rep("leg_raise", 2, 25.0)], None),
        ([HoldStarted("hip_bridge", "left", 11.0, 12.0)], "hip_bridge"),
        ([], None),
    ],
)
def test_what_is_known_by_the_third_repetition(events: list[Event], said: str | None) -> None:
    """What was counted in this set in time speaks; a name from before the set, or one that comes too late, does not."""
    (judged,) = judge_auto(parse_truth(raises()), events)
    assert judged.said == said
    assert judged.right == (said == "leg_raise")


def test_a_mistake_between_sets_is_one() -> None:
    """Another exercise recognised anywhere is a mistake; where nothing was done, any one is."""
    said: list[Event] = [ExerciseRecognised(name, 50.0, 1.0, 55.0) for name in ("leg_raise", "figure_four")]
    assert [e.exercise for e in mistaken(parse_truth(raises()), said)] == ["figure_four"]
    assert len(mistaken(parse_truth({**raises(), "negative": True}), said)) == 2


def test_a_recording_without_set_windows_is_one_set() -> None:
    """Optical recordings have repetitions but no windows about their sets."""
    (judged,) = judge_auto(parse_truth({**raises(), "activities": []}), [rep("leg_raise", 2, 21.5)])
    assert judged.right
