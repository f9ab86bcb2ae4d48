"""Whatever is wrong with the log or the disk: one clear line, status 2 or a sensible answer, and nothing is lost."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from filelock import FileLock
from upath import UPath

from coxa.analysis.load import load
from coxa.cli.session_setup import new_header
from coxa.host.errors import LogError
from coxa.host.log import SessionWriter, list_sessions, repair_log
from coxa.host.log.header import parse_header
from coxa.host.log.writer import LOCK_NAME
from coxa.host.routine import SetPlan
from coxa.host.samples import Packet
from tests.helpers import frames, scenario
from tests.helpers_log import coxa_on, foreign, newer
from tests.helpers_recorded import write

resource = pytest.importorskip("resource", reason="this system has no limits on the size of files")
PLAN = (SetPlan("lateral_leg_raise", "right"),)
READERS = (
    ["sessions"],
    ["trends"],
    ["plot", "calendar", "--save", "OUT.png"],
    ["plot", "trend", "--save", "OUT.png"],
    ["plot", "overlay", "--save", "OUT.png"],
    ["show", "last", "--save", "OUT.png"],
    ["report", "--html", "OUT.html"],
    ["export", "csv", "--to", "OUT"],
    ["export", "motion-bids", "--to", "OUT"],
    ["rescore", "--workers", "1"],
)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with one session."""
    log = tmp_path_factory.mktemp("bad") / "log"
    write(log)
    return log


@contextmanager
def room_for(size: int) -> Generator[None]:
    """No file may grow beyond so many bytes: as on a full disk, the system refuses to write more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def coxa(log: Path, out: Path, words: list[str], *, full: bool = False) -> subprocess.CompletedProcess[str]:
    """The command about that log, on a full disk or not."""
    with room_for(0) if full else nullcontext():  # the process inherits the limit
        return coxa_on(log, out, words)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_an_empty_log_is_one_clear_line(words: list[str], tmp_path: Path) -> None:
    """No session, not even a folder: a line that says so, no traceback, nothing made."""
    done = coxa(tmp_path / "none", tmp_path / "out", words)
    said = (done.stdout + done.stderr).strip()
    assert done.returncode in (0, 2)
    assert len(said.splitlines()) == 1
    assert "session" in said or "no day with any training" in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_one_session_is_enough_or_said_to_be_too_few(words: list[str], one: Path, tmp_path: Path) -> None:
    """Every command that reads the log has an answer for one session."""
    log = shutil.copytree(one, tmp_path / "log")
    done = coxa(log, tmp_path / "out", words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


@pytest.mark.parametrize("words", [w for w in READERS if "OUT" in "".join(w) or w[0] == "rescore"], ids=" ".join)
def test_a_full_disk_is_one_clear_line(words: list[str], one: Path, tmp_path: Path) -> None:
    """Nothing can be written: status 2, the place and why, nothing half-written, the log as it was."""
    log = shutil.copytree(one, tmp_path / "log")
    before = contents(log)
    done = coxa(log, tmp_path / "out", words, full=True)
    said = done.stderr.strip()
    assert done.returncode == 2 or (words[0] == "rescore" and done.returncode == 1)
    assert "File too large" in said
    assert len(said.splitlines()) == 1
    assert contents(log) == before
    assert [p.name for p in tmp_path.iterdir()] == ["log"]


@pytest.mark.parametrize("size", [0, 700, 4_000, 9_000, 40_000, 90_000])
def test_a_disk_that_fills_up_loses_nothing_before(size: int, tmp_path: Path) -> None:
    """A session on a disk that is full sooner or later: one clear line; what was flushed is there after repair."""
    sent = frames(scenario("lateral_leg_raise", 3))

    def record() -> None:
        with SessionWriter(tmp_path, new_header(PLAN, simulated=True, seed=3)) as writer:
            for k, data in enumerate(sent):
                writer.packet(Packet(k * 0.1, data))

    with room_for(size), pytest.raises(LogError) as told:
        record()
    assert "cannot write the log" in str(told.value)
    assert "\n" not in str(told.value)
    repair_log(UPath(tmp_path))
    sessions = list_sessions(UPath(tmp_path))
    assert len(sessions) == (1 if size >= 4_000 else 0)
    for session in sessions:
        kept = [p.data for p in session.packets()]
        assert kept == sent[: len(kept)]
        assert sum(map(len, kept)) > 0.7 * min(size, sum(map(len, sent))) - 4_000


def test_a_session_that_cannot_begin_leaves_nothing(tmp_path: Path) -> None:
    """No room even for the header: no folder that every command would tell of for ever."""
    with room_for(0), pytest.raises(LogError):
        SessionWriter(tmp_path, new_header(PLAN))
    told = list[str]()
    assert list_sessions(UPath(tmp_path), told.append) == []
    assert told == []


def test_an_empty_session_goes_where_no_open_file_can_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: a session that is discarded, one that was interrupted, one without a header leave nothing."""
    remove = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.name == LOCK_NAME and path.exists():
            with FileLock(path, timeout=0):  # raises where it is held
                pass
        remove(path, missing_ok=missing_ok or path.name == LOCK_NAME)

    monkeypatch.setattr(Path, "unlink", unlink)
    SessionWriter(tmp_path, new_header(PLAN)).discard()
    SessionWriter(tmp_path, new_header(PLAN)).abandon()
    stump = tmp_path / "sessions" / "date=2024-04-01" / "stump"
    stump.mkdir(parents=True)
    (stump / "session.json.part").touch()
    assert len(repair_log(UPath(tmp_path))) == 1
    assert list((tmp_path / "sessions").iterdir()) == []


