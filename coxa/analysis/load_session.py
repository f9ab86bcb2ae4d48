"""One session's files, as bytes from wherever they lie, checked and turned into rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from upath import UPath

from coxa.analysis.slips import slips_of
from coxa.analysis.table_file import DAMAGED, damage_of, read_table
from coxa.host.bounded import read_file
from coxa.host.errors import LogError, reason_of
from coxa.host.events import Direction, Event, Side
from coxa.host.limits import EXERCISE, HEADER_BYTES, LINES_BYTES, SECONDS, TABLE_BYTES, TABLE_ROWS, YEARS, is_plain
from coxa.host.log.corrections import NAME as CORRECTIONS
from coxa.host.log.corrections import Correction, parse_corrections
from coxa.host.log.header import SessionHeader, parse_header
from coxa.host.log.reader import every_event
from coxa.host.log.tables import ARROW, HOLD_TYPES, REP_TYPES, ArrowTable, arrow_table, tables
from coxa.host.routine import SetPlan
from coxa.host.routine.effort import MOST_EFFORT
from coxa.host.strict_json import TooMuchError

MOST_BYTES = {
    "session.json": HEADER_BYTES,
    "reps.parquet": TABLE_BYTES,
    "holds.parquet": TABLE_BYTES,
    "events.jsonl": LINES_BYTES,
    CORRECTIONS: LINES_BYTES,
}
"""The files that are read of a session, and what each may have."""
FILES = tuple(MOST_BYTES)
Content: TypeAlias = Mapping[str, bytes | Exception]
TYPES = {"reps.parquet": REP_TYPES, "holds.parquet": HOLD_TYPES}
"""The tables of a session, and the types of their columns."""
_EMPTY = {
    name: pa.table({column: pa.nulls(0, ARROW[kind]) for column, kind in types.items()})
    for name, types in TYPES.items()
}
_WORDS: dict[str, Callable[[str], object]] = {
    "exercise": EXERCISE.fullmatch,
    "side": get_args(Side).__contains__,
    "direction": get_args(Direction).__contains__,
}
"""What a text of a column may be, where not all plain ones are."""
_NEEDED = ("session_id", "set_index", "exercise", "start_s", "end_s")
"""Columns without which a row says nothing; they have no nulls. Others may be younger than the session."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """What the sessions frame tells of one session."""

    session_id: str
    started_at: datetime
    """In UTC."""
    utc_offset_s: int
    person: str | None
    simulated: bool
    seed: int | None
    sensor_name: str | None
    sensor_address: str | None
    state: str
    began_s: float | None
    """When the first sample came, on the session's own clock; None where it does not say."""
    duration_s: float | None
    lost_share: float | None
    reconnects: int | None
    coxa_version: str | None
    effort: int | None
    folder: str
    plan: tuple[SetPlan, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """One session as it was read: its tables are whole, what is in them is not looked at yet."""

    row: SessionRow
    slips_s: tuple[float, ...]
    """When the strap slipped."""
    tables: Mapping[str, ArrowTable]
    """By name, as in `TYPES`."""
    corrections: list[Correction]


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """One session as rows."""

    row: SessionRow
    reps: ArrowTable
    holds: ArrowTable
    corrections: list[Correction]


def content_of(folder: Path | UPath) -> Content:
    """A session's files as `load_session` takes them: only ordinary ones, and of each no more than it may have."""
    return {name: _whole_file(folder / name, most) for name, most in MOST_BYTES.items()}


def _whole_file(path: Path | UPath, most: int) -> bytes | Exception:
    try:
        return read_file(path, most, links=False)
    except (OSError, TooMuchError) as error:
        return error


def load_session(folder: str, content: Content) -> Loaded:
    """The rows of one session.

    Args:
        folder: where it lies, for messages.
        content: the bytes of each of `FILES`, or what reading it raised.

    Raises:
        LogError: it cannot be read; one line that names folder, file and what to do.
    """
    read = read_session(folder, content)
    reps, holds = (checked(read, name) for name in TYPES)
    return Loaded(read.row, reps, holds, read.corrections)


def read_session(folder: str, content: Content) -> Read:
    """As `load_session`, but the tables are still as they were written.

    Raises:
        LogError: as `load_session`, unless only the content of a table is wrong.
    """
    text = _bytes(folder, content, "session.json")
    if text is None:
        raise LogError(f"{folder}: no session here (session.json is missing)")
    header = _header(folder, text)
    events = _bytes(folder, content, "events.jsonl") or b""
    found = {name: _table(folder, content, name) for name in TYPES}
    if None in found.values():
        made = _from_events(header.session_id, every_event(events, f"{folder}/events.jsonl"))
        found = {name: made[name] if table is None else table for name, table in found.items()}
    corrections = parse_corrections(_bytes(folder, content, CORRECTIONS) or b"", f"{folder}: {CORRECTIONS}")
    slips_s = slips_of(events, f"{folder}/events.jsonl")
    return Read(_row(folder, header, events), slips_s, found, corrections)


def checked(read: Read, name: str) -> ArrowTable:
    """One table of one session, as `together` gives it.

    Raises:
        LogError: what is in it is wrong.
    """
    try:
        return together([read], name)
    except DAMAGED as error:
        raise _damaged(read.row.folder, name, error) from None


def together(reads: Sequence[Read], name: str) -> ArrowTable:
    """The tables of that name of several sessions as one, with exactly the columns and types of today.

    Small tables cost far more than what is in them: those of one kind are laid together before they are looked at.

    Raises:
        one of `DAMAGED`: what is in one of them is wrong.
    """
    alike = list[list[Read]]()
    for read in reads:
        table = read.tables[name]
        if len(table):
            same = (g for g in alike if g[0].tables[name].schema.equals(table.schema))
            group = next(same, None)
            alike.append([read]) if group is None else group.append(read)
    parts = [_conformed(group, name) for group in alike]
    return pa.concat_tables(parts) if parts else _EMPTY[name]


def _bytes(folder: str, content: Content, name: str) -> bytes | None:
    found = content[name]
    if isinstance(found, bytes):
        return found
    if isinstance(found, FileNotFoundError | NotADirectoryError):
        return None
    raise LogError(f"{folder}: {name} cannot be read ({reason_of(found)})")


def _header(folder: str, text: bytes) -> SessionHeader:
    try:
        return parse_header(text.decode(), folder)
    except UnicodeDecodeError as error:
        raise LogError(f"{folder}: session.json is damaged ({error})") from None


def _row(folder: str, header: SessionHeader, events: bytes) -> SessionRow:
    try:
        local = datetime.fromisoformat(header.started_at)
        began = (local if local.tzinfo else local.replace(tzinfo=UTC)).astimezone(UTC)
        if began.year not in YEARS:
            raise ValueError
    except (ValueError, OverflowError):
        raise LogError(f"{folder}: session.json: started_at is no time ({header.started_at!r})") from None
    offset = local.utcoffset()
    return SessionRow(
        session_id=header.session_id,
        started_at=began,
        utc_offset_s=int(offset.total_seconds()) if offset else 0,
        person=header.person,
        simulated=header.simulated,
        seed=header.seed,
        sensor_name=_text(header.sensor.get("name")),
        sensor_address=_text(header.sensor.get("address")),
        state=header.state,
        began_s=header.began_s,
        duration_s=_duration_s(folder, header, events),
        lost_share=_lost_share(header.link),
        reconnects=_whole(header.link.get("reconnects")),
        coxa_version=_text(header.versions.get("coxa")),
        effort=_whole(header.effort, most=MOST_EFFORT),
        folder=folder,
        plan=header.plan,
    )


def _duration_s(folder: str, header: SessionHeader, events: bytes) -> float | None:
    """From the first sample to the last; of sessions that do not say, from the first event to the last."""
    if header.lasted_s is not None:
        return header.lasted_s
    told = every_event(events, f"{folder}/events.jsonl")
    if not told:
        return None
    return (header.ended_s or told[-1].decided_s) - told[0].start_s


def _lost_share(link: dict[str, Any]) -> float | None:
    """Packets hold equally many samples, so the share of packets is the share of samples; newer logs say it."""
    share = link.get("lost_share")
    if isinstance(share, float) and 0.0 <= share <= 1.0:
        return share
    lost, came = (_whole(link.get(key)) for key in ("lost_packets", "frames"))
    return None if lost is None or not came else lost / (lost + came)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: object, most: int = 2**31 - 1) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most else None


