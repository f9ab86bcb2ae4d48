"""The repetitions of the set so far: the person's own range, and which trips wait to be believed."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import radians
from statistics import median

from coxa.host.detect.trips import height
from coxa.host.detect.trips.alike import about_one, again, alike_in_size, pause_s, same, same_way, within_times
from coxa.host.detect.trips.doubt import NO_DOUBT, Doubt
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.lying_shown import LyingShown, lifts_otherwise
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.motion.tangent import Vector, angle_deg

Back = tuple[Excursion, float]
"""A trip and when it was certain to be on its way back."""


class SetCount:
    """Counts the trips of a set, each of which has passed every test that it can pass alone.

    Some must wait for others like them (`take`): the first of a set whose posture is not known, and those that may as
    well be getting up, a step or a fidget. What waits is told, all at once, when enough of the same have come; it is
    dropped without a word when something else comes.
    """

    def __init__(self, params: TripParams, *, impacts: bool, lies: bool) -> None:
        self._p = params
        self._second_s = params.set.second_step_s if impacts else params.set.second_s
        self._impacts = impacts
        self._lies = lies
        """Whether they are raises of somebody who lies."""
        self.reps = 0
        self._roms: list[float] = []
        self._counted: list[Excursion] = []
        """The newest ones."""
        self._quickest: list[Excursion] = []
        """The one of the set that took least time, if there is any."""
        self._own_deg = 0.0
        self.pending: Back | None = None
        """The trip that came back last, while it is not certain yet that it did (`WayBack.look`)."""
        self._unsaid: list[Back] = []
        """Trips that wait for others like them."""
        self._aside: list[Back] = []
        """Those that did before another trip that may be none of the set came."""
        self._late: list[Back] = []
        """What waited when one like it came, but too late to go on with it: the first of a set may be followed by talk.
        """
        self._unknown = False
        """Whether they wait because the posture is not known."""
        self._soft: bool | None = None
        """Whether no foot was felt coming down in those that wait; None while that was not seen of any."""
        self._doubted: list[Back] = []
        """Trips that did not begin from a rest and are alike so far."""
        self._last: Excursion | None = None
        self._small: Excursion | None = None
        """The newest movement that was too small to count."""
        self._believed: Vector | None = None
        """Rest pose of the newest set that was believed."""
        self.lying = LyingShown(params)

    def begin(self) -> None:
        """A new set."""
        self.measure_afresh()
        self._counted = []
        self._unsaid, self._aside, self._late, self._doubted = [], [], [], []

    def measure_afresh(self) -> None:
        """A new set from the same rest pose, as after a long rest: unlike `begin`, what waits goes on waiting."""
        self.reps, self._roms, self._quickest = 0, [], []

    def leaves(self, t_s: float) -> None:
        """A trip begins: what comes long after the newest repetition is measured afresh, still or not in between."""
        if self._is_stale(t_s):
            self.measure_afresh()

    def falls_short(self, trip: Excursion) -> None:
        """A movement is over that was too small to count."""
        self._small = trip

    def drop_waiting(self) -> None:
        """What waits was no repetition."""
        self._unsaid, self._aside, self._late = [], [], []

    def count_said(self, until_s: float) -> None:
        """What began before then and waits has been told by another detector: it is counted, and waits no more."""
        said = [one for one, _ in self._unsaid if one.start_s < until_s]
        self._unsaid = [back for back in self._unsaid if back[0].start_s >= until_s]
        self._aside = [back for back in self._aside if back[0].start_s >= until_s]
        self._add(said)

    @property
    def own_deg(self) -> float:
        """The person's own range in this set, 0 before the first repetition."""
        if not self._roms:
            return 0.0 if self.pending is None else self.pending[0].peak_deg
        return self._own_deg

    @property
    def newest(self) -> Excursion | None:
        """The newest repetition that was counted."""
        return self._counted[-1] if self._counted else None

    @property
    def whole(self) -> list[Excursion]:
        """Those of the newest repetitions of which nothing is missing."""
        return [one for one in self._counted if not one.gaps]

    @property
    def rose_m(self) -> float | None:
        """How far the sensor rose on the newest ways out, in the median; None where none was seen."""
        seen = [m for one in self._counted if (m := height.lift_m(one)) is not None]
        return median(seen) if seen else None

    def held(self, level_deg: float) -> None:
        """A hold is a repetition, too: it counts, with the angle that was held."""
        self.reps += 1
        self._measure(level_deg)

    def _measure(self, rom_deg: float) -> None:
        self._roms.append(rom_deg)
        self._own_deg = median(self._roms[-self._p.set.own_reps :])

    def opens_with(self, trip: Excursion) -> bool:
        """Whether the trip is the first of a set, or comes so late that the set may as well be another."""
        return self.reps == 0 or self._is_stale(trip.start_s)

    def _is_stale(self, t_s: float) -> bool:
        return self._last is not None and t_s - self._last.t_s[-1] > self._p.set.stale_s

    def take(
        self,
        trip: Excursion,
        end_s: float,
        *,
        posture_known: bool,
        doubt: Doubt = NO_DOUBT,
        may_lead_away: bool = False,
        feels_height: bool = True,
    ) -> list[Back]:
        """Which trips are to be said now.

        Those that open a set wait for others like them: while the posture is not known, and where there is a `doubt`.
        So does one that goes another way than the set does and may lead away from it, as a first step does.
        """
        within_s = self._p.set.stale_s if self._unknown else 0.0
        waiting, self._unsaid, self._unknown = [*self._unsaid, (trip, end_s)], [], not posture_known
        if self._is_stale(trip.start_s):
            self.measure_afresh()
        waiting = self._without_steps(self._with_those_before(waiting, within_s, doubt))
        doubt = self._softness(doubt, alone=len(waiting) < 2)
        elsewhere = self._last is not None and not same_way(self._last, trip, self._p.set)
        if self.reps and may_lead_away and elsewhere and len(waiting) < 2:
            self._unsaid = waiting
            return []
        unlike = not posture_known and self._last is not None and not alike_in_size(self._last, trip, self._p.set)
        unlike = unlike or (not posture_known and feels_height and lifts_otherwise(trip, self._counted, self._p))
        series = self._with_doubted(waiting)
        if len(series) >= (self._p.set.alike_in_set if self.reps else self._p.set.alike_reps):
            waiting = series
        if self.reps or not trip.hasty:
            self._measure(trip.peak_deg)
        self._last, self._doubted = trip, []
        unproven = None
        if self.reps == 0 and not posture_known and not self.believes(trip.rest):
            unproven = self._unproven(waiting, series, feels_height=feels_height)
        if unproven is None and self.reps == 0 and not self._enough(waiting, doubt, unlike=unlike):
            unproven = series
        if unproven is not None:
            self._unsaid = unproven
            return []
        if self._late and waiting[0][1] > self._late[-1][1] and self._again(self._late[-1][0], waiting[0][0]):
            waiting = [*self._late, *waiting]
        self._believed, self._aside, self._late = trip.rest, [], []
        self._say([one for one, _ in waiting], posture_known=posture_known)
        return waiting

    def _with_those_before(self, waiting: list[Back], within_s: float, doubt: Doubt) -> list[Back]:
        """The newest with what waited before it and what was set aside, as far as it is another one of those. A try
        between them, or one that takes another time, ends no set; anything else does.
        """
        trip, before = waiting[-1][0], waiting[:-1]
        again = bool(self._aside) and self._goes_with(self._aside[-1][0], trip, within_s, doubt)
        aside = self._aside if again else []
        if not before or self._goes_with(before[-1][0], trip, within_s, doubt):
            return [*aside, *waiting]
        last = before[-1][0]
        self._late = before if self._again(last, trip) and pause_s(last, trip) < self._p.set.stale_s else []
        further = trip.peak_deg > self._p.set.alike_weak * last.peak_deg
        may_be_try = not (again or further) and self._steps_alike(doubt) and same_way(last, trip, self._p.set)
        self._aside = before if may_be_try else []
        if may_be_try and trip.peak_deg < last.peak_deg:
            self.falls_short(trip)
        return [*aside, waiting[-1]]

    def _goes_with(self, before: Excursion, trip: Excursion, within_s: float, doubt: Doubt) -> bool:
        """Whether a trip that is doubted so is another one of what waits."""
        likely = self._steps_alike(doubt) and self._as_alike_as_asked(before, trip, doubt)
        if before.hasty is not trip.hasty:
            likely = likely and same(before, trip, self._p.set)
        if self._impacts and before.peak_deg > self._p.top.mat_deg > trip.peak_deg:
            return False  # it was the way to the mat
        return likely and self._alike(before, trip, within_s)

    def _steps_alike(self, doubt: Doubt) -> bool:
        """Whether its foot came down as softly as in what waits, as far as that was seen."""
        return None in (self._soft, doubt.soft) or self._soft is doubt.soft

    def _softness(self, doubt: Doubt, *, alone: bool) -> Doubt:
        """The same doubt of what goes with those that wait: where its foot was not seen, it came down as theirs did."""
        if alone and not self._doubted:
            self._soft = None
        if not self._steps_alike(doubt):
            self._doubted = []
        self._soft = self._soft if doubt.soft is None else doubt.soft
        return replace(doubt, soft=self._soft)

    def _enough(self, waiting: list[Back], doubt: Doubt, *, unlike: bool) -> bool:
        """Whether so many wait that the newest is believed, or it is typical; strides are not, however many, unless the
        first began from a pause, as steps do that begin from standing, or most of them did where the posture is not
        known.
        """
        if self._impacts and len(waiting) > 1 and self._walks_on(waiting[-2], waiting[-1]):
            return False
        if self.typical(waiting[-1][0]):
            return True
        pauses = sum(one.paused for one, _ in waiting)
        if any(one.hasty for one, _ in waiting) and not self._rests_between(waiting):
            return False
        if doubt.strides and (2 * pauses <= len(waiting) if self._unknown else not pauses):
            return False
        return len(waiting) >= max(doubt.needs(self._p.set), 2 if unlike else 1)

    def _rests_between(self, waiting: list[Back]) -> bool:
        """Whether these are enough, and came each from a pause and a while after the one before, as nobody steps."""
        rested = all(pause_s(a, b) > self._p.step.hasty_rest_s for (a, _), (b, _) in pairwise(waiting))
        return rested and all(one.paused for one, _ in waiting) and len(waiting) >= self._p.set.alike_reps

    def _without_steps(self, waiting: list[Back]) -> list[Back]:
        """What waits without the legs that took turns before: those were steps, and stay so when the newest comes late;
        a step that it walks on from shows that it is one, too.
        """
        if not self._impacts or len(waiting) < 3 or not self._walks_on(waiting[-3], waiting[-2]):
            return waiting
        return waiting[-2:] if self._walks_on(waiting[-2], waiting[-1]) else waiting[-1:]

    def _walks_on(self, before: Back, newest: Back) -> bool:
        """Whether the newest is quick and began as the one before it ended: legs that take turns, as on stairs."""
        begun_s, ended_s = newest[0].begun_s(), before[1] if before[0].end_s is None else before[0].end_s
        return newest[1] - begun_s < self._p.lunge.walks_s and begun_s - ended_s < self._p.lunge.walks_pause_s

    def _unproven(self, waiting: list[Back], series: list[Back], *, feels_height: bool) -> list[Back] | None:
        """What goes on waiting while the posture is not known; None where those that wait are proof enough."""
        if waiting[-1][0].peak_deg < self._p.set.unknown_rom_deg:
            return []
        soon, lifts = self._soon(waiting), not feels_height or self._lifts_as_it_must(waiting)
        if len(soon) < self._p.set.alike_reps:
            return None if lifts and self._raised_alike(soon) else series
        return None if lifts else waiting[1:]

    def _say(self, trips: list[Excursion], *, posture_known: bool) -> None:
        """These are counted."""
        self._add(trips)
        if not posture_known:
            self.lying.look(self._counted)

    def _add(self, trips: list[Excursion]) -> None:
        self._quickest = sorted([*trips, *self._quickest], key=lambda one: one.lasted_s)[:1]
        self._counted = [*self._counted, *trips][-self._p.set.newest_reps :]
        self.reps += len(trips)

    def goes_so(self, trip: Excursion) -> bool:
        """Whether the way out, which may not be over, goes where the set's newest repetition went."""
        last, room = self._last, self._p.set.typical_share
        if not self.reps or last is None or self._is_stale(trip.start_s):
            return False
        return about_one(trip.peak_deg / last.peak_deg, room) and same_way(last, trip, self._p.set)

    def typical(self, trip: Excursion) -> bool:
        """Whether a trip is like one of the newest repetitions of the set, so that there is little left to be doubted:
        nobody does all alike, and a slow one between two quick ones makes those no steps. Raises may be of an earlier
        set from here; between sets of lunges things are picked up as far and as fast.
        """
        done = self.reps if self._impacts else len(self._counted)
        return done >= self._p.set.typical_reps and self.like_one(trip)

    def like_one(self, trip: Excursion) -> bool:
        """Whether a trip is the same movement as one of the newest repetitions from here."""
        return any(same(one, trip, self._p.set) for one in self._counted)

    def as_quick(self, trip: Excursion, least_s: float) -> bool:
        """Whether one that counted in this set took less than the shortest usual time, and this one is like it."""
        done = [*self._counted, *self._quickest]
        return self.reps > 0 and any(one.lasted_s < least_s and same(one, trip, self._p.set) for one in done)

    def _raised_alike(self, waiting: list[Back]) -> bool:
        """Whether the newest two are the same movement and lifted the leg, or knock as they must: that is no chance."""
        if len(waiting) < 2 or waiting[-1][0].out_s < self._p.back.quick_s:
            return False
        before, trip = waiting[-2][0], waiting[-1][0]
        if not same(before, trip, self._p.set):
            return False
        lift_m, least_m = height.lift_m(trip, from_level=True), self._p.set.pair_lift_m_per_rad * radians(trip.peak_deg)
        return self._impacts or (lift_m is not None and lift_m > least_m)

    def _lifts_as_it_must(self, waiting: list[Back]) -> bool:
        """Whether the sensor went as it does in this exercise: up with a leg that lies and is raised, where who stands
        and circles or steps turns it as far; not up in a lunge, where the leg of who lies looks the same but for that.
        """
        if self._lies:
            levers = [m for one, _ in waiting if (m := height.level_lever_m(one)) is not None]
            return not levers or median(levers) > self._p.set.level_lever_m
        if self._impacts:
            lifts = [m for one, _ in waiting if (m := height.lift_m(one)) is not None]
            return not lifts or median(lifts) < self._p.way.sink_error_m
        return True

    def goes_on(self, trip: Excursion, end_s: float) -> bool:
        """Whether a trip that did not begin from rest goes on with a set, as the newest of some that are alike. Quick
        lunges need a rest to open one: so many steps down the stairs are as quick.
        """
        if self._impacts and self.reps == 0 and trip.lasted_s < self._p.fidget.weak_step_s:
            return False
        waits = self._doubted or self._unsaid
        before = waits[-1][0] if waits else self._last
        if self._doubted and self._p.set.alike_times * trip.peak_deg < self._doubted[-1][0].peak_deg:
            return False  # a partial one between the others
        alike = before is not None and self._alike(before, trip)
        self._doubted = [*(waits if alike else []), (trip, end_s)]
        if len(self._doubted) < (self._p.set.alike_in_set if self.reps else self._p.set.alike_reps):
            return False
        self._unsaid, self._doubted = self._doubted[:-1], []
        return True

    def in_series(self, trip: Excursion) -> bool:
        """Whether the way out, which may not be over, goes where the newest of those went that wait to be believed."""
        waits = self._doubted or self._unsaid
        return bool(waits) and self._alike(waits[-1][0], trip)

    def _with_doubted(self, waiting: list[Back]) -> list[Back]:
        """What waits, and before it what did not begin from rest but is alike and came right before."""
        alike = self._doubted and self._alike(self._doubted[-1][0], waiting[0][0])
        return [*self._doubted, *waiting] if alike else waiting

    def may_be_found_up(self, trip: Excursion) -> bool:
        """Whether a trip that went down may be that of a leg that was up at first: within a set, or where raises have
        shown that it lies.
        """
        return self.reps > 0 or self.lying.comes_down(trip)

    def believes(self, pose: Vector) -> bool:
        """Whether a set has been believed in this pose before."""
        return self._believed is not None and angle_deg(self._believed, pose) < self._p.rest.same_pose_deg

    def _soon(self, waiting: list[Back]) -> list[Back]:
        """The newest of what waits that came soon one after the other."""
        pairs = range(len(waiting) - 1, 0, -1)
        late = (k for k in pairs if not self._follows(waiting[k - 1][0], waiting[k][0]))
        return waiting[next(late, 0) :]

    def _alike(self, first: Excursion, second: Excursion, within_s: float = 0.0) -> bool:
        soon = self._follows(first, second, within_s)
        return soon and alike_in_size(first, second, self._p.set) and same_way(first, second, self._p.set)

    def _follows(self, first: Excursion, second: Excursion, within_s: float = 0.0) -> bool:
        """Whether the second came so soon, or within `within_s`, that both may be of one set: where legs take turns the
        other one's lunge, which takes as long, comes between.
        """
        turn_s = self._p.set.turn_times * first.lasted_s if self._impacts else 0.0
        return pause_s(first, second) < max(self._second_s, turn_s, within_s)

    def _as_alike_as_asked(self, first: Excursion, second: Excursion, doubt: Doubt) -> bool:
        """Whether of two that may be none, by that `doubt`, neither takes much longer than the other, as who sits down
        for a while has not squatted, nor goes much further, as who reaches and then stoops, nor, of raises, comes late.
        Lunges whose foot was felt may begin with a small one.
        """
        if not (doubt.weak or doubt.moves or doubt.soft):
            return True
        if not self._impacts and self._rested_s(first, second) > self._p.set.weak_s:
            return False
        stepped = self._impacts and not doubt.soft
        alike = within_times(second.lasted_s / first.lasted_s, self._p.set.alike_long)
        return alike and (stepped or within_times(second.peak_deg / first.peak_deg, self._p.set.alike_weak))

    def _again(self, first: Excursion, second: Excursion) -> bool:
        """Whether the second is another of these raises, be it that it comes late; before lunges things get lifted."""
        return not self._impacts and again(first, second, self._p.set)

    def _rested_s(self, first: Excursion, second: Excursion) -> float:
        """For how long before the second nothing was done: with one that fell short the set went on."""
        small = self._small
        between = small is not None and first.t_s[-1] <= small.start_s and same_way(small, second, self._p.set)
        return pause_s(small if small is not None and between else first, second)
