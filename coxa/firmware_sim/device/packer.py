"""Frames of docs/protocol.md, written into buffers that exist already, so that nothing is allocated while sampling."""

import struct
from array import array

try:
    from binascii import crc32
except ImportError:  # some small ports leave it out
    crc32 = None

VERSION = 1
DESCRIPTION, SAMPLES, END, GONE = 1, 2, 3, 4
OP_STOP, OP_START, OP_RESEND = 0, 1, 2
FROM_NEWEST = 0xFFFFFFFF
ABLE_TO_RESEND = 1
NO_MOTION = 0x80
"""Beside the abilities: the motion sensor does not answer."""
FIRMWARE = (1, 1, 0)
"""Version of this program."""

HEAD_BYTES = 4
CHECK_BYTES = 4
SAMPLES_AT = HEAD_BYTES + 16
"""Where in a SAMPLES frame the first sample lies."""
SAMPLE_BYTES = 12
"""Accelerometer x y z, gyro x y z, each a little-endian signed 16-bit count."""
MAX_SAMPLES = 18
LONGEST_FRAME = 244


def _table():
    out = array("I", bytes(1024))
    for k in range(256):
        value = k
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
        out[k] = value
    return out


TABLE = None if crc32 else _table()


def table_crc32(data, table):
    """CRC-32 (IEEE 802.3, reflected polynomial EDB88320) where the port has none of its own."""
    value = 0xFFFFFFFF
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF


def checksum(data):
    """CRC-32 of bytes, as an unsigned number."""
    return crc32(data) & 0xFFFFFFFF if crc32 else table_crc32(data, TABLE)


def frame_bytes(samples):
    """Length of a SAMPLES frame."""
    return SAMPLES_AT + SAMPLE_BYTES * samples + CHECK_BYTES


def _close(frame, kind, payload_bytes):
    """Head and checksum about a payload that lies in the frame already; gives the whole length."""
    end = HEAD_BYTES + payload_bytes
    struct.pack_into("<BBBB", frame, 0, 0xC0, 0xA1, VERSION << 4 | kind, payload_bytes)
    struct.pack_into("<I", frame, end, checksum(memoryview(frame)[2:end]))
    return end + CHECK_BYTES


def pack_description(
    frame, boot_id, rate_hz, accel_range_g, gyro_range_dps, samples_per_packet, buffer_s, serial, trouble=0
):
    """DESCRIPTION with this program's version and abilities; `serial` is at most 8 ASCII bytes, `trouble` NO_MOTION
    where there is some. Gives the length."""
    struct.pack_into(
        "<IfBHBH8s3BB",
        frame,
        HEAD_BYTES,
        boot_id,
        rate_hz,
        accel_range_g,
        gyro_range_dps,
        samples_per_packet,
        buffer_s,
        serial,
        FIRMWARE[0],
        FIRMWARE[1],
        FIRMWARE[2],
        ABLE_TO_RESEND | trouble,
    )
    return _close(frame, DESCRIPTION, 26)


def pack_samples(frame, sequence, t_us, span_us, samples):
    """SAMPLES about the samples that the driver has put at SAMPLES_AT; gives the length."""
    struct.pack_into("<IQI", frame, HEAD_BYTES, sequence, t_us, span_us)
    return _close(frame, SAMPLES, 16 + SAMPLE_BYTES * samples)


def pack_end(frame, next_sequence):
    """END; gives the length."""
    struct.pack_into("<I", frame, HEAD_BYTES, next_sequence)
    return _close(frame, END, 4)


def pack_gone(frame, first, count):
    """GONE: these packets will never come; gives the length."""
    struct.pack_into("<II", frame, HEAD_BYTES, first, count)
    return _close(frame, GONE, 8)
