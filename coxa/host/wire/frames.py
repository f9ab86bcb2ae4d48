"""Frames of the protocol: one table of layouts, an encoder and a parser for each kind."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import cache
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from coxa.host.errors import WireError
from coxa.host.limits import FULL_SCALE

VERSION = 1
MAGIC = b"\xc0\xa1"
KIND_DESCRIPTION, KIND_SAMPLES, KIND_END, KIND_GONE = 1, 2, 3, 4
FULL_SCALE_COUNTS = 32768
"""Counts of 16 bits at the end of a range."""
HEADER = struct.Struct("<2sBB")
"""Magic, version and kind (a nibble each), payload length."""
CHECK = struct.Struct("<I")
"""CRC-32 (zlib, IEEE 802.3) of everything after the magic."""
MAX_PAYLOAD = 236
"""So that a frame fills one notification of 244 bytes (MTU 247) at most."""

DESCRIPTION = struct.Struct("<IfBHBH8s3B")
SAMPLES_HEAD = struct.Struct("<IQI")
SAMPLE_BYTES = 12
"""Six counts of 16 bits."""
END = struct.Struct("<I")
GONE = struct.Struct("<II")
ABLE_TO_RESEND = 1
"""Bit of `Description.abilities`: the sensor knows RESEND and answers with GONE what it no longer has."""
NO_MOTION = 0x80
"""Bit beside them: its motion chip does not answer, so it streams nothing."""
LATEST_US = 1 << 50
"""35 years: beyond it a float of seconds no longer tells microseconds apart with certainty."""
MAX_SAMPLES = (MAX_PAYLOAD - SAMPLES_HEAD.size) // SAMPLE_BYTES
"""Of one frame: 18."""
LONGEST_SPAN_US = 60_000_000
"""A minute from the first to the last sample of a frame; no sensor that coxa can use is so slow."""
RUN_FRAMES = 256
"""Frames looked at together: more are no faster, and where runs are short it would all be looked at again and again."""


@dataclass(frozen=True, slots=True)
class Description:
    """What the counts in the samples mean, and who sends them."""

    boot_id: int
    """Drawn anew at each power-on: another number means the sensor's clock and sequence began again."""
    rate_hz: float
    accel_range_g: int
    """Full scale: `FULL_SCALE_COUNTS` are this many g."""
    gyro_range_dps: int
    """Full scale: `FULL_SCALE_COUNTS` are this many degrees per second."""
    samples_per_packet: int
    buffer_s: int
    """How far back the sensor can resume."""
    serial: str
    firmware: tuple[int, int, int]
    abilities: int = 0
    """Bits ABLE_TO_RESEND and NO_MOTION; 0 where the sensor says nothing of them."""

    @property
    def resends(self) -> bool:
        """Whether it can be asked for single packets while it streams."""
        return bool(self.abilities & ABLE_TO_RESEND)

    @property
    def senses(self) -> bool:
        """Whether it has a motion chip that answers."""
        return not self.abilities & NO_MOTION


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """The content of one SAMPLES frame."""

    sequence: int
    t_us: int
    """Device clock at the first sample, microseconds since boot."""
    span_us: int
    """From the first to the last sample."""
    counts: NDArray[np.int16]
    """(n, 6) accelerometer x, y, z, gyro x, y, z; sensor frame; counts."""


def frame(kind: int, payload: bytes) -> bytes:
    """A whole frame about a payload."""
    if len(payload) > MAX_PAYLOAD:
        raise ValueError(f"a payload has at most {MAX_PAYLOAD} bytes, not {len(payload)}")
    head = HEADER.pack(MAGIC, VERSION << 4 | kind, len(payload))
    return head + payload + CHECK.pack(zlib.crc32(head[2:] + payload))


def encode_description(d: Description) -> bytes:
    """A DESCRIPTION frame."""
    serial = d.serial.encode("ascii")[:8].ljust(8, b"\0")
    return frame(
        KIND_DESCRIPTION,
        DESCRIPTION.pack(
            d.boot_id,
            d.rate_hz,
            d.accel_range_g,
            d.gyro_range_dps,
            d.samples_per_packet,
            d.buffer_s,
            serial,
            *d.firmware,
        )
        + (bytes([d.abilities]) if d.abilities else b""),
    )


def encode_samples(samples: Samples) -> bytes:
    """A SAMPLES frame of 1 to `MAX_SAMPLES` samples."""
    n = len(samples.counts)
    if not 1 <= n <= MAX_SAMPLES or samples.counts.shape != (n, 6):
        raise ValueError(f"counts must have shape (1 to {MAX_SAMPLES}, 6), not {samples.counts.shape}")
    head = SAMPLES_HEAD.pack(samples.sequence, samples.t_us, samples.span_us)
    return frame(KIND_SAMPLES, head + samples.counts.astype("<i2").tobytes())


def encode_end(next_sequence: int) -> bytes:
    """An END frame: the sensor has nothing more to send."""
    return frame(KIND_END, END.pack(next_sequence))


def parse_end(payload: bytes) -> int | None:
    """The number that would come next; None where the sensor does not say it."""
    return END.unpack_from(payload)[0] if len(payload) >= END.size else None


