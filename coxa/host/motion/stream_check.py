"""Looks for what is wrong with a stream itself: clipping, dead axes, wrong units, an accelerometer that lies."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

import numpy as np

from coxa.host.motion.accel_only import lacks_gyro
from coxa.host.samples import (
    LEAST_HZ,
    MAX_GYRO_RADPS,
    STANDARD_GRAVITY_MPS2,
    FloatArray,
    Gap,
    SampleBlock,
    StreamItem,
)

STRETCH_S = 4.0
"""The stream is judged in stretches of this length, wherever blocks were cut."""
STEP_S = 0.4
QUIET_MPS2 = 1.0
"""Where the force is this near to 1 g, at both ends of a step, it shows which way is up."""
TURN_DEG = 4.0
"""Smaller turns of a step are noise."""
PROOF_DEG = 600.0
"""So much turning, all in all, proves something."""
SEEN_SHARE = 0.5
"""An accelerometer that sees less than this of the gyro's turning is broken (subject 2 of `ptx`: 0.3 to 0.7; healthy
sensors 0.8 and more outside walking)."""
UNIT_FACTOR = 15.0
"""deg/s read as rad/s turn 57 times too far."""
FLAT_RUN = 3
"""So many equal extreme values in a row are a limit, not a movement."""
ACCEL_RANGES_G = (2, 4, 8, 16)
GYRO_RANGES_DPS = (125, 250, 500, 1000, 2000)
RANGE_ERROR = 0.03
"""How far a sensor's limit lies off its nominal range, by its scale and zero errors."""
STRETCHES = 600
"""The rate is that of so many of the newest stretches."""
NO_GYRO = (
    "this sensor has no gyro: only slow movements are counted well, angles are less certain, and taps are not noticed"
)
LIVELY_MPS2 = 0.5
"""Where one axis moves by this much (standard deviation), a constant one is dead."""


