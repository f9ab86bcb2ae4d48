"""Nobody does two repetitions at a time: each begins no sooner than the one before it has ended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from coxa.host.events import Event, RepCompleted
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import track
from coxa.host.samples import STANDARD_GRAVITY_MPS2, SampleBlock
from tests.helpers import decoded, scenario

HZ = 100.0


def overlaps(events: Sequence[Event]) -> list[tuple[float, float]]:
    """Ends of repetitions and the earlier starts of the next; each must hold its own peak."""
    reps = [e for e in events if isinstance(e, RepCompleted)]
    assert all(e.start_s <= e.peak_s <= e.end_s <= e.decided_s for e in reps)
    return [(a.end_s, b.start_s) for a, b in pairwise(reps) if b.start_s < a.end_s]


def circled(turns: int, turn_s: float, radius_deg: float) -> SampleBlock:
    """Circles through the rest pose: where it leads away from rest no longer, the hips are half way round."""
    t_s = np.arange(0.0, 4.0 + turns * turn_s + 4.0, 1.0 / HZ)
    phase = 2 * np.pi * np.clip((t_s - 4.0) / turn_s, 0, turns)
    away = np.column_stack([1 - np.cos(phase), np.sin(phase), np.zeros_like(t_s)])
    pose = Rotation.from_rotvec(np.radians(radius_deg) * away)
    turned = (pose[:-1].inv() * pose[1:]).as_rotvec() * HZ
    return SampleBlock(t_s, pose.inv().apply([0, 0, STANDARD_GRAVITY_MPS2]), np.vstack([turned, np.zeros((1, 3))]))


@pytest.mark.parametrize("turn_s", [2.6, 3.5, 5.0])
@pytest.mark.parametrize("radius_deg", [5.0, 9.0])
def test_circles_through_the_rest_pose_follow_each_other(turn_s: float, radius_deg: float) -> None:
    """The first turn ends where the second begins, a turn after the hips have left, and not half a turn later."""
    events = track([circled(5, turn_s, radius_deg)], "hip_circle")
    assert overlaps(events) == []
    first = next(e for e in events if isinstance(e, RepCompleted))
    assert first.end_s - first.start_s == pytest.approx(turn_s, rel=0.15)


@pytest.mark.parametrize("name", ["hip_circle", "lateral_leg_raise", "leg_raise_supine", "hip_bridge", "lunge"])
@pytest.mark.parametrize("seed", [1, 2])
def test_simulated_sets_do_not_overlap(name: str, seed: int) -> None:
    """The same for simulated people."""
    asked = "leg_raise" if name.startswith("leg_raise") else name
    assert overlaps(track(decoded(scenario(name, seed)), asked)) == []


def test_repetitions_of_real_thighs_do_not_overlap(recordings: Path) -> None:
    """All of them, counted as what they are and as anything else: a leg rested high, circles that are none."""
    wrong = dict[str, list[tuple[float, float]]]()
    for file in sorted((recordings / "real").glob("*leg_raise*.csv")):
        truth = json.loads(file.with_suffix(".truth.json").read_text())
        for asked in {truth["exercise"], "hip_circle"}:
            if found := overlaps(track(read_csv(file), asked)):
                wrong[f"{file.name} {asked}"] = found
    assert wrong == {}
