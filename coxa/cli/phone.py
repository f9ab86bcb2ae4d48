"""`coxa live --phone`: a phone on the thigh instead of a Bluetooth sensor."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from rich.console import Console

from coxa.cli.live import LiveRequest, conduct
from coxa.cli.live_screen import LiveScreen
from coxa.cli.page import Page
from coxa.cli.sensor_choice import SensorChoice, stop_on_interrupt
from coxa.cli.session_setup import Ended, kept, new_header, to_its_end
from coxa.host.errors import SpecError
from coxa.host.log import SessionWriter
from coxa.host.phones.link import PhoneLink
from coxa.host.routine import Coach, SetPlan
from coxa.host.session import run_session
from coxa.host.voice import load_phrases
from coxa.host.watcher import Watcher, Watchers

HOW = (
    "In Sensor Logger switch on Accelerometer, Gravity and Gyroscope; in its settings Standardise Units & Frames;\n"
    "under Data Streaming HTTP Push to {url} with a batch period of 100 ms. Then press Start Recording."
)


def run(phone: str, request: LiveRequest) -> None:
    """Count live from a phone until it stops or the user presses Ctrl-C.

    Args:
        phone: `sensor-logger`, `sensor-logger:PORT`, or `phyphox://HOST[:PORT]`.
        request: the other options; those of a Bluetooth sensor must be left out.

    Raises:
        SpecError: an option is wrong.
        LinkError: no phone, it was lost for good, or it sends what cannot be counted from.
    """
    if request.sensor != SensorChoice():
        raise SpecError("--phone takes no Bluetooth: leave out --address, --sensor, --hci, rate and ranges")
    conduct(request, partial(_session, _link(phone), request))


def _link(phone: str) -> PhoneLink:
    if phone.startswith("phyphox://") and len(phone) > len("phyphox://"):
        from coxa.host.phones.phyphox import PhyphoxLink

        return PhyphoxLink(phone.removeprefix("phyphox://"))
    name, _, port = phone.partition(":")
    if name == "sensor-logger" and (port == phone[len(name) :] == "" or (port.isdecimal() and 0 < int(port) < 65536)):
        from coxa.host.phones.sensor_logger import PORT, PushServer

        return PushServer(int(port) if port else PORT)
    raise SpecError(f"no way to a phone called '{phone}': say sensor-logger, sensor-logger:PORT or phyphox://HOST")


async def _session(
    link: PhoneLink, request: LiveRequest, plan: tuple[SetPlan, ...], log: Path, speaking: Watcher, page: Page
) -> Ended:
    from coxa.host.phones.sensor_logger import PushServer

    def over() -> bool:
        return stopped.is_set() or coach.finished

    console, coach, stopped = Console(), Coach(plan), asyncio.Event()
    stop_on_interrupt(stopped)
    async with link:
        if isinstance(link, PushServer):
            console.print(HOW.format(url=link.url), highlight=False, soft_wrap=True)
        if not await link.ready(stopped.is_set):
            return Ended(None)
        writer = SessionWriter(log, new_header(plan, person=request.person))
        with writer, LiveScreen(plan, console, load_phrases(request.lang)) as screen:
            session = run_session(link, coach, writer, Watchers(screen, speaking, page.watcher), over)
            trouble = await to_its_end(session, writer)
        folder = kept(writer)
        page.over(writer.header.session_id if folder else None)
        return Ended(folder, trouble)
