"""Serves the page from a thread of its own, so that counting never waits for a browser."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import TracebackType

from coxa.host.errors import SpecError, reason_of
from coxa.host.limits import CONNECTIONS, PAGE_MESSAGE_BYTES
from coxa.host.voice import Phrases, load_phrases
from coxa.host.voice.language import DEFAULT
from coxa.page.gate import App, Gate, host_header
from coxa.page.key import own_key
from coxa.page.state import PageWatcher

PORT = 8137
"""Where the page is looked for first; taken, any free port will do."""
START_S, STOP_S = 20.0, 5.0
"""The server is given so long to answer, and to end."""


class PageServer:
    """The page, from entering the context until leaving it."""

    def __init__(
        self,
        watcher: PageWatcher | None,
        log: str | None,
        *,
        port: int | None = None,
        lan: bool = False,
        lang: str = DEFAULT,
        tell: Callable[[str], None] = print,
    ) -> None:
        """Args:
        watcher: whose session is shown live; None: only the log.
        log: folder or URL of the log.
        port: this one and no other; None: the usual one, or any that is free.
        lang: language of the pages about the log, as `load_phrases` takes it.
        lan: whether the home network may connect, with the link that is told.
        tell: told the link, and on the home network each next one.

        Raises:
            SpecError: the port cannot be had, or there is no such language.
        """
        self._lan, self._tell, phrases = lan, tell, load_phrases(lang)
        self._socket = _bound("0.0.0.0" if lan else "127.0.0.1", port)
        self.port = int(self._socket.getsockname()[1])
        self._address = _own_address() if lan else "127.0.0.1"
        self._gate = Gate(
            _application(watcher, log, phrases),
            {host_header(name, self.port) for name in ("127.0.0.1", "localhost", self._address)},
            port=self.port,
            key=None if lan else own_key(),
            on_entry=self.show_link,
            most_feeds=CONNECTIONS,
        )
        self._stop, self._start = _server(self._gate)

    @property
    def link(self) -> str:
        """Where the page is, with what lets a browser in; on the home network only one."""
        return f"http://{host_header(self._address, self.port)}/?token={self._gate.token}"

    def show_link(self) -> None:
        """Tell the link, for the home network with a QR code to point a phone at."""
        self._tell(f"page     {self.link}")
        if self._lan:
            self._tell(_qr(self.link))
            self._tell("One browser per link; for another device the next link is shown. Anybody with it can watch.")
            self._tell("The phone's screen goes dark as its settings say; no page may keep it on over the network.")

    def __enter__(self) -> PageServer:
        if not self._start(self._socket):
            self._stop()
            self._socket.close()
            raise SpecError("the page did not start; run without --page")
        self.show_link()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()


def _bound(host: str, port: int | None) -> socket.socket:
    for one in (PORT, 0) if port is None else (port,):
        try:
            return socket.create_server((host, one))
        except OSError as error:
            if port is not None or one == 0:
                raise SpecError(
                    f"--port {one}: cannot be used ({reason_of(error)}); another program listens there, choose another"
                ) from error
    raise AssertionError


def _own_address() -> str:
    """This machine's address on the network; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1, RFC 5737
        except OSError as error:
            raise SpecError("--lan: this machine is on no network") from error
        return str(probe.getsockname()[0])


def _qr(link: str) -> str:
    import io

    import qrcode

    code, text = qrcode.QRCode(border=4), io.StringIO()
    code.add_data(link)
    code.print_ascii(out=text, invert=True)
    return text.getvalue()


def _application(watcher: PageWatcher | None, log: str | None, phrases: Phrases) -> App:
    from coxa.page.app import application

    return application(watcher, log, phrases)


def _server(gate: Gate) -> tuple[Callable[[], None], Callable[[socket.socket], bool]]:
    """What stops the server, and what starts it and says whether it runs."""
    import asyncio

    import uvicorn

    config = uvicorn.Config(
        gate,
        log_level="error",
        access_log=False,
        lifespan="on",
        ws="websockets-sansio",
        ws_max_size=PAGE_MESSAGE_BYTES,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=1,
    )
    config.load()  # nicegui looks through every server of the process, and stumbles over one that was never started
    server = uvicorn.Server(config)
    running = list[threading.Thread]()

    def start(bound: socket.socket) -> bool:
        settled = threading.Event()

        async def serve() -> None:
            task = asyncio.ensure_future(server.serve([bound]))
            while not server.started and not task.done():
                await asyncio.sleep(0.01)
            settled.set()
            await task

        def run() -> None:
            try:
                asyncio.run(serve())
            except SystemExit:  # uvicorn's way to say that the application did not start
                settled.set()

        running.append(threading.Thread(target=run, name="page", daemon=True))
        running[0].start()
        return settled.wait(START_S) and server.started

    def stop() -> None:
        server.should_exit = True
        for thread in running:
            thread.join(STOP_S)

    return stop, start
