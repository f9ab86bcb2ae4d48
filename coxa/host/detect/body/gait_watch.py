"""The newest ticks of a thigh, in which it is seen to walk and to turn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.host.detect.body.gait import among, steps, strides, turns
from coxa.host.detect.body.gait_params import GaitParams
from coxa.host.detect.body.pace import PaceParams, walks_evenly
from coxa.host.detect.still import Tick, Ticks, squared_chords
from coxa.host.motion.tangent import Vector, chord
from coxa.host.samples import FloatArray


class GaitWatch:
    """Looks back over a short time at each tick. `look` takes the next ticks, `take` goes on to the next of them."""

    def __init__(self, params: GaitParams) -> None:
        self._p, self._pace = params, PaceParams()
        self._kept = max(params.recent_ticks, self._pace.ticks)
        self.clear()

    def clear(self) -> None:
        """Forget the recent past, as after a gap."""
        self._near: list[Tick] = []
        """The ticks looked at, after up to `_kept` before them."""
        self._n = 0
        """How many of those are taken."""
        self._look(np.empty((0, 3)), 0)

    def _look(self, up: FloatArray, first: int) -> None:
        self.up, self.first = up, first
        """(n, 3) direction of up in the ticks looked at, sensor frame, and the number of the first of them."""
        self.walking: NDArray[np.bool_] = np.empty(0, dtype=np.bool_)
        """(n,) whether knocks as of steps came in the last seconds, at each of them."""
        self.turning = self.walking
        """(n,) whether the sensor has turned quickly for a while, at each of them."""
        self.knocked = self.walking
        """(n,) whether one of those knocks came, at each of them."""
        self.slowed = self.walking
        """(n,) whether the thigh has just slowed down as at an end of a stride's swing, at each of them."""

    def look(self, ticks: Ticks, start: int = 0) -> None:
        """The next ticks, from number `start` on, none of which is taken yet."""
        self.settle()
        p, before = self._p, len(self._near)
        self._near = self._near + ticks.each[start:]
        self._look(ticks.up[start:], start)
        shocks = np.concatenate([[k.shock_mps2 for k in self._near[:before]], ticks.shock_mps2[start:]])
        rates = np.concatenate([[k.rate_dps for k in self._near[:before]], ticks.rate_dps[start:]])
        here = np.arange(before, len(self._near)) + 1
        self.walking = among(shocks > p.step_shock_mps2, here, p.recent_ticks) >= p.step_ticks
        self.knocked = (shocks > p.step_shock_mps2)[before:]
        slow = np.concatenate([[True], rates < self._pace.slows_dps])
        self.slowed = (slow[1:] & ~slow[:-1])[before:]
        self.turning = among(rates > p.turn_dps, here, p.turn_ticks) == p.turn_ticks

    def settle(self) -> None:
        """All ticks looked at are taken: keep what the next ones need."""
        self._near = self._near[max(self._n - self._kept, 0) : self._n]
        self._n = len(self._near)
        self._look(np.empty((0, 3)), 0)

    def take(self) -> Tick:
        """The next of those looked at."""
        self._n += 1
        return self._near[self._n - 1]

    def pass_over(self, count: int) -> list[Tick]:
        """The next `count` of those looked at."""
        self._n += count
        return self._near[self._n - count : self._n]

    def walks(self, k: int) -> bool:
        """Whether it seems to walk at tick number `k` of those looked at."""
        return bool(self.walking[k - self.first])

    def returns(self, pose: Vector, within_deg: float) -> NDArray[np.bool_]:
        """(n,) which of the ticks looked at are the first ones back so near to that pose; there are some."""
        taken = self._near[: len(self._near) - len(self.up)]
        before = [taken[-1].up] if taken else [self.up[0]]
        near = squared_chords(np.concatenate([before, self.up]), np.array(pose)) <= chord(within_deg) ** 2
        return near[1:] & ~near[:-1]

    @property
    def before(self) -> Tick | None:
        """The tick before the newest."""
        return self._near[self._n - 2] if self._n >= 2 else None

    @property
    def recent(self) -> list[Tick]:
        """Those of the last 2.4 s, oldest first."""
        return self._near[max(self._n - self._p.recent_ticks, 0) : self._n]

    @property
    def turns(self) -> bool:
        """Whether the sensor turns quickly while its tilt stays."""
        return turns(self._near[max(self._n - self._p.least_turned_ticks, 0) : self._n], self._p)

    @property
    def strides(self) -> Vector | None:
        """The mean pose of the newest steps, None where the thigh does not swing to and fro as walking does."""
        return strides(self.recent, self._p)

    @property
    def paces(self) -> bool:
        """Whether the thigh swings as evenly as in walking."""
        return walks_evenly(self._near[max(self._n - self._pace.ticks, 0) : self._n], self._pace)

    @property
    def steps(self) -> bool:
        """Whether the thigh has just made a step, be it too soft to be seen as walking."""
        newest = self._near[self._n - 1 : self._n]
        return any(k.shock_mps2 > self._p.step_shock_mps2 for k in newest) and steps(self.recent, self._p)
