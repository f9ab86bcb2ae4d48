"""A simulated coxa sensor, and what a host receives of it over the link."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

import numpy as np

from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.peripheral import Faults, Peripheral
from coxa.firmware_sim.radio import Air
from coxa.firmware_sim.raw import RawStream
from coxa.host.link.bumble_backend import Adapter
from coxa.host.link.sensor_link import LinkStatus, SensorLink, find
from coxa.host.samples import Gap, StreamItem
from coxa.host.sensors.own import OwnDecoder
from coxa.host.wire import Decoder
from tests.helpers import joined

ADDRESS = "F0:0D:CA:FE:00:01"
NO_FAULTS = Faults()


def raw(seconds: float) -> RawStream:
    """Random counts at 100 Hz."""
    n = round(seconds * 100)
    counts = np.random.default_rng(1).integers(-32768, 32768, (n, 6)).astype(np.int16)
    return RawStream(100.0, 8, 1000, np.arange(n, dtype=np.int64) * 10_000 + 500, counts)


async def switched_on(seconds: float, faults: Faults = NO_FAULTS, *, fast: bool = True) -> tuple[Air, str]:
    """A sensor on the air, and the transport by which a host hears it."""
    air = Air()
    await Peripheral(Firmware(raw(seconds), "TEST0001"), air, ADDRESS, "coxa", fast=fast, faults=faults).switch_on()
    return air, f"tcp-client:127.0.0.1:{await air.serve(0)}"


async def received(hci_spec: str) -> tuple[list[StreamItem], SensorLink, Decoder]:
    """Everything until the sensor's END."""
    items = list[StreamItem]()
    try:
        async with asyncio.timeout(40), SensorLink(await find(hci_spec, 10), hci_spec) as link:
            async for item in link.items(give_up_s=20.0):
                if not isinstance(item, LinkStatus):
                    items += link.decoder.feed(item.characteristic, item.data, item.arrival_s)
        assert isinstance(link.decoder, OwnDecoder)
        return items, link, link.decoder.wire
    finally:
        await Adapter.close_all()


def assert_complete(items: list[StreamItem], seconds: float) -> None:
    """All samples, each once, bit for bit, and no gap."""
    assert not [i for i in items if isinstance(i, Gap)]
    sent, got = raw(seconds), joined(items)
    assert np.array_equal(np.rint(got.t_s * 1e6).astype(np.int64), sent.t_us)
    assert np.array_equal(np.rint(got.accel_mps2 * 32768 / 9.80665 / 8).astype(np.int16), sent.counts[:, :3])
    assert np.array_equal(np.rint(np.degrees(got.gyro_radps) * 32768 / 1000).astype(np.int16), sent.counts[:, 3:])


@contextmanager
def sensor(*arguments: str) -> Generator[tuple[str, subprocess.Popen[str]]]:
    """A simulated sensor in its own process."""
    command = [
        sys.executable,
        "-m",
        "coxa.firmware_sim",
        "--scenario",
        "leg_raise_supine",
        "--seed",
        "1",
        "--fast",
        *arguments,
    ]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield json.loads(process.stdout.readline())["hci"], process
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()
