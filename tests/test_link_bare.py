"""Sensors that tell little of themselves, and what bleak raises without a type of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from bleak.exc import BleakDBusError, BleakError, BleakGATTProtocolError
from bumble.core import UUID
from bumble.device import Device
from bumble.gatt import Characteristic, Service

from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.peripheral import Peripheral
from coxa.firmware_sim.radio import Air
from coxa.host.errors import LinkError, LinkFailure
from coxa.host.link import bumble_backend
from coxa.host.link.bumble_backend import BumbleClient
from coxa.host.link.scan import wants_pairing, words
from coxa.host.link.sensor_link import SensorLink, scan
from coxa.host.samples import StreamItem
from coxa.host.wire import Decoder
from tests.helpers_link import ADDRESS, NO_FAULTS, assert_complete, raw, received, switched_on

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


async def session() -> tuple[list[StreamItem], SensorLink, Decoder]:
    """Two seconds of samples, unpaced."""
    _, spec = await switched_on(2)
    return await received(spec)


def test_a_board_without_battery_and_information_counts_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only coxa's own service is needed."""
    add: Callable[..., Any] = Device.add_services

    def own_only(device: Device, services: list[Any]) -> None:
        add(device, services[:1])

    monkeypatch.setattr(Device, "add_services", own_only)
    items, link, _ = asyncio.run(session())
    assert_complete(items, 2)
    assert link.info == {}


def test_a_board_with_two_characteristics_of_one_uuid_counts_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two batteries: the first one is read, and nothing else minds."""
    add: Callable[..., Any] = Device.add_services

    def with_another(device: Device, services: list[Any]) -> None:
        kind = Characteristic.Properties.READ
        level = Characteristic(UUID("2A19"), kind, Characteristic.READABLE, bytes([50]))
        add(device, [*services, Service(UUID("180F"), [level])])

    monkeypatch.setattr(Device, "add_services", with_another)
    items, link, _ = asyncio.run(session())
    assert_complete(items, 2)
    assert link.info["battery_percent"] not in (None, 50)


def test_what_a_sensor_says_of_itself_becomes_one_line() -> None:
    """A serial with the new line of `Serial.println`, a name that would clear the terminal: neither gets in."""

    async def run() -> SensorLink:
        air = Air()
        board = Firmware(raw(1), "A123\r\n")
        await Peripheral(board, air, ADDRESS, "My\x1b[2J  thigh\n", fast=True, faults=NO_FAULTS).switch_on()
        return (await received(f"tcp-client:127.0.0.1:{await air.serve(0)}"))[1]

    link = asyncio.run(run())
    assert link.info["serial"] == "A123"
    assert link.sensor.name == "My?[2J thigh"


@pytest.mark.parametrize("error", [KeyError("org.bluez.GattService1"), EOFError()])
def test_an_untyped_failure_of_bleak_is_one_more_attempt(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Services that vanish while BlueZ lists them, a D-Bus that hangs up: tried again, no traceback."""
    connect: Callable[..., Any] = BumbleClient.connect
    attempts = list[int]()

    async def failing_once(client: BumbleClient, pair: bool, **options: Any) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise error
        await connect(client, pair, **options)

    monkeypatch.setattr(BumbleClient, "connect", failing_once)
    items, _, _ = asyncio.run(session())
    assert len(attempts) == 2
    assert_complete(items, 2)


def test_repeats_are_dropped_after_a_first_attempt_that_failed_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """It had subscribed before its first command was lost: from then on BlueZ may deliver twice (bleak #2002)."""
    start: Callable[..., Any] = BumbleClient.start_notify
    write: Callable[..., Any] = BumbleClient.write_gatt_char
    writes = list[int]()

    async def twice(client: BumbleClient, characteristic: Any, callback: Callable[[bytearray], None], **_: Any) -> None:
        def told(data: bytearray) -> None:
            callback(data)
            callback(data)

        await start(client, characteristic, told)

    async def failing_once(client: BumbleClient, *arguments: Any) -> None:
        writes.append(1)
        if len(writes) == 1:
            raise BleakError("disconnected")
        await write(client, *arguments)

    monkeypatch.setattr(BumbleClient, "start_notify", twice)
    monkeypatch.setattr(BumbleClient, "write_gatt_char", failing_once)
    items, link, _ = asyncio.run(session())
    assert_complete(items, 2)
    assert link.reconnects == 0
    assert link.repeats > 10


@pytest.mark.parametrize(
    "error",
    [
        *(BleakGATTProtocolError(n) for n in (5, 8, 12, 15)),
        BleakDBusError("org.bluez.Error.NotPermitted", ["Not paired"]),
    ],
)
def test_a_sensor_that_wants_to_be_paired_says_so_at_once(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trying again does not help, and another program is not to blame: the user is told to pair it."""

    async def refused(*_: object) -> None:
        raise error

    monkeypatch.setattr(BumbleClient, "write_gatt_char", refused)
    with pytest.raises(LinkError, match="pair it in the system's Bluetooth settings") as caught:
        asyncio.run(session())
    assert caught.value.reason is LinkFailure.REFUSED


def test_a_protocol_error_is_told_without_its_number() -> None:
    """Bleak's own text is a Python tuple; and what is no matter of pairing is not taken for one."""
    error = BleakGATTProtocolError(14)
    assert words(error) == "GATT Protocol Error: Unlikely Error"
    assert not wants_pairing(error)


@pytest.mark.parametrize("spec", ["foo:1", "usb:", "tcp-client:x", "serial:/nonexistent"])
def test_a_transport_that_cannot_be_opened_is_a_missing_adapter(spec: str) -> None:
    """Whatever a transport's library raises, the user reads which transport it was and what to do."""
    with pytest.raises(LinkError, match="coxa demo") as caught:
        asyncio.run(scan(spec, 1.0))
    assert caught.value.reason is LinkFailure.NO_ADAPTER
    assert spec in str(caught.value)


def test_something_else_than_a_controller_is_not_awaited_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that accepts and says nothing is no adapter, and its connection is closed again."""
    monkeypatch.setattr(bumble_backend, "OPEN_S", 0.3)

    async def run() -> None:
        closed = asyncio.Event()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.read(100):
                pass
            writer.close()
            closed.set()

        async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(LinkError) as caught:
                await scan(f"tcp-client:127.0.0.1:{port}", 1.0)
            assert caught.value.reason is LinkFailure.NO_ADAPTER
            async with asyncio.timeout(5):
                await closed.wait()

    asyncio.run(run())
