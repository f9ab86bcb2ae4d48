"""The simulated sensor as a real Bluetooth LE peripheral: bumble's host stack, advertising, GATT, notifications."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bumble import data_types, hci
from bumble.core import UUID
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.transport.common import Transport

from coxa.firmware_sim.device import packer
from coxa.firmware_sim.firmware import Firmware
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
from coxa.host.wire import gatt


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong, by packet number, so that it is the same at every speed."""

    lost: frozenset[int] = frozenset()
    """Packets that get lost on their first way to the host; asked for, they are sent again."""
    garbage: frozenset[int] = frozenset()
    """Packets before which a notification of random bytes is sent."""
    disconnects: tuple[tuple[int, float], ...] = ()
    """Packet number and seconds: from there on the sensor is out of range for so long."""


class Peripheral:
    """One sensor on the air, be it the virtual one or that of a real adapter.

    In a hurry (`fast`) it sends as fast as the link takes it, but `at_most` so many times as fast as in life.

    Raises ValueError: a real adapter shall go out of range by itself.
    """

    def __init__(
        self,
        firmware: Firmware,
        radio: Air | Transport,
        address: str,
        name: str,
        *,
        fast: bool,
        faults: Faults,
        at_most: float = math.inf,
    ) -> None:
        self._firmware, self._fast, self._faults = firmware, fast, faults
        self._absences = Absences(radio, faults.disconnects)
        self._pause_s = firmware.packet_s / at_most if fast else 0.0
        found_by = data_types.IncompleteListOf128BitServiceUUIDs([UUID(gatt.SERVICE_UUID)])
        self._device = new_device(radio, address, name, [found_by])
        self._stream = Characteristic(
            UUID(gatt.STREAM_UUID),
            Characteristic.Properties.NOTIFY | Characteristic.Properties.READ,
            Characteristic.READABLE,
            firmware.description_frame(),
        )
        self._device.add_services([self._own_service(), _battery(), _information(firmware)])
        self._device.on("connection", self._connected)
        self._task: asyncio.Task[None] | None = None
        self._begun_s: float | None = None
        self._reached = -1
        """The newest packet that went on its way."""
        self._to_lose = set(faults.lost)
        self._woken = asyncio.Event()
        self._sent_all = self._told_end = False
        self._giving_up: asyncio.TimerHandle | None = None
        self.over = asyncio.Event()
        """Set when the recording has been sent and the host has gone."""

    @property
    def begun_s(self) -> float | None:
        """When, on the loop's clock, the first START came and the recording began."""
        return self._begun_s

    @property
    def streaming(self) -> bool:
        """Whether a host has started it and neither stopped it nor gone."""
        return self._firmware.sender.streaming

    async def switch_on(self) -> None:
        """Advertise; the device's clock starts with the first START."""
        await switch_on(self._device)

    def _own_service(self) -> Service:
        control = Characteristic(
            UUID(gatt.CONTROL_UUID),
            Characteristic.Properties.WRITE | Characteristic.Properties.WRITE_WITHOUT_RESPONSE,
            Characteristic.WRITEABLE,
            CharacteristicValue(write=self._written),
        )
        return Service(UUID(gatt.SERVICE_UUID), [self._stream, control])

    def _connected(self, connection: Any) -> None:
        self._told_end = False
        if self._giving_up is not None:
            self._giving_up.cancel()
        connection.on("disconnection", self._disconnected)

    def _disconnected(self, reason: int) -> None:
        """A host that hangs up after the end has all of it; one that was lost may come back for the last packets."""
        told_end = self._told_end
        self._stop()
        if told_end and reason != hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR:
            self.over.set()
        elif self._sent_all:
            self._giving_up = asyncio.get_running_loop().call_later(GIVE_UP_S, self.over.set)

    def _written(self, connection: Any, value: bytes) -> None:
        sender = self._firmware.sender
        if self._begun_s is not None:
            self._take()
        sender.command(value)
        if not sender.streaming:
            return
        if self._begun_s is None:
            self._begun_s = asyncio.get_running_loop().time()
            sender.start(0)
        self._told_end = sender.told_end
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._send(connection))
        self._woken.set()

    def _stop(self) -> None:
        self._firmware.sender.stop()
        self._told_end = False
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _send(self, connection: Any) -> None:
        """What `device/main.py` does on a board: sample, ask the sender, notify, sleep."""
        sender = self._firmware.sender
        while True:
            self._woken.clear()
            self._take()
            sender.credits = 1
            frame = sender.peek()
            if frame is None:
                await self._sleep()
                continue
            frame, sequence = bytes(frame), _sequence(frame)
            if sequence is not None and sequence > self._reached:
                self._reached = sequence
                away_s = self._absences.due_s(sequence)
                if away_s is not None:
                    self._absences.begin(away_s)
                    return
                if sequence in self._faults.garbage:
                    await self._notify(connection, garbage(sequence))
            if sequence is not None and sequence in self._to_lose:
                self._to_lose.discard(sequence)
                sender.sent()
                continue
            sender.sent()
            if sender.told_end:
                self._sent_all = self._told_end = True
            await self._notify(connection, frame)
            if self._pause_s:
                await asyncio.sleep(self._pause_s)

    def _take(self) -> None:
        """Sample up to now; in a hurry time stands where the link has got to."""
        firmware = self._firmware
        if self._fast:
            if firmware.sender.streaming and firmware.sender.live >= firmware.taken < firmware.packets:
                firmware.take()
            return
        while firmware.taken < firmware.packets and self._until_s(firmware.taken) <= 0:
            firmware.take()

    def _until_s(self, sequence: int) -> float:
        """Seconds until a packet is complete."""
        assert self._begun_s is not None
        ready_s = (self._firmware.ready_at_us(sequence) - int(self._firmware.raw.t_us[0])) * 1e-6
        return self._begun_s + ready_s - asyncio.get_running_loop().time()

    async def _sleep(self) -> None:
        """Until the next packet is complete or the host has written something."""
        firmware = self._firmware
        pending = firmware.sender.streaming and not self._fast and firmware.taken < firmware.packets
        left_s = self._until_s(firmware.taken) if pending else None
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), left_s if left_s is None else max(left_s, 0.0))

    async def _notify(self, connection: Any, value: bytes) -> None:
        """Send bytes of the stream, in as many notifications as the MTU makes of them, at the pace of the link."""
        room = notification_bytes(connection)
        for start in range(0, len(value), room):
            await self._device.notify_subscriber(connection, self._stream, value[start : start + room])
        await queue_down_to(self._device, connection)


def _sequence(frame: bytes | bytearray | memoryview) -> int | None:
    """The number of a SAMPLES frame, None of any other."""
    return int.from_bytes(frame[4:8], "little") if frame[2] & 0x0F == packer.SAMPLES else None


def _battery() -> Service:
    level = Characteristic(
        UUID(gatt.BATTERY_LEVEL_UUID), Characteristic.Properties.READ, Characteristic.READABLE, bytes([87])
    )
    return Service(UUID(gatt.BATTERY_SERVICE_UUID), [level])


def _information(firmware: Firmware) -> Service:
    texts = {
        gatt.MANUFACTURER_UUID: "coxa",
        gatt.SERIAL_NUMBER_UUID: firmware.serial,
        gatt.FIRMWARE_REVISION_UUID: firmware.version,
    }
    return Service(
        UUID(gatt.DEVICE_INFORMATION_UUID),
        [
            Characteristic(UUID(u), Characteristic.Properties.READ, Characteristic.READABLE, text.encode())
            for u, text in texts.items()
        ],
    )
