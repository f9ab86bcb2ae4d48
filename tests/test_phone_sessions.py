"""Sessions with a phone over HTTP, from its app to the log, and what is said where none comes about."""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
import struct
import threading
import time
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from upath import UPath

from coxa.cli.live import LiveRequest
from coxa.cli.page import PageOptions
from coxa.cli.phone import run as run_live
from coxa.cli.sensor_choice import SensorChoice
from coxa.cli.session_setup import new_header
from coxa.firmware_sim.phones.phyphox import PhyphoxPhone, Server
from coxa.firmware_sim.phones.sensor_logger import Sending, messages, push
from coxa.host.errors import LinkError, SpecError
from coxa.host.events import Event, RepCompleted
from coxa.host.log import SessionWriter, list_sessions, session_items
from coxa.host.phones.link import PhoneLink
from coxa.host.phones.phyphox import PhyphoxLink
from coxa.host.phones.sensor_logger import PushServer
from coxa.host.routine import Coach, SetPlan
from coxa.host.session import run_session
from tests.helpers_log import Heard
from tests.helpers_phones import RAISES, readings

PLAN = (SetPlan("lateral_leg_raise", "right"),)


def session(link: PhoneLink, log: Path) -> list[Event]:
    """A whole session with what is behind the link."""

    async def run() -> list[Event]:
        async with link:
            assert await link.ready(lambda: False)
            heard = Heard()
            with SessionWriter(log, new_header(PLAN, simulated=True)) as writer:
                await run_session(link, Coach(PLAN), writer, heard, lambda: False)
            return heard.events

    return asyncio.run(run())


def live(sending: Sending, log: Path) -> list[Event]:
    """A session with a phone that pushes over HTTP, as fast as it is taken."""

    async def run() -> list[Event]:
        link = PushServer(0, "127.0.0.1", wait_s=20.0, end_s=0.5)
        async with link:
            phone = threading.Thread(target=push, args=(link.url, messages(readings(), sending)), kwargs={"fast": True})
            phone.start()
            try:
                assert await link.ready(lambda: False)
                heard = Heard()
                with SessionWriter(log, new_header(PLAN, simulated=True)) as writer:
                    await run_session(link, Coach(PLAN), writer, heard, lambda: False)
                return heard.events
            finally:
                await asyncio.to_thread(phone.join)

    return asyncio.run(run())


def replayed(log: Path) -> list[Event]:
    """What the packets of the log's only session give, decoded anew as its header says."""
    (kept,) = list_sessions(UPath(log))
    coach = Coach(kept.plan)
    return [e for item in session_items(kept) for e in coach.feed(item)] + coach.finish()


def test_ten_raises_with_sensor_logger_from_phone_to_log(tmp_path: Path) -> None:
    """Over HTTP: ten raises, logged; the log's packets give the very same events again."""
    events = live(Sending(swap=True), tmp_path)
    assert sum(isinstance(e, RepCompleted) for e in events) == RAISES
    (kept,) = list_sessions(UPath(tmp_path))
    assert kept.header.state == "closed"
    assert kept.events() == events == replayed(tmp_path)


def test_ten_raises_with_phyphox_from_phone_to_log(tmp_path: Path) -> None:
    """The same, asked over HTTP of a phone on which half a second passes at each question, until it stops."""
    clock = itertools.count(100.0, 0.5)
    with Server(PhyphoxPhone(readings()), clock=lambda: next(clock)) as server:
        events = session(PhyphoxLink(server.address, poll_s=0.0, stopped_s=0.0), tmp_path)
    assert sum(isinstance(e, RepCompleted) for e in events) == RAISES
    assert events == replayed(tmp_path)


def test_a_phone_without_gravity_ends_the_session_with_the_reason(tmp_path: Path) -> None:
    """The user reads what to switch on; the log is closed all the same."""
    with pytest.raises(LinkError, match="switch on Gravity"):
        live(Sending(gravity=False), tmp_path)
    (kept,) = list_sessions(UPath(tmp_path))
    assert kept.header.state == "closed"


def test_an_experiment_that_stands_still_is_said(tmp_path: Path) -> None:
    """The app does not start it: no session without end, but the button to press."""
    phone = PhyphoxPhone(readings())
    phone.control = lambda command, now_s: b'{"result": false}'  # noqa: ARG005
    with Server(phone) as server, pytest.raises(LinkError, match="press play"):
        session(PhyphoxLink(server.address, poll_s=0.0, stopped_s=0.0), tmp_path)


