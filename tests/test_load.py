"""The whole log as frames: every session once, from any store, with what people say of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path

import fsspec
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from upath import UPath

from coxa.analysis.report.content import report_content
from coxa.analysis.report.courses import signed
from coxa.cli.correct import run as correct
from coxa.cli.sessions import show_all
from coxa.host.errors import LogError
from coxa.host.events import Event, HoldEnded, RepCompleted, TrackingLost, to_json
from coxa.host.log import find_session, list_sessions, log_folder
from coxa.host.log.corrections import Correction, append_correction
from coxa.host.log.tables import HOLD_TYPES, REP_TYPES
from coxa.host.reasons import Tracking
from tests.helpers_log import KINDS, everything, same, write


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


def bridged(start_s: float, index: int) -> list[Event]:
    """A bridge as it is told: its hold ends first, and in logs of an earlier version does not say its number."""
    hold = HoldEnded("hip_bridge", "left", start_s + 1, start_s + 22, 21.0, 20.0, 35.0, True, start_s + 22.5)
    whole = RepCompleted("hip_bridge", "left", index, start_s, start_s + 9, start_s + 23, 35.0, None, start_s + 23)
    return [hold, whole]


@pytest.mark.parametrize("numbered", [False, True])
def test_a_bridges_hold_is_in_the_set_of_its_repetition(tmp_path: Path, numbered: bool) -> None:
    """Two sets of two bridges: each has both its holds, and ends before the next begins."""
    events = [e for s in (0, 100) for k in (1, 2) for e in bridged(s + 30 * k, k)]
    if numbered:
        events = [replace(e, index=1 + k // 2 % 2) if isinstance(e, HoldEnded) else e for k, e in enumerate(events)]
    write(tmp_path, 1, events)
    sets = everything(tmp_path)[0].sets
    assert sets[["reps", "holds"]].to_numpy().tolist() == [[2, 2], [2, 2]]
    assert list(sets["start_s"]) == [30.0, 130.0]
    assert list(sets["end_s"]) == [83.0, 183.0]


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


def test_a_folder_named_by_its_url_is_that_folder(tmp_path: Path) -> None:
    """`file:///x` is /x for whoever writes, lists, finds and reads."""
    folder, url = write(tmp_path, 1), f"file://{tmp_path}"
    assert log_folder(url) == UPath(tmp_path)
    assert [s.folder for s in list_sessions(log_folder(url))] == [UPath(folder)]
    for name in ("last", f"file://{folder}"):
        found = find_session(name, url)
        assert found is not None
        assert found.folder == UPath(folder)
    same(everything(url)[0], everything(tmp_path)[0], folders=True)


def test_missing_tables_are_made_from_the_events(tmp_path: Path) -> None:
    """A session that is still open, or was never repaired, reads as its finished self would."""
    folder = write(tmp_path, 1)
    finished = everything(tmp_path)[0]
    (folder / "reps.parquet").unlink()
    (folder / "holds.parquet").unlink()
    made, told = everything(tmp_path)
    assert told == []
    same(made, finished)


@pytest.mark.parametrize("table", ["reps", "holds", "samples"])
def test_any_program_reads_the_tables_of_all_sessions_as_one(tmp_path: Path, table: str) -> None:
    """Whatever is in them and whichever comes first: nothing rejected, no hold, no direction, nothing at all."""
    folders = [write(tmp_path, day, events) for day, events in enumerate(KINDS, 1)]
    files = [str(folder / f"{table}.parquet") for folder in folders]
    rows = sum(len(pd.read_parquet(file)) for file in files)
    schemas = [pq.read_schema(file) for file in files]
    assert all(schema.equals(schemas[0]) for schema in schemas)
    assert not any(pa.types.is_null(t) or pa.types.is_dictionary(t) for t in schemas[0].types)
    assert {len(ds.dataset(list(order)).to_table()) for order in permutations(files)} == {rows}


def test_tables_that_had_their_types_from_their_content_are_read(tmp_path: Path) -> None:
    """As earlier versions wrote them, by pandas and with categories: the same rows."""
    for day, events in enumerate(KINDS, 1):
        write(tmp_path, day, events)
    before = everything(tmp_path)[0]
    for file in (*tmp_path.rglob("reps.parquet"), *tmp_path.rglob("holds.parquet")):
        types = {"reps": REP_TYPES, "holds": HOLD_TYPES}[file.stem]
        pd.read_parquet(file).astype(types).to_parquet(file, index=False, write_page_checksum=True)
    after, told = everything(tmp_path)
    assert told == []
    same(after, before)


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


def test_the_list_of_sessions_heeds_corrections(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Claim: `coxa sessions` has the counts of `coxa trends` and the report, and says that somebody corrected them."""
    folder = write(tmp_path, 3)
    for index, count in ((0, 4), (1, 0), (2, 3)):
        append_correction(folder, Correction(index, count, "2026-11-03T09:00:00+02:00"))
    write(tmp_path, 4)
    show_all(str(tmp_path))
    corrected, plain = capsys.readouterr().out.split("2026-11-03 08:00")[1].split("2026-11-04 08:00")
    assert re.search(r" 4 +2 of 3 ", corrected)
    assert "corrected" in corrected
    assert re.search(r" 5 +1 of 2 ", plain)
    assert "corrected" not in plain
    sets = everything(tmp_path)[0].sets.groupby("session_id")[["reps_valid", "holds_valid", "kept_valid"]].sum()
    assert sets.to_numpy().tolist() == [[4, 3, 2], [5, 2, 1]]