def test_room_that_comes_back_makes_no_packet_twice(tmp_path: Path) -> None:
    """The disk is full for a moment only: what was half-written is not written again after itself."""
    sent = frames(scenario("lateral_leg_raise", 3))
    writer = SessionWriter(tmp_path, new_header(PLAN, simulated=True, seed=3))

    def record() -> None:
        for k, data in enumerate(sent):
            writer.packet(Packet(k * 0.1, data))

    with room_for(20_000), pytest.raises(LogError):
        record()
    writer.abandon()
    repair_log(UPath(tmp_path))
    (session,) = list_sessions(UPath(tmp_path))
    kept = [p.data for p in session.packets()]
    assert len(kept) > 50
    assert kept == sent[: len(kept)]


def test_a_folder_that_was_removed_meanwhile_is_not_said_to_be_safe(tmp_path: Path) -> None:
    """Somebody clears the log away under a running session: one line that says so."""
    writer = SessionWriter(tmp_path, new_header(PLAN, simulated=True, seed=3))
    writer.packet(Packet(0.0, frames(scenario("lateral_leg_raise", 3))[0]))
    shutil.rmtree(writer.folder)
    with pytest.raises(LogError, match="the session's folder was removed") as told:
        writer.close()
    assert "safe" not in str(told.value)


def _cut(folder: Path) -> None:
    data = (folder / "holds.parquet").read_bytes()
    (folder / "holds.parquet").write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (newer, "read it with that coxa, or install a newer one"),
        (foreign, "not a table of coxa's"),
        (_cut, "is damaged"),
    ],
)
def test_a_session_that_cannot_be_read_is_said_and_the_others_are_used(
    spoil: Callable[[Path], None], says: str, tmp_path: Path
) -> None:
    """Of a newer coxa, with a foreign table, or cut: one line on stderr names it, and the export has the other."""
    write(tmp_path / "log")
    folder, _ = write(tmp_path / "log")
    spoil(folder)
    done = coxa(tmp_path / "log", tmp_path / "out", ["export", "csv", "--to", "OUT"])
    assert done.returncode == 0
    (line,) = done.stderr.strip().splitlines()
    assert says in line
    assert folder.name in line
    assert done.stdout.startswith("1 session (1 simulated and marked so) in ")


@pytest.mark.parametrize("close", [True, False], ids=["closed", "interrupted"])
@pytest.mark.parametrize("spoilt", ["packets.arrows", "events.jsonl"])
def test_a_session_with_an_unreadable_file_hides_no_other(spoilt: str, close: bool, tmp_path: Path) -> None:
    """Closed or never closed, a session of which a file cannot be read is told in one line; the other is listed."""
    other, _ = write(tmp_path / "log")
    folder, _ = write(tmp_path / "log", packets=300, close=close)
    (folder / spoilt).unlink()
    (folder / spoilt).mkdir()
    done = coxa(tmp_path / "log", tmp_path / "out", ["sessions"])
    assert done.returncode == 0
    assert other.name in done.stdout
    assert all(str(folder) in line for line in done.stderr.splitlines())
    assert bool(done.stderr) == (spoilt == "events.jsonl" or not close)


