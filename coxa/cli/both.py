"""`coxa live --left ... --right ...`: a sensor on each thigh, each with a coach and a session of its own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from upath import UPath

from coxa.cli.live import LiveRequest, plan_of
from coxa.cli.output import describe, show_session, tell
from coxa.cli.sensor_choice import LISTEN_S, SensorChoice, close, stop_on_interrupt
from coxa.cli.session_setup import Ended, kept, new_header, ready_log, to_its_end
from coxa.host.errors import SpecError
from coxa.host.events import Event, Side, since
from coxa.host.link.scan import FoundSensor, find
from coxa.host.link.sensor_link import LinkStatus, SensorLink
from coxa.host.log import SessionWriter, open_session
from coxa.host.routine import Coach, SetPlan
from coxa.host.session import run_session
from coxa.host.watcher import Watcher


class _Lines(Watcher):
    """One line for each thing that happens, with its side before it."""

    def __init__(self, side: Side, console: Console) -> None:
        self._side, self._console = side, console
        self._began_s = 0.0

    def status(self, status: LinkStatus) -> None:
        """Link state in words."""
        self._say(status.text)

    def began(self, at_s: float) -> None:
        """What times are counted from."""
        self._began_s = at_s

    def warning(self, text: str) -> None:
        """What is wrong with the stream."""
        self._say(f"warning: {text}")

    def event(self, event: Event) -> None:
        """What the coach decided, where there is a line for it."""
        row = describe(since(event, self._began_s))
        if row is not None:
            self._say("  ".join(cell for cell in row if cell))

    def _say(self, text: str) -> None:
        self._console.print(f"{self._side:6} {text}", highlight=False, markup=False, soft_wrap=True)


def run(left: str | None, right: str | None, phone: str | None, request: LiveRequest) -> None:
    """Count both thighs until both sensors end or the user presses Ctrl-C. The voice is silent: two would talk at once.

    Raises:
        SpecError: an option is wrong.
        LinkError: no Bluetooth, a sensor is missing, or one was lost for good; the other goes on to its end.
    """
    if left is None or right is None or phone is not None:
        raise SpecError("--left and --right go together, each with the address of a sensor (see `coxa scan`)")
    if left.lower() == right.lower():
        raise SpecError("--left and --right name the same sensor; there must be one on each thigh")
    if request.check_strap:
        raise SpecError("--check-strap is for one sensor: with two, nobody says which knee to lift")
    named = request.sensor.address is not None or request.sensor.any_sensor
    if request.side is not None or named or request.page.on:
        told = "leave out --side, --address, --any and --page"
        raise SpecError(f"--left and --right say sides and sensors themselves: {told}")
    if request.voice not in ("coach", "quiet") or request.lang != "en":
        raise SpecError(
            "with two sensors the voice is silent, since two would talk at once: leave out --voice and --lang"
        )
    request.sensor.check()
    tell("with two sensors the voice is silent")
    done = asyncio.run(_both({"left": left, "right": right}, request))
    for side, ended in done.items():
        if ended.folder is not None:
            show_session(side, open_session(UPath(ended.folder)))
    for ended in done.values():
        if ended.trouble is not None:
            raise ended.trouble


async def _both(addresses: dict[Side, str], request: LiveRequest) -> dict[Side, Ended]:
    choice, console, stopped = request.sensor, Console(), asyncio.Event()
    plans, log = {side: _plan(replace(request, side=side), side) for side in addresses}, ready_log(request.log)
    try:
        sensors = {side: await find(choice.hci, LISTEN_S, at, choice.driver) for side, at in addresses.items()}
        stop_on_interrupt(stopped)
        sessions = [_one(side, sensors[side], plans[side], log, request, console, stopped) for side in addresses]
        done = await asyncio.gather(*sessions, return_exceptions=True)
    finally:
        await close(choice.hci)
    for result in done:
        if isinstance(result, BaseException):
            raise result
    return {side: result for side, result in zip(addresses, done, strict=True) if isinstance(result, Ended)}


def _plan(request: LiveRequest, side: Side) -> tuple[SetPlan, ...]:
    """The sets of one thigh; nobody has to move a sensor."""
    sets = tuple(replace(p, move_sensor=False) for p in plan_of(request) if p.side in (None, side))
    if not sets:
        raise SpecError(f"the routine asks nothing of the {side} thigh")
    return sets


async def _one(
    side: Side,
    sensor: FoundSensor,
    plan: tuple[SetPlan, ...],
    log: Path,
    request: LiveRequest,
    console: Console,
    stopped: asyncio.Event,
) -> Ended:
    def over() -> bool:
        return stopped.is_set() or coach.finished

    choice: SensorChoice = request.sensor
    chosen, coach = sensor.drivers[0], Coach(plan)
    async with SensorLink(sensor, choice.hci, chosen, choice.settings(chosen)) as link:
        with SessionWriter(log, new_header(plan, person=request.person)) as writer:
            trouble = await to_its_end(run_session(link, coach, writer, _Lines(side, console), over), writer)
    return Ended(kept(writer), trouble)
