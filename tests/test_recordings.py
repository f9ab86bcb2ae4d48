"""The recordings that come with the project are the simulator's, and are counted as their truth says."""

from __future__ import annotations

from pathlib import Path

import pytest

from coxa.analysis.score import score_recordings
from coxa.firmware_sim.record import write
from coxa.firmware_sim.scenario import build

FOLDER = Path(__file__).parents[1] / "recordings"
NAMES = ["leg_raise_supine", "lateral_leg_raise", "hip_circle", "knee_to_chest", "negative"]


@pytest.mark.parametrize("name", NAMES)
def test_they_can_be_made_again(tmp_path: Path, name: str) -> None:
    """The same seed gives the recording that is kept, to the last row but for rounding of other machines."""
    write(build(name, 11, 50.0), tmp_path, f"{name}_11")
    made, kept = (len((p / f"{name}_11.csv.gz").read_bytes()) for p in (tmp_path, FOLDER))
    assert made == pytest.approx(kept, rel=0.001)


def test_they_are_counted_right() -> None:
    """Every set exact, as `coxa score recordings` prints."""
    report = score_recordings([FOLDER], workers=1)
    (total,) = report.totals
    assert (total.sets_exact, total.reps_false) == (total.sets, 0), report.failures
