"""What `demo` and `live` share: the log, a new session's header, repair before anything else."""

from __future__ import annotations

import platform
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex

from coxa.cli.output import may_write, nearest, tell
from coxa.cli.repaired import repaired_log
from coxa.host.bounded import is_local
from coxa.host.errors import LinkError, LogError, SpecError
from coxa.host.limits import is_plain, shown
from coxa.host.log import SessionHeader, SessionWriter, log_folder
from coxa.host.log.header import COUNTED_BY, specs_of
from coxa.host.routine import SetPlan


def ready_log(log: str | None) -> Path:
    """The log as a local folder, with interrupted sessions repaired and told on stderr.

    Raises:
        LogError: it is not a local folder, as live sessions are written locally, or there is no right to write to it.
    """
    folder = log_folder(log)
    if not is_local(folder):
        raise LogError(f"{folder}: a live session is written to a local folder; name one with --log and copy it later")
    repaired_log(log)
    place = Path(str(folder))
    there = nearest(place / "sessions")
    if not may_write(there):
        raise LogError(f"{there}: no right to write the log there; choose another place with --log")
    return place


def kept(writer: SessionWriter) -> Path | None:
    """The folder of a session that has ended; None, and a line on stderr, where the sensor sent nothing to keep."""
    if writer.folder.exists():
        return writer.folder
    tell("the sensor sent nothing, so there is no session to keep; `coxa doctor` finds out why")
    return None


@dataclass(frozen=True, slots=True)
class Ended:
    """What is left of a live session."""

    folder: Path | None
    """Its place in the log; None where none was made."""
    trouble: LinkError | None = None
    """Why the sensor was lost for good, if it was."""


async def to_its_end(session: Awaitable[None], writer: SessionWriter) -> LinkError | None:
    """Run a session; gives the error that ended it, if what had come by then is kept.

    Raises:
        LinkError: and nothing had come.
    """
    try:
        await session
    except LinkError as error:
        if not writer.folder.exists():
            raise
        return error
    return None


def check_person(name: str | None) -> None:
    """Raises SpecError: no name that a log could keep and a report could show."""
    if name is not None and not (name.strip() and name.isprintable() and is_plain(name)):
        raise SpecError(f"--person (or COXA_PERSON) must be a name in one line, found {shown(name)}")


def new_header(
    plan: tuple[SetPlan, ...], *, person: str | None = None, simulated: bool = False, seed: int | None = None
) -> SessionHeader:
    """The header of a session that begins now."""
    now = datetime.now().astimezone()
    return SessionHeader(
        session_id=f"{now:%Y%m%dT%H%M%S}-{token_hex(3)}",
        started_at=now.isoformat(timespec="seconds"),
        plan=plan,
        specs=specs_of(plan),
        person=person,
        simulated=simulated,
        seed=seed,
        versions={n: version(n) for n in COUNTED_BY} | {"python": platform.python_version()},
    )
