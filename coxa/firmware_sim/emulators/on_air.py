"""Puts an emulated sensor on the air: bumble's host stack, its advertisement and table, its notifications in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bumble import data_types, hci
from bumble.core import UUID
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.transport.common import Transport

from coxa.firmware_sim.emulators.base import (
    INDICATE,
    NOTIFY,
    READ,
    WRITE,
    WRITE_COMMAND,
    Advertised,
    Emulator,
    Row,
    Told,
)
from coxa.firmware_sim.on_bumble import (
    GIVE_UP_S,
    Absences,
    garbage,
    new_device,
    notification_bytes,
    queue_down_to,
    switch_on,
)
from coxa.firmware_sim.radio import Air

QUIET_S = 1.0
"""In a hurry time stands still until no command has come for so long: a host that pauses between two commands would
find the person far ahead. How long a lost link takes of the person's time is what the mishap says, not the machine."""
PROPERTIES = {
    WRITE: Characteristic.Properties.WRITE,
    WRITE_COMMAND: Characteristic.Properties.WRITE_WITHOUT_RESPONSE,
    NOTIFY: Characteristic.Properties.NOTIFY,
    INDICATE: Characteristic.Properties.INDICATE,
    READ: Characteristic.Properties.READ,
}


@dataclass(frozen=True, slots=True)
class Mishaps:
    """What goes wrong, by the number of the notification, so that it is the same at every speed."""

    dropped: frozenset[int] = frozenset()
    """Never sent, as from a sensor whose queue overflowed."""
    garbage: frozenset[int] = frozenset()
    """Before these a notification of random bytes is sent."""
    disconnects: tuple[tuple[int, float], ...] = ()
    """Number and seconds: from there on the sensor is out of range for so long."""


