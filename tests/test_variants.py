"""Recordings that were changed as another person, sensor or exercise asked for would change them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from coxa.analysis.score_figures import figures
from coxa.analysis.score_truth import parse_truth
from coxa.host.events import Event, HoldEnded, RepCompleted, TrackingLost
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import beats_of, larger, track_beats
from tools.changes import ANOTHER, ROWS
from tools.variants import changed, scored


def counted(events: Iterable[Event]) -> list[tuple[float, float]]:
    """When what was counted began and ended."""
    return [(e.start_s, e.end_s) for e in events if isinstance(e, RepCompleted | HoldEnded)]


@pytest.mark.parametrize(
    ("name", "asked"),
    [("figure_four_2", "hip_circle"), ("lateral_leg_raise_2", "hip_circle"), ("knee_to_chest_3", "leg_raise"),
     ("negative_3", "lunge"), ("negative_5", "hip_circle"), ("negative_1", "figure_four"),
     ("negative_8", "figure_four")],
)  # fmt: skip
def test_walking_and_fidgeting_is_no_exercise(recordings: Path, name: str, asked: str) -> None:
    """Outside the sets nothing is counted, whatever is asked for."""
    recorded = changed(recordings / "kinematic" / f"{name}.csv.gz", "as it is")
    events = track_beats(beats_of(recorded.items), asked, recorded.truth.get("side"))
    sets = [a for a in recorded.truth["activities"] if a["label"].startswith("set:")]
    outside = [c for c in counted(events) if not any(s["start_s"] < c[1] and c[0] < s["end_s"] for s in sets)]
    assert outside == []


def test_slow_steps_are_no_raises(recordings: Path) -> None:
    """Walking at three quarters of the usual pace towards the mat counts nothing of what is done there."""
    recorded = changed(recordings / "kinematic" / "lateral_leg_raise_2.csv.gz", "in 1.33 of the time")
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
        pytest.param("hip_circle_4", "in 1.33 of the time", id="the last turn of slow circles stops early"),
        pytest.param("hip_circle_3", f"{ANOTHER}, 77", id="the way back to rest is no turn"),
        pytest.param("figure_four_1", f"{ANOTHER}, 40", id="the ankle is lifted on the way to a figure four"),
        pytest.param("figure_four_2", f"{ANOTHER}, 14", id="a crossed leg pauses before one sits back"),
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


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("ptx_s4_leg_raise_f", "at 100 Hz", id="the next raise begins before the leg is still"),
        pytest.param("ptx_s4_leg_raise_f", f"{ANOTHER}, 2", id="small raises seem to go beside each other"),
        pytest.param("ptx_s4_leg_raise_d", "in 0.87 of the time", id="one of a quick series is quicker still"),
        pytest.param("ptx_s4_lateral_leg_raise_e", f"{ANOTHER}, 10", id="and so is one of these"),
    ],
)
def test_real_blocks_of_ten_stay_ten(recordings: Path, name: str, change: str) -> None:
    """Real raises at another rate, tempo or of another sensor; each of these once lost one or more."""
    score = scored((recordings / "real" / f"{name}.csv", change, False)).score
    assert [b.counted for b in score.blocks] == [10, 10, 10]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("uiprmd_m03_s04", "in 0.75 of the time", id="a lunge sinks, however quick, where a step rises"),
        pytest.param("uiprmd_m06_s01", "in 0.75 of the time", id="nobody strides as far as a leg is raised"),
        pytest.param("uiprmd_m03_s05", f"{ANOTHER}, 2", id="a soft lunge among others like it"),
        pytest.param("uiprmd_m03_s04", f"{ANOTHER}, 1", id="losses on the way out of the first soft lunges"),
    ],
)
def test_quick_and_soft_repetitions_count(recordings: Path, name: str, change: str) -> None:
    """Nine of ten and more of somebody quick or soft-footed, whose repetitions were taken for steps or for none."""
    score = scored((recordings / "real" / f"{name}.csv", change, False)).score
    assert figures([score], "all", "all").reps_found >= 9


@pytest.mark.parametrize("asked", ["hip_circle", "leg_raise", "lateral_leg_raise", "lunge", "figure_four"])
def test_slow_walking_is_no_exercise(recordings: Path, asked: str) -> None:
    """Real walking in 1.33 of its time, recorded from the first step on: strides of 1.8 s wind round as circles do."""
    walks = sorted((recordings / "real").glob("walk_*.csv"))
    assert walks
    wrong = {w.name: counted(track_beats(beats_of(changed(w, "in 1.33 of the time").items), asked)) for w in walks}
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("person", [1, 2, 7, 10])
def test_circles_are_said_as_they_close(recordings: Path, person: int) -> None:
    """Somebody who leans out late (`hip_circle_4`) hears a turn when it is round, not half a turn later."""
    recorded = changed(recordings / "kinematic" / "hip_circle_4.csv.gz", f"{ANOTHER}, {person}")
    ends = sorted(r["end_s"] for r in recorded.truth["reps"])
    events = track_beats(beats_of(recorded.items), "hip_circle", recorded.truth["side"])
    said = [e for e in events if isinstance(e, RepCompleted)]
    closed = [e for e in said if e.decided_s - e.end_s < 0.5]
    after_the_first = [b for a, b in pairwise(closed) if b.start_s - a.end_s < 1.0]
    assert len(after_the_first) >= 5
    for turn in after_the_first:
        off_s = min(abs(turn.decided_s - end) for end in ends)
        assert off_s < 0.3 * (turn.end_s - turn.start_s)


def test_a_bridge_that_is_up_after_a_loss_is_no_rest(recordings: Path) -> None:
    """Found up in the air after 4 s without samples, the next ways down and up are counted, not called upside down."""
    score = scored((recordings / "kinematic" / "hip_bridge_3.csv.gz", f"{ANOTHER}, 27", False)).score
    assert figures([score], "all", "all").reps_found >= 2
    assert not [f for f in score.failures if "wrong direction" in f.cause]


@pytest.mark.parametrize("subject", ["s1", "s2", "s4"])
def test_a_dead_axis_is_told(recordings: Path, subject: str) -> None:
    """Every raise of subject 2, whose accelerometer is broken, warns; nobody else's does."""
    paths = sorted((recordings / "real").glob(f"ptx_{subject}_*leg_raise_*.csv"))
    assert paths
    for path in paths:
        events = track_beats(beats_of(larger(read_csv(path))), "leg_raise", "right")
        warned = any(isinstance(e, TrackingLost) and "does not follow the movement" in e.reason for e in events)
        assert warned == (subject == "s2"), path.name


