"""`coxa demo`: the whole product on a simulated sensor, checked against what the simulator knows to be true."""

from __future__ import annotations

import asyncio
import json
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from upath import UPath

from coxa.cli.live_screen import LiveScreen
from coxa.cli.output import check_picture, picture_written, print_table
from coxa.cli.page import Page, PageOptions, interrupts, served
from coxa.cli.routine import load
from coxa.cli.session_setup import new_header, ready_log
from coxa.cli.voice import speaker
from coxa.firmware_sim.routine_script import POSTURES
from coxa.host.errors import LinkError, LinkFailure, SpecError
from coxa.host.link.sensor_link import SensorLink, find
from coxa.host.log import SessionWriter, open_session
from coxa.host.own_group import OWN_GROUP, PYTHON
from coxa.host.routine import Coach, SetPlan
from coxa.host.session import run_session
from coxa.host.voice import load_phrases
from coxa.host.watcher import Watcher, Watchers

if TYPE_CHECKING:
    from coxa.analysis.score_session import Line

START_S = 60.0
"""The simulated sensor is given so long to switch on, on a slow machine."""


@dataclass(frozen=True, slots=True)
class Acted:
    """Who does what on the simulated sensor."""

    fast: bool
    seed: int
    routine: str | None = None
    clumsy: bool = False

    def command(self, truth: Path, plan: Path | None) -> list[str]:
        """What switches the sensor on; it writes what truly happens to `truth`."""
        words = [*PYTHON, "-m", "coxa.firmware_sim", "--seed", str(self.seed), "--truth", str(truth)]
        words += [] if plan is None else ["--plan", str(plan)]
        return words + ["--clumsiness", "1"] * self.clumsy + ["--fast"] * self.fast


def run(
    acted: Acted,
    *,
    log: str | None,
    picture: Path | None,
    voice: str,
    lang: str,
    page: PageOptions,
) -> int:
    """Play the routine, print the summary, save log and picture; 0 only if all that was counted is true."""
    check_picture("--picture", picture)
    console, talker = Console(), speaker(voice, lang)
    folder = ready_log(log)
    with tempfile.TemporaryDirectory() as scratch:
        truth_file = Path(scratch) / "truth.json"
        with _switched_on(acted.command(truth_file, _plan_file(acted.routine, Path(scratch)))) as hci:
            truth = json.loads(truth_file.read_text())
            plan = plan_of(truth)
            console.print(_introduction(acted, truth), highlight=False)
            with talker as speaking, served(page, plan, lang, log, speaking) as shown:
                screen = LiveScreen(plan, console, load_phrases(lang))
                session = asyncio.run(_session(hci, plan, folder, acted.seed, screen, speaking, shown))
                with interrupts() as ended:
                    status = _conclude(console, session, truth, picture)
                    shown.wait(ended)
    return status


def _introduction(acted: Acted, truth: dict[str, Any]) -> str:
    how = "as fast as the link goes" if acted.fast else f"in real time, about {_minutes(truth)}"
    who = f"A {'clumsy ' * acted.clumsy}simulated person (seed {acted.seed})"
    return f"{who} wears a simulated Bluetooth sensor; {how}."


def _conclude(console: Console, folder: Path, truth: dict[str, Any], picture: Path | None) -> int:
    from coxa.analysis.plots.session import draw_session
    from coxa.analysis.score_session import compare

    session, where = open_session(UPath(folder)), picture or folder / "session.png"
    lines = compare(session.events(), truth)
    _print(console, lines)
    with picture_written("--picture", where):
        draw_session(session, where)
    console.print(f"session  {folder}\npicture  {where}", highlight=False, markup=False, soft_wrap=True)
    if all(line.right for line in lines):
        console.print("[green]Everything counted is what was done.[/]")
        return 0
    console.print("[red]What was counted differs from what was done.[/]")
    return 1


def _plan_file(routine: str | None, scratch: Path) -> Path | None:
    """The sets of a routine, for the simulated person to read.

    Raises:
        SpecError: there is no such routine, or the simulated person cannot do it.
    """
    if routine is None:
        return None
    plan = load(routine).plan()
    own = next((p.exercise for p in plan if p.exercise not in POSTURES), None)
    if own is not None:
        raise SpecError(
            f"the simulated person cannot do '{own}'; leave it out for `coxa demo`, or do it with a sensor: "
            f"coxa live --routine {routine}"
        )
    file = scratch / "plan.json"
    file.write_text(json.dumps([asdict(p) for p in plan]))
    return file


def _minutes(truth: dict[str, Any]) -> str:
    minutes = (truth["activities"][-1]["end_s"] - truth["activities"][0]["start_s"]) / 60
    return "two minutes" if minutes < 3 else f"{minutes:.0f} minutes"


@contextmanager
def _switched_on(command: list[str]) -> Generator[str]:
    """The simulated sensor while it is on; gives the transport that it is reached by."""
    sensor, hci = _switch_on(command)
    try:
        yield hci
    finally:
        _switch_off(sensor)


def _switch_on(command: list[str]) -> tuple[subprocess.Popen[str], str]:
    sensor = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **OWN_GROUP)
    assert sensor.stdout is not None
    try:
        line = sensor.stdout.readline()
    except BaseException:  # Ctrl-C, as a rule
        sensor.kill()  # it may still be importing, and nothing is lost with it
        sensor.wait()
        raise
    if not line:
        raise LinkError(
            LinkFailure.CONNECT_FAILED, "the simulated sensor did not start; see the lines above for the reason"
        )
    return sensor, str(json.loads(line)["hci"])


def _switch_off(sensor: subprocess.Popen[str]) -> None:
    assert sensor.stdin is not None
    sensor.stdin.close()
    try:
        sensor.wait(10)
    except subprocess.TimeoutExpired:
        sensor.kill()
    finally:
        if sensor.stdout is not None:
            sensor.stdout.close()


def plan_of(truth: dict[str, Any]) -> tuple[SetPlan, ...]:
    """The routine that the simulated person has been told to do."""
    return tuple(SetPlan(**p) for p in truth["plan"])


async def _session(
    hci: str,
    plan: tuple[SetPlan, ...],
    folder: Path,
    seed: int,
    screen: LiveScreen,
    speaking: Watcher,
    page: Page,
) -> Path:
    from coxa.host.link.bumble_backend import Adapter

    coach = Coach(plan)
    writer = SessionWriter(folder, new_header(plan, simulated=True, seed=seed))
    try:
        with writer, screen:
            async with SensorLink(await find(hci, START_S, alone=True), hci) as link:
                watchers = Watchers(screen, speaking, page.watcher)
                await run_session(link, coach, writer, watchers, stop=lambda: False)
        page.over(writer.header.session_id)
    finally:
        await Adapter.close_all()
    return writer.folder


def _print(console: Console, lines: list[Line]) -> None:
    table = Table("", "counted", "true", "")
    for line in lines:
        table.add_row(line.what, line.counted, line.true, "[green]right[/]" if line.right else "[red]WRONG[/]")
    print_table(console, table)