class EmulatedPeripheral:
    """One emulated sensor, on the virtual air or on that of a real adapter.

    Raises ValueError: a real adapter shall go out of range by itself.
    """

    def __init__(
        self, emulator: Emulator, radio: Air | Transport, address: str, *, fast: bool, mishaps: Mishaps | None = None
    ) -> None:
        self._mishaps = mishaps or Mishaps()
        self._absences = Absences(radio, self._mishaps.disconnects)
        self.emulator = emulator
        self.sent = list[Told]()
        """What was sent to a host, in order; the last ones before a link was lost may not have arrived."""
        self._fast = fast
        said = emulator.advertised
        self._device = new_device(radio, address, said.name, _parts(said))
        self._notifying = dict[str, Characteristic[Any]]()
        self._device.add_services(
            [
                Service(UUID(uuid), [self._characteristic(row) for row in rows])
                for uuid, rows in emulator.services.items()
            ]
        )
        self._device.on("connection", self._connected)
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._anchor: float | None = None
        self._lost_s = 0.0
        self._commanded_s = 0.0
        self._number = 0
        self._giving_up: asyncio.TimerHandle | None = None
        self.over = asyncio.Event()
        """Set when the recording has been sent and the host has gone."""

    async def switch_on(self) -> None:
        """Advertise; the recording begins with the first thing that a host wants."""
        await switch_on(self._device)

    def _characteristic(self, row: Row) -> Characteristic[Any]:
        properties = Characteristic.Properties(0)
        for name in row.properties:
            properties |= PROPERTIES[name]
        writer, value = self._writer(row.uuid), row.value
        made = Characteristic[Any](
            UUID(row.uuid),
            properties,
            Characteristic.READABLE | Characteristic.WRITEABLE,
            CharacteristicValue(read=lambda _: value, write=writer),
        )
        if {NOTIFY, INDICATE} & set(row.properties):
            self._notifying[row.uuid] = made
            made.on("subscription", self._subscriber(row.uuid))
        return made

    def _writer(self, uuid: str) -> Callable[[Any, bytes], None]:
        return lambda _, data: self._commanded(lambda: self.emulator.write(uuid, bytes(data)))

    def _subscriber(self, uuid: str) -> Callable[[Any, bool, bool], None]:
        return lambda _, notify, indicate: self._commanded(lambda: self.emulator.subscribe(uuid, notify or indicate))

    def _commanded(self, do: Callable[[], None]) -> None:
        """A host wants something: time passes at its own pace again, and the loop looks anew at what comes next."""
        self._commanded_s = asyncio.get_running_loop().time()
        self._tick()
        do()
        self._woken.set()

    def _hurries(self, told: Told) -> bool:
        """Whether time may leap: only once all is started and heard, or a host that is still asking would miss it."""
        if told.characteristic not in self.emulator.subscriptions or not self.emulator.complete:
            return False
        going = self._task is not None and self.emulator.now_s < self.emulator.motion.end_s
        return self._fast and self._quiet and going

    @property
    def _quiet(self) -> bool:
        return asyncio.get_running_loop().time() - self._commanded_s > QUIET_S

    def _tick(self) -> None:
        """Let the recording's time catch up with the clock; in a hurry it waits for whoever still asks."""
        clock_s = asyncio.get_running_loop().time()
        if self._anchor is not None and (self._quiet or not self._fast):
            self.emulator.now_s += clock_s - self._anchor
        self._anchor = clock_s

    def _connected(self, connection: Any) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
        self._commanded_s = asyncio.get_running_loop().time()
        if self._anchor is not None:
            self._tick()
        if self._fast:
            self.emulator.now_s += self._lost_s
        self._lost_s = 0.0
        self.emulator.connected()
        connection.on("disconnection", self._disconnected)
        self._task = asyncio.ensure_future(self._send(connection))

    def _disconnected(self, reason: int) -> None:
        """A host that hangs up after the end has all of it; one that was lost may come back for the last packets."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.emulator.disconnected()
        if self._anchor is not None:
            self._anchor = asyncio.get_running_loop().time()
        ended = self.emulator.now_s >= self.emulator.motion.end_s
        if ended and reason != hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR:
            self.over.set()
        elif ended:
            self._giving_up = asyncio.get_running_loop().call_later(GIVE_UP_S, self.over.set)

    async def _send(self, connection: Any) -> None:
        """Notifications as their time comes, until the host has gone."""
        while True:
            self.emulator.room = notification_bytes(connection)
            told = self.emulator.head()
            if not await self._time_for(told) or told is None or told is not self.emulator.head():
                continue
            self.emulator.take()
            self.emulator.now_s = max(self.emulator.now_s, told.at_s)
            if told.characteristic in self.emulator.subscriptions and not await self._mishap(connection):
                await self._notify(connection, told)

    async def _time_for(self, told: Told | None) -> bool:
        """Whether this is due; waits for that moment, or for the next command."""
        if told is not None and self._hurries(told):
            self._anchor = asyncio.get_running_loop().time()
            return True
        if self._anchor is not None:
            self._tick()
        wait_s = None if told is None else told.at_s - self.emulator.now_s
        if wait_s is not None and wait_s <= 0:
            return True
        if self._fast and wait_s is not None and self.emulator.now_s < self.emulator.motion.end_s:
            wait_s = min(wait_s, QUIET_S)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), wait_s)
        self._woken.clear()
        return False

    async def _mishap(self, connection: Any) -> bool:
        """Whether this one is not sent. Going out of range, once for each, what is due meanwhile reaches nobody."""
        number, self._number = self._number, self._number + 1
        seconds = self._absences.due_s(number)
        if seconds is not None:
            self._lost_s = seconds
            await queue_down_to(self._device, connection, 0)  # in a hurry, what is in flight would be many seconds
            self._absences.begin(seconds)
            await asyncio.Event().wait()  # until the link layer has noticed and this task is cancelled
        return number in self._mishaps.dropped

    async def _notify(self, connection: Any, told: Told) -> None:
        """Send one, or, where bytes run through, as many as the MTU makes of it, at the pace of the link."""
        characteristic, room = self._notifying[told.characteristic], self.emulator.room
        if self._number in self._mishaps.garbage:
            await self._device.notify_subscriber(connection, characteristic, garbage(self._number)[:room])
        parts = range(0, len(told.data), room) if self.emulator.is_stream else (0,)
        for start in parts:
            data = told.data[start : start + room]
            self.sent.append(Told(told.at_s, told.characteristic, data))
            if characteristic.properties & Characteristic.Properties.INDICATE:
                await self._device.indicate_subscriber(connection, characteristic, data)
            else:
                await self._device.notify_subscriber(connection, characteristic, data)
        await queue_down_to(self._device, connection)


def _parts(said: Advertised) -> list[Any]:
    """What the advertising packet says of services and maker."""
    parts, uuids = list[Any](), [UUID(u) for u in said.service_uuids]
    if uuids:
        short = len(uuids[0].uuid_bytes) == 2
        kind = data_types.IncompleteListOf16BitServiceUUIDs if short else data_types.IncompleteListOf128BitServiceUUIDs
        parts.append(kind(uuids))
    return parts + [data_types.ManufacturerSpecificData(company, data) for company, data in said.manufacturer.items()]
