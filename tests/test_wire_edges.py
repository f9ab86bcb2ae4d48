"""The decoder at its edges: fragments that look like frames, packets of one sample, clocks that go wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.host.samples import Gap, SampleBlock, StreamItem
from coxa.host.wire import Decoder, Description, encode_description, encode_samples
from coxa.host.wire.frames import MAGIC, Samples
from tests.helpers import joined

DESCRIPTION = encode_description(Description(7, 100.0, 8, 1000, 10, 60, "SIM00001", (1, 0, 0)))


def packet(sequence: int, t_us: int, n: int = 10, step_us: int = 10_000) -> bytes:
    """A frame of n samples of zeros."""
    return encode_samples(Samples(sequence, t_us, (n - 1) * step_us, np.zeros((n, 6), np.int16)))


def described() -> Decoder:
    """A decoder that knows the sensor."""
    decoder = Decoder()
    decoder.feed(DESCRIPTION)
    return decoder


@given(st.binary(max_size=300), st.binary(max_size=4), st.integers(1, 50))
def test_finish_gives_what_a_false_beginning_held_back(garbage: bytes, tail: bytes, size: int) -> None:
    """Bytes that look like the head of a long frame may hide true ones until the stream is over, not longer."""
    data = garbage + MAGIC + tail + packet(0, 1000)
    decoder, items = described(), list[StreamItem]()
    for at in range(0, len(data), size):
        items += decoder.feed(data[at : at + size])
    items += decoder.finish()
    assert [len(i) for i in items if isinstance(i, SampleBlock)] == [10]
    assert decoder.stats.garbage_bytes == len(garbage) + 2 + len(tail)


def test_one_lost_packet_of_one_sample_is_a_gap() -> None:
    """A missing number is a gap, however short the time it took."""
    decoder = described()
    decoder.feed(packet(0, 10_000, n=1))
    gap, block = decoder.feed(packet(2, 30_000, n=1))
    assert isinstance(gap, Gap)
    assert isinstance(block, SampleBlock)
    assert gap.start_s < gap.end_s == block.t_s[0]


def test_a_clock_that_steps_back_loses_nothing() -> None:
    """The numbers go on, so does time: no gap where none is missing, one of its length where two packets are."""
    decoder = described()
    items = [i for k, t_us in ((0, 5_000_000), (1, 500_000), (2, 600_000)) for i in decoder.feed(packet(k, t_us))]
    assert [type(i) for i in items] == [SampleBlock] * 3
    assert np.allclose(joined(items).t_s, 5.0 + 0.01 * np.arange(30))
    gap, _ = decoder.feed(packet(5, 100_000))
    assert isinstance(gap, Gap)
    assert (gap.start_s, gap.end_s) == pytest.approx((5.3, 5.5))
    assert (decoder.stats.clock_steps, decoder.stats.lost_packets, decoder.stats.bad_frames) == (2, 2, 0)


@given(st.lists(st.integers(-(10**8), 10**8), min_size=2, max_size=9), st.integers(1, 5), st.integers(1, 400))
def test_whatever_the_clock_does_all_samples_come_in_order(leaps_us: list[int], each: int, size: int) -> None:
    """Set forward or back, by any amount, in any cuts: every packet given, time rises, jumps forward are gaps in which
    no time may have passed.
    """
    t_us, data = 10**10, DESCRIPTION
    for k in range(len(leaps_us) * each):
        t_us += 100_000 + (leaps_us[k // each] if k % each == 0 else 0)
        data += packet(k, t_us)
    decoder, whole = described(), described()
    items = [i for at in range(0, len(data), size) for i in decoder.feed(data[at : at + size])]
    assert np.all(np.diff(joined(items).t_s) > 0)
    assert len(joined(items)) == 10 * len(leaps_us) * each
    assert np.array_equal(joined(whole.feed(data)).t_s, joined(items).t_s)
    gaps = [i for i in items if isinstance(i, Gap)]
    assert len(gaps) == sum(leap > 15_000 for leap in leaps_us[1:])
    assert not any(gap.certain for gap in gaps)
    assert decoder.stats.clock_steps == sum(leap <= -110_000 + 100_000 for leap in leaps_us[1:])


def test_a_clock_set_forward_within_a_packet_is_a_gap_behind_it() -> None:
    """Ten samples do not take five seconds: they lie at the rate, and what is unknown comes after them."""
    decoder = described()
    stretched = encode_samples(Samples(1, 100_000, 5_090_000, np.zeros((10, 6), np.int16)))
    items = decoder.feed(packet(0, 0) + stretched + packet(2, 5_200_000))
    assert [type(i) for i in items] == [SampleBlock, Gap, SampleBlock]
    assert np.allclose(joined(items).t_s[:20], 0.01 * np.arange(20))


@given(st.integers(0, 400), st.integers(0, 40), st.booleans())
def test_one_flipped_bit_costs_one_packet(bit: int, pad: int, described_again: bool) -> None:
    """Whichever bit of a frame is hit, the neighbours arrive, and the time between them is a gap."""
    decoder, hit = described(), bytearray(packet(1, 100_000))
    hit[bit % len(hit)] ^= 1 << (bit % 8)
    data = packet(0, 0) + bytes(hit) + (DESCRIPTION if described_again else b"") + packet(2, 200_000) + bytes(pad)
    items = decoder.feed(data) + decoder.finish()
    assert [type(i) for i in items] == [SampleBlock, Gap, SampleBlock]
    assert isinstance(items[1], Gap)
    assert items[1].certain
    assert decoder.stats.lost_packets == 1
