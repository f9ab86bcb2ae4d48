"""Which way is up, in the sensor's frame: VQF on mended accelerometer and gyro, restarted after a gap."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from vqf import VQF

from coxa.host.motion.accel_only import GyroOrGravity
from coxa.host.motion.mend import Mender
from coxa.host.motion.orientation_params import OrientationParams
from coxa.host.motion.rests import RestFinder, Rests
from coxa.host.samples import (
    LEAST_HZ,
    LOST_PERIODS,
    STANDARD_GRAVITY_MPS2,
    FloatArray,
    Gap,
    SampleBlock,
    StreamItem,
    joined,
    row_dots,
    usual_step_s,
)


@dataclass(frozen=True, slots=True, eq=False)
class TiltBlock:
    """Consecutive samples with the direction of up."""

    t_s: FloatArray
    """(n,) seconds, the recording's clock."""
    up: FloatArray
    """(n, 3) unit vector that points up, sensor frame."""
    rate_radps: FloatArray
    """(n, 3) angular rate, bias removed, sensor frame."""
    shock_mps2: FloatArray
    """(n,) departure of the specific force from 1 g."""
    rise_mps2: FloatArray
    """(n,) vertical acceleration of the sensor, positive up, gravity removed."""
    feels_height: bool = True
    """Whether that is what the sensor did: without a gyro, turning passes for it."""


TiltItem: TypeAlias = TiltBlock | Gap


