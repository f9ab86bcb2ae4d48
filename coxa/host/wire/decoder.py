"""Bytes in, samples and gaps out; how the bytes were cut into notifications makes no difference."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, field

import numpy as np

from coxa.host.errors import WireError
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, Gap, SampleBlock, StreamItem
from coxa.host.wire import frames
from coxa.host.wire.frames import Description, Samples
from coxa.host.wire.reorder import PATIENCE_S, RETRY_S, Reorder

GAP_PERIODS = 2.5
"""A step of the device clock longer than this many periods is a gap even where no packet is missing."""
NUMBERS: FloatArray = np.arange(frames.MAX_SAMPLES + 1, dtype=np.float64)
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


@dataclass(slots=True)
class _State:
    buffer: bytearray = field(default_factory=bytearray)
    description: Description | None = None
    units: FloatArray = field(default_factory=lambda: np.ones(6))
    """(6,) what one count is worth: m/s2 three times, rad/s three times."""
    order: Reorder[Samples] | None = None
    """None before the first description."""
    expected: int | None = None
    """One past the newest packet given, None before the first."""
    last_t_s: float | None = None
    offset_s: float = 0.0
    rebooted: bool = False
    arrival_s: float = math.nan
    end_said: bool = False
    end: int | None = None
    """The number that END says would come next."""


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
        (`coxa.host.sensors.own`). Each hole is told once, and again after a second without an answer.
        Whether and when this is called changes nothing in the items: those depend on what came alone.
        """
        return self._s.order.missing() if self._s.order else []

    def feed(self, data: bytes, arrival_s: float = math.nan) -> list[StreamItem]:
        """Take the next bytes; give what is complete.

        `arrival_s` is when they came, on any clock that goes on, NaN where nobody knows: what is missing is waited for
        in arrival time too, as a sensor that catches up sends minutes of stream in seconds.
        """
        buffer, self._s.arrival_s = self._s.buffer, arrival_s
        buffer += data
        items = list[StreamItem]()
        start = 0
        while True:
            start, found = self._next_frame(buffer, start)
            if found is None:
                break
            items += self._take(*found)
        del buffer[:start]
        return items

    def finish(self) -> list[StreamItem]:
        """The stream is over: half a frame at its end is garbage, what it seemed to hold may be whole frames, and
        packets behind a hole are given."""
        items, buffer = list[StreamItem](), self._s.buffer
        while buffer:
            self.stats.garbage_bytes += 1
            del buffer[0]
            items += self.feed(b"")
        return items + self._let_go()

    def _next_frame(self, buffer: bytearray, start: int) -> tuple[int, tuple[int, bytes] | None]:
        """Where to go on, and kind and payload of the next whole frame, None while there is none."""
        while True:
            at = buffer.find(frames.MAGIC, start)
            if at < 0:
                keep = 1 if buffer[start:].endswith(frames.MAGIC[:1]) else 0
                self.stats.garbage_bytes += len(buffer) - keep - start
                return len(buffer) - keep, None
            self.stats.garbage_bytes += at - start
            start = at
            if len(buffer) - at < frames.HEADER.size:
                return at, None
            _, tag, length = frames.HEADER.unpack_from(buffer, at)
            end = at + frames.HEADER.size + length
            if length <= frames.MAX_PAYLOAD:
                if len(buffer) < end + frames.CHECK.size:
                    return at, None
                (check,) = frames.CHECK.unpack_from(buffer, end)
                if zlib.crc32(buffer[at + 2 : end]) == check:
                    return end + frames.CHECK.size, (tag, bytes(buffer[at + frames.HEADER.size : end]))
            self.stats.garbage_bytes += 1
            start = at + 1

    def _take(self, tag: int, payload: bytes) -> list[StreamItem]:
        self.stats.frames += 1
        try:
            match tag:
                case 0x11:
                    return self._described(frames.parse_description(payload))
                case 0x12:
                    return self._sampled(frames.parse_samples(payload))
                case 0x13:
                    return self._end(frames.parse_end(payload))
                case 0x14:
                    return self._gone(*frames.parse_gone(payload))
                case _:
                    self.stats.unknown_frames += 1
        except WireError:
            self.stats.bad_frames += 1
        return []

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

    def _given(self, packets: list[Samples]) -> list[StreamItem]:
        return [item for samples in packets for item in self._placed(samples)]

    def _sampled(self, samples: Samples) -> list[StreamItem]:
        order = self._s.order
        if order is None:
            self.stats.undescribed += 1
            return []
        late = order.is_late(samples.sequence)
        ready = order.put(samples.sequence, samples, self._s.arrival_s)
        if ready is None:
            self.stats.duplicates += 1
            return []
        self.stats.resent_packets += late
        return self._given(ready)

    def _placed(self, samples: Samples) -> list[StreamItem]:
        """One packet, in its turn, in the stream's time."""
        s, d = self._s, self._s.description
        assert d is not None
        if s.rebooted:
            s.rebooted = False
            if s.last_t_s is not None:
                s.offset_s = s.last_t_s + REBOOT_GAP_S - samples.t_us * 1e-6
        n = len(samples.counts)
        t_s: FloatArray = (samples.t_us + NUMBERS[:n] * (samples.span_us / max(n - 1, 1))) * 1e-6 + s.offset_s
        first_s = float(t_s[0])
        if s.last_t_s is not None and first_s <= s.last_t_s:
            self.stats.bad_frames += 1
            return []
        lost = samples.sequence - s.expected if s.expected is not None else 0
        self.stats.lost_packets += lost
        items = self._gap_before(first_s, 1.0 / d.rate_hz, lost > 0)
        s.expected, s.last_t_s = samples.sequence + 1, float(t_s[-1])
        self.stats.samples += n
        values = samples.counts * s.units
        return [*items, SampleBlock(t_s, values[:, :3], values[:, 3:])]

    def _gap_before(self, t_s: float, period_s: float, lost: bool) -> list[StreamItem]:
        last = self._s.last_t_s
        if last is None or not (lost or t_s - last > GAP_PERIODS * period_s):
            return []
        return [Gap(min(last + period_s, t_s), t_s)]


def _units(d: Description) -> FloatArray:
    accel_mps2 = d.accel_range_g * STANDARD_GRAVITY_MPS2 / 32768
    return np.array([accel_mps2] * 3 + [math.radians(d.gyro_range_dps) / 32768] * 3)


def _order(d: Description) -> Reorder[Samples]:
    """How long to wait for what is missing: not at all with a sensor that cannot resend."""
    packets_hz = d.rate_hz / max(d.samples_per_packet, 1)
    if not d.resends:
        return Reorder(patience=0, retry=0, kept=0)
    return Reorder(round(PATIENCE_S * packets_hz), round(RETRY_S * packets_hz), round(d.buffer_s * packets_hz))
