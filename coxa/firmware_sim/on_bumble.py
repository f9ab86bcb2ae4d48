"""What simulated sensors of every kind do with bumble's host stack: be found, keep the link's pace, go out of range."""

from __future__ import annotations

import asyncio
from typing import Any

from bumble import data_types, hci
from bumble.core import AdvertisingData
from bumble.device import Device, DeviceConfiguration
from bumble.transport.common import Transport

from coxa.firmware_sim.radio import Air

QUEUE_LIMIT = 12
"""Notifications in flight before a sensor waits, so that a slow link slows it and nothing is dropped."""
QUEUE_LOOK_S = 0.002
"""How often it looks whether there is room again."""
GIVE_UP_S = 10.0
"""After the recording has ended and nobody is connected, a sensor switches itself off."""
MAX_MTU = 247


def new_device(radio: Air | Transport, address: str, name: str, advertised: list[Any]) -> Device:
    """A sensor's host stack on the virtual air or on a real adapter.

    Args:
        radio: where it is heard.
        address: its own.
        name: its own; told to whoever scans actively.
        advertised: parts of the advertising packet itself, beside the flags.
    """
    if isinstance(radio, Air):
        source = sink = radio.controller("peripheral")
    else:
        source, sink = radio.source, radio.sink
    config = DeviceConfiguration(
        name=name, address=hci.Address(address), advertising_interval_min=50, advertising_interval_max=50
    )
    device = Device.from_config_with_hci(config, source, sink)
    device.gatt_server.max_mtu = MAX_MTU
    flags = AdvertisingData.Flags
    told = data_types.Flags(flags.LE_GENERAL_DISCOVERABLE_MODE | flags.BR_EDR_NOT_SUPPORTED)
    device.advertising_data = bytes(AdvertisingData([told, *advertised]))
    device.scan_response_data = bytes(AdvertisingData([data_types.CompleteLocalName(name)]))
    return device


async def switch_on(device: Device) -> None:
    """Advertise, and again after each host."""
    await device.power_on()
    await device.start_advertising(auto_restart=True)


def notification_bytes(connection: Any) -> int:
    """How many bytes one notification carries to this host."""
    return connection.att_mtu - 3  # opcode and handle, Core Specification vol 3 part F, 3.4.7.1


async def queue_down_to(device: Device, connection: Any, packets: int = QUEUE_LIMIT) -> None:
    """Wait until no more than so many packets are in flight."""
    queue = device.host.get_data_packet_queue(connection.handle)
    while queue is not None and queue.queued - queue.completed > packets:
        await asyncio.sleep(QUEUE_LOOK_S)


def garbage(number: int) -> bytes:
    """What is sent before packet or notification `number` where the sensor is to send garbage."""
    return bytes((number * 7 + i * 31) % 256 for i in range(60))


class Absences:
    """When a sensor is out of range, by the number of what it would send, so that it is the same at every speed."""

    def __init__(self, radio: Air | Transport, planned: tuple[tuple[int, float], ...]) -> None:
        """Args:
            radio: where the sensor is heard.
            planned: numbers, and for how many seconds it is out of range from each on.

        Raises:
            ValueError: a real adapter shall go out of range by itself.
        """
        self._air, self._planned = radio if isinstance(radio, Air) else None, dict(planned)
        if planned and self._air is None:
            raise ValueError("a sensor on a real adapter goes out of range when it is carried away, not by option")

    def due_s(self, number: int) -> float | None:
        """For how many seconds the sensor is out of range from here on, once for each number; None: it stays."""
        return self._planned.pop(number, None)

    def begin(self, seconds: float) -> None:
        """Out of range from now on; the link layer does the rest."""
        assert self._air is not None
        self._air.lose(seconds)
