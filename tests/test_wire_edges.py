"""The decoder at its edges: fragments that look like frames, packets of one sample, clocks that go wrong."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coxa.host.samples import Gap, SampleBlock, StreamItem
from coxa.host.wire import Decoder, Description, encode_description, encode_samples
from coxa.host.wire.frames import MAGIC, Samples

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


def test_a_clock_that_steps_back_loses_its_packets_once() -> None:
    """Packets from the past are refused; what they cost is counted when time goes on, and only once."""
    decoder = described()
    decoder.feed(packet(0, 1_000_000))
    assert decoder.feed(packet(1, 500_000)) == []
    assert decoder.feed(packet(2, 600_000)) == []
    items = decoder.feed(packet(3, 1_300_000))
    assert [type(i) for i in items] == [Gap, SampleBlock]
    assert (decoder.stats.bad_frames, decoder.stats.lost_packets) == (2, 2)


@given(st.integers(0, 400), st.integers(0, 40), st.booleans())
def test_one_flipped_bit_costs_one_packet(bit: int, pad: int, described_again: bool) -> None:
    """Whichever bit of a frame is hit, the neighbours arrive, and the time between them is a gap."""
    decoder, hit = described(), bytearray(packet(1, 100_000))
    hit[bit % len(hit)] ^= 1 << (bit % 8)
    data = packet(0, 0) + bytes(hit) + (DESCRIPTION if described_again else b"") + packet(2, 200_000) + bytes(pad)
    items = decoder.feed(data) + decoder.finish()
    assert [type(i) for i in items] == [SampleBlock, Gap, SampleBlock]
    assert decoder.stats.lost_packets == 1
