"""Whole sessions with emulated sensors over the virtual radio: 30 raises, one lost link, one battery read, a stop."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

import pytest
from upath import UPath

from coxa.cli.session_setup import new_header
from coxa.firmware_sim.emulators.base import BATTERY_PERCENT
from coxa.firmware_sim.emulators.on_air import EmulatedPeripheral, Mishaps
from coxa.firmware_sim.emulators.registry import emulator
from coxa.firmware_sim.radio import Air
from coxa.firmware_sim.scenario import Scenario, build_routine
from coxa.host.errors import LinkError
from coxa.host.events import Event, RepCompleted, since
from coxa.host.link.bumble_backend import Adapter
from coxa.host.link.scan import find
from coxa.host.link.sensor_link import SensorLink
from coxa.host.log import SessionWriter, open_session
from coxa.host.replay.run import track
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import Packet, StreamItem
from coxa.host.sensors.registry import driver
from coxa.host.session import run_session
from tests.helpers_log import Heard

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

EXERCISE = "lateral_leg_raise"
RAISES = 30
AWAY_S = 1.0
COUNTING = {  # and after how many notifications the link is lost, about half way
    "witmotion": 1400,
    "movesense": 800,
    "polar": 125,
    "polar_h10": 350,
    "dot": 3800,
    "metamotion_bmi160": 2000,
    "metamotion_bmi270": 2000,
    "capture2go": 350,
    "nus_csv": 2800,
}
BY_ARRIVAL = ("witmotion", "metamotion_bmi160", "metamotion_bmi270")


@cache
def thirty_raises() -> Scenario:
    """One set, on the right leg."""
    return build_routine([{"exercise": EXERCISE, "side": "right", "reps": RAISES}], 2)


class KeepsLast(SessionWriter):
    """The log's writer, which tells the last packet."""

    last: Packet | None = None

    def packet(self, packet: Packet) -> None:
        """Keep it."""
        super().packet(packet)
        self.last = packet


class Session(Heard):
    """One emulated sensor, one host."""

    def __init__(self, name: str, log: Path) -> None:
        super().__init__()
        self.driver, self.log = driver(name), log
        self.plan = (SetPlan(EXERCISE, "right"),)
        self.emulator = emulator(name, thirty_raises().raw)
        self.after, self.looked_at = set[tuple[str, bytes]](), 0

    async def run(self) -> Session:
        """Until the person has done it all."""
        air = Air(seed=3)
        mishaps = Mishaps(disconnects=((COUNTING[self.driver.name], AWAY_S),))
        self.sensor = EmulatedPeripheral(self.emulator, air, "F0:0D:CA:FE:00:01", fast=True, mishaps=mishaps)
        await self.sensor.switch_on()
        hci = f"tcp-client:127.0.0.1:{await air.serve(0)}"
        try:
            async with asyncio.timeout(300):
                self.found = await find(hci, 10)
                await self._session(hci)
        finally:
            await Adapter.close_all()
            air.close()
        return self

    async def _session(self, hci: str) -> None:
        self.writer = KeepsLast(self.log, new_header(self.plan))
        async with SensorLink(self.found.with_driver(self.driver), hci) as self.link:
            await run_session(self.link, Coach(self.plan), self.writer, self, self._done)

    def _done(self) -> bool:
        """Once the host has logged something from after the end: what was sent may be under way for long."""
        last, end_s = self.writer.last, self.emulator.motion.end_s
        if last is None or self.emulator.now_s < end_s:
            return False
        new, self.looked_at = self.sensor.sent[self.looked_at :], len(self.sensor.sent)
        self.after |= {(told.characteristic, told.data) for told in new if told.at_s >= end_s}
        return (last.characteristic, last.data) in self.after


def heard_in_time(made: Session) -> list[StreamItem]:
    """The same packets, arrived when the sensor had them ready: in a hurry, arrivals say nothing of time."""
    packets = open_session(UPath(made.writer.folder)).packets()
    decoder, items, at = made.driver.decoder(made.driver.defaults), list[StreamItem](), 0
    for packet in packets:
        while (made.sensor.sent[at].characteristic, made.sensor.sent[at].data) != (packet.characteristic, packet.data):
            at += 1
        items += decoder.feed(packet.characteristic, packet.data, made.sensor.sent[at].at_s)
        at += 1
    return items + decoder.finish()


def count(events: list[Event]) -> int:
    """Repetitions among them."""
    return sum(isinstance(e, RepCompleted) for e in events)


@pytest.mark.parametrize(
    ("other", "needed"), [("metamotion_bmi160", "metamotion_bmi270"), ("metamotion_bmi270", "metamotion_bmi160")]
)
def test_a_board_with_the_other_chip_is_told_by_its_model(other: str, needed: str) -> None:
    """The same bytes mean other things on the two: said at once, with what to do, and nothing is set."""

    async def run() -> list[str]:
        air, board = Air(), emulator(needed, thirty_raises().raw)
        await EmulatedPeripheral(board, air, "F0:0D:CA:FE:00:01", fast=True, mishaps=Mishaps()).switch_on()
        hci = f"tcp-client:127.0.0.1:{await air.serve(0)}"
        try:
            async with asyncio.timeout(30), SensorLink(await find(hci, 10), hci, driver(other)) as link:
                with pytest.raises(LinkError, match=f"--sensor {needed}"):
                    await anext(link.items())
                return [str(link.info["model"]), *map(str, board.refused), *map(str, board.subscriptions)]
        finally:
            await Adapter.close_all()
            air.close()

    assert asyncio.run(run()) == [{"metamotion_bmi160": "5", "metamotion_bmi270": "8"}[needed]]


@pytest.mark.parametrize("name", list(COUNTING))
def test_thirty_raises_one_lost_link_one_battery_read_clean_stop(name: str, tmp_path: Path) -> None:
    """Through bleak and the one link: all raises but at most the one under way when the link was lost."""
    made = asyncio.run(Session(name, tmp_path).run())
    assert name in [d.name for d in made.found.drivers[: 2 if "metamotion" in name else 1]]
    assert made.link.reconnects == 1
    assert RAISES - 1 <= count(track(heard_in_time(made), EXERCISE)) <= RAISES
    if name not in BY_ARRIVAL:
        assert RAISES - 1 <= count(made.events) <= RAISES
    whole_s = made.emulator.motion.end_s
    assert all(-0.1 <= since(e, made.began_s).start_s <= whole_s for e in made.events), "whatever year its clock is in"
    battery = 60 if name == "witmotion" else BATTERY_PERCENT  # of 3.85 V, by its maker's table
    assert made.link.info["battery_percent"] == battery
    assert made.emulator.refused == []
    assert not made.emulator.streaming
