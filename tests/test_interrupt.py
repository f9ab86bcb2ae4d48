"""Ctrl-C in a terminal reaches every process in front: nobody prints a traceback, and no child is left."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from coxa.analysis.undisturbed import undisturbed
from coxa.cli.endings import end_requests
from coxa.cli.sensor_choice import stop_on_interrupt
from coxa.host.replay.csv_file import write_csv
from tests.helpers import decoded, heeding_ctrl_c, joined, missing, scenario
from tests.helpers_recorded import write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups to send signals to")
RUN = [sys.executable, "-m", "coxa"]
READY_S = 60.0
MORE_THAN_SOON_DONE = 400
"""So many recordings take longer than the moments at which Ctrl-C comes."""


def children(of: int) -> list[int]:
    """The processes that a process has started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(of)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def gone(begun: list[int]) -> bool:
    """Whether processes that were begun have ended, or do so now; those that have not are killed."""
    assert begun
    waited = time.monotonic() + READY_S / 4
    while (left := [pid for pid in begun if runs(pid)]) and time.monotonic() < waited:
        time.sleep(0.02)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return not left


def runs(pid: int) -> bool:
    """Whether there is such a process that has not ended; who waits to be reaped has."""
    said = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return said.stdout.strip()[:1] not in ("", "Z")


def interrupted(
    words: list[str], log: Path, when: float | Callable[[], bool], number: int = signal.SIGINT
) -> tuple[int, str, list[int]]:
    """Status, standard error and children when the signal comes, so many seconds after the first of them was started or
    once something has happened.

    Ctrl-C and a terminal that is closed reach all processes in front; SIGTERM and SIGKILL one.
    """
    env = {**os.environ, "COXA_LOG": str(log), "COLUMNS": "200"}
    none, pipe = subprocess.DEVNULL, subprocess.PIPE
    with heeding_ctrl_c():
        running = subprocess.Popen(
            [*RUN, *words], stdin=none, stdout=pipe, stderr=pipe, text=True, env=env, start_new_session=True
        )
    waited = time.monotonic() + READY_S
    while not (begun := children(running.pid)) and running.poll() is None and time.monotonic() < waited:
        time.sleep(0.02)
    if isinstance(when, float | int):
        time.sleep(when)
    else:
        while not when() and running.poll() is None and time.monotonic() < waited:
            time.sleep(0.02)
    begun = children(running.pid) or begun
    (os.killpg if number in (signal.SIGINT, signal.SIGHUP) else os.kill)(running.pid, number)
    _, said = running.communicate(timeout=READY_S)
    return running.returncode, said, begun


@pytest.mark.parametrize("after_s", [0.05, 0.6, 2.5])
def test_a_demo_that_is_stopped_says_nothing_and_leaves_nothing_running(after_s: float, tmp_path: Path) -> None:
    """While the simulated sensor is imported, switched on or connected: no traceback of ours or of the sensor's."""
    status, said, begun = interrupted(["demo", "--voice", "quiet"], tmp_path, after_s)
    assert (status, said) == (130, "")
    assert gone(begun)


def test_what_the_radio_library_warns_of_is_not_printed() -> None:
    """As of an answer that nobody waits for any more when a session is interrupted."""
    warn = "import coxa.host.link.bumble_backend, logging; logging.getLogger('bumble.gatt_client').warning('x')"
    assert subprocess.run([sys.executable, "-c", warn], capture_output=True, text=True, check=True).stderr == ""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_demo_that_the_system_ends_closes_its_session(number: int, status: int, tmp_path: Path) -> None:
    """As after Ctrl-C: nothing left to repair, nothing left running, the status of a program that a signal ended."""
    seen, said, begun = interrupted(["demo", "--voice", "quiet"], tmp_path, lambda: recorded(tmp_path), number)
    assert (seen, said) == (status, "")
    assert all(header_state(file) == "closed" for file in tmp_path.rglob("session.json"))
    assert gone(begun)


def recorded(log: Path) -> bool:
    """Whether packets of a session have been written."""
    return any(file.stat().st_size > 0 for file in log.rglob("packets.*"))


def header_state(file: Path) -> str:
    return json.loads(file.read_text())["state"]


def test_a_simulated_sensor_ends_with_who_started_it_while_it_still_computes(tmp_path: Path) -> None:
    """Killed outright, a demo of a very long routine leaves nothing computing for minutes."""
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps([{"exercise": "lateral_leg_raise", "side": "left", "reps": 100}] * 2000))
    pipe, none = subprocess.PIPE, subprocess.DEVNULL
    words = [sys.executable, "-m", "coxa.firmware_sim", "--plan", str(plan)]
    with subprocess.Popen(words, stdin=pipe, stdout=none) as sensor:
        assert sensor.stdin is not None
        sensor.stdin.close()
        try:
            assert sensor.wait(READY_S) == 0
        finally:
            sensor.kill()


def many_recordings(folder: Path) -> None:
    """More than are soon scored."""
    write_csv(folder / "0.csv", joined(decoded(scenario("lateral_leg_raise", 3))))
    for k in range(MORE_THAN_SOON_DONE):
        (folder / f"{k}.csv").write_bytes((folder / "0.csv").read_bytes())
        (folder / f"{k}.truth.json").write_text('{"exercise": "none", "negative": true, "reps": []}')


