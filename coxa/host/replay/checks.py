"""Whether numbers can be what they claim to be: seconds, m/s2 and rad/s of something worn by a person."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from coxa.host.errors import RecordingError
from coxa.host.replay.columns import ACCEL_MPS2, TIME_S, CsvFormat
from coxa.host.replay.recording import median_period_s
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, SampleBlock

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 20.0, 450.0
"""coxa is made for 25 to 400 Hz; the margin is for clocks that are off."""
LEAST_GRAVITY, MOST_GRAVITY = 0.3, 2.0
"""Bounds of the median specific force, in g. A worn sensor's median is close to 1 g; one with two dead axes
(UCI subject 2) still shows over 0.3 g."""
LARGEST_ACCEL_MPS2 = 400 * STANDARD_GRAVITY_MPS2
"""Twice the widest range of a high-g accelerometer for wearables (ADXL372, 200 g)."""
LARGEST_RATE_RADPS = 75.0
"""Just over the widest range of consumer gyroscopes (LSM6DSO32X and alike, 4000 deg/s = 69.8 rad/s)."""
BUSY_RATE_RADPS = 15.0
"""No thigh turns faster than this (860 deg/s) for one sample in a hundred; sprinting peaks near 12 rad/s."""


def check_rate(path: Path, t_s: FloatArray, form: CsvFormat) -> None:
    """Timestamps (n,) must come at a rate that coxa can work with.

    Raises:
        RecordingError: they do not; the text names the time unit that would explain it.
    """
    rate_hz = 1.0 / median_period_s(t_s)
    if LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ:
        return
    hint = ""
    for unit, seconds in TIME_S.items():
        if 25 <= rate_hz * TIME_S[form.time_unit] / seconds <= 400:
            hint = f"; looks like {unit}, pass --time-unit {unit}"
    raise RecordingError(
        f"{path}: column '{form.names[0]}': {rate_hz:.4g} samples a second found (median), expected 25 to 400{hint}"
    )


def check_units(path: Path, samples: SampleBlock, form: CsvFormat) -> None:
    """Values must be possible for a worn sensor.

    Raises:
        RecordingError: they are not; the text names the unit that would explain it.
    """
    accel_name, gyro_name = form.names[1], form.names[4]
    _check_largest(path, samples, form)
    force_g = float(np.median(np.linalg.norm(samples.accel_mps2, axis=1))) / STANDARD_GRAVITY_MPS2
    if not LEAST_GRAVITY <= force_g <= MOST_GRAVITY:
        found = f"median specific force {force_g * STANDARD_GRAVITY_MPS2:.4g} m/s2"
        raise RecordingError(
            f"{path}: columns '{accel_name}'...: {found} found, expected about 9.8{_accel_hint(force_g, form)}"
        )
    busy_radps = float(np.percentile(np.linalg.norm(samples.gyro_radps, axis=1), 99))
    if busy_radps > BUSY_RATE_RADPS:
        hint = "; looks like deg/s, pass --gyro-unit dps" if form.gyro_unit == "rad_s" else ""
        raise RecordingError(
            f"{path}: columns '{gyro_name}'...: {busy_radps:.4g} rad/s found in one sample of a hundred, expected "
            f"under {BUSY_RATE_RADPS:g}{hint}"
        )


def _accel_hint(force_g: float, form: CsvFormat) -> str:
    for unit, mps2 in ACCEL_MPS2.items():
        if unit != form.accel_unit and 0.7 <= force_g * mps2 / ACCEL_MPS2[form.accel_unit] <= 1.3:
            return f"; looks like {unit}, pass --accel-unit {unit}"
    return "; is gravity included, and the unit right (--accel-unit)?"


def _check_largest(path: Path, samples: SampleBlock, form: CsvFormat) -> None:
    for values, first, limit, unit, option in (
        (samples.accel_mps2, 1, LARGEST_ACCEL_MPS2, "m/s2", "--accel-unit"),
        (samples.gyro_radps, 4, LARGEST_RATE_RADPS, "rad/s", "--gyro-unit"),
    ):
        row, axis = np.unravel_index(int(np.abs(values).argmax()), values.shape)
        largest = float(values[row, axis])
        if abs(largest) > limit:
            hint = "deg/s, pass --gyro-unit dps" if unit == "rad/s" and form.gyro_unit == "rad_s" else f"see {option}"
            looks = "looks like " if hint.startswith("deg") else ""
            raise RecordingError(
                f"{path}: data row {int(row) + 1}, column '{form.names[first + int(axis)]}': {largest:.4g} {unit} found, "
                f"expected at most {limit:.4g}; {looks}{hint}"
            )
