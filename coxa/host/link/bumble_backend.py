"""A bleak backend whose Bluetooth stack is bumble's, over any bumble transport.

`tcp-client:127.0.0.1:PORT` is the simulated radio, `usb:0` or `serial:...` a real dongle. Bleak's base classes change
between major versions; everything that depends on them is in this file, and bleak is held below version 4.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)
from bumble import att, core, hci
from bumble.core import AdvertisingData
from bumble.device import Device, Peer
from bumble.transport import open_transport

logging.getLogger("bumble").addHandler(logging.NullHandler())  # what matters of a link coxa tells itself

MTU = 247
"""What is asked for: a notification of 244 bytes, as the longest frame has (`wire.frames.MAX_PAYLOAD`)."""
OPEN_S = 10.0
"""A transport that opens to something other than a controller answers nothing."""
PROPERTIES = {
    1: "broadcast",
    2: "read",
    4: "write-without-response",
    8: "write",
    16: "notify",
    32: "indicate",
    64: "authenticated-signed-writes",
    128: "extended-properties",
}
_SERVICE_LISTS = (
    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
)


class Adapter:
    """One bumble host for each event loop and transport."""

    _open: ClassVar[dict[tuple[int, str], Adapter]] = {}

    def __init__(self, transport: Any, device: Any) -> None:
        self._transport, self.device = transport, device
        self.scanners: set[Any] = set()
        self.clients: set[BumbleClient] = set()
        self.seen: dict[str, Any] = {}
        device.on("advertisement", self._advertised)
        transport.source.terminated.add_done_callback(self._unplugged)

    @classmethod
    async def get(cls, spec: str) -> Adapter:
        """The adapter of this loop; opened at the first call.

        Raises:
            BleakBluetoothNotAvailableError: the transport cannot be opened.
        """
        key = (id(asyncio.get_running_loop()), spec)
        if key not in cls._open:
            try:
                async with asyncio.timeout(OPEN_S):
                    cls._open[key] = await cls._opened(spec)
            except Exception as error:  # each kind of transport raises what its own library does
                text = f"HCI transport {spec}: {str(error) or type(error).__name__}"
                raise BleakBluetoothNotAvailableError(text, BleakBluetoothNotAvailableReason.NO_BLUETOOTH) from error
        return cls._open[key]

    @classmethod
    async def _opened(cls, spec: str) -> Adapter:
        transport = await open_transport(spec)
        try:
            device = Device.with_hci("coxa", hci.Address.generate_static_address(), transport.source, transport.sink)
            await device.power_on()
        except BaseException:
            await transport.close()
            raise
        return cls(transport, device)

    @classmethod
    async def close_all(cls) -> None:
        """Close every adapter of this loop."""
        loop = id(asyncio.get_running_loop())
        for key in [k for k in cls._open if k[0] == loop]:
            await cls._open.pop(key)._transport.close()

    def _unplugged(self, _result: Any) -> None:
        """The transport has gone, and every link with it; the next `get` opens it anew."""
        for key in [k for k, adapter in self._open.items() if adapter is self]:
            del self._open[key]
        for client in list(self.clients):
            client.lost()

    def _advertised(self, advertisement: Any) -> None:
        self.seen[_text(advertisement.address)] = advertisement.address
        for scanner in list(self.scanners):
            scanner.advertised(advertisement)


class BumbleScanner(BaseBleakScanner):
    """Bleak's scanner on bumble; `backend` gives a subclass with its transport."""

    spec: ClassVar[str] = ""

    def __init__(self, detection_callback: Any, service_uuids: Any, scanning_mode: Any, **kwargs: Any) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"

    async def start(self) -> None:
        """Begin to report."""
        self.seen_devices = {}
        self._adapter = await Adapter.get(self.spec)
        self._adapter.scanners.add(self)
        if not self._adapter.device.is_scanning:
            await self._adapter.device.start_scanning(legacy=True, active=self._active, filter_duplicates=False)

    async def stop(self) -> None:
        """End reporting."""
        self._adapter.scanners.discard(self)
        if not self._adapter.scanners and self._adapter.device.is_scanning:
            await self._adapter.device.stop_scanning()

    def advertised(self, advertisement: Any) -> None:
        """One advertisement, told to whoever waits for it."""
        data = advertisement.data
        name = data.get(AdvertisingData.COMPLETE_LOCAL_NAME) or data.get(AdvertisingData.SHORTENED_LOCAL_NAME)
        uuids = [_uuid(u) for kind in _SERVICE_LISTS for u in (data.get(kind) or [])]
        makers = dict(data.get_all(AdvertisingData.MANUFACTURER_SPECIFIC_DATA) or [])
        power = data.get(AdvertisingData.TX_POWER_LEVEL)
        found = AdvertisementData(
            name,
            {int(k): bytes(v) for k, v in makers.items()},
            {},
            uuids,
            power,
            advertisement.rssi,
            (advertisement,),
        )
        if self.is_allowed_uuid(uuids):
            address = _text(advertisement.address)
            device = self.create_or_update_device(address, address, name, advertisement.address, found)
            self.call_detection_callbacks(device, found)


