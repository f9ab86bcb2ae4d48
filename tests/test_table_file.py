"""A session's tables are read within limits: few bytes on the disk never become many in memory."""

from __future__ import annotations

import math
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coxa.analysis.export import recordings
from coxa.analysis.load import load
from coxa.analysis.table_file import check_size, read_table
from coxa.host.errors import LogError
from coxa.host.limits import MIB
from coxa.host.log.tables import REP_TYPES, SAMPLE_TYPES
from tests.helpers_log import write

POOL = pa.proxy_memory_pool(pa.default_memory_pool())
"""Knows how much pyarrow had at most; it outlives what was made in it."""


def _long_reasons(table: Any) -> dict[str, Any]:
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * len(table), pa.int32()), pa.array(["a" * 100_000]))
    return {"reason": texts}


def _many_long_reasons(table: Any) -> dict[str, Any]:
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * len(table), pa.int32()), pa.array(["a" * 1000]))
    return {"reason": texts, "unit": texts}


def _wide_numbers(table: Any) -> dict[str, Any]:
    wide = pa.array([b"0" * 3000], pa.binary(3000))
    return {"rom_deg": pa.DictionaryArray.from_arrays(pa.array([0] * len(table), pa.int32()), wide)}


def _alike(table: Any) -> dict[str, Any]:
    return {"reason": pa.array(["a" * 3000] * len(table))}


def _long_notes(table: Any) -> dict[str, Any]:
    return {"notes": _long_reasons(table)["reason"]}


def _long_list(table: Any) -> dict[str, Any]:
    sizes = np.r_[np.zeros(len(table)), 25_000_000].astype(np.int32)
    return {"more": pa.ListArray.from_arrays(pa.array(sizes), pa.array(np.zeros(sizes[-1], np.int8)))}


def _lists(table: Any) -> dict[str, Any]:
    return {"rom_deg": pa.array([[40.0]] * len(table))}


def _nothing(_table: Any) -> dict[str, Any]:
    return {}


@pytest.mark.parametrize(
    ("swollen", "options", "says"),
    [
        (_long_reasons, {}, "text is far too long"),
        (_many_long_reasons, {}, "text is far too long"),
        (_alike, {"use_dictionary": False, "column_encoding": {"reason": "DELTA_BYTE_ARRAY"}}, "damaged"),
        (_wide_numbers, {}, "no plain numbers"),
        (_lists, {}, "no plain numbers"),
        (_long_list, {}, "far too large"),
        (_long_notes, {}, ""),
        (_nothing, {"row_group_size": 150}, "far too large"),
    ],
)
def test_a_table_of_few_bytes_does_not_become_one_of_gigabytes(
    tmp_path: Path,
    swollen: Callable[[Any], dict[str, Any]],
    options: dict[str, Any],
    says: str,
):
    """Claim: long values that stand once and are said in every row, wide ones and lists are refused or not unpacked."""
    folder = write(tmp_path, 1)
    table = pq.read_table(folder / "reps.parquet").take([0] * 20_000)
    for name, values in swollen(table).items():
        if name in table.column_names:
            table = table.drop(name)
        table = table.append_column(name, values)
    pq.write_table(table, folder / "reps.parquet", **options)
    del table
    before = pa.default_memory_pool()
    pa.set_memory_pool(POOL)
    told = list[str]()
    try:
        frames = load(str(tmp_path), broken=told.append)
    finally:
        pa.set_memory_pool(before)
    assert says in "".join(told)
    assert (len(frames.sessions) == 1) == (told == []) == (not says)
    assert (POOL.max_memory() or 0) < 20 * MIB


def test_a_table_whose_groups_lie_on_each_other_is_refused(tmp_path: Path):
    """Claim: a footer that promises more bytes than the file has, or more values than rows, is not followed."""
    data = (write(tmp_path, 1) / "reps.parquet").read_bytes()
    assert len(read_table(data, REP_TYPES, 100)) == 6
    for size, most_rows in ((len(data) // 20, 100), (len(data), 5)):
        with pytest.raises(pa.ArrowInvalid, match="far too large"):
            check_size(pq.read_metadata(pa.BufferReader(data)), size, most_rows)


def test_of_a_hollow_log_one_session_at_a_time_is_in_memory(tmp_path: Path):
    """Claim: sessions with large files that cost nothing on the disk do not add up."""
    for day in range(1, 7):
        with (write(tmp_path, day) / "events.jsonl").open("ab") as file:
            file.truncate(30 * MIB)
    tracemalloc.start()
    sessions = load(str(tmp_path)).sessions
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(sessions) == 6
    assert peak < 130 * MIB


def _linked(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to(file.with_name("elsewhere"))


def _piped(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _samples(codec: str = "snappy", **columns: Any) -> Callable[[Path], None]:
    def write_them(file: Path) -> None:
        table = pa.table({name: np.zeros(200) for name in SAMPLE_TYPES} | {"t_s": np.arange(200) / 100} | columns)
        pq.write_table(table, file, compression=codec)

    return write_them


MANY: dict[str, Any] = dict.fromkeys(SAMPLE_TYPES, np.zeros(600))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_samples(), ""),
        (_linked, "a link to elsewhere"),
        (_piped, "not an ordinary file"),
        (_samples("zstd"), "packed in a way"),
        (_samples(ax_mps2=["1.0 \x1b[31m"] * 200), "cannot be read"),
        (_samples(t_s=[0.0, math.nan] * 100), "times are none"),
        (_samples(t_s=[*range(199), 0]), "go back"),
        (_samples(t_s=[*(np.arange(199) / 100), 1e9]), "lasts longer"),
        (_samples(**MANY), "far too large"),
    ],
)
def test_samples_are_read_as_carefully_as_other_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], says: str
):
    """Claim: a link, a pipe, what unpacks to anything and times that no recording has leave one session out."""
    folder = write(tmp_path, 1)
    make(folder / "samples.parquet")
    monkeypatch.setattr(recordings, "SAMPLES", 500)
    told = list[str]()
    sessions = load(str(tmp_path)).sessions
    if not says:
        ((name, samples),) = recordings.sampled(sessions, told.append)
        assert (name, len(samples), told) == (folder.name, 200, [])
        return
    with pytest.raises(LogError, match="no session has samples"):
        list(recordings.sampled(sessions, told.append))
    (line,) = told
    assert says in line
    assert "\x1b" not in line
