"""Finds out which exercise is being done: every detector of the library watches, the evidence decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import inf

from coxa.host.detect.auto.after_all import AfterAll
from coxa.host.detect.auto.candidate import Candidate
from coxa.host.detect.auto.contest import best, sure_unposed
from coxa.host.detect.auto.held_how import crosses_on, draws_on, puts_out_on
from coxa.host.detect.auto.low_look import DrawnAgain, LowLook, RolledOver
from coxa.host.detect.auto.recogniser_params import RecogniserParams
from coxa.host.detect.body.posture import Posture
from coxa.host.detect.detector import Detector, OneDetector, Verdict
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.detect.trips.hold import Hold
from coxa.host.events import Event, ExerciseRecognised, HoldEnded, HoldStarted, RepCompleted, RepRejected
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.tangent import Vector, angle_deg
from coxa.host.reasons import NO_HOLD
from coxa.host.samples import Gap

ASIDE, DRAWN = "lateral_leg_raise", "knee_to_chest"
"""The exercises of who lies on one side, and on the back, that show that they do."""


class Recogniser:
    """Runs all detectors side by side and passes on the events of the exercise that it has recognised.

    What was counted before the recognition is passed on with it, decided at that moment. Rejections are passed on only
    once the exercise is known. While the posture is unknown little is (`sure_unposed`). Where two exercises look alike
    to one sensor, the more particular one wins.
    """

    def __init__(self, library: Mapping[str, ExerciseSpec], detector: Callable[[ExerciseSpec], OneDetector]) -> None:
        self._p = RecogniserParams()
        self._all = {name: Candidate(spec, detector(spec)) for name, spec in library.items()}
        self._after_all = {n: AfterAll(self._p.sure_circles) for n, s in library.items() if s.kind == "circle"}
        looks: dict[str, LowLook] = {ASIDE: RolledOver(self._p), DRAWN: DrawnAgain(self._p)}
        self._low = {name: look for name, look in looks.items() if name in library}
        self._known: str | None = None
        self._last_s: float | None = None
        self._posed = False
        self._posed_s = -inf
        """When the posture became known."""
        self._on_side = False
        """Whether a leg that is raised now is raised by somebody who is known to lie on one side."""
        self._rests = False
        """Whether the thigh is at the rest pose of the known exercise, where nothing is held."""
        self._knocked = False
        """Whether the thigh has been knocked as steps and lunges knock it while the posture was not known."""
        self._stepped = False
        """Whether it has made a step then."""
        self._step_s = -inf
        """When it made the newest step, in any posture."""
        self._said_until_s = -inf
        """End of what was counted last: what overlaps it is no evidence of another exercise, nor counted as one."""
        self._reach_deg = 0.0
        """How far from rest the known exercise has taken the thigh."""
        self._counted = False
        """Whether anything of the known exercise has been counted, or only a hold has begun."""
        self._refused: str | None = None
        """The exercise by which a hold was named last that was none: the next one must last long enough to count."""

    @property
    def exercise(self) -> str | None:
        """The exercise recognised, None while unknown."""
        return self._known

    @property
    def _shown(self) -> Detector:
        name = self._known or next((n for n, c in self._all.items() if c.detector.moving), next(iter(self._all)))
        return self._all[name].detector

    @property
    def rest(self) -> Vector | None:
        """Rest pose of the exercise that is shown."""
        return self._shown.rest or next((c.detector.rest for c in self._all.values() if c.detector.rest), None)

    @property
    def reps(self) -> int:
        """Repetitions of the set."""
        return self._shown.reps if self._known else 0

    @property
    def hold_s(self) -> float | None:
        """Clock of the running hold."""
        return self._shown.hold_s if self._known else None

    @property
    def needed_deg(self) -> float | None:
        """What the next repetition must reach."""
        return self._shown.needed_deg if self._known else None

    @property
    def band_deg(self) -> tuple[float, float] | None:
        """Between which angles the running hold must stay."""
        return self._shown.band_deg if self._known else None

    @property
    def moving(self) -> bool:
        """Whether the thigh is away from its rest pose."""
        return self._shown.moving

    @property
    def refused(self) -> Verdict | None:
        """Why the newest hold did not count."""
        return self._shown.refused

    def update(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """Take the next tick, after `rest` and `posture` have."""
        for name, look in self._low.items():
            look.look(self._all[name], posture)
        said = {n: c.detector.update(tick, rest, posture) for n, c in self._all.items()}
        for name, after_all in self._after_all.items():
            said[name] += after_all.update(self._all[name], tick, rest, posture, said[name])
        self._look_low(said, tick, rest, posture)
        posed = posture.upright() is not None
        if posed and not self._posed:
            self._posed_s = tick.t_s
            self._forget_others()  # what was counted in an unknown posture is no evidence of what it was
            self._drop_wrong_ways(tick, posture)
        self._posed = posed
        self._on_side = self._lies_on_side(posture)
        rests_at = None if self._known is None else self._shown.rest
        self._rests = rests_at is not None and angle_deg(rests_at, tick.up) < self._p.rests_deg
        self._knocked = not self._posed and (self._knocked or posture.walking)
        self._stepped = not self._posed and (self._stepped or posture.steps)
        if posture.steps or posture.walking:
            self._step_s = tick.t_s
        guessed = posture.front() is None  # a chair is told by a front that faces up
        for name, c in self._all.items():
            c.rested = c.rested or not c.detector.moving
            c.follow(said[name])
            if c.holds:
                begins = any(isinstance(e, HoldStarted) for e in said[name])
                anew = begins and (c.rested or guessed or self._goes_on(c, posture))
                c.rested = c.rested and not anew
                c.everyday = (c.everyday and not anew) or c.detector.everyday(posture)
        return self._sift(said, tick.t_s)

    def _goes_on(self, c: Candidate, posture: Posture) -> bool:
        """Whether a hold that begins goes on from one that may have been a chair, or a knee that stands bent."""
        rest_deg = None if c.detector.rest is None else posture.tilt_deg(c.detector.rest)
        return draws_on(c, self._p.levers, rest_deg) or puts_out_on(c) or crosses_on(c)

    def gap(self, gap: Gap) -> None:
        """Samples are missing."""
        for c in self._all.values():
            c.detector.gap(gap)
        for after_all in self._after_all.values():
            after_all.gap(gap)
        for look in self._low.values():
            look.gap(gap)

    def forget(self) -> list[Event]:
        """Nothing is known any more: close what is open."""
        events = self.finish()
        for c in self._all.values():
            c.detector.forget()
        for after_all in self._after_all.values():
            after_all.forget()
        for look in self._low.values():
            look.forget()
        self._begin_anew()
        return events

    def finish(self) -> list[Event]:
        """The stream is over."""
        said = {n: c.detector.finish() for n, c in self._all.items()}
        return said[self._known] if self._known else []

    def _unname(self) -> None:
        """The hold that the exercise was recognised by was none. It may have been another's: that evidence is kept."""
        self._refused, self._known, self._last_s = self._known, None, None

    def _look_low(self, said: dict[str, list[Event]], tick: Tick, rest: StillFinder, posture: Posture) -> None:
        """Add to what is `said` what only the second looks have seen; they begin anew where they were wrong."""
        if self._known is not None and self._stays_upright(self._all[self._known].spec, said[self._known]):
            for look in self._low.values():
                look.begin_anew()
        for name, look in self._low.items():
            said[name] += look.update(self._all[name], tick, rest, posture, said[name])

    @staticmethod
    def _stays_upright(known: ExerciseSpec, said: Sequence[Event]) -> bool:
        """Whether what the known exercise has just said shows that what is supposed to be upright is: a foot that
        knocks as in a lunge, and hips that are lifted from bent knees, are no leg that is raised in the air.
        """
        shows = known.impacts or known.kind == "bridge"
        return shows and any(isinstance(e, RepCompleted) for e in said)

    def _begin_anew(self) -> None:
        self._known, self._refused, self._last_s, self._said_until_s = None, None, None, -inf
        for c in self._all.values():
            c.forget()

    def _sift(self, said: Mapping[str, list[Event]], t_s: float) -> list[Event]:
        if self._known is not None and (self._shown.moving or self._shown.hold_s is not None):
            self._last_s = t_s
        elif self._known is not None and self._last_s is not None and t_s - self._last_s > self._p.quiet_s:
            self._begin_anew()
        for name, events in said.items():
            self._all[name].take(events, t_s, self._p.quiet_s)
            if self._all[name].said:
                self._all[name].drop_stale(t_s, self._p.quiet_s)
        if self._known is not None:
            events = said[self._known]
            if any(not isinstance(e, RepRejected) for e in events):
                self._last_s = t_s
            ends_s = [e.end_s for e in events if isinstance(e, RepCompleted | HoldEnded)]
            self._reach_deg = max([self._reach_deg, *_reached_deg(events)])
            if ends_s:  # a hold that has only begun may be the top of a raise
                self._said_until_s, self._counted = max([self._said_until_s, *ends_s]), True
                self._forget_others()
            elif not self._counted and any(isinstance(e, RepRejected) and e.reason in NO_HOLD for e in events):
                self._unname()
                return events
            return (self._recognise(t_s) if self._rival(t_s) else []) or events
        return self._recognise(t_s)

    def _forget_others(self) -> None:
        for name, c in self._all.items():
            if name != self._known:
                c.forget()

    def _drop_wrong_ways(self, tick: Tick, posture: Posture) -> None:
        """Forget what else is held now where its exercise does not take the thigh, as is seen once upright is known."""
        for name, c in self._all.items():
            start, rest = c.spec.start[-1], c.detector.rest
            if name == self._known or not c.holds or rest is None or start.direction == "any":
                continue
            rests_deg, held_deg = posture.tilt_deg(rest), posture.tilt_deg(tick.up)
            assert rests_deg is not None
            assert held_deg is not None
            if (held_deg > rests_deg) is not (start.direction == "up"):
                c.said = []

    def _rival(self, t_s: float) -> str | None:
        """Another exercise that has enough evidence while the known one has had none since."""
        names = [n for n, c in self._all.items() if n != self._known and self._believed(c, t_s)]
        return names[0] if names else None

    def _believed(self, c: Candidate, t_s: float) -> bool:
        if not c.said or (c.spec.name == "leg_raise" and self._on_side):
            return False
        least_s = self._least_hold_s(c, t_s)
        if c.holds_for_s(t_s, self._p.held_share) >= least_s and not c.everyday and not self._rests:
            return True
        reps = [e for e in c.reps() if e.start_s >= self._said_until_s and not self._is_stride(c.spec, e)]
        reps = [e for e in reps if not self._wobbles(c.spec, e) and not _goes_straight(c.spec, e)]
        reps = [e for e in reps if self._alike(e, reps[-1])]
        reps = self._soon(reps) if c.spec.raises_leg else reps
        if len(reps) >= self._p.reps + (1 if self._circles(c, reps) else 0):
            if not c.spec.impacts:
                return True
            rose = (c.detector.rose_m or 0.0) > self._p.rose_m
            return not rose and not self._early(t_s - reps[self._p.reps - 1].decided_s)
        held = (e for e in c.ended() if e.start_s >= self._said_until_s)
        held = (e for e in held if not self._posed or e.end_s > self._posed_s)
        return not c.everyday and any(e.held_s >= least_s for e in held)

    def _least_hold_s(self, c: Candidate, t_s: float) -> float:
        """How long a hold must last to be believed: as long as there is time for, where the way there was seen; else
        its first moments may be missing. After one that was let go too soon to count it may be the next raise's top;
        who has let go twice in a row does what was let go.
        """
        let_go = c.let_go_times if t_s - c.let_go_s < self._p.quiet_s else 0
        least_s = self._p.hold_s if c.levers_m is None and not let_go else self._p.seen_hold_s
        if let_go >= self._p.reps or not (self._known is None or self._drawn_up(c)):
            least_s = self._p.rival_hold_s
        return max(least_s, c.spec.min_hold_s) if c.spec.name == self._refused else least_s

    def _drawn_up(self, c: Candidate) -> bool:
        """Whether what is held is a knee that was drawn up by who is known to lie, further than a foot on the floor
        takes it and much further than the exercise that is on: legs are not bent so far between sets.
        """
        draws = c.spec.kind == "hold" and c.spec.begins("up")
        if not draws or not self._posed or c.held_deg is None:
            return False
        return c.held_deg > max(self._p.drawn_up_deg, self._p.alike_times * self._reach_deg)

    def _lies_on_side(self, posture: Posture) -> bool:
        """Whether the pose that a raise would begin in is known to be one of lying on the side. Not known to be another
        is not enough: with the front unknown both may be counted.
        """
        raised, aside = self._all.get("leg_raise"), self._all.get(ASIDE)
        rest = None if raised is None else raised.detector.rest
        if aside is None or rest is None or posture.roll_deg(rest) is None:
            return False
        return posture.start_of(rest, aside.spec.start) is not None

    def _raises(self) -> list[Candidate]:
        """The exercises that raise a leg in the air, without a knock."""
        return [c for c in self._all.values() if c.spec.raises_leg]

    def _alike(self, a: RepCompleted, b: RepCompleted) -> bool:
        """Whether both may be of one set: who sits for a while and then bends down has done nothing twice."""
        short_s, long_s = sorted((a.end_s - a.start_s, b.end_s - b.start_s))
        small_deg, large_deg = sorted((a.rom_deg, b.rom_deg))
        return long_s <= self._p.alike_times * short_s and large_deg <= self._p.alike_times * small_deg

    def _soon(self, reps: list[RepCompleted]) -> list[RepCompleted]:
        """The newest of them that came soon one after the other."""
        late = (k for k in range(len(reps) - 1, 0, -1) if reps[k].start_s - reps[k - 1].end_s > self._p.soon_s)
        return reps[next(late, 0) :]

    def _circles(self, c: Candidate, reps: list[RepCompleted]) -> bool:
        """Whether what another exercise counts as repetitions has gone round as well: then one more turn decides."""
        turns = (e for o in self._all.values() if o is not c and o.spec.kind == "circle" for e in o.reps())
        return any(e.direction is not None and e.end_s > reps[0].start_s for e in turns) if reps else False

    def _wobbles(self, spec: ExerciseSpec, rep: RepCompleted) -> bool:
        """Whether it is smaller than the band of the hold that is on may become, which nobody leaves by trembling.
        Circles about a leaning pose stay in it too.
        """
        if self.band_deg is None or spec.kind == "circle":
            return False
        return rep.rom_deg < Hold.params.tremble_most * (self.band_deg[1] - self.band_deg[0])

    def _is_stride(self, spec: ExerciseSpec, rep: RepCompleted) -> bool:
        """Whether a circle is as short as a stride, and there was a step or too few to know that there was none; or a
        raise is so short and follows at once on another one, as a stride does.
        """
        if spec.raises_leg:
            return self._strides_on(rep, self._all[spec.name].reps())
        if spec.kind != "circle" or rep.end_s - rep.start_s >= self._p.stride_s:
            return False
        unlike = [e for e in self._all[spec.name].reps() if e.end_s - e.start_s >= self._p.quick_circle_s]
        return len(unlike) < self._p.sure_circles or self._step_s > unlike[0].start_s - self._p.quiet_step_s

    def _strides_on(self, rep: RepCompleted, reps: list[RepCompleted]) -> bool:
        quick = rep.end_s - rep.start_s < self._p.quick_raise_s
        return quick and any(0.0 <= rep.start_s - e.end_s < self._p.at_once_s for e in reps)

    def _early(self, since_s: float) -> bool:
        """Whether repetitions with impacts, enough `since_s` ago, may still turn out to be raises."""
        raises = self._raises()
        if any(len(c.reps()) >= self._p.reps for c in raises):
            return False  # as which they have been counted by now: let them contend
        waits = any(c.detector.deciding for c in raises)
        return since_s < self._p.rival_s or (since_s < self._p.raise_wait_s and waits)

    def _sure(self, believed: dict[str, Candidate]) -> dict[str, Candidate]:
        """Which of those may be said while the posture is not known."""
        lies = [name for name, look in self._low.items() if look.seen]
        if lies:
            believed = {n: c for n, c in believed.items() if not c.spec.stands}
            if any(name in believed for name in lies):
                return {n: c for n, c in believed.items() if n in lies}
        return sure_unposed(self._all, believed, self._p, stepped=self._stepped, knocked=self._knocked)

    def _recognise(self, t_s: float) -> list[Event]:
        believed = {n: c for n, c in self._all.items() if n != self._known and self._believed(c, t_s)}
        if not self._posed:
            believed = self._sure(believed)
        winner = best(believed, self._p)
        if winner is None:
            return []
        self._known, self._last_s = winner.spec.name, t_s
        confidence = 1.0 / len(believed)
        winner.drop_counted(self._said_until_s)
        said = [replace(e, decided_s=t_s) for e in winner.said]
        self._reach_deg = max([winner.held_deg or 0.0, *_reached_deg(said)])
        ends_s = [e.end_s for e in said if isinstance(e, RepCompleted | HoldEnded)]
        self._said_until_s, self._counted = max([self._said_until_s, *ends_s]), bool(ends_s)
        start_s = winner.start_s()
        winner.said.clear()
        self._forget_others()
        return [ExerciseRecognised(winner.spec.name, start_s, confidence, t_s), *said]


def _reached_deg(events: Sequence[Event]) -> list[float]:
    """How far from rest each of what was counted went."""
    return [e.rom_deg for e in events if isinstance(e, RepCompleted | HoldEnded)]


def _goes_straight(spec: ExerciseSpec, rep: RepCompleted) -> bool:
    """Whether what is counted as a circle does not wind: a leg that is raised and let down goes to and fro about the
    middle of its way as well.
    """
    return spec.kind == "circle" and rep.direction is None
