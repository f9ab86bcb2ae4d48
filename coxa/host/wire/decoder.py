"""Bytes in, samples and gaps out; how the bytes were cut into notifications makes no difference."""

from __future__ import annotations

import math
import zlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from coxa.host.errors import WireError
from coxa.host.samples import GAP_PERIODS, STANDARD_GRAVITY_MPS2, FloatArray, Gap, SampleBlock, StreamItem
from coxa.host.wire import frames
from coxa.host.wire.frames import Description, SampleRun
from coxa.host.wire.reorder import PATIENCE_S, RETRY_S, Reorder

_COUNTING: FloatArray = np.arange(frames.MAX_SAMPLES + 1, dtype=np.float64)
"""(n,) 0, 1, 2, ...: the places of a frame's samples."""
REBOOT_GAP_S = 1.0
"""Time set for a power cut, whose true length the sensor does not know."""


@dataclass(slots=True)
class DecoderStats:
    """What came, counted; nothing is dropped in silence."""

    frames: int = 0
    samples: int = 0
    duplicates: int = 0
    """Frames that had come before, or came too late."""
    resent_packets: int = 0
    """Packets that were missing and came after later ones."""
    lost_packets: int = 0
    garbage_bytes: int = 0
    bad_frames: int = 0
    """Frames with a good checksum whose content cannot be."""
    unknown_frames: int = 0
    """Frames of a kind or version of the future."""
    undescribed: int = 0
    """Sample frames before any description."""
    reboots: int = 0
    clock_steps: int = 0
    """Times that the sensor's clock was set back while its numbers went on."""


@dataclass(slots=True)
class _State:
    buffer: bytes = b""
    description: Description | None = None
    units: FloatArray = field(default_factory=lambda: np.ones(2))
    """(2,) what one count is worth: of the accelerometer, m/s2, and of the gyro, rad/s."""
    order: Reorder[SampleRun] | None = None
    """None before the first description."""
    expected: int | None = None
    """One past the newest packet given, None before the first."""
    last_t_s: float | None = None
    """Stream time of the newest sample given, None before the first."""
    offset_s: float = 0.0
    """Stream time less the sensor's clock: grows where that began again or was set back."""
    rebooted: bool = False
    """Whether the sensor began again and no sample has come since."""
    end_said: bool = False
    """Whether END has come."""
    end: int | None = None
    """The number that END says would come next."""


@dataclass(frozen=True, slots=True)
class _Arrivals:
    """Which bytes came when, where several notifications are taken as one."""

    ends: list[int]
    """One past the last byte of each notification, rising."""
    times_s: Sequence[float]

    def at(self, end: int) -> float:
        """When the byte before `end` came."""
        return self.times_s[bisect_left(self.ends, end)]


