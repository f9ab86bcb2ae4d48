"""`coxa live --phone`: a phone on the thigh instead of a Bluetooth sensor."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AbstractContextManager, suppress

from rich.console import Console

from coxa.cli.live_screen import LiveScreen
from coxa.cli.output import Summary
from coxa.cli.routine import load
from coxa.cli.session_setup import new_header, ready_log
from coxa.cli.voice import speaker
from coxa.host.errors import SpecError
from coxa.host.events import Event
from coxa.host.log import SessionWriter
from coxa.host.phones.link import PhoneLink
from coxa.host.phones.session import run_phone
from coxa.host.routine import Coach, SetPlan
from coxa.host.session import Watcher, Watchers
from coxa.host.tracker import AUTO

HOW = (
    "In Sensor Logger switch on Accelerometer, Gravity and Gyroscope; in its settings Standardise Units & Frames;\n"
    "under Data Streaming HTTP Push to {url} with a batch period of 100 ms. Then press Start Recording."
)


def run(
    phone: str,
    exercise: str | None,
    routine: str | None,
    side: str | None,
    hold_target_s: float | None,
    log: str | None,
    voice: str,
    lang: str,
) -> None:
    """Count live from a phone until it stops or the user presses Ctrl-C.

    Args:
        phone: `sensor-logger`, `sensor-logger:PORT`, or `phyphox://HOST[:PORT]`.
        exercise: what is to be done, or auto; or else
        routine: a whole routine.
        side: left or right.
        hold_target_s: how long a hold must last.
        log: the log.
        voice: how much is said.
        lang: in which language.

    Raises:
        SpecError: an option is wrong.
        LinkError: no phone, or it was lost for good.
        WireError: the phone sends what cannot be counted from.
    """
    plan = _plan(exercise, routine, side, hold_target_s)
    summary = Summary(routine or exercise or AUTO)
    for event in asyncio.run(_session(_link(phone), plan, log, speaker(voice, lang))):
        summary.add(event)
    summary.show()


def _plan(
    exercise: str | None, routine: str | None, side: str | None, hold_target_s: float | None
) -> tuple[SetPlan, ...]:
    if side not in (None, "left", "right"):
        raise SpecError(f"--side must be left or right, found '{side}'")
    if (exercise is None) == (routine is None):
        raise SpecError("say what you are going to do: --exercise NAME (or auto), or --routine NAME")
    if routine is not None:
        return load(routine).plan("left" if side == "left" else "right")
    return (SetPlan(exercise or AUTO, side, None, hold_target_s),)


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
    link: PhoneLink, plan: tuple[SetPlan, ...], log: str | None, talker: AbstractContextManager[Watcher]
) -> list[Event]:
    from coxa.host.phones.sensor_logger import PushServer

    def over() -> bool:
        return stopped.is_set() or coach.finished

    console, coach, stopped = Console(), Coach(plan), asyncio.Event()
    with suppress(NotImplementedError):  # Windows ends the session as an interrupt
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stopped.set)
    async with link:
        if isinstance(link, PushServer):
            console.print(HOW.format(url=link.url), highlight=False, soft_wrap=True)
        if not await link.ready(stopped.is_set):
            return []
        writer = SessionWriter(ready_log(log), new_header(plan))
        with writer, LiveScreen(plan, console) as screen, talker as speaking:
            return await run_phone(link, coach, writer, Watchers(screen, speaking), over)
