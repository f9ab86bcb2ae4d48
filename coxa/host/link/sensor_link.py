"""Keeps a sensor's stream coming: the one bleak path for every driver, on simulated and real adapters."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TypeAlias
from weakref import WeakKeyDictionary

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError

from coxa.host.errors import LinkError, LinkFailure
from coxa.host.limits import one_line
from coxa.host.link.repeats import Repeats
from coxa.host.link.scan import FoundSensor, backends, find, scan, wants_pairing, words
from coxa.host.samples import Packet
from coxa.host.sensors.driver import Driver, SensorDecoder, Settings, Write
from coxa.host.wire.gatt import FIRMWARE_REVISION_UUID, MODEL_NUMBER_UUID, SERIAL_NUMBER_UUID

__all__ = ["FoundSensor", "LinkItem", "LinkStatus", "SensorLink", "check_usable", "find", "scan", "until"]

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0
"""Pauses between attempts to reconnect; below 0.5 s BlueZ is busy with the last one."""
CONNECT_S = 10.0
"""An attempt to connect is given so long."""
RESCAN_S, HANG_UP_S = 5.0, 5.0
"""How long a lost sensor is listened for, and what stopping or disconnecting may take."""
TROUBLE = (TimeoutError, BleakError, OSError, EOFError, KeyError)
"""What bleak raises when a link fails. The last two come from BlueZ: the D-Bus connection ends, or services vanish
while they are being read (bleak-retry-connector catches the same)."""
INFO = (("serial", SERIAL_NUMBER_UUID), ("firmware", FIRMWARE_REVISION_UUID), ("model", MODEL_NUMBER_UUID))
SILENCE_S = 5.0
"""A link that brings nothing for so long is given up and made anew, as when a sensor dies without a word."""
MUTE = (
    "sends no sample; switch it off and on, charge it, or name its kind with --sensor where it is another "
    "(see `coxa sensors`)"
)
PAIR = "wants to be paired: pair it in the system's Bluetooth settings, then try again"
LAST_WORDS_S = 0.1
"""What was written without an answer needs so long to be on the air before the link may be cut."""
STOP_EVERY_S = 0.2
"""Ctrl-C is noticed this soon, whatever the link is waiting for."""
BATTERY_S = 60.0
"""The battery is asked for so often."""
LEAST_CONNECTIONS = 2
"""BlueZ may hide a characteristic once, while it reads services anew; twice, the sensor does not have it."""


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """What became of the link."""

    connected: bool
    text: str


LinkItem: TypeAlias = Packet | LinkStatus


class SensorLink:
    """The stream of one sensor, with reconnects. Use as an async context manager, then iterate `items()`.

    Whoever iterates feeds each packet to `decoder`, in time or late. A sensor that keeps what it could not send is
    asked for it by a decoder of the link's own, which hears each packet as it comes: a host that lags behind asks no
    later for that, and does not give up answers that wait in its queue.
    """

    def __init__(
        self, sensor: FoundSensor, hci: str | None, driver: Driver | None = None, settings: Settings | None = None
    ) -> None:
        """Without a driver, the likeliest of those that match the sensor; without settings, the driver's defaults."""
        self.sensor = sensor
        self.driver = driver or sensor.drivers[0]
        self.settings = settings or self.driver.defaults
        self.decoder: SensorDecoder = self.driver.decoder(self.settings)
        """For the whole session: clocks and counters go on over a reconnect."""
        self._ear = self.driver.decoder(self.settings) if self.driver.talks_back else None
        self.info = dict[str, str | int]()
        """Serial, firmware, model and battery, once connected, as far as the sensor tells."""
        self.reconnects = 0
        self.repeats = 0
        """Packets that the system delivered twice."""
        self._hci = hci
        _, self._options = backends(hci)
        self._queue: asyncio.Queue[Packet | None] = asyncio.Queue()
        self._client: BleakClient | None = None
        self._begun_s = time.monotonic()
        self._battery_s = 0.0
        """When the battery was last asked for."""
        self._connects = 0
        """Connections begun, whether or not anything came by them."""
        self._lacking = 0
        """Connections on which a characteristic was missing."""

    async def __aenter__(self) -> SensorLink:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._hang_up()

    async def items(self, give_up_s: float = 60.0) -> AsyncIterator[LinkItem]:
        """Packets and changes of the link, until the sensor says that its stream has ended.

        After a loss the link is made again with growing pauses, and the sensor resumes at the packet that is missing,
        where it can.

        Raises:
            LinkError: the sensor cannot be reached for `give_up_s`, or can but sends no sample; or it is not what its
                driver expects, or wants to be paired.
            WireError: it speaks another version of the protocol.
        """
        pause_s, lost_s = FIRST_PAUSE_S, time.monotonic()
        while not self.decoder.ended:
            try:
                await self._connect()
            except TROUBLE as error:
                await self._hang_up()  # half connected, it would not advertise
                self._check_worth_retrying(error, give_up=time.monotonic() - lost_s > give_up_s)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
                await self._look_again()
                continue
            pause_s = FIRST_PAUSE_S
            yield LinkStatus(True, f"connected to {self.sensor.name}")
            before = self.decoder.stats.samples
            async for packet in self._packets():
                yield packet
            await self._hang_up()
            if not self.decoder.ended:
                if self.decoder.stats.samples > before:
                    lost_s = time.monotonic()
                elif time.monotonic() - lost_s > give_up_s:
                    raise LinkError(LinkFailure.LOST, f"{self.sensor.name} can be connected to, but {MUTE}")
                self.reconnects += 1
                yield LinkStatus(False, "connection lost, trying again")
                await asyncio.sleep(pause_s)

    @property
    def waiting(self) -> int:
        """Packets that have come and that nobody has taken yet."""
        return self._queue.qsize()

    def _check_worth_retrying(self, error: Exception, *, give_up: bool) -> None:
        """Raises LinkError: trying again would not help, or has been done for long enough to `give_up`."""
        if wants_pairing(error):
            raise LinkError(LinkFailure.REFUSED, f"{self.sensor.name} {PAIR}") from error
        if give_up:
            unreached = f"{self.sensor.name} cannot be reached ({words(error)})"
            text = f"{unreached}; is it on and near, and free of other phones and programs?"
            raise LinkError(LinkFailure.CONNECT_FAILED, text) from error

    async def _connect(self) -> None:
        self._queue = queue = asyncio.Queue()
        client = BleakClient(
            self.sensor.device,
            disconnected_callback=lambda _: queue.put_nowait(None),
            timeout=CONNECT_S,
            **self._options,
        )
        self._client = client
        self._connects += 1
        async with _connecting():
            await client.connect()
        self._check(client)
        await self._read_info(client)
        read = {uuid: bytes(await client.read_gatt_char(_first(client, uuid) or uuid)) for uuid in self.driver.reads()}
        for uuid, data in read.items():
            self._came(self._packet(uuid, data), queue)
        writes = self.driver.resume(self.settings, self.decoder, read)
        heard = self._listener(queue)
        for uuid in self.driver.subscribe():
            await client.start_notify(_first(client, uuid) or uuid, heard(uuid))
        await self._write(client, writes)
        self._battery_s = time.monotonic()
        await self._write(client, self.driver.ask_battery())

    def _check(self, client: BleakClient) -> None:
        """Whether the sensor has what its driver talks to."""
        needed = (*self.driver.reads(), *self.driver.subscribe())
        lacking = [u for u in needed if _first(client, u) is None]
        if not lacking:
            return
        self._lacking += 1
        text = f"{self.sensor.name} has no characteristic {lacking[0]}"
        if self._lacking < LEAST_CONNECTIONS:
            raise BleakError(text)
        raise LinkError(
            LinkFailure.REFUSED,
            f"{text}: it is not a {self.driver.title}, or its firmware is another; "
            "update it, or name its kind with --sensor (see `coxa sensors`)",
        )

    def _packet(self, uuid: str, data: bytes) -> Packet:
        return Packet(round(time.monotonic() - self._begun_s, 6), data, uuid)

    def _came(self, packet: Packet, queue: asyncio.Queue[Packet | None]) -> None:
        """To whoever iterates, in turn, and to the link's own ear at once."""
        queue.put_nowait(packet)
        if self._ear is not None:
            self._ear.feed(packet.characteristic, packet.data, packet.arrival_s)

    def _listener(self, queue: asyncio.Queue[Packet | None]) -> Callable[[str], Callable[[object, bytearray], None]]:
        """Callbacks of one connection, one for each characteristic: they stamp, and drop what comes twice."""
        repeats = Repeats()
        maybe_twice = self._connects > 1  # one that failed after it had subscribed is enough

        def on(uuid: str) -> Callable[[object, bytearray], None]:
            def heard(_: object, data: bytearray) -> None:
                packet = self._packet(uuid, bytes(data))
                if maybe_twice and repeats.is_repeat(packet):
                    self.repeats += 1
                else:
                    self._came(packet, queue)

            return heard

        return on

    async def _read_info(self, client: BleakClient) -> None:
        """What the sensor tells beside its stream; a board that tells less counts just as well.

        Raises:
            LinkError: its model is another driver's.
        """
        for name, uuid in INFO:
            said = await _read_if_there(client, uuid)
            if said is not None:
                self.info[name] = one_line(said.decode("utf-8", "replace"))
        why = self.driver.identify(str(self.info.get("model", "")))
        if why is not None:
            raise LinkError(LinkFailure.REFUSED, f"{self.sensor.name} {why}")
        await self._read_battery(client)

    async def _read_battery(self, client: BleakClient) -> None:
        uuid = self.driver.battery_characteristic
        said = await _read_if_there(client, uuid)
        level = None if said is None else self.driver.battery(uuid, said)
        if level is not None:
            self.info["battery_percent"] = level

    async def _look_again(self) -> None:
        """A fresh handle on the sensor: BlueZ forgets a device half a minute after its link was lost."""

        def is_it(sensor: FoundSensor) -> bool:
            return sensor.address == self.sensor.address

        with suppress(LinkError):  # no adapter at the moment; the next attempt to connect says so
            heard = await scan(self._hci, RESCAN_S, is_it)
            self.sensor = next((s for s in heard if is_it(s)), self.sensor).with_driver(self.driver)

    async def _packets(self) -> AsyncIterator[Packet]:
        """Packets until the link is lost, silent for too long, or the sensor has ended."""
        while not self.decoder.ended:
            try:
                async with asyncio.timeout(SILENCE_S):  # not wait_for, which in Python 3.11 may swallow a Ctrl-C
                    packet = await self._queue.get()
            except TimeoutError:
                return
            if packet is None:
                return
            yield packet
            with suppress(*TROUBLE):  # where the link has gone, what came before it went still waits in the queue
                async with asyncio.timeout(HANG_UP_S):
                    await self._talk_back()

    async def _talk_back(self) -> None:
        """What the driver has to write in mid-stream, and from time to time the question for the battery."""
        client = self._client
        if client is None or not client.is_connected:
            return  # the end of the queue says the rest
        if self._ear is not None:
            await self._write(client, self.driver.requests(self._ear))
        if self.decoder.battery_percent is not None:
            self.info["battery_percent"] = self.decoder.battery_percent
        if time.monotonic() - self._battery_s > BATTERY_S:
            self._battery_s = time.monotonic()
            await self._read_battery(client)
            await self._write(client, self.driver.ask_battery())

    async def _write(self, client: BleakClient, writes: Iterable[Write]) -> None:
        for write in writes:
            there = _first(client, write.characteristic) or write.characteristic
            await client.write_gatt_char(there, write.data, write.response)
            if write.pause_s:
                await asyncio.sleep(write.pause_s)

    async def _stop(self, client: BleakClient) -> None:
        writes = self.driver.stop()
        await self._write(client, writes)
        if not all(w.response for w in writes):
            await asyncio.sleep(LAST_WORDS_S)

    async def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is None or not client.is_connected:
            return
        try:
            with suppress(*TROUBLE):
                async with asyncio.timeout(HANG_UP_S):
                    await self._stop(client)
        finally:  # left connected, BlueZ delivers everything twice next time (bleak #2002)
            with suppress(*TROUBLE):
                async with asyncio.timeout(HANG_UP_S):  # a radio that has died does not answer this either
                    await client.disconnect()


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def _connecting() -> asyncio.Lock:
    """Held while one of several links is made: an adapter makes them one after the other."""
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())