def test_a_mirror_exchanges_directions(recordings: Path) -> None:
    """Circles seen in a mirror are as many, and go the other way round."""
    path = recordings / "kinematic" / "hip_circle_1.csv.gz"
    seen = [changed(path, change) for change in ("as it is", "mirrored")]
    said = [track_beats(beats_of(r.items), "hip_circle") for r in seen]
    here, there = ([e.direction for e in events if isinstance(e, RepCompleted)] for events in said)
    other = {"clockwise": "counterclockwise", "counterclockwise": "clockwise", None: None}
    assert here
    assert there == [other[d] for d in here]


def test_losses_that_overlap_are_lost_once(recordings: Path) -> None:
    """No repetition is less than not covered at all, however many losses fall on it."""
    truth = changed(recordings / "kinematic" / "leg_raise_4.csv.gz", f"{ANOTHER}, 14").truth
    covered = [entry["coverage"] for key in ("reps", "holds") for entry in truth[key]]
    assert 0.0 <= min(covered) < max(covered) <= 1.0


@pytest.mark.parametrize("change", ROWS)
def test_changed_truth_is_sound(recordings: Path, change: str) -> None:
    """Whatever a change makes of a recording's truth can be read, and each hold belongs to a repetition around it."""
    for name in ("hip_bridge_1", "knee_to_chest_1", "hip_circle_1"):
        truth = changed(recordings / "kinematic" / f"{name}.csv.gz", change).truth
        assert parse_truth(truth).exercise == truth["exercise"]
        for hold in truth["holds"]:
            rep = truth["reps"][hold["rep"]]
            assert rep["start_s"] <= hold["start_s"] + 1e-6
            assert hold["end_s"] <= rep["end_s"] + 1e-6
