"""A log, or a place beside it, that one may not read or write: what and why in one clear line, and nothing hidden."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from upath import UPath

from coxa.analysis.plots.session import draw_session
from coxa.cli.sessions import check_log
from coxa.host.log import open_session, repair_log
from tests.helpers import missing
from tests.helpers_log import coxa_on
from tests.helpers_recorded import write

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders have no such permissions on Windows")
SOMEBODY = 65534


def barred(place: Path) -> None:
    """From now on nobody but its owner, who is somebody else, and `root` may read or change it."""
    place.chmod(0)
    if os.geteuid() == 0:
        os.chown(place, SOMEBODY, SOMEBODY)


def held_to_rights() -> list[str]:
    """What a command begins with, so that rights bind it though the tests run as root."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        missing("no setpriv", "(of util-linux), without which root may read everything")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]


def coxa(log: Path, out: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    """The command about that log, held to rights."""
    return coxa_on(log, out, words, under=held_to_rights())


def two(log: Path) -> tuple[Path, Path]:
    """A session and a later one, of another day."""
    first, _ = write(log)
    later = log / "sessions" / "date=2099-01-01" / f"20990101T080000{first.name[15:]}"
    shutil.copytree(first, later)
    header = (later / "session.json").read_text()
    header = header.replace(f"{first.name[:4]}-{first.name[4:6]}-{first.name[6:8]}T", "2099-01-01T")
    (later / "session.json").write_text(header.replace(first.name, later.name))
    return first, later


@pytest.mark.parametrize("what", ["day", "session", "header"])
def test_what_one_may_not_read_hides_no_other_and_is_not_skipped_as_the_last(what: str, tmp_path: Path) -> None:
    """A session, or a whole day, of somebody else: named, the other listed; what is meant for the last is refused."""
    log, out = tmp_path / "log", tmp_path / "out"
    first, later = two(log)
    barred({"day": later.parent, "session": later, "header": later / "session.json"}[what])
    try:
        listed = coxa(log, out, ["sessions"])
        assert (listed.returncode, len(listed.stderr.splitlines())) == (0, 1)
        assert first.name in listed.stdout
        for words in (
            ["show", "last"],
            ["correct", "last", "3"],
            ["export", "csv", "--session", "last", "--to", "OUT"],
        ):
            done = coxa(log, out, words)
            assert (done.returncode, done.stdout) == (2, "")
            assert str(later.parent) in done.stderr
            assert "Traceback" not in done.stderr
        forgotten = coxa(log, out, ["forget", "last", "--yes"])
        assert (forgotten.returncode == 0) == (what == "header")
        assert first.exists()
    finally:
        for place in (later.parent, later, later / "session.json"):
            if place.exists():
                place.chmod(0o700)


@pytest.mark.parametrize(
    "words",
    [["replay", "BARRED/set.csv"], ["teach", "my_kick", "--recording", "BARRED/set.csv"], ["show", "y" * 300]],
    ids=["replay", "teach", "a name too long"],
)
def test_a_place_that_cannot_be_looked_at_is_one_clear_line(words: list[str], tmp_path: Path) -> None:
    """A file in a folder that one may not enter, a name that no file can have: what and why, status 2."""
    (tmp_path / "barred").mkdir()
    barred(tmp_path / "barred")
    try:
        words = [w.replace("BARRED", str(tmp_path / "barred")) for w in words]
        done = coxa(tmp_path / "log", tmp_path / "out", words)
    finally:
        (tmp_path / "barred").chmod(0o700)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert any(word in done.stderr for word in ("Permission denied", "too long", "not readable"))


@pytest.mark.parametrize(
    "words",
    [
        ["live", "--exercise", "lunge"],
        ["demo"],
        ["record", "--raw", "BARRED/x.hex"],
        ["score", "recordings", "--plots", "BARRED"],
    ],
    ids=" ".join,
)
def test_no_right_to_write_is_said_before_the_work(words: list[str], tmp_path: Path) -> None:
    """Nobody who has strapped the sensor on, or waited for minutes, hears only then that nothing can be kept."""
    (tmp_path / "barred").mkdir()
    barred(tmp_path / "barred")
    (tmp_path / "barred").chmod(0o555)
    words = [w.replace("BARRED", str(tmp_path / "barred")) for w in words]
    done = coxa(tmp_path / "barred", tmp_path / "out", words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no right to write" in done.stderr


@pytest.mark.parametrize("where", ["beside", "out"])
def test_no_right_to_write_new_results_is_said_before_they_are_made(where: str, tmp_path: Path) -> None:
    """One session of two: named, the other counted anew. All, or the place for new ones: refused, nothing promised."""
    log, out = tmp_path / "log", tmp_path / "out"
    first, later = two(log)
    out.mkdir()
    place, begins = (later, "coxa: left out: ") if where == "beside" else (out, "coxa: ")
    barred(place)
    place.chmod(0o555)
    words = ["rescore", "--workers", "1"]
    done = coxa(log, out, words if where == "beside" else [*words, "--out", "OUT/anew"])
    assert done.stderr.startswith(f"{begins}{place}: no right to write the new results")
    assert len(done.stderr.splitlines()) == 1
    if where == "out":
        assert (done.returncode, done.stdout) == (2, "")
        return
    assert done.returncode == 1
    assert "1 session in" in done.stdout
    barred(first)
    first.chmod(0o555)
    done = coxa(log, out, words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no right to write the new results" in done.stderr


@pytest.mark.parametrize("wrong", ["a file", "sessions a file", "barred"])
def test_no_page_is_served_about_what_is_no_log(wrong: str, tmp_path: Path) -> None:
    """A page that could only ever show that nothing can be read does not begin: one clear line, status 2."""
    log = tmp_path / "log"
    if wrong == "a file":
        log.write_text("no log")
    else:
        log.mkdir()
        (log / "sessions").touch() if wrong == "sessions a file" else barred(log)
    try:
        done = coxa(log, tmp_path / "out", ["page"])
    finally:
        log.chmod(0o700)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert f"{log}: the log cannot be listed" in done.stderr


def test_the_page_says_once_what_in_the_log_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A damaged session is named on the terminal, and that nothing else is there; so is a folder that is none."""
    folder, _ = write(tmp_path / "log")
    (folder / "session.json").write_text("garbage")
    check_log(str(tmp_path / "log"))
    check_log(str(tmp_path))
    damaged, nothing, none = capsys.readouterr().err.splitlines()
    assert f"left out: {folder}: session.json is damaged" in damaged
    assert nothing == f"coxa: No session in {tmp_path / 'log'} can be read."
    assert none.startswith(f"coxa: No sessions in {tmp_path}. ")
    write(tmp_path / "log")
    check_log(str(tmp_path / "log"))
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_session_is_closed_and_repaired_where_rights_cannot_be_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a stick or another system's drive: rights are asked for as files are made, and never changed afterwards."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    for name in ("chmod", "fchmod"):
        monkeypatch.setattr(os, name, refused)
    folder, events = write(tmp_path)
    write(tmp_path, 300, close=False)
    (line,) = repair_log(UPath(tmp_path))
    assert line.startswith("repaired session")
    session = open_session(UPath(folder))
    assert (session.header.state, session.events()) == ("closed", events)
    draw_session(session, folder / "session.png")
    assert (folder / "session.png").stat().st_mode & 0o077 == 0
