"""The whole radio path: simulated peripheral in its own process, virtual radio, bleak, link."""

from __future__ import annotations

import asyncio
import subprocess

import numpy as np
import pytest

from coxa.host.errors import LinkError, LinkFailure
from coxa.host.link.sensor_link import LinkStatus, SensorLink, find, scan
from coxa.host.samples import Gap, StreamItem
from coxa.host.sensors.own import OwnDecoder
from coxa.host.wire import Decoder
from tests.helpers import decoded, joined, scenario
from tests.helpers_link import sensor

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


async def received(
    hci: str, seconds: float = 60.0, kill: subprocess.Popen[str] | None = None
) -> tuple[list[StreamItem], SensorLink, Decoder]:
    """Everything that comes until the stream ends."""
    from coxa.host.link.bumble_backend import Adapter

    items = list[StreamItem]()
    try:
        async with asyncio.timeout(seconds), SensorLink(await find(hci, 20), hci) as link:
            async for item in link.items(give_up_s=3.0):
                if isinstance(item, LinkStatus):
                    continue
                items += link.decoder.feed(item.characteristic, item.data, item.arrival_s)
                if kill is not None and len(items) > 20:
                    kill.kill()
                    kill = None
        assert isinstance(link.decoder, OwnDecoder)
        return items, link, link.decoder.wire
    finally:
        await Adapter.close_all()


def truth() -> list[StreamItem]:
    return decoded(scenario("leg_raise_supine", 1))


def test_every_sample_arrives_unchanged() -> None:
    """Over a radio that loses 5 % of its packets, the samples are those that the sensor took."""
    with sensor("--loss", "0.05") as (hci, _):
        items, link, _ = asyncio.run(received(hci))
    got, sent = joined(items), joined(truth())
    assert np.array_equal(got.t_s, sent.t_s)
    assert np.array_equal(got.accel_mps2, sent.accel_mps2)
    assert np.array_equal(got.gyro_radps, sent.gyro_radps)
    assert link.info["battery_percent"] == 87


def test_a_lost_connection_loses_nothing() -> None:
    """Out of range for a second in mid-stream: reconnected, resumed, complete."""
    with sensor("--disconnect", "200:1") as (hci, _):
        items, link, decoder = asyncio.run(received(hci))
    assert link.reconnects == 1
    assert not [i for i in items if isinstance(i, Gap)]
    assert np.array_equal(joined(items).t_s, joined(truth()).t_s)
    assert decoder.stats.lost_packets == 0


def test_dropped_packets_and_garbage_are_gaps_and_counters() -> None:
    """What the sensor never sent is a gap, what is no frame is counted; nothing is invented."""
    with sensor("--drop", "0.02", "--garbage", "5") as (hci, _):
        items, _, decoder = asyncio.run(received(hci))
    assert decoder.stats.garbage_bytes >= 300
    assert decoder.stats.lost_packets > 3
    assert set(joined(items).t_s) < set(joined(truth()).t_s)
    assert any(isinstance(i, Gap) for i in items)


def test_a_sensor_that_dies_is_an_error_and_no_hang() -> None:
    """The simulator killed in mid-stream: after the patience is over, one typed error."""
    with sensor() as (hci, process), pytest.raises(LinkError) as caught:
        asyncio.run(received(hci, kill=process))
    assert caught.value.reason is LinkFailure.CONNECT_FAILED


def test_scan_marks_what_is_supported() -> None:
    """The simulated sensor is found by its service, with its name."""

    async def look(hci: str) -> list[str]:
        from coxa.host.link.bumble_backend import Adapter

        try:
            return [s.name for s in await scan(hci, 5, lambda s: s.supported) if s.supported]
        finally:
            await Adapter.close_all()

    with sensor() as (hci, _):
        assert [n.startswith(("coxa", "(no name)")) for n in asyncio.run(look(hci))] == [True]
