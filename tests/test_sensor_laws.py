"""Laws of the sensor drivers: no bytes raise, invent a sample or turn time back; what was encoded comes back."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.host.samples import SampleBlock, StreamItem
from coxa.host.sensors.capture2go import package
from coxa.host.sensors.driver import SensorDecoder
from coxa.host.sensors.polar_frame import differences
from coxa.host.sensors.registry import DRIVERS
from coxa.host.wire import Description, encode_description, encode_samples
from coxa.host.wire.frames import Samples
from tests.helpers_sensors import assert_sane, encode_imu6, encode_rates, started

NAMES = sorted(DRIVERS)
ACCEL, GYRO = np.arange(24.0).reshape(8, 3) / 3, np.arange(24.0).reshape(8, 3) * -2.5


def witmotion(k: int) -> bytes:
    return b"\x55\x61" + np.array([k, -k, 2048, 2 * k, -3 * k, 7, 1, 2, 3], "<i2").tobytes()


def capture2go(k: int) -> bytes:
    counts = (np.arange(48) + 48 * k).astype("<i2").tobytes()
    return package(0x0232, (10**18 + 80_000_000 * k).to_bytes(8, "little", signed=True) + counts + bytes(11))


def polar(kind: int, k: int) -> bytes:
    head = bytes([kind]) + (5 * 10**17 + 200_000_000 * k).to_bytes(8, "little") + b"\x80"
    values = [[10 * k + i, -i, i * i] for i in range(10)]
    return head + encode_differences(values, 8)


def encode_differences(values: list[list[int]], bits: int) -> bytes:
    """A reference sample and one block, the way Polar packs them."""
    packed = 0
    for place, step in enumerate(np.diff(values, axis=0).ravel().tolist()):
        packed |= (step & ((1 << bits) - 1)) << (bits * place)
    n = len(values) - 1
    head = np.array(values[0], "<i2").tobytes() + bytes([bits, n])
    return head + packed.to_bytes((3 * bits * n + 7) // 8, "little")


def coxa(k: int) -> bytes:
    d = encode_description(Description(7, 100.0, 8, 1000, 4, 60, "SIM00001", (1, 0, 0)))
    counts = (np.arange(24) + k * 24).astype(np.int16).reshape(4, 6)
    return d + encode_samples(Samples(k, k * 40_000, 30_000, counts))


def sensor_logger(k: int) -> bytes:
    def reading(name: str, i: int, z: float) -> dict[str, object]:
        stamp = 1_700_000_000_000_000_000 + 20_000_000 * (8 * k + i)
        return {"name": name, "time": stamp, "values": {"x": 0.1 * i, "y": -0.2, "z": z}}

    kinds = (("accelerometer", 0.3), ("gravity", 9.8), ("gyroscope", 0.01 * k))
    payload = [reading(name, i, z) for i in range(8) for name, z in kinds]
    return json.dumps({"messageId": k, "sessionId": "s", "deviceId": "d", "payload": payload}).encode()


def phyphox(k: int) -> bytes:
    t_s = [round(0.02 * (8 * k + i), 6) for i in range(8)]
    values = {"acc_time": t_s, "accX": [0.1] * 8, "accY": [0.2] * 8, "accZ": [9.8] * 8}
    values |= {"gyr_time": t_s, "gyrX": [0.01 * k] * 8, "gyrY": [0.0] * 8, "gyrZ": [-0.5] * 8}
    buffers = {name: {"size": 1000, "updateMode": "partial", "buffer": v} for name, v in values.items()}
    return json.dumps({"buffer": buffers, "status": {"session": "a", "measuring": True}}).encode()


MAKE: dict[str, Callable[[int], bytes]] = {
    "witmotion": lambda k: witmotion(2 * k) + witmotion(2 * k + 1),
    "movesense": lambda k: encode_imu6(77 * k, ACCEL[:4] + k, GYRO[:4]),
    "polar": lambda k: polar(2 + 3 * (k % 2), k // 2),
    "polar_h10": lambda k: polar(2, k),
    "dot": lambda k: encode_rates(16_667 * k, ACCEL[k % 8] + 0.5, GYRO[k % 8] + 0.5),
    "metamotion_bmi160": lambda k: (b"\x03\x1c" if k % 2 else b"\x13\x07") + np.arange(k, k + 9, dtype="<i2").tobytes(),
    "metamotion_bmi270": lambda k: (
        b"\x09\x03\x00" + k.to_bytes(4, "little") + np.arange(k, k + 6, dtype="<i2").tobytes()
    ),
    "capture2go": lambda k: b"\xff" + capture2go(k),
    "nus_csv": lambda k: f"{k},{20_000 * k},0.1,{k}.25,9.81,1,2,{k}\n".encode(),
    "coxa": coxa,
    "sensor_logger": sensor_logger,
    "phyphox": phyphox,
}


def fed(decoder: SensorDecoder, notifications: list[bytes], period_s: float = math.nan) -> list[StreamItem]:
    items = [i for k, n in enumerate(notifications) for i in decoder.feed("", n, k * period_s)]
    return items + decoder.finish()


def rows(items: list[StreamItem]) -> list[tuple[float, ...]]:
    """Every sample as (accelerometer, gyro), without its time; NaN as infinity, so that it compares."""
    blocks = [np.hstack([i.accel_mps2, i.gyro_radps]) for i in items if isinstance(i, SampleBlock)]
    return [tuple(np.nan_to_num(r, nan=np.inf).tolist()) for b in blocks for r in b]


@st.composite
def notifications(draw: st.DrawFn, name: str) -> list[bytes]:
    """Good packets, repeated, swapped, cut, hit by a flipped bit; and bytes that are none."""
    out = list[bytes]()
    for k in draw(st.lists(st.integers(0, 60), max_size=25)):
        packet = bytearray(MAKE[name](k))
        match draw(st.integers(0, 5)):
            case 0:
                packet[draw(st.integers(0, len(packet) - 1))] ^= 1 << draw(st.integers(0, 7))
            case 1:
                del packet[draw(st.integers(0, len(packet) - 1)) :]
            case 2:
                packet = bytearray(draw(st.binary(max_size=60)))
            case 3:
                packet[2:12] = draw(st.binary(min_size=10, max_size=10))
            case _:
                pass
        out.append(bytes(packet))
    return out


@pytest.mark.parametrize("lone", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_no_bytes_raise_or_turn_time_back(name: str, lone: bool) -> None:
    """Damage of every kind, at unknown, steady, backward and endless arrival times."""

    @given(notifications(name), st.sampled_from([math.nan, 0.0, 0.04, 3.0, -1.0, math.inf]))
    def law(came: list[bytes], period_s: float) -> None:
        decoder = started(name, lone=lone)
        items = fed(decoder, came, period_s)
        assert_sane(items, whole=not lone and name != "polar_h10")
        assert decoder.stats.samples == len(rows(items))
        assert decoder.stats.notifications == len(came)

    law()


@pytest.mark.parametrize("name", NAMES)
def test_garbage_alone_gives_no_sample(name: str) -> None:
    """Bytes that begin like nothing a sensor sends are counted, and nothing comes of them."""
    decoder = started(name, lone=False)
    junk = [bytes([0xEE, 0xDD] * 40), b"", b"\x7f", bytes(30)[:17]]
    assert fed(decoder, junk, 0.04) == []
    s = decoder.stats
    assert s.garbage_bytes + s.truncated + s.bad_frames + s.other > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_cut_packet_gives_a_part_of_the_whole_ones_samples(name: str) -> None:
    """Whatever is cut off the end: only samples of the whole packet come, from its beginning."""
    lone = name == "polar"
    width = 3 if lone else 6  # a cut gyro packet leaves accelerometer samples alone
    before, packet = [MAKE[name](0), MAKE[name](1)], MAKE[name](2)
    whole = [r[:width] for r in rows(fed(started(name, lone=lone), [*before, packet]))]
    for end in range(len(packet)):
        part = [r[:width] for r in rows(fed(started(name, lone=lone), [*before, packet[:end]]))]
        assert part == whole[: len(part)], end


@pytest.mark.parametrize("name", ["witmotion", "nus_csv", "coxa", "capture2go"])
def test_byte_streams_may_be_cut_anywhere(name: str) -> None:
    """Where packets run through notifications, how they are cut changes no value, no device time and no count."""
    packets = [MAKE[name](k)[1 if name == "capture2go" else 0 :] for k in range(12)]
    stream = b"".join(packets)
    whole = started(name, lone=False)
    items = fed(whole, [stream])

    @given(st.lists(st.integers(1, 90), min_size=1, max_size=10))
    def law(sizes: list[int]) -> None:
        pieces, at, turn = list[bytes](), 0, 0
        while at < len(stream):
            pieces.append(stream[at : at + sizes[turn % len(sizes)]])
            at, turn = at + len(pieces[-1]), turn + 1
        decoder = started(name, lone=False)
        cut = fed(decoder, pieces)
        assert rows(cut) == rows(items)
        assert np.concatenate([i.t_s for i in cut if isinstance(i, SampleBlock)]) == pytest.approx(
            np.concatenate([i.t_s for i in items if isinstance(i, SampleBlock)]), abs=1e-9
        )
        assert decoder.stats.damage() == whole.stats.damage() == []

    law()


INT16 = st.integers(-(2**15), 2**15 - 1)


@given(st.lists(st.tuples(INT16, INT16, INT16), min_size=1, max_size=40), st.integers(17, 32))
def test_polars_differences_come_back(values: list[tuple[int, int, int]], bits: int) -> None:
    """Any samples, packed with enough bits, are the samples that come out; cut short, they are its beginning."""
    packed = encode_differences([list(v) for v in values], bits)
    assert differences(packed, 2) == ([list(v) for v in values], True)
    part, whole = differences(packed[:-1], 2)
    assert part == [list(v) for v in values][: len(part)]
    assert not whole or len(values) == 1


@given(st.lists(st.lists(st.floats(-150, 150, width=32), min_size=6, max_size=6), min_size=4, max_size=4))
def test_movesense_and_dot_values_come_back(values: list[list[float]]) -> None:
    """Single-precision m/s2 and deg/s in, the same numbers out."""
    table = np.array(values)
    (block,) = started("movesense", lone=False).feed("", encode_imu6(5, table[:, :3], table[:, 3:]), 0.0)
    assert isinstance(block, SampleBlock)
    np.testing.assert_array_equal(block.accel_mps2, table[:, :3])
    np.testing.assert_array_equal(block.gyro_radps, np.radians(table[:, 3:]))
    (one,) = started("dot", lone=False).feed("", encode_rates(7, table[0, :3], table[0, 3:]), 0.0) or [None]
    if one is not None:  # a quaternion of size 1 could stand there
        assert isinstance(one, SampleBlock)
        np.testing.assert_array_equal(one.accel_mps2, table[:1, :3])
