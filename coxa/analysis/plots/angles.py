"""Thigh angles of a recording, for pictures: tilt decoded anew, against a rest pose that lies before a movement."""

from __future__ import annotations

import numpy as np

from coxa.host.motion.orientation import Orientation, TiltBlock
from coxa.host.samples import FloatArray, StreamItem, row_dots

REST_S, LOOK_BACK_S = 0.6, 4.0
"""The stillest stretch of the first length within the second before a movement is its zero."""


def tilt_of(items: list[StreamItem]) -> tuple[FloatArray, FloatArray]:
    """Times (n,) in seconds and direction of up (n, 3), sensor frame."""
    orientation = Orientation()
    out = [b for item in items for b in orientation.update(item)] + orientation.finish()
    blocks = [b for b in out if isinstance(b, TiltBlock)]
    if not blocks:
        raise ValueError("less than a second of samples")
    return np.concatenate([b.t_s for b in blocks]), np.concatenate([b.up for b in blocks])


def rest_pose(t_s: FloatArray, up: FloatArray, before_s: float) -> FloatArray:
    """Mean direction of up over the stillest moment shortly before a movement."""
    best, spread = up[np.searchsorted(t_s, before_s).clip(0, len(up) - 1)], np.inf
    for start_s in np.arange(before_s - LOOK_BACK_S, before_s - REST_S, 0.1):
        part = up[(t_s >= start_s) & (t_s < start_s + REST_S)]
        if len(part) > 3 and float(np.ptp(part, axis=0).max()) < spread:
            best, spread = part.mean(axis=0), float(np.ptp(part, axis=0).max())
    return best


def elevation_deg(up: FloatArray, zero: FloatArray) -> FloatArray:
    """Angle (n,) between direction of up (n, 3) and that of the rest pose (3,), degrees."""
    unit = np.broadcast_to(zero / np.linalg.norm(zero), up.shape)
    return np.degrees(np.arccos(np.clip(row_dots(up, unit), -1.0, 1.0)))
