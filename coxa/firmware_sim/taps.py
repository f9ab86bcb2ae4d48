"""Taps of a finger on the sensor: short knocks that die away on the strap."""

from __future__ import annotations

import numpy as np

from coxa.firmware_sim.body import DENSE_HZ
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray

LASTS_S = 0.1
"""After so long nothing of a tap is left."""


def knocks(t_s: FloatArray, taps_s: list[float], axis: FloatArray, rng: np.random.Generator) -> FloatArray:
    """(n, 3) what taps add to the specific force, in the frame of `axis`, m/s2.

    Each is a push of 5 to 15 ms and 1 to 4 g, mostly along `axis` (the sensor's normal), then a rebound that dies away.
    """
    added = np.zeros((len(t_s), 3))
    for at_s in taps_s:
        first = int(np.ceil(at_s * DENSE_HZ))
        part = t_s[first : first + int(LASTS_S * DENSE_HZ)] - at_s
        added[first : first + len(part)] += _knock(part, rng)[:, None] * _direction(axis, rng)
    return added


def _knock(t_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    size = rng.uniform(1.0, 4.0) * STANDARD_GRAVITY_MPS2
    lasts_s, decay_s, hz = rng.uniform(0.005, 0.015), rng.uniform(0.006, 0.014), rng.uniform(25.0, 60.0)
    push = np.where(t_s < lasts_s, np.sin(np.pi * t_s / lasts_s), 0.0)
    after_s = np.maximum(t_s - lasts_s, 0.0)
    rebound = -0.4 * np.sin(2 * np.pi * hz * after_s) * np.exp(-after_s / decay_s)
    return size * (push + rebound)


def _direction(axis: FloatArray, rng: np.random.Generator) -> FloatArray:
    """A finger does not hit squarely: up to 35 degrees off, or so."""
    tilted = -axis + 0.35 * rng.normal(0, 1, 3)
    return tilted / np.linalg.norm(tilted)
