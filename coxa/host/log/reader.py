"""Reads sessions, from a folder or any fsspec URL."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import platformdirs
from upath import UPath

from coxa.host.bounded import NotAFileError, read_file
from coxa.host.cues.cue import Cue
from coxa.host.cues.cue import from_json as cue_from_json
from coxa.host.errors import LogError, SpecError
from coxa.host.events import Event, from_json
from coxa.host.limits import HEADER_BYTES, LINE_BYTES, LINES_BYTES, PACKED_PACKETS_BYTES, SESSION_ID
from coxa.host.log.header import SessionHeader, parse_header
from coxa.host.log.packets import END, read_packets
from coxa.host.routine import SetPlan
from coxa.host.samples import Packet, StreamItem
from coxa.host.sensors.driver import SensorDecoder, checked_settings
from coxa.host.sensors.registry import driver
from coxa.host.strict_json import TooMuchError

_LISTERS = 16
"""Days of a store far away that are asked for at one time."""
OWN = "coxa"
"""Name of the driver of coxa's own protocol."""
Line = TypeVar("Line")


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
        return self._packets()[0]

    def decoder(self) -> SensorDecoder:
        """A fresh decoder, as the live session had: coxa's own protocol where the log is silent, as it once was.

        Raises:
            SpecError: the sensor is none that this coxa knows.
        """
        said = self.header.sensor
        where = f"{self.folder}: session.json"
        try:
            chosen = driver(said.get("driver", OWN))
            settings = checked_settings(said["settings"]) if "settings" in said else chosen.defaults
            return chosen.decoder(settings)
        except SpecError as error:
            raise SpecError(f"{where}: {error}") from None
        except (TypeError, ValueError, ZeroDivisionError, AttributeError) as error:
            raise SpecError(f"{where}: the sensor's settings make no sense ({error})") from None

    def is_whole(self) -> bool:
        """Whether the recording can be read to the end that its writer set."""
        return self._packets()[1]

    def _packets(self) -> tuple[list[Packet], bool]:
        path = self.folder / "packets.arrows"
        data = _bytes(path, PACKED_PACKETS_BYTES)
        try:
            packets, whole = read_packets(data)
        except TooMuchError as error:
            raise LogError(f"{path}: {error}; restore it from a copy, or `coxa forget` the session") from None
        return packets, whole and data.endswith(END)

    def events(self) -> list[Event]:
        """Every whole event; a torn last line is left out.

        Raises:
            LogError: the file cannot be read, or a line in its midst is damaged: what comes after it would be missed.
        """
        path = self.folder / "events.jsonl"
        data = _bytes(path, LINES_BYTES)
        events = whole_events(data, str(path))
        if len(events) < data.count(b"\n") - 1:
            raise LogError(
                f"{path}, line {len(events) + 1}: damaged, or of a newer coxa; restore it from a copy, or count anew "
                "with `coxa rescore`"
            )
        return events

    def events_so_far(self) -> list[Event]:
        """As `events`, but only up to a damaged line: for repair, which counts the rest anew."""
        path = self.folder / "events.jsonl"
        return whole_events(_bytes(path, LINES_BYTES), str(path))

    def cues(self) -> list[Cue]:
        """Every whole cue; none in logs of an earlier coxa."""
        path = self.folder / "cues.jsonl"
        return _whole_lines(_bytes(path, LINES_BYTES), cue_from_json, str(path))


def log_folder(log: str | None) -> UPath:
    """The log that is meant: the one named, or the user's own.

    Raises:
        LogError: a URL of a kind of store that is unknown, or whose package is not installed.
    """
    if not log:
        return UPath(platformdirs.user_data_dir("coxa")) / "log"
    try:
        place = UPath(log)
        _ = place.fs
    except (ImportError, ValueError) as error:
        raise LogError(f"{log}: this kind of store cannot be used ({error})") from None
    return place


