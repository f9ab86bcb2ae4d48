"""A log with something broken in it: that is named in one line and takes nothing else with it."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.analysis.load import load
from coxa.analysis.load_session import FILES, load_session
from coxa.host.errors import LogError
from coxa.host.events import TrackingLost, to_json
from coxa.host.log import find_session
from coxa.host.log.corrections import Correction, append_correction
from coxa.host.reasons import Tracking
from tests.helpers_log import everything, foreign, newer, write

NOBODY = 65534
"""The user without rights, by the number that Linux gives it."""


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


def _others(folder: Path) -> None:
    pd.read_parquet(folder / "reps.parquet").assign(session_id="another").to_parquet(folder / "reps.parquet")


def _words(folder: Path) -> None:
    pd.read_parquet(folder / "reps.parquet").assign(start_s="soon").to_parquet(folder / "reps.parquet")


def _value(column: str, value: Any, table: str = "reps") -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        file = folder / f"{table}.parquet"
        pd.read_parquet(file).assign(**{column: value}).to_parquet(file)

    return spoil


def _no_number(folder: Path) -> None:
    table = pq.read_table(folder / "reps.parquet")
    at = table.column_names.index("rom_deg")
    pq.write_table(table.set_column(at, "rom_deg", pa.array([math.nan] * len(table))), folder / "reps.parquet")


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


def _event_of_no_tables(folder: Path) -> None:
    for table in ("reps.parquet", "holds.parquet"):
        (folder / table).unlink()
    lines = (folder / "events.jsonl").read_text().split("\n")
    lines[2] = lines[2].replace('"rom_deg"', '"rom_dg"')
    (folder / "events.jsonl").write_text("\n".join(lines))


def _damaged_slip(folder: Path) -> None:
    lines = (folder / "events.jsonl").read_text().split("\n")
    slip = to_json(TrackingLost(106.0, Tracking.SLIPPED, 106.0)).replace('"start_s"', '"starts"')
    (folder / "events.jsonl").write_text("\n".join([lines[0], slip, *lines[1:]]))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (newer, "99"),
        (foreign, "no column 'session_id'"),
        (_others, "another session"),
        (_words, "reps.parquet is damaged"),
        (_value("exercise", "\x1b]0;evil\x07"), "column 'exercise'"),
        (_value("exercise", "two words", "holds"), "column 'exercise'"),
        (_value("side", "up"), "column 'side'"),
        (_value("direction", "down"), "column 'direction'"),
        (_value("reason", "\x1b[31m"), "column 'reason'"),
        (_value("unit", "deg\n"), "column 'unit'"),
        (_value("start_s", -1e300), "column 'start_s'"),
        (_value("held_s", math.inf, "holds"), "column 'held_s'"),
        (_value("set_index", -5), "column 'set_index'"),
        (_no_number, "column 'rom_deg'"),
        (_no_header, "session.json is missing"),
        (_header(started_at="soon"), "started_at"),
        (_header(started_at=5), "started_at"),
        (_header(started_at="9999-12-31T23:59:59+00:00"), "started_at"),
        (_header(began_s=-1e10), "began_s"),
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
        (_damaged_slip, "events.jsonl, line 2: damaged"),
        (_event_of_no_tables, "events.jsonl, line 3: damaged"),
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


def test_a_session_that_is_named_but_damaged_says_what_is_wrong(tmp_path: Path) -> None:
    """`coxa show ID` of a session that the list tells as damaged does not say that there is none."""
    folder = write(tmp_path, 1)
    write(tmp_path, 2)
    (folder / "session.json").write_text("{")
    with pytest.raises(LogError, match=r"session\.json is damaged"):
        find_session(folder.name[:14], str(tmp_path))
    assert find_session("20991231", str(tmp_path)) is None


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
