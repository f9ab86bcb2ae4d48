"""Repair before anything is read: what a killed session left unfinished would be missing from every figure."""

from __future__ import annotations

from upath import UPath

from coxa.cli.output import tell
from coxa.host.errors import LogError
from coxa.host.log import Session, find_session, log_folder, repair_log


def repaired_log(log: str | None) -> UPath:
    """The log that is meant, with interrupted sessions repaired and told on stderr.

    Raises:
        LogError: the log cannot be listed, or is in a store that cannot be used.
    """
    folder = log_folder(log)
    for line in repair_log(folder):
        tell(line)
    return folder


def repaired_session(name: str, log: str | None) -> Session:
    """The session that `name` means, as `find_session` takes it, once the log has been repaired.

    Raises:
        LogError: there is none, several begin so, or it cannot be read; or as `repaired_log`.
    """
    folder = repaired_log(log)
    session = find_session(name, log)
    if session is None:
        raise LogError(f"no session '{name}' in {folder}; `coxa sessions` lists them")
    return session
