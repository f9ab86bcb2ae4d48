"""The command at the edges: names with brackets, terminals without umlauts, full disks, bad places for pictures."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from coxa.cli.live_screen import LiveScreen
from coxa.cli.output import check_picture
from coxa.host.errors import SpecError
from coxa.host.link.sensor_link import LinkStatus
from coxa.host.routine import SetPlan
from coxa.host.voice import load_phrases
from tests.helpers import coxa_wide
from tests.helpers_recorded import write

RUN = [sys.executable, "-m", "coxa"]


def test_a_name_with_brackets_or_umlauts_is_shown_as_it_is(raises_csv: Path, tmp_path: Path) -> None:
    """What looks like the terminal's own marks in a file's name is a part of the name."""
    folder = tmp_path / "Übung [1"
    folder.mkdir()
    path = shutil.copy(raises_csv, folder / "red].csv")
    (tmp_path / "b[").mkdir()
    other = shutil.copy(raises_csv, tmp_path / "b[" / "red].csv")
    done = coxa_wide("replay", str(path), str(other), "--exercise", "lateral_leg_raise")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Übung [1" in done.stdout
    assert "b[/red].csv" in done.stdout


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize("name", ["Thigh[/]", "thigh [left]"])
def test_a_sensors_name_with_brackets_is_shown_as_it_is(name: str, terminal: bool) -> None:
    """Neither a terminal nor a pipe takes it for marks of its own."""
    out = io.StringIO()
    with LiveScreen(
        (SetPlan("lunge"),), Console(file=out, force_terminal=terminal, width=100), load_phrases()
    ) as screen:
        screen.status(LinkStatus(True, f"connected to {name}"))
    assert f"connected to {name}" in out.getvalue()


def test_what_the_encoding_of_the_output_lacks_is_replaced(raises_csv: Path, tmp_path: Path) -> None:
    """An ASCII pipe gets '?' for an umlaut, and everything else; a long path stays on one line, to be copied."""
    folder = tmp_path / ("a folder with a long name, " * 4 + "see")
    folder.mkdir()
    path = shutil.copy(raises_csv, folder / "Übung.csv")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [*RUN, "replay", str(path), "--exercise", "lateral_leg_raise"]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.splitlines()[0].startswith(str(path).encode("ascii", "replace") + b": 6 repetitions")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [["exercises"], ["decode", "witmotion", "5561fcffefff110800000000000098ff0d00f831"]])
def test_output_that_cannot_be_written_is_one_line(words: list[str]) -> None:
    """Standard output on a full disk: status 2 and the reason, be it noticed at once or only at the end."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*RUN, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are closed otherwise there")
def test_a_reader_that_has_gone_or_never_was_is_no_error(raises_csv: Path) -> None:
    """`coxa ... | head` and a closed standard output: no word, status 0."""
    words = ["replay", str(raises_csv), "--exercise", "lateral_leg_raise", "--jsonl"]
    read, write = os.pipe()
    os.close(read)
    gone = subprocess.run([*RUN, *words], stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    never = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *RUN, *words], stderr=subprocess.PIPE, text=True, check=False)
    assert [(d.returncode, d.stderr) for d in (gone, never)] == [(0, ""), (0, "")]


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed otherwise there")
def test_who_wants_no_messages_gets_the_result_alone(raises_csv: Path) -> None:
    """`2>&-`: counted as ever, and what is wrong strays not to standard output."""
    words = ["replay", str(raises_csv), "--exercise", "lateral_leg_raise", "--jsonl"]
    usual, closed = (
        subprocess.run(["sh", "-c", f'"$@" {end}', "sh", *RUN, *words], stdout=subprocess.PIPE, text=True, check=False)
        for end in ("2>/dev/null", "2>&-")
    )
    assert usual.stdout
    assert (closed.returncode, closed.stdout) == (0, usual.stdout)
    wrong = ["sh", "-c", '"$@" 2>&-', "sh", *RUN, "show", "--save", "x.foo"]
    assert subprocess.run(wrong, stdout=subprocess.PIPE, check=False).stdout == b""


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are closed otherwise there")
def test_a_demo_that_nobody_sees_the_end_of_has_not_succeeded(tmp_path: Path) -> None:
    """`coxa demo | head -1`: status 0 would say that everything counted is true, which was not looked at."""
    read, pipe = os.pipe()
    os.close(read)
    words = ["demo", "--fast", "--log", str(tmp_path)]
    gone = subprocess.run([*RUN, *words], stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)
    os.close(pipe)
    assert (gone.returncode, gone.stderr) == (1, "")


