"""Finds a sensor and keeps its stream coming: the one bleak path for simulated and real adapters."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeAlias

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError, BleakError

from coxa.host.errors import LinkError, LinkFailure, WireError
from coxa.host.samples import Packet
from coxa.host.wire import Decoder, Description
from coxa.host.wire.frames import VERSION
from coxa.host.wire.gatt import (
    BATTERY_LEVEL_UUID,
    CONTROL_UUID,
    FIRMWARE_REVISION_UUID,
    FROM_NEWEST,
    SERIAL_NUMBER_UUID,
    SERVICE_UUID,
    STREAM_UUID,
    resend_command,
    start_command,
    stop_command,
)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0
"""Pauses between attempts to reconnect; below 0.5 s BlueZ is busy with the last one."""
CONNECT_S = 10.0
RESCAN_S, HANG_UP_S = 5.0, 5.0
TROUBLE = (TimeoutError, BleakError, OSError, EOFError, KeyError)
"""What bleak raises when a link fails. The last two come from BlueZ: the D-Bus connection ends, or services vanish
while they are being read (bleak-retry-connector catches the same)."""
INFO = (("serial", SERIAL_NUMBER_UUID), ("firmware", FIRMWARE_REVISION_UUID))
SILENCE_S = 5.0
"""A link that brings nothing for so long is given up and made anew, as when a sensor dies without a word."""


@dataclass(frozen=True, slots=True)
class FoundSensor:
    """One device seen in a scan."""

    device: BLEDevice
    name: str
    address: str
    rssi_dbm: int
    supported: bool


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """What became of the link."""

    connected: bool
    text: str


LinkItem: TypeAlias = Packet | LinkStatus


def _classes(hci: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The backend for scanner and client: bumble's where a transport is named, the system's own otherwise."""
    if hci is None:
        return {}, {}
    from coxa.host.link.bumble_backend import backend

    scanner, client = backend(hci)
    return {"backend": scanner}, {"backend": client}


async def scan(
    hci: str | None, seconds: float, *, first: bool = False, address: str | None = None
) -> list[FoundSensor]:
    """Every device heard within some seconds, strongest first; with `first`, stop at the first supported one.

    Raises:
        LinkError: there is no usable Bluetooth.
    """
    found, enough = dict[str, FoundSensor](), asyncio.Event()

    def heard(device: BLEDevice, said: Any) -> None:
        supported = SERVICE_UUID in said.service_uuids
        name = said.local_name or device.name or "(no name)"
        found[device.address] = FoundSensor(device, name, device.address, said.rssi, supported)
        if first and supported and address in (None, device.address):
            enough.set()

    scanner_options, _ = _classes(hci)
    try:
        async with BleakScanner(heard, **scanner_options):
            try:
                await asyncio.wait_for(enough.wait(), seconds)
            except TimeoutError:
                pass
    except (BleakError, OSError) as error:
        raise _no_bluetooth(error) from error
    return sorted(found.values(), key=lambda s: (not s.supported, -s.rssi_dbm))


async def find(hci: str | None, seconds: float, address: str | None = None) -> FoundSensor:
    """The nearest supported sensor, or the one with that address.

    Raises:
        LinkError: there is no usable Bluetooth, or no such sensor.
    """
    sensors = [s for s in await scan(hci, seconds, first=True, address=address) if s.supported]
    wanted = [s for s in sensors if address in (None, s.address)]
    if not wanted:
        who = f"no sensor with address {address}" if address else "no coxa sensor"
        raise LinkError(
            LinkFailure.NOT_FOUND,
            f"{who} heard in {seconds:.0f} s; switch it on, bring it near, see what `coxa scan` hears, "
            "or try `coxa demo`, which needs none",
        )
    return wanted[0]


def _no_bluetooth(error: Exception) -> LinkError:
    todo = "or run `coxa demo`, which needs no Bluetooth"
    denied = isinstance(error, BleakDBusError) and "AccessDenied" in str(error)
    if denied or isinstance(error, PermissionError):
        return LinkError(
            LinkFailure.NO_PERMISSION, f"no permission to use Bluetooth ({error}); allow it for this program, {todo}"
        )
    what = _words(error)
    return LinkError(
        LinkFailure.NO_ADAPTER,
        f"no Bluetooth adapter can be used here ({what}); plug in or switch on an adapter, "
        f"on Linux start the bluetooth service, {todo}",
    )


