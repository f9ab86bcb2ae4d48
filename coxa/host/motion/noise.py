"""Whether a sensor's noise is wider than its resolution: such a sensor never gives the same sample over and over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coxa.host.motion.accel_only import lacks_gyro
from coxa.host.samples import FloatArray, SampleBlock, joined


@dataclass(frozen=True, slots=True)
class NoiseParams:
    """What proves noise, in stretches at rest."""

    samples: int = 24
    """Length of a stretch: a second at 25 Hz, so that the two seconds of rest at the start hold one. 20 to 50."""
    still_radps: float = 0.03
    still_mps2: float = 0.3
    """Standard deviation of a resting sensor's worst axis; as `OrientationParams.still_gyro_radps`."""
    turns_share: float = 0.33
    """So many steps of an axis go against the one before: of noise two in three do, of sway at 1 Hz one in twelve. 0.17
    to 0.66: nothing breaks (`tests/test_mend.py`)."""
    steps_times: float = 1.2
    """And are so many times as large, on the average, as the smallest: noise of a standard deviation of one unit makes
    1.1, of two 2.2. A coarse axis at the edge between two values makes 1 at most. 1.2 to 1.5."""
    axes: int = 2
    """So many axes must show it: together they then stand still for one sample in six at most. 1 to 4: nothing breaks
    (`tests/test_mend.py`)."""
    stretches: int = 2
    """In so many stretches. 1 to 4: nothing breaks (`tests/test_mend.py`)."""


class NoiseProof:
    """Feed it samples until `proven`; it is a property of the sensor, and is not asked again."""

    def __init__(self) -> None:
        self._p = NoiseParams()
        self._seen: list[SampleBlock] = []
        self._found = 0

    @property
    def proven(self) -> bool:
        """Whether the sensor's values cannot stand still."""
        return self._found >= self._p.stretches

    def update(self, block: SampleBlock) -> None:
        """The next samples."""
        if self.proven or not len(block):
            return
        self._seen.append(block)
        if sum(map(len, self._seen)) < self._p.samples:
            return
        seen, n = joined(self._seen), self._p.samples
        for k in range(0, len(seen) - n + 1, n):
            self._found += self._noisy(seen.part(k, k + n))
            if self.proven:
                self._seen = []
                return
        self._seen = [seen.part(len(seen) - len(seen) % n, len(seen))]

    def forget(self) -> None:
        """Samples are missing: a stretch begins anew."""
        self._seen = []

    def _noisy(self, stretch: SampleBlock) -> bool:
        p, gyro = self._p, not lacks_gyro(stretch)
        if stretch.accel_mps2.std(axis=0).max() > p.still_mps2:
            return False
        if gyro and stretch.gyro_radps.std(axis=0).max() > p.still_radps:
            return False
        values = np.hstack([stretch.accel_mps2, stretch.gyro_radps]) if gyro else stretch.accel_mps2
        return sum(self._flickers(axis) for axis in values.T) >= p.axes

    def _flickers(self, axis: FloatArray) -> bool:
        step = np.diff(axis)
        size = np.abs(step)
        smallest = size[size > 0.0].min(initial=np.inf)
        turns = int(np.count_nonzero(step[1:] * step[:-1] < 0.0))
        wide = float(size.mean()) >= self._p.steps_times * float(smallest)
        return wide and turns >= self._p.turns_share * len(step)
