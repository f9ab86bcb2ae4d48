"""A sensor of any kind on the virtual air: its driver says what it has, a list of notifications what it tells."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from bumble import data_types
from bumble.core import UUID
from bumble.gatt import Characteristic, CharacteristicValue, Service

from coxa.firmware_sim.on_bumble import new_device, queue_down_to, switch_on
from coxa.firmware_sim.radio import Air
from coxa.host.sensors.driver import Driver
from coxa.host.sensors.registry import driver
from coxa.host.wire.gatt import BATTERY_LEVEL_UUID

NAMES = {"dot": "Movella DOT", "polar": "Polar Sense 1234", "movesense": "Movesense 1234", "witmotion": "WT901BLE67"}
"""What such sensors are called; others are told by their service."""


class PlayedSensor:
    """Plays its notifications once to each host that starts it, from where the last one left off."""

    def __init__(self, air: Air, driver: Driver, told: list[tuple[str, bytes]], *, service: str | None = None) -> None:
        self._air, self._driver, self._told = air, driver, told
        self.written = list[tuple[str, bytes]]()
        """Everything that hosts wrote, in order."""
        self.at = 0
        self.away_at: int | None = None
        """Out of range for a second from this notification on."""
        name = NAMES.get(driver.name, "board")
        found_by = [] if service is None else [data_types.IncompleteListOf128BitServiceUUIDs([UUID(service)])]
        self._device = new_device(air, "F0:0D:CA:FE:00:77", name, found_by)
        self._settings = driver.defaults
        self._notify = {u: self._notifying(u) for u in driver.subscribe()}
        writes = {w.characteristic for w in (*driver.start(self._settings), *driver.stop(), *driver.ask_battery())}
        battery = driver.battery_characteristic
        readable = [] if battery in self._notify else [self._readable(battery)]
        own = [*self._notify.values(), *(self._writable(u) for u in writes - set(self._notify))]
        services = [Service(UUID(service or "0000beef-0000-1000-8000-00805f9b34fb"), own)]
        self._device.add_services([*services, Service(UUID("180F"), readable)])
        self._task: asyncio.Task[None] | None = None

    async def switch_on(self) -> None:
        """Advertise."""
        await switch_on(self._device)

    def _notifying(self, uuid: str) -> Characteristic[Any]:
        kind = Characteristic.Properties
        both = any(w.characteristic == uuid for w in (*self._driver.start(self._settings), *self._driver.stop()))
        made = Characteristic(
            UUID(uuid),
            kind.NOTIFY | (kind.WRITE | kind.WRITE_WITHOUT_RESPONSE if both else kind(0)),
            Characteristic.WRITEABLE | Characteristic.READABLE,
            CharacteristicValue(write=self._writer(uuid), read=_nothing),
        )
        if not self._driver.start(self._settings):
            made.on("subscription", self._subscribed)
        return made

    def _writable(self, uuid: str) -> Characteristic[Any]:
        kind = Characteristic.Properties
        return Characteristic(
            UUID(uuid),
            kind.WRITE | kind.WRITE_WITHOUT_RESPONSE,
            Characteristic.WRITEABLE,
            CharacteristicValue(write=self._writer(uuid)),
        )

    def _readable(self, uuid: str) -> Characteristic[Any]:
        assert uuid == BATTERY_LEVEL_UUID
        return Characteristic(UUID(uuid), Characteristic.Properties.READ, Characteristic.READABLE, bytes([64]))

    def _subscribed(self, connection: Any, on: bool, _: bool) -> None:
        if on:
            self._play(connection)

    def _writer(self, uuid: str) -> Callable[[Any, bytes], None]:
        return lambda connection, value: self._wrote(connection, uuid, value)

    def _wrote(self, connection: Any, uuid: str, value: bytes) -> None:
        self.written.append((uuid, bytes(value)))
        if bytes(value) == self._driver.start(self._settings)[-1].data:
            self._play(connection)

    def _play(self, connection: Any) -> None:
        self._task = asyncio.ensure_future(self._send(connection))

    async def _send(self, connection: Any) -> None:
        while self.at < len(self._told):
            if self.at == self.away_at:
                self.away_at = None
                self._air.lose(1.0)
                return
            uuid, data = self._told[self.at]
            self.at += 1
            await self._device.notify_subscriber(connection, self._notify[uuid], data)
            await queue_down_to(self._device, connection)


def _nothing(_: Any) -> bytes:
    return b""


@contextmanager
def mute() -> Generator[str]:
    """A sensor that can be connected to and never sends; gives the transport to it."""

    async def switched_on() -> str:
        air = Air()
        await PlayedSensor(air, driver("dot"), []).switch_on()
        return f"tcp-client:127.0.0.1:{await air.serve(0)}"

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(switched_on(), loop).result(20)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
