"""Laws of the drivers' clocks: of packets that are not stamped, of stamps that lie, and of two streams on one time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.host.samples import FloatArray, Gap, SampleBlock, StreamItem
from coxa.host.sensors.arrival_clock import ArrivalClock
from coxa.host.sensors.device_clock import DeviceClock
from coxa.host.sensors.driver import SensorStats
from coxa.host.sensors.pairing import Pairer
from tests.helpers_sensors import assert_sane


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
