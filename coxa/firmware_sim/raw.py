"""What a simulated IMU has measured: register values on the device's clock. The seam between body and radio."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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

    def save(self, path: Path) -> None:
        """Write as .npz, for `python -m coxa.firmware_sim --raw FILE`."""
        np.savez_compressed(
            path,
            rate_hz=self.rate_hz,
            accel_range_g=self.accel_range_g,
            gyro_range_dps=self.gyro_range_dps,
            t_us=self.t_us,
            counts=self.counts,
        )

    @classmethod
    def load(cls, path: Path) -> RawStream:
        """Read what `save` wrote.

        Raises:
            ValueError: the file lacks an array, or they disagree.
            OSError: the file cannot be read.
        """
        with np.load(path) as arrays:
            missing = {"rate_hz", "accel_range_g", "gyro_range_dps", "t_us", "counts"} - set(arrays.files)
            if missing:
                raise ValueError(f"{path.name} lacks {', '.join(sorted(missing))}")
            return cls(
                float(arrays["rate_hz"]),
                int(arrays["accel_range_g"]),
                int(arrays["gyro_range_dps"]),
                arrays["t_us"],
                arrays["counts"],
            )
