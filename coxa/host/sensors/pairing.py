"""Joins accelerometer and gyro where a sensor sends them as two streams: gyro onto the accelerometer's times."""

from __future__ import annotations

import numpy as np

from coxa.host.samples import LOST_PERIODS, FloatArray, Gap, SampleBlock, StreamItem, usual_step_s
from coxa.host.sensors.driver import SensorStats, block

LONGEST_BRIDGE_S = 0.1
"""Gyro samples further apart are not interpolated between."""
LONGEST_WAIT_S = 3.0
"""Accelerometer samples wait no longer for their gyro samples."""
BREATH_PERIODS = 0.1
"""Two clocks meet here, whose stamps breathe: a step is a gap only where it is so much longer than `LOST_PERIODS`."""


class Pairer:
    """Two streams of (time, 3 axes) on one clock; joined samples out, as soon as both halves are there."""

    def __init__(self, rate_hz: float, stats: SensorStats, *, lone_halves: bool) -> None:
        self._period_s = 1.0 / rate_hz
        self._stats, self._lone = stats, lone_halves
        self._accel_t, self._accel = np.empty(0), np.empty((0, 3))
        self._gyro_t, self._gyro = np.empty(0), np.empty((0, 3))
        self._last_s: float | None = None
        self._any_accel = False

    def accel(self, t_s: FloatArray, accel_mps2: FloatArray) -> list[StreamItem]:
        """Take (n,) times and (n, 3) specific forces, m/s2."""
        self._any_accel = True
        if len(t_s) > 1:
            self._period_s = usual_step_s(np.diff(t_s))
        self._accel_t = np.concatenate([self._accel_t, t_s])
        self._accel = np.concatenate([self._accel, accel_mps2])
        return self._joined()

    def gyro(self, t_s: FloatArray, gyro_radps: FloatArray) -> list[StreamItem]:
        """Take (n,) times and (n, 3) angular rates, rad/s."""
        self._gyro_t = np.concatenate([self._gyro_t, t_s])
        self._gyro = np.concatenate([self._gyro, gyro_radps])
        return self._joined()

    def finish(self) -> list[StreamItem]:
        """The rest: samples whose other half never came."""
        items = self._emit(len(self._accel_t))
        if self._lone and not self._any_accel and len(self._gyro_t):
            nothing = np.full_like(self._gyro, np.nan)
            items.append(SampleBlock(self._gyro_t, nothing, self._gyro))
        self._gyro_t, self._gyro = np.empty(0), np.empty((0, 3))
        return items

    def _joined(self) -> list[StreamItem]:
        newest_s = self._gyro_t[-1] if len(self._gyro_t) else -np.inf
        ready = int(np.searchsorted(self._accel_t, newest_s, side="right"))
        if not self._lone and len(self._accel_t):
            late = int(np.searchsorted(self._accel_t, self._accel_t[-1] - LONGEST_WAIT_S))
            ready = max(ready, late)
        return self._emit(ready)

    def _emit(self, n: int) -> list[StreamItem]:
        t_s, accel = self._accel_t[:n], self._accel[:n]
        self._accel_t, self._accel = self._accel_t[n:], self._accel[n:]
        gyro = self._gyro_at(t_s)
        has = np.isfinite(gyro[:, 0])
        if not self._lone:
            self._stats.unpaired += int(np.sum(~has))
            t_s, accel, gyro = t_s[has], accel[has], gyro[has]
        self._forget()
        return self._cut(t_s, accel, gyro)

    def _gyro_at(self, t_s: FloatArray) -> FloatArray:
        """(n, 3) angular rate at these times, NaN where no two gyro samples near enough lie about them."""
        out = np.full((len(t_s), 3), np.nan)
        if not len(self._gyro_t) or not len(t_s):
            return out
        right = np.searchsorted(self._gyro_t, t_s, side="left")
        inside = right < len(self._gyro_t)
        right = np.minimum(right, len(self._gyro_t) - 1)
        exact = inside & (self._gyro_t[right] == t_s)
        out[exact] = self._gyro[right[exact]]
        left = np.maximum(right - 1, 0)
        width = self._gyro_t[right] - self._gyro_t[left]
        between = inside & ~exact & (right > left) & (width <= LONGEST_BRIDGE_S)
        r, a = right[between], left[between]
        share = ((t_s[between] - self._gyro_t[a]) / width[between])[:, None]
        out[between] = self._gyro[a] * (1 - share) + self._gyro[r] * share
        return out

    def _forget(self) -> None:
        """Keep the gyro samples that accelerometer samples to come may lie between."""
        if self._lone and not self._any_accel:
            return
        oldest_s = self._accel_t[0] if len(self._accel_t) else np.inf
        keep = max(int(np.searchsorted(self._gyro_t, oldest_s)) - 1, 0)
        if len(self._accel_t) == 0:
            newest_s = self._gyro_t[-1] if len(self._gyro_t) else 0.0
            keep = int(np.searchsorted(self._gyro_t, newest_s - LONGEST_WAIT_S))
        self._gyro_t, self._gyro = self._gyro_t[keep:], self._gyro[keep:]

    def _cut(self, t_s: FloatArray, accel: FloatArray, gyro: FloatArray) -> list[StreamItem]:
        """Blocks without a hole, and the gaps between them."""
        items, start, limit_s = list[StreamItem](), 0, (LOST_PERIODS + BREATH_PERIODS) * self._period_s
        for end in [*(np.flatnonzero(np.diff(t_s) > limit_s) + 1).tolist(), len(t_s)]:
            if end == start:
                continue
            last_s, first_s = self._last_s, float(t_s[start])
            if last_s is not None and first_s - last_s > limit_s:
                items.append(Gap(last_s + self._period_s, first_s))
            items.append(block(t_s[start:end], accel[start:end], gyro[start:end]))
            self._last_s, start = float(t_s[end - 1]), end
        return items
