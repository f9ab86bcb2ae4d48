"""Pages about the log: its sessions, one session with its trace and corrections, and trends."""

from __future__ import annotations

from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING

from fastapi import HTTPException
from nicegui import run, ui

from coxa.host.errors import CoxaError
from coxa.host.log import find_session, list_sessions, log_folder
from coxa.page.session_data import SessionView, view_of
from coxa.page.session_view import AMBER, BLUE, GREEN, show_session, title_of

if TYPE_CHECKING:
    from collections.abc import Generator

HEAD = """<link rel="icon" href="/static/icon.svg"><link rel="stylesheet" href="/static/log.css">
<script defer src="/static/log.js"></script>"""
READ_S = 60.0
"""A slow disk and a long session are given so long."""
COLUMNS = [
    {"name": "when", "label": "When", "field": "when", "align": "left", "sortable": True},
    {"name": "what", "label": "What", "field": "what", "align": "left"},
    {"name": "state", "label": "", "field": "state", "align": "left"},
]
"""Of the table of sessions."""


def register(log: str | None, *, live: bool) -> None:
    """Make the pages known to NiceGUI."""

    @ui.page("/sessions", title="coxa · sessions", response_timeout=READ_S)
    async def sessions() -> None:  # pyright: ignore[reportUnusedFunction]
        with _frame("Sessions", live=live):
            broken = list[str]()
            rows = await run.io_bound(_rows, log, broken)
            for line in broken or []:
                ui.label(line).classes("text-warning").props('role="alert"')
            if not rows:
                ui.label("No session yet. `coxa demo` makes one without any sensor.")
                return
            table = ui.table(rows=rows, columns=COLUMNS, row_key="id", pagination=20).classes("w-full")
            table.add_slot(
                "body-cell-when",
                '<q-td :props="props"><a :href="\'/session/\' + props.row.id">{{ props.value }}</a></q-td>',
            )

    @ui.page("/session/{name}", title="coxa · session", response_timeout=READ_S)
    async def session(name: str) -> None:  # pyright: ignore[reportUnusedFunction]
        if not name.replace("-", "").isalnum():
            raise HTTPException(404, "there is no such session")
        view = await run.io_bound(_view, name, log)
        if view is None:
            raise HTTPException(404, "there is no such session")
        with _frame(view.title, live=live):
            show_session(view)

    @ui.page("/trends", title="coxa · trends")
    async def trends() -> None:  # pyright: ignore[reportUnusedFunction]
        with _frame("Trends", live=live):
            waiting = ui.label("Reading the log …").classes("text-soft").props('role="status"')
            await ui.context.client.connected()  # a year takes seconds: the page stands before it is read
            said, drawn = await run.io_bound(_trends, log) or ([], [])
            waiting.delete()
            for line in said:
                ui.label(line)
            for one in drawn:
                with ui.card().classes("w-full paper"):
                    ui.html(one, sanitize=False).classes("w-full trend")


@contextmanager
def _frame(title: str, *, live: bool) -> Generator[None, None, None]:
    """What every page has: the head with its links, light or dark as in the live view, the title."""
    ui.add_head_html(HEAD)
    ui.colors(primary=BLUE, positive=GREEN, warning=AMBER)
    with ui.header().classes("head items-center gap-1"):
        ui.label("coxa").classes("name")
        for name, place in ((("Live", "/"),) if live else ()) + (("Sessions", "/sessions"), ("Trends", "/trends")):
            here = ' aria-current="page"' if place == f"/{title.lower()}" else ""
            ui.link(name, place).props(here)
        ui.space()
        ui.button("Light or dark").props("outline no-caps").on("click", js_handler="() => coxaTheme(true)")
    with ui.column().classes("w-full max-w-5xl mx-auto gap-4"):
        ui.label(title).classes("text-2xl").props('role="heading" aria-level="1"')
        yield


def _rows(log: str | None, broken: list[str]) -> list[dict[str, str]]:
    rows = list[dict[str, str]]()
    for one in reversed(list_sessions(log_folder(log), broken.append)):
        head = one.header
        names = dict.fromkeys(title_of(p.exercise, None) for p in one.plan)
        state = "simulated" if head.simulated else "" if head.state != "open" else "running or interrupted"
        rows.append(
            {
                "id": head.session_id,
                "when": head.started_at[:16].replace("T", "  "),
                "what": ", ".join(names),
                "state": state,
            }
        )
    return rows


def _view(name: str, log: str | None) -> SessionView | None:
    try:
        found = find_session(name, log)
    except CoxaError:
        return None
    return None if found is None else view_of(found)


def _trends(log: str | None) -> tuple[list[str], list[str]]:
    """Sentences, and figures as SVG."""
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
        return ["Nothing measured yet: after a few sessions your trends are here."], []
    drawn = list[str]()
    for name in dict.fromkeys(t.exercise for t in found):
        figure = trend_figure([t for t in found if t.exercise == name], [d for d in differences if d.exercise == name])
        text = StringIO()
        figure.savefig(text, format="svg")
        drawn.append(text.getvalue())
    return [*(sentence(t) for t in found), *(difference_sentence(d) for d in differences)], drawn
