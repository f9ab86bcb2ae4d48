"""The whole log as four frames, from a folder or any fsspec URL, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
from coxa.host.log.tables import HOLD_TYPES, REP_TYPES

BATCH = 200
"""Sessions whose files are in memory at one time; a remote store is asked for a batch at once."""
_LISTERS = 16
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
    loaded = _unique(_read(root, _session_folders(root, tell), tell), tell)
    parts = [(s.row, s.reps, s.holds, s.corrections) for s in loaded]
    rows = [p[0] for p in parts]
    sessions = _sessions(rows)
    order = {name: i for i, name in enumerate(sessions["session_id"])}
    reps = _frame([p[1] for p in parts], REP_TYPES, order)
    holds = _frame([p[2] for p in parts], HOLD_TYPES, order)
    plans = {row.session_id: row.plan for row in rows}
    corrections = {p[0].session_id: p[3] for p in parts if p[3]}
    return LogFrames(sessions, sets_of(reps, holds, plans, corrections, order, tell), reps, holds)


def _ignore(line: str) -> None:
    """What is broken interests nobody."""


def _session_folders(root: UPath, tell: Callable[[str], None]) -> list[str]:
    """Paths of all session folders inside the store, in the order of their days."""
    fs, top = root.fs, (root / "sessions").path
    try:
        days = sorted(d for d in fs.ls(top, detail=False) if d.rstrip("/").rsplit("/", 1)[-1].startswith("date="))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LogError(f"{root}: the log cannot be listed ({error.strerror or error})") from error

    def inside(day: str) -> list[str]:
        try:
            return sorted(p for p in fs.ls(day, detail=False) if not p.rsplit("/", 1)[-1].startswith("."))
        except OSError as error:
            tell(f"{day}: cannot be listed ({error.strerror or error})")
            return []

    if not fs.async_impl:
        return [folder for day in days for folder in inside(day)]
    with ThreadPoolExecutor(_LISTERS) as pool:
        return [folder for found in pool.map(inside, days) for folder in found]


def _read(root: UPath, folders: list[str], tell: Callable[[str], None]) -> Iterator[Loaded]:
    fs = root.fs
    for first in range(0, len(folders), BATCH):
        batch = folders[first : first + BATCH]
        paths = [f"{folder.rstrip('/')}/{name}" for folder in batch for name in FILES]
        found = fs.cat_ranges(paths, None, None, on_error="return")
        for i, folder in enumerate(batch):
            content = dict[str, bytes | Exception](zip(FILES, found[i * len(FILES) :], strict=False))
            try:
                yield load_session(folder, content)
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


def _frame(parts: list[ArrowTable], types: dict[str, str], order: dict[str, int]) -> pd.DataFrame:
    """One frame of all sessions' rows, in the order of the sessions."""
    parts = [p for p in parts if len(p)]
    if not parts:
        empty = pd.DataFrame(columns=[*types, "after_slip"]).astype({**types, "after_slip": "bool"})
        return _with_categories(empty)
    table = pa.concat_tables(parts).combine_chunks()
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
