"""For sensors without a gyro, or with a dead one: how the thigh turns, as far as gravity's direction shows it.

A turn about the vertical is not seen, and every acceleration of the body tilts gravity; so it is slow movements that
come out right. `python -m tools.variants DIR --only gyro` says how well all exercises are counted with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coxa.host.samples import FloatArray, SampleBlock


@dataclass(frozen=True, slots=True)
class ByGravityParams:
    """The low-pass filter of the specific force that leaves gravity."""

    cutoff_hz: float = 2.0
    """Below lies gravity, above what moves the sensor. 1.5 to 3 Hz were tried on the kinematic and the real recordings:
    at 1.5 walking counts, at 3 stretches break (docs/decisions.md)."""
    order: int = 2
    """Of the Butterworth filter: steeper ones ring and come later. 1 to 3."""


class GyroOrGravity:
    """Gives blocks without rates those that gravity shows; others stay as they are.

    The result does not depend on how blocks were cut.
    """

    def __init__(self) -> None:
        self._p = ByGravityParams()
        self.by_gravity = False
        """Whether the newest block came without rates."""
        self._sections: FloatArray = np.empty((0, 6))
        self._state: FloatArray | None = None
        self._up: FloatArray = np.zeros((1, 3))
        self._last_s = 0.0

    def forget(self) -> None:
        """What comes next begins at rest, as after a gap."""
        self._state = None

    def update(self, block: SampleBlock, period_s: float) -> SampleBlock:
        """The next samples, usually `period_s` apart, with their rates, rad/s, sensor frame."""
        had, self.by_gravity = self.by_gravity, lacks_gyro(block)
        if not self.by_gravity:
            return block
        from scipy.signal import butter, sosfilt, sosfilt_zi  # takes a second to load, and few sensors need it

        if not had:
            self._state = None
            self._sections = np.asarray(butter(self._p.order, self._p.cutoff_hz, fs=1.0 / period_s, output="sos"))
        first = block.accel_mps2[:1]
        begins = self._state is None
        if self._state is None:
            self._state = np.asarray(sosfilt_zi(self._sections))[:, :, None] * first[None]
        force, self._state = sosfilt(self._sections, block.accel_mps2, axis=0, zi=self._state)
        up = force / np.maximum(np.sqrt((force * force).sum(axis=1)), 1e-9)[:, None]
        before = np.concatenate([up[:1] if begins else self._up, up[:-1]])
        step_s = np.diff(block.t_s, prepend=block.t_s[0] - period_s if begins else self._last_s)[:, None]
        self._up, self._last_s = up[-1:].copy(), float(block.t_s[-1])
        # a direction that stays in the world turns in the sensor's frame by up' = -rate x up; least such rate: up' x up
        rate = np.cross((up - before) / step_s, up)
        return SampleBlock(block.t_s, block.accel_mps2, rate)


def lacks_gyro(block: SampleBlock) -> bool:
    """Whether its sensor has no gyro, or a dead one: its rates are no numbers."""
    return bool(len(block)) and bool(np.isnan(block.gyro_radps[0, 0]))


def without_rates(block: SampleBlock) -> SampleBlock:
    """The block as of a sensor without a gyro."""
    return SampleBlock(block.t_s, block.accel_mps2, np.full_like(block.gyro_radps, np.nan))