class Decoder:
    """Decodes the stream of one sensor. Never raises for what the sensor sent: damage is counted in `stats`."""

    def __init__(self) -> None:
        self.stats = DecoderStats()
        self._s = _State()

    @property
    def description(self) -> Description | None:
        """The newest description, None before the first."""
        return self._s.description

    @property
    def next_sequence(self) -> int | None:
        """The sequence number to resume at: the first missing one, or the next. None before the first samples."""
        return self._s.order.next if self._s.order else None

    @property
    def ended(self) -> bool:
        """Whether the sensor said that nothing more will come, and nothing that it could resend is missing."""
        return self._s.end_said and not (self._s.order and self._s.order.waiting)

    def missing(self) -> list[tuple[int, int]]:
        """First number and count of packets to ask for now, while the stream goes on; mostly empty.

        After each notification the link writes `resend_command(first, count)` for each, without response
        (`coxa.host.sensors.own`). Each hole is told once, and again where its answer was lost.
        Whether and when this is called changes nothing in the items: those depend on what came alone.
        """
        return self._s.order.missing() if self._s.order else []

    def feed(self, data: bytes, arrival_s: float = math.nan) -> list[StreamItem]:
        """Take the next bytes; give what is complete. Frames that come together make larger blocks of samples.

        `arrival_s` is when they came, on any clock that goes on, NaN where nobody knows: what is missing is waited for
        in arrival time too, as a sensor that catches up sends minutes of stream in seconds.
        """
        return self.feed_all([data], [arrival_s])

    def feed_all(self, notifications: Sequence[bytes], arrivals_s: Sequence[float]) -> list[StreamItem]:
        """Take notifications, as `feed` takes each, at once: whole minutes are decoded in a few steps."""
        first = len(self._s.buffer)
        ends = list(accumulate(map(len, notifications), initial=first))[1:]
        data = b"".join([self._s.buffer, *notifications])
        arrivals = _Arrivals(ends, arrivals_s)
        items = list[StreamItem]()
        start = 0
        while True:
            start, end = self._next_frame(data, start)
            if end is None:
                break
            new, start = self._take(data, start, end, arrivals)
            items += new
        self._s.buffer = data[start:]
        return items

    def finish(self) -> list[StreamItem]:
        """The stream is over: half a frame at its end is garbage, what it seemed to hold may be whole frames, and
        packets behind a hole are given."""
        items = list[StreamItem]()
        while self._s.buffer:
            self.stats.garbage_bytes += 1
            self._s.buffer = self._s.buffer[1:]
            items += self.feed(b"")
        return items + self._let_go()

    def _next_frame(self, data: bytes, start: int) -> tuple[int, int | None]:
        """Where the next whole frame begins and ends; where to go on and None while there is none."""
        while True:
            at = data.find(frames.MAGIC, start)
            if at < 0:
                keep = int(data.endswith(frames.MAGIC[:1], start))
                self.stats.garbage_bytes += len(data) - keep - start
                return len(data) - keep, None
            self.stats.garbage_bytes += at - start
            if len(data) - at < frames.HEADER.size:
                return at, None
            end = at + frames.HEADER.size + data[at + 3] + frames.CHECK.size
            if data[at + 3] <= frames.MAX_PAYLOAD:
                if len(data) < end:
                    return at, None
                (check,) = frames.CHECK.unpack_from(data, end - frames.CHECK.size)
                if zlib.crc32(data[at + 2 : end - frames.CHECK.size]) == check:
                    return at, end
            self.stats.garbage_bytes += 1
            start = at + 1

    def _take(self, data: bytes, at: int, end: int, arrivals: _Arrivals) -> tuple[list[StreamItem], int]:
        """What the frame from `at` to `end` gives, and where to go on: after it, or after the run that it begins."""
        self.stats.frames += 1
        payload = data[at + frames.HEADER.size : end - frames.CHECK.size]
        try:
            version, kind = divmod(data[at + 2], 1 << 4)
            match kind if version == frames.VERSION else None:
                case frames.KIND_DESCRIPTION:
                    return self._described(frames.parse_description(payload)), end
                case frames.KIND_SAMPLES:
                    run = frames.parse_samples(data, at)
                    self.stats.frames += len(run) - 1
                    ends = range(end, at + len(run) * (end - at) + 1, end - at)
                    return self._sampled(run, ends, arrivals), ends[-1]
                case frames.KIND_END:
                    return self._end(frames.parse_end(payload)), end
                case frames.KIND_GONE:
                    return self._gone(*frames.parse_gone(payload)), end
                case _:
                    self.stats.unknown_frames += 1
        except WireError:
            self.stats.bad_frames += 1
        return [], end

    def _described(self, new: Description) -> list[StreamItem]:
        s, old = self._s, self._s.description
        if old == new:
            return []
        items = self._let_go()
        rebooted = old is not None and old.boot_id != new.boot_id
        if rebooted:
            self.stats.reboots += 1
            s.rebooted, s.expected = True, None
        if rebooted or s.order is None or (old and old.resends) != new.resends:
            s.order = _order(new)
        s.description, s.units = new, _units(new)
        return items

    def _end(self, number: int | None) -> list[StreamItem]:
        s = self._s
        s.end_said, s.end = True, number
        items = self._given(s.order.end(number)) if s.order and number is not None else []
        self._count_tail()
        return items

    def _gone(self, first: int, count: int) -> list[StreamItem]:
        items = self._given(self._s.order.gone(first, count)) if self._s.order else []
        self._count_tail()
        return items

    def _count_tail(self) -> None:
        """What is lost at the very end has no later packet to show it."""
        s = self._s
        if self.ended and s.end is not None and s.expected is not None and s.expected < s.end:
            self.stats.lost_packets += s.end - s.expected
            s.expected = s.end

    def _let_go(self) -> list[StreamItem]:
        return self._given(self._s.order.flush()) if self._s.order else []

    def _given(self, packets: list[SampleRun]) -> list[StreamItem]:
        return [item for samples in packets for item in self._placed(samples)]

    def _sampled(self, run: SampleRun, ends: range, arrivals: _Arrivals) -> list[StreamItem]:
        """A run, its frames ending at `ends`: as it is where it is the next, else packet by packet into the order."""
        order, items, at = self._s.order, list[StreamItem](), 0
        if order is None:
            self.stats.undescribed += len(run)
            return []
        while at < len(run):
            if order.in_turn(run.sequence + at, len(run) - at, arrivals.at(ends[-1])):
                return items + self._placed(run.part(at, len(run)))
            items += self._ordered(order, run.part(at, at + 1), arrivals.at(ends[at]))
            at += 1
        return items

    def _ordered(self, order: Reorder[SampleRun], packet: SampleRun, arrival_s: float) -> list[StreamItem]:
        late = order.is_late(packet.sequence)
        ready = order.put(packet.sequence, packet, arrival_s)
        if ready is None:
            self.stats.duplicates += 1
            return []
        self.stats.resent_packets += late
        return self._given(ready)

    def _placed(self, run: SampleRun) -> list[StreamItem]:
        """A run, in its turn, in the stream's time: one block for each stretch without a gap."""
        s, d = self._s, self._s.description
        assert d is not None
        if s.rebooted:
            s.rebooted = False
            if s.last_t_s is not None:
                s.offset_s = s.last_t_s + REBOOT_GAP_S - int(run.t_us[0]) * 1e-6
        period_s, raw_s = 1.0 / d.rate_hz, _raw_times(run, 1.0 / d.rate_hz)
        items, at = list[StreamItem](), 0
        while at < len(run):
            self._turn_back(raw_s[at, 0], run.sequence + at, period_s * raw_s.shape[1], period_s)
            t_s = raw_s[at:] + s.offset_s
            steps_s = t_s[1:, 0] - t_s[:-1, -1]
            breaks = np.flatnonzero((steps_s <= 0) | (steps_s > GAP_PERIODS * period_s))
            n = int(breaks[0]) + 1 if len(breaks) else len(t_s)
            items += self._stretch(run.part(at, at + n), t_s[:n], period_s)
            at += n
        return items

    def _turn_back(self, raw_s: float, sequence: int, packet_s: float, period_s: float) -> None:
        """A clock that was set back does not turn the stream's time back: it goes on as the numbers do, whatever the
        clock says from here on."""
        s = self._s
        if s.last_t_s is None or raw_s + s.offset_s > s.last_t_s:
            return
        self.stats.clock_steps += 1
        lost = sequence - s.expected if s.expected is not None else 0
        s.offset_s = s.last_t_s + period_s + lost * packet_s - raw_s

    def _stretch(self, run: SampleRun, t_s: FloatArray, period_s: float) -> list[StreamItem]:
        """Packets without a gap between them, at their times (n, m)."""
        s = self._s
        lost = run.sequence - s.expected if s.expected is not None else 0
        self.stats.lost_packets += lost
        items = self._gap_before(float(t_s[0, 0]), period_s, lost > 0)
        s.expected, s.last_t_s = run.sequence + len(run), float(t_s[-1, -1])
        self.stats.samples += t_s.size
        counts = run.counts.reshape(-1, 6)
        return [*items, SampleBlock(t_s.ravel(), counts[:, :3] * s.units[0], counts[:, 3:] * s.units[1])]

    def _gap_before(self, t_s: float, period_s: float, lost: bool) -> list[StreamItem]:
        last = self._s.last_t_s
        if last is None or not (lost or t_s - last > GAP_PERIODS * period_s):
            return []
        return [Gap(min(last + period_s, t_s), t_s, certain=lost)]


