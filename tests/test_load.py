"""The whole log as frames: every session once, from any store, and nothing that is broken takes others with it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.analysis.load import LogFrames, load
from coxa.analysis.load_session import FILES, load_session
from coxa.cli.correct import run as correct
from coxa.host.detect.strap import SLIPPED
from coxa.host.errors import LogError
from coxa.host.events import Event, HoldEnded, RepCompleted, RepRejected, TrackingLost, to_json
from coxa.host.log import SessionHeader, SessionWriter
from coxa.host.log.corrections import Correction, append_correction
from coxa.host.routine import SetPlan

NOBODY = 65534
"""The user without rights, by the number that Linux gives it."""
PLAN = (SetPlan("lateral_leg_raise", "right", 3), SetPlan("hip_circle", None, 2), SetPlan("knee_to_chest", "left", 2))


def rep(index: int, start_s: float, exercise: str = "lateral_leg_raise") -> RepCompleted:
    """A counted repetition of two seconds."""
    circle = exercise == "hip_circle"
    side, way = (None, "clockwise") if circle else ("right", None)
    return RepCompleted(exercise, side, index, start_s, start_s + 1, start_s + 2, 40.0, way, start_s + 2.5)


EVENTS: list[Event] = [
    rep(1, 100.0),
    RepRejected("lateral_leg_raise", "right", 103.0, 104.0, "too small", 10.0, 20.0, "deg", 104.5),
    rep(2, 105.0),
    rep(3, 108.0),
    rep(1, 120.0, "hip_circle"),
    rep(2, 123.0, "hip_circle"),
    HoldEnded("knee_to_chest", "left", 130.0, 161.0, 30.5, 30.0, 90.0, True, 161.5),
    HoldEnded("knee_to_chest", "left", 170.0, 181.0, 11.0, 30.0, 90.0, False, 181.5),
]


def write(log: Path, day: int, events: list[Event] = EVENTS, **changes: object) -> Path:
    """A closed session of a day of November 2026."""
    header = SessionHeader(
        f"202611{day:02}T080000-aaaaaa",
        f"2026-11-{day:02}T08:00:00+02:00",
        PLAN,
        {"name": "Thigh", "address": "C0:FF:EE:00:00:01"},
        link={"frames": 90, "lost_packets": 10, "reconnects": 1},
        versions={"coxa": "0.1.0"},
    )
    writer = SessionWriter(log, replace(header, **changes))  # pyright: ignore[reportArgumentType]
    for event in events:
        writer.event(event)
    writer.close(190.0)
    return writer.folder


def everything(log: Path | str) -> tuple[LogFrames, list[str]]:
    """The frames and the lines about what is broken."""
    told = list[str]()
    return load(str(log), broken=told.append), told


def same(a: LogFrames, b: LogFrames, *, folders: bool = True) -> None:
    """Both hold the same rows."""
    leave = [] if folders else ["folder"]
    for name in ("sessions", "sets", "reps", "holds"):
        one, two = (getattr(f, name).drop(columns=leave, errors="ignore") for f in (a, b))
        pd.testing.assert_frame_equal(one, two)


def test_every_session_set_repetition_and_hold_is_a_row(tmp_path: Path) -> None:
    """What was written is there, with its types, targets, counts and times."""
    write(tmp_path, 3)
    write(tmp_path, 2, person="Ann")
    frames, told = everything(tmp_path)
    assert told == []
    first, second = frames.sessions.to_dict("records")
    assert [first["session_id"], second["session_id"]] == ["20261102T080000-aaaaaa", "20261103T080000-aaaaaa"]
    assert first["person"] == "Ann"
    assert pd.isna(second["person"])
    assert first["started_at"] == datetime(2026, 11, 2, 6, tzinfo=UTC)
    assert first["utc_offset_s"] == 7200
    assert first["date"] == pd.Timestamp(2026, 11, 2)
    assert (first["sensor_name"], first["reconnects"], first["lost_share"]) == ("Thigh", 1, 0.1)
    sets = frames.sets[frames.sets["session_id"] == first["session_id"]]
    assert list(sets["exercise"]) == ["lateral_leg_raise", "hip_circle", "knee_to_chest"]
    assert list(sets["reps"]) == [3, 2, 0]
    assert list(sets["rejected"]) == [1, 0, 0]
    assert list(sets["target_reps"]) == [3, 2, 2]
    assert list(sets["holds"]) == [0, 0, 2]
    assert list(sets["verified_holds"]) == [0, 0, 1]
    assert list(sets["held_s"]) == [0, 0, 41.5]
    assert sets["target_hold_s"].iloc[2] == 30.0
    assert list(sets["start_s"]) == [100.0, 120.0, 130.0]
    assert len(frames.reps) == 12
    assert len(frames.holds) == 4
    assert not frames.reps["after_slip"].any()
    assert len(frames.sets["exercise"].cat.categories) == 8


def test_an_empty_log_has_the_same_columns(tmp_path: Path) -> None:
    """No session: empty frames whose columns and types are those of a full log."""
    write(tmp_path / "full", 1)
    empty, full = everything(tmp_path / "none")[0], everything(tmp_path / "full")[0]
    for name in ("sessions", "sets", "reps", "holds"):
        one, two = getattr(empty, name), getattr(full, name)
        assert len(one) == 0
        assert one.dtypes.astype(str).to_dict() == two.dtypes.astype(str).to_dict(), name


def test_a_log_behind_a_url_reads_as_the_folder_does(tmp_path: Path) -> None:
    """The same files in another store of fsspec give the same rows."""
    for day in (1, 2):
        write(tmp_path, day)
    memory = fsspec.filesystem("memory")
    memory.put(str(tmp_path), "/coxa-test-log", recursive=True)
    try:
        far, told = everything("memory://coxa-test-log")
    finally:
        memory.rm("/coxa-test-log", recursive=True)
    assert told == []
    assert all(f.startswith("memory://coxa-test-log/sessions/date=2026-11-0") for f in far.sessions["folder"])
    same(far, everything(tmp_path)[0], folders=False)


def test_stray_files_are_told_and_hidden_ones_passed_over(tmp_path: Path) -> None:
    """What other programs leave in the log is no session and takes none with it."""
    day = write(tmp_path, 1).parent
    (day / "notes.txt").write_text("mine")
    (day / ".DS_Store").write_text("theirs")
    (day.parent / "readme").mkdir()
    frames, told = everything(tmp_path)
    assert len(frames.sessions) == 1
    assert told == [f"{day / 'notes.txt'}: no session here (session.json is missing)"]


def test_what_is_no_log_is_one_clear_line(tmp_path: Path) -> None:
    """A file, and a store that nobody knows."""
    (tmp_path / "file").write_text("")
    for log in (str(tmp_path / "file"), "nowhere://x"):
        with pytest.raises(LogError, match="cannot be"):
            load(log)


def test_missing_tables_are_made_from_the_events(tmp_path: Path) -> None:
    """A session that is still open, or was never repaired, reads as its finished self would."""
    folder = write(tmp_path, 1)
    finished = everything(tmp_path)[0]
    (folder / "reps.parquet").unlink()
    (folder / "holds.parquet").unlink()
    made, told = everything(tmp_path)
    assert told == []
    same(made, finished)


def test_older_tables_lack_newer_columns(tmp_path: Path) -> None:
    """A column that the session's coxa did not know yet is empty; the rest of the log keeps its values."""
    old = write(tmp_path, 1)
    write(tmp_path, 2)
    table = pd.read_parquet(old / "reps.parquet").drop(columns=["smoothness", "rom_sd_deg"])
    table.to_parquet(old / "reps.parquet")
    frames, told = everything(tmp_path)
    assert told == []
    assert frames.reps["smoothness"].isna().all()
    assert len(frames.reps) == 12


