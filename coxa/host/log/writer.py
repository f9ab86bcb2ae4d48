"""Writes one session as it happens. Killed at any moment, it loses the last second at most."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from filelock import BaseFileLock, FileLock

from coxa.host.cues.cue import Cue
from coxa.host.cues.cue import to_json as cue_json
from coxa.host.errors import LogError, reason_of
from coxa.host.events import Event, to_json
from coxa.host.log.header import SessionHeader
from coxa.host.log.packets import COMPRESSED, Room
from coxa.host.log.packets import SCHEMA as PACKETS
from coxa.host.log.tables import write_tables
from coxa.host.private_file import put
from coxa.host.samples import Packet

FLUSH_S = 1.0
"""Packets are on disk this long after they arrived, so that a kill costs no more."""
MOST_TOGETHER = 16
"""So many packets at most make a batch: what a host catches up with comes all at once, and for buffers beyond 8 kB
Arrow's allocator (mimalloc) takes 2 MB more of the system and gives them back as it likes. A second has ten packets."""
LOCK_NAME = "writer.lock"
OWN_FILES = frozenset({"packets.arrows", "events.jsonl", "cues.jsonl", "session.json.part", "session.json", LOCK_NAME})
"""What is in the folder of a session before its tables are written."""


class SessionWriter:
    """One running session. Use as a context manager: a clean end closes it, an error leaves it for repair."""

    def __init__(self, log: Path, header: SessionHeader) -> None:
        """Raises LogError: the folder cannot be made or written."""
        self.header, self.log = header, log
        day = header.started_at[:10]
        self.folder = log / "sessions" / f"date={day}" / header.session_id
        self._lock = FileLock(self.folder / LOCK_NAME, mode=0o600)
        try:
            for part in (log, log / "sessions", self.folder.parent, self.folder):
                part.mkdir(mode=0o700, parents=True, exist_ok=part != self.folder)
            self._lock.acquire(timeout=0)
            put(self.folder / "session.json", header.to_json().encode())
            self._file = _private(self.folder / "packets.arrows")
            self._events = _private(self.folder / "events.jsonl")
            self._cues = _private(self.folder / "cues.jsonl")
            self._stream = pa.ipc.new_stream(self._file, PACKETS, options=COMPRESSED)
            self._file.flush()
        except OSError as error:
            self._undo()
            raise LogError(
                f"{self.folder}: cannot write the log ({reason_of(error)}); choose another with --log"
            ) from error
        self._pending: list[Packet] = []
        self._room = Room()
        self._flushed_s = 0.0
        self._closed = self._failed = False

    def _undo(self) -> None:
        """No trace of a session that did not begin; what cannot be removed now is by the next repair."""
        self._lock.release()
        with suppress(OSError):
            forget_stump(self.folder)

    def __enter__(self) -> SessionWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        if self._closed:
            return
        if kind is None:
            self.close()
        else:
            self.abandon()

    def packet(self, packet: Packet) -> None:
        """Keep one notification; on disk within a second of arrivals."""
        self._pending.append(packet)
        if packet.arrival_s - self._flushed_s >= FLUSH_S or len(self._pending) >= MOST_TOGETHER:
            self.flush()

    @property
    def full(self) -> bool:
        """Whether the session is as large as one may be that is to be read again: it must be closed now."""
        return self._room.full

    def event(self, event: Event) -> None:
        """Keep one event, with the packets that it was decided from before it."""
        self.flush()
        line = (to_json(event) + "\n").encode()
        self._guarded(self._events.write, line)
        self._guarded(self._events.flush)

    def cue(self, cue: Cue) -> None:
        """Keep one cue: what there was to say, and when."""
        self._guarded(self._cues.write, (cue_json(cue) + "\n").encode())
        self._guarded(self._cues.flush)

    def describe(self, **changes: Any) -> None:
        """Complete the header with what the session has learned: sensor, link."""
        self.header = replace(self.header, **changes)
        self._guarded(put, self.folder / "session.json", self.header.to_json().encode())

    def flush(self) -> None:
        """Bring everything to disk now. After a failure nothing is tried again: half of it may stand there already."""
        if self._pending and not self._failed:
            self._guarded(self._stream.write_batch, batch_of(self._pending))
            self._guarded(self._file.flush)
            self._room.take(self._pending)
            self._flushed_s = self._pending[-1].arrival_s
            self._pending.clear()

    def close(self, ended_s: float | None = None) -> None:
        """The session is over: write the tables and mark it closed."""
        try:
            self.flush()
            self._guarded(self._stream.close)
            for file in (self._file, self._events, self._cues):
                self._guarded(file.close)
            began_s = self._guarded(write_tables, self.folder, self.header)
            self.describe(state="closed", began_s=began_s, ended_s=ended_s)
        finally:
            self._shut()

    def abandon(self) -> None:
        """Leave the session as it is, for repair to finish."""
        try:
            self.flush()
        finally:
            self._shut()

    def discard(self) -> None:
        """Nothing came that would be worth keeping: the session leaves no trace."""
        self._pending.clear()
        self._closed = True
        for file in (self._stream, self._file, self._events, self._cues):
            with suppress(OSError):  # a full disk does not matter any more
                file.close()
        try:
            forget_empty(self.folder, self._lock)
        except OSError as error:
            raise LogError(f"{self.folder}: cannot be removed ({reason_of(error)}); nothing is in it") from error
        finally:
            self._lock.release()

    def _shut(self) -> None:
        """Let go of the files, whatever became of them; the lock last: what is locked is not repaired."""
        self._closed = True
        for file in (self._file, self._events, self._cues):
            if self._failed:
                file.raw.close()  # what is buffered is dropped: it may follow half a batch, or a torn line
            with suppress(OSError):
                file.close()
        self._lock.release()

    def _guarded(self, write: Callable[..., Any], *what: Any) -> Any:
        try:
            return write(*what)
        except OSError as error:
            self._failed = True
            why = os.strerror(error.errno) if error.errno else error  # Arrow wraps the reason into words of its own
            if not self.folder.exists():
                raise LogError(f"{self.folder}: cannot write the log (the session's folder was removed)") from error
            raise LogError(f"{self.folder}: cannot write the log ({why}); what came before is safe") from error


