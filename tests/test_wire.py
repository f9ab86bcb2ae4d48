"""The wire format: what docs/protocol.md says, byte by byte, and the laws of the decoder."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.host.replay.run import larger
from coxa.host.samples import Gap, SampleBlock, StreamItem
from coxa.host.wire import Decoder, Description, encode_description, encode_end, encode_samples
from coxa.host.wire.frames import LATEST_US, MAX_SAMPLES, Samples, frame
from tests.helpers_wire import DESCRIPTION_HEX, END_HEX, ONE_SAMPLE_HEX

DESCRIPTION = Description(7, 100.0, 8, 1000, 18, 60, "SIM00001", (1, 0, 0))


def samples(sequence: int, n: int = 10, seed: int = 0) -> Samples:
    counts = np.random.default_rng([sequence, seed]).integers(-32768, 32767, (n, 6)).astype(np.int16)
    return Samples(sequence, sequence * n * 10_000, (n - 1) * 10_000, counts)


def stream(packets: int) -> bytes:
    return encode_description(DESCRIPTION) + b"".join(encode_samples(samples(k)) for k in range(packets))


def same(a: list[StreamItem], b: list[StreamItem]) -> bool:
    """Whether two streams are equal, however they are cut into blocks."""
    a, b = list(larger(a)), list(larger(b))
    if len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):
        if isinstance(x, Gap) or isinstance(y, Gap):
            if x != y:
                return False
        elif not all(
            np.array_equal(p, q)
            for p, q in ((x.t_s, y.t_s), (x.accel_mps2, y.accel_mps2), (x.gyro_radps, y.gyro_radps))
        ):
            return False
    return True


def test_description_has_the_bytes_of_the_document() -> None:
    """The description in docs/protocol.md encodes to the bytes printed there, and back."""
    assert encode_description(DESCRIPTION).hex() == DESCRIPTION_HEX
    decoder = Decoder()
    decoder.feed(bytes.fromhex(DESCRIPTION_HEX))
    assert decoder.description == DESCRIPTION


def test_end_has_the_bytes_of_the_document() -> None:
    """And is understood."""
    assert encode_end(1194).hex() == END_HEX
    decoder = Decoder()
    assert decoder.feed(bytes.fromhex(END_HEX)) == []
    assert decoder.ended


def test_one_sample_written_by_hand() -> None:
    """The document's sample: 4096 counts of 8 g are 1 g, 1000 of 1000 deg/s are 30.5 deg/s; time is the device's."""
    counts = np.array([[4096, 0, -4096, 1000, 0, -1000]], dtype=np.int16)
    assert encode_samples(Samples(3, 1_000_000, 0, counts)).hex() == ONE_SAMPLE_HEX
    decoder = Decoder()
    decoder.feed(bytes.fromhex(DESCRIPTION_HEX))
    (block,) = decoder.feed(bytes.fromhex(ONE_SAMPLE_HEX))
    assert isinstance(block, SampleBlock)
    assert block.t_s.tolist() == [1.0]
    assert block.accel_mps2[0] == pytest.approx([9.80665, 0, -9.80665])
    assert np.degrees(block.gyro_radps[0]) == pytest.approx([30.5176, 0, -30.5176], abs=1e-4)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=80))
def test_any_cut_of_the_bytes_gives_the_same_items(sizes: list[int]) -> None:
    """However the bytes are cut into notifications, items and counters are the same."""
    data = stream(12)
    whole = Decoder()
    expected = whole.feed(data)
    parts, out, at = Decoder(), list[StreamItem](), 0
    while at < len(data):
        size = sizes[at % len(sizes)]
        out += parts.feed(data[at : at + size])
        at += size
    assert same(out, expected)
    assert parts.stats == whole.stats


@given(st.integers(1, MAX_SAMPLES), st.integers(0, 2**32 - 2), st.integers(0, LATEST_US))
def test_encode_decode_round_trip(n: int, sequence: int, t_us: int) -> None:
    """Counts, time and number survive."""
    sent = Samples(sequence, t_us, max(n - 1, 0) * 10_000, samples(0, n).counts)
    decoder = Decoder()
    decoder.feed(encode_description(DESCRIPTION))
    (block,) = decoder.feed(encode_samples(sent))
    assert isinstance(block, SampleBlock)
    got = np.rint(block.accel_mps2 / (8 * 9.80665 / 32768)).astype(np.int16)
    assert np.array_equal(got, sent.counts[:, :3])
    assert block.t_s[0] == pytest.approx(t_us * 1e-6)


@given(st.binary(max_size=600), st.integers(0, 11))
def test_garbage_costs_at_most_what_it_destroys(garbage: bytes, at: int) -> None:
    """Random bytes between frames are counted and skipped; no sample is invented, none of the frames is lost."""
    decoder = Decoder()
    decoder.feed(encode_description(DESCRIPTION))
    blocks = list[StreamItem]()
    for k in range(12):
        if k == at:
            decoder.feed(garbage)
        blocks += decoder.feed(encode_samples(samples(k)))
    blocks += decoder.feed(bytes(300))
    got = [b for b in blocks if isinstance(b, SampleBlock)]
    assert sum(len(b) for b in got) == 120
    assert decoder.stats.garbage_bytes >= len(garbage)


@given(st.binary(max_size=2000))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    """Whatever a stranger sends, the decoder neither raises nor keeps more than a frame."""
    decoder = Decoder()
    decoder.feed(encode_description(DESCRIPTION))
    assert decoder.feed(data) == []
    assert len(decoder._s.buffer) < 300  # pyright: ignore[reportPrivateUsage]


@given(st.integers(0, 400))
def test_truncated_anywhere_gives_whole_frames_only(length: int) -> None:
    """A stream cut at any byte gives the frames before the cut and nothing else."""
    data = stream(3)[:length]
    decoder = Decoder()
    out = decoder.feed(data) + decoder.finish()
    whole = max(0, (length - len(encode_description(DESCRIPTION))) // len(encode_samples(samples(0))))
    assert sum(len(b) for b in out if isinstance(b, SampleBlock)) == 10 * min(whole, 3)


def test_a_missing_packet_is_a_gap() -> None:
    """A jump of the sequence becomes a gap from one period after the last sample to the next one."""
    decoder = Decoder()
    decoder.feed(encode_description(DESCRIPTION))
    decoder.feed(encode_samples(samples(0)))
    gap, block = decoder.feed(encode_samples(samples(2)))
    assert isinstance(gap, Gap)
    assert (gap.start_s, gap.end_s) == (pytest.approx(0.1), pytest.approx(0.2))
    assert isinstance(block, SampleBlock)
    assert decoder.stats.lost_packets == 1


def test_repeats_are_dropped() -> None:
    """Every notification twice, as BlueZ does after a reconnect, gives every sample once."""
    decoder = Decoder()
    data = [encode_description(DESCRIPTION), *(encode_samples(samples(k)) for k in range(5))]
    items = [i for d in data for _ in range(2) for i in decoder.feed(d)]
    assert len(items) == 5
    assert decoder.stats.duplicates == 5


def test_a_reboot_goes_on_in_time() -> None:
    """After a power cut the sensor's clock begins anew; the stream's time does not run backwards."""
    decoder = Decoder()
    first = decoder.feed(stream(3))
    other = Description(8, 100.0, 8, 1000, 18, 60, "SIM00001", (1, 0, 0))
    then = decoder.feed(encode_description(other) + encode_samples(samples(0)))
    last = first[-1]
    assert isinstance(last, SampleBlock)
    assert isinstance(then[0], Gap)
    assert isinstance(then[1], SampleBlock)
    assert then[1].t_s[0] > last.t_s[-1]
    assert decoder.stats.reboots == 1


def test_frames_of_the_future_are_counted_and_skipped() -> None:
    """An unknown kind with a good checksum is no damage."""
    decoder = Decoder()
    assert decoder.feed(frame(9, b"later") + encode_end(4)) == []
    assert decoder.stats.unknown_frames == 1
    assert decoder.stats.garbage_bytes == 0
    assert decoder.ended
