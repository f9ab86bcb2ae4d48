"""Whatever bytes come, a parser answers with samples that were in them, or counts the damage; it never fails."""

from __future__ import annotations

import math
import struct
import zlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.host.sensors.registry import DRIVERS, driver

VALID = {
    "witmotion": "5561fcffefff110800000000000098ff0d00f831" * 3,
    "movesense": "0263" + struct.pack("<I24f", 1000, *([0.5] * 24)).hex(),
    "polar": "02650000000000000081f1ff1400f00306017b0f08",
    "dot": (struct.pack("<I6f", 5, 0.1, 0.2, 9.8, 1, 2, 3)).hex(),
    "metamotion_bmi160": "031c62b7530de9fd16d04d0e57028affa1050a01",
    "metamotion_bmi270": "030562b7530de9fd16d04d0e57028affa1050a01",
    "nus_csv": b"1,10000,0,0,9.8,1,2,3\n".hex(),
}


@pytest.mark.parametrize("sensor", DRIVERS)
@settings(max_examples=150, deadline=None)
@given(notifications=st.lists(st.binary(max_size=260), max_size=6))
def test_any_bytes_are_answered(sensor: str, notifications: list[bytes]) -> None:
    """No exception, finite values only, times that grow within a stream."""
    parser = driver(sensor).parser(None)
    readings = [r for n in notifications for r in parser.feed(n)]
    assert parser.stats.readings == len(readings)
    for which in ("accel_mps2", "gyro_radps"):
        times = [r.t_s for r in readings if getattr(r, which) is not None]
        assert all(a < b for a, b in pairwise(times)) or sensor == "polar"
    for reading in readings:
        for triple in (reading.accel_mps2, reading.gyro_radps):
            assert triple is None or all(math.isfinite(v) for v in triple)


@pytest.mark.parametrize("sensor", VALID)
def test_a_cut_packet_gives_no_invented_sample(sensor: str) -> None:
    """Cut at every byte: what comes out is the beginning of what the whole packet gives."""
    whole = bytes.fromhex(VALID[sensor])
    full = driver(sensor).parser(None).feed(whole)
    assert full
    for cut in range(len(whole)):
        parser = driver(sensor).parser(None)
        part = parser.feed(whole[:cut])
        assert len(part) <= len(full)
        for found, true in zip(part, full, strict=False):
            assert found.accel_mps2 in (true.accel_mps2, None), cut
            assert found.gyro_radps in (true.gyro_radps, None), cut


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(-2000, 2000)] * 3), min_size=2, max_size=30),
    st.integers(1, 2),
)
def test_polar_compression_round_trip(samples: list[tuple[int, int, int]], blocks: int) -> None:
    """What is packed as reference and differences comes back, in one block or two."""
    deltas = [tuple(b - a for a, b in zip(p, q, strict=True)) for p, q in pairwise(samples)]
    frame = b"\x02" + struct.pack("<Q", 10**9) + b"\x81" + struct.pack("<3h", *samples[0])
    half = len(deltas) // 2 if blocks == 2 else 0
    for part in filter(None, (deltas[:half], deltas[half:])):
        width = max(max(abs(v) for d in part for v in d).bit_length() + 1, 2)
        packed = 0
        for i, value in enumerate(v for d in part for v in d):
            packed |= (value & ((1 << width) - 1)) << (i * width)
        frame += bytes([width, len(part)]) + packed.to_bytes(-(-width * 3 * len(part) // 8), "little")
    readings = driver("polar").parser(None).feed(frame)
    found = [tuple(round(v / 9.80665 * 1000) for v in r.accel_mps2 or ()) for r in readings]
    assert found == samples


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 255), min_size=0, max_size=20), st.data())
def test_capture2go_survives_garbage_between_packages(garbage: list[int], data: st.DataObject) -> None:
    """Garbage before a package and any cut of the stream cost no package."""
    payload = struct.pack("<q48h", 10**15, *range(48)) + bytes(11)
    content = struct.pack("<H", 0x0232) + payload
    package = b"\x02" + struct.pack("<I", zlib.crc32(content)) + bytes([len(payload)]) + content
    stream = bytes(b for b in garbage if b != 2) + package
    cut = data.draw(st.integers(0, len(stream)))
    parser = driver("capture2go").parser(None)
    assert len(parser.feed(b"\xff" + stream[:cut]) + parser.feed(b"\xff" + stream[cut:])) == 8