def _raw_times(run: SampleRun, period_s: float) -> FloatArray:
    """(n, m) seconds on the sensor's clock: evenly over each packet's span.

    A span so long that there would be gaps between its samples is a clock that was set meanwhile: then they lie at the
    rate behind the first, and the gap comes after them.
    """
    m = run.counts.shape[1]
    steps_us = run.span_us / max(m - 1, 1)
    steps_us = np.where(steps_us > GAP_PERIODS * period_s * 1e6, period_s * 1e6, steps_us)
    return (run.t_us[:, None] + _COUNTING[:m] * steps_us[:, None]) * 1e-6


def _units(d: Description) -> FloatArray:
    accel_mps2, gyro_radps = d.accel_range_g * STANDARD_GRAVITY_MPS2, math.radians(d.gyro_range_dps)
    return np.array([accel_mps2 / frames.FULL_SCALE_COUNTS, gyro_radps / frames.FULL_SCALE_COUNTS])


def _order(d: Description) -> Reorder[SampleRun]:
    """How long to wait for what is missing: not at all with a sensor that cannot resend."""
    packets_hz = d.rate_hz / max(d.samples_per_packet, 1)
    if not d.resends:
        return Reorder(patience=0, retry=0, kept=0)
    return Reorder(round(PATIENCE_S * packets_hz), round(RETRY_S * packets_hz), round(d.buffer_s * packets_hz))