class Orientation:
    """Turns sample blocks to tilt blocks. The result does not depend on how the stream was cut into blocks."""

    def __init__(self) -> None:
        self._p = OrientationParams()
        self._mender = Mender()
        self._filter: VQF | None = None
        self._pending: list[SampleBlock] = []
        self._period_s: float | None = None
        self._last: SampleBlock | None = None
        """The newest sample that the filter took, None where it begins anew."""
        self._gap: Gap | None = None
        """The gap before the next sample, while it is open whether the filter goes on over it."""
        self._straight_cos = self._p.straight_cos
        """How far off the next rest may show the filter to be."""
        self._offset_radps: FloatArray = np.zeros(3)
        self._bias_radps: FloatArray | None = None
        self._rates = GyroOrGravity()
        self._rests = RestFinder(self._p, 0, self._p.opening_s)
        """Without a window until the sampling period is known."""

    def update(self, item: StreamItem) -> list[TiltItem]:
        """The next block or gap; nothing comes out before the sampling period is known."""
        return [tilt for mended in self._mender.update(item) for tilt in self._take(mended)]

    def finish(self) -> list[TiltItem]:
        """Give what is still held back."""
        return [*(tilt for mended in self._mender.finish() for tilt in self._take(mended)), *self._opened()]

    def _take(self, item: StreamItem) -> list[TiltItem]:
        if isinstance(item, Gap):
            return [*self._opened(), *self._met(item)]
        if not len(item):
            return []
        if self._gap is not None:
            self._bridge(self._gap, item)
        if self._filter is not None:
            return self._filtered(item)
        self._pending.append(item)
        waited_s = self._pending[-1].t_s[-1] - self._pending[0].t_s[0]
        enough = waited_s >= self._p.opening_s and sum(len(b) for b in self._pending) >= self._p.opening_samples
        return self._start() if enough or self._period_s is not None else []

    def _opened(self) -> list[TiltItem]:
        """What waited for the sampling period to be known."""
        return self._start() if self._pending else []

    def _start(self) -> list[TiltItem]:
        block = joined(self._pending)
        self._pending = []
        self._rests.forget()
        if self._period_s is None:
            if len(block) < self._p.opening_samples:
                return []
            end = int(np.searchsorted(block.t_s, block.t_s[0] + self._p.opening_s, side="right"))
            opening = block.part(0, max(end, self._p.opening_samples))
            self._period_s = min(usual_step_s(np.diff(opening.t_s)), 1.0 / LEAST_HZ)  # longer steps are losses
            self._rests = RestFinder(self._p, max(round(self._p.opening_s / self._period_s), 2), self._p.opening_s)
            self._offset_radps = self._opening_offset(opening)
        self._filter = VQF(self._period_s)
        if self._bias_radps is not None:
            self._filter.setBiasEstimate(self._bias_radps, self._p.restart_bias_sigma_radps)
        return self._filtered(block)

    def _opening_offset(self, opening: SampleBlock) -> FloatArray:
        """(3,) the gyro's offset as the first second shows it, or its beginning where that ends with a movement, or its
        halves where somebody trembles; none without a gyro, which has no offset either.
        """
        p = self._p
        begin = int(np.searchsorted(opening.t_s, opening.t_s[0] + p.opening_rest_s, side="right"))
        for seen, window, lasts_s in (
            (opening, len(opening), p.opening_s),
            (opening.part(0, begin), begin, p.opening_rest_s),
            (opening, len(opening) // 2, 0.5 * p.opening_s),
        ):
            rests = RestFinder(p, window, lasts_s).update(seen)
            offsets = self._offsets(rests)
            if offsets.any():
                return rests.rate_radps[offsets.argmax()]
        return self._offset_radps

    def _filtered(self, block: SampleBlock) -> list[TiltItem]:
        """Filter the block; what a rest teaches of the gyro's offset holds from its end on."""
        assert self._period_s is not None
        block = self._rated(block, self._period_s)
        rests = self._rests.update(block)
        out, start = list[TiltBlock](), 0
        while start < len(block):
            new = self._new_offset(rests, start)
            end = len(block) if new is None else int(rests.end[new])
            tilt, lost = self._tilt(block.part(start, end), rests.trusted(new).within(start, end))
            out.append(tilt)
            self._last, start = block.part(end - 1, end), end
            if new is not None:
                self._take_out(rests.rate_radps[new])
            if lost:
                self._filter = VQF(self._period_s)
        return [joined_tilts(out)]

    def _rated(self, block: SampleBlock, period_s: float) -> SampleBlock:
        """The block with rates. What was known of a gyro is void where it is found dead, or alive after all."""
        before = self._rates.by_gravity
        rated = self._rates.update(block, period_s)
        if self._rates.by_gravity != before:
            self._filter, self._last, self._bias_radps = VQF(period_s), None, None
            self._offset_radps = np.zeros(3)
            self._rests.forget()
        return rated

    def _take_out(self, offset_radps: FloatArray) -> None:
        """The samples to come have another offset taken out: what the filter knew of it is void."""
        self._offset_radps = offset_radps
        if self._filter is not None:
            self._filter.setBiasEstimate(np.zeros(3), self._p.restart_bias_sigma_radps)

    def _new_offset(self, rests: Rests, start: int) -> int | None:
        """Number of the first rest that ends after `start` and tells another offset; None where none does."""
        if not len(rests.end):
            return None
        new = np.flatnonzero(self._offsets(rests) & (rests.end > start))
        return int(new[0]) if len(new) else None

    def _offsets(self, rests: Rests) -> NDArray[np.bool_]:
        """(n,) whether the mean rate of each rest is the gyro's offset, where that has moved beyond the filter's
        reach.
        """
        p, change = self._p, rests.rate_radps - self._offset_radps
        size_radps = np.sqrt(row_dots(change, change))
        least_radps = np.where(rests.trembles, p.trembling_offset_radps, p.offset_radps)
        moved = np.abs(change).max(axis=1, initial=0.0) > least_radps
        steady = rests.apart_radps <= p.apart_share * size_radps
        return moved & steady & (rests.turned_rad <= p.unturned_share * size_radps * rests.lasts_s)

    def _met(self, gap: Gap) -> list[TiltItem]:
        """A gap: the filter begins anew after a long one, after a short one it is asked how fast the thigh turns."""
        lasts_s = gap.end_s - gap.start_s
        if self._gap is not None or lasts_s > self._p.slow_gap_s:
            self._restart()
        elif lasts_s > self._p.bridged_gap_s:
            self._gap = gap
        return [gap]

    def _bridge(self, gap: Gap, block: SampleBlock) -> None:
        """Whether the filter goes on over a gap, now that it is known what follows it."""
        self._gap = None
        if self._last is None or self._rates.by_gravity or (self._last.gyro_radps == block.gyro_radps[:1]).all():
            self._restart()  # a gyro that reads the same on both sides may be dead, and not be known to be yet
            return
        sides = np.concatenate([self._last.gyro_radps, block.gyro_radps[:1]]) - self._offset_radps
        if math.sqrt(float(row_dots(sides, sides).max())) * (gap.end_s - gap.start_s) > self._p.slow_gap_rad:
            self._restart()
        else:
            self._straight_cos = self._p.bridged_cos
            self._rests.forget()  # no rest lies on both sides

    def _restart(self) -> None:
        """The filter begins anew; of the gyro's offset it keeps what it knew."""
        self._gap = None
        if self._filter is None:
            return
        self._bias_radps = np.array(self._filter.getBiasEstimate()[0], dtype=np.float64)
        self._filter = self._last = None
        self._rates.forget()

    def _tilt(self, block: SampleBlock, rests: Rests) -> tuple[TiltBlock, bool]:
        """Tilt by what is known of the offset, and whether the filter has lost its way when it comes to the end."""
        gyro = block.gyro_radps - self._offset_radps
        turned, periods = self._turned(block.t_s, gyro)
        accel = np.ascontiguousarray(block.accel_mps2, dtype=np.float64)
        q_sensor_to_world, bias, lost = self._fused(turned, accel, rests)
        up = up_from_quaternion(q_sensor_to_world)
        rate = gyro - bias / np.maximum(periods, 1.0)  # the filter's bias is one of turns, too
        shock = np.abs(np.sqrt(row_dots(accel, accel)) - STANDARD_GRAVITY_MPS2)
        rise = row_dots(up, accel) - STANDARD_GRAVITY_MPS2
        return TiltBlock(block.t_s, up, rate, shock, rise, not self._rates.by_gravity), lost

    def _fused(self, turned: FloatArray, accel: FloatArray, rests: Rests) -> tuple[FloatArray, FloatArray, bool]:
        """Quaternions (n, 4) and biases (n, 3) of the filter, begun anew wherever it is far from what a resting
        accelerometer shows, as after blows and clipping; and whether it is so at the end.

        It loses its way in movement, so it is looked at by the first rest after one before it goes on.
        """
        assert self._period_s is not None
        quaternions, biases = list[FloatArray](), list[FloatArray]()
        stops = [*rests.end[rests.after_motion].tolist(), len(turned)]
        start, lost = 0, False
        while start < len(turned):
            if lost or self._filter is None:
                self._filter = VQF(self._period_s)
            end = stops[bisect_right(stops, start)]
            out = self._filter.updateBatch(turned[start:end], accel[start:end])
            n = self._until_lost(out["quat6D"], rests, start, end)
            lost = n is not None
            quaternions.append(out["quat6D"][:n])
            biases.append(out["bias"][:n])
            start = end if n is None else start + n
        if len(biases) == 1:
            return quaternions[0], biases[0], lost
        return np.concatenate(quaternions), np.concatenate(biases), lost

    def _until_lost(self, q_sensor_to_world: FloatArray, rests: Rests, start: int, end: int) -> int | None:
        """How much of a filter's course over the samples `[start, end)` is right: up to the first rest whose
        accelerometer shows it too far off; None where all is.
        """
        seen = slice(*rests.end.searchsorted((start, end), side="right").tolist())
        ends = rests.end[seen] - start
        if not len(ends):
            return None
        straight = row_dots(up_from_quaternion(q_sensor_to_world[ends - 1]), rests.up[seen])
        off = straight < self._p.straight_cos
        off[0] = straight[0] < self._straight_cos
        self._straight_cos = self._p.straight_cos
        return int(ends[off.argmax()]) if off.any() else None

    def _turned(self, t_s: FloatArray, gyro_radps: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(n, 3) rates that turn the filter in one period as far as the sensor turned since the sample before, rad/s,
        and (n, 1) how many periods that took: samples are lost, late, or come at another rate. Over a hole the rate is
        taken to have changed evenly.
        """
        assert self._period_s is not None
        before_s, before = t_s[0] - self._period_s, gyro_radps[:1]
        if self._last is not None:
            before_s, before = self._last.t_s[0], self._last.gyro_radps - self._offset_radps
        periods = np.empty((len(t_s), 1))
        periods[0], periods[1:, 0] = t_s[0] - before_s, t_s[1:] - t_s[:-1]
        periods /= self._period_s
        lost = periods > LOST_PERIODS
        if lost.any():
            mean = 0.5 * (np.concatenate([before, gyro_radps[:-1]]) + gyro_radps)
            gyro_radps = np.where(lost, mean, gyro_radps)
        return np.ascontiguousarray(gyro_radps * periods), periods


def joined_tilts(blocks: Sequence[TiltBlock]) -> TiltBlock:
    """Blocks that follow each other as one; a single one as it is. What was felt last holds for all."""
    if len(blocks) == 1:
        return blocks[0]
    return TiltBlock(
        np.concatenate([b.t_s for b in blocks]),
        np.concatenate([b.up for b in blocks]),
        np.concatenate([b.rate_radps for b in blocks]),
        np.concatenate([b.shock_mps2 for b in blocks]),
        np.concatenate([b.rise_mps2 for b in blocks]),
        blocks[-1].feels_height,
    )


def up_from_quaternion(q_sensor_to_world: FloatArray) -> FloatArray:
    """The world's z axis in the sensor frame, (n, 3), from quaternions (n, 4) w-x-y-z."""
    w, x, y, z = q_sensor_to_world.T
    up = np.empty((len(q_sensor_to_world), 3))
    up[:, 0] = 2 * (x * z - w * y)
    up[:, 1] = 2 * (y * z + w * x)
    up[:, 2] = 1 - 2 * (x * x + y * y)
    return up
