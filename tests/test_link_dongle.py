"""The simulated sensor behind an adapter of its own, as it would be behind a USB dongle."""

from __future__ import annotations

import asyncio

import pytest
from bumble.transport import open_transport

from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.peripheral import Faults, Peripheral
from coxa.firmware_sim.radio import Air
from coxa.host.link.sensor_link import SensorLink
from coxa.host.samples import StreamItem
from coxa.host.wire import Decoder
from tests.helpers_link import ADDRESS, NO_FAULTS, assert_complete, raw, received

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def test_a_sensor_on_an_adapter_of_its_own_streams() -> None:
    """Sensor and host each reach the air through HCI on a transport, and every sample arrives."""

    async def run() -> tuple[list[StreamItem], SensorLink, Decoder]:
        spec = f"tcp-client:127.0.0.1:{await Air().serve(0)}"
        dongle = await open_transport(spec)
        try:
            firmware = Firmware(raw(5), "TEST0001")
            await Peripheral(firmware, dongle, ADDRESS, "coxa", fast=True, faults=NO_FAULTS).switch_on()
            return await received(spec)
        finally:
            await dongle.close()

    assert_complete(asyncio.run(run())[0], 5)


def test_a_sensor_on_a_real_adapter_cannot_be_told_to_vanish() -> None:
    """Range is the virtual radio's to take; asking a real one for it is refused, not ignored."""

    async def run() -> None:
        dongle = await open_transport(f"tcp-client:127.0.0.1:{await Air().serve(0)}")
        try:
            Peripheral(
                Firmware(raw(1), "TEST0001"),
                dongle,
                ADDRESS,
                "coxa",
                fast=True,
                faults=Faults(disconnects=((5, 1.0),)),
            )
        finally:
            await dongle.close()

    with pytest.raises(ValueError, match="out of range"):
        asyncio.run(run())