def _table(folder: str, content: Content, name: str) -> ArrowTable | None:
    data = _bytes(folder, content, name)
    if data is None:
        return None
    try:
        table = read_table(data, TYPES[name], TABLE_ROWS)
    except DAMAGED as error:
        raise _damaged(folder, name, error) from None
    missing = [c for c in _NEEDED if c not in table.column_names]
    if missing:
        raise LogError(f"{folder}: {name} is not a table of coxa's (no column '{missing[0]}')")
    return table


def _damaged(folder: str, name: str, error: Exception) -> LogError:
    return LogError(f"{folder}: {name} is damaged ({damage_of(error)}); remove it, and the events are read instead")


def _conformed(reads: Sequence[Read], name: str) -> ArrowTable:
    """Tables of one schema as one, with the columns and types of today; columns that are not there yet are null.

    Raises:
        one of `DAMAGED`: rows are another session's or not of these types.
    """
    table = pa.concat_tables([read.tables[name] for read in reads])
    table.validate(full=True)
    types, n, have = TYPES[name], len(table), dict(zip(table.column_names, table.columns, strict=True))
    columns = dict[str, Any]()
    for column, kind in types.items():
        want, found = ARROW[kind], have.get(column)
        if found is None or found.null_count == n:  # a column of nothing but null has whatever type
            columns[column] = pa.nulls(n, want)
        else:
            columns[column] = found if found.type == want else found.cast(want)
    for column, kind in types.items():
        _check_values(column, kind, columns[column])
    if any(columns[c].null_count for c in (*_NEEDED, *(c for c, k in types.items() if k == "bool"))):
        raise pa.ArrowInvalid("a value is missing")
    sizes = [len(read.tables[name]) for read in reads]
    whose = np.repeat([read.row.session_id for read in reads], sizes)
    if columns["session_id"].to_pylist() != whose.tolist():
        raise pa.ArrowInvalid("it belongs to another session")
    return pa.table(columns)


def _check_values(name: str, kind: str, column: Any) -> None:
    """Raises ArrowInvalid: a value that no event has; those are checked when they are read."""
    if pa.types.is_string(ARROW[kind]):
        may_be = _WORDS.get(name, is_plain)
        good = all(may_be(text) for text in column.unique().to_pylist() if text is not None)
    elif pa.types.is_floating(ARROW[kind]):
        size = pc.call_function("abs", [column])
        good = pc.call_function("all", [pc.call_function("less_equal", [size, SECONDS])]).as_py() is not False
    else:
        least = pc.call_function("min", [column]).as_py()
        good = least is None or least >= 0
    if not good:
        raise pa.ArrowInvalid(f"column '{name}' has a value that cannot be")


def _from_events(session_id: str, events: list[Event]) -> dict[str, ArrowTable]:
    made = zip(TYPES, tables(session_id, events), strict=True)
    return {name: arrow_table(frame, TYPES[name]) for name, frame in made}
