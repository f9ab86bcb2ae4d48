"""Recordings that were changed as another person, sensor or exercise asked for would change them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from coxa.analysis.score_figures import figures
from coxa.host.events import Event, HoldEnded, RepCompleted, TrackingLost
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import beats_of, larger, track_beats
from tools.changes import ANOTHER, mirrored, same
from tools.changes_of_person import slower
from tools.recorded import Change, Recorded
from tools.variants import scored


def changed(path: Path, change: Change) -> Recorded:
    """A recording after a change, and its truth."""
    truth = json.loads(path.with_name(path.name.split(".csv")[0] + ".truth.json").read_text("utf-8"))
    return change(Recorded(list(larger(read_csv(path))), truth), np.random.default_rng(1))


def counted(events: Iterable[Event]) -> list[tuple[float, float]]:
    """When what was counted began and ended."""
    return [(e.start_s, e.end_s) for e in events if isinstance(e, RepCompleted | HoldEnded)]


@pytest.mark.parametrize(
    ("name", "asked"),
    [("figure_four_2", "hip_circle"), ("lateral_leg_raise_2", "hip_circle"), ("knee_to_chest_3", "leg_raise"),
     ("negative_3", "lunge"), ("negative_5", "hip_circle")],
)  # fmt: skip
def test_walking_and_fidgeting_is_no_exercise(recordings: Path, name: str, asked: str) -> None:
    """Outside the sets nothing is counted, whatever is asked for."""
    recorded = changed(recordings / "kinematic" / f"{name}.csv.gz", same)
    events = track_beats(beats_of(recorded.items), asked, recorded.truth.get("side"))
    sets = [a for a in recorded.truth["activities"] if a["label"].startswith("set:")]
    outside = [c for c in counted(events) if not any(s["start_s"] < c[1] and c[0] < s["end_s"] for s in sets)]
    assert outside == []


def test_slow_steps_are_no_raises(recordings: Path) -> None:
    """Walking at three quarters of the usual pace towards the mat counts nothing of what is done there."""
    recorded = changed(recordings / "kinematic" / "lateral_leg_raise_2.csv.gz", slower(1.33))
    events = track_beats(beats_of(recorded.items), "lateral_leg_raise", recorded.truth["side"])
    walks = [(a["start_s"], a["end_s"]) for a in recorded.truth["activities"] if a["label"] == "walk"]
    assert walks
    assert [c for c in counted(events) if any(c[0] < end and start < c[1] for start, end in walks)] == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("leg_raise_4", "in 0.87 of the time", id="quick large raises shake more than steps may"),
        pytest.param("leg_raise_4", "1.25 of the range", id="so do larger ones"),
        pytest.param("knee_to_chest_3", "in 0.87 of the time", id="a knee let go is no walking"),
        pytest.param("hamstring_stretch_1", "1.25 of the range", id="a shaken strap is no walking"),
        pytest.param("hamstring_stretch_3", "1.25 of the range", id="a leg is lifted before it is put out"),
        pytest.param("hip_circle_2", "in 0.87 of the time", id="circles after a short rest"),
        pytest.param("hip_circle_3", "in 0.87 of the time", id="circles that knock"),
        pytest.param("hip_circle_4", "0.75 of the range", id="the last turn stops short of where the first began"),
        pytest.param("hip_circle_1", f"{ANOTHER}, 15", id="the rest before circles is lost with the radio"),
        pytest.param("hip_circle_3", f"{ANOTHER}, 20", id="walking off and turning is no circle"),
        pytest.param("leg_raise_4", f"{ANOTHER}, 13", id="the weight is shifted before a set"),
        pytest.param("leg_raise_1", f"{ANOTHER}, 11", id="and before another"),
        pytest.param("leg_raise_2", f"{ANOTHER}, 9", id="nearly half of a raise is lost"),
        pytest.param("leg_raise_1", f"{ANOTHER}, 49", id="slow raises, an accelerometer half a m/s2 off"),
        pytest.param("leg_raise_4", f"{ANOTHER}, 46", id="walking off after the other leg's set is no raise"),
        pytest.param("leg_raise_2", f"{ANOTHER}, 44", id="a set begins right after a loss"),
        pytest.param("leg_raise_2", f"{ANOTHER}, 69", id="raises before the first rest, a partial one between"),
        pytest.param("lateral_leg_raise_3", f"{ANOTHER}, 41", id="rolled over and begun at once"),
        pytest.param("hip_circle_3", f"{ANOTHER}, 55", id="circles that knock from the first on"),
        pytest.param("hip_circle_3", f"{ANOTHER}, 47", id="two steps are no circle"),
        pytest.param("figure_four_1", f"{ANOTHER}, 40", id="the ankle is lifted on the way to a figure four"),
        pytest.param("lunge_4", f"{ANOTHER}, 40", id="lunges are no walking"),
        pytest.param("lunge_2", f"{ANOTHER}, 79", id="nor after a turn on the spot"),
    ],
)
def test_sets_stay_exact_for_another_person(recordings: Path, name: str, change: str) -> None:
    """Sets done otherwise are counted exactly; each of these once was not."""
    score = scored((recordings / "kinematic" / f"{name}.csv.gz", change, False)).score
    f = figures([score], "all", "all")
    assert f.sets > 0
    assert (f.sets_exact, score.failures) == (f.sets, [])


def test_a_bridge_that_is_up_after_a_loss_is_no_rest(recordings: Path) -> None:
    """Found up in the air after 4 s without samples, the next ways down and up are counted, not called upside down."""
    score = scored((recordings / "kinematic" / "hip_bridge_3.csv.gz", f"{ANOTHER}, 27", False)).score
    assert figures([score], "all", "all").reps_found >= 2
    assert not [f for f in score.failures if "wrong direction" in f.cause]


@pytest.mark.parametrize("subject", ["s1", "s2", "s4"])
def test_a_dead_axis_is_told(recordings: Path, subject: str) -> None:
    """Every raise of subject 2, whose accelerometer is broken, warns; nobody else's does."""
    for path in sorted((recordings / "real").glob(f"ptx_{subject}_*leg_raise_*.csv")):
        events = track_beats(beats_of(larger(read_csv(path))), "leg_raise", "right")
        warned = any(isinstance(e, TrackingLost) and "does not follow the movement" in e.reason for e in events)
        assert warned == (subject == "s2"), path.name


def test_a_mirror_exchanges_directions(recordings: Path) -> None:
    """Circles seen in a mirror are as many, and go the other way round."""
    path = recordings / "kinematic" / "hip_circle_1.csv.gz"
    seen = [changed(path, change) for change in (same, mirrored)]
    said = [track_beats(beats_of(r.items), "hip_circle") for r in seen]
    here, there = ([e.direction for e in events if isinstance(e, RepCompleted)] for events in said)
    other = {"clockwise": "counterclockwise", "counterclockwise": "clockwise", None: None}
    assert here
    assert there == [other[d] for d in here]
