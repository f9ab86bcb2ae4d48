"""`coxa plot`: pictures of a trend, of a set, of holds, of the calendar."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from coxa.analysis.plots.style import save as save_picture
from coxa.cli.day import parse_day
from coxa.cli.output import check_picture, picture_written
from coxa.cli.repaired import repaired_session
from coxa.host.errors import LogError, SpecError
from coxa.host.exercises.spec import exercise as known_exercise

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("trend", "session", "overlay", "steadiness", "calendar")
OF_SESSION = ("session", "overlay", "steadiness")


@dataclass(frozen=True, slots=True)
class PlotRequest:
    """What the command line asks for."""

    kind: str
    exercise: str | None
    session: str | None
    since: str | None
    person: str | None
    days_per_week: int | None
    save: Path | None
    log: str | None


def run(request: PlotRequest) -> None:
    """Draw the picture; save it, or show it where there is a screen.

    Raises:
        LogError: there is nothing to draw, no screen to show it on, or it cannot be written.
        SpecError: the command line asks for what does not exist.
    """
    if request.kind not in KINDS:
        raise SpecError(f"no picture '{request.kind}': choose {', '.join(KINDS)}")
    _refuse_idle(request)
    check_picture("--save", request.save)
    where = request.save or _shown()
    try:
        figure = _of_session(request) if request.kind in OF_SESSION else _of_log(request)
    except ValueError as error:
        raise LogError(f"nothing to draw: {error}") from None
    with picture_written("--save", where):
        save_picture(figure, where)
    Console().print(f"picture  {where}", highlight=False, markup=False, soft_wrap=True)
    if request.save is None:
        typer.launch(str(where))


def _refuse_idle(request: PlotRequest) -> None:
    """An option that the picture does not heed must not seem to have been heeded."""
    of_session, calendar = request.kind in OF_SESSION, request.kind == "calendar"
    idle = {
        "--exercise": request.exercise is not None and request.kind in ("session", "calendar"),
        "--since": request.since is not None and of_session,
        "--person": request.person is not None and of_session,
        "--session": request.session is not None and not of_session,
        "--days-per-week": request.days_per_week is not None and not calendar,
    }
    for option, given in idle.items():
        if given:
            raise SpecError(f"{option} changes nothing in a picture of kind {request.kind}; leave it out")


def _of_log(request: PlotRequest) -> Figure:
    from coxa.analysis.plots.calendar import calendar_figure
    from coxa.analysis.plots.trend import trend_figure
    from coxa.analysis.trends import session_table, side_differences, trends
    from coxa.cli.trends import check_exercise, frames_of, kept_plan

    since = parse_day("--since", request.since)
    frames = frames_of(request.log)
    if request.kind == "calendar":
        return calendar_figure(kept_plan(frames, request.log, request.days_per_week, request.person, since))
    check_exercise(request.exercise, frames)
    table = session_table(frames, request.person, since)
    names = list(dict.fromkeys(table["exercise"]))
    if request.exercise is None and len(names) > 1:
        raise SpecError(f"a trend is of one exercise: name it with --exercise; this log has {', '.join(names)}")
    return trend_figure(trends(table, request.exercise), side_differences(table, request.exercise))


def _of_session(request: PlotRequest) -> Figure:
    from coxa.analysis.plots.overlay import overlay_figure
    from coxa.analysis.plots.session import overview_figure
    from coxa.analysis.plots.steadiness import steadiness_figure
    from coxa.host.log import session_items

    if request.exercise is not None:
        known_exercise(request.exercise)
    session = repaired_session("last" if request.session is None else request.session, request.log)
    if request.kind == "session":
        return overview_figure(session)
    draw = overlay_figure if request.kind == "overlay" else steadiness_figure
    return draw(session_items(session), session.events(), request.exercise, simulated=session.header.simulated)


def _shown() -> Path:
    """A passing file for a picture that the system's own viewer shows.

    Raises:
        LogError: there is no screen.
    """
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform not in ("darwin", "win32") and not screen:
        raise LogError("no screen to show the picture on; name a file with --save picture.png (or .svg, .pdf)")
    return Path(tempfile.mkdtemp(prefix="coxa-")) / "picture.png"
