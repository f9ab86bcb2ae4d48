"""The end of a stream: said once, and not before the host has everything."""

from __future__ import annotations

import asyncio

import pytest

from coxa.firmware_sim import peripheral
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.peripheral import Faults, Peripheral
from coxa.firmware_sim.radio import Air
from coxa.host.link.bumble_backend import Adapter
from coxa.host.link.sensor_link import SensorLink, find
from coxa.host.samples import Packet, StreamItem
from tests.helpers import decoded, joined, scenario

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


class DarkAtTheEnd(Firmware):
    """Goes out of range while its last packets are still in the air, before its END."""

    def __init__(self, air: Air, away_s: float) -> None:
        super().__init__(scenario("leg_raise_supine", 1).raw, "TEST0001")
        self._air, self._away_s = air, away_s

    def take(self) -> None:
        """Sample; with the last packet the sensor is out of range."""
        super().take()
        if self._away_s and self.taken == self.packets:
            self._air.lose(self._away_s)
            self._away_s = 0.0


async def on_the_air(away_s: float) -> tuple[Peripheral, str]:
    """The sensor and the transport by which a host hears it."""
    air = Air(seed=1)
    sensor = Peripheral(
        DarkAtTheEnd(air, away_s), air, "F0:0D:CA:FE:00:01", "coxa TEST0001", fast=True, faults=Faults()
    )
    spec = f"tcp-client:127.0.0.1:{await air.serve(0)}"
    await sensor.switch_on()
    return sensor, spec


def test_a_link_lost_with_the_last_packets_is_made_again() -> None:
    """The sensor stays on until the host that it lost has come back for the rest; then it switches off."""

    async def run() -> tuple[list[StreamItem], SensorLink]:
        sensor, spec = await on_the_air(away_s=1.5)
        items = list[StreamItem]()
        try:
            async with asyncio.timeout(30), SensorLink(await find(spec, 10), spec) as link:
                async for item in link.items(give_up_s=10.0):
                    if isinstance(item, Packet):
                        items += link.decoder.feed(item.characteristic, item.data, item.arrival_s)
                    else:
                        assert not sensor.over.is_set()
            async with asyncio.timeout(5):
                await sensor.over.wait()
            return items, link
        finally:
            await Adapter.close_all()

    items, link = asyncio.run(run())
    assert link.reconnects == 1
    assert joined(items).t_s.tolist() == joined(decoded(scenario("leg_raise_supine", 1))).t_s.tolist()


def test_a_host_that_never_comes_back_is_not_awaited_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """All was sent, the host vanished without hanging up: after its patience the sensor switches itself off."""
    monkeypatch.setattr(peripheral, "GIVE_UP_S", 0.3)

    async def run() -> None:
        sensor, spec = await on_the_air(away_s=60.0)
        try:
            async with asyncio.timeout(30), SensorLink(await find(spec, 10), spec) as link:
                async for item in link.items():
                    if isinstance(item, Packet):
                        link.decoder.feed(item.characteristic, item.data, item.arrival_s)
                    elif not item.connected:
                        break
                await sensor.over.wait()
        finally:
            await Adapter.close_all()

    asyncio.run(run())
