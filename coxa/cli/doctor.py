"""`coxa doctor`: adapter, permission, sensor, link and data, each line good, bad or unknown, and what to do."""

from __future__ import annotations

import asyncio
import platform
import time
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape

from coxa.cli.sensor_choice import SensorChoice, close, found, stop_on_interrupt
from coxa.host.errors import CoxaError, LinkError, LinkFailure
from coxa.host.link import checkup
from coxa.host.link.checkup import Finding, Resting, State
from coxa.host.link.meter import StreamMeter
from coxa.host.link.scan import FoundSensor
from coxa.host.link.sensor_link import MUTE, LinkStatus, SensorLink, check_usable, until
from coxa.host.motion.stream_check import NO_GYRO
from coxa.host.samples import Packet, SampleBlock

LISTEN_S, GIVE_UP_S = 15.0, 10.0
"""How long a sensor is listened for, and how long one that was found may take to send."""
COLOURS = {State.GOOD: "green", State.BAD: "red", State.UNKNOWN: "yellow"}
OF_SENSOR = (LinkFailure.NOT_FOUND, LinkFailure.CONNECT_FAILED)
"""With these Bluetooth itself works, and it is the sensor that was not reached."""
PECULIAR = {
    "Linux": "BlueZ delivers packets twice after a lost link (dropped here) and needs a moment between connections",
    "Darwin": "addresses are made up by the system; allow Bluetooth for your terminal in Privacy & Security",
    "Windows": "pair a sensor in the settings only where coxa says that it must be; Windows 10 1709 or newer is needed",
}


@dataclass(slots=True)
class _Report:
    console: Console
    findings: list[Finding] = field(default_factory=list[Finding])

    def add(self, *findings: Finding) -> None:
        for f in findings:
            self.findings.append(f)
            colour, todo = COLOURS[f.state], f"\n{'':20}-> {f.todo}" if f.todo else ""
            text = f"[{colour}]{f.state.value:8}[/]{f.what:12}{escape(f.found + todo)}"
            self.console.print(text, highlight=False, soft_wrap=True)

    @property
    def status(self) -> int:
        return int(any(f.state is State.BAD for f in self.findings))


def run(seconds: float, choice: SensorChoice) -> int:
    """Look at everything in turn, print it; 1 where something is bad.

    Raises:
        SpecError: an option is wrong.
    """
    choice.check()
    report = _Report(Console())
    _system(report, choice.hci)
    asyncio.run(_look(report, seconds, choice))
    bad = sum(f.state is State.BAD for f in report.findings)
    report.console.print(f"{bad} bad" if bad else "Nothing bad was found.", highlight=False)
    return report.status


def _system(report: _Report, hci: str | None) -> None:
    name = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    report.add(Finding(State.GOOD, "system", name))
    if hci is not None:
        report.add(Finding(State.GOOD, "radio", f"{hci}, not the system's own Bluetooth"))
    elif platform.system() in PECULIAR:
        report.add(Finding(State.GOOD, "to know", PECULIAR[platform.system()]))


async def _look(report: _Report, seconds: float, choice: SensorChoice) -> None:
    try:
        sensor = await _sensor(report, choice)
        if sensor is not None:
            await _stream(report, seconds, choice, sensor)
    finally:
        await close(choice.hci)


async def _sensor(report: _Report, choice: SensorChoice) -> FoundSensor | None:
    try:
        with report.console.status(f"looking for the sensor, up to {LISTEN_S:.0f} s"):
            sensor = await found(choice, LISTEN_S)
    except LinkError as error:
        if error.reason in OF_SENSOR:
            report.add(Finding(State.GOOD, "bluetooth", "works"))
            report.add(Finding(State.BAD, "sensor", "not found", str(error)))
        else:
            report.add(Finding(State.BAD, "bluetooth", error.reason.value, str(error)))
        return None
    report.add(Finding(State.GOOD, "bluetooth", "works"))
    kinds = " or ".join(f"{d.title} ({d.name})" for d in sensor.drivers)
    report.add(Finding(State.GOOD, "sensor", f"{sensor.name} {sensor.address}: {kinds}"))
    chosen, *others = sensor.drivers
    if others:
        names = ", ".join(d.name for d in others)
        report.add(Finding(State.UNKNOWN, "kind", f"taken for {chosen.name}", f"if wrong: --sensor, of {names}"))
    if not chosen.capabilities.has_gyro:
        report.add(Finding(State.UNKNOWN, "gyro", "it has none", NO_GYRO))
    report.add(checkup.signal(sensor.rssi_dbm))
    return sensor


async def _stream(report: _Report, seconds: float, choice: SensorChoice, sensor: FoundSensor) -> None:
    stopped = asyncio.Event()
    stop_on_interrupt(stopped)
    chosen = sensor.drivers[0]
    async with SensorLink(sensor, choice.hci, chosen, choice.settings(chosen)) as link:
        meter, resting = StreamMeter(chosen, link.settings, link.decoder), Resting()
        try:
            with report.console.status(f"listening to it for {seconds:.0f} s; leave it lying, then turn it about"):
                await _listen(link, meter, resting, seconds, stopped)
        except CoxaError as error:
            report.add(Finding(State.BAD, "connection", "failed", str(error)))
            if not link.decoder.stats.samples:
                return
        else:
            report.add(_connection(link))
        _judge(report, link, meter, resting)


def _connection(link: SensorLink) -> Finding:
    if not link.decoder.stats.samples:
        return Finding(State.BAD, "connection", "no sample came", f"the sensor {MUTE}")
    told = [f"{key} {link.info[key]}" for key in ("serial", "firmware") if key in link.info]
    return Finding(State.GOOD, "connection", ", ".join(["streams", *told]))


async def _listen(
    link: SensorLink, meter: StreamMeter, resting: Resting, seconds: float, stopped: asyncio.Event
) -> None:
    begun_s: float | None = None
    ends_s = time.monotonic() + seconds + GIVE_UP_S

    def over() -> bool:
        now_s = time.monotonic()
        return stopped.is_set() or now_s >= ends_s or (begun_s is not None and now_s - begun_s >= seconds)

    async for item in until(link.items(GIVE_UP_S), over):
        if isinstance(item, LinkStatus):
            continue
        begun_s = begun_s or time.monotonic()
        _fed(link, meter, resting, item)


def _fed(link: SensorLink, meter: StreamMeter, resting: Resting, packet: Packet) -> None:
    items = link.decoder.feed(packet.characteristic, packet.data, packet.arrival_s)
    meter.update(packet, items)
    for item in items:
        if isinstance(item, SampleBlock):
            resting.update(item)
    check_usable(link.sensor.name, link.decoder)


def _judge(report: _Report, link: SensorLink, meter: StreamMeter, resting: Resting) -> None:
    level = link.info.get("battery_percent")
    quality, can = meter.quality(reconnects=link.reconnects), link.driver.capabilities
    report.add(checkup.battery(level if isinstance(level, int) else None), checkup.rate(quality, can))
    report.add(checkup.loss(quality, can), *checkup.clock(quality, can))
    report.add(*resting.findings(can), checkup.saturation(quality, can))
    damage = link.decoder.stats.damage()
    if damage:
        todo = "a few are harmless; many mean another firmware or kind: see `coxa sensors`, `coxa record --raw`"
        report.add(Finding(State.UNKNOWN, "packets", ", ".join(damage), todo))
    for text in meter.data_warnings():
        if text != NO_GYRO:  # told with the sensor: it is so, not broken
            report.add(Finding(State.BAD, "data", text))
