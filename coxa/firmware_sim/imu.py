"""What a real sensor on soft tissue makes of the thigh's motion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from coxa.firmware_sim.body import DENSE_HZ, Motion, angular_rate, chained, specific_force
from coxa.firmware_sim.raw import RawStream
from coxa.firmware_sim.taps import knocks
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray

MG_MPS2 = STANDARD_GRAVITY_MPS2 / 1000


@dataclass(frozen=True, slots=True)
class ImuModel:
    """Errors of one type of sensor, as its datasheet gives them (1 sigma where it says typical)."""

    name: str
    accel_noise_mps2_rthz: float
    gyro_noise_dps_rthz: float
    accel_bias_mps2: float
    gyro_bias_dps: float
    accel_scale: float
    gyro_scale: float
    accel_range_g: int = 8
    gyro_range_dps: int = 1000


MODELS = {
    m.name: m
    for m in (
        # ST LSM6DS3TR-C datasheet rev 4, table 3
        ImuModel("LSM6DS3TR-C", 90e-3 * MG_MPS2, 5e-3, 40 * MG_MPS2, 3.0, 0.01, 0.01),
        # Bosch BMI270 datasheet 1.5, tables 2 and 3
        ImuModel("BMI270", 160e-3 * MG_MPS2, 7e-3, 20 * MG_MPS2, 0.5, 0.004, 0.004),
        # InvenSense MPU-6050 product specification 3.4, sections 6.1 and 6.2
        ImuModel("MPU-6050", 400e-3 * MG_MPS2, 5e-3, 50 * MG_MPS2, 8.0, 0.02, 0.02),
    )
}


@dataclass(frozen=True, slots=True)
class Strap:
    """Where and how the sensor sits on the thigh."""

    round_deg: float
    """Angle round the thigh, 0 in front."""
    upside_down: bool
    tilt_deg: tuple[float, float]
    """Tilt against the thigh's axis about the sensor's two other axes."""
    down_m: float
    """Distance below the hip joint."""
    looseness: float
    """Soft tissue: 0 a rigid body, 1 typical, 2 a lot."""


def measure(
    motion: Motion,
    strap: Strap,
    model: ImuModel,
    rate_hz: float,
    rng: np.random.Generator,
    piece: np.random.Generator | None = None,
    taps_s: list[float] | None = None,
) -> RawStream:
    """The registers of the sensor over the whole motion, on its own drifting clock.

    `piece` draws what one piece of hardware keeps, its scale and zero errors; None: `rng` does.
    `taps_s` are the times at which a finger taps on the sensor.
    """
    place_m = np.array(
        [0.07 * np.cos(np.radians(strap.round_deg)), -strap.down_m, 0.07 * np.sin(np.radians(strap.round_deg))]
    )
    force = specific_force(motion, place_m)
    if taps_s:
        force = force + knocks(motion.t_s, taps_s, _mounting(strap).apply([0.0, 0.0, 1.0]), rng)
    sensor_to_thigh = chained(_wobble(force, strap, rng), _mounting(strap))
    accel = sensor_to_thigh.inv().apply(force)
    gyro = np.degrees(angular_rate(chained(motion.thigh_to_world, sensor_to_thigh)))
    t_true, t_us = _clock(motion.t_s[-1], rate_hz, rng)
    accel = _sampled(accel, motion.t_s, t_true, rate_hz)
    gyro = _sampled(gyro, motion.t_s, t_true, rate_hz)
    accel = _wrong(accel, model.accel_scale, model.accel_bias_mps2, model.accel_noise_mps2_rthz, rate_hz, rng, piece)
    gyro = _wrong(gyro, model.gyro_scale, model.gyro_bias_dps, model.gyro_noise_dps_rthz, rate_hz, rng, piece)
    counts = np.column_stack(
        [accel / (model.accel_range_g * STANDARD_GRAVITY_MPS2 / 32768), gyro / (model.gyro_range_dps / 32768)]
    )
    return RawStream(
        rate_hz,
        model.accel_range_g,
        model.gyro_range_dps,
        t_us,
        np.clip(np.rint(counts), -32768, 32767).astype(np.int16),
    )


def _mounting(strap: Strap) -> Rotation:
    """Sensor x along the thigh (towards the hip, or away upside down), z out of the skin."""
    round_thigh = Rotation.from_euler("y", -strap.round_deg, degrees=True)
    axes = Rotation.from_matrix(np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))
    flip = Rotation.from_euler("z", 180.0 if strap.upside_down else 0.0, degrees=True)
    return round_thigh * axes * flip * Rotation.from_euler("zy", strap.tilt_deg, degrees=True)


def _wobble(force: FloatArray, strap: Strap, rng: np.random.Generator) -> Rotation:
    """Soft tissue: the sensor swings on the flesh, driven by changes of the force across the skin (about 7 Hz, quickly
    damped), and tilts a little with it; amplitudes after the skin-marker studies of Leardini et al. (2005)."""
    hz, damping = rng.uniform(5.0, 9.0), rng.uniform(0.25, 0.5)
    w, step = 2 * np.pi * hz, 1 / DENSE_HZ
    one = float(-2 * np.exp(-damping * w * step) * np.cos(w * step * np.sqrt(1 - damping**2)))
    two = float(np.exp(-2 * damping * w * step))
    gain_deg = strap.looseness * 0.18
    across = force[:, [0, 2]]
    swing = _resonance(across - across[0], one, two) * gain_deg
    return Rotation.from_euler("xz", np.column_stack([swing[:, 1], -swing[:, 0]]), degrees=True)


def _resonance(driven: FloatArray, one: float, two: float) -> FloatArray:
    """(n, 2) what swings at each step by what drives it, less `one` times what it was a step and `two` times what it
    was two steps before; as far as that in the end, if it is driven steadily.

    By hand, as `scipy.signal` takes longer to load than all else that simulates. Both columns go as one of complex
    numbers.
    """
    swing, before, earlier = list[complex](), 0j, 0j
    for drive in ((1.0 + one + two) * (driven[:, 0] + 1j * driven[:, 1])).tolist():
        before, earlier = -two * earlier - one * before + drive, before
        swing.append(before)
    return np.array(swing).view(np.float64).reshape(-1, 2)


def _clock(seconds: float, rate_hz: float, rng: np.random.Generator) -> tuple[FloatArray, np.ndarray]:
    """True times of the samples, and what the device's clock (off by some ppm, 1 us resolution) says."""
    n = int((seconds - 0.05) * rate_hz)
    jitter_s = np.clip(rng.normal(0, 0.01 / rate_hz, n), -0.2 / rate_hz, 0.2 / rate_hz)
    t_true = 0.02 + np.arange(n) / rate_hz + jitter_s
    ppm = rng.normal(0, 30)
    boot_us = rng.integers(2_000_000, 600_000_000)
    t_us = np.rint(t_true * 1e6 * (1 + ppm * 1e-6)).astype(np.int64) + boot_us
    return t_true, t_us


