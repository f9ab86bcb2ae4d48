"""Which way is up, in the sensor's frame: VQF on accelerometer and gyro, restarted after a gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from vqf import VQF

from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, Gap, SampleBlock, StreamItem

OPENING_S = 1.0
"""Stretch at the start from which the sampling period (median step) and, if still, the gyro's offset are taken."""
STILL_GYRO_RADPS = 0.03
"""Standard deviation of a resting gyro's worst axis: noise and sway stay under 1.7 deg/s, movement does not."""
STILL_ACCEL_MPS2 = 0.3
"""Standard deviation of a resting accelerometer's worst axis."""
OFFSET_RADPS = 0.017
"""An offset beyond this (1 deg/s) is taken out before the filter, which itself follows 2 deg/s at most; the
MPU-6050's zero-rate output may be 20 deg/s off (datasheet, section 6.1)."""
BRIDGED_GAP_S = 0.1
"""A hole up to this long is integrated over; after a longer one the filter starts anew, because
interpolating across gaps caused 22 of 23 tilt errors above 8 degrees in simulated sessions."""
UNTURNED_SHARE = 0.2
"""A slow movement turns gravity by its rate times the time; an offset turns it by less than this share of that."""
STRAIGHT_COS = 0.9945
"""Cosine of 6 degrees: so far off at rest the filter has lost its way; it would take 10 s to come back."""
RESTART_BIAS_SIGMA_RADPS = 0.004
"""How far the gyro bias known before a gap is trusted after it (0.2 deg/s, in-run instability of a MEMS gyro)."""


@dataclass(frozen=True, slots=True, eq=False)
class TiltBlock:
    """Consecutive samples with the direction of up."""

    t_s: FloatArray
    """(n,) seconds, the recording's clock."""
    up: FloatArray
    """(n, 3) unit vector that points up, sensor frame."""
    rate_radps: FloatArray
    """(n,) magnitude of the angular rate, bias removed."""
    accel_mps2: FloatArray
    """(n, 3) specific force, sensor frame."""
    rise_mps2: FloatArray
    """(n,) vertical acceleration of the sensor, positive up, gravity removed."""


TiltItem: TypeAlias = TiltBlock | Gap


