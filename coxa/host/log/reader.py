"""Reads sessions, from a folder or any fsspec URL."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import platformdirs
import pyarrow as pa
from upath import UPath

from coxa.host.errors import LogError
from coxa.host.events import Event, from_json
from coxa.host.log.header import SessionHeader, parse_header
from coxa.host.routine import SetPlan
from coxa.host.samples import Packet, StreamItem
from coxa.host.wire import Decoder

_END = b"\xff\xff\xff\xff\0\0\0\0"
"""How an Arrow stream ends (Arrow columnar format, IPC streaming format)."""


@dataclass(frozen=True, slots=True)
class Session:
    """One session on disk."""

    folder: UPath
    header: SessionHeader

    @property
    def plan(self) -> tuple[SetPlan, ...]:
        """The sets as they were planned."""
        return self.header.plan

    def packets(self) -> list[Packet]:
        """Every whole packet; what is torn at the end is left out."""
        return whole_packets(_bytes(self.folder / "packets.arrows"))

    def is_whole(self) -> bool:
        """Whether the recording can be read to the end that its writer set."""
        data = _bytes(self.folder / "packets.arrows")
        return data.endswith(_END) and _read_packets(data)[1]

    def events(self) -> list[Event]:
        """Every whole event; a torn last line is left out."""
        return whole_events(_bytes(self.folder / "events.jsonl"))


def log_folder(log: str | None) -> UPath:
    """The log that is meant: the one named, or the user's own."""
    return UPath(log) if log else UPath(platformdirs.user_data_dir("coxa")) / "log"


def open_session(folder: UPath) -> Session:
    """Raises LogError: there is no session, or it cannot be read."""
    try:
        text = (folder / "session.json").read_text("utf-8")
    except FileNotFoundError:
        raise LogError(f"{folder}: no session here (session.json is missing)") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LogError(f"{folder}: session.json cannot be read ({error})") from None
    return Session(folder, parse_header(text, str(folder)))


def list_sessions(log: UPath, broken: Callable[[str], None] | None = None) -> list[Session]:
    """All sessions, oldest first. What cannot be read is told to `broken` and left out."""
    root = log / "sessions"
    if not root.exists():
        return []
    sessions = list[Session]()
    days = [d for d in root.iterdir() if d.name.startswith("date=") and d.is_dir()]
    for day in sorted(days, key=lambda d: d.name):
        for folder in day.iterdir():
            try:
                sessions.append(open_session(folder))
            except LogError as error:
                if broken is not None:
                    broken(str(error))
    return sorted(sessions, key=lambda s: (s.header.started_at, s.header.session_id))


def find_session(name: str, log: str | None) -> Session | None:
    """The session that `name` means: a folder, its packets.arrows, an id or the beginning of one, or 'last'.

    Gives None where it is no session at all, as for a CSV file.

    Raises:
        LogError: several sessions begin so, or it cannot be read.
    """
    path = UPath(name)
    if path.name == "packets.arrows" and path.exists():
        return open_session(path.parent)
    if path.is_dir():
        return open_session(path)
    if os.sep in name or path.exists() or path.suffix:
        return None
    sessions = list_sessions(log_folder(log))
    if name == "last":
        if not sessions:
            raise LogError(f"{log_folder(log)}: the log has no session yet; `coxa demo` makes one")
        return sessions[-1]
    found = [s for s in sessions if s.header.session_id.startswith(name)]
    if len(found) > 1:
        raise LogError(f"'{name}' begins {len(found)} sessions: {', '.join(s.header.session_id for s in found[:5])}")
    return found[0] if found else None


def session_items(session: Session) -> list[StreamItem]:
    """The samples and gaps of a session, decoded anew.

    Raises:
        LogError: the recording is damaged before its end.
    """
    decoder = Decoder()
    packets = session.packets()
    if not packets:
        raise LogError(f"{session.folder}: packets.arrows holds no whole packet")
    return [item for packet in packets for item in decoder.feed(packet.data)]


def whole_packets(data: bytes) -> list[Packet]:
    """The packets of an Arrow stream up to where it is torn."""
    return _read_packets(data)[0]


def _read_packets(data: bytes) -> tuple[list[Packet], bool]:
    """The packets up to where the stream is torn, and whether that is its end."""
    packets = list[Packet]()
    try:
        with pa.ipc.open_stream(data) as stream:
            while True:
                batch = stream.read_next_batch()
                batch.validate(full=True)  # a damaged offset would otherwise read foreign memory
                rows = batch.to_pydict()
                packets += [Packet(t, d) for t, d in zip(rows["arrival_s"], rows["data"], strict=True)]
    except StopIteration:
        return packets, True
    except (pa.ArrowException, MemoryError, OSError, KeyError, ValueError):
        return packets, False


def whole_events(data: bytes) -> list[Event]:
    """The events of a JSON-lines file up to a torn last line."""
    events = list[Event]()
    for line in data.split(b"\n")[:-1]:
        try:
            events.append(from_json(line.decode()))
        except (ValueError, TypeError):
            break
    return events


def _bytes(path: UPath) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise LogError(f"{path}: cannot be read ({error.strerror})") from error