def test_the_apps_test_button_begins_no_session() -> None:
    """A message without readings is answered, coxa goes on waiting, and whoever sent it has taken nobody's place."""

    async def run() -> tuple[int, bool, str]:
        async with PushServer(0, "127.0.0.1") as link:
            with await asyncio.to_thread(urlopen, Request(link.url, b'{"test": true}'), timeout=5) as answer:
                return answer.status, await link.ready(lambda: True), link.sensor.address

    assert asyncio.run(run()) == (200, False, "")


def pushed(phone: HTTPConnection, **headers: str) -> int:
    """The status of one more message over a connection that stays."""
    phone.request("POST", "/data", b'{"payload": []}', headers)
    with phone.getresponse() as answer:
        answer.read()
        return answer.status


def broken_off(port: int) -> None:
    """A message that ends with a reset in its middle, as when the phone leaves the network."""
    with socket.create_connection(("127.0.0.1", port)) as phone:
        phone.sendall(b"POST /data HTTP/1.1\r\nContent-Length: 5000\r\n\r\nabc")
        time.sleep(0.2)
        phone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if os.name == "nt" else "ii", 1, 0))


def test_a_phone_that_breaks_off_or_pushes_on_leaves_the_terminal_alone(capfd: pytest.CaptureFixture[str]) -> None:
    """A reset, a length of thousands of digits, a message after the session's end: answered or not, no traceback."""

    async def run() -> tuple[int, HTTPConnection]:
        async with PushServer(0, "127.0.0.1") as link:
            port = urlsplit(link.url).port or 0
            await asyncio.to_thread(broken_off, port)
            odd, phone = HTTPConnection("127.0.0.1", port), HTTPConnection("127.0.0.1", port)
            status = await asyncio.to_thread(partial(pushed, odd, **{"Content-Length": "9" * 5000}))
            odd.close()
            assert await asyncio.to_thread(pushed, phone) == 200
            return status, phone

    status, phone = asyncio.run(run())
    assert (status, pushed(phone)) == (499, 499)
    phone.close()
    assert capfd.readouterr().err == ""


def test_only_one_phone_is_listened_to() -> None:
    """A second sender is turned away in words that the app shows; nonsense and huge messages are, too."""

    async def run() -> list[int]:
        link = PushServer(0, "127.0.0.1")
        link.sensor.address = "192.0.2.7"
        async with link:

            def status(request: Request | str) -> int:
                try:
                    with urlopen(request, timeout=5) as answer:
                        return answer.status
                except OSError as error:
                    return getattr(error, "code", 0)

            post = Request(link.url, b"{}")
            huge = Request(link.url, b"{}", {"Content-Length": str(1 << 40)})
            return [await asyncio.to_thread(status, r) for r in (post, huge, link.url)]

    assert asyncio.run(run()) == [499, 499, 200]


@pytest.mark.parametrize(
    ("phone", "choice", "says"),
    [
        ("sensor-loger", SensorChoice(), "no way to a phone called 'sensor-loger'"),
        ("sensor-logger:99999", SensorChoice(), "sensor-logger:PORT"),
        ("phyphox://", SensorChoice(), "phyphox://HOST"),
        ("sensor-logger", SensorChoice(rate_hz=50.0), "leave out --address"),
    ],
)
def test_what_is_no_phone_is_refused(phone: str, choice: SensorChoice, says: str) -> None:
    """A misspelt app, an impossible port, no host, options of a Bluetooth sensor: one line that says what to write."""
    request = LiveRequest("lunge", None, None, None, choice, None, "quiet", "en", PageOptions())
    with pytest.raises(SpecError, match=says) as told:
        run_live(phone, request)
    assert "\n" not in str(told.value)


def test_nobody_there_is_one_clear_line() -> None:
    """No phone sends, none answers, the port is taken: what to look at."""

    async def wait() -> None:
        async with PushServer(0, "127.0.0.1", wait_s=0.0) as link:
            await link.ready(lambda: False)

    async def twice() -> None:
        async with PushServer(0, "127.0.0.1") as link, PushServer(urlsplit(link.url).port or 0, "127.0.0.1"):
            pass

    async def ask(address: str) -> None:
        async with PhyphoxLink(address):
            pass

    for failing, says in (
        (wait, "HTTP Push on"),
        (twice, "--phone sensor-logger:PORT"),
        (partial(ask, "127.0.0.1:9"), "remote access on"),
        (partial(ask, "192.168..5"), "iPhone wants 192.168..5:80"),
    ):
        with pytest.raises(LinkError, match=says) as told:
            asyncio.run(failing())
        assert "\n" not in str(told.value)