class Orientation:
    """Turns sample blocks to tilt blocks. The result does not depend on how the stream was cut into blocks."""

    def __init__(self) -> None:
        self._filter: VQF | None = None
        self._pending: list[SampleBlock] = []
        self._period_s: float | None = None
        self._offset_radps: FloatArray = np.zeros(3)
        self._bias_radps: FloatArray | None = None
        self._window = 0
        """Samples in a stretch of `OPENING_S`, at whose end a rest is looked for."""
        self._seen: list[SampleBlock] = []
        self._taught = False
        self._rest_up: FloatArray | None = None
        self._new_offset_radps: FloatArray = np.zeros(3)

    def update(self, item: StreamItem) -> list[TiltItem]:
        """The next block or gap; nothing comes out before the sampling period is known."""
        if isinstance(item, Gap):
            return [*self.finish(), *self._restart(item)]
        if not len(item):
            return []
        if self._filter is not None:
            return self._filtered(item)
        self._pending.append(item)
        waited_s = self._pending[-1].t_s[-1] - self._pending[0].t_s[0]
        return self._start() if waited_s >= OPENING_S or self._period_s is not None else []

    def finish(self) -> list[TiltItem]:
        """Give what is still held back."""
        return self._start() if sum(len(b) for b in self._pending) > 1 else []

    def _start(self) -> list[TiltItem]:
        block = _joined(self._pending)
        self._pending, self._seen = [], []
        if self._period_s is None:
            opening = block.part(0, int(np.searchsorted(block.t_s, block.t_s[0] + OPENING_S, side="right")))
            self._period_s = float(np.median(np.diff(opening.t_s)))
            self._window = max(round(OPENING_S / self._period_s), 2)
            if self._learn_offset(opening):
                self._offset_radps = self._new_offset_radps
        self._filter = VQF(self._period_s)
        if self._bias_radps is not None:
            self._filter.setBiasEstimate(self._bias_radps, RESTART_BIAS_SIGMA_RADPS)
        return self._filtered(block)

    def _filtered(self, block: SampleBlock) -> list[TiltItem]:
        """Filter up to where a rest teaches the gyro's offset; rests are looked for at the end of fixed stretches."""
        out, start = list[TiltItem](), 0
        while start < len(block):
            end = self._next_lesson(block, start)
            out.append(self._tilt(block.part(start, end)))
            if self._taught:
                self._relearn()
            if self._rest_up is not None:
                self._straighten(out[-1], self._rest_up)
            start = end
        return out

    def _next_lesson(self, block: SampleBlock, start: int) -> int:
        """Where the next stretch ends that changes the offset, or the end of the block."""
        while start < len(block):
            part = block.part(start, start + self._window - sum(len(b) for b in self._seen))
            self._seen.append(part)
            start += len(part)
            if sum(len(b) for b in self._seen) < self._window:
                break
            stretch, self._seen = _joined(self._seen), []
            self._taught = self._learn_offset(stretch)
            if _still(stretch):
                self._rest_up = _direction(stretch)
            if self._taught or self._rest_up is not None:
                break
        return start

    def _straighten(self, tilt: TiltItem, rest_up: FloatArray) -> None:
        """Start anew where the filter is far from what a resting accelerometer shows, as after blows and clipping."""
        self._rest_up = None
        if isinstance(tilt, TiltBlock) and self._period_s is not None and tilt.up[-1] @ rest_up < STRAIGHT_COS:
            self._filter = VQF(self._period_s)

    def _relearn(self) -> None:
        """The samples to come have another offset taken out: what the filter knew of it is void."""
        self._taught = False
        self._offset_radps = self._new_offset_radps
        if self._filter is not None:
            self._filter.setBiasEstimate(np.zeros(3), RESTART_BIAS_SIGMA_RADPS)

    def _learn_offset(self, stretch: SampleBlock) -> bool:
        """Take the mean rate of a still stretch as the gyro's offset, where it has moved beyond the filter's reach."""
        if not _still(stretch):
            return False
        offset = stretch.gyro_radps.mean(axis=0)
        change_radps = float(np.abs(offset - self._offset_radps).max())
        if change_radps <= OFFSET_RADPS or _turned_rad(stretch) > UNTURNED_SHARE * change_radps * OPENING_S:
            return False
        self._new_offset_radps = offset
        return True

    def _restart(self, gap: Gap) -> list[TiltItem]:
        if gap.end_s - gap.start_s > BRIDGED_GAP_S and self._filter is not None:
            self._bias_radps = np.array(self._filter.getBiasEstimate()[0], dtype=np.float64)
            self._filter = None
        return [gap]

    def _tilt(self, block: SampleBlock) -> TiltBlock:
        assert self._filter is not None
        gyro = np.ascontiguousarray(block.gyro_radps - self._offset_radps)
        out = self._filter.updateBatch(
            gyro,
            np.ascontiguousarray(block.accel_mps2, dtype=np.float64),
        )
        up = up_from_quaternion(out["quat6D"])
        rate = gyro - out["bias"]
        rise = row_dots(up, block.accel_mps2) - STANDARD_GRAVITY_MPS2
        return TiltBlock(block.t_s, up, np.sqrt(row_dots(rate, rate)), block.accel_mps2, rise)


def _still(stretch: SampleBlock) -> bool:
    spread = stretch.gyro_radps.std(axis=0).max(), stretch.accel_mps2.std(axis=0).max()
    return bool(spread[0] <= STILL_GYRO_RADPS and spread[1] <= STILL_ACCEL_MPS2)


def _direction(stretch: SampleBlock) -> FloatArray:
    mean = stretch.accel_mps2.mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)


def row_dots(a: FloatArray, b: FloatArray) -> FloatArray:
    """Scalar products of the rows of two (n, 3) arrays, to the last bit the same however the rows lie in memory."""
    return a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1] + a[:, 2] * b[:, 2]


def _turned_rad(stretch: SampleBlock) -> float:
    """By how much gravity, as the accelerometer sees it, turned from the first to the last third of a stretch."""
    third = max(len(stretch) // 3, 1)
    first, last = (part.mean(axis=0) for part in (stretch.accel_mps2[:third], stretch.accel_mps2[-third:]))
    cosine = float(first @ last) / float(np.linalg.norm(first) * np.linalg.norm(last))
    return 1.5 * float(np.arccos(min(max(cosine, -1.0), 1.0)))


def _joined(blocks: list[SampleBlock]) -> SampleBlock:
    return SampleBlock(
        np.concatenate([b.t_s for b in blocks]),
        np.concatenate([b.accel_mps2 for b in blocks]),
        np.concatenate([b.gyro_radps for b in blocks]),
    )


def up_from_quaternion(q_sensor_to_world: FloatArray) -> FloatArray:
    """The world's z axis in the sensor frame, (n, 3), from quaternions (n, 4) w-x-y-z."""
    w, x, y, z = q_sensor_to_world.T
    return np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1)