def test_a_report_is_not_written_over_itself(tmp_path: Path) -> None:
    """The same file for the page and the PDF: one line before the work, nothing made."""
    where = str(tmp_path / "report")
    done = coxa_wide("report", "--html", where, "--pdf", where, log=tmp_path)
    assert done.returncode == 2
    assert "the same file" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [["demo", "--fast", "--picture"], ["show", "--save"], ["plot", "session", "--save"]])
def test_a_bad_place_for_a_picture_is_said_before_the_work(words: list[str], tmp_path: Path) -> None:
    """No such folder, a folder itself, an ending that is no picture's: one line, nothing done, nothing made."""
    for place, why in ((tmp_path / "no" / "x.png", "no such folder"), (tmp_path, "is a folder"), ("x.foo", "PNG")):
        done = coxa_wide(*words, str(place), log=tmp_path / "log")
        assert (done.returncode, done.stdout) == (2, "")
        assert words[-1] in done.stderr
        assert why in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_place_without_the_right_to_write_is_said_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What may be written stands, as /dev/stdout does where its folder is not ours."""
    open_file = tmp_path / "open.png"
    open_file.touch()

    def denied(place: Path, _: int) -> bool:
        return place == open_file

    monkeypatch.setattr("coxa.cli.output.os.access", denied)
    check_picture("--save", open_file)
    with pytest.raises(SpecError, match=r"--save .*new\.png: no right to write there"):
        check_picture("--save", tmp_path / "new.png")


@pytest.mark.parametrize("option", ["--html", "--pdf"])
@pytest.mark.parametrize(("place", "why"), [(".", "is a folder; add a name, as report."), ("no/x", "no such folder")])
def test_a_bad_place_for_a_report_is_said_before_the_work(option: str, place: str, why: str, tmp_path: Path) -> None:
    """A folder, or no such folder: one line about the option; the log, which is not there either, is not asked."""
    done = coxa_wide("report", option, place, log=tmp_path / "log")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{option} {place}: " in done.stderr
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_store_for_new_results_that_cannot_be_used_is_said_first(tmp_path: Path) -> None:
    """`rescore --out` with an unknown kind of URL: one line, status 2."""
    done = coxa_wide("rescore", str(tmp_path), "--out", "foo://x")
    assert done.returncode == 2
    assert "foo://x: this kind of store cannot be used" in done.stderr


@pytest.mark.parametrize("columns", ["40", "80"])
@pytest.mark.parametrize(
    "words",
    [["sessions"], ["show"], ["trends"], ["rescore", "--workers", "1", "--all"], ["exercises"], ["sensors"]],
    ids=" ".join,
)
def test_no_terminal_is_too_narrow_for_a_table(words: list[str], columns: str, tmp_path: Path) -> None:
    """Figures and the names that one has to type are never cut off or left out; a narrow terminal wraps the lines."""
    folder, _ = write(tmp_path)
    env = {**os.environ, "COLUMNS": columns, "COXA_LOG": str(tmp_path)}
    done = subprocess.run([*RUN, *words], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0
    lines = [line for line in done.stdout.splitlines() if not line.startswith("…")]  # a trend not yet told from chance
    assert "…" not in "".join(lines)
    if words[0] in ("sessions", "show", "rescore"):
        assert folder.name in done.stdout
    if words == ["sessions"]:
        assert {"lasted", "reps", "kept"} <= set(done.stdout.split())


@pytest.mark.parametrize("seed", ["-1", "100000"])
def test_a_person_that_cannot_be_simulated_is_refused(seed: str) -> None:
    """A seed below 0 or too long for the sensor's name: said by the command itself, not by the simulator."""
    done = coxa_wide("demo", "--fast", "--seed", seed)
    assert done.returncode == 2
    assert "'--seed'" in done.stderr


def test_the_version_is_told() -> None:
    """One line, as a bug report needs it."""
    done = coxa_wide("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("coxa ")