@pytest.mark.parametrize(
    "words", [["show", "last"], ["correct", "last", "3"], ["replay", "last", "--jsonl"]], ids=" ".join
)
def test_a_last_session_that_cannot_be_read_is_never_taken_for_the_one_before(words: list[str], tmp_path: Path) -> None:
    """A correction of the last session must not fall on another: one line names the one that is meant, status 2."""
    folders = sorted(write(tmp_path / "log")[0] for _ in range(2))
    newer(folders[-1])
    done = coxa(tmp_path / "log", tmp_path / "out", words)
    assert (done.returncode, done.stdout) == (2, "")
    assert folders[-1].name in done.stderr
    assert not list((tmp_path / "log").rglob("corrections.jsonl"))


def test_a_mistyped_exercise_is_said_before_anything_else(tmp_path: Path) -> None:
    """Not after the sensor has been found, nor after a line about the voice."""
    done = coxa(tmp_path / "log", tmp_path / "out", ["live", "--exercise", "lnge"])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("coxa: no exercise 'lnge'")
    assert not (tmp_path / "log").exists()


def test_a_damaged_line_among_the_events_is_never_read_as_fewer_repetitions(tmp_path: Path) -> None:
    """A closed session whose third event is damaged has no count that could be shown: named, the other is listed."""
    other, _ = write(tmp_path / "log")
    folder, _ = write(tmp_path / "log")
    lines = (folder / "events.jsonl").read_bytes().split(b"\n")
    lines[2] = lines[2][:-9] + b"?" * 9
    (folder / "events.jsonl").write_bytes(b"\n".join(lines))
    done = coxa(tmp_path / "log", tmp_path / "out", ["sessions"])
    assert done.returncode == 0
    assert other.name in done.stdout
    assert folder.name not in done.stdout
    assert "events.jsonl, line 3" in done.stderr
    shutil.rmtree(other)
    alone = coxa(tmp_path / "log", tmp_path / "out", ["sessions"])
    assert alone.stdout.split() == f"No session in {tmp_path / 'log'} can be read.".split()


def test_a_session_too_short_to_draw_is_one_clear_line(tmp_path: Path) -> None:
    """A few packets: all that is known is printed, and why there is no picture."""
    write(tmp_path / "log", packets=1)
    done = coxa(tmp_path / "log", tmp_path / "out", ["show", "last", "--save", "OUT.png"])
    assert done.returncode == 2
    assert "nothing to draw" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "0 repetitions" in done.stdout


def test_no_room_to_repair_hides_no_session(tmp_path: Path) -> None:
    """Where nothing can be written the interrupted session stays as it is, is told, and everything is still read."""
    write(tmp_path)
    folder, _ = write(tmp_path, packets=300, close=False)
    before = contents(folder)
    with room_for(0):
        (line,) = repair_log(UPath(tmp_path))
    assert folder.name in line
    assert "left as it is" in line
    assert contents(folder) == before
    assert len(list_sessions(UPath(tmp_path))) == 2


def test_a_session_cut_at_every_byte_of_its_header_is_named(one: Path, tmp_path: Path) -> None:
    """session.json cut anywhere: one line with its folder, never another error, never half a session."""
    folder = tmp_path / "log" / "sessions" / "date=2026-01-01" / "cut"
    shutil.copytree(str(list_sessions(UPath(one))[0].folder), folder)
    whole = (folder / "session.json").read_bytes()
    for end in range(len(whole)):
        with pytest.raises(LogError) as told:
            parse_header(whole[:end].decode(), "where")
        assert str(told.value).startswith("where: session.json")
        assert "\n" not in str(told.value)
    for end in (0, 1, len(whole) // 2, len(whole) - 1):
        (folder / "session.json").write_bytes(whole[:end])
        lines = list[str]()
        assert len(load(str(tmp_path / "log"), broken=lines.append).sessions) == 0
        assert [("cut" in line, len(line.splitlines())) for line in lines] == [(True, 1)]
