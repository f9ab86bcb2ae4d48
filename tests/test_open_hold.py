"""A hold that was told to have begun is told to be over, or nothing more is known of the thigh."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from coxa.host.events import Event, HoldEnded, HoldStarted, RepCompleted, RepRejected, TrackingLost
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import track
from tests.helpers import bridges, cut, decoded, scenario, track_as_cut

RECORDINGS = sorted(Path("recordings").glob("*.csv.gz"))


def unanswered(events: Sequence[Event]) -> list[HoldStarted]:
    """Holds of which nothing more is told, though a later movement of the same exercise is."""
    left, begun = list[HoldStarted](), None
    for before, event in zip([None, *events], events, strict=False):
        match event:
            case HoldStarted():
                if begun is not None and before is not begun:
                    left.append(begun)
                begun = event
            case HoldEnded():
                assert begun is not None
                assert event.start_s == begun.start_s
                begun = None
            case RepRejected() if begun is not None and event.start_s <= begun.start_s < event.end_s:
                begun = None
            case RepCompleted() | RepRejected() if begun is not None and event.start_s > begun.start_s:
                left.append(begun)
                begun = None
            case TrackingLost():
                begun = None
            case _:
                pass
    return left


@pytest.mark.parametrize("exercise", ["figure_four", "hamstring_stretch", "hip_bridge", "knee_to_chest", "auto"])
@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: file.name.split(".")[0])
def test_each_hold_that_begins_ends(file: Path, exercise: str) -> None:
    """It ends, or does not count, or begins anew at once: a short stay on the way. However the stream is cut."""
    sizes = random.Random(1)
    assert unanswered(track_as_cut(cut(read_csv(file), lambda: sizes.randint(1, 700)), exercise)) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_hold_of_a_simulated_set_ends(seed: int) -> None:
    """The same for people who hold, let go early and lie down and get up in between."""
    for exercise in ("figure_four", "hamstring_stretch", "hip_bridge", "knee_to_chest"):
        events = track(decoded(scenario(exercise, seed)), exercise)
        assert any(isinstance(e, HoldStarted) for e in events)
        assert unanswered(events) == []


def test_a_bridge_held_for_a_moment_was_held_so_long() -> None:
    """Who hears 'hold' and lets the hips down again did a repetition, and is told how much of the hold there was."""
    events = track(decoded(bridges((6.0, 0.8, 6.0), 6.0, 1)), "hip_bridge")
    assert sum(isinstance(e, RepCompleted) for e in events) == 3
    held_s = [e.held_s for e in events if isinstance(e, HoldEnded)]
    assert held_s == pytest.approx([6.7, 1.5, 6.7], abs=0.4)
    assert unanswered(events) == []
