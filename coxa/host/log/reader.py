"""Reads sessions, from a folder or any fsspec URL."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import platformdirs
from upath import UPath

from coxa.host.bounded import NotAFileError, is_local, read_file
from coxa.host.cues.cue import Cue
from coxa.host.cues.cue import from_json as cue_from_json
from coxa.host.errors import LogError, SpecError, reason_of
from coxa.host.events import Event, from_json
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.home import at_home
from coxa.host.limits import HEADER_BYTES, LINE_BYTES, LINES_BYTES, PACKED_PACKETS_BYTES, SESSION_ID
from coxa.host.log.header import SessionHeader, copied_specs, parse_header
from coxa.host.log.packets import Recording, read_packets
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

    def lacking(self) -> tuple[ExerciseSpec, ...]:
        """Exercises that it is to count and the library lacks, to be `lent` to it: as the header has copied them.

        Raises:
            SpecError: such a copy is wrong.
        """
        return copied_specs(self.header, str(self.folder))

    def packets(self) -> list[Packet]:
        """Every whole packet; what is torn at the end is left out."""
        return self.recording().packets

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
        return self.recording().whole

    def recording(self) -> Recording:
        """The packets, and how they end.

        Raises:
            LogError: the file cannot be read, or is no recording of coxa's.
        """
        path = self.folder / "packets.arrows"
        try:
            return read_packets(_bytes(path, PACKED_PACKETS_BYTES))
        except TooMuchError as error:
            raise LogError(f"{path}: {error}; restore it from a copy, or `coxa forget` the session") from None

    def events(self) -> list[Event]:
        """Every event, as `every_event`.

        Raises:
            LogError: the file cannot be read, or as `every_event`.
        """
        path = self.folder / "events.jsonl"
        return every_event(_bytes(path, LINES_BYTES), str(path))

    def events_so_far(self) -> list[Event]:
        """As `events`, but only up to a damaged line: for who counts the rest anew."""
        path = self.folder / "events.jsonl"
        return whole_events(_bytes(path, LINES_BYTES), str(path))

    def lines_not_read(self) -> int:
        """How many lines of events `events_so_far` leaves out, but for a torn last one."""
        path = self.folder / "events.jsonl"
        data = _bytes(path, LINES_BYTES)
        return max(data.count(b"\n") - 1 - len(whole_events(data, str(path))), 0)

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
        place = UPath(at_home(log))
        _ = place.fs
    except (ImportError, ValueError) as error:
        raise LogError(f"{log}: this kind of store cannot be used ({error})") from None
    return _plain(place)


def _plain(place: UPath) -> UPath:
    """The same place; a folder of this machine that was named by its URL as a path, like all others."""
    return UPath(place.path) if is_local(place) else place


def open_session(folder: UPath) -> Session:
    """Raises LogError: there is no session, or it cannot be read."""
    try:
        text = read_file(folder / "session.json", HEADER_BYTES, links=False).decode()
    except (FileNotFoundError, NotADirectoryError):
        raise LogError(f"{folder}: no session here (session.json is missing)") from None
    except TooMuchError as error:
        raise LogError(f"{folder}: session.json {error}") from None
    except UnicodeDecodeError as error:
        raise LogError(f"{folder}: session.json cannot be read ({error})") from None
    except OSError as error:
        raise LogError(f"{folder}: session.json cannot be read ({reason_of(error)})") from None
    return Session(folder, parse_header(text, str(folder)))


def session_places(log: UPath, broken: Callable[[str], None] | None = None) -> list[str]:
    """Where sessions lie below `log / "sessions"`, as 'date=2026-11-23/ID', by day; readable or not.

    Args:
        log: the log.
        broken: told one line for each day that cannot be listed.

    Raises:
        LogError: the log itself cannot be listed.
    """
    fs, top, days = log.fs, (log / "sessions").path, _days(log)

    def inside(day: str) -> list[str]:
        try:
            names = [_name(path) for path in fs.ls(f"{top}/{day}", detail=False)]
        except OSError as error:
            if broken is not None:
                broken(f"{log / 'sessions' / day}: cannot be listed ({reason_of(error)})")
            return []
        return [f"{day}/{name}" for name in sorted(names) if name not in ("", day) and not name.startswith(".")]

    if not fs.async_impl:
        return [place for day in days for place in inside(day)]
    with ThreadPoolExecutor(_LISTERS) as pool:  # a store far away is asked for many days at once
        return [place for found in pool.map(inside, days) for place in found]


def _days(log: UPath) -> list[str]:
    """Names of the days' folders, in order.

    Raises:
        LogError: the log itself cannot be listed.
    """
    fs, top = log.fs, (log / "sessions").path
    try:
        days = sorted(d for d in (_name(path) for path in fs.ls(top, detail=False)) if d.startswith("date="))
    except FileNotFoundError:
        return []
    except OSError as error:
        why = reason_of(error)
        raise LogError(f"{log}: the log cannot be listed ({why}); name another with --log") from error
    if not days and fs.isfile(top):  # which fsspec lists as if it were in itself
        raise LogError(f"{log}: the log cannot be listed (sessions is a file, not a folder); name another with --log")
    return days


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


def may_be_in_log(name: str) -> bool:
    """Whether `name` may be the id of a session of the log, or 'last'; not if it is a place or looks like a file's."""
    path = UPath(at_home(name))
    return not (os.sep in name or path.exists() or path.suffix)


