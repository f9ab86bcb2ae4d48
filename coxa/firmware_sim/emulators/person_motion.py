"""The simulated person's motion in the units that sensors' documents speak, at whatever moment a sensor samples it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.firmware_sim.raw import RawStream
from coxa.host.samples import FloatArray


class PersonMotion:
    """What an accelerometer and a gyroscope on the thigh read, by time from the start of the recording."""

    def __init__(self, raw: RawStream) -> None:
        self.boot_us = int(raw.t_us[0])
        """The device's clock when the recording begins."""
        self._t_s = (raw.t_us - raw.t_us[0]) * 1e-6
        self.end_s = float(self._t_s[-1])
        scale = np.array([raw.accel_range_g] * 3 + [raw.gyro_range_dps] * 3) / 32768
        self._columns = np.ascontiguousarray((raw.counts * scale).T)

    def read(self, t_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Specific force, (n, 3) g, and angular rate, (n, 3) deg/s, in the sensor's frame.

        After the end of the recording the last reading stays, as of somebody who has frozen.

        Args:
            t_s: (n,) seconds from the start of the recording.
        """
        values = np.stack([np.interp(t_s, self._t_s, column) for column in self._columns], axis=1)
        return values[:, :3], values[:, 3:]

    def steps(self, first_s: float, rate_hz: float, n: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The next n samples at a rate: their times, and what `read` gives."""
        t_s = first_s + np.arange(n) / rate_hz
        return t_s, *self.read(t_s)


def counts(values: FloatArray, of_one: float) -> NDArray[np.int16]:
    """Register values: `of_one` is what one count is worth; beyond the range they stay at its end."""
    return np.clip(np.rint(values / of_one), -32768, 32767).astype("<i2")
