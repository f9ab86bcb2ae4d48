"""`coxa live`: a real sensor, through the same link as the demo."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import typer
from rich.console import Console
from upath import UPath

from coxa.cli.live_screen import LiveScreen
from coxa.cli.output import show_session, tell
from coxa.cli.page import Page, PageOptions, interrupts, served
from coxa.cli.routine import load
from coxa.cli.sensor_choice import SensorChoice, close, found, keep, stop_on_interrupt
from coxa.cli.session_setup import Ended, check_person, kept, new_header, ready_log, to_its_end
from coxa.cli.voice import speaker
from coxa.host.errors import SpecError
from coxa.host.link.sensor_link import SensorLink
from coxa.host.log import SessionWriter, open_session
from coxa.host.routine import Coach, SetPlan, check_exercises
from coxa.host.routine.plan import open_set, with_strap_checks
from coxa.host.session import run_session
from coxa.host.tracker import AUTO
from coxa.host.voice import load_phrases
from coxa.host.watcher import Watcher, Watchers


@dataclass(frozen=True, slots=True)
class LiveRequest:
    """The options of one call."""

    exercise: str | None
    routine: str | None
    side: str | None
    hold_target_s: float | None
    sensor: SensorChoice
    log: str | None
    voice: str
    lang: str
    page: PageOptions
    person: str | None = None
    """Who trains."""
    check_strap: bool = False
    """Whether three knee lifts are asked for whenever the strap has been put on."""


def run(request: LiveRequest) -> None:
    """Count one exercise or a routine live until the sensor ends or the user presses Ctrl-C.

    Raises:
        SpecError: an option is wrong.
        LinkError: no Bluetooth, no sensor, or it was lost for good.
    """
    request.sensor.check()
    conduct(request, partial(_session, request))


def conduct(
    request: LiveRequest, session: Callable[[tuple[SetPlan, ...], Path, Watcher, Page], Awaitable[Ended]]
) -> None:
    """Everything about a live session but where its samples come from: voice, page, summary.

    Args:
        request: the options.
        session: runs it, with the plan, the log, the voice and the page.

    Raises:
        SpecError: an option is wrong.
        LogError: the log cannot be read or written.
        LinkError: the sensor was lost for good; what it had sent by then has been shown.
        Exit: the same, and it has been told already, before the page was looked at.
    """

    async def whole() -> Ended:
        return await session(plan, log, speaking, page)

    plan, log = plan_of(request), ready_log(request.log)
    with (
        speaker(request.voice, request.lang) as speaking,
        served(request.page, plan, request.lang, request.log, speaking) as page,
    ):
        done = asyncio.run(whole())
        with interrupts() as ended:
            if done.folder is not None:
                show_session(request.routine or request.exercise or AUTO, open_session(UPath(done.folder)))
            told = page.wait(ended, done.trouble)
            if done.trouble is not None:
                raise typer.Exit(2) if told else done.trouble


def plan_of(request: LiveRequest) -> tuple[SetPlan, ...]:
    """What is to be done.

    Raises:
        SpecError: an option is wrong.
    """
    check_person(request.person)
    side = request.side
    if side not in (None, "left", "right"):
        raise SpecError(f"--side must be left or right, found '{side}'")
    if (request.exercise is None) == (request.routine is None):
        both = "; not both" if request.routine else ""
        raise SpecError(f"say what you are going to do: --exercise NAME (or auto), or --routine NAME{both}")
    if request.routine is not None and request.hold_target_s is not None:
        raise SpecError(
            "--hold-target-s changes nothing in a routine, which says itself how long to hold; leave it out"
        )
    if request.routine is not None:
        plan = load(request.routine).plan("left" if side == "left" else "right")
    else:
        plan = (open_set(request.exercise or AUTO, side, request.hold_target_s),)
    check_exercises(plan)  # before a sensor is looked for
    return with_strap_checks(plan) if request.check_strap else plan


async def _session(request: LiveRequest, plan: tuple[SetPlan, ...], log: Path, speaking: Watcher, page: Page) -> Ended:
    def over() -> bool:
        return stopped.is_set() or coach.finished

    coach, stopped, choice = Coach(plan), asyncio.Event(), request.sensor
    try:
        sensor = await found(choice)
        stop_on_interrupt(stopped)
        chosen = sensor.drivers[0]
        link = SensorLink(sensor, choice.hci, chosen, choice.settings(chosen))
        writer = SessionWriter(log, new_header(plan, person=request.person))
        with writer, LiveScreen(plan, Console(), load_phrases(request.lang)) as screen:
            async with link:
                session = run_session(link, coach, writer, Watchers(screen, speaking, page.watcher), over)
                trouble = await to_its_end(session, writer)
        told = keep(choice, link)
        if told is not None:
            tell(told)
        folder = kept(writer)
        page.over(writer.header.session_id if folder else None)
        return Ended(folder, trouble)
    finally:
        await close(choice.hci)
