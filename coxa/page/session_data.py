"""A recorded session as the page draws it: trace, marks, sets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coxa.analysis.plots.angles import elevation_deg, first_counted, rest_pose, series, tilt_of
from coxa.analysis.rescore import SetCount, set_counts
from coxa.analysis.slips import mark_slips, slips_among
from coxa.host.errors import CoxaError, RecordingError
from coxa.host.events import Event, since
from coxa.host.log.corrections import corrected_counts
from coxa.host.log.reader import Session, session_items
from coxa.host.log.tables import tables
from coxa.host.voice import Phrases
from coxa.page.state import mark_of

PAUSE_S, LEAD_S = 15.0, 3.0
"""After so long without anything seen the zero is taken anew, so long before the next movement."""
POINTS = 6000
"""Most points of a trace; more than a screen has, fewer than a browser minds."""
LOST_S = 0.5
"""Where samples are further apart the line breaks, as on the live page."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """What there is to see of a session."""

    title: str
    folder: Path
    trace: list[tuple[float, float | None]]
    """Seconds since the first sample, elevation in degrees against the rest pose before each set; None where samples
    are missing from there on."""
    marks: list[dict[str, Any]]
    """As on the live page, times on the same clock as the trace."""
    sets: dict[int, SetCount]
    corrected: dict[int, int]
    """Counts by hand, by set index."""
    problems: list[str]
    """What of it cannot be read, a line each."""


def view_of(session: Session, phrases: Phrases) -> SessionView:
    """Read one session; a damaged recording leaves its events to see."""
    header, events, problems = session.header, list[Event](), list[str]()
    began_s, trace, corrected = 0.0, list[tuple[float, float | None]](), dict[int, int]()
    try:
        events = session.events()
        began_s, trace = _trace(session, events)
    except CoxaError as error:
        problems.append(str(error))
    try:
        corrected = corrected_counts(session.folder)
    except CoxaError as error:
        problems.append(str(error))
    side = session.plan[0].side if session.plan else None
    found = (mark_of(since(event, began_s), phrases, side) for event in events)
    marks = [mark for mark in found if mark is not None]
    sets = _sets(header.session_id, events) if events else {}
    title = header.started_at[:16].replace("T", "  ")
    names = dict.fromkeys(p.exercise for p in session.plan)
    done = phrases.page("exercises_n", n=len(names)) if len(names) > 1 else "".join(map(phrases.exercise, names))
    title += f" · {done}" + (f" · {phrases.page('simulated')}" if header.simulated else "")
    return SessionView(title, Path(str(session.folder)), trace, marks, sets, corrected, problems)


def _sets(session_id: str, events: list[Event]) -> dict[int, SetCount]:
    """The counts of each set; what came after a slip of the strap has no angle, as in trends and report."""
    reps, holds = tables(session_id, events)
    mark_slips(reps, holds, {session_id: slips_among(events)})
    for table in (reps, holds):
        table["rom_deg"] = table["rom_deg"].mask(table["after_slip"])
    return set_counts(reps, holds)


def _trace(session: Session, events: list[Event]) -> tuple[float, list[tuple[float, float | None]]]:
    items = session_items(session)
    try:
        t_s, up = tilt_of(items)
    except ValueError as error:
        raise RecordingError(f"{session.folder}: {error}") from error
    angle = elevation_deg(up, up[: max(len(up) // 20, 1)].mean(axis=0))
    for k, group in enumerate(series(events, PAUSE_S)):
        first = int(np.searchsorted(t_s, group[0].start_s - LEAD_S)) if k else 0
        angle[first:] = elevation_deg(up[first:], rest_pose(t_s, up, first_counted(group)))
    lost = np.flatnonzero(np.diff(t_s) > LOST_S) + 1
    angle = np.insert(angle, lost, np.nan)
    t_s = np.insert(t_s, lost, t_s[lost - 1])
    drawn = np.linspace(0, len(t_s) - 1, min(len(t_s), POINTS)).astype(int)
    keep = np.union1d(drawn, np.flatnonzero(np.isnan(angle)))
    began_s = float(t_s[0])
    degrees = (None if np.isnan(deg) else deg for deg in angle[keep].round(1).tolist())
    return began_s, list(zip((t_s[keep] - began_s).round(2).tolist(), degrees, strict=True))
