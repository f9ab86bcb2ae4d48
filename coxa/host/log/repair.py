"""Finishes what a killed session left behind: cuts torn ends, adds missing events, makes the tables.

A recording that is damaged before its end is never rewritten, as more may be in it than can be read: the session has
what was logged, tables of the samples before the damage, and no end mark, so that it is not taken for a whole one.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from filelock import BaseFileLock, FileLock, Timeout
from upath import UPath

from coxa.host.bounded import is_local
from coxa.host.errors import LogError, SpecError, reason_of
from coxa.host.events import Event, to_json
from coxa.host.exercises.spec import lent
from coxa.host.log.header import told_at_the_end
from coxa.host.log.reader import Session, list_sessions, open_session, session_places
from coxa.host.log.tables import write_tables
from coxa.host.log.writer import COMPRESSED, LOCK_NAME, OWN_FILES, PACKETS, batch_of, forget_empty, forget_stump
from coxa.host.plural import count_of
from coxa.host.private_file import put
from coxa.host.routine import Coach
from coxa.host.samples import Packet


def repair_log(log: UPath) -> list[str]:
    """Repair every session that nobody is writing any more; gives a line for each.

    One that cannot be repaired, as where there is no right to write, is left as it is and told in its line: the others
    are read nevertheless.

    Raises:
        LogError: the log itself cannot be listed.
    """
    if not is_local(log):
        return []
    _clear_stumps(log)
    return [line for s in list_sessions(log) if s.header.state == "open" for line in _repaired(s.folder)]


def _clear_stumps(log: UPath) -> None:
    """Away with what is left of sessions that were killed before they had a header: nothing is lost with them."""
    root = Path(str(log)) / "sessions"
    for folder in (root / place for place in session_places(log)):
        with suppress(OSError, Timeout):  # another time; it harms nobody
            if folder.is_dir() and not folder.is_symlink() and not (folder / "session.json").exists():
                forget_stump(folder)


def _repaired(where: UPath) -> list[str]:
    folder = Path(str(where))
    try:
        with FileLock(folder / LOCK_NAME, timeout=0, mode=0o600) as lock:
            session = open_session(where)  # again: it may have been closed while the lock was waited for
            session.decoder()  # a sensor that this coxa does not know leaves the session as it is
            return [_repair(session, folder, lock)] if session.header.state == "open" else []
    except Timeout:
        return []  # a living session
    except (SpecError, LogError) as error:
        return [f"session {folder.name} is left as it is: {error}"]
    except OSError as error:
        why = f"was interrupted and cannot be repaired ({reason_of(error)})"
        return [f"session {folder.name} {why}; it is left as it is"]


def _repair(session: Session, folder: Path, lock: BaseFileLock) -> str:
    recording, logged = session.recording(), session.events_so_far()
    packets, damaged_at = recording.packets, recording.damaged_at
    if not packets and not logged and _is_bare(folder):
        forget_empty(folder, lock)
        return f"session {folder.name} was interrupted before the sensor sent anything: there is nothing to keep"
    events, learned = _completed(session, packets, logged) if packets and damaged_at is None else (logged, {})
    if len(events) < len(logged) + session.lines_not_read():
        raise LogError(
            f"{folder / 'events.jsonl'}, line {len(logged) + 1}: damaged, or of a newer coxa, and the recording does "
            "not give anew what was logged; repair it with the coxa that recorded it, restore the file from a copy, or "
            "remove that line"
        )
    if damaged_at is None:
        put(folder / "packets.arrows", _arrow(packets))
    put(folder / "events.jsonl", "".join(to_json(e) + "\n" for e in events).encode())
    began_s = write_tables(folder, session.header)
    header = replace(session.header, state="repaired", began_s=began_s, **learned)
    put(folder / "session.json", header.to_json().encode())
    added = len(events) - len(logged)
    told = (
        f"repaired session {session.header.session_id}, which was interrupted: "
        f"{count_of(len(packets), 'packet')}, {count_of(len(events), 'event')} ({added} of them recovered)"
    )
    return told if damaged_at is None else f"{told}; {_damage(folder / 'packets.arrows', damaged_at)}"


def _damage(recording: Path, at: int) -> str:
    """Says what became of a recording that is damaged before its end."""
    return (
        f"{recording} is damaged at byte {at} of {recording.stat().st_size}: what follows cannot be read and is left "
        "as it is; what was counted stands, and `coxa rescore` leaves the session out"
    )


def _is_bare(folder: Path) -> bool:
    """Whether nothing was ever received: only the writer's own files, and of packets no more than a stream's head.

    A longer file in which no packet can be read is damaged, and is kept.
    """
    recording = folder / "packets.arrows"
    known = {p.name for p in folder.iterdir()} <= OWN_FILES
    return known and (not recording.exists() or recording.stat().st_size <= len(_arrow([])))


def _completed(session: Session, packets: list[Packet], logged: list[Event]) -> tuple[list[Event], dict[str, Any]]:
    """The events that the packets give, where the logged ones are their beginning; else the logged ones alone. And what
    a session's end tells its header, but for what only the link knew, as how often the sensor was lost.
    """
    decoder = session.decoder()
    items = decoder.feed_all(packets) + decoder.finish()
    with lent(session.lacking()):
        coach = Coach(session.plan)
        events = [e for item in items for e in coach.feed(item)] + coach.finish()
    link = {**decoder.counts(), "lost_share": decoder.stats.lost_share}
    learned = {"ended_s": coach.view.t_s, "link": link, **told_at_the_end(coach)}
    return (events if events[: len(logged)] == logged else logged), learned


def _arrow(packets: list[Packet]) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, PACKETS, options=COMPRESSED) as stream:
        stream.write_batch(batch_of(packets))
    return sink.getvalue().to_pybytes()
