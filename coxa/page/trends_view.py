"""The page about trends: whose, what changed in sentences, and a picture of each exercise."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlencode

from nicegui import run, ui

from coxa.host.bounded import is_local
from coxa.host.errors import CoxaError
from coxa.host.log import log_folder
from coxa.host.log.corrections import NAME as CORRECTIONS
from coxa.host.log.reader import session_places
from coxa.host.voice import Phrases
from coxa.page.frame import framed

if TYPE_CHECKING:
    from coxa.analysis.load import LogFrames

State: TypeAlias = tuple[tuple[str, int, int], ...]
"""Every session's place, and when its folder and its corrections were last changed, ns."""


@dataclass(frozen=True, slots=True)
class TrendsView:
    """What the page shows."""

    people: list[str]
    """Whom one can choose; empty where the log is one person's."""
    person: str | None
    """Who is chosen."""
    said: list[str]
    """Sentences, or why there are none."""
    drawn: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Figures as SVG, each with what it is called."""
    broken: list[str] = field(default_factory=list[str])
    """What of the log could not be read, and is missing from all this: a line each."""


class LogReader:
    """The log's frames, read anew only when something in it has changed: thousands of sessions take seconds."""

    def __init__(self, log: str | None) -> None:
        self._log, self._lock = log, Lock()
        self._read: tuple[State, LogFrames, list[str]] | None = None

    def frames(self) -> tuple[LogFrames, list[str]]:
        """The frames, and a line for whatever of the log could not be read and is missing from them.

        Several browsers that ask at one time wait for one reading.

        Raises:
            LogError: the log cannot be listed.
        """
        from coxa.analysis.load import load

        with self._lock:
            state = self._state()
            if self._read is None or state is None or self._read[0] != state:
                broken = list[str]()
                self._read = state or (), load(self._log, broken=broken.append), broken
            return self._read[1:]

    def _state(self) -> State | None:
        """None of a log far away, where asking takes as long as reading."""
        folder = log_folder(self._log)
        if not is_local(folder):
            return None
        root = Path(str(folder)) / "sessions"
        return tuple(
            (place, _changed_ns(root / place), _changed_ns(root / place / CORRECTIONS))
            for place in session_places(folder)
        )


def register_trends(log: str | None, phrases: Phrases, *, live: bool) -> None:
    """Make the page known to NiceGUI."""
    reader = LogReader(log)

    @ui.page("/trends", title="coxa · trends")
    async def trends(person: str | None = None) -> None:  # pyright: ignore[reportUnusedFunction]
        with framed("trends", phrases, live=live):
            waiting = ui.label(phrases.page("reading")).classes("text-soft").props('role="status"')
            client = ui.context.client
            await client.connected()  # a year takes seconds: the page stands before it is read
            view = await run.io_bound(view_of_trends, reader, phrases, person)
            if client.is_deleted:  # whoever asked has gone meanwhile
                return
            waiting.delete()
            if view is not None:  # None where the program is ending
                _show(view, phrases)


def view_of_trends(reader: LogReader, phrases: Phrases, person: str | None) -> TrendsView:
    """What the log tells of one person; of several, whom one can choose."""
    from coxa.analysis.plots.trend import trend_figure
    from coxa.analysis.trend_words import difference_sentence, sentence
    from coxa.analysis.trends import people_of, session_table, side_differences, trends

    broken = list[str]()
    try:
        frames, broken = reader.frames()
        people = people_of(frames)
        if person is None and len(people) > 1:
            return TrendsView(people, None, [phrases.page("whose_trends")], broken=broken)
        table = session_table(frames, person)
    except CoxaError as error:
        return TrendsView([], None, [str(error)], broken=broken)
    people = people if len(people) > 1 else []
    found, differences = trends(table), side_differences(table)
    if not found:
        nothing = [] if broken else [phrases.page("no_trend")]  # else it is not known whether anything was measured
        return TrendsView(people, person, nothing, broken=broken)
    drawn = list[tuple[str, str]]()
    for name in dict.fromkeys(t.exercise for t in found):
        figure = trend_figure([t for t in found if t.exercise == name], [d for d in differences if d.exercise == name])
        text = StringIO()
        figure.savefig(text, format="svg")
        drawn.append((phrases.exercise(name), text.getvalue()))
    said = [*(sentence(t) for t in found), *(difference_sentence(d) for d in differences)]
    return TrendsView(people, person, said, drawn, broken)


def _show(view: TrendsView, phrases: Phrases) -> None:
    for line in view.broken:
        ui.label(line).classes("text-warning").props('role="alert"')
    if view.people:
        with ui.element("nav").classes("people") as names:
            names.props["aria-label"] = phrases.page("people")
            for name in view.people:
                here = 'aria-current="page"' if name == view.person else ""
                ui.link(name, f"/trends?{urlencode({'person': name})}").props(here)
    if view.drawn and phrases.page("trends_language"):
        ui.label(phrases.page("trends_language")).classes("text-soft")
    for line in view.said:
        ui.label(line)
    for title, one in view.drawn:
        with ui.card().classes("w-full paper"):
            ui.html(one, sanitize=False).classes("w-full trend").props("role=img").props["aria-label"] = title


def _changed_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
