"""Emulated sensors against the drivers: two readings of the makers' documents that know nothing of each other."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from coxa.firmware_sim.emulators.base import Emulator, Told
from coxa.firmware_sim.emulators.registry import EMULATORS, emulator
from coxa.host.samples import STANDARD_GRAVITY_MPS2, StreamItem
from coxa.host.sensors.driver import SensorDecoder
from coxa.host.sensors.registry import driver
from tests.helpers import joined, scenario

EXERCISE = "lateral_leg_raise"
RESOLUTION: dict[str, tuple[float, float, float]] = {
    "witmotion": (16 / 32768, 0.3, 0.02),  # g, deg/s (the dead band), s: how well the beat is found
    "movesense": (5e-4, 5e-3, 0.002),
    "polar": (1e-3, 2000 / 32768, 0.02),  # the gyro is laid onto the accelerometer's times
    "polar_h10": (1e-3, 0.0, 0.002),
    "dot": (1e-6, 1e-4, 1e-5),
    "metamotion_bmi160": (1e-3, 1 / 32.8, 0.02),
    "metamotion_bmi270": (1e-3, 1 / 32.8, 0.02),
    "capture2go": (16 / 32768, 2000 / 32768, 1e-5),
    "nus_csv": (1e-4, 1e-2, 1e-5),
}


def boot_s(sensor: Emulator) -> float:
    """The sensor's clock when the recording begins; those without one are stamped by the host's."""
    boot = sensor.motion.boot_us * 1e-6
    clocks = {"dot": (2**32 - 20_000_000) * 1e-6, "movesense": boot, "capture2go": boot, "nus_csv": boot}
    return 762_000_000.0 if sensor.name.startswith("polar") else clocks.get(sensor.name, 0.0)


def started(name: str, seed: int = 3) -> Emulator:
    """A sensor that its driver has set and started, as the link does it, in the first half second."""
    sensor, chosen = emulator(name, scenario(EXERCISE, seed).raw), driver(name)
    sensor.connected()
    for uuid in chosen.subscribe():
        sensor.subscribe(uuid)
    for write in chosen.start(chosen.defaults):
        sensor.write(write.characteristic, write.data)
        sensor.now_s += write.pause_s
    return sensor


def decoded(name: str, told: list[Told]) -> tuple[list[StreamItem], SensorDecoder]:
    chosen = driver(name)
    decoder = chosen.decoder(chosen.defaults)
    items = [i for t in told for i in decoder.feed(t.characteristic, t.data, t.at_s)]
    assert decoder.stats.damage() in ([], [f"{decoder.stats.unpaired} unpaired"])  # before the cut at the end
    return items + decoder.finish(), decoder


@pytest.mark.parametrize("name", list(EMULATORS))
def test_the_driver_reads_what_the_person_did(name: str) -> None:
    """What the emulator tells, decoded: the person's own motion, to the sensor's resolution in value and time."""
    sensor = started(name)
    items, decoder = decoded(name, list(sensor.until(30.0)))
    got = joined(items)
    t_s, (g_step, dps_step, t_step) = got.t_s - boot_s(sensor), RESOLUTION[name]
    assert len(t_s) > 25 * driver(name).defaults.rate_hz
    around = [sensor.motion.read(t_s + k * t_step) for k in np.linspace(-1, 1, 9)]
    told = got.accel_mps2 / STANDARD_GRAVITY_MPS2, np.degrees(got.gyro_radps)
    for k, (values, step) in enumerate(zip(told, (g_step, dps_step), strict=True)):
        if np.all(np.isnan(values)):
            assert name == "polar_h10"
            continue
        read = np.stack([r[k] for r in around])
        settled = t_s > 1.0
        assert np.all((values >= read.min(axis=0) - step)[settled])
        assert np.all((values <= read.max(axis=0) + step)[settled])
    assert decoder.refusal is None
    assert sensor.refused == []
    stats = decoder.stats
    assert (stats.gaps, stats.lost_samples) == (0, 0)
    assert stats.unpaired <= 60  # one stream begins before the other


@pytest.mark.parametrize("name", ["polar", "polar_h10"])
def test_what_can_be_set_on_a_polar_is_what_it_takes(name: str) -> None:
    """Every rate and range that coxa offers starts every stream of the sensor, which names the wrong one else."""
    can = driver(name).capabilities
    for rate_hz, g, dps in product(can.rates_hz, can.accel_ranges_g, can.gyro_ranges_dps or (None,)):
        sensor, settings = emulator(name, scenario(EXERCISE, 3).raw), driver(name).settings(rate_hz, g, dps)
        sensor.connected()
        for uuid in driver(name).subscribe():
            sensor.subscribe(uuid)
        for write in driver(name).start(settings):
            sensor.write(write.characteristic, write.data)
        assert sensor.complete, settings


def test_a_polar_left_streaming_takes_the_settings_of_the_next_program() -> None:
    """An H10 whose program was killed measures on at 200 Hz: who comes then gets the rate that it asks for."""
    sensor, chosen = emulator("polar_h10", scenario(EXERCISE, 3).raw), driver("polar_h10")
    for rate_hz, until_s in ((200.0, 6.0), (50.0, 14.0)):
        sensor.connected()
        for uuid in chosen.subscribe():
            sensor.subscribe(uuid)
        for write in chosen.start(chosen.settings(rate_hz)):
            sensor.write(write.characteristic, write.data)
        decoder = chosen.decoder(chosen.settings(rate_hz))
        for told in sensor.until(until_s):
            decoder.feed(told.characteristic, told.data, told.at_s)
        assert decoder.rate_hz == pytest.approx(rate_hz, rel=0.01)
        sensor.disconnected()


def test_a_capture2go_out_of_range_keeps_what_it_measures() -> None:
    """Six seconds away: all of them come later; and where a link brings nothing, the next one starts it."""
    sensor, chosen = started("capture2go"), driver("capture2go")
    decoder, read = chosen.decoder(chosen.defaults), dict[str, bytes]()
    assert chosen.resume(chosen.defaults, decoder, read) == chosen.start(chosen.defaults)
    items = [i for t in sensor.until(10.0) for i in decoder.feed(t.characteristic, t.data, t.at_s)]
    sensor.disconnected()
    sensor.now_s = 16.0
    sensor.connected()
    assert chosen.resume(chosen.defaults, decoder, read) == ()
    sensor.subscribe(chosen.subscribe()[0])
    items += [i for t in sensor.until(26.0) for i in decoder.feed(t.characteristic, t.data, t.at_s)]
    assert decoder.stats.lost_samples == 0
    assert joined(items).t_s[-1] - boot_s(sensor) > 25.0
    assert chosen.resume(chosen.defaults, decoder, read) == ()
    assert chosen.resume(chosen.defaults, decoder, read) == chosen.start(chosen.defaults)
