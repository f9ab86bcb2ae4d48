"""Is the thigh at rest, and in which pose?"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, repeat
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.host.motion.tangent import Vector, chord, unit
from coxa.host.motion.ticks import TICK_HZ, TickBlock, TickItem, TickParams
from coxa.host.samples import FloatArray, Gap, row_dots


class Tick(NamedTuple):
    """One beat of `motion.ticks`, as plain numbers."""

    t_s: float
    up: Vector
    """Unit vector that points up, sensor frame."""
    rate_dps: float
    """Largest angular rate since the beat before."""
    shock_mps2: float
    """Largest departure of the specific force from 1 g since then."""
    rise_mps2: float
    """Mean vertical acceleration since then, gravity removed."""


@dataclass(frozen=True, slots=True, eq=False)
class Ticks:
    """Beats that follow each other: as columns to look ahead in, and one by one as detectors take them."""

    t_s: FloatArray
    """(n,) seconds."""
    up: FloatArray
    """(n, 3) unit vector that points up, sensor frame."""
    rate_dps: FloatArray
    """(n,) largest angular rate since the beat before."""
    steady_dps: FloatArray
    """(n,) magnitude of the mean rate over the last `TickParams.steady_s`: what trembles is averaged out."""
    shock_mps2: FloatArray
    """(n,) largest departure of the specific force from 1 g since the beat before."""
    each: list[Tick]
    """The same n beats."""
    feels_height: bool = True
    """Whether `rise_mps2` is what the sensor did: without a gyro, turning passes for it."""

    def __len__(self) -> int:
        """Number of beats."""
        return len(self.each)

    @classmethod
    def of(cls, block: TickBlock) -> Ticks:
        """The beats of a block."""
        rate_dps = block.rate_radps * math.degrees(1.0)
        ups = zip(*block.up.T.tolist(), strict=True)
        numbers = (c.tolist() for c in (rate_dps, block.shock_mps2, block.rise_mps2))
        rows = zip(block.t_s.tolist(), ups, *numbers, strict=True)
        each = list(map(tuple.__new__, repeat(Tick), rows))  # Tick(...) takes five times as long
        steady_dps = block.steady_radps * math.degrees(1.0)
        return cls(block.t_s, block.up, rate_dps, steady_dps, block.shock_mps2, each, block.feels_height)

    @classmethod
    def single(cls, tick: Tick) -> Ticks:
        """One beat alone, which turns as steadily as it does fast."""
        t_s, up, rate_dps, shock_mps2, _ = (np.array([c]) for c in tick)
        return cls(t_s, up, rate_dps, rate_dps, shock_mps2, [tick])


def as_beats(items: list[TickItem]) -> list[Ticks | Gap]:
    """Blocks of ticks as detectors take them."""
    return [item if isinstance(item, Gap) else Ticks.of(item) for item in items]


@dataclass(frozen=True, slots=True)
class StillParams:
    """When a thigh counts as still.

    A breath moves a lying thigh by about half a degree; the slowest circles of the recordings move it 3.4 deg/s
    (`hip_circle_4`), the slowest lowering of a leg 2 deg/s (`ptx_s1_leg_raise_d`).
    """

    window_s: float = 0.6
    """Length of the look-back, 0.4 to 1 s."""
    slack_s: float = 0.05
    """So much shorter the look-back may be: clocks jitter, and a tick is 0.04 s. 0.04 to 0.08 s."""
    spread_deg: float = 1.3
    """Largest change of pose inside the window, 0.8 to 2 degrees."""
    bridged_s: float = 1.0
    """Rest goes on over a gap up to this long if the pose is the same on both sides. 0.5 to 1.5 s: sets begin right
    after losses (`leg_raise_2` with more of them), and no repetition is that short."""
    before_s: float = 0.3
    """What is still from the first sample on is taken to have been so for this long before: raises may begin 0.9 s
    after the recording does (`ptx_s4_leg_raise_d` in 0.75 of the time). 0 to 0.3 s, with which 0.6 s open a set."""
    steady_dps: float = 14.0
    """Largest steady rate inside the window: tremor and gyro noise are averaged out, movement is not. 8 to 20 deg/s."""
    sway_s: float = 2.5
    sway_deg: float = 5.0
    """Who stands unsteadily is never still, but turns no faster than that for so long and goes no further than so:
    thighs of people who do sway by 5 degrees at up to 7 deg/s. 2 to 4 s, 4 to 7 degrees."""


class StillFinder:
    """Looks back over a short window at each tick. `look` takes the next ticks, `at` goes to one of them."""

    def __init__(self) -> None:
        self._p = StillParams()
        self._lag = int(0.5 * TickParams().steady_s * TICK_HZ)
        """So many ticks before it lies the middle of what a tick's steady rate is the mean of."""
        self.still = False
        self.since_s: float | None = None
        """Start of the present rest, None while moving."""
        self._begun_s: float | None = None
        """Time of the first tick of all."""
        self._forget()

    def _forget(self) -> None:
        self._t_s, self._up, self._fast = np.empty(0), np.empty((0, 3)), np.empty(0, dtype=np.bool_)
        self._first = np.empty(0, dtype=np.int64)
        """Where the window of each of the newest ticks begins, in the columns."""
        self._sway_first = np.empty(0, dtype=np.int64)
        """The same of the longer one in which it may sway."""
        self.swaying: NDArray[np.bool_] = np.empty(0, dtype=np.bool_)
        """(n,) whether the thigh has only swayed for so long at each of the newest ticks."""
        self._k = -1
        self._poses: FloatArray | None = None
        self.stills: list[bool] = []
        """Whether each of the newest ticks is still."""
        self._since_s: FloatArray = np.empty(0)
        """(n,) since when, where it is."""
        self.lasted_s: FloatArray = np.empty(0)
        """(n,) for how long the thigh has been still at each of the newest ticks, 0 while moving."""

    def gap(self, lost_s: float) -> None:
        """Samples are missing: after a long gap the window is forgotten."""
        if lost_s > self._p.bridged_s:
            self._forget()
            self.still, self.since_s = False, None

    def look(self, ticks: Ticks) -> None:
        """The next ticks, none of which is taken yet."""
        self.settle()
        p, before = self._p, len(self._t_s)
        if self._begun_s is None and len(ticks):
            self._begun_s = float(ticks.t_s[0])
        t_s = self._t_s = np.concatenate([self._t_s, ticks.t_s])
        up = self._up = np.concatenate([self._up, ticks.up])
        self._fast = np.concatenate([self._fast, ticks.steady_dps > p.steady_dps])
        here = np.arange(before, len(t_s))
        first = np.searchsorted(t_s, ticks.t_s - (p.window_s + 1e-6))
        late = (ticks.t_s - t_s[first] < p.window_s - p.slack_s) & (first > 0)
        first = self._first = first - (late & (ticks.t_s - t_s[first - 1] < p.window_s + p.bridged_s))
        fast = counted(self._fast)
        middle, room = first + (here - first + 1) // 2, chord(p.spread_deg) ** 2
        near = (squared_chords(up[first], ticks.up) < room) & (squared_chords(up[middle], ticks.up) < room)
        calm = fast[here + 1] == fast[np.minimum(first + self._lag, here + 1)]
        still = near & calm & (ticks.t_s - t_s[first] >= p.window_s - p.slack_s)
        begins = still & ~np.concatenate([[self.still], still[:-1]])
        began = np.maximum.accumulate(np.where(begins, np.arange(len(ticks)), -1))
        earlier_s = math.nan if self.since_s is None else self.since_s
        from_s = t_s[first[began]]
        since_s = np.where(began < 0, earlier_s, np.where(from_s == self._begun_s, from_s - p.before_s, from_s))
        self._look_for_sway(ticks, here)
        self.lasted_s = np.where(still, ticks.t_s - since_s, 0.0)
        self.stills = still.tolist()
        self._since_s = since_s

    def _look_for_sway(self, ticks: Ticks, here: NDArray[np.int64]) -> None:
        """Somebody who stands about sways to and fro: where they were at three moments is near where they are."""
        p, t_s, up = self._p, self._t_s, self._up
        first = self._sway_first = np.searchsorted(t_s, ticks.t_s - (p.sway_s + 1e-6))
        fast, room = counted(self._fast), chord(p.sway_deg) ** 2
        at = (first, first + (here - first) // 3, first + 2 * (here - first) // 3)
        near = np.logical_and.reduce([squared_chords(up[k], ticks.up) < room for k in at])
        self.swaying = near & (fast[here + 1] == fast[first]) & (ticks.t_s - t_s[first] >= p.sway_s - p.slack_s)

    def at(self, k: int) -> None:
        """Go to tick `k` of those looked at."""
        self._k = k
        self.still = self.stills[k]
        self.since_s = float(self._since_s[k]) if self.still else None

    def settle(self) -> None:
        """All ticks looked at are taken: keep what the next ones need."""
        if self._k < 0:
            return
        first = max(min(int(self._first[self._k]), int(self._sway_first[self._k])) - 1, 0)
        self._t_s, self._up, self._fast = (a[first:].copy() for a in (self._t_s, self._up, self._fast))
        self._first, self._k, self._poses = self._first[self._k : self._k + 1] - first, 0, None
        self._sway_first = self._sway_first[-1:] - first
        self.swaying = self.swaying[-1:].copy()
        self.stills, self._since_s, self.lasted_s = [self.still], self._since_s[-1:].copy(), self.lasted_s[-1:].copy()

    def goes_on(self, k: int, end: int) -> int:
        """Up to which of the ticks looked at the thigh goes on as in tick `k`: still, or moving."""
        try:
            return self.stills.index(not self.stills[k], k, end)
        except ValueError:
            return end

    def lasts_s(self, t_s: float) -> float:
        """For how long the thigh has been still at time `t_s`, 0 while moving."""
        return 0.0 if self.since_s is None else t_s - self.since_s

    def pose(self) -> Vector:
        """Mean direction of up over the window."""
        x, y, z = self.poses()[self._k].tolist()
        return (x, y, z)

    @property
    def sways(self) -> bool:
        """Whether the thigh has only swayed for a while."""
        return bool(self.swaying[self._k])

    def sway_pose(self) -> Vector:
        """Mean direction of up while it has."""
        here = len(self._up) - len(self._sway_first) + self._k
        x, y, z = self._up[int(self._sway_first[self._k]) : here + 1].mean(axis=0).tolist()
        return unit((x, y, z))

    def poses(self) -> FloatArray:
        """(n, 3) that of each of the ticks looked at."""
        if self._poses is None:
            self._poses = self._means()
        return self._poses

    def _means(self) -> FloatArray:
        """Added up from the oldest on in every case, so that no pose depends on which ticks came together."""
        up, first = self._up, self._first
        lengths = np.arange(len(up) - len(first), len(up)) - first + 1
        length, n = int(lengths.max()), len(first)
        total = np.zeros((n, 3))
        padded = np.concatenate([np.zeros((length, 3)), up])
        for k in range(len(padded) - n - length + 1, len(padded) - n + 1):
            total += padded[k : k + n]
        for k in np.flatnonzero(lengths != length).tolist():
            total[k] = [sum(c) for c in up[first[k] : first[k] + lengths[k]].T.tolist()]
        return total / np.sqrt(row_dots(total, total))[:, None]


def longest_s(seen: Iterable[tuple[float, bool]]) -> float:
    """The longest time for which it was so without a break, from when it was looked at and whether it was; seconds."""
    runs = ([t_s for t_s, _ in run] for so, run in groupby(seen, itemgetter(1)) if so)
    return max((times[-1] - times[0] for times in runs), default=0.0)


def counted(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(n + 1,) how many of the flags before each place are set, and how many are in all."""
    count = np.zeros(len(flags) + 1, dtype=np.int64)
    np.cumsum(flags, out=count[1:])
    return count


def squared_chords(a: FloatArray, b: FloatArray) -> FloatArray:
    """(n,) of directions (n, 3) or one (3,), squared: cheaper to compare than angles."""
    away = a - b
    return row_dots(away, away)
