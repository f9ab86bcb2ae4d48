"""The whole log as four frames, from a folder or any fsspec URL, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
from upath import UPath

from coxa.analysis.load_session import FILES, ArrowTable, Loaded, SessionRow, load_session
from coxa.analysis.load_sets import sets_of
from coxa.host.errors import LogError
from coxa.host.exercises.spec import library
from coxa.host.log import log_folder
from coxa.host.log.corrections import Correction
from coxa.host.log.reader import session_places
from coxa.host.log.tables import HOLD_TYPES, REP_TYPES

BATCH = 200
"""Sessions whose files are in memory at one time; a remote store is asked for a batch at once."""
SESSION_TYPES = {
    "session_id": "string",
    "utc_offset_s": "int32",
    "person": "string",
    "simulated": "bool",
    "seed": "Int64",
    "sensor_name": "string",
    "sensor_address": "string",
    "duration_s": "float64",
    "lost_share": "float64",
    "reconnects": "Int32",
    "coxa_version": "string",
    "effort": "Int8",
    "folder": "string",
}
STATES = ("open", "closed", "repaired")
SIDES = ("left", "right")


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
    rows, rep_rows, hold_rows = list[SessionRow](), _Rows(), _Rows()
    corrections = dict[str, list[Correction]]()
    for session in _unique(_read(root, session_places(root, tell), tell), tell):
        rows.append(session.row)
        rep_rows.add(session.reps)
        hold_rows.add(session.holds)
        if session.corrections:
            corrections[session.row.session_id] = session.corrections
    sessions = _sessions(rows)
    order = {name: i for i, name in enumerate(sessions["session_id"])}
    reps, holds = _frame(rep_rows, REP_TYPES, order), _frame(hold_rows, HOLD_TYPES, order)
    plans = {row.session_id: row.plan for row in rows}
    return LogFrames(sessions, sets_of(reps, holds, plans, corrections, order, tell), reps, holds)


class _Rows:
    """Rows of many sessions. Small tables cost far more than what is in them, so a batch becomes one."""

    def __init__(self) -> None:
        self._whole: list[ArrowTable] = []
        self._new: list[ArrowTable] = []

    def add(self, table: ArrowTable) -> None:
        """Take the rows of one session."""
        if len(table):
            self._new.append(table)
        if len(self._new) >= BATCH:
            self._whole.append(pa.concat_tables(self._new).combine_chunks())
            self._new.clear()

    def take(self) -> ArrowTable | None:
        """All rows as one table, which is then not kept here; None where there are none."""
        parts = [*self._whole, *self._new]
        self._whole, self._new = [], []
        return pa.concat_tables(parts).combine_chunks() if parts else None


def _ignore(line: str) -> None:
    """What is broken interests nobody."""


def _read(root: UPath, places: list[str], tell: Callable[[str], None]) -> Iterator[Loaded]:
    fs, top, named = root.fs, (root / "sessions").path, str(root / "sessions")
    for first in range(0, len(places), BATCH):
        batch = places[first : first + BATCH]
        paths = [f"{top}/{place}/{name}" for place in batch for name in FILES]
        found = fs.cat_ranges(paths, None, None, on_error="return")
        for i, place in enumerate(batch):
            content = dict[str, bytes | Exception](zip(FILES, found[i * len(FILES) :], strict=False))
            try:
                yield load_session(f"{named}/{place}", content)
            except LogError as error:
                tell(str(error))


def _unique(sessions: Iterator[Loaded], tell: Callable[[str], None]) -> Iterator[Loaded]:
    seen = dict[str, str]()
    for session in sessions:
        name, folder = session.row.session_id, session.row.folder
        if name in seen:
            tell(f"{folder}: the same session as {seen[name]}")
        else:
            seen[name] = folder
            yield session


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


def _frame(rows: _Rows, types: dict[str, str], order: dict[str, int]) -> pd.DataFrame:
    """One frame of all sessions' rows, in the order of the sessions."""
    table = rows.take()
    if table is None:
        empty = pd.DataFrame(columns=[*types, "after_slip"]).astype({**types, "after_slip": "bool"})
        return _with_categories(empty)
    rank = np.array([order[name] for name in table["session_id"].to_pylist()])
    frame = table.to_pandas(strings_to_categorical=True, split_blocks=True, self_destruct=True)
    frame = frame.astype({**types, "after_slip": "bool"})
    if (np.diff(rank) < 0).any():
        frame = frame.iloc[np.argsort(rank, kind="stable")].reset_index(drop=True)
    return _with_categories(frame)


def _with_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """All exercises and both sides are categories, whether or not they occur; names that are unknown here stay."""
    named = {"exercise": tuple(library()), "side": SIDES, "direction": ("clockwise", "counterclockwise"), "unit": ()}
    for column, known in named.items():
        if column in frame:
            seen = [c for c in frame[column].cat.categories if c not in known]
            frame[column] = frame[column].cat.set_categories([*known, *sorted(seen)])
    return frame