def find_session(name: str, log: str | None) -> Session | None:
    """The session that `name` means: a folder, its packets.arrows, an id or the beginning of one, or 'last'.

    Gives None where it is no session at all, as for a CSV file.

    Raises:
        LogError: several sessions begin so, or it cannot be read.
    """
    path = _plain(UPath(at_home(name)))
    if path.name == "packets.arrows" and path.exists():
        return open_session(path.parent)
    if path.is_dir():
        return open_session(path)
    if not may_be_in_log(name):
        return None
    return session_in_log(name, log_folder(log))


def session_in_log(name: str, log: UPath) -> Session | None:
    """The session of the log that `name` means: an id or the beginning of one, or 'last'; None: there is no such one.

    Raises:
        LogError: several sessions begin so, or it cannot be read.
    """
    if name == "last":
        last = last_session(log)
        try:
            return open_session(last)
        except LogError as error:
            raise LogError(f"the last session cannot be read, name another: {error}") from None
    found = [s for s in list_sessions(log) if s.header.session_id.startswith(name)]
    if len(found) > 1:
        raise LogError(f"'{name}' begins {len(found)} sessions: {', '.join(s.header.session_id for s in found[:5])}")
    if found:
        return found[0]
    for place in session_places(log):
        if _name(place).startswith(name):
            return open_session(log / "sessions" / place)  # it is there, but cannot be read: says why
    return None


def last_session(log: UPath) -> UPath:
    """The folder of the session that began last: what 'last' means, whatever is done with it.

    One that cannot be read is the last where its id is later than those that can: what is meant for it must not fall,
    unsaid, on the one before.

    Raises:
        LogError: there is none, or it may be in a day that cannot be listed.
    """
    unlisted = list[str]()
    places = session_places(log, unlisted.append)
    sessions = _sessions_at(log, places, None)
    newest = max((_name(str(s.folder)) for s in sessions), default="")
    names = [p for p in places if SESSION_ID.fullmatch(_name(p)) and _name(p) > newest]
    unread = [log / "sessions" / p for p in names if _has_header(log / "sessions" / p)]
    found = max(unread, key=str) if unread else sessions[-1].folder if sessions else None
    if unlisted:
        _refuse_unlisted(log, places, "" if found is None else found.parent.name)
    if found is None:
        raise LogError(f"{log}: the log has no session yet; `coxa demo` makes one")
    return found


def _has_header(folder: UPath) -> bool:
    """Whether it may be a session, and no stump of one that never began."""
    try:
        return (folder / "session.json").exists()
    except OSError:
        return True


def _refuse_unlisted(log: UPath, places: list[str], day: str) -> None:
    """Raises LogError: a later day cannot be listed."""
    seen = {place.partition("/")[0] for place in places}
    for later in (d for d in _days(log) if d > day and d not in seen):
        try:
            log.fs.ls(f"{(log / 'sessions').path}/{later}", detail=False)
        except OSError as error:
            where = log / "sessions" / later
            raise LogError(f"{where}: cannot be listed ({reason_of(error)}) and may hold the last; name one") from None


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


def every_event(data: bytes, where: str) -> list[Event]:
    """The events of a JSON-lines file; a torn last line is left out.

    Raises:
        LogError: a line in its midst is damaged: what comes after it would be missed.
    """
    events = whole_events(data, where)
    if len(events) < data.count(b"\n") - 1:
        raise LogError(
            f"{where}, line {len(events) + 1}: damaged, or of a newer coxa; restore it from a copy, or count anew "
            "with `coxa rescore`"
        )
    return events


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
        raise LogError(f"{path}: {reason_of(error)}; remove it") from None
    except OSError as error:
        raise LogError(f"{path}: cannot be read ({reason_of(error)})") from error
