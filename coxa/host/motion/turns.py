"""Turns in space of vectors that are arrays."""

from __future__ import annotations

import math

import numpy as np

from coxa.host.samples import FloatArray


def turned(v: FloatArray, turn_rad: FloatArray) -> FloatArray:
    """A vector (3,) turned about an axis by the axis' length, right-handed (Rodrigues' formula)."""
    angle_rad = float(np.linalg.norm(turn_rad))
    axis = turn_rad / max(angle_rad, 1e-12)
    along = float(axis @ v) * axis
    return along + math.cos(angle_rad) * (v - along) + math.sin(angle_rad) * np.cross(axis, v)
