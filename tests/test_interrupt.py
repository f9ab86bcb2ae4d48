"""Ctrl-C in a terminal reaches every process in front: nobody prints a traceback, and no child is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coxa.host.replay.csv_file import write_csv
from tests.helpers import decoded, heeding_ctrl_c, joined, scenario

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups to send signals to")
RUN = [sys.executable, "-c", "from coxa.cli.main import main; main()"]
READY_S = 60.0
MORE_THAN_SOON_DONE = 60
"""So many recordings take longer than the moments at which Ctrl-C comes."""


def children(of: int) -> list[int]:
    """The processes that a process has started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(of)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def interrupted(words: list[str], log: Path, after_s: float) -> tuple[int, str, list[int]]:
    """Status, standard error and children when Ctrl-C comes so long after the first of them was started."""
    env = {**os.environ, "COXA_LOG": str(log), "COLUMNS": "200"}
    none, pipe = subprocess.DEVNULL, subprocess.PIPE
    with heeding_ctrl_c():
        running = subprocess.Popen(
            [*RUN, *words], stdin=none, stdout=pipe, stderr=pipe, text=True, env=env, start_new_session=True
        )
    waited = time.monotonic() + READY_S
    while not (begun := children(running.pid)) and running.poll() is None and time.monotonic() < waited:
        time.sleep(0.02)
    time.sleep(after_s)
    begun = children(running.pid) or begun
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=READY_S)
    return running.returncode, said, begun


@pytest.mark.parametrize("after_s", [0.05, 0.6, 2.5])
def test_a_demo_that_is_stopped_says_nothing_and_leaves_nothing_running(after_s: float, tmp_path: Path) -> None:
    """While the simulated sensor is imported, switched on or connected: no traceback of ours or of the sensor's."""
    status, said, begun = interrupted(["demo", "--voice", "quiet"], tmp_path, after_s)
    assert (status, said) == (130, "")
    assert begun
    for pid in begun:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize("after_s", [0.1, 1.5])
def test_scoring_that_is_stopped_says_nothing(after_s: float, tmp_path: Path) -> None:
    """Its processes print no tracebacks, neither while they import nor while they count."""
    write_csv(tmp_path / "0.csv", joined(decoded(scenario("lateral_leg_raise", 3))))
    for k in range(MORE_THAN_SOON_DONE):
        (tmp_path / f"{k}.csv").write_bytes((tmp_path / "0.csv").read_bytes())
        (tmp_path / f"{k}.truth.json").write_text('{"exercise": "none", "negative": true, "reps": []}')
    status, said, begun = interrupted(["score", str(tmp_path), "--workers", "2"], tmp_path, after_s)
    assert (status, said) == (130, "")
    assert begun
