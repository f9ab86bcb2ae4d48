"""The rest pose that trips leave from, and how far from it is far."""

from __future__ import annotations

from collections import deque
from itertools import dropwhile, islice, takewhile
from math import dist
from operator import itemgetter

import numpy as np

from coxa.host.detect.excursion import CALM_TICKS, Excursion
from coxa.host.detect.posture import Posture
from coxa.host.detect.set_count import SetCount
from coxa.host.detect.still import StillFinder, StillParams, Tick, Ticks
from coxa.host.detect.trip_params import TripParams
from coxa.host.detect.verdict import Steps
from coxa.host.exercises.spec import ExerciseSpec, StartPose
from coxa.host.motion.tangent import Vector, angle_deg, chord, mixed, unit

REST_TICKS = 100
"""Of the 4 s before a trip those at rest tell what the accelerometer is off there."""
RECENT_TICKS = 400
"""16 s: what a first repetition with a long top needs."""


class RestPose:
    """Where the thigh rests between the trips of one exercise. A set begins only where that is a start pose."""

    def __init__(self, spec: ExerciseSpec) -> None:
        self.spec = spec
        self._p = TripParams()
        self._settle_s = self._p.settle_hold_s if spec.kind == "hold" else self._p.settle_s
        self.rest: Vector | None = None
        self.start: StartPose | None = None
        self._lying = spec.kind == "raise" and any(s.direction != "any" for s in spec.start)
        """Whether it is a raise that may begin lying down."""
        self._set = SetCount(self._p, impacts=spec.impacts)
        self.trip: Excursion | None = None
        self._pending: tuple[Excursion, float] | None = None
        """What came back last and when, while it is not certain."""
        self._near_s = 0.0
        self._blind: list[tuple[float, float]] = []
        """What was missed since the thigh was last near its rest pose."""
        self._armed = False
        """Whether the next trip begins from a rest long enough to open a set."""
        self._cleared = True
        self._lowest_deg = 0.0
        self._felt: tuple[Vector, float] | None = None
        """A rest pose, and the vertical acceleration that the sensor felt in it."""
        self._recent: deque[tuple[Tick, bool]] = deque(maxlen=RECENT_TICKS)
        self._upright: Vector | None = None
        """Where up is when standing, as it was known at the newest tick of a trip; None while it was not."""
        self._sure = False
        """Whether it was known for sure."""

    @property
    def _known(self) -> bool:
        """Whether the posture was known at the newest tick of a trip."""
        return self._upright is not None

    @property
    def reps(self) -> int:
        """Repetitions of the set so far."""
        return self._set.reps

    @property
    def needed_deg(self) -> float | None:
        """What the next repetition must reach."""
        return None if self.start is None or self.rest is None else self._needed_deg()

    def farthest_deg(self, start_s: float, end_s: float) -> float:
        """How far the thigh has been from its rest pose in that time, as far as it is remembered; 0 without one."""
        if self.rest is None:
            return 0.0
        return max((angle_deg(self.rest, k.up) for k, _ in self._recent if start_s <= k.t_s <= end_s), default=0.0)

    def _seek_rest(self, tick: Tick, rest: StillFinder, posture: Posture) -> None:
        if rest.lasts_s(tick.t_s) >= self._settle_s:
            self._settle(rest.pose(), tick, posture)
        elif self._pauses(rest):
            self._pause(rest.pose(), tick, posture)

    def _seek_on(self, k: int, end: int, rest: StillFinder) -> int:
        """Up to which tick there is no rest pose to be found."""
        lasted_s = rest.lasted_s[k:end]
        found = lasted_s >= self._settle_s
        if self._lying:
            was_still = bool(self._recent) and self._recent[-1][1]
            found |= (lasted_s > 0.0) & ~np.concatenate([[was_still], lasted_s[:-1] > 0.0])
        return k + int(found.argmax()) if found.any() else end

    def _pauses(self, rest: StillFinder) -> bool:
        """Whether somebody comes to rest with this tick who may lie ready for raises."""
        comes = rest.still and (len(self._recent) < 2 or not self._recent[-2][1])
        return comes and self._lying

    def _pause(self, pose: Vector, tick: Tick, posture: Posture) -> bool:
        """Too short a rest to open a set, but raises from here may be a series; whether they may begin in this pose.

        Lying only: who stands may be walking.
        """
        start = posture.start_of(pose, self.spec.start)
        if start is None or start.direction == "any":
            return False
        self.rest, self.start, self._armed, self._near_s, self._pending = pose, start, False, tick.t_s, None
        self._set.begin()
        return True

    def _settle(self, pose: Vector, tick: Tick, posture: Posture) -> None:
        """Here the thigh rests now; elsewhere than before a new set begins."""
        near = self.rest is not None and angle_deg(self.rest, pose) < self._p.same_pose_deg
        self.start = posture.start_of(pose, self.spec.start)
        self.rest = pose if self.start is not None else None
        self._pending = None
        self._armed, self._near_s = self.start is not None, tick.t_s
        if not near:
            self._set.begin()

    def _rest_rise_mps2(self) -> float | None:
        """Mean vertical acceleration felt at rest before now, or when the thigh last rested so."""
        assert self.rest is not None
        rises = [tick.rise_mps2 for tick, still in islice(reversed(self._recent), REST_TICKS) if still]
        if len(rises) >= CALM_TICKS:
            self._felt = (self.rest, sum(rises) / len(rises))
        same = self._felt is not None and angle_deg(self._felt[0], self.rest) < self._p.same_pose_deg
        return self._felt[1] if self._felt is not None and same else None

    def _seen_since(self, t_s: float) -> list[tuple[Tick, bool]]:
        """The newest ticks, from `t_s` on as far as they are kept."""
        return list(takewhile(lambda seen: seen[0].t_s >= t_s, reversed(self._recent)))[::-1]

    def _leave_from(self, pose: Vector, since_s: float, posture: Posture) -> bool:
        """The thigh has been away from this rest pose since then; False where it is no start pose."""
        start = posture.start_of(pose, self.spec.start)
        if start is None:
            return False
        self.rest, self.start, self._armed = pose, start, True
        self.trip = Excursion.over(pose, since_s, self._seen_since(since_s))
        return True

    def _left_from_top(self, trip: Excursion, posture: Posture) -> bool:
        """Whether the thigh rested long at the end of a trip and then went past its start: there it rests now.

        People shift their weight before a set (`leg_raise_4`: 7 degrees); the first raise then swings through where the
        leg hung before.
        """
        if trip.peak_deg > self._p.drift_deg:
            return False
        ended = takewhile(lambda seen: seen[0].t_s >= trip.start_s, reversed(self._recent))
        still = [k for k, _ in takewhile(itemgetter(1), dropwhile(lambda seen: not seen[1], ended))]
        if not still or still[0].t_s - still[-1].t_s < self._settle_s - StillParams().window_s:
            return False
        pose = unit((sum(k.up[0] for k in still), sum(k.up[1] for k in still), sum(k.up[2] for k in still)))
        return self._leave_from(pose, still[0].t_s, posture)

    def _before_flip(self, trip: Excursion) -> Excursion | None:
        """The repetition whose top was taken for rest, where the thigh was seen to come from its true rest pose."""
        low_deg = self.spec.return_share * trip.peak_deg
        low = [k.t_s for k, _ in self._recent if k.t_s < trip.start_s and angle_deg(trip.peak_up, k.up) < low_deg]
        if not low or self.reps:
            return None
        first = Excursion.over(trip.peak_up, low[-1], (s for s in self._recent if low[-1] <= s[0].t_s <= trip.peak_s))
        for tick, _ in self._recent:  # it has ended long ago: what comes now is the next way out
            if first.peak_s < tick.t_s <= trip.peak_s and angle_deg(trip.peak_up, tick.up) < low_deg:
                first.end_at(tick, angle_deg(trip.peak_up, tick.up))
        return first

    def _at_rest(self, tick: Tick, rest: StillFinder, posture: Posture) -> bool:
        """Take a tick at or near the rest pose; whether a trip has begun."""
        assert self.rest is not None
        away_deg, enter_deg = angle_deg(self.rest, tick.up), self._enter_deg()
        if rest.still and away_deg < max(enter_deg, self._drift_deg()):
            if not self._stay(tick, rest, posture):
                return False
            enter_deg = self._enter_deg()
        elif away_deg < self._near_deg(enter_deg):
            self._near_s, self._blind = tick.t_s, []
        if not self._cleared:
            self._clear(away_deg, enter_deg, tick.t_s)
        leaves = self._cleared and away_deg >= enter_deg
        if leaves and self._pending is not None:
            self._pending[0].over_by(self._near_s)
        return leaves

    def _clear(self, away_deg: float, enter_deg: float, t_s: float) -> None:
        """A new trip may begin once the thigh is near its rest pose, or rises again from the lowest point."""
        if away_deg < self._lowest_deg:
            self._lowest_deg, self._near_s = away_deg, t_s
        risen = away_deg - self._lowest_deg > self._p.enter_share * self._needed_deg()
        self._cleared = away_deg < enter_deg or risen

    def _stay(self, tick: Tick, rest: StillFinder, posture: Posture) -> bool:
        """Still at rest: the rest pose follows, a long rest arms the next set; False where it is no start pose."""
        assert self.rest is not None
        self.rest = mixed(self.rest, rest.pose(), 0.06)
        self._near_s, self._blind = tick.t_s, []
        lasts_s = rest.lasts_s(tick.t_s)
        if lasts_s >= self._settle_s:
            self.start = posture.start_of(self.rest, self.spec.start)
            self._armed = self.start is not None
            if self.start is None:
                self.rest = None
        if lasts_s >= self._p.new_set_s:
            self._set.measure_afresh()
        return self.start is not None

    def _stay_on(self, ticks: Ticks, k: int, end: int, rest: StillFinder, posture: Posture) -> int:
        """Ticks near the rest pose, or between it and a trip."""
        if not self._cleared:
            return k
        least = chord(self._p.enter_share * min(s.min_rom_deg for s in self.spec.start))
        limits: tuple[float, float] | None = None
        for at in range(k, end):
            tick = ticks.each[at]
            assert self.rest is not None
            away = dist(self.rest, tick.up)
            if rest.stills[at]:
                if away >= least:
                    return at
                rest.at(at)
                if not self._stay(tick, rest, posture):
                    return at + 1
                limits = None
                continue
            enter, near = limits = limits or self._limits()
            if away >= enter:
                return at
            if away < near:
                self._near_s, self._blind = tick.t_s, []
        return end

    def _limits(self) -> tuple[float, float]:
        """Where a trip begins, and within which the thigh is near its rest pose, as chords."""
        enter_deg = self._enter_deg()
        return chord(enter_deg), chord(self._near_deg(enter_deg))

    def _near_deg(self, enter_deg: float) -> float:
        return min(max(self._p.near_deg, 0.5 * enter_deg), 0.95 * enter_deg)

    def _drift_deg(self) -> float:
        """How far a rest may lie off the rest pose and still be it, moved: never as far as a repetition reaches."""
        return min(self._p.drift_deg, 0.4 * self._own_deg())

    def _enter_deg(self) -> float:
        assert self.start is not None
        return max(self._p.enter_share * self.start.min_rom_deg, self._p.enter_set_share * self._own_deg())

    def _needed_deg(self) -> float:
        assert self.start is not None
        return max(self.start.min_rom_deg, self.spec.relative_rom * self._own_deg())

    def _own_deg(self) -> float:
        """The person's own range in this set, 0 before the first repetition."""
        return self._set.own_deg(None if self._pending is None else self._pending[0])

    @property
    def _low_dps(self) -> float:
        """A leg that turns more slowly low down may be back: in a set of raises, else none is taken to be."""
        return self._p.low_dps if self.spec.kind == "raise" and self.reps >= self._p.typical_reps else 0.0

    def _steps(self, trip: Excursion, posture: Posture) -> Steps:
        """Whether a trip from here may be a step."""
        if self.spec.kind == "bridge" and posture.upright() is None:
            return "unknown"
        if not self._may_be_step(posture):
            return "none"
        if posture.upright() is not None:
            return "standing"
        return "believed" if self._set.believes(trip.rest) else "unknown"

    def _may_be_step(self, posture: Posture) -> bool:
        standing = posture.upright() is None or (self.start is not None and self.start.direction == "any")
        return standing and self.spec.kind == "raise" and not self.spec.impacts

    def _wait_s(self, trip: Excursion, tick: Tick, rest: StillFinder, *, quick: bool) -> float:
        """How long after the return a repetition is certain; the first of a set waits for rest, or for the second."""
        if self.spec.impacts or self.spec.holds:
            return 0.0 if trip.ended else self._p.end_s
        if self.reps == 0 and self.start is not None and self.start.direction != "any":
            again = self.trip is not None and trip.signed_deg(tick.up) > self._enter_deg()
            calm_s = 0.0 if trip.calm_back_s is None else tick.t_s - trip.calm_back_s
            sure = rest.still or again or calm_s >= self._p.calm_back_s
            return self._p.confirm_s if sure else self._p.confirm_first_s
        if self._set.typical(trip):
            return self._p.confirm_typical_s if tick.rate_dps > 15.0 else 0.0
        if quick:
            return self._p.confirm_quick_s
        return self._p.confirm_s if tick.rate_dps > 15.0 else 0.0
