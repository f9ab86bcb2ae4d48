"""The recordings that come with the project are the simulator's, and are counted as their truth says."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import numpy as np
import pytest

from coxa.analysis.score import score_recordings
from coxa.firmware_sim.record import write
from coxa.firmware_sim.scenario import build

FOLDER = Path(__file__).parents[1] / "recordings"
NAMES = ["leg_raise_supine", "lateral_leg_raise", "hip_circle", "knee_to_chest", "negative"]
NUMBER = re.compile(r"-?\d+\.\d+")
"""Seconds to 0.001, degrees to 0.01: what another machine may round otherwise."""


def rows(path: Path) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """(n, 7) time, acceleration and rate of every sample."""
    with gzip.open(path, "rt") as file:
        return np.loadtxt(file, delimiter=",", skiprows=1)


@pytest.mark.parametrize("name", NAMES)
def test_they_can_be_made_again(tmp_path: Path, name: str) -> None:
    """The same seed gives the recording that is kept, to the last row but for rounding of other machines."""
    write(build(name, 11, 50.0), tmp_path, f"{name}_11")
    made, kept = (rows(p / f"{name}_11.csv.gz") for p in (tmp_path, FOLDER))
    assert made.shape == kept.shape
    assert np.abs(made - kept).max() < 0.01  # m/s2 and rad/s: a step or two of the sensor
    true, was = ((p / f"{name}_11.truth.json").read_text() for p in (tmp_path, FOLDER))
    assert NUMBER.sub("#", true) == NUMBER.sub("#", was)
    assert [*map(float, NUMBER.findall(true))] == pytest.approx([*map(float, NUMBER.findall(was))], abs=0.011)


def test_they_are_counted_right() -> None:
    """Every set exact, as `coxa score recordings` prints."""
    report = score_recordings([FOLDER], workers=1)
    (total,) = report.totals
    assert (total.sets_exact, total.reps_false) == (total.sets, 0), report.failures
