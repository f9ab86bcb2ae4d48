"""Laws of the sensor drivers: no bytes raise, invent a sample or turn time back; what was encoded comes back."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.host.samples import FloatArray, Gap, SampleBlock, StreamItem
from coxa.host.sensors.arrival_clock import ArrivalClock
from coxa.host.sensors.capture2go import package
from coxa.host.sensors.device_clock import DeviceClock
from coxa.host.sensors.dot import encode_rates
from coxa.host.sensors.driver import SensorDecoder, SensorStats
from coxa.host.sensors.movesense import encode_imu6
from coxa.host.sensors.pairing import Pairer
from coxa.host.sensors.polar_frame import differences
from coxa.host.sensors.registry import DRIVERS
from coxa.host.wire import Description, encode_description, encode_samples
from coxa.host.wire.frames import Samples

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


def started(name: str, *, lone: bool) -> SensorDecoder:
    chosen = DRIVERS[name]
    return chosen.decoder(chosen.settings(lone_halves=lone))


def fed(decoder: SensorDecoder, notifications: list[bytes], period_s: float = math.nan) -> list[StreamItem]:
    items = [i for k, n in enumerate(notifications) for i in decoder.feed("", n, k * period_s)]
    return items + decoder.finish()


def rows(items: list[StreamItem]) -> list[tuple[float, ...]]:
    """Every sample as (accelerometer, gyro), without its time; NaN as infinity, so that it compares."""
    blocks = [np.hstack([i.accel_mps2, i.gyro_radps]) for i in items if isinstance(i, SampleBlock)]
    return [tuple(np.nan_to_num(r, nan=np.inf).tolist()) for b in blocks for r in b]


def assert_sane(items: list[StreamItem], *, whole: bool) -> None:
    """Time is finite and grows strictly; gaps lie between the samples that they part; no half samples."""
    last_s = -math.inf
    for item in items:
        if isinstance(item, Gap):
            assert last_s < item.start_s < item.end_s
            last_s = item.start_s
            continue
        assert len(item) > 0
        assert np.all(np.isfinite(item.t_s))
        assert last_s < item.t_s[0]
        assert np.all(np.diff(item.t_s) > 0)
        assert not whole or (np.all(np.isfinite(item.accel_mps2)) and np.all(np.isfinite(item.gyro_radps)))
        last_s = float(item.t_s[-1])


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


def arrivals(
    rate_hz: float, packet: int, seconds: float, late_s: FloatArray, lost: range = range(0)
) -> list[tuple[FloatArray, float]]:
    """Packets as (true sample times, arrival): sent when full, each late by so much, never overtaking."""
    out, now_s = list[tuple[FloatArray, float]](), 0.0
    for k in range(int(seconds * rate_hz / packet)):
        true_s = (np.arange(packet) + k * packet) / rate_hz
        now_s = max(now_s, true_s[-1] + late_s[k % len(late_s)])
        if k not in lost:
            out.append((true_s, now_s))
    return out


def stamped(clock: ArrivalClock, packets: list[tuple[FloatArray, float]]) -> tuple[FloatArray, FloatArray, list[Gap]]:
    """True and given times of all samples, and the gaps. The sample's value carries its true time."""
    items = list[StreamItem]()
    for true_s, arrival_s in packets:
        items += clock.feed(np.repeat(true_s[:, None], 6, axis=1), arrival_s)
    items += clock.finish()
    assert_sane(items, whole=True)
    blocks = [i for i in items if isinstance(i, SampleBlock)]
    true_s = np.concatenate([b.accel_mps2[:, 0] for b in blocks])
    return true_s, np.concatenate([b.t_s for b in blocks]), [i for i in items if isinstance(i, Gap)]


@given(st.floats(0.97, 1.03), st.integers(1, 5), st.integers(0, 2**32))
def test_arrival_times_are_smoothed_under_their_envelope(drift: float, packet: int, seed: int) -> None:
    """A rate 3 % off and lateness up to 60 ms: once settled, times are within 15 ms of true ones and evenly apart."""
    late_s = 0.004 + np.minimum(np.random.default_rng(seed).exponential(0.012, 3000), 0.06)
    true_s, t_s, gaps = stamped(ArrivalClock(50.0, SensorStats()), arrivals(50.0 * drift, packet, 40.0, late_s))
    assert gaps == []
    settled = true_s > 15.0
    error_s = (t_s - true_s)[settled]
    assert np.max(np.abs(error_s)) < 0.015
    assert np.std(np.diff(t_s)[settled[1:]]) < 0.1 / 50


@pytest.mark.parametrize("rate_hz", [10.0, 100.0, 200.0])
def test_a_rate_that_was_not_taken_over_is_found(rate_hz: float) -> None:
    """Told 50 Hz, the sensor sends another: the first two seconds show it, and no gap is made of it."""
    true_s, t_s, gaps = stamped(ArrivalClock(50.0, SensorStats()), arrivals(rate_hz, 1, 30.0, np.array([0.01, 0.02])))
    assert gaps == []
    assert np.max(np.abs(t_s - true_s)) < 0.03


def test_a_rate_that_changes_in_the_first_moment_is_found() -> None:
    """Still at its old 10 Hz when packets begin, at 50 Hz a moment later: right from the first second on."""
    slow = arrivals(10.0, 1, 0.4, np.array([0.01]))
    fast = [(t + 0.4, at + 0.4) for t, at in arrivals(50.0, 2, 20.0, np.array([0.01, 0.03, 0.02]))]
    true_s, t_s, gaps = stamped(ArrivalClock(50.0, SensorStats()), slow + fast)
    assert gaps == []
    assert np.max(np.abs(t_s - true_s)[true_s > 1.0]) < 0.02


