"""`coxa scan` and `coxa live`: real sensors, through the same link as the demo."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager

from rich.console import Console
from rich.table import Table

from coxa.cli.live_screen import LiveScreen
from coxa.cli.output import Summary
from coxa.cli.routine import load
from coxa.cli.session_setup import new_header, ready_log
from coxa.cli.voice import speaker
from coxa.host.errors import SpecError
from coxa.host.events import Event
from coxa.host.link.sensor_link import FoundSensor, SensorLink, find, scan
from coxa.host.log import SessionWriter
from coxa.host.routine import Coach, SetPlan
from coxa.host.session import Watcher, Watchers, run_session
from coxa.host.tracker import AUTO
from coxa.host.wire import Decoder


def show_scan(hci: str | None, seconds: float) -> None:
    """List what is on the air, supported sensors first.

    Raises:
        LinkError: there is no usable Bluetooth.
    """
    console = Console()
    with console.status(f"listening for {seconds:.0f} s"):
        found = asyncio.run(_scan(hci, seconds))
    if not found:
        console.print("Nothing heard. Is the sensor switched on and near?")
        return
    table = Table("name", "address", "signal", "")
    for sensor in found:
        table.add_row(
            sensor.name, sensor.address, f"{sensor.rssi_dbm} dBm", "[green]supported[/]" if sensor.supported else ""
        )
    console.print(table)


async def _scan(hci: str | None, seconds: float) -> list[FoundSensor]:
    try:
        return await scan(hci, seconds)
    finally:
        await _close(hci)


async def _close(hci: str | None) -> None:
    if hci is not None:
        from coxa.host.link.bumble_backend import Adapter

        await Adapter.close_all()


def run(
    exercise: str | None,
    routine: str | None,
    side: str | None,
    hold_target_s: float | None,
    address: str | None,
    hci: str | None,
    log: str | None,
    voice: str,
    lang: str,
) -> None:
    """Count one exercise or a routine live until the sensor ends or the user presses Ctrl-C.

    Raises:
        SpecError: an option is wrong.
        LinkError: no Bluetooth, no sensor, or it was lost for good.
    """
    if side not in (None, "left", "right"):
        raise SpecError(f"--side must be left or right, found '{side}'")
    if (exercise is None) == (routine is None):
        raise SpecError("say what you are going to do: --exercise NAME (or auto), or --routine NAME")
    if routine is not None:
        plan = load(routine).plan("left" if side == "left" else "right")
    else:
        plan = (SetPlan(exercise or AUTO, side, None, hold_target_s),)
    coach, talker = Coach(plan), speaker(voice, lang)
    console = Console()
    events = asyncio.run(_session(plan, coach, address, hci, log, console, talker))
    summary = Summary(routine or exercise or AUTO)
    for event in events:
        summary.add(event)
    summary.show()


async def _session(
    plan: tuple[SetPlan, ...],
    coach: Coach,
    address: str | None,
    hci: str | None,
    log: str | None,
    console: Console,
    talker: AbstractContextManager[Watcher],
) -> list[Event]:
    def over() -> bool:
        return stopped.is_set() or coach.finished

    decoder, stopped = Decoder(), asyncio.Event()
    _stop_on_interrupt(stopped)
    try:
        sensor = await find(hci, 20.0, address)
        writer = SessionWriter(ready_log(log), new_header(plan))
        with writer, LiveScreen(plan, console) as screen, talker as speaking:
            async with SensorLink(sensor, hci, decoder) as link:
                return await run_session(link, decoder, coach, writer, Watchers(screen, speaking), over)
    finally:
        await _close(hci)


def _stop_on_interrupt(stopped: asyncio.Event) -> None:
    """Ctrl-C ends the session in order; where the system cannot do that, it ends as an interrupt."""
    import signal

    try:
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stopped.set)
    except NotImplementedError:
        pass
