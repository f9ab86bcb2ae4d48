"""Listens for sensors, and says in words why none can be had."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from coxa.host.errors import LinkError, LinkFailure
from coxa.host.limits import one_line
from coxa.host.sensors.driver import Advertisement, Driver
from coxa.host.sensors.registry import match

DENIED = (
    BleakBluetoothNotAvailableReason.DENIED_BY_USER,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN,
)
UNPAIRED = (
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION_KEY_SIZE,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
)
"""What a sensor answers that talks on a paired link only (Core Specification vol 3 part F, table 3.4)."""
LINGER_S = 2.0
"""Once one sensor has been heard, others may so long be heard too, of which one may be nearer: many advertise every
second, and some advertisements are missed."""
UNKNOWN_DBM, FAINT_DBM = 127, -127
"""What adapters say where they did not measure the strength (Core Specification vol 4 part E, 7.7.65.2); the least."""
ELSEWHERE = (
    "a sensor that another phone, watch or program is connected to cannot be heard: close that connection, or switch "
    "the sensor off and on"
)


def unheard(driver: Driver | None) -> str:
    """Why a sensor, of that kind where it is known, may not be heard although it is there, and what to do."""
    return f"{driver.asleep}; {ELSEWHERE}" if driver is not None and driver.asleep else ELSEWHERE


@dataclass(frozen=True, slots=True)
class FoundSensor:
    """One device seen in a scan."""

    device: BLEDevice
    name: str
    address: str
    """On macOS a number that the system made up, another one on every computer."""
    rssi_dbm: int
    """The strongest of what was heard of it."""
    drivers: tuple[Driver, ...] = ()
    """Drivers that take it for theirs, most likely first; empty: coxa does not know it."""

    @property
    def supported(self) -> bool:
        """Whether coxa can use it."""
        return bool(self.drivers)

    def with_driver(self, driver: Driver | None) -> FoundSensor:
        """The same, with the driver that the user has named in place of those that match."""
        return self if driver is None else replace(self, drivers=(driver,))


class _Ear:
    """Puts together what a device says in several advertisements: name and services may come apart."""

    def __init__(self) -> None:
        self.found = dict[str, FoundSensor]()
        self._said = dict[str, Advertisement]()

    def heard(self, device: BLEDevice, data: Any) -> FoundSensor:
        before = self._said.get(device.address, Advertisement())
        said = Advertisement(
            data.local_name or device.name or before.name,
            tuple(dict.fromkeys([*before.service_uuids, *(u.lower() for u in data.service_uuids)])),
            {**before.manufacturer, **data.manufacturer_data},
        )
        self._said[device.address] = said
        name = one_line(said.name) or "(no name)"
        rssi_dbm = FAINT_DBM if data.rssi >= UNKNOWN_DBM else data.rssi
        if device.address in self.found:  # each channel and each pose of the body gives another; the strongest tells
            rssi_dbm = max(rssi_dbm, self.found[device.address].rssi_dbm)
        sensor = FoundSensor(device, name, device.address, rssi_dbm, tuple(match(said)))
        self.found[device.address] = sensor
        return sensor


def backends(hci: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options of bleak's scanner and client: bumble's where a transport is named, the system's own otherwise."""
    if hci is None:
        return {}, {}
    from coxa.host.link.bumble_backend import backend

    scanner, client = backend(hci)
    return {"backend": scanner}, {"backend": client}


async def scan(
    hci: str | None, seconds: float, until: Callable[[FoundSensor], bool] = lambda _: False, linger_s: float = 0.0
) -> list[FoundSensor]:
    """Every device heard within some seconds, supported and strong ones first; no longer than `until` one is it.

    From then on it listens `linger_s` for others.

    Raises:
        LinkError: there is no usable Bluetooth.
    """
    ear, enough = _Ear(), asyncio.Event()

    def heard(device: BLEDevice, data: Any) -> None:
        if until(ear.heard(device, data)):
            enough.set()

    options, _ = backends(hci)
    try:
        async with BleakScanner(heard, **options):
            await _listen(enough, seconds, linger_s)
    except (BleakError, OSError) as error:
        raise no_bluetooth(error, hci) from error
    return sorted(ear.found.values(), key=lambda s: (not s.supported, -s.rssi_dbm))


