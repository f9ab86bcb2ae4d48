"""What a simulated IMU has measured: register values on the device's clock. The seam between body and radio."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class RawStream:
    """A whole recording as the sensor's registers gave it."""

    rate_hz: float
    """Nominal output data rate."""
    accel_range_g: int
    """Full scale of the accelerometer: 32768 counts are this many g."""
    gyro_range_dps: int
    """Full scale of the gyroscope: 32768 counts are this many degrees per second."""
    t_us: NDArray[np.int64]
    """(n,) microseconds of the device's clock since boot, strictly increasing."""
    counts: NDArray[np.int16]
    """(n, 6) accelerometer x, y, z then gyroscope x, y, z; sensor frame; counts."""

    def __post_init__(self) -> None:
        """Raises ValueError: shapes or types disagree, or time does not increase."""
        if self.t_us.dtype != np.int64 or self.counts.dtype != np.int16:
            raise ValueError(f"RawStream wants int64 t_us and int16 counts, not {self.t_us.dtype}, {self.counts.dtype}")
        if self.counts.shape != (len(self.t_us), 6):
            raise ValueError(f"RawStream wants counts of shape ({len(self.t_us)}, 6), not {self.counts.shape}")
        if np.any(np.diff(self.t_us) <= 0):
            raise ValueError("RawStream wants strictly increasing t_us")

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.t_us)

    def repeated(self, times: int) -> RawStream:
        """The same person does it all over again, so many times in all; the clock goes on."""
        round_us = int(self.t_us[-1] - self.t_us[0]) + round(1e6 / self.rate_hz)
        later_us = np.repeat(np.arange(times, dtype=np.int64) * round_us, len(self))
        t_us = np.tile(self.t_us, times) + later_us
        return replace(self, t_us=t_us, counts=np.tile(self.counts, (times, 1)))
