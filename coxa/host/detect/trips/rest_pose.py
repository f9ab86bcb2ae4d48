"""The rest pose that trips leave from: where it is found, how it follows the thigh, and when a trip has left it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from math import dist, inf

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.still import StillFinder, StillParams, Tick, Ticks
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.recent import Recent
from coxa.host.detect.trips.set_count import SetCount
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.exercises.spec import ExerciseSpec, StartPose
from coxa.host.motion.tangent import Vector, angle_deg, arc_deg, chord, mixed, unit


class RestPose:
    """Where the thigh rests between the trips of one exercise; only a start pose of the exercise is taken for it.

    It is found in a rest (`settle`), for raises lying down in a short one, too (`pause`), follows slow drifts (`_stay`)
    and moves where the leg comes to rest a little off it (`stop_short`). `left` says when a trip begins, `leave` gives
    that trip with what was seen since the thigh was last near.
    """

    def __init__(self, spec: ExerciseSpec, params: TripParams, recent: Recent, counted: SetCount) -> None:
        self._spec, self._p = spec, params
        self._recent, self._set = recent, counted
        self._settle_s = params.rest.settle_hold_s if spec.kind == "hold" else params.rest.settle_s
        self._lying = spec.kind == "raise" and any(s.direction != "any" for s in spec.start)
        """Whether it is a raise that may begin lying down."""
        self._sways = spec.kind == "hold" and spec.stands
        """Whether it is held standing, where somebody may never be still before."""
        self.up: Vector | None = None
        """Direction of up in it, sensor frame; None while there is none from which the exercise may begin."""
        self._below: Vector | None = None
        """Where it was before the leg came to rest a little short of it, as it may have on its way down."""
        self._before: Vector | None = None
        """Where it was before the leg was moved by less than a repetition and rested there, as it may have in a try."""
        self.start: StartPose | None = None
        """Which of the exercise's start poses it is."""
        self.armed = False
        """Whether the thigh has rested here for long enough to open a set, so that the next trip may count alone."""
        self._near_s = 0.0
        """When the thigh was last near it."""
        self._blind: list[tuple[float, float]] = []
        """Starts and ends of what was not seen since then."""
        self._cleared = True
        """Whether the next trip may begin: since the newest one the thigh has been near, or has begun to rise again."""
        self._lowest_deg = 0.0
        """How near the thigh has come to the rest pose since the newest trip."""
        self._felt: tuple[Vector, float] | None = None
        """A rest pose, and the vertical acceleration that the sensor felt in it."""
        self._settled_s = -inf
        """Since when this has been the rest pose."""
        self._came_by: list[Vector] = []
        """Where the thigh was calm on its way to the rest pose."""

    def seek_on(self, k: int, end: int, rest: StillFinder) -> int:
        """The first of ticks `[k, end)` in which a rest pose may be found, while there is none; `end` for none."""
        if self._sways:
            found = (rest.lasted_s[k:end] >= self._settle_s) | rest.swaying[k:end]
            return k + int(found.argmax()) if found.any() else end
        was_still = self._recent.still
        while k < end:
            until = rest.goes_on(k, end)
            if rest.stills[k]:
                if self._lying and not was_still:
                    return k
                k += int(rest.lasted_s[k:until].searchsorted(self._settle_s))
            else:
                k = until
            if k < until:
                break
            was_still = rest.stills[k - 1]
        return k

    def settles(self, tick: Tick, rest: StillFinder) -> bool:
        """Whether the thigh has rested for long enough to open a set."""
        return self.is_rest(rest.lasts_s(tick.t_s))

    def is_rest(self, lasted_s: float) -> bool:
        """Whether being still for so long is enough."""
        return lasted_s >= self._settle_s

    def sways(self, rest: StillFinder) -> bool:
        """Whether it has only swayed for as long as shows where somebody stands."""
        return self._sways and rest.sways

    def settle(self, pose: Vector, tick: Tick, posture: Posture) -> None:
        """The thigh has settled in this pose: it is the rest pose if the exercise may begin there, else there is none.
        Elsewhere than before a new set begins.
        """
        away_deg = inf if self.up is None else angle_deg(self.up, pose)
        near, little = away_deg < self._p.rest.same_pose_deg, 0.0 if self.start is None else self.start.min_rom_deg
        self._before = self.up if self._spec.kind == "raise" and away_deg < little else None
        self.start = posture.start_of(pose, self._spec.start)
        self.up, self._below = pose if self.start is not None else None, None
        if self.start is not None:
            p = self._p.rest
            self._came_by = self._recent.calm_at(tick.t_s - self._settle_s, p.left_dps, p.calm_ticks)
        self.armed, self._near_s, self._set.pending = self.start is not None, tick.t_s, None
        if not near:
            self._settled_s = tick.t_s
            self._set.begin()

    def pauses(self) -> bool:
        """Whether the thigh comes to rest with the newest tick, in an exercise that may be raises lying down."""
        return self._lying and self._recent.comes_to_rest

    def pause(self, pose: Vector, tick: Tick, posture: Posture) -> bool:
        """Take this pose for the rest pose although the rest is too short to open a set: raises from here may be a
        series. Gives whether it was taken: only lying down, as whoever stands for a moment may be walking.
        """
        start = posture.start_of(pose, self._spec.start)
        if start is None or start.direction == "any":
            return False
        self.up, self.start, self.armed, self._near_s, self._set.pending = pose, start, False, tick.t_s, None
        self._below = self._before = None
        self._set.begin()
        return True

    def fits(self, posture: Posture) -> bool:
        """Whether it is still a start pose by what is known of the posture now."""
        assert self.up is not None
        self.start = posture.start_of(self.up, self._spec.start)
        return self.start is not None

    def forget(self) -> None:
        """There is no rest pose any more."""
        self.up, self._below, self._before, self.armed = None, None, None, False

    def gap(self, start_s: float, end_s: float) -> None:
        """Samples are missing."""
        self._blind.append((start_s, end_s))

    def stop_short(self, pose: Vector) -> None:
        """The leg has come down to rest a little off its rest pose, or pauses there on its way down."""
        self.up, self._below = pose, self._below or self.up

    def is_below(self, tick: Tick, *, still: bool) -> bool:
        """Whether the leg is back where it rested before it stopped short, or `still` where it did before it was moved
        by less than a repetition.
        """
        return self._lower(tick, still=still) is not None

    def _lower(self, tick: Tick, *, still: bool) -> Vector | None:
        """The earlier rest pose in which the leg is again; None where it is in none. Asked at each tick of a trip."""
        before = self._before if still else None
        if self._below is None and before is None:
            return None
        near_deg = self._near_deg(self.enter_deg())
        return next((k for k in (self._below, before) if k is not None and angle_deg(k, tick.up) < near_deg), None)

    def go_down(self, tick: Tick, *, still: bool) -> None:
        """It only paused: it rests where it did before, and that is its rest pose again."""
        self.up, self._near_s, self._blind = self._lower(tick, still=still), tick.t_s, []
        self._below = self._before = None

    def rests_off(self, tick: Tick, rest: StillFinder) -> bool:
        """Whether a thigh that came back, but not all the way, has rested there long enough to be held from there: who
        has sat down again does not sit as before. A leg that is raised and a bridge may only pause so.
        """
        if self._cleared or self._spec.kind != "hold" or not self.settles(tick, rest):
            return False
        assert self.up is not None
        return angle_deg(self.up, tick.up) >= max(self.enter_deg(), self._drift_deg())

    def left(self, tick: Tick, rest: StillFinder, posture: Posture) -> bool:
        """Take a tick in which no trip is on; gives whether one begins. While the thigh is still near the rest pose,
        that follows it.
        """
        assert self.up is not None
        away_deg, enter_deg = angle_deg(self.up, tick.up), self.enter_deg()
        if rest.still and away_deg < max(enter_deg, self._drift_deg()):
            self._stay([tick], [rest.pose()], [rest.lasts_s(tick.t_s)], posture)
            if self.start is None:
                return False
            enter_deg = self.enter_deg()
        elif away_deg < self._near_deg(enter_deg):
            self._near_s, self._blind = tick.t_s, []
        if not self._cleared:
            self._clear(away_deg, enter_deg, tick.t_s)
        leaves = self._cleared and away_deg >= enter_deg
        if leaves and self._set.pending is not None:
            self._set.pending[0].over_by(self._near_s)
        return leaves

    def _clear(self, away_deg: float, enter_deg: float, t_s: float) -> None:
        """A new trip may begin once the thigh is near its rest pose, or rises again from the lowest point."""
        if away_deg < self._lowest_deg:
            self._lowest_deg, self._near_s = away_deg, t_s
        risen = away_deg - self._lowest_deg > self._p.rest.enter_share * self.needed_deg()
        self._cleared = away_deg < enter_deg or risen

    def _stay(
        self,
        ticks: Sequence[Tick],
        poses: Sequence[Vector],
        lasted_s: Sequence[float],
        posture: Posture,
        within: float = inf,
    ) -> int:
        """Still at rest, for so long in such poses: the rest pose follows, a long rest arms the next set. Gives how
        many of the ticks were taken: those up to one further away than `within`, a chord, or up to the first where it
        is no start pose any more.
        """
        assert self.up is not None
        up, start, taken, starts = self.up, self.start, 0, self._spec.start
        follow_share = self._p.rest.follow_share
        certain = posture.start_of(up, starts, arc_deg(max(map(dist, repeat(up), poses))))
        for tick, pose, lasts_s in zip(ticks, poses, lasted_s, strict=True):
            if dist(up, tick.up) >= within:
                break
            up, taken = mixed(up, pose, follow_share), taken + 1
            if lasts_s >= self._settle_s:
                start = certain or posture.start_of(up, starts)
                if start is None:
                    break
        if not taken:
            return 0
        self._near_s, self._blind = ticks[taken - 1].t_s, []
        lasts_s = lasted_s[taken - 1]
        if lasts_s >= self._settle_s:
            self.start, self.armed = start, start is not None
        if lasts_s >= self._p.top.half_way_s:
            self._below = None  # that was no pause on the way down
        if lasts_s >= self._p.rest.new_set_s:
            self._set.measure_afresh()
        self.up = up if start is not None else None
        return taken

    def stay_on(self, ticks: Ticks, k: int, end: int, rest: StillFinder, posture: Posture) -> int:
        """Take ticks near the rest pose, or between it and a trip; gives the first that may begin one."""
        if not self._cleared:
            return k
        least = chord(self._p.rest.enter_share * min(s.min_rom_deg for s in self._spec.start))
        while k < end and self.up is not None:
            until = rest.goes_on(k, end)
            if rest.stills[k]:
                run = slice(k, until)
                poses = list(zip(*rest.poses()[run].T.tolist(), strict=True))
                k += self._stay(ticks.each[run], poses, rest.lasted_s[run].tolist(), posture, least)
            else:
                k += self._sway(ticks.each[k:until])
            if k < until:
                break
        return k

    def _sway(self, ticks: Sequence[Tick]) -> int:
        """Not still, but near the rest pose; gives how many ticks were taken, up to one that may begin a trip."""
        assert self.up is not None
        enter, near = self._limits()
        for k, tick in enumerate(ticks):
            away = dist(self.up, tick.up)
            if away >= enter:
                return k
            if away < near:
                self._near_s, self._blind = tick.t_s, []
        return len(ticks)

    def leave(self, tick: Tick, posture: Posture) -> Excursion | None:
        """The trip that has begun, with what was seen since the thigh was last near; None where none may begin here."""
        assert self.up is not None
        if not self.fits(posture):
            self.up = None
            return None
        self._set.leaves(self._near_s)
        unseen_s = sum(end - start for start, end in self._blind)
        fresh = unseen_s <= self._p.rest.unseen_way_s and tick.t_s - self._near_s - unseen_s <= self._p.rest.leave_s
        trip = self._recent.trip(self.up, self._near_s)
        trip.settled, trip.gaps, self._blind = self.armed and fresh, self._blind, []
        trip.usual_deg, trip.lead_rise_mps2 = self._set.own_deg, self._recent.lead_rise_mps2(trip)
        trip.paused = self._recent.paused(
            self._near_s, self._p.jolt.pause_s, self._p.back.low_dps, self._p.back.low_ticks
        )
        trip.rest_rise_mps2 = self._rest_rise_mps2(self.up)
        seated = self._spec.kind == "hold" and self._spec.begins("down")
        trip.lifted_s = self._recent.lifted_s(trip, self._p.rest.near_deg) if seated else None
        trip.before = self._recent.approach(self.up, self._near_s, self._p.rest.begin_s)
        return trip

    def _rest_rise_mps2(self, up: Vector) -> float | None:
        """Mean vertical acceleration felt at rest before now, or when the thigh last rested so."""
        rise_mps2 = self._recent.rest_rise_mps2(up, self._p.rest.same_pose_deg)
        if rise_mps2 is not None:
            self._felt = (up, rise_mps2)
        same = self._felt is not None and angle_deg(self._felt[0], up) < self._p.rest.same_pose_deg
        return self._felt[1] if self._felt is not None and same else None

    def leave_from(self, pose: Vector, since_s: float, posture: Posture) -> Excursion | None:
        """Take `pose` for the rest pose; gives the trip on which the thigh has been from there since `since_s`. None,
        and nothing is taken, where the exercise cannot begin there.
        """
        start = posture.start_of(pose, self._spec.start)
        if start is None:
            return None
        self.up, self._before, self.start, self.armed = pose, None, start, True
        return self._recent.trip(pose, since_s)

    def leave_from_top(self, trip: Excursion, posture: Posture) -> Excursion | None:
        """The next trip, where the thigh rested long at the end of this one and then went past its start: there it
        rests now.

        People shift their weight before a set (`leg_raise_4`: 7 degrees); the first raise then swings through where the
        leg hung before.
        """
        if trip.peak_deg > self._p.rest.drift_deg:
            return None
        still = self._recent.rested(trip.start_s)
        if not still or still[0].t_s - still[-1].t_s < self._settle_s - StillParams().window_s:
            return None
        pose = unit((sum(k.up[0] for k in still), sum(k.up[1] for k in still), sum(k.up[2] for k in still)))
        return self.leave_from(pose, still[0].t_s, posture)

    def came_from(self, up: Vector, before_s: float) -> bool:
        """Whether the thigh was calm for a moment in the pose `up`, on its way to its rest pose or, well before
        `before_s`, since then.
        """
        return any(angle_deg(pose, up) < self._p.rest.near_deg for pose in self._calm_before(before_s))

    def _calm_before(self, before_s: float) -> list[Vector]:
        """Where the thigh was calm on its way to its rest pose, or for a moment lately, well before then."""
        p = self._p.rest
        return [*self._came_by, *self._recent.calm_at(before_s - p.left_s, p.left_dps)]

    def drawn_up_deg(self, trip: Excursion, upright: Vector) -> float:
        """How far the knee was lifted to the rest pose from where the thigh lay calm on its way there, or, well before
        the trip, since then; below 0 where it was not, and where it has been at rest for long: who sits, sits on.
        """
        if trip.start_s - self._settled_s > self._p.rest.drawn_s:
            return -inf
        tilts_deg = (angle_deg(upright, pose) for pose in self._calm_before(trip.start_s))
        return angle_deg(upright, trip.rest) - min((k for k in tilts_deg if k > self._p.rest.lain_deg), default=inf)

    def come_back(self, trip: Excursion, t_s: float) -> None:
        """The thigh is back from that trip."""
        self._cleared, self._lowest_deg = False, trip.now_deg
        self._near_s, self._blind = t_s, []

    def turned(self, trip: Excursion) -> None:
        """That trip ended at its lowest point, from where the thigh is on its way out again."""
        self._lowest_deg, self._near_s = trip.lowest_deg, trip.lowest_s
        self._blind = [] if trip.next_unseen_s is None else [trip.next_unseen_s]

    def needed_deg(self) -> float:
        """What the next repetition must reach."""
        assert self.start is not None
        return max(self.start.min_rom_deg, self._spec.relative_rom * self._set.own_deg)

    def enter_deg(self) -> float:
        """Where a trip begins."""
        assert self.start is not None
        return max(self._p.rest.enter_share * self.start.min_rom_deg, self._p.rest.enter_set_share * self._set.own_deg)

    def _near_deg(self, enter_deg: float) -> float:
        p = self._p.rest
        return min(max(p.near_deg, p.near_share * enter_deg), p.near_most_share * enter_deg)

    def _drift_deg(self) -> float:
        """How far a rest may lie off the rest pose and still be it, moved: never as far as a repetition reaches."""
        return min(self._p.rest.drift_deg, self._p.rest.drift_set_share * self._set.own_deg)

    def _limits(self) -> tuple[float, float]:
        """Where a trip begins, and within which the thigh is near its rest pose, as chords."""
        enter_deg = self.enter_deg()
        return chord(enter_deg), chord(self._near_deg(enter_deg))