class SensorLink:
    """The stream of one sensor, with reconnects. Use as an async context manager, then iterate `items()`."""

    def __init__(self, sensor: FoundSensor, hci: str | None, decoder: Decoder) -> None:
        self.sensor = sensor
        self.info = dict[str, str | int]()
        """Serial, firmware and battery, once connected."""
        self.reconnects = 0
        self._decoder, self._hci = decoder, hci
        _, self._options = _classes(hci)
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._client: BleakClient | None = None
        self._begun_s = time.monotonic()

    async def __aenter__(self) -> SensorLink:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._hang_up()

    async def items(self, give_up_s: float = 60.0) -> AsyncIterator[LinkItem]:
        """Packets and changes of the link, until the sensor says that its stream has ended.

        After a loss the link is made again with growing pauses, and the sensor resumes at the packet that is missing.

        Raises:
            LinkError: the sensor cannot be reached for `give_up_s`.
            WireError: it speaks another version of the protocol.
        """
        pause_s, lost_s = FIRST_PAUSE_S, time.monotonic()
        while not self._decoder.ended:
            try:
                await self._connect()
            except TROUBLE as error:
                await self._hang_up()  # half connected, it would not advertise
                if time.monotonic() - lost_s > give_up_s:
                    text = f"{self.sensor.name} cannot be reached ({_words(error)}); is it on and near?"
                    raise LinkError(LinkFailure.CONNECT_FAILED, text) from error
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
                await self._look_again()
                continue
            pause_s = FIRST_PAUSE_S
            yield LinkStatus(True, f"connected to {self.sensor.name}")
            async for packet in self._packets():
                yield packet
            await self._hang_up()
            if not self._decoder.ended:
                lost_s = time.monotonic()
                self.reconnects += 1
                yield LinkStatus(False, "connection lost, trying again")
                await asyncio.sleep(pause_s)

    async def _connect(self) -> None:
        self._queue = queue = asyncio.Queue()
        client = BleakClient(
            self.sensor.device,
            disconnected_callback=lambda _: queue.put_nowait(None),
            timeout=CONNECT_S,
            **self._options,
        )
        self._client = client
        await client.connect()
        await self._read_info(client)
        described = bytes(await client.read_gatt_char(STREAM_UUID))
        queue.put_nowait(described)  # the stream explains itself even where its first notification is missed
        resume_at = self._resume_at(_introduced(described))
        await client.start_notify(STREAM_UUID, lambda _, data: queue.put_nowait(bytes(data)))
        await client.write_gatt_char(CONTROL_UUID, start_command(resume_at), True)

    async def _read_info(self, client: BleakClient) -> None:
        """What the sensor tells beside its stream; a board that tells less counts just as well."""
        for name, uuid in INFO:
            if client.services.get_characteristic(uuid) is not None:
                self.info[name] = bytes(await client.read_gatt_char(uuid)).decode("utf-8", "replace")
        if client.services.get_characteristic(BATTERY_LEVEL_UUID) is not None:
            level = await client.read_gatt_char(BATTERY_LEVEL_UUID)
            self.info["battery_percent"] = int.from_bytes(level[:1])

    def _resume_at(self, sensor: Description) -> int:
        known, missing = self._decoder.description, self._decoder.next_sequence
        if known is not None and known.boot_id != sensor.boot_id:
            return 0  # its numbers began anew: everything it has is new
        return FROM_NEWEST if missing is None else missing

    async def _look_again(self) -> None:
        """A fresh handle on the sensor: BlueZ forgets a device half a minute after its link was lost."""
        with suppress(LinkError):  # no adapter at the moment; the next attempt to connect says so
            heard = await scan(self._hci, RESCAN_S, first=True, address=self.sensor.address)
            self.sensor = next((s for s in heard if s.address == self.sensor.address), self.sensor)

    async def _packets(self) -> AsyncIterator[Packet]:
        """Packets until the link is lost, silent for too long, or the sensor has ended."""
        while not self._decoder.ended:
            try:
                data = await asyncio.wait_for(self._queue.get(), SILENCE_S)
            except TimeoutError:
                return
            if data is None:
                return
            yield Packet(time.monotonic() - self._begun_s, data)
            await self._ask_for_missing()

    async def _ask_for_missing(self) -> None:
        """Have the sensor send again what did not come, while it streams on."""
        client = self._client
        if client is None or not client.is_connected:
            return  # START will name what is missing
        with suppress(*TROUBLE):
            for first, count in self._decoder.missing():
                await client.write_gatt_char(CONTROL_UUID, resend_command(first, count), False)

    async def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is None or not client.is_connected:
            return
        try:
            with suppress(*TROUBLE):
                async with asyncio.timeout(HANG_UP_S):
                    await client.write_gatt_char(CONTROL_UUID, stop_command(), True)
        finally:  # left connected, BlueZ delivers everything twice next time (bleak #2002)
            with suppress(*TROUBLE):
                await client.disconnect()


def _introduced(described: bytes) -> Description:
    """What the sensor says of itself when its stream characteristic is read."""
    reader = Decoder()
    reader.feed(described)
    if reader.description is None:
        raise WireError(
            f"the sensor describes itself as {described[:40].hex() or 'nothing'}, which is not version "
            f"{VERSION} of coxa's protocol; update coxa or the sensor's firmware"
        )
    return reader.description


def _words(error: Exception) -> str:
    """An error's text; bleak puts a reason code beside this one's, and some have none."""
    if isinstance(error, BleakBluetoothNotAvailableError):
        return str(error.args[0])
    if isinstance(error, FileNotFoundError):
        return "the D-Bus system bus, through which BlueZ is reached, is not running"
    return str(error) or type(error).__name__