def _first(client: BleakClient, uuid: str) -> BleakGATTCharacteristic | None:
    """The first characteristic of that UUID; given the UUID alone, bleak raises where the sensor has two."""
    return next((c for c in client.services.characteristics.values() if c.uuid == uuid), None)


async def _read_if_there(client: BleakClient, uuid: str) -> bytes | None:
    """What a characteristic holds, None where the sensor has it not, or will not tell."""
    there = _first(client, uuid)
    if there is None or "read" not in there.properties:
        return None
    try:
        return bytes(await client.read_gatt_char(there))
    except BleakError:
        return None  # where the link has gone, the next request says so


def check_usable(name: str, decoder: SensorDecoder) -> None:
    """Raises LinkError: the sensor of that name refuses to stream, or streams what coxa cannot count from."""
    if decoder.refusal is not None:
        raise LinkError(LinkFailure.REFUSED, f"{name}: {decoder.refusal}")


async def until(items: AsyncIterator[LinkItem], stop: Callable[[], bool]) -> AsyncIterator[LinkItem]:
    """The items until `stop` says so, which is asked in silence too: as while a lost sensor is looked for."""
    while True:
        upcoming = asyncio.ensure_future(anext(items, None))
        try:
            while not upcoming.done() and not stop():
                await asyncio.wait({upcoming}, timeout=STOP_EVERY_S)
        finally:
            if not upcoming.done():
                upcoming.cancel()
                with suppress(asyncio.CancelledError):
                    await upcoming
        item = None if upcoming.cancelled() else upcoming.result()
        if item is None:
            return
        yield item
        if stop():
            return
