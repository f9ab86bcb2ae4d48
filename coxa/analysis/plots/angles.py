"""Thigh angles of a recording, for pictures: tilt decoded anew, against a rest pose that lies before a movement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from coxa.host.events import Event, HoldEnded, Movement, RepCompleted, RepRejected
from coxa.host.motion.orientation import Orientation, TiltBlock
from coxa.host.samples import FloatArray, StreamItem, row_dots

REST_S, LOOK_BACK_S = 0.6, 6.0
"""A still stretch of the first length within the second before a movement is its zero."""
STILL = 0.05
"""Stretches in which the direction of up spreads by so much more (3 degrees) than in the stillest are as still."""


def tilt_of(items: list[StreamItem]) -> tuple[FloatArray, FloatArray]:
    """Times (n,) in seconds and direction of up (n, 3), sensor frame.

    Raises:
        ValueError: there is less than a second of samples.
    """
    orientation = Orientation()
    out = [b for item in items for b in orientation.update(item)] + orientation.finish()
    blocks = [b for b in out if isinstance(b, TiltBlock)]
    if not blocks:
        raise ValueError("less than a second of samples")
    return np.concatenate([b.t_s for b in blocks]), np.concatenate([b.up for b in blocks])


def rest_pose(t_s: FloatArray, up: FloatArray, event: Movement) -> FloatArray:
    """Direction of up (3,) from which a movement began.

    Of the moments before it in which the thigh was as good as still, the one that lies as far from its top as the
    event says: the stillest may have been another posture.
    """
    poses, spreads = _moments(t_s, up, event.start_s - LOOK_BACK_S, event.start_s)
    if not poses:
        return up[int(np.searchsorted(t_s, event.start_s).clip(0, len(up) - 1))]
    stillest = int(np.argmin(spreads))
    top = _top(t_s, up, event)
    if top is None or isinstance(event, RepRejected):
        return poses[stillest]
    still = [p for p, spread in zip(poses, spreads, strict=True) if spread <= spreads[stillest] + STILL]
    return min(still, key=lambda p: abs(float(elevation_deg(top[None], p)[0]) - event.rom_deg))


def stillest_pose(t_s: FloatArray, up: FloatArray) -> FloatArray:
    """Direction of up (3,) where it spreads least for a moment; where there is no such moment, at the first time."""
    poses, spreads = _moments(t_s, up, float(t_s[0]), float(t_s[-1]))
    return poses[int(np.argmin(spreads))] if poses else up[0]


def _moments(t_s: FloatArray, up: FloatArray, from_s: float, to_s: float) -> tuple[list[FloatArray], list[float]]:
    """Mean direction of up (3,) of every stretch of `REST_S` between two times, and by how much it spreads there."""
    poses, spreads = list[FloatArray](), list[float]()
    for start_s in np.arange(from_s, to_s - REST_S, 0.1):
        part = up[slice(*np.searchsorted(t_s, [start_s, start_s + REST_S]))]
        if len(part) > 3:
            poses.append(part.mean(axis=0))
            spreads.append(float(np.ptp(part, axis=0).max()))
    return poses, spreads


def series(events: Iterable[Event], pause_s: float) -> list[list[Movement]]:
    """Movements from one rest pose: another begins with another exercise, or after a longer pause."""
    found = list[list[Movement]]()
    for event in events:
        if not isinstance(event, Movement):
            continue
        last = found[-1][-1] if found else None
        if last is None or event.exercise != last.exercise or event.start_s - last.end_s > pause_s:
            found.append([])
        found[-1].append(event)
    return found


def first_counted(events: Sequence[Movement]) -> Movement:
    """The first that counted, else the first: what was rejected may have begun anywhere."""
    return next((e for e in events if not isinstance(e, RepRejected)), events[0])


def _top(t_s: FloatArray, up: FloatArray, event: Movement) -> FloatArray | None:
    """Direction of up (3,) at the far end of a movement; circles have none."""
    if isinstance(event, RepCompleted) and event.direction is None:
        return up[int(np.searchsorted(t_s, event.peak_s).clip(0, len(up) - 1))]
    inside = up[(t_s >= event.start_s) & (t_s <= event.end_s)]
    return np.median(inside, axis=0) if isinstance(event, HoldEnded) and len(inside) else None


def elevation_deg(up: FloatArray, zero: FloatArray) -> FloatArray:
    """Angle (n,) between direction of up (n, 3) and that of the rest pose (3,), degrees."""
    unit = np.broadcast_to(zero / np.linalg.norm(zero), up.shape)
    return np.degrees(np.arccos(np.clip(row_dots(up, unit), -1.0, 1.0)))
