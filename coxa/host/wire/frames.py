"""Frames of the protocol: one table of layouts, an encoder and a parser for each kind."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.host.errors import WireError

VERSION = 1
MAGIC = b"\xc0\xa1"
KIND_DESCRIPTION, KIND_SAMPLES, KIND_END, KIND_GONE = 1, 2, 3, 4
HEADER = struct.Struct("<2sBB")
"""Magic, version and kind (a nibble each), payload length."""
CHECK = struct.Struct("<I")
"""CRC-32 (zlib, IEEE 802.3) of everything after the magic."""
MAX_PAYLOAD = 236
"""So that a frame fills one notification of 244 bytes (MTU 247) at most."""

DESCRIPTION = struct.Struct("<IfBHBH8s3B")
SAMPLES_HEAD = struct.Struct("<IQI")
SAMPLE_BYTES = 12
END = struct.Struct("<I")
GONE = struct.Struct("<II")
ABLE_TO_RESEND = 1
"""Bit of `Description.abilities`: the sensor knows RESEND and answers with GONE what it no longer has."""
LATEST_US = 1 << 50
"""35 years: beyond it a float of seconds no longer tells microseconds apart with certainty."""
MAX_SAMPLES = (MAX_PAYLOAD - SAMPLES_HEAD.size) // SAMPLE_BYTES


@dataclass(frozen=True, slots=True)
class Description:
    """What the counts in the samples mean, and who sends them."""

    boot_id: int
    """Drawn anew at each power-on: another number means the sensor's clock and sequence began again."""
    rate_hz: float
    accel_range_g: int
    """Full scale: 32768 counts are this many g."""
    gyro_range_dps: int
    """Full scale: 32768 counts are this many degrees per second."""
    samples_per_packet: int
    buffer_s: int
    """How far back the sensor can resume."""
    serial: str
    firmware: tuple[int, int, int]
    abilities: int = 0
    """Bits, of which ABLE_TO_RESEND is one; 0 where the sensor says nothing of it."""

    @property
    def resends(self) -> bool:
        """Whether it can be asked for single packets while it streams."""
        return bool(self.abilities & ABLE_TO_RESEND)


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
    """A SAMPLES frame of 1 to 18 samples."""
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
    if not 1.0 <= rate <= 2000.0 or accel == 0 or gyro == 0:
        raise WireError(f"description with rate {rate:g} Hz, range {accel} g, {gyro} deg/s")
    name = bytes(serial).rstrip(b"\0").decode("ascii", "replace")
    major, minor, patch = firmware
    abilities = payload[DESCRIPTION.size] if len(payload) > DESCRIPTION.size else 0
    return Description(boot, rate, accel, gyro, per_packet, buffer_s, name, (major, minor, patch), abilities)


def parse_samples(payload: bytes) -> Samples:
    """Raises WireError: no whole number of samples, none at all, or a span that one or many cannot have."""
    body = len(payload) - SAMPLES_HEAD.size
    if body < SAMPLE_BYTES or body % SAMPLE_BYTES:
        raise WireError(
            f"samples of {len(payload)} bytes, expected {SAMPLES_HEAD.size} and a multiple of {SAMPLE_BYTES}"
        )
    sequence, t_us, span_us = SAMPLES_HEAD.unpack_from(payload)
    counts = np.frombuffer(payload, dtype="<i2", offset=SAMPLES_HEAD.size).reshape(-1, 6).astype(np.int16)
    if len(counts) > 1 and not len(counts) <= span_us + 1 <= 60_000_000:
        raise WireError(f"{len(counts)} samples within {span_us} us")
    if t_us > LATEST_US:
        raise WireError(f"a device clock of {t_us} us")
    return Samples(sequence, t_us, span_us, counts)
