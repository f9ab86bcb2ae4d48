"""Laws of the decoder on damaged streams: no cut matters, no sample is invented, no state hides outside."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coxa.host.samples import Gap, SampleBlock, StreamItem
from coxa.host.wire import Decoder, encode_end, encode_samples
from coxa.host.wire.frames import ABLE_TO_RESEND, LATEST_US, Samples
from tests.helpers_wire import SIZES, N, description, fed, packet, plain


@dataclass(frozen=True)
class Damaged:
    """A stream as it came, and what of it a decoder may give at most."""

    data: bytes
    sent: frozenset[tuple[int, ...]]


@st.composite
def damaged(draw: st.DrawFn) -> Damaged:
    """Packets left out, repeated, swapped, hit by a flipped bit, with garbage between; a reboot, or none."""
    order = draw(st.lists(st.integers(0, 30), min_size=1, max_size=25))
    reboot_at = draw(st.integers(0, 40))
    parts, sent = [description(7)], set[tuple[int, ...]]()
    for place, sequence in enumerate(order):
        if place == reboot_at:
            parts.append(description(8))
        piece = bytearray(packet(sequence))
        first = sequence * N * 6
        sent |= {tuple(range(first + 6 * k, first + 6 * k + 6)) for k in range(N)}
        if draw(st.integers(0, 9)) == 0:
            piece[draw(st.integers(0, len(piece) - 1))] ^= 1 << draw(st.integers(0, 7))
        parts += [bytes(piece), draw(st.one_of(st.just(b""), st.binary(max_size=30), st.just(b"\xc0\xa1\x12\xe0")))]
    return Damaged(b"".join([*parts, encode_end(31)]), frozenset(sent))


@given(damaged(), SIZES)
def test_any_cut_of_a_damaged_stream_gives_the_same(stream: Damaged, sizes: list[int]) -> None:
    """Damage is found, skipped and counted alike, wherever the bytes are cut."""
    whole, parts = Decoder(), Decoder()
    expected = whole.feed(stream.data) + whole.finish()
    assert plain(fed(parts, stream.data, sizes) + parts.finish()) == plain(expected)
    assert parts.stats == whole.stats


@st.composite
def resending(draw: st.DrawFn) -> list[tuple[bytes, float]]:
    """Notifications of a sensor that resends, and their arrival: some missing, some of these late, in haste or not."""
    missing = draw(st.sets(st.integers(0, 299), max_size=6))
    later = sorted((number + draw(st.integers(1, 200)), number) for number in missing if draw(st.booleans()))
    step_s = draw(st.sampled_from([0.001, 0.013, 0.04]))
    sent = [description(7, ABLE_TO_RESEND)]
    for number in range(300):
        if number not in missing:
            sent.append(packet(number))
        sent += [packet(lost) for at, lost in later if at == number]
    return [(data, k * step_s) for k, data in enumerate(sent)]


@given(resending(), st.integers(2, 120))
def test_notifications_together_give_what_they_give_one_by_one(stream: list[tuple[bytes, float]], size: int) -> None:
    """A replay takes minutes at once and waits for what is missing as long as live did, by each arrival."""
    single, whole = Decoder(), Decoder()
    expected = [item for data, arrival_s in stream for item in single.feed(data, arrival_s)] + single.finish()
    items = list[StreamItem]()
    for k in range(0, len(stream), size):
        items += whole.feed_all(*zip(*stream[k : k + size], strict=True))
    assert plain(items + whole.finish()) == plain(expected)
    assert whole.stats == single.stats


@given(damaged(), SIZES, st.floats(0, 1))
def test_a_snapshot_at_any_byte_goes_on_alike(stream: Damaged, sizes: list[int], share: float) -> None:
    """A copy taken in mid-stream gives what the original gives: the decoder holds all of its state itself."""
    cut = int(share * len(stream.data))
    original = Decoder()
    fed(original, stream.data[:cut], sizes)
    resumed = copy.deepcopy(original)
    a, b = (plain(fed(d, stream.data[cut:], sizes) + d.finish()) for d in (original, resumed))
    assert a == b
    assert original.stats == resumed.stats


@given(damaged())
def test_no_damage_invents_a_sample_or_turns_time_back(stream: Damaged) -> None:
    """Every sample given was sent; time increases strictly; gaps lie between the samples that they part."""
    decoder = Decoder()
    last_s, gap_end_s = -1.0, -1.0
    for item in decoder.feed(stream.data) + decoder.finish():
        if isinstance(item, Gap):
            assert last_s < item.start_s < item.end_s
            gap_end_s = item.end_s
            continue
        assert max(last_s, gap_end_s) <= item.t_s[0] > last_s
        assert np.all(np.diff(item.t_s) > 0)
        last_s = float(item.t_s[-1])
        accel = np.rint(item.accel_mps2 * 32768 / 8 / 9.80665).astype(int)
        gyro = np.rint(np.degrees(item.gyro_radps) * 32768 / 1000).astype(int)
        assert {tuple(row) for row in np.hstack([accel, gyro]).tolist()} <= stream.sent


@given(st.integers(0, LATEST_US), st.integers(2, 18), st.integers(0, 20))
def test_time_increases_within_a_packet(t_us: int, n: int, more_us: int) -> None:
    """At any age of the sensor and any span that is let in, no two samples of a packet share their time."""
    decoder = Decoder()
    decoder.feed(description(7))
    (block,) = decoder.feed(encode_samples(Samples(0, t_us, n - 1 + more_us, np.zeros((n, 6), np.int16))))
    assert isinstance(block, SampleBlock)
    assert np.all(np.diff(block.t_s) > 0)


def test_a_reboot_before_the_first_samples_is_no_gap() -> None:
    """Switched off and on between description and samples: nothing was lost, so nothing is made of it."""
    decoder = Decoder()
    items = decoder.feed(description(7) + description(8) + packet(0) + packet(1) + packet(2))
    assert [len(i) for i in items if isinstance(i, SampleBlock)] == [3 * N]
    assert len(items) == 1
    assert decoder.stats.reboots == 1
