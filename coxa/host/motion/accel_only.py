"""For sensors without a gyro: how the thigh turns, as far as gravity's direction shows it.

A turn about the vertical is not seen, and every acceleration of the body tilts gravity; so it is slow movements that
come out right. `python -m tools.variants DIR --only gyro` says how well all exercises are counted with it.
"""

from __future__ import annotations

from dataclasses import replace
from math import hypot

import numpy as np

from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.samples import FloatArray, SampleBlock

CUTOFF_HZ = 2.0
"""Of the specific force; below lies gravity, above what moves the sensor. 1.5 to 3 Hz were tried on the kinematic and
the real recordings: at 1.5 walking counts, at 3 stretches break (docs/decisions.md)."""
ORDER = 2
TILT_SD_DEG = 4.0
"""Standard error of a peak's tilt beyond a sensor's with a gyro: ranges of motion of the kinematic recordings are 3.2
degrees off in the mean without a gyro, 1.2 with it."""


class TurnByGravity:
    """Gives blocks without a gyro the rates that gravity shows. The result does not depend on how blocks were cut."""

    def __init__(self, period_s: float) -> None:
        from scipy.signal import butter  # here and below: it takes a second to load, and few sensors need it

        self._period_s = period_s
        self._sections: FloatArray = np.asarray(butter(ORDER, CUTOFF_HZ, fs=1.0 / period_s, output="sos"))
        self._state: FloatArray | None = None
        self._up: FloatArray = np.zeros((1, 3))

    def update(self, block: SampleBlock) -> SampleBlock:
        """The next samples with their rates, rad/s, sensor frame; the first sample is taken for rest."""
        from scipy.signal import sosfilt, sosfilt_zi

        first = block.accel_mps2[:1]
        if self._state is None:
            self._state = np.asarray(sosfilt_zi(self._sections))[:, :, None] * first[None]
        force, self._state = sosfilt(self._sections, block.accel_mps2, axis=0, zi=self._state)
        up = force / np.maximum(np.sqrt((force * force).sum(axis=1)), 1e-9)[:, None]
        before = np.concatenate([self._up if self._up.any() else up[:1], up[:-1]])
        self._up = up[-1:].copy()
        # a direction that stays in the world turns in the sensor's frame by up' = -rate x up; least such rate: up' x up
        rate = np.cross((up - before) / self._period_s, up)
        return SampleBlock(block.t_s, block.accel_mps2, rate)


def less_certain(event: Event) -> Event:
    """What was measured without a gyro, with the uncertainty that this has; smoothness of a smoothed course is none."""
    if isinstance(event, RepCompleted):
        event = replace(event, smoothness=None)
    if isinstance(event, RepCompleted | HoldEnded) and event.rom_sd_deg is not None:
        return replace(event, rom_sd_deg=hypot(event.rom_sd_deg, TILT_SD_DEG))
    return event


def lacks_gyro(block: SampleBlock) -> bool:
    """Whether its sensor has no gyro: drivers then give rates that are no numbers."""
    return bool(len(block)) and bool(np.isnan(block.gyro_radps[0, 0]))
