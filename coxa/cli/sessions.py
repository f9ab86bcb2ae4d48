"""`coxa sessions` and `coxa show`: the log as people read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from upath import UPath

from coxa.analysis.names import percent
from coxa.cli.output import check_picture, narrow_table, picture_written, print_table, show_session, tell
from coxa.cli.repaired import repaired_log, repaired_session
from coxa.host.errors import LogError
from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.limits import printable
from coxa.host.log import Session, SessionHeader, list_sessions
from coxa.host.log.corrections import Correction, corrected_counts
from coxa.host.log.reader import session_places
from coxa.host.plural import count_of


def show_all(log: str | None) -> None:
    """List every session, oldest first; broken ones are named on stderr and left out."""
    folder = repaired_log(log)
    sessions = list_sessions(folder, _leave_out)
    shared = len({s.header.person for s in sessions}) > 1
    rows = [row for session in sessions if (row := _row(session, shared=shared)) is not None]
    console = Console()
    if not rows:
        console.print(_none_of(folder), highlight=False, markup=False, soft_wrap=True)
        return
    words = ("exercises", "sensor")
    table = narrow_table("session", "lasted", "exercises", "reps", "holds\nkept", "sensor", words=words)
    for row in rows:
        table.add_row(*row)
    print_table(console, table)


def check_log(log: str | None) -> None:
    """Repair the log, and say once, on stderr, what in it cannot be read, and if nothing can: it may be a wrong folder.

    Raises:
        LogError: the log cannot be listed.
    """
    folder = repaired_log(log)
    if not list_sessions(folder, _leave_out):
        tell(_none_of(folder))


def _none_of(folder: UPath) -> str:
    """Why there is no session to show."""
    if session_places(folder):
        return f"No session in {folder} can be read."
    return f"No sessions in {folder}. `coxa demo` makes one."


def show_one(name: str, log: str | None, save: Path | None) -> None:
    """Print one session and draw it.

    Raises:
        SpecError: `save` is no place for a picture.
        LogError: there is no such session, nothing to draw in it, or the picture cannot be written.
    """
    check_picture("--save", save)
    session = repaired_session(name, log)
    header = session.header
    console = Console()
    who = f"  {escape(header.person)}" if header.person else ""
    console.print(f"[bold]{header.session_id}[/]  {header.started_at}{who}", highlight=False)
    console.print(f"sensor: {_sensor(header.sensor)}", highlight=False, markup=False)
    if header.link:
        console.print(_stream(header.link), highlight=False, markup=False)
    show_session("simulated session" if header.simulated else "session", session)
    for set_index, count in sorted(corrected_counts(session.folder).items()):
        console.print(f"set {set_index + 1}: you say {count}", highlight=False)
    if save is None and not (session.folder / "packets.arrows").exists():
        tell(f"{session.folder}: no recording here: no picture")  # as in a log of new results
        return
    from coxa.analysis.plots.session import draw_session

    where = save or Path(str(session.folder)) / "session.png"
    try:
        with picture_written("--save", where):
            draw_session(session, where)
    except ValueError as error:
        raise LogError(f"{session.folder}: nothing to draw: {error}") from None
    console.print(f"picture  {printable(str(where))}", highlight=False, markup=False, soft_wrap=True)


def _sensor(told: dict[str, Any]) -> str:
    """'Thigh, C0:FF:EE:00:00:01, driver coxa, battery 87 %'; its settings are for programs."""
    units = {"battery_percent": ("battery", " %"), "name": ("", ""), "address": ("", "")}
    parts = list[str]()
    for key, value in told.items():
        before, after = units.get(key, (key.replace("_", " "), ""))
        if key != "settings":
            parts.append(f"{before} {value}{after}".strip())
    return ", ".join(parts) or "not told"


def _stream(link: dict[str, Any]) -> str:
    """How good the stream was; logs of an earlier coxa say less."""
    told = [f"stream: {_count(link, 'samples', 'sample')}"]
    rate_hz, share, gap_s = (link.get(key) for key in ("rate_hz", "lost_share", "longest_gap_s"))
    if isinstance(rate_hz, float):
        told[0] += f" at {rate_hz:.1f} Hz"
    if isinstance(share, float):
        told.append(f"{percent(share, 1)} lost")
    else:
        told.append(f"{_count(link, 'lost_packets', 'packet')} lost")
    if isinstance(gap_s, float):
        told.append(f"longest gap {gap_s:.2f} s")
    if link.get("reconnects"):
        told.append(f"{_count(link, 'reconnects', 'time')} reconnected")
    return "\n".join([", ".join(told), *(f"warning: {w}" for w in link.get("warnings") or ())])


def _count(link: dict[str, Any], key: str, one: str) -> str:
    """A session.json from elsewhere may say anything here."""
    n = link.get(key, 0)
    return count_of(n, one) if isinstance(n, int) else f"? {one}s"


def _leave_out(line: str) -> None:
    tell(f"left out: {line}")


def _row(session: Session, *, shared: bool) -> tuple[str, ...] | None:
    """The session's line of the table, with who trained in a log that several share.

    None where its events cannot be read, which is told.
    """
    try:
        header, events, corrected = session.header, session.events(), corrected_counts(session.folder)
    except LogError as error:
        return _leave_out(str(error))
    reps, holds, kept = _valid(session, events, corrected) if corrected else _counted(events)
    names = "\n".join(dict.fromkeys(p.exercise for p in header.plan))
    sensor = "simulated" if header.simulated else escape(str(header.sensor.get("name", "")))
    if header.state != "closed":
        sensor += f"\n{header.state}"
    if corrected:
        sensor += "\ncorrected"
    began = f"{header.started_at[:16].replace('T', ' ')}\n{header.session_id}"
    began += f"\n{escape(header.person)}" if shared and header.person else ""
    return began, _lasted(header), names, str(reps), f"{kept} of {holds}" if holds else "", sensor


def _counted(events: list[Event]) -> tuple[int, int, int]:
    """Repetitions, holds, and those that were kept."""
    holds = [e for e in events if isinstance(e, HoldEnded)]
    return sum(isinstance(e, RepCompleted) for e in events), len(holds), sum(h.verified for h in holds)


def _valid(session: Session, events: list[Event], corrected: dict[int, int]) -> tuple[int, int, int]:
    """The same as trends, report and exports have it, by what a person says about some sets."""
    from coxa.analysis.load_sets import sets_of
    from coxa.host.log.tables import tables

    name = session.header.session_id
    said = {name: [Correction(index, count, "") for index, count in corrected.items()]}
    sets = sets_of(*tables(name, events), {name: session.header.plan}, said, {name: 0}, _leave_out)
    reps, holds, kept = (int(sets[column].sum()) for column in ("reps_valid", "holds_valid", "kept_valid"))
    return reps, holds, kept


def _lasted(header: SessionHeader) -> str:
    seconds = header.lasted_s
    if seconds is None:
        return ""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
