"""Which way is up, in the sensor's frame: VQF on accelerometer and gyro, restarted after a gap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from vqf import VQF

from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, Gap, SampleBlock, StreamItem, joined

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
    shock_mps2: FloatArray
    """(n,) departure of the specific force from 1 g."""
    rise_mps2: FloatArray
    """(n,) vertical acceleration of the sensor, positive up, gravity removed."""


TiltItem: TypeAlias = TiltBlock | Gap


@dataclass(frozen=True, slots=True, eq=False)
class _Rest:
    """A stretch of `OPENING_S` in which the sensor did not move."""

    end: int
    """Where it ends in the block that is being filtered."""
    after_motion: bool
    """The stretch before it was none, or is not known."""
    up: FloatArray
    """(3,) direction of up as the accelerometer sees it."""
    rate_radps: FloatArray
    """(3,) mean rate."""
    stretch: SampleBlock


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
        """The beginning of the present stretch."""

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
        block = joined(self._pending)
        self._pending, self._seen = [], []
        if self._period_s is None:
            opening = block.part(0, int(np.searchsorted(block.t_s, block.t_s[0] + OPENING_S, side="right")))
            self._period_s = float(np.median(np.diff(opening.t_s)))
            self._window = max(round(OPENING_S / self._period_s), 2)
            for rest in _rests_in(opening, len(opening)):
                offset = self._new_offset(rest)
                self._offset_radps = self._offset_radps if offset is None else offset
        self._filter = VQF(self._period_s)
        if self._bias_radps is not None:
            self._filter.setBiasEstimate(self._bias_radps, RESTART_BIAS_SIGMA_RADPS)
        return self._filtered(block)

    def _filtered(self, block: SampleBlock) -> list[TiltItem]:
        """Filter the block; what a rest teaches holds from its end on.

        The filter loses its way in movement, so it is looked at by the first rest after one before it goes on.
        """
        out, start, since = list[TiltItem](), 0, list[_Rest]()
        for rest in [*self._rests(block), None]:
            end, offset = len(block), None
            if rest is not None:
                since.append(rest)
                end, offset = rest.end, self._new_offset(rest)
                if offset is None and not rest.after_motion:
                    continue
            while start < end:
                tilt, lost = self._until_lost(block.part(start, end), [r for r in since if r.end > start], start)
                out.append(tilt)
                start += len(tilt.t_s)
                if start == end and offset is not None:
                    self._take_out(offset)
                if lost and self._period_s is not None:
                    self._filter = VQF(self._period_s)
            since = [] if start == end else since
        return out

    def _rests(self, block: SampleBlock) -> list[_Rest]:
        """The still ones of the stretches that end in the block; stretches lie end to end, wherever blocks were cut."""
        before = sum(len(b) for b in self._seen)
        self._seen.append(block)
        if before + len(block) < self._window:
            return []
        seen = joined(self._seen)
        self._seen = [seen.part(len(seen) - len(seen) % self._window, len(seen))]
        return [replace(rest, end=rest.end - before) for rest in _rests_in(seen, self._window)]

    def _until_lost(self, block: SampleBlock, rests: list[_Rest], start: int) -> tuple[TiltBlock, bool]:
        """Tilt up to where the filter is far from what a resting accelerometer shows, as after blows and clipping."""
        tilt = self._tilt(block)
        if rests:
            ends = np.array([r.end for r in rests]) - start
            lost = row_dots(tilt.up[ends - 1], np.array([r.up for r in rests])) < STRAIGHT_COS
            if lost.any():
                return _first(tilt, int(ends[lost.argmax()])), True
        return tilt, False

    def _take_out(self, offset_radps: FloatArray) -> None:
        """The samples to come have another offset taken out: what the filter knew of it is void."""
        self._offset_radps = offset_radps
        if self._filter is not None:
            self._filter.setBiasEstimate(np.zeros(3), RESTART_BIAS_SIGMA_RADPS)

    def _new_offset(self, rest: _Rest) -> FloatArray | None:
        """The mean rate of a rest as the gyro's offset, where it has moved beyond the filter's reach."""
        change_radps = float(np.abs(rest.rate_radps - self._offset_radps).max())
        if change_radps <= OFFSET_RADPS or _turned_rad(rest.stretch) > UNTURNED_SHARE * change_radps * OPENING_S:
            return None
        return rest.rate_radps

    def _restart(self, gap: Gap) -> list[TiltItem]:
        if gap.end_s - gap.start_s > BRIDGED_GAP_S and self._filter is not None:
            self._bias_radps = np.array(self._filter.getBiasEstimate()[0], dtype=np.float64)
            self._filter = None
        return [gap]

    def _tilt(self, block: SampleBlock) -> TiltBlock:
        assert self._filter is not None
        gyro = np.ascontiguousarray(block.gyro_radps - self._offset_radps)
        accel = np.ascontiguousarray(block.accel_mps2, dtype=np.float64)
        out = self._filter.updateBatch(gyro, accel)
        up = up_from_quaternion(out["quat6D"])
        rate = gyro - out["bias"]
        shock = np.abs(np.sqrt(row_dots(accel, accel)) - STANDARD_GRAVITY_MPS2)
        rise = row_dots(up, accel) - STANDARD_GRAVITY_MPS2
        return TiltBlock(block.t_s, up, np.sqrt(row_dots(rate, rate)), shock, rise)


def _first(tilt: TiltBlock, n: int) -> TiltBlock:
    return TiltBlock(tilt.t_s[:n], tilt.up[:n], tilt.rate_radps[:n], tilt.shock_mps2[:n], tilt.rise_mps2[:n])


def _rests_in(block: SampleBlock, window: int) -> list[_Rest]:
    """The still ones of a block's stretches of `window` samples."""
    whole = len(block) // window
    # each axis of each stretch lies in memory in one piece: sums then depend on nothing but the stretch, and are quick
    gyro, accel = (
        np.ascontiguousarray(a[: whole * window].T).reshape(3, whole, window)
        for a in (block.gyro_radps, block.accel_mps2)
    )
    still = (gyro.std(axis=-1).max(axis=0) <= STILL_GYRO_RADPS) & (accel.std(axis=-1).max(axis=0) <= STILL_ACCEL_MPS2)
    rests = list[_Rest]()
    for k in np.flatnonzero(still).tolist():
        force, rate = accel[:, k].mean(axis=-1), gyro[:, k].mean(axis=-1)
        up = force / max(float(np.linalg.norm(force)), 1e-9)
        first, end = k * window, (k + 1) * window
        rests.append(_Rest(end, not (k and still[k - 1]), up, rate, block.part(first, end)))
    return rests


def row_dots(a: FloatArray, b: FloatArray) -> FloatArray:
    """Scalar products of the rows of two (n, 3) arrays, to the last bit the same however the rows lie in memory."""
    return a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1] + a[:, 2] * b[:, 2]


def _turned_rad(stretch: SampleBlock) -> float:
    """By how much gravity, as the accelerometer sees it, turned from the first to the last third of a stretch."""
    third = max(len(stretch) // 3, 1)
    first, last = (part.mean(axis=0) for part in (stretch.accel_mps2[:third], stretch.accel_mps2[-third:]))
    cosine = float(first @ last) / float(np.linalg.norm(first) * np.linalg.norm(last))
    return 1.5 * float(np.arccos(min(max(cosine, -1.0), 1.0)))


def up_from_quaternion(q_sensor_to_world: FloatArray) -> FloatArray:
    """The world's z axis in the sensor frame, (n, 3), from quaternions (n, 4) w-x-y-z."""
    w, x, y, z = q_sensor_to_world.T
    return np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1)
