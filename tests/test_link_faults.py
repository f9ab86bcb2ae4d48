"""What goes wrong on the air, with sensor and host in one loop, so that each fault comes at its exact moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from bumble import hci
from bumble.device import Device, Peer

from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.peripheral import Faults, Peripheral
from coxa.firmware_sim.radio import Air
from coxa.host.errors import WireError
from coxa.host.events import RepRejected
from coxa.host.link import bumble_backend
from coxa.host.link.bumble_backend import Adapter
from coxa.host.link.sensor_link import SensorLink, find
from coxa.host.reasons import Reason
from coxa.host.samples import StreamItem
from coxa.host.wire import Decoder
from tests.helpers_link import ADDRESS, NO_FAULTS, assert_complete, raw, received, switched_on
from tools.link_faults import Found, dark_of
from tools.troubled_sensor import Trouble

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def test_a_recording_longer_than_the_ring_buffer_arrives_whole_unpaced() -> None:
    """Unpaced, the sensor's time stands where the link has got to: the ring buffer costs nothing, even on a resume."""

    async def run() -> tuple[list[StreamItem], SensorLink, Decoder]:
        _, spec = await switched_on(200, Faults(disconnects=((700, 1.0),)))
        return await received(spec)

    items, link, _ = asyncio.run(run())
    assert link.reconnects == 1
    assert_complete(items, 200)


def test_a_resume_after_the_recording_has_ended_brings_only_what_is_missing() -> None:
    """Out of range over the end of a paced recording: the rest comes once, nothing is sent again."""

    async def run() -> tuple[list[StreamItem], SensorLink, Decoder]:
        _, spec = await switched_on(3, Faults(disconnects=((25, 1.5),)), fast=False)
        return await received(spec)

    items, _, decoder = asyncio.run(run())
    assert_complete(items, 3)
    assert decoder.stats.duplicates == 0


def test_a_small_mtu_only_cuts_the_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the smallest MTU of Bluetooth LE, 23, frames come in pieces of 20 bytes and nothing is lost."""
    monkeypatch.setattr(bumble_backend, "MTU", 23)

    async def run() -> tuple[list[StreamItem], SensorLink, Decoder]:
        _, spec = await switched_on(5)
        return await received(spec)

    items, _, decoder = asyncio.run(run())
    assert_complete(items, 5)
    assert decoder.stats.garbage_bytes == 0


def test_a_link_lost_during_discovery_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of range while the host asks for services: a failed attempt, not the end of the session."""
    discover: Callable[..., Any] = Peer.discover_services
    attempts = list[int]()

    async def run() -> tuple[list[StreamItem], SensorLink, Decoder]:
        air, spec = await switched_on(5)

        async def lost_at_first(peer: Peer, *arguments: Any) -> Any:
            attempts.append(1)
            if len(attempts) == 1:
                air.lose(1.5)
            return await discover(peer, *arguments)

        monkeypatch.setattr(Peer, "discover_services", lost_at_first)
        return await received(spec)

    items, _, _ = asyncio.run(run())
    assert len(attempts) == 2
    assert_complete(items, 5)


def test_a_host_with_a_public_address_gets_its_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux connects under its public address; the radio must not take it for another host's link."""
    connect: Callable[..., Any] = Device.connect

    async def publicly(device: Device, target: Any, **options: Any) -> Any:
        return await connect(device, target, own_address_type=hci.OwnAddressType.PUBLIC, **options)

    monkeypatch.setattr(Device, "connect", publicly)

    async def run() -> tuple[list[StreamItem], SensorLink, Decoder]:
        _, spec = await switched_on(5)
        return await received(spec)

    assert_complete(asyncio.run(run())[0], 5)


def test_cancelling_a_session_is_no_lost_link() -> None:
    """Whoever cancels the host gets the cancellation, at whatever the link is waiting for, and the sensor is free."""

    async def run() -> bool:
        _, spec = await switched_on(5, fast=False)
        session = asyncio.ensure_future(received(spec))
        await asyncio.sleep(1.5)
        session.cancel()
        with pytest.raises(asyncio.CancelledError):
            await session
        sensor = await find(spec, 10)
        await Adapter.close_all()
        return sensor.supported

    assert asyncio.run(run())


def test_a_sensor_of_another_version_is_told() -> None:
    """What cannot be understood is said in one line, and not waited for."""

    async def run() -> None:
        firmware = Firmware(raw(1), "TEST0001")
        firmware.description_frame = lambda: bytes.fromhex("c0a12100") + bytes(4)  # type: ignore[method-assign]
        air = Air()
        await Peripheral(firmware, air, ADDRESS, "coxa", fast=True, faults=NO_FAULTS).switch_on()
        await received(f"tcp-client:127.0.0.1:{await air.serve(0)}")

    with pytest.raises(WireError, match="update coxa or the sensor's firmware"):
        asyncio.run(run())


@pytest.mark.parametrize(
    ("trouble", "right", "unknown", "good"),
    [
        (Trouble("asks"), 5, 0, True),
        (Trouble("asks"), 4, 1, False),
        (Trouble("asks, clock forward", jump_s=5.0), 4, 1, True),
        (Trouble("asks, clock forward", jump_s=5.0), 4, 0, False),
        (Trouble("asks, power cut", off_s=5.0), 4, 1, True),
        (Trouble("asks, power cut", off_s=5.0), 4, 0, False),
        (Trouble("does not ask", resends=False), 1, 4, True),
        (Trouble("does not ask", resends=False), 1, 3, False),
    ],
)
def test_what_is_missed_without_a_word_is_never_as_promised(
    trouble: Trouble, right: int, unknown: int, good: bool
) -> None:
    """`tools.link_faults`: of five raises, one neither counted nor said to be unknown breaks every row's promise."""
    assert Found(trouble, required=5, right=right, unknown=unknown).good == good
    assert not Found(trouble, required=5, right=right, unknown=unknown, invented=1).good


def test_what_could_not_be_measured_was_said_to_be_unknown() -> None:
    """Claim: a raise that is told as not measured is not missed without a word; one that is told as too small is."""

    def rejected(reason: Reason) -> RepRejected:
        return RepRejected("leg_raise", None, 10.0, 12.0, reason, 0.4, 0.55, "share", 12.0)

    unmeasured, small = (Found(Trouble("any")) for _ in range(2))
    unmeasured.told.append((12.0, rejected(Reason.NOT_MEASURED)))
    small.told.append((12.0, rejected(Reason.TOO_SMALL)))
    assert (dark_of(unmeasured), dark_of(small)) == ([(10.0, 12.0)], [])