@pytest.mark.parametrize(("told", "kept"), [(0, 0), (1, 1), (2, 1), (3, 2)])
def test_a_corrected_count_of_a_hold_exercise_is_one_of_holds(tmp_path: Path, told: int, kept: int) -> None:
    """Of two holds one was too short: the machine's doubt stays, and what it missed is taken as kept."""
    append_correction(write(tmp_path, 1), Correction(2, told, "2026-11-01T09:00:00+02:00"))
    frames = everything(tmp_path)[0]
    counts = frames.sets[["reps_valid", "holds", "holds_valid", "kept_valid"]]
    assert counts.to_numpy().tolist() == [[3, 0, 0, 0], [2, 0, 0, 0], [0, 2, told, kept]]
    content = report_content(frames, date(2026, 11, 2))
    figures = {t.label: t.figure.value for t in content.tiles}
    assert list(frames.sets["held_valid_s"] > 0) == [False, False, told > 0]
    assert figures["repetitions"] == 5
    assert figures["sets done"] == (3 if told else 2)
    assert any(f"1 set, {signed(told - 2)} in all" in gap.what for gap in content.gaps)


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


def slip(at_s: float) -> str:
    return to_json(TrackingLost(at_s, f"{Tracking.SLIPPED} by 20 degrees", at_s)) + "\n"


@pytest.mark.parametrize(
    ("slips_s", "reps", "holds"),
    [
        ([], [False] * 6, [False] * 2),
        ([121.0], [False] * 4 + [True] * 2, [False] * 2),
        ([106.0], [False] * 2 + [True] * 4, [False] * 2),
        ([165.0, 106.0], [False] * 2 + [True] * 4, [False, True]),
    ],
)
def test_what_came_after_a_slip_of_the_strap_is_marked(
    tmp_path: Path, slips_s: list[float], reps: list[bool], holds: list[bool]
) -> None:
    """Repetitions and holds that end after the slip are marked until the strap is on the other thigh: three sets, of
    the right, of neither and of the left. No other session is.
    """
    slipped = write(tmp_path, 1)
    write(tmp_path, 2)
    with (slipped / "events.jsonl").open("a") as file:
        file.writelines(map(slip, slips_s))
    frames = everything(tmp_path)[0]
    assert list(frames.reps["after_slip"]) == [*reps, *[False] * 6]
    assert list(frames.holds["after_slip"]) == [*holds, False, False]


def test_people_correct_a_count_by_the_sets_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`coxa correct`: sets are numbered from 1; without a number among several, they are listed."""
    folder = write(tmp_path, 1)
    with pytest.raises(LogError, match="set 2, hip_circle, coxa counted 2"):
        correct(folder.name, 5, None, "", str(tmp_path))
    correct("last", 5, 2, "slow ones", str(tmp_path))
    assert "you say 5" in capsys.readouterr().out
    sets = everything(tmp_path)[0].sets
    assert list(sets["reps_valid"]) == [3, 5, 0]
