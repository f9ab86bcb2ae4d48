"""Real thighs: recordings with truth, where they are at hand. Floors under the figures of docs/evidence.md."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coxa.analysis.score import score_recordings
from coxa.host.events import HoldEnded, RepCompleted
from coxa.host.exercises.spec import library
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import track

RAISES = [
    "ptx_s1_leg_raise_d",
    "ptx_s1_lateral_leg_raise_e",
    "ptx_s1_leg_raise_f",
    "ptx_s4_leg_raise_d",
    "ptx_s4_lateral_leg_raise_e",
    "ptx_s4_leg_raise_f",
]


def counts(path: Path, exercise: str) -> list[RepCompleted | HoldEnded]:
    return [e for e in track(read_csv(path), exercise) if isinstance(e, RepCompleted | HoldEnded)]


@pytest.mark.parametrize("name", RAISES)
def test_thirty_raises_are_thirty(recordings: Path, name: str) -> None:
    """Ten correct, ten fast, ten low: each file within one (the two-degree block of subject 1 aside)."""
    truth = json.loads((recordings / "real" / f"{name}.truth.json").read_text())
    got = counts(recordings / "real" / f"{name}.csv", truth["exercise"])
    blocks = truth["blocks"][:2] if name == "ptx_s1_leg_raise_f" else truth["blocks"]
    peaks = [e.peak_s for e in got if isinstance(e, RepCompleted)]
    inside = [sum(b["start_s"] - 1 <= p <= b["end_s"] + 1 for p in peaks) for b in blocks]
    assert abs(sum(inside) - 10 * len(blocks)) <= 1, inside
    assert sum(inside) == len(peaks)


@pytest.mark.parametrize("subject", ["s01", "s02", "s03", "s04", "s05"])
def test_standing_raises_from_motion_capture(recordings: Path, subject: str) -> None:
    """Ten of ten, within one."""
    got = counts(recordings / "real" / f"uiprmd_m06_{subject}.csv", "leg_raise")
    assert abs(len(got) - 10) <= 1


def test_nothing_is_counted_where_nothing_was_done(recordings: Path) -> None:
    """Walking, arm exercises, the other leg's exercises: zero, whatever is asked for."""
    truths = [t for t in sorted((recordings / "real").glob("*.truth.json")) if "_s2_" not in t.name]
    names = [t.name.removesuffix(".truth.json") for t in truths if json.loads(t.read_text()).get("negative")]
    assert len(names) > 20
    wrong = list[str]()
    for name in names:
        items = read_csv(recordings / "real" / f"{name}.csv")
        wrong += [
            f"{name} {asked}"
            for asked in library()
            if any(isinstance(e, RepCompleted | HoldEnded) for e in track(items, asked))
        ]
    assert wrong == []


def test_kinematic_floor(recordings: Path) -> None:
    """All eight exercises on the kinematic recordings: a floor under what `coxa score` prints."""
    report = score_recordings([recordings / "kinematic"], workers=2)
    (total,) = report.totals
    assert total.f1 is not None
    assert total.f1 > 0.985
    assert min(e.f1 or 0.0 for e in report.exercises) > 0.96
    assert total.sets_exact / total.sets > 0.92
    assert total.sets_within_one / total.sets > 0.98
    assert total.false_outside_sets == 0
    assert (total.holds_found, total.holds_false) == (total.holds_required, 0)
    assert total.direction_accuracy is not None
    assert total.direction_accuracy > 0.98
    assert total.hold_error_median_s is not None
    assert total.hold_error_median_s < 0.3
    assert total.hold_error_p90_s is not None
    assert total.hold_error_p90_s < 1.0
    assert total.true_latency_median_s is not None
    assert total.true_latency_median_s < 0.2
    assert total.true_latency_p95_s is not None
    assert total.true_latency_p95_s < 0.6
    assert total.rom_mae_deg is not None
    assert total.rom_mae_deg < 1.5
    assert sum(n.false for n in report.negatives) == 0
    assert total.auto_right / total.auto_sets >= 0.93
    assert total.auto_wrong == 0
