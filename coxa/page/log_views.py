"""Pages about the log: its sessions, one session with its trace and corrections, and trends."""

from __future__ import annotations

from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException
from nicegui import run, ui

from coxa.host.errors import CoxaError
from coxa.host.log import find_session, list_sessions, log_folder
from coxa.host.voice import Phrases
from coxa.page.session_data import SessionView, view_of
from coxa.page.session_view import AMBER, BLUE, GREEN, show_session

if TYPE_CHECKING:
    from collections.abc import Generator

HEAD = """<link rel="icon" href="/static/icon.svg"><link rel="stylesheet" href="/static/log.css">
<script defer src="/static/log.js"></script>"""
PLACES = {"live": "/", "sessions": "/sessions", "trends": "/trends"}
"""The pages by the key of their word."""
READ_S = 60.0
"""A slow disk and a long session are given so long."""
COLUMNS = {"when": "log_when", "what": "log_what", "state": "log_state"}
"""Of the table of sessions, with the key of each one's word."""


def register(log: str | None, phrases: Phrases, *, live: bool) -> None:
    """Make the pages known to NiceGUI, in the language of the phrases."""

    @ui.page("/sessions", title="coxa · sessions", response_timeout=READ_S)
    async def sessions() -> None:  # pyright: ignore[reportUnusedFunction]
        with _frame("sessions", phrases, live=live):
            broken = list[str]()
            rows = await run.io_bound(_rows, log, phrases, broken)
            for line in broken or []:
                ui.label(line).classes("text-warning").props('role="alert"')
            if not rows:
                ui.label(phrases.page("no_session"))
                return
            columns = [_column(name, phrases.page(key)) for name, key in COLUMNS.items()]
            table = ui.table(rows=rows, columns=columns, row_key="id", pagination=20).classes("w-full")
            table.add_slot(
                "body-cell-when",
                '<q-td :props="props"><a :href="\'/session/\' + props.row.id">{{ props.value }}</a></q-td>',
            )

    @ui.page("/session/{name}", title="coxa · session", response_timeout=READ_S)
    async def session(name: str) -> None:  # pyright: ignore[reportUnusedFunction]
        if not name.replace("-", "").isalnum():
            raise HTTPException(404, "there is no such session")
        view = await run.io_bound(_view, name, log, phrases)
        if view is None:
            raise HTTPException(404, "there is no such session")
        with _frame(view.title, phrases, live=live):
            show_session(view, phrases)

    @ui.page("/trends", title="coxa · trends")
    async def trends() -> None:  # pyright: ignore[reportUnusedFunction]
        with _frame("trends", phrases, live=live):
            waiting = ui.label(phrases.page("reading")).classes("text-soft").props('role="status"')
            await ui.context.client.connected()  # a year takes seconds: the page stands before it is read
            said, drawn = await run.io_bound(_trends, log, phrases) or ([], [])
            waiting.delete()
            _show_trends(said, drawn, phrases)


def _show_trends(said: list[str], drawn: list[tuple[str, str]], phrases: Phrases) -> None:
    if phrases.page("trends_language"):
        ui.label(phrases.page("trends_language")).classes("text-soft")
    for line in said:
        ui.label(line)
    for title, one in drawn:
        with ui.card().classes("w-full paper"):
            ui.html(one, sanitize=False).classes("w-full trend").props("role=img").props["aria-label"] = title


@contextmanager
def _frame(name: str, phrases: Phrases, *, live: bool) -> Generator[None, None, None]:
    """What every page has: the head with its links, light or dark as in the live view, the title.

    Args:
        name: of the page among `PLACES`, or else its title.
        phrases: the language.
        live: whether there is a live view to go back to.
    """
    ui.add_head_html(HEAD)
    ui.colors(primary=BLUE, positive=GREEN, warning=AMBER)
    with ui.header().classes("head items-center gap-1"):
        ui.label("coxa").classes("name")
        with ui.element("nav") as links:
            links.props["aria-label"] = phrases.page("pages")
            for key, place in PLACES.items():
                if live or key != "live":
                    ui.link(phrases.page(key), place).props('aria-current="page"' if key == name else "")
        ui.space()
        theme = ui.button(phrases.page("light_or_dark")).props("outline no-caps")
        theme.on("click", js_handler="() => coxaTheme(true)")
    with ui.column().classes("w-full max-w-5xl mx-auto gap-4"):
        title = ui.label(phrases.page(name) if name in PLACES else name).classes("text-2xl")
        title.props('role="heading" aria-level="1"')
        yield


def _column(name: str, label: str) -> dict[str, Any]:
    return {"name": name, "label": label, "field": name, "align": "left", "sortable": name == "when"}


def _rows(log: str | None, phrases: Phrases, broken: list[str]) -> list[dict[str, str]]:
    rows = list[dict[str, str]]()
    for one in reversed(list_sessions(log_folder(log), broken.append)):
        head = one.header
        names = dict.fromkeys(phrases.exercise(p.exercise) for p in one.plan)
        state = "simulated" if head.simulated else "unfinished" if head.state == "open" else ""
        rows.append(
            {
                "id": head.session_id,
                "when": head.started_at[:16].replace("T", "  "),
                "what": ", ".join(names),
                "state": phrases.page(state) if state else "",
            }
        )
    return rows


def _view(name: str, log: str | None, phrases: Phrases) -> SessionView | None:
    try:
        found = find_session(name, log)
    except CoxaError:
        return None
    return None if found is None else view_of(found, phrases)


def _trends(log: str | None, phrases: Phrases) -> tuple[list[str], list[tuple[str, str]]]:
    """Sentences, and figures as SVG, each with what it is called."""
    from coxa.analysis.load import load
    from coxa.analysis.plots.trend import trend_figure
    from coxa.analysis.trend_words import difference_sentence, sentence
    from coxa.analysis.trends import session_table, side_differences, trends

    try:
        frames = load(log, broken=lambda _: None)
    except CoxaError as error:
        return [str(error)], []
    table = session_table(frames)
    found, differences = trends(table), side_differences(table)
    if not found:
        return [phrases.page("no_trend")], []
    drawn = list[tuple[str, str]]()
    for name in dict.fromkeys(t.exercise for t in found):
        figure = trend_figure([t for t in found if t.exercise == name], [d for d in differences if d.exercise == name])
        text = StringIO()
        figure.savefig(text, format="svg")
        drawn.append((phrases.exercise(name), text.getvalue()))
    return [*(sentence(t) for t in found), *(difference_sentence(d) for d in differences)], drawn