@pytest.mark.parametrize("lost", [5, 20])
def test_lost_packets_become_a_gap_and_late_ones_do_not(lost: int) -> None:
    """Packets of 2 at 50 Hz: after 0.2 or 0.8 s of loss time is right again; the same time late gives all, in order."""
    late_s = np.tile([0.005, 0.02, 0.01], 400)
    true_s, t_s, gaps = stamped(
        ArrivalClock(50.0, SensorStats()), arrivals(50.0, 2, 20.0, late_s, range(250, 250 + lost))
    )
    assert len(gaps) == 1
    assert gaps[0].end_s - gaps[0].start_s == pytest.approx(lost * 0.04, abs=0.06)
    after = true_s > 13.0
    assert np.max(np.abs(t_s - true_s)[after]) < 0.03
    late_s[250] = lost * 0.04
    _, held_s, gaps = stamped(ArrivalClock(50.0, SensorStats()), arrivals(50.0, 2, 20.0, late_s))
    assert gaps == []
    assert len(held_s) == 1000


@given(st.floats(0.3, 10.0), st.floats(0.0, 0.02))
def test_a_host_that_stood_still_loses_nothing(still_s: float, each_s: float) -> None:
    """Packets that come in a burst after a pause of the host, one each 0 to 20 ms, have the times of no pause."""
    packets = list[tuple[FloatArray, float]]()
    for true_s, arrival_s in arrivals(50.0, 2, 40.0, np.array([0.005, 0.02, 0.01])):
        late = true_s[-1] >= 8.0 and packets
        packets.append((true_s, max(arrival_s, 8.0 + still_s, packets[-1][1] + each_s) if late else arrival_s))
    true_s, t_s, gaps = stamped(ArrivalClock(50.0, SensorStats()), packets)
    assert gaps == []
    assert np.max(np.abs(t_s - true_s)) < 0.06


@given(st.lists(st.integers(0, 2**33), min_size=1, max_size=60), st.integers(1, 8))
def test_device_clock_never_turns_back(stamps: list[int], n: int) -> None:
    """Any stamps at all, first or last of their block: what is given grows strictly."""
    for which in ("first", "last"):
        clock = DeviceClock(52.0, SensorStats())
        newest_s = -math.inf
        for stamp in stamps:
            timed = (clock.from_first if which == "first" else clock.from_last)(stamp / 1000, n)
            if timed is None:
                continue
            gap, t_s = timed
            assert len(t_s) == n
            for item in gap:
                assert isinstance(item, Gap)
                assert newest_s < item.start_s < item.end_s <= t_s[0] + 1e-9
            assert newest_s < t_s[0]
            assert np.all(np.diff(t_s) > 0)
            newest_s = float(t_s[-1])


@pytest.mark.parametrize("true_hz", [26.0, 104.0])
def test_device_clock_finds_a_rate_it_was_not_told(true_hz: float) -> None:
    """Told 52 Hz, stamps say otherwise: after a few packets times are right and no gap comes."""
    clock = DeviceClock(52.0, SensorStats())
    given_s, gaps = list[FloatArray](), 0
    for k in range(50):
        timed = clock.from_first(round(k * 4 / true_hz * 1000) / 1000, 4)
        assert timed is not None
        gaps += len(timed[0]) if k > 5 else 0
        given_s.append(timed[1])
    assert gaps == 0
    np.testing.assert_allclose(np.concatenate(given_s)[80:], np.arange(200)[80:] / true_hz, atol=0.002)


@given(st.integers(1, 40), st.floats(0.0, 0.019), st.floats(-50, 50), st.floats(-50, 50))
def test_pairing_reads_the_gyro_between_its_samples(packet: int, shift_s: float, a: float, b: float) -> None:
    """A rate that runs straight is read exactly, whatever the packets and the shift of one stream against the other."""
    pairer = Pairer(52.0, SensorStats(), lone_halves=False)
    t_s, items = np.arange(120) / 52, list[StreamItem]()
    gyro_s = np.arange(122) / 52 - shift_s
    for at in range(0, 122, packet):
        part = gyro_s[at : at + packet]
        items += pairer.gyro(part, np.repeat((a + b * part)[:, None], 3, axis=1))
        items += pairer.accel(t_s[at : at + packet], np.ones((len(t_s[at : at + packet]), 3)))
    items += pairer.finish()
    assert_sane(items, whole=True)
    blocks = [i for i in items if isinstance(i, SampleBlock)]
    np.testing.assert_array_equal(np.concatenate([i.t_s for i in blocks]), t_s)
    np.testing.assert_allclose(np.concatenate([i.gyro_radps[:, 0] for i in blocks]), a + b * t_s, atol=1e-9)


@pytest.mark.parametrize("together", range(8, 60))
def test_packets_that_come_together_have_no_rate(together: int) -> None:
    """Found by fuzzing: the period that was fitted to them was 1e-17 s, and time stood still."""
    packets = [(np.zeros((1, 6)), arrival_s) for arrival_s in (0.04, *[2.0] * together)]
    clock = ArrivalClock(50.0, SensorStats())
    items = [item for values, arrival_s in packets for item in clock.feed(values, arrival_s)] + clock.finish()
    t_s = np.concatenate([item.t_s for item in items if isinstance(item, SampleBlock)])
    assert len(t_s) == len(packets)
    assert np.all(np.diff(t_s) > 0.002)
