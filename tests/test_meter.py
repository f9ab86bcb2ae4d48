"""What is measured about a stream: repeats, clocks, rates, loss."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.host.link.clock_fit import ClockFit
from coxa.host.link.meter import StreamMeter
from coxa.host.link.repeats import Repeats
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, Gap, Packet, SampleBlock
from coxa.host.sensors.registry import driver


def kept(packets: list[Packet]) -> list[Packet]:
    """What one connection's filter lets through."""
    repeats = Repeats()
    return [p for p in packets if not repeats.is_repeat(p)]


@given(data=st.lists(st.binary(min_size=1, max_size=2), max_size=40))
def test_a_doubled_stream_is_halved(data: list[bytes]) -> None:
    """Every notification twice, equal ones in a row among them: each comes through once, in order."""
    once = [Packet(0.02 * k, d, "u") for k, d in enumerate(data)]
    twice = [p for q in once for p in (q, Packet(q.arrival_s + 0.001, q.data, "u"))]
    assert kept(twice) == once


@given(data=st.lists(st.sampled_from([b"a", b"b"]), min_size=3, max_size=60), seed=st.integers(0, 99))
def test_a_sensor_that_repeats_itself_loses_next_to_nothing(data: list[bytes], seed: int) -> None:
    """Equal packets far apart in time, or on another characteristic, are no repeats."""
    chance = random.Random(seed)
    packets = [Packet(0.02 * k + chance.uniform(0, 0.01), d, "u") for k, d in enumerate(data)]
    assert kept(packets) == packets
    both = [p for q in packets for p in (q, Packet(q.arrival_s, q.data, "v"))]
    assert kept(both) == both


def test_a_busy_first_moment_is_forgotten() -> None:
    """Second deliveries that come too late at first are let through; once they follow at once each is dropped."""
    late_s = [0.03] * 30 + [0.004] * 100
    once = [Packet(0.04 * k, bytes([k]), "u") for k in range(len(late_s))]
    twice = [p for q, late in zip(once, late_s, strict=True) for p in (q, Packet(q.arrival_s + late, q.data, "u"))]
    assert [p for p in kept(twice) if p.arrival_s > 2.0] == [p for p in once if p.arrival_s > 2.0]


def test_a_burst_of_equal_packets_at_rest_is_kept() -> None:
    """Once packets have come alone, equal ones in the same instant are what the sensor sent."""
    alone = [Packet(0.02 * k, bytes([k]), "u") for k in range(10)]
    burst = [Packet(1.0 + 0.0001 * k, b"same", "u") for k in range(8)]
    assert kept([*alone, *burst]) == [*alone, *burst]


@settings(max_examples=20)
@given(drift=st.floats(-300, 300), offset_s=st.floats(-1e6, 1e6), seed=st.integers(0, 999))
def test_the_clock_fit_finds_the_drift_under_the_jitter(drift: float, offset_s: float, seed: int) -> None:
    """Packets late by 5 to 60 ms and now and then a second: the drift is found to 30 ppm in five minutes."""
    rng = np.random.default_rng(seed)
    fit, late = ClockFit(), rng.uniform(0.005, 0.06, 3000) + (rng.random(3000) < 0.01)
    for k, late_s in enumerate(late):
        device_s = k * 0.1
        fit.update(device_s, device_s * (1 + drift * 1e-6) + offset_s + late_s)
    found = fit.fit()
    assert found is not None
    assert found.drift_ppm == pytest.approx(drift, abs=30)
    assert found.mean_late_s == pytest.approx(float(late.mean() - late.min()), abs=0.01)
    assert 0.9 < found.worst_late_s < 1.2


def test_clocks_that_do_not_belong_together_give_no_fit() -> None:
    """A recording sent faster than it was made has no drift."""
    fit = ClockFit()
    for k in range(1000):
        fit.update(k * 0.1, k * 0.01)
    assert fit.fit() is None


@pytest.mark.parametrize("leap_s", [0.5, 5.0, 3600.0])
@pytest.mark.parametrize("at_s", [5.0, 60.0])
def test_a_clock_that_was_set_forward_does_not_bend_the_drift(leap_s: float, at_s: float) -> None:
    """40 ppm before and after: what was before the leap says nothing of what comes after it."""
    rng = np.random.default_rng(1)
    fit, late = ClockFit(), rng.uniform(0.005, 0.06, 2000)
    for k, late_s in enumerate(late):
        host_s = k * 0.1
        fit.update(host_s * (1 - 40e-6) + (leap_s if host_s > at_s else 0.0), host_s + late_s)
    found = fit.fit()
    assert found is not None
    assert found.drift_ppm == pytest.approx(40, abs=40)
    assert found.worst_late_s < 0.1


def stream(rate_hz: float, seconds: float, most_g: float = 1.0) -> SampleBlock:
    """A sensor that lies still, but for its z axis, which swings up to `most_g` and no further."""
    t_s = np.arange(round(rate_hz * seconds)) / rate_hz
    accel: FloatArray = np.zeros((len(t_s), 3))
    accel[:, 2] = STANDARD_GRAVITY_MPS2 * np.clip(1 + 2 * most_g * np.sin(2 * t_s), -most_g, most_g)
    return SampleBlock(t_s, accel, np.full((len(t_s), 3), 0.01) + 0.2 * np.sin(t_s)[:, None])


def test_a_sensor_that_stayed_at_its_default_rate_is_told() -> None:
    """50 Hz were set, 10 Hz come: said in words with both figures."""
    wit = driver("witmotion")
    meter = StreamMeter(wit, wit.defaults, wit.decoder(wit.defaults))
    meter.update(Packet(0.0, b""), [stream(10.0, 20.0)])
    assert meter.rate_hz == pytest.approx(10.0)
    assert "10 samples a second, not 50" in meter.warnings()[0]


def test_a_range_that_clips_is_told() -> None:
    """A movement beyond 2 g on a sensor set to 2 g: counted, and the way out said."""
    board = driver("metamotion_bmi160")
    chosen = board.settings(accel_range_g=2.0)
    meter = StreamMeter(board, chosen, board.decoder(chosen))
    meter.update(Packet(0.0, b""), [stream(50.0, 20.0, most_g=2.0)])
    assert meter.quality().clipped_samples > 100
    assert any("clips at 2 g" in w and "larger range" in w for w in meter.warnings())


def test_gaps_are_measured_and_left_out_of_the_rate() -> None:
    """A hole of 5 s is the longest gap, and the rate is that of what came."""
    polar = driver("polar")
    meter = StreamMeter(polar, polar.defaults, polar.decoder(polar.defaults))
    first, later = stream(52.0, 10.0), stream(52.0, 10.0)
    later = SampleBlock(later.t_s + 15.0, later.accel_mps2, later.gyro_radps)
    meter.update(Packet(0.0, b""), [first, Gap(float(first.t_s[-1]), 15.0), later])
    quality = meter.quality(reconnects=1)
    assert quality.longest_gap_s == pytest.approx(5.02, abs=0.01)
    assert quality.rate_hz == pytest.approx(52.0)
    assert quality.nominal_hz == 52.0
