"""The routes of the page: the live view as a file and a feed, everything about the log through NiceGUI."""

from __future__ import annotations

import os
from importlib import resources
from typing import Any, get_args

from fastapi import FastAPI, WebSocket
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from nicegui import ui
from nicegui.language import Language

from coxa.host.voice import Phrases
from coxa.page import log_views
from coxa.page.feed import feed
from coxa.page.figures import figures_json
from coxa.page.state import PageWatcher

STATIC = resources.files("coxa.page") / "static"
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"
"""Nothing is loaded from elsewhere."""


def application(watcher: PageWatcher | None, log: str | None, phrases: Phrases) -> Any:
    """The ASGI application; to be put behind a gate. `phrases` is the language of the pages about the log."""
    os.environ["OTEL_SDK_DISABLED"] = "true"  # FastAPI would export traces where the environment names a collector
    api = FastAPI(title="coxa", docs_url=None, redoc_url=None, openapi_url=None)

    async def live() -> Response:
        if watcher is None:
            return RedirectResponse("/sessions")
        return HTMLResponse((STATIC / "live.html").read_text("utf-8"), headers={"content-security-policy": POLICY})

    async def figures() -> Response:
        return Response(figures_json(), media_type="application/json")

    async def news(socket: WebSocket) -> None:
        if watcher is None:  # a live tab that was left open
            await socket.close(1008)
        else:
            await feed(socket, watcher)

    api.add_api_route("/", live)
    api.add_api_route("/figures.json", figures)
    api.add_api_websocket_route("/feed", news)
    api.mount("/static", StaticFiles(directory=str(STATIC)))
    log_views.register(log, phrases, live=watcher is not None)
    language: Any = phrases.code if phrases.code in get_args(Language) else "en-US"  # of what Quasar says itself
    ui.run_with(api, title="coxa", dark=None, language=language, show_welcome_message=False)
    return api