def test_corrections_stand_beside_the_machines_count(tmp_path: Path) -> None:
    """The last word of a person is the valid count; what the machine counted stays; a set that is not there is told."""
    folder = write(tmp_path, 1)
    for index, reps in ((0, 5), (0, 4), (9, 1)):
        append_correction(folder, Correction(index, reps, "2026-11-01T09:00:00+02:00"))
    frames, told = everything(tmp_path)
    assert list(frames.sets["reps"]) == [3, 2, 0]
    assert frames.sets["reps_corrected"].tolist() == [4, pd.NA, pd.NA]
    assert list(frames.sets["reps_valid"]) == [4, 2, 0]
    assert len(told) == 1
    assert "set 9" in told[0]


def test_a_correction_after_a_torn_one_is_kept(tmp_path: Path) -> None:
    """Killed in the middle of an append: the next correction is a line of its own."""
    folder = write(tmp_path, 1)
    for reps in (5, 4):
        append_correction(folder, Correction(0, reps, "2026-11-01T09:00:00+02:00"))
        file = folder / "corrections.jsonl"
        file.write_bytes(file.read_bytes()[:-5])
    append_correction(folder, Correction(0, 7, "2026-11-01T09:00:00+02:00"))
    assert list(everything(tmp_path)[0].sets["reps_corrected"].dropna()) == [7]


