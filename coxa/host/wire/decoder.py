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

GAP_PERIODS = 2.5
"""A step of the device clock longer than this many periods is a gap even where no packet is missing."""
REBOOT_GAP_S = 1.0
"""Time set for a power cut, whose true length the sensor does not know."""


@dataclass(slots=True)
class DecoderStats:
    """What came, counted; nothing is dropped in silence."""

    frames: int = 0
    samples: int = 0
    duplicates: int = 0
    """Frames that had come before, or came after later ones."""
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
    next_sequence: int | None = None
    last_t_s: float | None = None
    offset_s: float = 0.0
    rebooted: bool = False
    ended: bool = False


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
        """The sequence number to resume at, None before the first samples."""
        return self._s.next_sequence

    @property
    def ended(self) -> bool:
        """Whether the sensor said that nothing more will come."""
        return self._s.ended

    def feed(self, data: bytes) -> list[StreamItem]:
        """Take the next bytes; give what is complete."""
        buffer = self._s.buffer
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
        """The stream is over: half a frame at its end is garbage, and what it seemed to hold may be whole frames."""
        items, buffer = list[StreamItem](), self._s.buffer
        while buffer:
            self.stats.garbage_bytes += 1
            del buffer[0]
            items += self.feed(b"")
        return items

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
                    self._described(frames.parse_description(payload))
                case 0x12:
                    return self._sampled(frames.parse_samples(payload))
                case 0x13:
                    self._s.ended = True
                case _:
                    self.stats.unknown_frames += 1
        except WireError:
            self.stats.bad_frames += 1
        return []

    def _described(self, new: Description) -> None:
        old = self._s.description
        if old is not None and old.boot_id != new.boot_id:
            self.stats.reboots += 1
            self._s.rebooted, self._s.next_sequence = True, None
        self._s.description = new

    def _sampled(self, samples: Samples) -> list[StreamItem]:
        s, d = self._s, self._s.description
        if d is None:
            self.stats.undescribed += 1
            return []
        if s.next_sequence is not None and samples.sequence < s.next_sequence:
            self.stats.duplicates += 1
            return []
        if s.rebooted:
            s.rebooted = False
            if s.last_t_s is not None:
                s.offset_s = s.last_t_s + REBOOT_GAP_S - samples.t_us * 1e-6
        n = len(samples.counts)
        t_s: FloatArray = (
            samples.t_us + np.arange(n, dtype=np.float64) * (samples.span_us / max(n - 1, 1))
        ) * 1e-6 + s.offset_s
        if s.last_t_s is not None and t_s[0] <= s.last_t_s:
            self.stats.bad_frames += 1
            return []
        lost = samples.sequence - s.next_sequence if s.next_sequence is not None else 0
        self.stats.lost_packets += lost
        items = self._gap_before(float(t_s[0]), 1.0 / d.rate_hz, lost > 0)
        s.next_sequence, s.last_t_s = samples.sequence + 1, float(t_s[-1])
        self.stats.samples += n
        counts = samples.counts.astype(np.float64)
        accel = counts[:, :3] * (d.accel_range_g * STANDARD_GRAVITY_MPS2 / 32768)
        gyro = counts[:, 3:] * (math.radians(d.gyro_range_dps) / 32768)
        return [*items, SampleBlock(t_s, accel, gyro)]

    def _gap_before(self, t_s: float, period_s: float, lost: bool) -> list[StreamItem]:
        last = self._s.last_t_s
        if last is None or not (lost or t_s - last > GAP_PERIODS * period_s):
            return []
        return [Gap(min(last + period_s, t_s), t_s)]