def open_session(folder: UPath) -> Session:
    """Raises LogError: there is no session, or it cannot be read."""
    try:
        text = read_file(folder / "session.json", HEADER_BYTES, links=False).decode()
    except (FileNotFoundError, NotADirectoryError):
        raise LogError(f"{folder}: no session here (session.json is missing)") from None
    except TooMuchError as error:
        raise LogError(f"{folder}: session.json {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LogError(f"{folder}: session.json cannot be read ({error})") from None
    return Session(folder, parse_header(text, str(folder)))


def session_places(log: UPath, broken: Callable[[str], None] | None = None) -> list[str]:
    """Where sessions lie below `log / "sessions"`, as 'date=2026-11-23/ID', by day; readable or not.

    Args:
        log: the log.
        broken: told one line for each day that cannot be listed.

    Raises:
        LogError: the log itself cannot be listed.
    """
    fs, top = log.fs, (log / "sessions").path
    try:
        days = sorted(d for d in (_name(path) for path in fs.ls(top, detail=False)) if d.startswith("date="))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LogError(f"{log}: the log cannot be listed ({error.strerror or error})") from error
    if not days and fs.isfile(top):  # which fsspec lists as if it were in itself
        raise LogError(f"{log}: the log cannot be listed (sessions is a file, not a folder)")

    def inside(day: str) -> list[str]:
        try:
            names = [_name(path) for path in fs.ls(f"{top}/{day}", detail=False)]
        except OSError as error:
            if broken is not None:
                broken(f"{log / 'sessions' / day}: cannot be listed ({error.strerror or error})")
            return []
        return [f"{day}/{name}" for name in sorted(names) if name not in ("", day) and not name.startswith(".")]

    if not fs.async_impl:
        return [place for day in days for place in inside(day)]
    with ThreadPoolExecutor(_LISTERS) as pool:  # a store far away is asked for many days at once
        return [place for found in pool.map(inside, days) for place in found]


def list_sessions(log: UPath, broken: Callable[[str], None] | None = None) -> list[Session]:
    """All sessions, oldest first. What cannot be read is told to `broken` and left out."""
    return _sessions_at(log, session_places(log, broken), broken)


def _sessions_at(log: UPath, places: list[str], broken: Callable[[str], None] | None) -> list[Session]:
    sessions, root = list[Session](), log / "sessions"
    for place in places:
        try:
            sessions.append(open_session(root / place))
        except LogError as error:
            if broken is not None:
                broken(str(error))
    return sorted(sessions, key=lambda s: (s.header.instant, s.header.session_id))


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
    broken, where = list[str](), log_folder(log)
    places = session_places(where, broken.append)
    sessions = _sessions_at(where, places, broken.append)
    if name == "last":
        if broken and not sessions:
            raise LogError(f"no session of the log can be read: {broken[-1]}")
        if not sessions:
            raise LogError(f"{where}: the log has no session yet; `coxa demo` makes one")
        return _unless_newer_is_broken(sessions, where, places)
    found = [s for s in sessions if s.header.session_id.startswith(name)]
    if len(found) > 1:
        raise LogError(f"'{name}' begins {len(found)} sessions: {', '.join(s.header.session_id for s in found[:5])}")
    return found[0] if found else None


def _unless_newer_is_broken(sessions: list[Session], log: UPath, places: list[str]) -> Session:
    """The last session; what is meant for one that cannot be read must not fall on the one before it, unsaid.

    Raises:
        LogError: the newest one cannot be read.
    """
    read = {_name(str(s.folder)) for s in sessions}
    newer = [log / "sessions" / p for p in places if SESSION_ID.fullmatch(_name(p)) and _name(p) > max(read)]
    newer = [p for p in newer if (p / "session.json").exists()]
    if newer:
        try:
            return open_session(max(newer, key=str))
        except LogError as error:
            raise LogError(f"the last session cannot be read, name another: {error}") from None
    return sessions[-1]


def session_items(session: Session) -> list[StreamItem]:
    """The samples and gaps of a session, decoded anew.

    Raises:
        LogError: the recording is damaged before its end.
        SpecError: its sensor is none that this coxa knows.
    """
    decoder = session.decoder()
    packets = session.packets()
    if not packets:
        raise LogError(f"{session.folder}: packets.arrows holds no whole packet: nothing to count or to draw")
    return decoder.feed_all(packets) + decoder.finish()


def whole_events(data: bytes, where: str = "events.jsonl") -> list[Event]:
    """The events of a JSON-lines file up to a torn last line.

    Raises:
        LogError: a line is longer than any event.
    """
    return _whole_lines(data, from_json, where)


def _whole_lines(data: bytes, read: Callable[[str], Line], where: str) -> list[Line]:
    """What `read` makes of each line, up to the first that it refuses."""
    found = list[Line]()
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        if len(line) > LINE_BYTES:
            raise LogError(f"{where}, line {number}: longer than any event; restore the file from a copy")
        try:
            found.append(read(line.decode()))
        except (ValueError, TypeError):
            break
    return found


def _name(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]


def _bytes(path: UPath, most: int) -> bytes:
    try:
        return read_file(path, most, links=False)
    except FileNotFoundError:
        return b""
    except TooMuchError as error:
        raise LogError(f"{path}: {error}") from None
    except NotAFileError as error:
        raise LogError(f"{path}: {error.strerror}; remove it") from None
    except OSError as error:
        raise LogError(f"{path}: cannot be read ({error.strerror})") from error