@pytest.mark.parametrize("bad", [{"reps": -1}, {"reps": 10**6}, {"reps": True}, {"set_index": -1}, {"at": "noon"}])
def test_corrections_that_cannot_be_meant_are_refused(tmp_path: Path, bad: dict[str, object]) -> None:
    """Nothing is written that the reader would refuse."""
    folder = write(tmp_path, 1)
    good = Correction(0, 5, "2026-11-01T09:00:00+02:00")
    with pytest.raises(LogError, match=next(iter(bad))):
        append_correction(folder, replace(good, **bad))  # pyright: ignore[reportArgumentType]
    assert not (folder / "corrections.jsonl").exists()


def test_what_came_after_a_slip_of_the_strap_is_marked(tmp_path: Path) -> None:
    """Repetitions and holds that end after the slip are marked in that session, and in no other."""
    slipped = write(tmp_path, 1)
    write(tmp_path, 2)
    with (slipped / "events.jsonl").open("a") as file:
        file.write(to_json(TrackingLost(121.0, f"{SLIPPED} by 20 degrees", 121.5)) + "\n")
    reps = everything(tmp_path)[0].reps
    assert list(reps["after_slip"]) == [False] * 4 + [True] * 2 + [False] * 6


def _newer(folder: Path) -> None:
    header = json.loads((folder / "session.json").read_text())
    (folder / "session.json").write_text(json.dumps({**header, "schema": 99}))


def _foreign(folder: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(folder / "reps.parquet")


def _others(folder: Path) -> None:
    pd.read_parquet(folder / "reps.parquet").assign(session_id="another").to_parquet(folder / "reps.parquet")


def _words(folder: Path) -> None:
    pd.read_parquet(folder / "reps.parquet").assign(start_s="soon").to_parquet(folder / "reps.parquet")


def _no_header(folder: Path) -> None:
    (folder / "session.json").unlink()


def _header(**changes: object) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        header = json.loads((folder / "session.json").read_text())
        (folder / "session.json").write_text(json.dumps({**header, **changes}))

    return spoil


def _file(name: str, content: bytes) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return spoil


def _folder_for_file(folder: Path) -> None:
    (folder / "holds.parquet").unlink()
    (folder / "holds.parquet").mkdir()


def _copied(folder: Path) -> None:
    shutil.copytree(folder, folder.with_name("zz-copy"))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_newer, "99"),
        (_foreign, "no column 'session_id'"),
        (_others, "another session"),
        (_words, "reps.parquet is damaged"),
        (_no_header, "session.json is missing"),
        (_header(started_at="soon"), "started_at"),
        (_header(started_at=5), "started_at"),
        (_header(link=[]), "link"),
        (_header(plan=[]), "plan"),
        (_header(state="x"), "state"),
        (_header(session_id=""), "session_id"),
        (_file("session.json", b"[" * 100_000), "session.json"),
        (_file("session.json", b"\xff\xfe\x00"), "session.json"),
        (_file("reps.parquet", b"PAR1 nonsense PAR1"), "reps.parquet is damaged"),
        (_file("holds.parquet", b""), "holds.parquet is damaged"),
        (_file("corrections.jsonl", b'{"a": 1}\n'), "corrections.jsonl, line 1"),
        (_folder_for_file, "holds.parquet cannot be read"),
    ],
)
def test_a_broken_session_is_named_and_left_out(tmp_path: Path, spoil: Callable[[Path], None], says: str) -> None:
    """One clear line with the folder and the fault; the other sessions are there."""
    spoil(write(tmp_path, 1))
    good = write(tmp_path, 2)
    frames, told = everything(tmp_path)
    assert list(frames.sessions["session_id"]) == [good.name]
    assert len(frames.reps) == 6
    (line,) = told
    assert says in line
    assert "20261101T080000-aaaaaa" in line
    assert "\n" not in line


