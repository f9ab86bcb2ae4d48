"""The resend: what is lost on its way comes again while the stream goes on, and samples stay in order."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.firmware_sim.firmware import BUFFER_S, Firmware
from coxa.firmware_sim.peripheral import Faults
from coxa.firmware_sim.raw import RawStream
from coxa.host.link.bumble_backend import Adapter
from coxa.host.link.scan import find
from coxa.host.link.sensor_link import SensorLink
from coxa.host.samples import Gap, Packet, SampleBlock, StreamItem
from coxa.host.wire import Decoder, Description, encode_description, encode_end, encode_samples
from coxa.host.wire.frames import ABLE_TO_RESEND, KIND_END, KIND_GONE, Samples, frame
from coxa.host.wire.gatt import resend_command, start_command
from coxa.host.wire.reorder import ENDS, MOST_HELD, PATIENCE_S, Reorder
from tests.helpers import joined
from tests.helpers_link import assert_complete, raw, received, switched_on
from tests.helpers_wire import SIZES, fed, plain

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

N = 10
"""Samples in a packet."""
PATIENCE = round(PATIENCE_S * 100 / N)
"""Packets for which an unanswered hole stays open."""
ABLE = encode_description(Description(7, 100.0, 8, 1000, N, 60, "SIM00001", (1, 1, 0), ABLE_TO_RESEND))


def counted(packets: int) -> RawStream:
    """Samples that are all different."""
    n = packets * N
    counts = (np.arange(n * 6) % 60_000 - 30_000).astype(np.int16).reshape(n, 6)
    return RawStream(100.0, 8, 1000, np.arange(n, dtype=np.int64) * 10_000 + 500, counts)


def packet(sequence: int) -> bytes:
    """A packet of zeros at its time."""
    return encode_samples(Samples(sequence, sequence * N * 10_000, (N - 1) * 10_000, np.zeros((N, 6), np.int16)))


def converse(firmware: Firmware, losses: list[bool], asking: bool = True) -> tuple[list[StreamItem], Decoder, bytes]:
    """Sensor and host over a link that loses frames and commands as `losses` says, then none; also what came."""
    decoder, items, came = Decoder(), list[StreamItem](), b""
    sender, fate = firmware.sender, iter(losses)
    sender.command(start_command(0))
    for _ in range(20 * firmware.packets + 1000):
        if firmware.taken < firmware.packets and sender.live >= firmware.taken:
            firmware.take()
        sender.credits = 1
        told = sender.peek()
        if told is None:
            break
        data = bytes(told)
        sender.sent()
        if data[2] & 15 != 2 or not next(fate, False):
            items += decoder.feed(data)
            came += data
        for first, count in decoder.missing() if asking else []:
            if not next(fate, False):
                sender.command(resend_command(first, count))
    return items, decoder, came


@given(st.lists(st.booleans(), max_size=150), st.integers(1, 12))
def test_any_loss_within_the_buffer_gives_the_lossless_stream(losses: list[bool], loud: int) -> None:
    """Packets, resent packets and requests get lost in any pattern: every sample comes, once, in order."""
    losses = [lost and k % loud != 0 for k, lost in enumerate(losses)]
    raw_ = counted(220)
    firmware = Firmware(raw_, "TEST0001")
    firmware.take()
    items, decoder, _ = converse(firmware, [False, *losses])
    blocks = [i for i in items if isinstance(i, SampleBlock)]
    assert len(blocks) == len(items) == firmware.packets
    assert np.array_equal(np.rint(np.concatenate([b.t_s for b in blocks]) * 1e6).astype(np.int64), raw_.t_us)
    got = np.rint(np.concatenate([b.accel_mps2 for b in blocks]) * 32768 / 8 / 9.80665).astype(np.int16)
    assert np.array_equal(got, raw_.counts[:, :3])
    assert decoder.ended
    assert decoder.stats.lost_packets == 0


@given(st.lists(st.booleans(), max_size=80), SIZES)
def test_a_replay_of_the_bytes_gives_the_same_items(losses: list[bool], sizes: list[int]) -> None:
    """What was asked for, and when, is not in the log: the bytes alone give the same items, however they are cut."""
    items, live, came = converse(Firmware(counted(100), "TEST0001"), losses)
    again = Decoder()
    assert plain(fed(again, came, sizes)) == plain(items)
    assert again.stats == live.stats


def test_resent_packets_go_between_the_live_ones() -> None:
    """For each old packet a new one: while thirty lost ones are resent, the live stream falls behind by no packet."""
    firmware = Firmware(counted(200), "TEST0001")
    sender, numbers = firmware.sender, list[int]()
    sender.command(start_command(0))
    for turn in range(100):
        if turn % 2 == 0:
            firmware.take()
        if turn == 70:
            sender.command(resend_command(0, 30))
        sender.credits = 1
        told = sender.peek()
        if told is not None and told[2] & 15 == 2:
            numbers.append(int.from_bytes(told[4:8], "little"))
            if numbers[-1] >= 30:
                assert firmware.taken - numbers[-1] <= 2
        if told is not None:
            sender.sent()
    assert numbers[-20::2] == [*range(numbers[-20], numbers[-20] + 10)]


@pytest.mark.parametrize("able", [True, False])
def test_without_answers_the_gap_comes_after_a_bounded_number_of_packets(able: bool) -> None:
    """A sensor that does not resend costs no wait at all; one that says it does and is silent, three seconds."""
    decoder = Decoder()
    decoder.feed(ABLE if able else encode_description(Description(7, 100.0, 8, 1000, N, 60, "SIM00001", (1, 0, 0))))
    items = decoder.feed(packet(0))
    waited = 0
    while not any(isinstance(i, Gap) for i in items):
        waited += 1
        assert waited <= PATIENCE + 1
        items += decoder.feed(packet(1 + waited))
        if not able:
            assert decoder.missing() == []
    assert waited == (PATIENCE + 1 if able else 1)
    assert sum(isinstance(i, SampleBlock) for i in items) == waited + 1
    assert decoder.stats.lost_packets == 1


def test_a_sensor_that_catches_up_is_given_time_to_answer() -> None:
    """A minute of stream within a second after a lost link: an answer behind 500 new packets is no gap, and is asked
    for once; when three seconds have passed as well, it is one."""
    decoder = Decoder()
    items = decoder.feed(ABLE + packet(0), 10.0)
    for k in range(2, 500):
        items += decoder.feed(packet(k), 10.0 + k / 500)
    assert len(items) == 1
    assert decoder.missing() == [(1, 1)]
    items += decoder.feed(packet(1), 11.0)
    assert len(items) == 500
    assert not [i for i in items if isinstance(i, Gap)]
    items = decoder.feed(packet(501), 11.1)
    for k in range(502, 600):
        items += decoder.feed(packet(k), 11.1 + (k - 501) / 36)
    assert items == []
    assert isinstance(decoder.feed(packet(600), 14.2)[0], Gap)


@given(st.sets(st.integers(1, 150), min_size=1, max_size=9), st.integers(0, 3), st.integers(1, 300), st.integers(1, 60))
def test_a_host_that_stands_still_loses_nothing(lost: set[int], after: int, stall: int, again: int) -> None:
    """Up to 30 s at any moment, also between noticing a hole and asking for it, and once more: answers come, no gap."""
    firmware, decoder, items, frozen = Firmware(counted(200), "TEST0001"), Decoder(), list[StreamItem](), 0
    sender, waits = firmware.sender, {min(lost) + after: stall, min(lost) + after + stall + again: stall}
    sender.command(start_command(0))
    queue, said = list[bytes](), list[bytes]()
    for tick in range(2000):  # tenths of a second
        if firmware.taken < firmware.packets:
            firmware.take()
        sender.credits = 3
        while (told := sender.peek()) is not None:
            number = int.from_bytes(told[4:8], "little") if told[2] & 15 == 2 else -1
            if number in lost:
                lost = lost - {number}
            else:
                queue.append(bytes(told))
            sender.sent()
        if tick < frozen:
            continue
        for command in said:
            sender.command(command)
        came, queue = queue, list[bytes]()
        items += [item for data in came for item in decoder.feed(data, tick / 10)]
        said = [resend_command(*hole) for hole in decoder.missing()]
        frozen = tick + waits.pop(tick, 0)
        if decoder.ended:
            break
    assert decoder.ended
    assert not [i for i in items if isinstance(i, Gap)]
    assert len(joined(items)) == 2000


def test_a_packet_that_is_gone_is_a_gap_at_once() -> None:
    """GONE ends the wait; what waited behind the hole is given."""
    decoder = Decoder()
    decoder.feed(ABLE + packet(0))
    assert decoder.feed(packet(3) + packet(4)) == []
    assert decoder.missing() == [(1, 2)]
    assert decoder.missing() == []
    items = decoder.feed(frame(KIND_GONE, (1).to_bytes(4, "little") + (2).to_bytes(4, "little")))
    assert [type(i) for i in items] == [Gap, SampleBlock, SampleBlock]
    assert decoder.stats.lost_packets == 2


def test_an_unanswered_hole_is_asked_for_again() -> None:
    """After a second of stream; the request itself may have been lost."""
    decoder = Decoder()
    decoder.feed(ABLE + packet(0))
    asked = list[tuple[int, int]]()
    for k in range(2, 2 + PATIENCE):
        decoder.feed(packet(k))
        asked += decoder.missing()
    assert asked == [(1, 1)] * 3


def test_the_last_packets_are_asked_for_after_the_end() -> None:
    """END tells what should have come: the stream has not ended before that came, or was refused so often."""
    decoder = Decoder()
    decoder.feed(ABLE + packet(0) + encode_end(3))
    assert not decoder.ended
    assert decoder.missing() == [(1, 2)]
    assert len(decoder.feed(packet(1))) == 1
    decoder.feed(packet(2))
    assert decoder.ended
    silent = Decoder()
    silent.feed(ABLE + packet(0) + encode_end(3) * ENDS)
    assert silent.ended
    assert silent.stats.lost_packets == 2


def test_the_end_of_a_session_gives_what_waits() -> None:
    """Stopped in the middle of a wait, nothing that came is lost."""
    decoder = Decoder()
    decoder.feed(ABLE + packet(0))
    assert decoder.feed(packet(2)) == []
    assert [type(i) for i in decoder.finish()] == [Gap, SampleBlock]


def test_a_reboot_ends_every_wait() -> None:
    """A sensor that was switched off has nothing to resend."""
    decoder = Decoder()
    decoder.feed(ABLE + packet(0) + packet(2))
    other = encode_description(Description(8, 100.0, 8, 1000, N, 60, "SIM00001", (1, 1, 0), ABLE_TO_RESEND))
    items = decoder.feed(other + packet(0))
    assert [type(i) for i in items] == [Gap, SampleBlock, Gap, SampleBlock]


@given(st.integers(0, 2**32 - 1), st.integers(0, 10**6))
def test_a_sensor_that_answers_too_little_is_not_waited_for_with_all_memory(start: int, kept: int) -> None:
    """Every other packet missing and one answer in a while: what is kept has a limit, a jump of any width too."""
    order = Reorder[int](patience=30, retry=10, kept=min(kept, 200))
    order.put(start, start)
    for k in range(600):
        order.put(start + 2 * k + 2, 0)
        if k % 20 == 19 and order.next is not None:
            order.put(order.next, 0)
        assert len(order._held) <= 231  # pyright: ignore[reportPrivateUsage]
    order.put(start + 2**32, 0)
    asked = sum(count for _, count in order.missing())
    assert asked <= MOST_HELD


def test_over_the_radio_lost_packets_come_again() -> None:
    """Simulated sensor, virtual radio, bleak and link: one packet in seven and a burst of forty lost, none missing."""
    lost = frozenset([*range(3, 300, 7), *range(150, 190)])
    assert BUFFER_S > 40

    async def run() -> tuple[list[StreamItem], SensorLink, Decoder]:
        _, spec = await switched_on(40, Faults(lost=lost))
        return await received(spec)

    items, _, decoder = asyncio.run(run())
    assert len(raw(40)) == 4000
    assert_complete(items, 40)
    assert decoder.stats.resent_packets >= len(lost)
    assert decoder.stats.lost_packets == 0


def test_a_host_that_lags_behind_gives_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It decodes only once all has come, long after its patience: the link has asked in time, and all is there."""
    monkeypatch.setattr("coxa.host.wire.reorder.PATIENCE_S", 0.3)
    monkeypatch.setattr("coxa.host.wire.decoder.PATIENCE_S", 0.3)

    async def run() -> tuple[list[StreamItem], float]:
        air, spec = await switched_on(80, Faults(lost=frozenset(range(3, 790, 4))))
        waiting, items, lag_s = list[Packet](), list[StreamItem](), 0.0
        try:
            async with asyncio.timeout(40), SensorLink(await find(spec, 10), spec) as link:
                async for item in link.items():
                    waiting += [item] if isinstance(item, Packet) else []
                    if waiting and waiting[-1].data[2] & 15 == KIND_END:
                        lag_s = max(lag_s, waiting[-1].arrival_s - waiting[0].arrival_s)
                        came, waiting = waiting, []
                        items += link.decoder.feed_all(came)
            return items, lag_s
        finally:
            await Adapter.close_all()
            air.close()

    items, lag_s = asyncio.run(run())
    assert lag_s > 0.6
    assert_complete(items, 80)


def test_a_lost_answer_is_asked_for_again_once_a_later_request_is_answered() -> None:
    """The sensor answers in order: at heavy loss, answers to others must not put off what was lost a second time."""
    order = Reorder[int](patience=30, retry=10, kept=200)
    for number in (0, 2, 4):
        order.put(number, number, number / 10)
    assert order.missing() == [(1, 1), (3, 1)]
    assert order.put(3, 3, 0.45) == []
    assert order.missing() == [(1, 1)]
    assert order.missing() == []
    assert order.put(1, 1, 0.5) == [1, 2, 3, 4]


def test_the_lost_part_of_an_answer_is_asked_for_again_at_once() -> None:
    """Of one long hole the sensor sends the packets in order: what a later one has overtaken was lost."""
    order = Reorder[int](patience=30, retry=10, kept=200)
    order.put(0, 0, 0.0)
    order.put(6, 6, 0.6)
    assert order.missing() == [(1, 5)]
    order.put(3, 3, 0.7)
    assert order.missing() == [(1, 2)]
