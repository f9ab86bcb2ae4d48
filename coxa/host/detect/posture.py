"""How the thigh stands in the world: its tilt against upright standing, learned from what the person does."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from coxa.host.detect.axes import Axes, next_of
from coxa.host.detect.pivot import Pivot
from coxa.host.detect.still import StillFinder, Tick, Ticks, squared_chords
from coxa.host.events import Side
from coxa.host.exercises.spec import ANY_ROLL_DEG, StartPose
from coxa.host.motion.tangent import Vector, angle_deg, chord, cross, dot, unit
from coxa.host.samples import FloatArray

RECENT = 60
"""Ticks (2.4 s) in which steps are counted."""
TURN = 9
"""Ticks (0.36 s) that a turn on the spot takes at least."""
LEAST_TURNED = 12
"""So many ticks must there be before a turn is believed."""


@dataclass(frozen=True, slots=True)
class PostureParams:
    """What counts as evidence of standing upright."""

    settle_s: float = 0.9
    """Rest that makes a pose: people settle for 1.3 s and longer before a set (`leg_raise_4`)."""
    changed_deg: float = 50.0
    """Two rests this far apart are two postures."""
    upside_deg: float = 155.0
    """A rest so far from what was taken for upright refutes it: whoever rolls from one side to the other has been
    lying, 160 to 180 apart (`lateral_leg_raise_4`); from standing to bent knees on the back it is 150 at most."""
    step_shock_mps2: float = 3.5
    """Specific force this far from 1 g, tick after tick, is heel strikes: 3 to 6 in slow walking (`negative_2`)."""
    step_ticks: int = 8
    """Of 60 ticks (2.4 s), how many must be shocks."""
    stride_deg: float = 45.0
    """A walking thigh stays this near to its mean (`walk_*`: 35)."""
    stride_dps: float = 70.0
    """A stride turns the thigh at least this fast (slow walking of the kinematic recordings: 74 to 148)."""
    walk_ticks: int = 25
    """Walking that outlasts what interrupts it by so long (1 s) may correct what was taken for upright."""
    swing_deg: float = 15.0
    """And swings at least this far; knocks on a resting thigh are no steps (`figure_four_4`), nor is a strap that is
    shaken (`hamstring_stretch_1`)."""
    swings: int = 3
    """And so many times in the 2.4 s; a knee that is let go and drawn up again swings twice (`knee_to_chest_3`)."""
    pause_dps: float = 25.0
    pause_ticks: int = 12
    """Nor does a walking thigh pause for so long (0.5 s); lunges do, and swing and knock between (`lunge_4` in 1.3 of
    the time was taken for walking bent). 20 to 30 deg/s, 10 to 12 ticks."""
    wrong_deg: float = 65.0
    """Upright is corrected by so much at least: sitting and lying are 80 and more off, the middle of lunges 50."""
    sure_deg: float = 30.0
    """Who turns on the spot this near to what was taken for upright stands (`lunge_2`: 8; deep lunges were taken for
    walking later). 20 to 40."""
    turn_dps: float = 45.0
    """Turning on the spot this fast with a still tilt is possible only upright."""
    turn_tilt_dps: float = 15.0
    back_deg: float = 8.0
    """A thigh so near to the first rest is back from a movement, which may tell whether it stood there. 5 to 10."""


class Posture:
    """Tilt against upright, unknown until the person has stood, walked or turned.

    The first rest is taken for standing, on probation: a recording may as well begin lying down. The probation ends
    when the person walks, turns on the spot or comes to rest in another posture.
    """

    def __init__(self, params: PostureParams | None = None) -> None:
        self._p = params or PostureParams()
        self._upright: Vector | None = None
        self._axes = Axes()
        self._pivot = Pivot()
        self._walked, self._walk_ticks = False, 0
        self._refuted = False
        """Whether the first rest was not upright, so that no rest is taken for it any more."""
        self.proven = False
        """Whether the first rest is known to have been upright."""
        self.walking = False
        self._near: list[Tick] = []
        """The ticks looked at, after up to `RECENT` before them."""
        self._n = 0
        """How many of those are taken."""
        self._look(np.empty((0, 3)), 0)

    def _look(self, up: FloatArray, first: int) -> None:
        self._up, self._first = up, first
        """(n, 3) of the ticks looked at, and the number of the first of them."""
        self._walking: NDArray[np.bool_] = np.empty(0, dtype=np.bool_)
        self._turning = self._walking
        """Whether the sensor has turned quickly for a while, at each of them."""
        self._decisive: list[int] | None = None
        """Those that may change what is known of upright; None where that has to be found out."""

    def look(self, ticks: Ticks, start: int = 0) -> None:
        """The next ticks, from number `start` on, none of which is taken yet."""
        self.settle()
        p, before = self._p, len(self._near)
        self._near = self._near + ticks.each[start:]
        self._look(ticks.up[start:], start)
        shocks = np.concatenate([[k.shock_mps2 for k in self._near[:before]], ticks.shock_mps2[start:]])
        rates = np.concatenate([[k.rate_dps for k in self._near[:before]], ticks.rate_dps[start:]])
        here = np.arange(before, len(self._near)) + 1
        self._walking = _among(shocks > p.step_shock_mps2, here, RECENT) >= p.step_ticks
        self._turning = _among(rates > p.turn_dps, here, TURN) == TURN

    def settle(self) -> None:
        """All ticks looked at are taken: keep what the next ones need."""
        self._near = self._near[max(self._n - RECENT, 0) : self._n]
        self._n = len(self._near)
        self._look(np.empty((0, 3)), 0)
        self._axes.settle()

    def update(self, k: int, rest: StillFinder, *, learn_front: bool = True) -> None:
        """Take tick number `k`, after `rest` has; a leg that turns about its own axis must not teach the front."""
        self._n += 1
        tick = self._near[self._n - 1]
        if rest.lasts_s(tick.t_s) >= self._p.settle_s:
            pose = rest.pose()
            if self._upright is None:
                if not self._refuted:
                    self._know(pose)
            elif not self.proven:
                self._compare(self._upright, pose)
        self.walking = bool(self._walking[k - self._first])
        if not self.proven and ((self.walking and self._strides() is not None) or self._turns()):
            self._stands()
        self._walk_ticks = max(self._walk_ticks + (1 if self.walking else -1), 0)
        if self._walk_ticks >= self._p.walk_ticks and not self._walked:
            self._correct()
        if not self.proven:
            self._swing(tick)
        if self._upright is not None and learn_front:
            self._axes.update(tick.t_s, tick.up, self._upright)
        elif not learn_front:
            self._axes.clear()

    def _stands(self) -> None:
        """Somebody walks or turns on the spot, and where that is near upright, walking has nothing to correct later."""
        self._prove()
        if self._upright is None:
            self._know(self._mean_up())
        elif self._turns() and angle_deg(self._upright, self._mean_up()) < self._p.sure_deg:
            self._walked = True

    def _swing(self, tick: Tick) -> None:
        """A thigh that is back from a movement has shown how it hung there."""
        self._pivot.add([tick])
        if self._upright is None or self._n < 2:
            return
        before = angle_deg(self._upright, self._near[self._n - 2].up)
        back = angle_deg(self._upright, tick.up) <= self._p.back_deg < before
        if back and self._pivot.stands(self._upright):
            self._prove()

    def quiet(self, k: int, end: int, rest: StillFinder, *, learn_front: bool = True) -> int:
        """Up to which tick, from number `k` on, nothing happens that `update` would have to see."""
        if not self._walked and self._walk_ticks > self._p.walk_ticks:
            return k
        if self._decisive is None:
            self._decisive = self._find_decisive(rest)
            if self._upright is not None:
                self._axes.look(self._up, self._first, self._upright)
        end = next_of(self._decisive, k, end)
        return self._axes.quiet(k, end) if self._upright is not None and learn_front else end

    def pass_over(self, k: int, end: int, *, learn_front: bool = True) -> None:
        """Take ticks `[k, end)`, in which nothing happens."""
        self._n += end - k
        if not self.proven:
            self._pivot.add(self._near[self._n - (end - k) : self._n])
        self.walking = bool(self._walking[end - 1 - self._first])
        if not self._walked:
            self._walk_ticks = max(self._walk_ticks - (end - k), 0)
        if not learn_front:
            self._axes.clear()
        elif self._upright is not None:
            self._axes.pass_over(k, end, self._near[self._n - (end - k) : self._n], self._upright)

    def _find_decisive(self, rest: StillFinder) -> list[int]:
        p, first = self._p, self._first
        decisive = np.zeros(len(self._up), dtype=np.bool_)
        if not self.proven:
            decisive |= self._turning
            settled = (rest.lasted_s[first:] >= p.settle_s) & (not (self._refuted and self._upright is None))
            if self._upright is not None:
                decisive |= self._returns(self._upright)
            if self._upright is not None and settled.any():
                away = squared_chords(np.array(rest.poses()[first:]), np.array(self._upright))
                settled &= away > chord(p.changed_deg) ** 2
            decisive |= settled
        if not (self.proven and self._walked):
            decisive |= self._walking
        return (np.flatnonzero(decisive) + first).tolist()

    def _returns(self, upright: Vector) -> NDArray[np.bool_]:
        """Which of the ticks looked at are the first ones back near the first rest."""
        taken = self._near[: len(self._near) - len(self._up)]
        before = [taken[-1].up] if taken else [self._up[0]]
        near = squared_chords(np.concatenate([before, self._up]), np.array(upright)) <= chord(self._p.back_deg) ** 2
        return near[1:] & ~near[:-1]

    def _compare(self, upright: Vector, pose: Vector) -> None:
        """Another posture proves the first rest upright, or refutes it where nobody can stand and then lie so."""
        away_deg = angle_deg(upright, pose)
        if away_deg > self._p.upside_deg:
            self._upright, self._refuted, self._decisive = None, True, None
            self._axes.clear()
        elif away_deg > self._p.changed_deg:
            self._prove()

    def _know(self, upright: Vector) -> None:
        self._upright, self._decisive = upright, None

    def _prove(self) -> None:
        self.proven, self._decisive = True, None
        self._pivot.clear()

    def _recent(self) -> list[Tick]:
        return self._near[max(self._n - RECENT, 0) : self._n]

    def _correct(self) -> None:
        """Nobody walks lying: where the first walking is far from what was taken for upright, that was wrong."""
        pose = self._strides()
        if pose is None:
            return
        self._walked, self._decisive = True, None
        if self._upright is None or angle_deg(pose, self._upright) > self._p.wrong_deg:
            self._axes = Axes()
            self._know(pose)

    def _strides(self) -> Vector | None:
        """The mean pose of the newest steps, None where the thigh does not swing to and fro as walking does."""
        pose, recent = self._mean_up(), self._recent()
        if not self._p.swing_deg < max(angle_deg(pose, k.up) for k in recent) < self._p.stride_deg:
            return None
        pauses = groupby(k.rate_dps < self._p.pause_dps for k in recent)
        if any(slow and len(list(ticks)) >= self._p.pause_ticks for slow, ticks in pauses):
            return None
        fast = [k.rate_dps > self._p.stride_dps for k in recent]
        swings = sum(now and not before for before, now in pairwise([False, *fast]))
        return pose if swings >= self._p.swings else None

    def clear(self) -> None:
        """Forget the recent past, as after a gap; what upright is stays known."""
        self._near, self._n = [], 0
        self._look(np.empty((0, 3)), 0)
        self._axes.clear()
        self._pivot.gap()
        self.walking = False

    def tilt_deg(self, up: Vector) -> float | None:
        """Thigh tilt against upright, None while nothing is known."""
        return None if self._upright is None or not self.proven else angle_deg(self._upright, up)

    def upright(self) -> Vector | None:
        """Direction of up when standing, sensor frame, None while nothing is known."""
        return self._upright if self.proven else None

    def start_of(self, up: Vector, starts: tuple[StartPose, ...]) -> StartPose | None:
        """The start pose that `up` fits, None where it fits none. Before anything is known, the last fits all."""
        if self._upright is None or not self.proven:
            return starts[-1]
        tilt, roll = angle_deg(self._upright, up), None
        for start in starts:
            if start.fits(tilt, None):
                if roll is None and start.roll_deg != ANY_ROLL_DEG:
                    roll = self._axes.roll_deg(up, self._upright)
                if start.fits(tilt, roll):
                    return start
        return None

    def roll_deg(self, up: Vector) -> float | None:
        """How far a lying thigh is turned: 0 front up, 90 on the side; None while not known, or not lying."""
        return None if self._upright is None or not self.proven else self._axes.roll_deg(up, self._upright)

    @property
    def slipped_deg(self) -> float | None:
        """By how much the strap has just been found turned round the thigh."""
        return self._axes.slipped_deg if self.proven else None

    def upper_side(self, up: Vector) -> Side | None:
        """Which side of the thigh faces up, None where neither does or the front is not known.

        Right is anterior x proximal (Wu et al. 2002), and up, seen from an upright thigh, is proximal.
        """
        front = self.front()
        if front is None or self._upright is None:
            return None
        rightness = dot(up, cross(front, self._upright))
        return None if abs(rightness) < 0.7 else "right" if rightness > 0 else "left"

    def planes_deg(self, rest: Vector, top: Vector, side: Side | None) -> tuple[float, float | None] | None:
        """Flexion and abduction from one pose to another; None while the front is not known.

        The shortest turn that brings up from `rest` to `top`, about the thigh's right and anterior axes; positive is
        flexion, and abduction, which needs the side. What turns about the vertical is unseen.
        """
        front = self.front()
        if front is None or self._upright is None:
            return None
        axis, size = cross(rest, top), angle_deg(rest, top)
        if dot(axis, axis) < 1e-9:
            return (0.0, 0.0 if side else None)
        axis = unit(axis)
        outwards = size * dot(axis, front)
        abduction = None if side is None else outwards if side == "right" else -outwards
        return (-size * dot(axis, cross(front, self._upright)), abduction)

    def front(self) -> Vector | None:
        """Unit vector out of the front of the thigh, sensor frame; None until the person has sat or lain down."""
        return self._axes.front() if self.proven else None

    def _turns(self) -> bool:
        last = self._near[max(self._n - TURN, 0) : self._n]
        if self._n < LEAST_TURNED or min(k.rate_dps for k in last) <= self._p.turn_dps:
            return False
        return angle_deg(last[0].up, last[-1].up) / (last[-1].t_s - last[0].t_s) < self._p.turn_tilt_dps

    def _mean_up(self) -> Vector:
        total = [sum(k.up[i] for k in self._recent()) for i in range(3)]
        return unit((total[0], total[1], total[2]))


def _among(flags: NDArray[np.bool_], here: NDArray[np.int64], last: int) -> NDArray[np.int64]:
    """How many of the `last` flags before each place are set."""
    count = np.concatenate([[0], np.cumsum(flags)])
    return count[here] - count[np.maximum(here - last, 0)]