def test_a_copy_of_a_session_counts_once(tmp_path: Path) -> None:
    """The same session in two folders: one of them is told of, not counted."""
    _copied(write(tmp_path, 1))
    frames, told = everything(tmp_path)
    assert len(frames.reps) == 6
    assert "the same session as" in told[0]


def test_a_file_that_may_not_be_read_is_named() -> None:
    """No permission, or a store that fails: the file and the reason."""
    content = dict[str, bytes | Exception].fromkeys(FILES, b"")
    for error, says in ((PermissionError(13, "Permission denied"), "denied"), (RuntimeError("no route"), "no route")):
        with pytest.raises(LogError, match=f"x: session.json cannot be read .*{says}"):
            load_session("x", {**content, "session.json": error})


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """One that is reached by whoever `as_nobody` makes of root; pytest's are not."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@contextmanager
def as_nobody(folder: Path) -> Generator[None]:
    """Root may read everything: for a while it is nobody, who owns this folder. Everybody else stays who they are."""
    if os.geteuid() != 0:
        yield
        return
    for place in (folder, *folder.rglob("*")):
        os.chown(place, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders have no such permissions on Windows")
def test_no_permission_is_told(own_folder: Path) -> None:
    """A table and a day that may not be read: one line each."""
    table = write(own_folder, 1) / "reps.parquet"
    day = write(own_folder, 2).parent
    write(own_folder, 3)
    everything(own_folder)  # loads every module that nobody could not read
    table.chmod(0)
    day.chmod(0)
    with as_nobody(own_folder):
        frames, told = everything(own_folder)
    day.chmod(0o700)
    assert len(frames.sessions) == 1
    assert all("denied" in line for line in told)
    assert len(told) == 2


@settings(max_examples=40)
@given(
    name=st.sampled_from([*FILES, "packets.arrows", "samples.parquet"]),
    share=st.floats(0, 1, exclude_max=True),
    flip=st.integers(1, 255) | st.none(),
)
def test_a_session_damaged_anywhere_never_breaks_the_rest(
    tmp_path_factory: pytest.TempPathFactory, name: str, share: float, flip: int | None
) -> None:
    """One file cut at any byte, or any byte of it changed: the rows of the other session are as they were."""
    log = tmp_path_factory.getbasetemp() / "damaged"
    if not log.exists():
        for day in (1, 2):
            append_correction(write(log, day), Correction(0, 4, "2026-11-01T09:00:00+02:00"))
        everything(log)[0].reps.iloc[6:].reset_index(drop=True).to_pickle(log / "reps.pickle")
    folder = log / "sessions" / "date=2026-11-01" / "20261101T080000-aaaaaa"
    whole = (folder / name).read_bytes()
    at = int(share * len(whole))
    (folder / name).write_bytes(whole[:at] + (b"" if flip is None else bytes([whole[at] ^ flip]) + whole[at + 1 :]))
    try:
        frames, told = everything(log)
    finally:
        (folder / name).write_bytes(whole)
    rest = frames.reps[frames.reps["session_id"] == "20261102T080000-aaaaaa"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, pd.read_pickle(log / "reps.pickle"), check_categorical=False)
    assert flip is not None or len(told) == 2 - len(frames.sessions)


def test_people_correct_a_count_by_the_sets_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`coxa correct`: sets are numbered from 1; without a number among several, they are listed."""
    folder = write(tmp_path, 1)
    with pytest.raises(LogError, match="set 2, hip_circle, coxa counted 2"):
        correct(folder.name, 5, None, "", str(tmp_path))
    correct("last", 5, 2, "slow ones", str(tmp_path))
    assert "you say 5" in capsys.readouterr().out
    sets = everything(tmp_path)[0].sets
    assert list(sets["reps_valid"]) == [3, 5, 0]
