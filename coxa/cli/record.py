"""`coxa record`: the raw notifications of a sensor into a text file, for replay, for bug reports, for new drivers."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TextIO

from coxa.cli.output import may_write, tell
from coxa.cli.sensor_choice import SensorChoice, close, found, stop_on_interrupt
from coxa.host.errors import LinkError, RecordingError, reason_of
from coxa.host.link.meter import StreamMeter
from coxa.host.link.sensor_link import LinkStatus, SensorLink, check_usable, until
from coxa.host.plural import count_of
from coxa.host.replay.hex_file import header, line
from coxa.host.sensors.driver import SensorDecoder

GIVE_UP_S = 10.0
"""A lost sensor is waited for so long."""


def run(raw: Path, seconds: float | None, choice: SensorChoice) -> None:
    """Write until the time is over, the sensor ends or the user presses Ctrl-C.

    Raises:
        RecordingError: the file is there already, or cannot be written.
        LinkError: no Bluetooth, no sensor, or it was lost before anything came.
        SpecError: an option is wrong.
    """
    choice.check()
    if raw.exists():
        raise RecordingError(f"{raw}: is there already; choose another name or remove it")
    if not may_write(raw.parent):
        why = "no right to write there" if raw.parent.is_dir() else "there is no such folder"
        raise RecordingError(f"{raw}: {why}; choose another place")
    meter, decoder = asyncio.run(_record(raw, seconds, choice))
    quality, stats = meter.quality(), decoder.stats
    if not stats.notifications:
        tell("the sensor sent nothing, so there is no file to keep; `coxa doctor` finds out why")
        return
    rate = "" if quality.rate_hz is None else f" at {quality.rate_hz:.1f} Hz"
    what = f"{count_of(stats.notifications, 'notification')}, {count_of(stats.samples, 'sample')}"
    tell(f"{raw}: {what}{rate}")
    for text in [*stats.damage(), *meter.warnings()]:
        tell(text)
    tell(f"count it with `coxa replay {raw} --exercise NAME`")


async def _record(raw: Path, seconds: float | None, choice: SensorChoice) -> tuple[StreamMeter, SensorDecoder]:
    stopped = asyncio.Event()
    try:
        sensor = await found(choice)
        stop_on_interrupt(stopped)
        link = SensorLink(sensor, choice.hci, sensor.drivers[0], choice.settings(sensor.drivers[0]))
        async with link:
            return await _write_file(link, raw, seconds, stopped), link.decoder
    finally:
        await close(choice.hci)


async def _write_file(link: SensorLink, raw: Path, seconds: float | None, stopped: asyncio.Event) -> StreamMeter:
    """Write a new file, of which nothing is left where the sensor sent nothing."""
    try:
        file = raw.open("x", encoding="utf-8", newline="\n")
        try:
            with file:
                return await _write(link, file, seconds, stopped)
        finally:
            if not link.decoder.stats.notifications:
                raw.unlink()  # a header alone; the name is free for the next try
    except OSError as error:
        raise RecordingError(f"{raw}: cannot be written ({reason_of(error)})") from error


async def _write(link: SensorLink, file: TextIO, seconds: float | None, stopped: asyncio.Event) -> StreamMeter:
    meter, decoder = StreamMeter(link.driver, link.settings, link.decoder), link.decoder
    file.write(header(link.driver, link.settings, name=link.sensor.name, address=link.sensor.address))
    begun_s: float | None = None

    def over() -> bool:
        return stopped.is_set() or bool(seconds and begun_s and time.monotonic() - begun_s >= seconds)

    try:
        async for item in until(link.items(GIVE_UP_S), over):
            if isinstance(item, LinkStatus):
                tell(item.text)
                continue
            begun_s = begun_s or time.monotonic()
            file.write(line(item))
            meter.update(item, decoder.feed(item.characteristic, item.data, item.arrival_s))
            check_usable(link.sensor.name, decoder)
    except LinkError as error:
        if not decoder.stats.samples:
            raise
        tell(str(error))
    return meter
