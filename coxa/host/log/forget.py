"""Removes a session for good: health data belongs to the person."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import cast

from filelock import FileLock, Timeout
from upath import UPath

from coxa.host.bounded import is_local, read_file
from coxa.host.errors import LogError, reason_of
from coxa.host.limits import HEADER_BYTES, printable
from coxa.host.log.reader import last_session, open_session, session_places
from coxa.host.log.writer import LOCK_NAME
from coxa.host.strict_json import parse_json


def folders_named(name: str, log: UPath) -> list[UPath]:
    """The session of that id, of the only id that begins so, or the last one.

    Names are compared with what the log holds and never made into a path, so that nothing outside can be meant.

    Raises:
        LogError: no session or several are meant.
    """
    if name == "last":
        return [last_session(log)]
    root = log / "sessions"
    folders = sorted((root / place for place in session_places(log)), key=lambda f: f.name)
    begun = [f for f in folders if name and f.name.startswith(name) and f.is_dir()]
    found = [f for f in begun if f.name == name] or begun
    if not found:
        raise LogError(f"no session '{name}' in {log}; `coxa sessions` lists them")
    if len({f.name for f in found}) > 1:
        raise LogError(f"'{name}' begins {len(found)} sessions: {', '.join(f.name for f in found[:5])}")
    return found


def folders_of(person: str, log: UPath, broken: Callable[[str], None]) -> list[UPath]:
    """Every session of a person, a damaged one too where its header still says whose it is.

    `broken` hears of those that do not.

    Raises:
        LogError: there is none.
    """
    found, root = list[UPath](), log / "sessions"
    for place in session_places(log, broken):
        try:
            whose_it_is = open_session(root / place).header.person
        except LogError as error:
            whose_it_is = _said_person(root / place)
            if whose_it_is is None:
                broken(str(error))
        if whose_it_is == person:
            found.append(root / place)
    if not found:
        raise LogError(f"no session of '{person}' in {log}")
    return found


def _said_person(folder: UPath) -> str | None:
    """Whom a header names that is no good otherwise; None where it names nobody."""
    try:
        data = parse_json(read_file(folder / "session.json", HEADER_BYTES, links=False).decode())
    except (OSError, ValueError):
        return None
    person = cast(dict[str, object], data).get("person") if isinstance(data, dict) else None
    return person if isinstance(person, str) else None


def forget_session(folder: UPath) -> None:
    """Remove one session's folder with all that is in it; a day's folder goes with its last session.

    The header goes last: what is interrupted can be found and forgotten again.

    Raises:
        LogError: the session is being recorded, its folder is a link to elsewhere, or it cannot be removed.
    """
    try:
        if is_local(folder):
            _forget_local(Path(str(folder)))
        else:
            _forget_far(folder)
    except Timeout:
        raise LogError(f"{folder}: is being recorded; end the session first") from None
    except OSError as error:
        raise LogError(f"{folder}: cannot be removed ({reason_of(error)})") from error


def _forget_local(folder: Path) -> None:
    if folder.is_symlink() or folder.parent.is_symlink():
        raise LogError(f"{folder}: is a link to elsewhere, which is left alone; remove it yourself")
    lock = folder / LOCK_NAME
    held: AbstractContextManager[object] = (
        FileLock(lock, timeout=0, mode=0o600) if lock.exists() and not lock.is_symlink() else nullcontext()
    )
    with held:
        for path in sorted(folder.iterdir(), key=lambda p: p.name == "session.json"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path != lock:
                path.unlink()
    lock.unlink(missing_ok=True)
    folder.rmdir()
    if not any(folder.parent.iterdir()):
        folder.parent.rmdir()


def _forget_far(folder: UPath) -> None:
    fs, header = folder.fs, (folder / "session.json").path
    for path in fs.find(folder.path):
        if path != header:
            fs.rm_file(path)
    if fs.exists(header):
        fs.rm_file(header)
    if fs.exists(folder.path):  # a store with real folders
        fs.rm(folder.path, recursive=True)


def whose(folder: UPath) -> str:
    """A line about the session for whoever is asked whether to forget it."""
    name = printable(folder.name)
    try:
        header = open_session(folder).header
    except LogError:
        return f"{name}  (cannot be read)"
    names = ", ".join(dict.fromkeys(p.exercise for p in header.plan))
    return f"{name}  {header.started_at[:16].replace('T', ' ')}  {header.person or ''}  {names}".rstrip()
