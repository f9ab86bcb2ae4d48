"""Where the joint lies that a thigh swings about, seen from the sensor: which way the thigh points, before any posture.

The height of a sensor above a resting joint is `lever . up`, with the lever from the joint to the sensor and up both in
the sensor's frame. So its vertical acceleration is `lever . up''`: a regression over a movement gives the lever, which
lies along up where a thigh stands. An accelerometer's error turns with the sensor: `error . up` is fitted as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coxa.host.detect.still import Tick, longest_s
from coxa.host.motion.tangent import Vector, angle_deg
from coxa.host.motion.ticks import TICK_S
from coxa.host.samples import FloatArray

SECOND = np.array([5.0, 0.0, -3.0, -4.0, -3.0, 0.0, 5.0]) / (42.0 * TICK_S**2)
SMOOTH = np.array([-2.0, 3.0, 6.0, 7.0, 6.0, 3.0, -2.0]) / 21.0
"""Second derivative and value of the parabola through seven ticks (Savitzky and Golay 1964)."""


@dataclass(frozen=True, slots=True)
class PivotParams:
    """Tuning of the lever."""

    newest_s: float = 16.0
    """So much of the newest movement is looked at: three raises. 10 to 20 s."""
    turned_s: float = 13.0
    turns_dps: float = 4.0
    kept_s: float = 48.0
    """And where that does not tell, as much as the thigh turned for so long in, faster than so, of so long at most:
    slow raises with rests between take 8 to 10 s each (independent people, who show in the third that they
    stand, instead of the tenth or never). Hands at the strap are in it for longer, so that the newest is asked first.
    10 to 16 s, 2 to 8 deg/s, 32 to 60 s."""
    together_times: float = 7.5
    """What the joint moves along with a leg that lies does not average out: of so much movement the lever must be so
    many times its error (8.9 and more there; a real lying leg on another person's sensor seemed to stand with
    `sure_times`, `ptx_s1_leg_raise_d`). 6.5 to 8.5."""
    lever_m: tuple[float, float] = (0.16, 0.45)
    """Of a thigh: 0.20 to 0.37 m in standing raises and circles of 7 people. Rolling about its own axis has none, who
    shifts in a chair or steps seems to have 0.5 to 0.9 (`ptx_s4_arms_7`, `lunge_2`). 0.08 to 0.22, 0.32 to 0.9; with
    0.32 or 0.23 steps count (`leg_raise_4` in 1.33 of the time)."""
    sure_times: float = 4.5
    """And it must be so many times its own standard error: 6 to 20 in raises of standing legs, 3.8 to 4.0 in those of a
    lying one that were taken for such (`ptx_s1_leg_raise_d`). 2.3 to 9: nothing breaks."""
    off_share: float = 0.55
    """Who stands has no more of it across than this (29 degrees): raises and circles of standing legs have 0.5 at most,
    bridges, whose thighs stand steeply on their feet, 1.2 (`hip_bridge_2`). 0.28 to 0.77: nothing breaks."""
    off_m: float = 0.14
    """Nor more than that: 0.12 in raises of standing legs, 0.17 to 0.29 in those of lying ones, whose part along up
    small movements do not tell (`ptx_s1_leg_raise_d`). 0.07 to 0.16; with 0.2 a real block is lost
    (`ptx_s1_leg_raise_d`)."""
    along_error_m: float = 0.12
    """Nor does a thigh lie of which a movement does not tell how much there is along up, to so much of a standard
    error: fidgets of 10 degrees, and hands at the strap, of somebody who stands left 0.14 and 0.34, raises of lying
    legs leave 0.01 to 0.07 (`lateral_leg_raise_*`, `ptx_s4_lateral_leg_raise_e`). 0.08 to 0.13 m."""
    beside_times: float = 2.5
    """Nor does it speak against standing that something lies across where that is told no better than so and is no more
    than so many times its error: beside the plane of quick raises 1.3 to 1.6 (0.5 to 0.7 m, other people), of who
    kneels and shifts 3.6. 2 to 3."""
    correlated: float = 4.0
    """Smoothed ticks are that many times fewer than they seem. Half to twice: nothing breaks."""
    prior: tuple[float, float] = (0.3, 0.05)
    """Weights that hold lever and error at zero where the movement does not tell them. Half to twice of each: nothing
    breaks."""


class Pivot:
    """The newest movement of a thigh, and the lever that explains it."""

    def __init__(self) -> None:
        self._p = PivotParams()
        self._parts: list[list[Tick]] = [[]]

    def add(self, ticks: Sequence[Tick]) -> None:
        """The next ticks; who rests for hours without being asked makes no more of them."""
        self._parts[-1].extend(ticks)
        if len(self._parts[-1]) * TICK_S > 2.0 * self._p.kept_s:
            self._drop_old()

    def gap(self) -> None:
        """Samples are missing."""
        self._drop_old()
        self._parts.append([])

    def clear(self) -> None:
        """Forget the movement."""
        self._parts = [[]]

    def stands(self, rest: Vector, sure_times: float | None = None) -> bool | None:
        """Whether the thigh hangs down where up is `rest`, unit vector, sensor frame; False where it lies there, None
        where the movement does not tell so surely.
        """
        least = sure_times or self._p.sure_times
        self._drop_old()
        told = self._told(self._newest(), rest, least)
        return self._told(self._parts, rest, max(least, self._p.together_times)) if told is None else told

    def _told(self, ticks: list[list[Tick]], rest: Vector, least: float) -> bool | None:
        """The same by these stretches of the movement alone."""
        parts = [_columns(p) for p in ticks if len(p) > len(SMOOTH)]
        if not parts:
            return None
        x, y = np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])
        inverse = np.linalg.inv(x.T @ x + np.diag(np.repeat(self._p.prior, 3)))
        found = inverse @ (x.T @ y)
        left = y - x @ found
        spread = inverse[:3, :3] * (left @ left) / len(y) * self._p.correlated
        lever, up = found[:3], np.array(rest)
        along_m = -float(lever @ up)
        across = lever + along_m * up
        across_m = float(np.linalg.norm(across))
        told_m, most_m = self._told_m(across, up, spread), min(self._p.off_share * along_m, self._p.off_m)
        if self._is_lever(along_m, up, spread, least) and told_m < most_m:
            return True
        lies = self._is_lever(across_m, across / max(across_m, 1e-9), spread, least)
        told = float(up @ spread @ up) ** 0.5 < self._p.along_error_m
        return False if lies and told and abs(along_m) < self._p.off_share * across_m else None

    def _told_m(self, across: FloatArray, up: FloatArray, spread: FloatArray) -> float:
        """How much of what lies across `up` the movement tells: beside the plane of a swing it tells nothing."""
        flat = np.eye(3) - np.outer(up, up)
        variances, ways = np.linalg.eigh(flat @ spread @ flat)
        parts_m, errors_m = across @ ways, np.sqrt(np.maximum(variances, 0.0))
        told = (errors_m < self._p.along_error_m) | (np.abs(parts_m) > self._p.beside_times * errors_m)
        return float(np.linalg.norm(parts_m[told]))

    def comes_near(self, pose: Vector, within_deg: float) -> bool:
        """Whether the movement came so near to another pose, unit vector, sensor frame."""
        return any(angle_deg(pose, k.up) < within_deg for part in self._newest() for k in part)

    def stays_beyond(self, pose: Vector, deg: float, lasts_s: float) -> bool:
        """Whether the thigh stayed so long further away from a pose, unit vector, sensor frame."""
        away = (longest_s((k.t_s, angle_deg(pose, k.up) > deg) for k in part) for part in self._newest())
        return any(away_s > lasts_s for away_s in away)

    def _is_lever(self, size_m: float, way: FloatArray, spread: FloatArray, sure_times: float) -> bool:
        """Whether so much of the lever is as long as a thigh's may be, and far above its error in that direction."""
        sure = size_m > sure_times * float(way @ spread @ way) ** 0.5
        return sure and self._p.lever_m[0] < size_m < self._p.lever_m[1]

    def _drop_old(self) -> None:
        self._parts = self._since(min(self._newest_s() - self._p.newest_s, self._turned_since_s())) or [[]]

    def _newest(self) -> list[list[Tick]]:
        return self._since(self._newest_s() - self._p.newest_s)

    def _newest_s(self) -> float:
        return max((p[-1].t_s for p in self._parts if p), default=0.0)

    def _turned_since_s(self) -> float:
        """Since when the thigh has turned for as long as is looked at."""
        earliest_s, ticks = self._newest_s() - self._p.kept_s, self._p.turned_s / TICK_S
        for k in (k for part in reversed(self._parts) for k in reversed(part)):
            ticks -= k.rate_dps > self._p.turns_dps
            if ticks < 0 or k.t_s <= earliest_s:
                return k.t_s
        return earliest_s

    def _since(self, since_s: float) -> list[list[Tick]]:
        """The stretches since then, none of them empty."""
        return [kept for part in self._parts if (kept := [k for k in part if k.t_s > since_s])]


def _columns(ticks: list[Tick]) -> tuple[FloatArray, FloatArray]:
    """Of n ticks: (n - 6, 6) what explains and (n - 6,) the vertical acceleration, m/s2, that is explained."""
    up = np.array([k.up for k in ticks])
    rise = np.convolve([k.rise_mps2 for k in ticks], SMOOTH, "valid")
    second, value = (np.column_stack([np.convolve(c, w, "valid") for c in up.T]) for w in (SECOND, SMOOTH))
    return np.hstack([second, value]), rise
