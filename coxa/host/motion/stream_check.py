"""Looks for what is wrong with a stream itself: clipping, dead axes, wrong units, hangs, a sensor that lies."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from coxa.host.motion.accel_only import lacks_gyro
from coxa.host.motion.clipping import Clipping
from coxa.host.motion.gravity_step import gravity_at_ends
from coxa.host.motion.mend import Mender
from coxa.host.motion.stream_params import ACCEL_RANGES_G, GYRO_RANGES_DPS, StreamParams
from coxa.host.motion.turn_share import TurnShare
from coxa.host.motion.turns import turned
from coxa.host.samples import (
    LEAST_HZ,
    MAX_GYRO_RADPS,
    STANDARD_GRAVITY_MPS2,
    FloatArray,
    Gap,
    SampleBlock,
    StreamItem,
    usual_step_s,
)

GRAVITY_ALONE = "the gyroscope is left out, so only slow movements are counted well and angles are less certain"
GRAVITY_ALONE_THEN = "it was left out, so only slow movements were counted well and angles are less certain"
STUCK = "the accelerometer stands still while the thigh moves: it is dead; counts from this sensor cannot be trusted"
NO_GYRO = (
    "this sensor has no gyro: only slow movements are counted well, angles are less certain, and taps are not noticed"
)


class StreamCheck:
    """Feed it the stream; `warnings` tells what was found, in words for the user.

    It looks at the mended stream, as the detectors do, and tells what had to be mended.
    """

    def __init__(self) -> None:
        self._p = p = StreamParams()
        self._mender = Mender()
        self._waiting: list[FloatArray] = []
        """Samples of the stretch that is not complete, as rows: seen time, piece, specific force, rate."""
        self._seen_s, self._lost_s, self._piece = 0.0, 0.0, 0
        self._gyro_deg = 0.0
        self._accel_deg = 0.0
        self._share = TurnShare()
        self._turned_deg = 0.0
        self._feels_gravity, self._no_gyro = False, False
        self._accel = Clipping(ACCEL_RANGES_G, STANDARD_GRAVITY_MPS2, p)
        self._gyro = Clipping(GYRO_RANGES_DPS, math.radians(1.0), p)
        self._changes = np.zeros(6, dtype=np.bool_)
        """Axes that have changed in some stretch."""
        self._still = np.zeros(6, dtype=np.int64)
        """In how many stretches each stood still although the thigh moved."""
        self._stuck = 0
        """In how many the accelerometer did as a whole."""
        self._alone = np.zeros(6, dtype=np.int64)
        """In how many each did while the other two of its sensor had noise."""
        self._calmest_mps2 = np.inf
        self._zero_radps = np.zeros(3)
        self._steps_s = deque[float](maxlen=p.stretches)

    def update(self, item: StreamItem) -> None:
        """Take the next item."""
        self._no_gyro = self._no_gyro or (isinstance(item, SampleBlock) and lacks_gyro(item))
        for mended in self._mender.update(item):
            if isinstance(mended, Gap):
                self._lost_s += mended.end_s - mended.start_s
                self._piece += 1
            else:
                self._wait(mended)

    def _wait(self, block: SampleBlock) -> None:
        """A stretch is one of seen time: however often samples are lost, it is complete some time."""
        if lacks_gyro(block):
            block = SampleBlock(block.t_s, block.accel_mps2, np.zeros_like(block.gyro_radps))
        seen_s = block.t_s - self._lost_s
        piece = np.full(len(block), float(self._piece))
        self._waiting.append(np.column_stack([seen_s, piece, block.accel_mps2, block.gyro_radps]))
        if seen_s[-1] - self._waiting[0][0, 0] < self._p.stretch_s:
            return
        rows = np.concatenate(self._waiting)
        while len(rows) and rows[-1, 0] - rows[0, 0] >= self._p.stretch_s:
            n = int(np.searchsorted(rows[:, 0], rows[0, 0] + self._p.stretch_s))
            self._seen_s += self._p.stretch_s
            self._judge(rows[:n])
            rows = rows[n:]
        self._waiting = [rows] if len(rows) else []

    @property
    def clipped_samples(self) -> int:
        """Samples at a limit of the sensor."""
        return self._accel.samples + self._gyro.samples

    def warnings(self) -> list[str]:
        """What is wrong, most serious first; empty where nothing is."""
        dead = self._dead()
        trusted = not any("gyroscope" in text for text in dead)  # else it is no measure of the other sensor
        found = [*(self._wrong_scale() if trusted else []), *dead, *(self._blind() if trusted else [])]
        found += [*self._hangs(), *self._clips(), *self._spikes()]
        if self._no_gyro:
            found.append(NO_GYRO)
        if self._steps_s and 1.0 / float(np.median(self._steps_s)) < LEAST_HZ:
            found.append(f"{1.0 / float(np.median(self._steps_s)):.0f} samples a second are too few, set 25 or more")
        return found

    def _judge(self, rows: FloatArray) -> None:
        if len(rows) < self._p.least_samples:
            return
        piece, values = rows[:, 1], rows[:, 2:]
        step_s = usual_step_s(np.diff(rows[:, 0]))
        self._steps_s.append(step_s)
        self._accel.update(values[:, :3], piece)
        self._gyro.update(values[:, 3:], piece)
        spread = values.std(axis=0)
        still = spread < self._p.constant
        self._note_still(spread, still)
        self._note_alone(values, still)
        calm_mps2 = float(spread[:3].max())
        if calm_mps2 < self._calmest_mps2:
            self._calmest_mps2, self._zero_radps = calm_mps2, values[:, 3:].mean(axis=0)
        for unbroken in np.split(values, np.flatnonzero(np.diff(piece)) + 1):
            self._compare(unbroken, step_s)

    def _note_still(self, spread: FloatArray, still: NDArray[np.bool_]) -> None:
        """Axes (6,) that stand still beside lively ones. A gyro that stands still as a whole is shown by gravity."""
        p = self._p
        self._changes |= ~still
        accel, gyro = spread[:3].max() > p.lively_mps2, spread[3:].max() > p.lively_radps
        self._stuck += bool(still[:3].all()) and float(spread[3:].max()) > p.turning_radps
        self._still[:3] += still[:3] & accel
        self._still[3:] += still[3:] & (gyro or (accel and still[3:].all()))

    def _note_alone(self, values: FloatArray, still: NDArray[np.bool_]) -> None:
        """Axes (6,) that stand still in a stretch (n, 6) in which the other two of their sensor have noise."""
        if still.any():
            flickers = (values[1:] != values[:-1]).mean(axis=0) >= self._p.flicker_share
            self._alone += still & np.repeat(flickers.reshape(2, 3).sum(axis=1) == 2, 3)

    def _compare(self, values: FloatArray, step_s: float) -> None:
        """Add up by how far gravity turned, as the gyro and as the accelerometer saw it."""
        p, n = self._p, max(round(self._p.step_s / step_s), 2)
        off_mps2 = np.abs(np.linalg.norm(values[:, :3], axis=1) - STANDARD_GRAVITY_MPS2)
        for k in range(0, len(values) - n, n):
            ends = gravity_at_ends(values[[k, k + n], :3], p.quiet_mps2)
            if ends is None:
                continue
            self._feels_gravity = True
            before, after = ends
            rate_radps = values[k : k + n, 3:].mean(axis=0) - self._zero_radps
            self._turned_deg += float(np.degrees(np.linalg.norm(rate_radps)) * n * step_s)
            predicted = turned(before[None], -rate_radps[None] * n * step_s)[0] - before
            if off_mps2[k : k + n].max() <= p.quiet_mps2:
                self._share.add(after - before, predicted)
            gyro_deg = np.degrees(np.linalg.norm(predicted))
            if gyro_deg >= p.turn_deg:
                self._gyro_deg += float(gyro_deg)
                self._accel_deg += float(np.degrees(np.linalg.norm(after - before)))

    def _blind(self) -> list[str]:
        if self._gyro_deg < self._p.proof_deg or self._accel_deg >= self._p.seen_share * self._gyro_deg:
            return []
        share = 100 * self._accel_deg / self._gyro_deg
        return [
            f"the accelerometer sees {share:.0f} % of the movement that the gyroscope measures: an axis is dead or its "
            "scale is wrong; counts from this sensor cannot be trusted"
        ]

    def _wrong_scale(self) -> list[str]:
        beyond = self._gyro.most > MAX_GYRO_RADPS
        if beyond or self._turned_deg > self._p.unit_factor * max(self._accel_deg, self._p.proof_deg):
            return ["rotation is far larger than gravity says: the gyroscope may be in deg/s (--gyro-unit deg_s)"]
        times = self._share.times(self._p)
        if times is not None:
            return [
                f"gravity turns {times:.1f} times as far as the gyroscope measures: its range or unit is not the one "
                "that it is read with; ranges of motion are too small"
            ]
        if not self._feels_gravity and self._accel.most and len(self._steps_s) > 1:
            return [
                f"the accelerometer never reads 1 g (at most {self._accel.most:.1f} m/s2): its unit or scale is wrong"
            ]
        return []

    def _dead(self) -> list[str]:
        never, stopped = self._mender.dead_gyro_axes, self._mender.stopped_gyro_axes
        left_out = never or stopped
        dead = (self._still >= self._p.dead_stretches) | (self._alone >= self._p.alone_stretches)
        found = [_still_axis("accelerometer", k, changed=bool(self._changes[k])) for k in range(3) if dead[k]]
        if self._stuck >= self._p.dead_stretches:
            found = [STUCK]
        if self._no_gyro:
            return found
        stood = self._stood()
        axes = left_out or [k for k in range(3) if dead[3 + k] and not stood]
        # of an axis that is left out nothing but that is seen: it has never changed, or has stopped
        gyro = [_still_axis("gyroscope", k, changed=not never and bool(self._changes[3 + k])) for k in axes]
        if len(axes) == 3:
            gyro = ["the gyroscope stands still while the thigh moves: it is dead"]
        return [*found, *(f"{text}; {GRAVITY_ALONE}" if left_out else text for text in gyro), *stood]

    def _stood(self) -> list[str]:
        """A gyro that is left out now is told of as dead; of one that goes on it is told for how long it was."""
        stood_s = self._mender.gyro_stood_s
        if not stood_s or self._mender.stopped_gyro_axes:
            return []
        return [f"the gyroscope stood still for {stood_s:.1f} s in all: for so long {GRAVITY_ALONE_THEN}"]

    def _clips(self) -> list[str]:
        return [
            f"the {name} clips at {clipping.limit} {unit} ({clipping.samples} samples): "
            "set a larger range if it has one"
            for name, clipping, unit in (("accelerometer", self._accel, "g"), ("gyroscope", self._gyro, "deg/s"))
            if clipping.limit is not None
        ]

    def _hangs(self) -> list[str]:
        n, frozen_s = self._mender.freezes, self._mender.frozen_s
        if not n:
            return []
        times = "once" if n == 1 else f"{n} times"
        return [
            f"the sensor hung {times} and repeated its last sample, {frozen_s:.1f} s in all: that time counts as lost; "
            "charge it, switch it off and on, and see whether it was updated"
        ]

    def _spikes(self) -> list[str]:
        n = self._mender.spikes
        if n < max(self._p.least_spikes, self._p.spikes_a_minute * self._seen_s / 60.0):
            return []
        return [
            f"{n} single samples lay far from their neighbours or were all zero, and were put right: "
            "the sensor or its wiring is faulty"
        ]


def _still_axis(name: str, axis: int, *, changed: bool) -> str:
    return f"{name} axis {'xyz'[axis]} {'no longer' if changed else 'never'} changes: it is dead"