def forget_stump(folder: Path) -> bool:
    """Remove what is left of a session that was stopped before its header stood there; whether it was one.

    Raises:
        OSError: it cannot be removed.
        Timeout: it is just being begun.
    """
    names = {p.name for p in folder.iterdir()}
    if not names <= {LOCK_NAME, "session.json.part"}:
        return False
    with FileLock(folder / LOCK_NAME, timeout=0, mode=0o600) as lock:
        if (folder / "session.json").exists():
            return False
        forget_empty(folder, lock)
    return True


def forget_empty(folder: Path, lock: BaseFileLock) -> None:
    """Remove a session in which nothing is, by whoever holds its lock; a day's folder goes with its last session.

    The header goes before the lock: what is interrupted is a stump, which the next repair removes. The lock is let go
    before its file is removed: Windows removes no file that is open.

    Raises:
        OSError: it cannot be removed.
    """
    for name in (*OWN_FILES - {"session.json", LOCK_NAME}, "session.json"):
        (folder / name).unlink(missing_ok=True)
    lock.release()
    (folder / LOCK_NAME).unlink(missing_ok=True)
    folder.rmdir()
    with suppress(OSError):  # another session of that day
        folder.parent.rmdir()


def batch_of(packets: list[Packet]) -> Any:
    """Packets as rows of packets.arrows."""
    rows = {name: [getattr(p, name) for p in packets] for name in PACKETS.names}
    return pa.RecordBatch.from_pydict(rows, PACKETS)


def _private(path: Path) -> Any:
    """A new file for writing that only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