class BumbleClient(BaseBleakClient):
    """Bleak's client on bumble; `backend` gives a subclass with its transport."""

    spec: ClassVar[str] = ""

    def __init__(self, address_or_ble_device: Any, services: Any = None, **kwargs: Any) -> None:
        super().__init__(address_or_ble_device, **kwargs)
        self._known = address_or_ble_device if isinstance(address_or_ble_device, BLEDevice) else None
        self._wanted = services
        self._adapter: Adapter | None = None
        self._connection: Any = None
        self._peer: Any = None
        self._callbacks: dict[int, Callable[[bytes], None]] = {}
        self._requests: set[asyncio.Future[Any]] = set()

    @property
    def name(self) -> str:
        """The device's name, or its address."""
        return (self._known.name if self._known else None) or self.address

    @property
    def mtu_size(self) -> int:
        """The MTU agreed on."""
        return self._connection.att_mtu if self._connection else 23

    @property
    def is_connected(self) -> bool:
        """Whether the link is up."""
        return self._connection is not None

    async def connect(self, pair: bool, **kwargs: Any) -> None:
        """Connect, agree on the MTU, and find the services."""
        if self._connection:
            return
        adapter = await Adapter.get(self.spec)
        target = self._known.details if self._known else adapter.seen.get(self.address.upper())
        if target is None:
            raise BleakDeviceNotFoundError(self.address, f"{self.address} was not seen in a scan")
        try:
            connection = await adapter.device.connect(target, timeout=self._timeout)
        except core.TimeoutError as error:
            raise TimeoutError(f"no answer from {self.address} in {self._timeout:.0f} s") from error
        except core.BaseBumbleError as error:
            raise BleakError(f"connecting failed: {error or type(error).__name__}") from error
        self._adapter, self._connection, self._peer = adapter, connection, Peer(connection)
        adapter.clients.add(self)

        def gone(_reason: int) -> None:
            if self._connection is connection:
                self.lost()

        connection.on("disconnection", gone)
        try:
            await self._asked(self._peer.request_mtu(MTU))
            await self._asked(self._discover(self._peer))
        except BaseException:
            await self.disconnect()
            raise

    async def disconnect(self) -> None:
        """Hang up; being hung up already is fine."""
        if self._connection:
            try:
                await self._connection.disconnect()
            except core.BaseBumbleError:
                pass  # gone already, which is what was wanted

    async def pair(self, *args: Any, **kwargs: Any) -> None:
        """Pair with the device."""
        await self._connection.pair()

    async def unpair(self) -> None:
        """Not to be had without stored keys."""
        raise NotImplementedError

    async def read_gatt_char(self, characteristic: Any, *, use_cached: bool = False, **kwargs: Any) -> bytearray:
        """Read a characteristic."""
        return bytearray(await self._asked(self._peer.read_value(characteristic.obj)))

    async def read_gatt_descriptor(self, descriptor: Any, *, use_cached: bool = False, **kwargs: Any) -> bytearray:
        """Read a descriptor."""
        return bytearray(await self._asked(self._peer.gatt_client.read_value(descriptor.obj)))

    async def write_gatt_char(self, characteristic: Any, data: Any, response: bool) -> None:
        """Write a characteristic."""
        await self._asked(self._peer.write_value(characteristic.obj, bytes(data), with_response=response))

    async def write_gatt_descriptor(self, descriptor: Any, data: Any) -> None:
        """Write a descriptor."""
        await self._asked(self._peer.gatt_client.write_value(descriptor.obj, bytes(data), with_response=True))

    async def start_notify(self, characteristic: Any, callback: Callable[[bytearray], None], **kwargs: Any) -> None:
        """Subscribe; `callback` is called in the loop for each notification."""

        def told(value: bytes) -> None:
            callback(bytearray(value))

        self._callbacks[characteristic.handle] = told
        await self._asked(self._peer.subscribe(characteristic.obj, told))

    async def stop_notify(self, characteristic: Any) -> None:
        """End a subscription."""
        told = self._callbacks.pop(characteristic.handle, None)
        await self._asked(self._peer.unsubscribe(characteristic.obj, told))

    def lost(self) -> None:
        """The link has gone, by whoever's doing."""
        if self._adapter:
            self._adapter.clients.discard(self)
        connection, self._connection = self._connection, None
        self._peer = self.services = None
        self._callbacks.clear()
        for request in list(self._requests):
            request.cancel()
        if connection is None:
            return
        if self._disconnected_callback:
            self._disconnected_callback()

    async def _discover(self, peer: Any) -> None:
        found = BleakGATTServiceCollection()
        for service in await peer.discover_services():
            uuid = _uuid(service.uuid)
            if self._wanted and uuid not in self._wanted:
                continue
            ours = BleakGATTService(service, service.handle, uuid)
            found.add_service(ours)
            for item in await service.discover_characteristics():
                names: Any = [name for bit, name in PROPERTIES.items() if int(item.properties) & bit]
                mine = BleakGATTCharacteristic(item, item.handle, _uuid(item.uuid), names, self._room, ours)
                found.add_characteristic(mine)
                for d in await item.discover_descriptors():
                    found.add_descriptor(BleakGATTDescriptor(d, d.handle, _uuid(d.type), mine))
        self.services = found

    def _room(self) -> int:
        return self.mtu_size - 3

    async def _asked(self, request: Coroutine[Any, Any, Any]) -> Any:
        """The answer to a request, or a bleak error where the link goes first."""
        if not self._connection:
            request.close()
            raise BleakError("not connected")
        connection, task = self._connection, asyncio.ensure_future(request)
        self._requests.add(task)
        try:
            return await task
        except att.ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except core.BaseBumbleError as error:
            raise BleakError(f"request failed: {error or type(error).__name__}") from error
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if self._connection is connection or (current is not None and current.cancelling()):
                raise  # somebody cancelled us; a lost link only cancels the request
            raise BleakError("disconnected") from None
        finally:
            self._requests.discard(task)
            task.cancel()


def backend(spec: str) -> tuple[type[BumbleScanner], type[BumbleClient]]:
    """Scanner and client classes for bleak on one transport."""
    return type("Scanner", (BumbleScanner,), {"spec": spec}), type("Client", (BumbleClient,), {"spec": spec})


def _uuid(short: core.UUID) -> str:
    return str(uuid.UUID(bytes=bytes(reversed(short.to_bytes(force_128=True)))))


def _text(address: Any) -> str:
    return str(address).split("/")[0]