@pytest.mark.parametrize("after_s", [0.1, 1.5])
def test_scoring_that_is_stopped_says_nothing(after_s: float, tmp_path: Path) -> None:
    """Its processes print no tracebacks, neither while they import nor while they count."""
    many_recordings(tmp_path)
    status, said, begun = interrupted(["score", str(tmp_path), "--workers", "2"], tmp_path, after_s)
    assert (status, said) == (130, "")
    assert begun


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_begins_processes_is_interrupted_after_it(number: int) -> None:
    """A signal while they begin is neither lost nor heard before all have begun; those that began never hear Ctrl-C.

    Neither where another thread, as libraries have them, takes the signal first.
    """
    heard, begun, done = list[int](), False, threading.Event()
    threading.Thread(target=done.wait).start()

    def hear(came: int, _: object) -> None:
        heard.append(came)

    before = signal.signal(number, hear)
    try:
        with undisturbed():
            os.kill(os.getpid(), number)
            ask = "import signal; print(*signal.pthread_sigmask(signal.SIG_BLOCK, ()))"
            deaf = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
            begun = not heard
    finally:
        signal.signal(number, before)
        done.set()
    assert begun
    assert heard == [number]
    assert str(int(signal.SIGINT)) in deaf.split()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_scoring_that_is_ended_leaves_no_process_at_work(number: int, tmp_path: Path) -> None:
    """Asked to end or killed: those that it began end too, and not when they have scored everything."""
    many_recordings(tmp_path)
    status, said, begun = interrupted(["score", str(tmp_path), "--workers", "2"], tmp_path, 6.0, number)
    assert (status, "Traceback" in said) == (143 if number == signal.SIGTERM else -9, False)
    assert gone(begun)


@pytest.mark.parametrize("after_s", [0.3, 6.0])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_counting_anew_that_is_stopped_says_nothing(number: int, status: int, after_s: float, tmp_path: Path) -> None:
    """While Dask's processes are begun and later: no traceback of theirs or of Dask's, and none of them stays."""
    if find_spec("distributed") is None:
        missing("no distributed", "(the extra `cohort` is not installed)")
    first, _ = write(tmp_path)
    header = (first / "session.json").read_text()
    for k in range(MORE_THAN_SOON_DONE):
        other = first.with_name(f"20260101T{k // 60:04}{k % 60:02}-aaaaaa")
        shutil.copytree(first, other, ignore=shutil.ignore_patterns("*.parquet"))  # they tell whose they are
        (other / "session.json").write_text(header.replace(first.name, other.name))
    seen, said, begun = interrupted(["rescore", "--workers", "2"], tmp_path, after_s, number)
    assert (seen, said) == (status, "")
    assert gone(begun)


IN_THE_END = "import atexit; atexit.register(slow); sys.argv[1:] = ['--version']; main()"
CLEARED_AWAY = """
class Kept:
    def __del__(self): slow()
from coxa.cli import main as module
register = module._register
def begin(): register(); Kept()
module._register = begin; sys.argv[1:] = ['exercises']; main()"""
TELLING = """
from coxa.cli import main as module
from coxa.host.errors import LogError
class Told(LogError):
    def __str__(self): slow(); return 'x'
def fail(): raise Told
module._register = fail; main()"""


@pytest.mark.parametrize("program", [IN_THE_END, CLEARED_AWAY, TELLING])
def test_ctrl_c_that_comes_while_python_clears_up_is_heard(program: str) -> None:
    """When all is printed, while an object is cleared away, while an error is told: no 'Exception ignored', and 130."""
    slow = "def slow(): print('now', file=sys.stderr, flush=True); time.sleep(10)"
    words = [sys.executable, "-c", f"import sys, time; from coxa.cli.main import main\n{slow}\n{program}"]
    with heeding_ctrl_c():
        running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    running.stderr.readline()
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=READY_S)
    assert (running.returncode, said) == (130, "")


def test_ctrl_c_while_the_command_is_imported_just_ends_it(tmp_path: Path) -> None:
    """Claim: the first moments, before coxa can put anything in order, end without a word, with the signal's status."""
    (tmp_path / "typer.py").write_text("import sys, time\nprint('here', file=sys.stderr, flush=True)\ntime.sleep(60)\n")
    with heeding_ctrl_c():
        path = os.pathsep.join([str(tmp_path), str(Path.cwd()), os.environ.get("PYTHONPATH", "")])
        running = subprocess.Popen([*RUN, "--help"], stderr=subprocess.PIPE, text=True, cwd=tmp_path,
                                   env={**os.environ, "PYTHONPATH": path})  # fmt: skip
    assert running.stderr is not None
    assert running.stderr.readline() == "here\n"
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=READY_S)
    assert (running.returncode, said) == (-signal.SIGINT, "")


class _DeafLoop(asyncio.SelectorEventLoop):
    """One that takes no signals, as that of Windows."""

    def add_signal_handler(self, sig: int, callback: Callable[..., object], *args: object) -> None:
        raise NotImplementedError


@pytest.mark.parametrize("interrupted", [True, False])
def test_ctrl_c_ends_a_session_in_order_where_the_loop_takes_no_signals(interrupted: bool) -> None:
    """The session is told to stop, and only once; after it Ctrl-C is an interrupt again."""

    async def session() -> bool:
        stopped = asyncio.Event()
        stop_on_interrupt(stopped)
        if interrupted:
            signal.raise_signal(signal.SIGINT)
            await asyncio.wait_for(stopped.wait(), 5.0)
        return stopped.is_set()

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *end_requests())}
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with asyncio.Runner(loop_factory=_DeafLoop) as runner:
            assert runner.run(session()) == interrupted
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