async def _listen(enough: asyncio.Event, seconds: float, linger_s: float) -> None:
    """Wait until enough was heard and for `linger_s` more, at most for `seconds` in all."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await enough.wait()
            await asyncio.sleep(linger_s)


async def find(
    hci: str | None,
    seconds: float,
    address: str | None = None,
    driver: Driver | None = None,
    *,
    alone: bool = False,
) -> FoundSensor:
    """The nearest supported sensor, or the one with that address.

    Args:
        hci: a bumble transport, None for the system's own Bluetooth.
        seconds: how long to listen at most.
        address: take this one and no other.
        driver: take only what this driver takes for its own; with an address, use it whatever the sensor says.
        alone: nobody else can be on this radio; the first one heard is taken, without waiting for a nearer one.

    Raises:
        LinkError: there is no usable Bluetooth, or no such sensor.
    """

    def wanted(sensor: FoundSensor) -> bool:
        if address is not None and sensor.address.lower() != address.lower():
            return False
        if driver is None:
            return sensor.supported
        return address is not None or driver in sensor.drivers

    heard = await scan(hci, seconds, wanted, 0.0 if alone or address is not None else LINGER_S)
    sensors = [s.with_driver(driver) for s in heard if wanted(s)]
    if not sensors:
        raise LinkError(LinkFailure.NOT_FOUND, _not_found(heard, seconds, address, driver))
    return sensors[0]


def _not_found(heard: list[FoundSensor], seconds: float, address: str | None, driver: Driver | None) -> str:
    stranger = next((s for s in heard if address is not None and s.address.lower() == address.lower()), None)
    if stranger is not None:
        return (
            f"{stranger.name} ({stranger.address}) is there, but does not say that it is a sensor that coxa knows; "
            "name its kind with --sensor (see `coxa sensors`)"
        )
    who = f"no sensor with address {address}" if address else f"no {driver.name if driver else 'coxa'} sensor"
    return (
        f"{who} heard in {seconds:.0f} s; switch it on, bring it near, see what `coxa scan` hears ({unheard(driver)}), "
        "or try `coxa demo`, which needs none"
    )


def no_bluetooth(error: Exception, hci: str | None = None) -> LinkError:
    """Why there is no Bluetooth, of the system's own or behind the bumble transport `hci`, and what to do."""
    todo = "or run `coxa demo`, which needs no Bluetooth"
    reason = error.args[1] if isinstance(error, BleakBluetoothNotAvailableError) and len(error.args) > 1 else None
    denied = isinstance(error, BleakDBusError) and "AccessDenied" in str(error)
    what = words(error)
    if denied or reason in DENIED or isinstance(error, PermissionError):
        return LinkError(
            LinkFailure.NO_PERMISSION, f"no permission to use Bluetooth ({what}); allow it for this program, {todo}"
        )
    if reason is BleakBluetoothNotAvailableReason.POWERED_OFF or "not powered" in what.lower():
        return LinkError(
            LinkFailure.SWITCHED_OFF,
            f"Bluetooth is switched off ({what}); switch it on in the system's settings (Linux: `bluetoothctl power on`"
            f", and `rfkill unblock bluetooth` where it is blocked), {todo}",
        )
    start = "plug in or switch on an adapter, on Linux start the bluetooth service"
    if hci is not None:
        start = "name with --hci a transport that is there and free, as usb:0 or tcp-client:HOST:PORT"
    return LinkError(LinkFailure.NO_ADAPTER, f"no Bluetooth adapter can be used here ({what}); {start}, {todo}")


def wants_pairing(error: Exception) -> bool:
    """Whether the sensor refused because it is not paired."""
    if isinstance(error, BleakGATTProtocolError):
        return error.code in UNPAIRED
    return isinstance(error, BleakDBusError) and "Not paired" in str(error)  # BlueZ names none of the codes


def words(error: Exception) -> str:
    """An error's text; bleak puts a code beside those of two kinds, and some have none."""
    if isinstance(error, BleakBluetoothNotAvailableError):
        return str(error.args[0])
    if isinstance(error, BleakGATTProtocolError):
        return str(error.args[1])
    if isinstance(error, FileNotFoundError):
        return "the D-Bus system bus, through which BlueZ is reached, is not running"
    return str(error) or type(error).__name__