def parse_gone(payload: bytes) -> tuple[int, int]:
    """First number and count of packets that will never come. Raises WireError: too short."""
    if len(payload) < GONE.size:
        raise WireError(f"GONE of {len(payload)} bytes, expected {GONE.size}")
    first, count = GONE.unpack_from(payload)
    return first, count


def parse_description(payload: bytes) -> Description:
    """Raises WireError: too short, or a rate or range that no sensor has."""
    if len(payload) < DESCRIPTION.size:
        raise WireError(f"description of {len(payload)} bytes, expected {DESCRIPTION.size}")
    boot, rate, accel, gyro, per_packet, buffer_s, serial, *firmware = DESCRIPTION.unpack_from(payload)
    if not 1.0 <= rate <= 2000.0 or accel == 0 or not 0 < gyro <= FULL_SCALE[1]:
        raise WireError(f"description with rate {rate:g} Hz, range {accel} g, {gyro} deg/s")
    name = bytes(serial).rstrip(b"\0").decode("ascii", "replace")
    major, minor, patch = firmware
    abilities = payload[DESCRIPTION.size] if len(payload) > DESCRIPTION.size else 0
    return Description(boot, rate, accel, gyro, per_packet, buffer_s, name, (major, minor, patch), abilities)


@dataclass(frozen=True, slots=True, eq=False)
class SampleRun:
    """SAMPLES frames of one length whose numbers follow each other: a single one, or many."""

    sequence: int
    """Of the first."""
    t_us: NDArray[np.int64]
    """(n,) device clock at the first sample of each frame."""
    span_us: NDArray[np.int64]
    """(n,) from the first to the last sample of each."""
    counts: NDArray[np.int16]
    """(n, m, 6) accelerometer x, y, z, gyro x, y, z; sensor frame; counts."""

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.t_us)

    def part(self, start: int, end: int) -> SampleRun:
        """Frames `[start, end)` of it (views, not copies)."""
        return SampleRun(self.sequence + start, self.t_us[start:end], self.span_us[start:end], self.counts[start:end])


def parse_samples(data: bytes, at: int) -> SampleRun:
    """The SAMPLES frame at `at`, known to be whole, and those that follow at once, whole and with the next numbers.

    Raises:
        WireError: no whole number of samples, none at all, or a span or clock that the first of them cannot have.
    """
    length = data[at + 3]
    body = length - SAMPLES_HEAD.size
    if body < SAMPLE_BYTES or body % SAMPLE_BYTES:
        raise WireError(f"samples of {length} bytes, expected {SAMPLES_HEAD.size} and a multiple of {SAMPLE_BYTES}")
    samples = body // SAMPLE_BYTES
    first, clock, span = SAMPLES_HEAD.unpack_from(data, at + HEADER.size)
    if not _possible(clock, span, samples):
        raise WireError(f"{samples} samples within {span} us at a clock of {clock} us")
    layout = _layout(samples)
    most = min((len(data) - at) // layout.itemsize, RUN_FRAMES)
    if not data.startswith(data[at : at + HEADER.size], at + layout.itemsize):
        most = 1
    rows = np.frombuffer(data, layout, most, at)
    t_us, span_us = rows["t_us"].astype(np.int64), rows["span_us"].astype(np.int64)
    n = most if most == 1 else _following(data, at, rows, _possible(t_us, span_us, samples))
    return SampleRun(first, t_us[:n], span_us[:n], rows["counts"][:n].astype(np.int16))


def _following(data: bytes, at: int, rows: NDArray[np.void], possible: NDArray[np.bool_]) -> int:
    """How many of what may be frames in `data` from `at` on make a run with the first, which is one."""
    follows = possible & (rows["head"] == rows["head"][0])
    follows &= rows["sequence"].astype(np.int64) == int(rows["sequence"][0]) + np.arange(len(rows))
    n = len(rows) if follows.all() else int(follows.argmin())
    size = rows.itemsize
    frames = struct.iter_unpack(f"<2x{size - 2 - CHECK.size}sI", memoryview(data)[at : at + n * size])
    return next((k for k, (checked, check) in enumerate(frames) if zlib.crc32(checked) != check), n)


@cache
def _layout(samples: int) -> np.dtype[np.void]:
    """A SAMPLES frame as a row of a table."""
    return np.dtype(
        [
            ("head", "<u4"),
            ("sequence", "<u4"),
            ("t_us", "<u8"),
            ("span_us", "<u4"),
            ("counts", "<i2", (samples, 6)),
            ("check", "<u4"),
        ]
    )


@overload
def _possible(t_us: int, span_us: int, samples: int) -> bool: ...
@overload
def _possible(t_us: NDArray[np.int64], span_us: NDArray[np.int64], samples: int) -> NDArray[np.bool_]: ...
def _possible(t_us: Any, span_us: Any, samples: int) -> Any:
    """Whether a sensor can have sent this; a clock of 64 bits may have turned negative."""
    clock = (t_us >= 0) & (t_us <= LATEST_US)
    return clock if samples == 1 else clock & (span_us + 1 >= samples) & (span_us < LONGEST_SPAN_US)
