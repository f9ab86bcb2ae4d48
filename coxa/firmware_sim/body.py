"""A pelvis and a thigh in motion: smooth joint angles in, exact orientation and acceleration of the thigh out.

Frames: world z up; body after ISB (Wu et al. 2002): x anterior, y proximal (head), z to the person's right.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from scipy.spatial.transform import Rotation

from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray

DENSE_HZ = 400.0
TRACKS = ("yaw", "lean", "roll", "flexion", "abduction", "rotation", "hip_x_m", "hip_y_m", "hip_z_m")
"""Degrees of freedom: heading, trunk lean back (90: on the back), roll about the trunk's own axis (+90: right side
up), hip joint angles, position of the hip: x ahead and y to the left of the person, z up. Angles in degrees."""


def smooth_step(share: FloatArray) -> FloatArray:
    """0 to 1 with speed, acceleration and jerk zero at both ends (septic polynomial)."""
    s = np.clip(share, 0.0, 1.0)
    return s**4 * (35 - 84 * s + 70 * s**2 - 20 * s**3)


class Timeline:
    """Joint angles over time, written from the beginning to the end."""

    def __init__(self, start: dict[str, float] | None = None) -> None:
        self.now_s = 0.0
        self.value = {name: 0.0 for name in TRACKS} | {"hip_z_m": 0.9} | (start or {})
        self._start = dict(self.value)
        self._moves: list[tuple[float, float, str, float]] = []
        self._added: list[tuple[float, str, FloatArray]] = []

    def move(self, seconds: float, **targets: float) -> None:
        """Bring tracks smoothly to new values."""
        for name, target in targets.items():
            self._moves.append((self.now_s, seconds, name, target - self.value[name]))
            self.value[name] = target
        self.now_s += seconds

    def rest(self, seconds: float) -> None:
        """Nothing moves."""
        self.now_s += seconds

    def add(self, name: str, signal: FloatArray) -> None:
        """Lay a signal at `DENSE_HZ` over a track from now on, without waiting."""
        self._added.append((self.now_s, name, signal))

    def evaluate(self) -> tuple[FloatArray, dict[str, FloatArray]]:
        """Times (n,) in seconds and every track (n,) at `DENSE_HZ`."""
        t_s = np.arange(0.0, self.now_s, 1.0 / DENSE_HZ)
        tracks = {name: np.full_like(t_s, start) for name, start in self._start.items()}
        for start_s, seconds, name, delta in self._moves:
            begins, ends = t_s.searchsorted([start_s, start_s + seconds])
            tracks[name][begins:ends] += delta * smooth_step((t_s[begins:ends] - start_s) / seconds)
            tracks[name][ends:] += delta
        for start_s, name, signal in self._added:
            first = round(start_s * DENSE_HZ)
            part = signal[: max(len(t_s) - first, 0)]
            tracks[name][first : first + len(part)] += part
        return t_s, tracks


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """The thigh's true motion."""

    t_s: FloatArray
    """(n,) seconds."""
    thigh_to_world: Rotation
    """n rotations."""
    hip_m: FloatArray
    """(n, 3) position of the hip joint, world."""

    def proximal(self) -> FloatArray:
        """(n, 3) direction of the thigh towards the hip, world."""
        return self.thigh_to_world.apply([0.0, 1.0, 0.0])

    def up(self) -> FloatArray:
        """(n, 3) direction of up, thigh frame."""
        return self.thigh_to_world.inv().apply([0.0, 0.0, 1.0])


def motion_of(timeline: Timeline, right_leg: bool) -> Motion:
    """Put the chain together: heading, lean, roll, then the hip joint (flexion, abduction, rotation)."""
    t_s, k = timeline.evaluate()
    sign = -1.0 if right_leg else 1.0
    base = Rotation.from_matrix([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
    heading = _about([0, 0, 1], k["yaw"])
    lean, roll = _about([0, 0, 1], k["lean"]), _about([0, 1, 0], k["roll"])
    flexion = _about([0, 0, 1], k["flexion"])
    abduction = _about([1, 0, 0], sign * k["abduction"])
    twist = _about([0, 1, 0], -sign * k["rotation"])
    hip_m = heading.apply(np.column_stack([k["hip_x_m"], k["hip_y_m"], k["hip_z_m"]]))
    return Motion(t_s, reduce(chained, (heading, base, lean, roll, flexion, abduction, twist)), hip_m)


def _about(axis: list[int], angles_deg: FloatArray) -> Rotation:
    """Rotations about one axis, one for each angle."""
    return Rotation.from_rotvec(np.radians(angles_deg)[:, None] * np.array(axis, dtype=np.float64))


def chained(a: Rotation, b: Rotation) -> Rotation:
    """`a * b`, of which at least one is n rotations: SciPy (1.17) takes ten times as long, one pair after the other."""
    ax, ay, az, aw = a.as_quat().T
    bx, by, bz, bw = b.as_quat().T
    x = aw * bx + ax * bw + ay * bz - az * by
    y = aw * by + ay * bw + az * bx - ax * bz
    z = aw * bz + az * bw + ax * by - ay * bx
    return Rotation.from_quat(np.column_stack([x, y, z, aw * bw - ax * bx - ay * by - az * bz]))


def specific_force(motion: Motion, place_m: FloatArray) -> FloatArray:
    """(n, 3) what a perfect accelerometer at `place_m` of the thigh frame feels, thigh frame, m/s2.

    The second derivative of its position, not of a formula: gravity and acceleration together, +g on the axis that
    points up at rest.
    """
    position = motion.hip_m + motion.thigh_to_world.apply(place_m)
    acceleration = np.gradient(np.gradient(position, 1 / DENSE_HZ, axis=0), 1 / DENSE_HZ, axis=0)
    return motion.thigh_to_world.inv().apply(acceleration + np.array([0.0, 0.0, STANDARD_GRAVITY_MPS2]))


def angular_rate(orientation: Rotation) -> FloatArray:
    """(n, 3) angular rate in the body's own frame, rad/s, from the steps between orientations."""
    step = chained(orientation[:-1].inv(), orientation[1:]).as_rotvec() * DENSE_HZ
    middle = 0.5 * (step[:-1] + step[1:])
    return np.vstack([step[:1], middle, step[-1:]])
