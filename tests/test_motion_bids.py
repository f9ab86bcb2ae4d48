"""A Motion-BIDS dataset holds the very samples and counts of the log, and the standard's own validator takes it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.analysis.export.motion_bids import EVENT_NUMBERS, rates_hz, with_gaps, write_motion_bids
from coxa.analysis.load import LogFrames, load
from coxa.host.errors import LogError
from tests.helpers import missing
from tests.helpers_recorded import write


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with two simulated sessions of two persons."""
    folder = tmp_path_factory.mktemp("bids") / "log"
    for person in ("Ann", "Bob"):
        made, _ = write(folder)
        header = json.loads((made / "session.json").read_text())
        header |= {"person": person, "sensor": {"name": "thigh one", "address": "AA:BB:CC:DD:EE:FF"}}
        (made / "session.json").write_text(json.dumps(header))
    return folder


@pytest.fixture(scope="module")
def frames(log: Path) -> LogFrames:
    return load(str(log))


def _dataset(frames: LogFrames, folder: Path, *, hide: bool = False) -> Path:
    folder.mkdir()
    write_motion_bids(frames, folder, hide=hide, tell=pytest.fail)
    return folder


def _one(folder: Path, pattern: str) -> Path:
    return sorted(folder.rglob(pattern))[0]


def _table(path: Path, **how: Any) -> pd.DataFrame:
    return pd.read_csv(path, sep="\t", na_values="n/a", **how)


def test_the_samples_come_back(frames: LogFrames, tmp_path: Path) -> None:
    """Every value to the last digit, time to a microsecond, columns as channels.tsv says, in SI units."""
    dataset = _dataset(frames, tmp_path / "d")
    true = pd.read_parquet(Path(frames.sessions["folder"].iloc[0]) / "samples.parquet")
    channels = _table(_one(dataset, "*_channels.tsv"))
    back = _table(_one(dataset, "*_motion.tsv"), header=None, dtype="float64").dropna()
    assert channels["units"].tolist() == ["s", *["m/s^2"] * 3, *["rad/s"] * 3]
    assert channels["type"].tolist() == ["LATENCY", *["ACCEL"] * 3, *["GYRO"] * 3]
    assert channels["component"].tolist()[1:] == ["x", "y", "z"] * 2
    assert len(back) == len(true) > 1000
    assert np.array_equal(back.iloc[:, 1:].to_numpy().astype("float32"), true.iloc[:, 1:].to_numpy())
    assert back[0].to_numpy() == pytest.approx((true["t_s"] - true["t_s"].iloc[0]).to_numpy(), abs=1e-6)


def test_the_counts_come_back(frames: LogFrames, tmp_path: Path) -> None:
    """One event a repetition, rejection and hold, at its place among the samples."""
    events = _table(_one(_dataset(frames, tmp_path / "d"), "*_events.tsv"))
    name = frames.sessions["session_id"].iloc[0]
    reps = frames.reps[frames.reps["session_id"] == name].sort_values("start_s", kind="stable")
    first_s = pd.read_parquet(Path(frames.sessions["folder"].iloc[0]) / "samples.parquet")["t_s"].iloc[0]
    told = events[events["trial_type"] != "hold"]
    assert (told["trial_type"] == "repetition").tolist() == reps["counted"].tolist()
    assert told["onset"].tolist() == pytest.approx((reps["start_s"] - first_s).tolist(), abs=1e-4)
    assert told["rom_deg"].tolist() == pytest.approx(reps["rom_deg"].tolist(), abs=1e-3, nan_ok=True)
    assert set(EVENT_NUMBERS) < set(json.loads(_one(tmp_path, "*_events.json").read_text()))


def test_simulated_data_is_marked_everywhere(frames: LogFrames, tmp_path: Path) -> None:
    """The dataset, each participant, each recording and its sidecar say so."""
    dataset = _dataset(frames, tmp_path / "d")
    assert "simulated" in json.loads((dataset / "dataset_description.json").read_text())["Name"]
    assert "SIMULATED" in (dataset / "README.md").read_text()
    assert _table(dataset / "participants.tsv")["simulated"].tolist() == [True, True]
    assert _table(_one(dataset, "*_scans.tsv"))["simulated"].tolist() == [True]
    assert json.loads(_one(dataset, "*_motion.json").read_text())["TaskDescription"].startswith("SIMULATED")