def _sampled(dense: FloatArray, t_s: FloatArray, at_s: FloatArray, rate_hz: float) -> FloatArray:
    """The sensor's own low pass (a third of its rate at most), then its samples."""
    width = max(int(DENSE_HZ / rate_hz), 1)
    kernel = np.ones(width) / width
    smooth = np.column_stack([np.convolve(dense[:, i], kernel, mode="same") for i in range(3)])
    smooth[:width], smooth[-width:] = dense[:width], dense[-width:]
    return np.column_stack([np.interp(at_s, t_s, smooth[:, i]) for i in range(3)])


def _wrong(
    values: FloatArray,
    scale: float,
    bias: float,
    noise_rthz: float,
    rate_hz: float,
    rng: np.random.Generator,
    piece: np.random.Generator | None,
) -> FloatArray:
    """Scale, cross-axis and zero errors, a slow walk of the zero, and white noise over half the rate."""
    kept = piece or rng
    mix = np.eye(3) + np.diag(kept.normal(0, scale, 3)) + kept.normal(0, scale / 3, (3, 3))
    walk = np.cumsum(rng.normal(0, bias * 2e-4 / np.sqrt(rate_hz), values.shape), axis=0)
    noise = rng.normal(0, noise_rthz * np.sqrt(rate_hz / 2), values.shape)
    return values @ mix.T + kept.normal(0, bias / 2, 3) + walk + noise
