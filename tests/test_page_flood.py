"""The page's own server against who sends too much or comes too often."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from coxa.host.limits import PAGE_MESSAGE_BYTES
from coxa.host.routine import SetPlan
from coxa.host.voice import load_phrases
from coxa.page import server as page_server
from coxa.page.server import PageServer
from coxa.page.state import PageWatcher
from tests.helpers_page import own_cookie

FEW = 4


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Of a page that lets only few connections in at one time."""
    monkeypatch.setattr(page_server, "CONNECTIONS", FEW)
    watcher = PageWatcher((SetPlan("lateral_leg_raise", "right", 5),), load_phrases("en"))
    with PageServer(watcher, None, tell=lambda _: None) as server:
        yield server.port


def feed(port: int) -> ClientConnection:
    origin, cookie = Origin(f"http://127.0.0.1:{port}"), {"Cookie": own_cookie(port)}
    return connect(f"ws://127.0.0.1:{port}/feed", origin=origin, additional_headers=cookie, open_timeout=20)


def status(port: int) -> int:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        asked.request("GET", "/static/page.css", headers={"Connection": "close", "Cookie": own_cookie(port)})
        return asked.getresponse().status
    finally:
        asked.close()


def soon(true: Callable[[], bool]) -> bool:
    """Whether it becomes true in 20 s: a connection that the client has closed is counted until the server knows."""
    end_s = time.monotonic() + 20.0
    while time.monotonic() < end_s:
        if true():
            return True
        time.sleep(0.05)
    return False


def read_to_the_end(socket: ClientConnection) -> None:
    while True:
        socket.recv(timeout=20)


def test_a_message_that_no_browser_sends_ends_its_connection(port: int):
    """Claim: a websocket message beyond the limit closes the connection that sent it, and no other."""
    with feed(port) as bystander, feed(port) as flooder:
        flooder.send("x" * (PAGE_MESSAGE_BYTES + 1))
        with pytest.raises(ConnectionClosed) as closed:
            read_to_the_end(flooder)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
        assert bystander.recv(timeout=20)


def test_beyond_so_many_connections_the_next_is_refused(port: int):
    """Claim: while as many as may look on, one more is refused; when one has gone there is room again."""
    with ExitStack() as open_ones:
        feeds = [open_ones.enter_context(feed(port)) for _ in range(FEW)]
        assert all(f.recv(timeout=20) for f in feeds)
        assert status(port) == 503
        with pytest.raises(InvalidStatus, match="403"):
            feed(port)
    assert soon(lambda: status(port) != 503), "the page stays full after everybody has left"


def test_a_page_that_was_never_opened_keeps_no_other_from_opening():
    """Claim: a server made and not started (a session that stopped early) does not stop the next one of the process."""
    watcher = PageWatcher((SetPlan("lateral_leg_raise", "right", 5),), load_phrases("en"))
    never_opened = PageServer(watcher, None, tell=lambda _: None)
    with PageServer(watcher, None, tell=lambda _: None) as server:
        assert server.port != never_opened.port
    never_opened._socket.close()  # pyright: ignore[reportPrivateUsage]
