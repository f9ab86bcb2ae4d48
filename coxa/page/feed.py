"""Pushes the news of a session to one browser as soon as there are any."""

from __future__ import annotations

import asyncio

from starlette.websockets import WebSocket, WebSocketDisconnect

from coxa.host.strict_json import json_text
from coxa.page.state import PageWatcher

LEAST_S = 0.02
"""Between two messages: a demo in a hurry makes thousands of news a second, and no screen shows more than 50."""
ALIVE_S = 2.0
"""A message at least so often, so that a browser can tell silence from a lost connection."""


async def feed(socket: WebSocket, watcher: PageWatcher) -> None:
    """Serve one browser until it goes; one that comes late is given the present state at once."""
    await socket.accept()
    loop, news = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        try:
            loop.call_soon_threadsafe(news.set)
        except RuntimeError:
            pass  # the server is being switched off

    end, gone = watcher.listen(wake), asyncio.ensure_future(_gone(socket))
    place = (0, 0, 0)
    try:
        await socket.send_text(json_text({"opening": watcher.opening()}))
        while not gone.done():
            news.clear()
            message, place = watcher.news(place)
            await socket.send_text(json_text(message))
            await asyncio.sleep(LEAST_S)
            waiting = asyncio.ensure_future(news.wait())
            await asyncio.wait({waiting, gone}, timeout=ALIVE_S, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
    except (WebSocketDisconnect, RuntimeError):
        pass  # it has gone in the middle of a message
    finally:
        end()
        gone.cancel()


async def _gone(socket: WebSocket) -> None:
    """Return when the browser has gone; what it sends is not read."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
