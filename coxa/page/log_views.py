"""Pages about the log: its sessions, one session with its trace and corrections, and what no page is."""

from __future__ import annotations

from typing import Any

from fastapi import HTTPException, Request, Response
from nicegui import Client, app, run, ui

from coxa.host.errors import CoxaError
from coxa.host.limits import SESSION_ID
from coxa.host.log import list_sessions, log_folder
from coxa.host.log.reader import session_in_log
from coxa.host.voice import Phrases
from coxa.page.frame import framed
from coxa.page.session_data import SessionView, view_of
from coxa.page.session_view import show_session
from coxa.page.trends_view import register_trends

READ_S = 60.0
"""A slow disk and a long session are given so long."""
COLUMNS = {"when": "log_when", "who": "log_who", "what": "log_what", "state": "log_state"}
"""Of the table of sessions, with the key of each one's word; who trained only where that is more than one person."""


def register(log: str | None, phrases: Phrases, *, live: bool) -> None:
    """Make the pages known to NiceGUI, in the language of the phrases."""

    @ui.page("/sessions", title="coxa · sessions", response_timeout=READ_S)
    async def sessions() -> None:  # pyright: ignore[reportUnusedFunction]
        with framed("sessions", phrases, live=live):
            broken = list[str]()
            rows = await run.io_bound(_rows, log, phrases, broken)
            for line in broken or []:
                ui.label(line).classes("text-warning").props('role="alert"')
            if not rows:
                if not broken:
                    ui.label(phrases.page("no_session"))
                return
            several = len({row["who"] for row in rows}) > 1
            shown = {name: key for name, key in COLUMNS.items() if several or name != "who"}
            columns = [_column(name, phrases.page(key)) for name, key in shown.items()]
            table = ui.table(rows=rows, columns=columns, row_key="id", pagination=20).classes("w-full")
            table.add_slot(
                "body-cell-when",
                '<q-td :props="props"><a :href="\'/session/\' + props.row.id">{{ props.value }}</a></q-td>',
            )

    @ui.page("/session/{name}", title="coxa · session", response_timeout=READ_S)
    async def session(name: str) -> None:  # pyright: ignore[reportUnusedFunction]
        view = await run.io_bound(_view, name, log, phrases) if SESSION_ID.fullmatch(name) else None
        if view is None:
            raise HTTPException(404)
        with framed(view.title, phrases, live=live):
            show_session(view, phrases)

    @app.exception_handler(404)
    async def missing(request: Request, error: Exception) -> Response:  # noqa: ARG001
        session = request.url.path.startswith("/session/")
        with Client(ui.page("", title="coxa"), request=request) as client:
            with framed(phrases.page("no_page"), phrases, live=live):
                ui.label(phrases.page("no_such_session" if session else "no_page_about"))
                ui.link(phrases.page("to_sessions"), "/sessions").classes("text-primary")
            return client.build_response(request, 404)

    register_trends(log, phrases, live=live)


def _column(name: str, label: str) -> dict[str, Any]:
    return {"name": name, "label": label, "field": name, "align": "left", "sortable": name == "when"}


def _rows(log: str | None, phrases: Phrases, broken: list[str]) -> list[dict[str, str]]:
    rows = list[dict[str, str]]()
    try:
        found = list_sessions(log_folder(log), broken.append)
    except CoxaError as error:
        broken.append(str(error))
        return rows
    for one in reversed(found):
        head = one.header
        names = dict.fromkeys(phrases.exercise(p.exercise) for p in one.plan)
        state = "simulated" if head.simulated else "unfinished" if head.state == "open" else ""
        rows.append(
            {
                "id": head.session_id,
                "when": head.started_at[:16].replace("T", "  "),
                "who": head.person or "",
                "what": ", ".join(names),
                "state": phrases.page(state) if state else "",
            }
        )
    return rows


def _view(name: str, log: str | None, phrases: Phrases) -> SessionView | None:
    try:
        found = session_in_log(name, log_folder(log))  # a link names no folder, whatever one is called here
    except CoxaError:
        return None
    return None if found is None else view_of(found, phrases)
