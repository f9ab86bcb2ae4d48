"""Nobody reads along: sockets of a whole session, permissions of the log, nothing that could run code from a file."""

from __future__ import annotations

import ast
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path

import pytest

from coxa.analysis.cohort import jobs, outcomes
from coxa.analysis.score import score_recordings
from coxa.cli import export
from coxa.cli.demo import Acted
from coxa.host.errors import RecordingError
from coxa.host.log import log_folder
from coxa.host.voice import load_phrases
from coxa.host.voice.engine import MachineVoice, NoVoiceError
from tests.helpers_log import write

ROOT = Path(__file__).parents[1]
COXA = str(Path(sys.executable).with_name("coxa"))
SPY = """
import os, sys
def note(event, args):
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"):
        with open(os.environ["SOCKETS"], "a") as file:
            file.write(f"{event} {args[1] if event != 'socket.getaddrinfo' else args[0]!r}\\n")
sys.addaudithook(note)
"""


@pytest.mark.parametrize("words", [("--page",), ("--voice", "coach")])
def test_a_session_talks_to_nobody_outside(words: tuple[str, ...], tmp_path: Path):
    """Claim: in a whole session, page or voice included, every address of every process is this machine's own."""
    (tmp_path / "sitecustomize.py").write_text(SPY)
    seen = tmp_path / "sockets"
    places = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(places), "SOCKETS": str(seen)}
    command = [COXA, "demo", "--fast", "--seed", "2", "--log", str(tmp_path / "log")]
    running = subprocess.Popen([*command, *words], env=environment, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    with running:
        for line in running.stdout:
            if "Ctrl-C" in line or line.startswith("log"):
                running.terminate()
    noted = seen.read_text().splitlines()
    assert any("connect" in line for line in noted), "the spy saw nothing: the sensor is reached through a socket"
    own = ("'127.0.0.1'", "'localhost'", "b'127.0.0.1'", "b'localhost'", "'::1'")
    assert [line for line in noted if not any(name in line for name in own)] == []


def test_the_log_is_its_owners_alone(tmp_path: Path):
    """Claim: no file and no folder of a log or of an export can be read by another user of the computer."""
    log, out = tmp_path / "log", tmp_path / "out"
    exports = ("csv", "recordings", "motion-bids", "fhir")
    command = [COXA, "demo", "--fast", "--seed", "2", "--log", str(log)]
    before = os.umask(0)
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for kind in exports:
            export.run(export.ExportRequest(kind, out / kind, log=str(log)))
    finally:
        os.umask(before)
    places = [log, *log.rglob("*"), *out.rglob("*")]
    assert {p.name for p in out.iterdir()} == set(exports)
    assert any(p.name == "packets.arrows" for p in places)
    assert [str(p) for p in places if stat.S_IMODE(p.stat().st_mode) & 0o077] == []


def test_no_file_is_ever_run():
    """Claim: coxa neither unpickles nor evaluates anything, nor hands words to a shell."""
    forbidden = {"pickle", "cPickle", "dill", "shelve", "marshal", "cloudpickle", "joblib"}
    for path in (ROOT / "coxa").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {a.name.split(".")[0] for a in node.names} | {(getattr(node, "module", "") or "").split(".")[0]}
                assert not names & forbidden, path
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                assert not (isinstance(node.func, ast.Name) and called in ("eval", "exec")), path
                assert not any(k.arg in ("shell", "allow_pickle") for k in node.keywords), path
                assert called not in ("read_pickle", "popen"), path
                assert not (called == "system" and ast.unparse(node.func) == "os.system"), path


def simulate(folder: Path):
    command = Acted(fast=True, seed=1).command(folder / "truth.json", None)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as sensor:
        assert sensor.stdout is not None
        assert b"ready" in sensor.stdout.readline()
        sensor.communicate()  # which ends it: nobody is there any more


def speak(folder: Path):  # noqa: ARG001
    with suppress(NoVoiceError):
        MachineVoice(load_phrases("en")).close()


def score(folder: Path):
    for name in ("a", "b"):
        (folder / f"{name}.csv").write_text("")
        (folder / f"{name}.truth.json").write_text("{}")
    with suppress(RecordingError):
        score_recordings([folder], None, 2)


def rescore(folder: Path):
    for day in (2, 3):
        write(folder / "log", day)
    assert len(list(outcomes(jobs(log_folder(str(folder / "log")), None, print), 2))) == 2


@pytest.mark.parametrize("work", [simulate, speak, score, rescore])
def test_no_module_of_the_current_folder_is_run(
    work: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Claim: who unpacked a folder and stands in it runs nothing of it, whatever processes a command begins."""
    for name in ("numpy", "pyttsx3", "pickle", "selectors"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write(__name__)")
    monkeypatch.chdir(tmp_path)
    with suppress(BrokenProcessPool, NoVoiceError):
        work(tmp_path)
    assert not (tmp_path / "ran").exists()