class StreamCheck:
    """Feed it the stream; `warnings` tells what was found, in words for the user."""

    def __init__(self) -> None:
        self._blocks: list[SampleBlock] = []
        self._gyro_deg = 0.0
        self._accel_deg = 0.0
        self._turned_deg = 0.0
        self._feels_gravity, self._no_gyro = False, False
        self._clipped = {"accelerometer": 0, "gyroscope": 0}
        self._limit = {"accelerometer": 0.0, "gyroscope": 0.0}
        self._spread = np.zeros(6)
        self._calmest_mps2 = np.inf
        self._zero_radps = np.zeros(3)
        self._steps_s = deque[float](maxlen=STRETCHES)

    def update(self, item: StreamItem) -> None:
        """Take the next item."""
        if isinstance(item, Gap):
            self._blocks.clear()
            return
        if not len(item):
            return
        if lacks_gyro(item):
            self._no_gyro, item = True, SampleBlock(item.t_s, item.accel_mps2, np.zeros_like(item.gyro_radps))
        self._blocks.append(item)
        if item.t_s[-1] - self._blocks[0].t_s[0] < STRETCH_S:
            return
        t, values = self._joined()
        while len(t) and t[-1] - t[0] >= STRETCH_S:
            n = int(np.searchsorted(t, t[0] + STRETCH_S))
            self._judge(t[:n], values[:n])
            t, values = t[n:], values[n:]
        self._blocks = [SampleBlock(t, values[:, :3], values[:, 3:])] if len(t) else []

    @property
    def clipped_samples(self) -> int:
        """Samples at a limit of the sensor."""
        accel = _near(self._limit["accelerometer"] / STANDARD_GRAVITY_MPS2, ACCEL_RANGES_G)
        gyro = _near(float(np.degrees(self._limit["gyroscope"])), GYRO_RANGES_DPS)
        found = (("accelerometer", accel), ("gyroscope", gyro))
        return sum(self._clipped[name] for name, limit in found if limit is not None)

    def warnings(self) -> list[str]:
        """What is wrong, most serious first; empty where nothing is."""
        found = [*self._wrong_scale(), *self._dead_axes(), *self._blind(), *self._clips()]
        if self._no_gyro:
            found.append(NO_GYRO)
        if self._steps_s and 1.0 / float(np.median(self._steps_s)) < LEAST_HZ:
            found.append(f"{1.0 / float(np.median(self._steps_s)):.0f} samples a second are too few, set 25 or more")
        return found

    def _joined(self) -> tuple[FloatArray, FloatArray]:
        t = np.concatenate([b.t_s for b in self._blocks])
        rows = [np.column_stack([b.accel_mps2, b.gyro_radps]) for b in self._blocks]
        return t, np.concatenate(rows)

    def _judge(self, t: FloatArray, values: FloatArray) -> None:
        if len(t) < 10:
            return
        step_s = float(np.median(np.diff(t)))
        self._steps_s.append(step_s)
        self._spread = np.maximum(self._spread, values.std(axis=0))
        self._note_limits("accelerometer", values[:, :3])
        self._note_limits("gyroscope", values[:, 3:])
        calm_mps2 = float(values[:, :3].std(axis=0).max())
        if calm_mps2 < self._calmest_mps2:
            self._calmest_mps2, self._zero_radps = calm_mps2, values[:, 3:].mean(axis=0)
        self._compare(values, step_s)

    def _note_limits(self, name: str, values: FloatArray) -> None:
        size = np.abs(values)
        most = float(size.max())
        if most > 1.001 * self._limit[name]:
            self._limit[name], self._clipped[name] = most, 0
        flat = size >= 0.999 * self._limit[name]
        run = np.ones(FLAT_RUN)
        for axis in range(3):
            runs = np.convolve(flat[:, axis], run, "valid") >= FLAT_RUN
            self._clipped[name] += int(runs.sum()) + (FLAT_RUN - 1) * int(runs.any())

    def _compare(self, values: FloatArray, step_s: float) -> None:
        """Add up by how far gravity turned, as the gyro and as the accelerometer saw it."""
        n = max(round(STEP_S / step_s), 2)
        force = np.linalg.norm(values[:, :3], axis=1)
        for k in range(0, len(values) - n, n):
            if max(abs(force[k] - STANDARD_GRAVITY_MPS2), abs(force[k + n] - STANDARD_GRAVITY_MPS2)) > QUIET_MPS2:
                continue
            self._feels_gravity = True
            before, after = values[k, :3] / force[k], values[k + n, :3] / force[k + n]
            rate_radps = values[k : k + n, 3:].mean(axis=0) - self._zero_radps
            self._turned_deg += float(np.degrees(np.linalg.norm(rate_radps)) * n * step_s)
            turned = _turned(before, -rate_radps * n * step_s)
            gyro_deg = np.degrees(np.linalg.norm(turned - before))
            if gyro_deg >= TURN_DEG:
                self._gyro_deg += float(gyro_deg)
                self._accel_deg += float(np.degrees(np.linalg.norm(after - before)))

    def _blind(self) -> list[str]:
        if self._gyro_deg < PROOF_DEG or self._accel_deg >= SEEN_SHARE * self._gyro_deg:
            return []
        share = 100 * self._accel_deg / self._gyro_deg
        return [
            f"the accelerometer sees {share:.0f} % of the movement that the gyroscope measures: an axis is dead or its "
            "scale is wrong; counts from this sensor cannot be trusted"
        ]

    def _wrong_scale(self) -> list[str]:
        beyond = self._limit["gyroscope"] > MAX_GYRO_RADPS
        if beyond or self._turned_deg > UNIT_FACTOR * max(self._accel_deg, PROOF_DEG):
            return ["rotation is far larger than gravity says: the gyroscope may be in deg/s (--gyro-unit deg_s)"]
        if not self._feels_gravity and self._limit["accelerometer"] and self._steps_s and len(self._steps_s) > 1:
            most = self._limit["accelerometer"]
            return [f"the accelerometer never reads 1 g (at most {most:.1f} m/s2): its unit or scale is wrong"]
        return []

    def _dead_axes(self) -> list[str]:
        dead = list[str]()
        for name, axes in (("accelerometer", self._spread[:3]), ("gyroscope", self._spread[3:])):
            lively = axes.max() > (LIVELY_MPS2 if name == "accelerometer" else 0.1)
            dead += [f"{name} axis {'xyz'[i]} never changes: it is dead" for i in range(3) if lively and axes[i] < 1e-6]
        return dead

    def _clips(self) -> list[str]:
        accel_g = self._limit["accelerometer"] / STANDARD_GRAVITY_MPS2
        gyro_dps = float(np.degrees(self._limit["gyroscope"]))
        found = list[str]()
        for name, most, ranges, unit in (
            ("accelerometer", accel_g, ACCEL_RANGES_G, "g"),
            ("gyroscope", gyro_dps, GYRO_RANGES_DPS, "deg/s"),
        ):
            limit = _near(most, ranges)
            if limit is not None and self._clipped[name]:
                found.append(f"the {name} clips at {limit} {unit} ({self._clipped[name]} samples): set a larger range")
        return found


def _turned(v: FloatArray, turn_rad: FloatArray) -> FloatArray:
    """A vector (3,) turned about an axis by the axis' length, right-handed (Rodrigues' formula)."""
    angle_rad = float(np.linalg.norm(turn_rad))
    axis = turn_rad / max(angle_rad, 1e-12)
    along = float(axis @ v) * axis
    return along + math.cos(angle_rad) * (v - along) + math.sin(angle_rad) * np.cross(axis, v)


def _near(value: float, ranges: Sequence[int]) -> int | None:
    return next((r for r in ranges if abs(value - r) <= RANGE_ERROR * r), None)
