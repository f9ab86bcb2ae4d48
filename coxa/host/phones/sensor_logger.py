"""A small web server on this computer, to which the app Sensor Logger pushes."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from coxa.host.errors import LinkError, LinkFailure, reason_of
from coxa.host.limits import BODY_BYTES, WAITING_BYTES
from coxa.host.link.sensor_link import LinkItem, LinkStatus
from coxa.host.phones.link import PhoneLink
from coxa.host.samples import Packet
from coxa.host.sensors.sensor_logger import PUSH

PORT, PATH = 8000, "/data"
"""Where it listens; the path is any, as the app's own example has it."""
WAIT_S = 300.0
"""Time to type the address into the phone."""
SILENCE_S, END_S = 3.0, 20.0
"""Nothing for so long: told; for so long: the app was stopped."""
TICK_S = 0.25
"""How soon the end is noticed."""
LENGTH_DIGITS = 9
"""Of a message's length; thousands of them are no number to Python."""
REFUSED = 499
"""The status whose text the app shows to its user (PUSHING.md)."""


class PushServer(PhoneLink):
    """Listens, and takes the messages of the first phone that sends one."""

    def __init__(
        self, port: int = PORT, host: str = "0.0.0.0", *, wait_s: float = WAIT_S, end_s: float = END_S
    ) -> None:
        super().__init__("sensor_logger")
        self._place, self._wait_s, self._end_s = (host, port), wait_s, end_s
        self._came: asyncio.Queue[Packet] = asyncio.Queue()
        self._server: ThreadingHTTPServer | None = None
        self._lock, self._waiting_bytes = threading.Lock(), 0

    @property
    def url(self) -> str:
        """What to type into the app."""
        assert self._server is not None
        host = own_address() if self._place[0] == "0.0.0.0" else self._place[0]
        return f"http://{host}:{self._server.server_address[1]}{PATH}"

    async def __aenter__(self) -> Self:
        """Raises LinkError: the port is taken."""
        loop, began_s = asyncio.get_running_loop(), time.monotonic()

        def take(sender: str, body: bytes) -> bool:
            with self._lock:
                if self.sensor.address not in ("", sender):
                    return False
                if b'"payload"' not in body:
                    return True  # the app's test button, maybe before anything is recorded; it takes nobody's place
                if self._waiting_bytes + len(body) > WAITING_BYTES:
                    return False
                self.sensor.address = sender
                self._waiting_bytes += len(body)
            try:
                loop.call_soon_threadsafe(self._came.put_nowait, Packet(time.monotonic() - began_s, body, PUSH))
            except RuntimeError:  # the session is over and its loop closed; the phone pushes on
                return False
            return True

        try:
            self._server = _Server(self._place, type("Bound", (Receiver,), {"take": staticmethod(take)}))
        except OSError as error:
            taken = f"port {self._place[1]} cannot be listened on ({reason_of(error)})"
            raise LinkError(LinkFailure.CONNECT_FAILED, f"{taken}; name another: --phone sensor-logger:PORT") from None
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._server is not None:
            await asyncio.to_thread(self._server.shutdown)
            self._server.server_close()

    async def ready(self, stop: Callable[[], bool]) -> bool:
        """As `PhoneLink.ready`."""
        waited_s = 0.0
        while self._came.empty() and not stop():
            if waited_s >= self._wait_s:
                raise LinkError(
                    LinkFailure.NOT_FOUND,
                    f"no phone has sent anything to {self.url}; are both in one network, and is HTTP Push on?",
                )
            await asyncio.sleep(TICK_S)
            waited_s += TICK_S
        return not self._came.empty()

    async def items(self) -> AsyncIterator[LinkItem]:
        """As `PhoneLink.items`; ends when the app has sent nothing for a while."""
        silent_s, connected = 0.0, False
        while silent_s < self._end_s:
            try:
                async with asyncio.timeout(TICK_S):
                    packet = await self._came.get()
            except TimeoutError:
                silent_s += TICK_S
                if connected and silent_s >= SILENCE_S:
                    self.reconnects, connected = self.reconnects + 1, False
                    yield LinkStatus(False, "nothing comes from the phone")
                continue
            with self._lock:
                self._waiting_bytes -= len(packet.data)
            if not connected:
                yield LinkStatus(True, f"phone at {self.sensor.address}")
            silent_s, connected = 0.0, True
            yield packet


class _Server(ThreadingHTTPServer):
    """A phone that breaks off in mid-message is no news: the terminal is for counts."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print what is not the network's fault."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Receiver(BaseHTTPRequestHandler):
    """Answers the app; `take` is given what it pushes."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    @staticmethod
    def take(sender: str, body: bytes) -> bool:
        """Whether this phone's messages are taken."""
        raise NotImplementedError

    def do_POST(self) -> None:
        """One message."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or len(length) > LENGTH_DIGITS or int(length) > BODY_BYTES:
            self.close_connection = True
            self._answer(REFUSED, "coxa: a message must say its length, 8 MB at most")
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
        elif self.take(str(self.client_address[0]), body):
            self._answer(200, "")
        else:
            self._answer(
                REFUSED, "coxa: another phone is sending already, more waits than can be heard, or the session is over"
            )

    def do_GET(self) -> None:
        """For a browser on the phone, to see whether this computer can be reached."""
        self._answer(200, f"coxa listens here. In Sensor Logger, push to this address, {PATH}\n")

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status, text.rstrip() or None)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """The terminal is for counts."""


def own_address() -> str:
    """This computer's address in its own network; loopback where it has none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a network for documents (RFC 5737): only the route is looked up
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
