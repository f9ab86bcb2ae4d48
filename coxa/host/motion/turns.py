"""Turns in space of vectors that are arrays."""

from __future__ import annotations

import numpy as np

from coxa.host.samples import FloatArray, row_dots


def turned(v: FloatArray, turn_rad: FloatArray) -> FloatArray:
    """Vectors (n, 3), each turned about the axis of its row of `turn_rad` (n, 3) by that axis' length, right-handed
    (Rodrigues' formula).
    """
    angle_rad = np.sqrt(row_dots(turn_rad, turn_rad))[:, None]
    axis = turn_rad / np.maximum(angle_rad, 1e-12)
    along = row_dots(axis, v)[:, None] * axis
    return along + np.cos(angle_rad) * (v - along) + np.sin(angle_rad) * np.cross(axis, v)