def test_anonymous_keeps_persons_apart_and_tells_none(frames: LogFrames, tmp_path: Path) -> None:
    """Two persons stay two, under numbers; no name, id, address, day or seed is in any file or file name."""
    plain, hidden = _dataset(frames, tmp_path / "p"), _dataset(frames, tmp_path / "h", hide=True)
    session = frames.sessions.iloc[0]
    telling = ("Ann", "Bob", "AA:BB", "thigh one", f"{session['started_at']:%Y-%m-%d}", session["session_id"][:8])
    text = {
        folder: "\n".join(f"{p.relative_to(folder)}\n{p.read_text()}" for p in folder.rglob("*") if p.is_file())
        for folder in (plain, hidden)
    }
    for word in telling:
        assert word in text[plain]
        assert word not in text[hidden]
    assert _table(hidden / "participants.tsv")["participant_id"].tolist() == ["sub-001", "sub-002"]


def test_the_validator_of_the_standard_finds_no_error(frames: LogFrames, tmp_path: Path) -> None:
    """Both kinds of dataset pass the BIDS validator."""
    program = shutil.which("bids-validator-deno", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        missing("no bids-validator-deno here", "(pip install -e .[dev])")
    for hide in (False, True):
        dataset = _dataset(frames, tmp_path / f"hide{hide}", hide=hide)
        ran = subprocess.run([program, "--format", "json", str(dataset)], capture_output=True, text=True, check=False)
        issues = json.loads(ran.stdout)["issues"]["issues"]
        assert [i for i in issues if i["severity"] == "error"] == []
        assert ran.returncode == 0
        (dataset / "sub-001" / "stray.txt").write_text("x")  # it does look
        assert subprocess.run([program, str(dataset)], capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("lost", [0, 7])
def test_a_clock_of_whole_milliseconds_tells_the_true_rate(lost: int) -> None:
    """At 400 Hz its steps are of 2 and of 3 ms, and neither is the period; nor is one over lost samples."""
    t_s = np.delete(np.round(np.arange(400) / 400.0, 3), range(200, 200 + lost))
    nominal_hz, effective_hz = rates_hz(t_s)
    assert nominal_hz == 400.0
    assert effective_hz == pytest.approx(400.0, rel=0.005)


@given(st.lists(st.integers(1, 40), min_size=60, max_size=80), st.floats(0.004, 0.04))
def test_rows_keep_time(steps: list[int], period_s: float) -> None:
    """Whatever is lost, be it one sample, no sample is changed, and a row's number tells its time."""
    steps = [s if k % 10 == 0 else 1 for k, s in enumerate(steps)]
    t_s = np.concatenate([[0.0], np.cumsum(steps)]) * period_s
    table = with_gaps(pd.DataFrame({"t_s": t_s, "ax_mps2": np.arange(len(t_s), dtype=float)}))
    assert np.array_equal(table.dropna()["t_s"], t_s)
    assert table["t_s"].to_numpy() == pytest.approx(np.arange(len(table)) * period_s, abs=1e-9)


def test_a_session_without_samples_is_said(frames: LogFrames, tmp_path: Path) -> None:
    """Missing or damaged samples: one line for each; nothing else to export: an error, not an empty dataset."""
    told = list[str]()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "samples.parquet").write_bytes(b"PAR1 no PAR1")
    elsewhere = frames.sessions.assign(folder=[str(tmp_path / "a"), str(tmp_path / "b")])
    with pytest.raises(LogError, match="no session has samples"):
        write_motion_bids(
            LogFrames(elsewhere, frames.sets, frames.reps, frames.holds), tmp_path, hide=False, tell=told.append
        )
    assert [len(line.splitlines()) for line in told] == [1, 1]
    assert "no samples" in told[0]
    assert "cannot be read" in told[1]
