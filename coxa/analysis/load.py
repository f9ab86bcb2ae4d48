"""The whole log as four frames, from a folder or any fsspec URL, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np
import pandas as pd
import pyarrow as pa
from upath import UPath

from coxa.analysis.load_session import (
    FILES,
    MOST_BYTES,
    TYPES,
    ArrowTable,
    Content,
    Read,
    SessionRow,
    checked,
    content_of,
    read_session,
    together,
)
from coxa.analysis.load_sets import sets_of
from coxa.analysis.slips import mark_slips
from coxa.analysis.table_file import DAMAGED
from coxa.host.bounded import is_local, size
from coxa.host.errors import LogError
from coxa.host.events import Direction, Side
from coxa.host.exercises.spec import library
from coxa.host.limits import KIB
from coxa.host.log import log_folder
from coxa.host.log.corrections import Correction
from coxa.host.log.reader import session_places
from coxa.host.strict_json import TooMuchError

BATCH = 200
"""Sessions whose tables are looked at as one; a remote store is asked for as many at once."""
SHORT_BYTES = 512 * KIB
"""Of each file a remote store is asked for so much at first, half an hour of events; then for longer ones alone."""
SESSION_TYPES = {
    "session_id": "string",
    "utc_offset_s": "int32",
    "person": "string",
    "simulated": "bool",
    "seed": "Int64",
    "sensor_name": "string",
    "sensor_address": "string",
    "began_s": "float64",
    "duration_s": "float64",
    "lost_share": "float64",
    "reconnects": "Int32",
    "coxa_version": "string",
    "effort": "Int8",
    "folder": "string",
}
STATES = ("open", "closed", "repaired")


@dataclass(frozen=True, slots=True, eq=False)
class LogFrames:
    """The log as tidy frames. Times inside a session are seconds on its own clock."""

    sessions: pd.DataFrame
    """One row a session, oldest first: when (UTC, offset, local date), who, sensor, quality of the stream."""
    sets: pd.DataFrame
    """One row a set in which anything was seen: targets of the plan, the machine's counts, corrections by hand."""
    reps: pd.DataFrame
    """One row a repetition, counted and rejected: `coxa.host.log.tables.REP_TYPES` and `after_slip`."""
    holds: pd.DataFrame
    """One row a hold: `coxa.host.log.tables.HOLD_TYPES` and `after_slip`."""


def load(log: str | UPath | None, *, broken: Callable[[str], None] | None = None) -> LogFrames:
    """Read every session of a log.

    Args:
        log: folder or URL of the log; None: the user's own.
        broken: told one line for each session that cannot be read and is left out, or file of one that is.

    Raises:
        LogError: the log itself cannot be listed.
    """
    tell = broken or _ignore
    root = log if isinstance(log, UPath) else log_folder(log)
    rows, parts = list[SessionRow](), {name: list[ArrowTable]() for name in TYPES}
    corrections, slips_s, seen = dict[str, list[Correction]](), dict[str, tuple[float, ...]](), dict[str, str]()
    for batch in _read(root, session_places(root, tell), tell):
        good, found = _checked([read for read in batch if _is_new(read.row, seen, tell)], tell)
        for name, tables in parts.items():
            tables.append(found[name].combine_chunks())
        rows += [read.row for read in good]
        corrections |= {read.row.session_id: read.corrections for read in good if read.corrections}
        slips_s |= {read.row.session_id: read.slips_s for read in good if read.slips_s}
    sessions = _sessions(rows)
    order = {name: i for i, name in enumerate(sessions["session_id"])}
    reps, holds = (_frame(parts.pop(name), types, order) for name, types in TYPES.items())
    mark_slips(reps, holds, slips_s)
    plans = {row.session_id: row.plan for row in rows}
    return LogFrames(sessions, sets_of(reps, holds, plans, corrections, order, tell), reps, holds)


def _ignore(line: str) -> None:
    """What is broken interests nobody."""


def _read(root: UPath, places: list[str], tell: Callable[[str], None]) -> Iterator[list[Read]]:
    named, reads = str(root / "sessions"), list[Read]()
    for place, content in _contents(root, places):
        try:
            reads.append(read_session(f"{named}/{place}", content))
        except LogError as error:
            tell(str(error))
        if len(reads) == BATCH:
            yield reads
            reads = []
    yield reads


