"""How far gravity turns for what the gyro says that it turns: one, unless the gyro is read with another range."""

from __future__ import annotations

import math

from coxa.host.motion.stream_params import StreamParams
from coxa.host.samples import FloatArray


class TurnShare:
    """Least squares of gravity's turns on the gyro's, over short steps in which nothing but gravity is felt."""

    def __init__(self) -> None:
        self._both = self._gyro = self._felt = 0.0

    def add(self, felt: FloatArray, gyro: FloatArray) -> None:
        """By how much the direction of up (3,), sensor frame, changed in a step: as felt, and as the gyro predicts."""
        self._both += float(felt @ gyro)
        self._gyro += float(gyro @ gyro)
        self._felt += float(felt @ felt)

    def times(self, p: StreamParams) -> float | None:
        """How many times too small the gyro is read; None where that is not shown."""
        if self._both <= p.small_gyro_times * self._gyro or math.degrees(math.sqrt(self._felt)) < p.small_gyro_deg:
            return None
        likeness = self._both**2 / (self._gyro * self._felt)
        return self._both / self._gyro if likeness >= p.small_gyro_likeness else None
