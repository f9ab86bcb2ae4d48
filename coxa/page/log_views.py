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
from coxa.page.session_view import show_session

if TYPE_CHECKING:
    from collections.abc import Generator

COLUMNS = [
    {"name": "when", "label": "When", "field": "when", "align": "left", "sortable": True},
    {"name": "what", "label": "What", "field": "what", "align": "left"},
    {"name": "state", "label": "", "field": "state", "align": "left"},
]
"""Of the table of sessions."""


def register(log: str | None, *, live: bool) -> None:
    """Make the pages known to NiceGUI."""

    @ui.page("/sessions", title="coxa · sessions")
    async def sessions() -> None:  # pyright: ignore[reportUnusedFunction]
        with _frame("Sessions", live=live):
            broken = list[str]()
            rows = await run.io_bound(_rows, log, broken)
            for line in broken or []:
                ui.label(line).classes("text-warning")
            if not rows:
                ui.label("No session yet. `coxa demo` makes one without any sensor.")
                return
            table = ui.table(rows=rows, columns=COLUMNS, row_key="id", pagination=20).classes("w-full")
            table.add_slot(
                "body-cell-when",
                '<q-td :props="props"><a :href="\'/session/\' + props.row.id">{{ props.value }}</a></q-td>',
            )

    @ui.page("/session/{name}", title="coxa · session")
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
            said, drawn = await run.io_bound(_trends, log) or ([], [])
            for line in said:
                ui.label(line)
            for one in drawn:
                with ui.card().classes("w-full bg-white"):
                    ui.html(one, sanitize=False).classes("w-full trend")


@contextmanager
def _frame(title: str, *, live: bool) -> Generator[None, None, None]:
    """What every page has: the head with its links, light or dark as in the live view, the title."""
    ui.add_head_html(
        '<link rel="icon" href="/static/icon.svg"><style>.trend svg { width: 100%; height: auto; }</style>'
    )
    dark = ui.dark_mode(value=None)
    with ui.header().classes("bg-white dark:bg-dark text-black dark:text-white items-center gap-4 border-b"):
        ui.label("coxa").classes("text-xl text-bold").style("color: #0b6e99")
        for name, place in ((("Live", "/"),) if live else ()) + (("Sessions", "/sessions"), ("Trends", "/trends")):
            ui.link(name, place).classes("text-current no-underline")
        ui.space()
        ui.button("Light or dark", on_click=lambda: dark.set_value(not dark.value)).props("flat no-caps color=primary")
    with ui.column().classes("w-full max-w-5xl mx-auto gap-4"):
        ui.label(title).classes("text-2xl").props('role="heading" aria-level="1"')
        yield


def _rows(log: str | None, broken: list[str]) -> list[dict[str, str]]:
    rows = list[dict[str, str]]()
    for one in reversed(list_sessions(log_folder(log), broken.append)):
        head = one.header
        names = dict.fromkeys(p.exercise.replace("_", " ") for p in one.plan)
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