def _contents(root: UPath, places: list[str]) -> Iterator[tuple[str, Content]]:
    """Each session's files, of which those of one are in memory at a time; far away the short ones of many."""
    top = (root / "sessions").path
    if is_local(root):
        yield from ((place, content_of(Path(top, place))) for place in places)
        return
    for first in range(0, len(places), BATCH):
        batch = places[first : first + BATCH]
        found = _ranges(root, [f"{top}/{place}/{name}" for place in batch for name in FILES], SHORT_BYTES)
        for i, place in enumerate(batch):
            begun = zip(FILES, found[i * len(FILES) :], strict=False)
            yield place, {name: _all_of(root, f"{top}/{place}/{name}", name, start) for name, start in begun}


def _all_of(root: UPath, path: str, name: str, start: bytes | Exception) -> bytes | Exception:
    """The whole of a file far away, of which the start has come."""
    if isinstance(start, Exception) or len(start) < SHORT_BYTES:
        return start
    most = MOST_BYTES[name]
    (found,) = _ranges(root, [path], most + 1)
    if isinstance(found, bytes) and len(found) > most:
        return TooMuchError(f"is larger than {size(most)}")
    return found


def _ranges(root: UPath, paths: list[str], most: int) -> list[bytes | Exception]:
    """What stands in each file up to `most` bytes, or why it cannot be read, asked for at once."""
    return root.fs.cat_ranges(paths, [0] * len(paths), [most] * len(paths), on_error="return")


def _checked(reads: list[Read], tell: Callable[[str], None]) -> tuple[list[Read], dict[str, ArrowTable]]:
    """Those whose tables are right, and their tables: looked at together, one by one where something is wrong."""
    try:
        return reads, {name: together(reads, name) for name in TYPES}
    except DAMAGED:
        good = [read for read in reads if _is_right(read, tell)]
        return good, {name: together(good, name) for name in TYPES}


def _is_right(read: Read, tell: Callable[[str], None]) -> bool:
    try:
        for name in TYPES:
            checked(read, name)
    except LogError as error:
        tell(str(error))
        return False
    return True


def _is_new(row: SessionRow, seen: dict[str, str], tell: Callable[[str], None]) -> bool:
    if row.session_id in seen:
        tell(f"{row.folder}: the same session as {seen[row.session_id]}")
        return False
    seen[row.session_id] = row.folder
    return True


def _sessions(rows: list[SessionRow]) -> pd.DataFrame:
    rows = sorted(rows, key=lambda r: (r.started_at, r.session_id))
    columns = {
        name: pd.Series([getattr(r, name) for r in rows], dtype=cast(Any, t)) for name, t in SESSION_TYPES.items()
    }
    frame = pd.DataFrame(columns)
    started = pd.DatetimeIndex([r.started_at for r in rows], dtype="datetime64[us, UTC]")
    local = started.tz_localize(None) + pd.to_timedelta(frame["utc_offset_s"].to_numpy(), unit="s")
    frame.insert(1, "started_at", started)
    frame.insert(3, "date", local.normalize().astype("datetime64[us]"))
    frame.insert(9, "state", pd.Series(pd.Categorical([r.state for r in rows], STATES)))
    return frame


def _frame(tables: list[ArrowTable], types: dict[str, str], order: dict[str, int]) -> pd.DataFrame:
    """One frame of all sessions' rows, in the order of the sessions. Takes the tables out of the list."""
    if not any(map(len, tables)):
        return _with_categories(pd.DataFrame(columns=list(types)).astype(types))
    table = pa.concat_tables(tables).combine_chunks()
    tables.clear()
    rank = np.array([order[name] for name in table["session_id"].to_pylist()])
    frame = table.to_pandas(strings_to_categorical=True, split_blocks=True, self_destruct=True)
    frame = frame.astype(types)
    if (np.diff(rank) < 0).any():
        frame = frame.iloc[np.argsort(rank, kind="stable")].reset_index(drop=True)
    return _with_categories(frame)


def _with_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """All exercises and both sides are categories, whether or not they occur; names that are unknown here stay."""
    named = {"exercise": tuple(library()), "side": get_args(Side), "direction": get_args(Direction), "unit": ()}
    for column, known in named.items():
        if column in frame:
            seen = [c for c in frame[column].cat.categories if c not in known]
            frame[column] = frame[column].cat.set_categories([*known, *sorted(seen)])
    return frame
