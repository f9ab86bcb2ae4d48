"""What every page about the log has: the head with its links, light or dark, the title."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from nicegui import ui

from coxa.host.voice import Phrases
from coxa.page.session_view import AMBER, BLUE, GREEN

if TYPE_CHECKING:
    from collections.abc import Generator

HEAD = """<link rel="icon" href="/static/icon.svg">
<link rel="stylesheet" href="/static/palette.css"><link rel="stylesheet" href="/static/log.css">
<script defer src="/static/log.js"></script>"""
PLACES = {"live": "/", "sessions": "/sessions", "trends": "/trends"}
"""The pages by the key of their word."""


@contextmanager
def framed(name: str, phrases: Phrases, *, live: bool) -> Generator[None, None, None]:
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
