"""Finds out which exercise is being done: every detector of the library watches, the evidence decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Protocol

from coxa.host.detect.hold import CALM_S
from coxa.host.detect.posture import Posture
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.detect.verdict import Verdict
from coxa.host.events import Event, ExerciseRecognised, HoldEnded, HoldStarted, RepCompleted, RepRejected
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.tangent import Vector, angle_deg


class Detector(Protocol):
    """What every detector offers."""

    @property
    def rest(self) -> Vector | None:
        """The rest pose, None while it is not known."""
        ...

    @property
    def reps(self) -> int:
        """Repetitions of the set."""
        ...

    @property
    def hold_s(self) -> float | None:
        """Clock of the running hold."""
        ...

    @property
    def needed_deg(self) -> float | None:
        """What the next repetition must reach; None where it is not judged by elevation."""
        ...

    @property
    def band_deg(self) -> tuple[float, float] | None:
        """Between which angles the running hold must stay."""
        ...

    @property
    def moving(self) -> bool:
        """Whether the thigh is away from its rest pose."""
        ...

    @property
    def refused(self) -> Verdict | None:
        """Why the newest hold did not count."""
        ...

    def update(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """The next tick."""
        ...

    def gap(self, start_s: float, end_s: float) -> None:
        """Samples are missing."""
        ...

    def forget(self) -> list[Event]:
        """Nothing is known any more."""
        ...

    def finish(self) -> list[Event]:
        """The stream is over."""
        ...


class OneDetector(Detector, Protocol):
    """What those for one exercise offer the recogniser beside that."""

    @property
    def rose_m(self) -> float | None:
        """How far the sensor rose on the newest way out that was counted, None where that was not seen."""
        ...

    @property
    def deciding(self) -> bool:
        """Whether a movement that is over waits to be counted."""
        ...

    def everyday(self, posture: Posture, /) -> bool:
        """Whether the pose that is held is as well one of sitting, lying or standing about."""
        ...


@dataclass(frozen=True, slots=True)
class RecogniserParams:
    """Tuning of `auto`."""

    hold_s: float = 2.0
    """So long must a hold run before it is believed, to be known 3 s after it has begun even if that was not seen."""
    rival_hold_s: float = 9.0
    """So long while another exercise is on: legs are bent and scratched between sets (`leg_raise_2`). 5 to 10 s."""
    rests_deg: float = 10.0
    """Who is so near to the rest pose of the known exercise rests (`hip_circle_1`: the leaning pose that was circled
    about was taken for a figure four's rest, and standing for its seat). 8 to 12."""
    sank_m: float = 0.025
    """A thigh that sank by so much in what knocks did a lunge: 0.03 to 0.12 (`lunge_4`), raises gain 0.11 and more."""
    reps: int = 2
    """So many repetitions of one exercise are believed."""
    sure_circles: int = 3
    """So many circles are believed although a hold seems to go on (`hip_circle_2`)."""
    quiet_s: float = 12.0
    """After so long a rest the next set is recognised anew, and what was seen before is no evidence of it
    (`negative_5`: two movements within 90 s)."""
    rival_s: float = 0.3
    """Repetitions with impacts are said at once, others only once they have come to rest: those are back by then, and
    are waited for (`leg_raise_1`: a foot that is put down knocks as in a lunge)."""
    raise_wait_s: float = 2.0
    """So long at most is waited for a raise that has not come to rest; one that waits for a second like it may wait for
    ever. 1.6 s or more."""
    stride_s: float = 1.6
    """A circle takes longer, a step does not: 1.2 to 1.3 s (`lateral_leg_raise_2`); circles take 1.8 to 6.5 s."""


@dataclass(slots=True)
class _Candidate:
    """One exercise that may be the one, and what its detector has said so far."""

    spec: ExerciseSpec
    detector: OneDetector
    said: list[Event] = field(default_factory=list[Event])

    everyday: bool = False
    """The newest hold has once looked like sitting or lying: who rolls over from there turns the thigh as well."""

    def holds_for_s(self, t_s: float) -> float:
        """How long a hold has been on, of which no more may be unseen than its beginning; 0 where none is."""
        started = [e for e in self.said if isinstance(e, HoldStarted)]
        if self.detector.hold_s is None or not started:
            return 0.0
        return min(self.detector.hold_s, t_s - started[-1].decided_s + CALM_S)

    def reps(self) -> list[RepCompleted]:
        return [e for e in self.said if isinstance(e, RepCompleted)]

    def drop_stale(self, t_s: float, quiet_s: float) -> None:
        """Forget holds that came to nothing or were a chair, and everything after a long rest."""
        if self.detector.hold_s is None:
            if self.everyday:
                self.said = [e for e in self.said if not isinstance(e, HoldStarted | HoldEnded)]
            ended = {e.start_s for e in self.said if isinstance(e, HoldEnded)}
            self.said = [e for e in self.said if not isinstance(e, HoldStarted) or e.start_s in ended]
            rests = not self.detector.moving and not self.detector.deciding
            if self.said and rests and t_s - self.said[-1].decided_s > quiet_s:
                self.said = []

    def start_s(self) -> float:
        return min(e.start_s for e in self.said if isinstance(e, RepCompleted | HoldStarted | HoldEnded))

    def forget(self) -> None:
        """Forget what was said, but for the beginning of a hold that is still on."""
        running = [e for e in self.said if isinstance(e, HoldStarted)][-1:] if self.detector.hold_s is not None else []
        self.said = list(running)


class Recogniser:
    """Runs all detectors side by side and passes on the events of the exercise that it has recognised.

    What was counted before the recognition is passed on with it, decided at that moment. Rejections are passed on only
    once the exercise is known. While the posture is unknown little is (`_sure_unposed`). Where two exercises look alike
    to one sensor, the more particular one wins.
    """

    def __init__(self, library: Mapping[str, ExerciseSpec], detector: Callable[[ExerciseSpec], OneDetector]) -> None:
        self._p = RecogniserParams()
        self._all = {name: _Candidate(spec, detector(spec)) for name, spec in library.items()}
        self._known: str | None = None
        self._last_s: float | None = None
        self._posed = False
        self._rests = False
        """Whether the thigh is at the rest pose of the known exercise, where nothing is held."""
        self._knocked = False
        """Whether the thigh has been knocked as steps and lunges knock it while the posture was not known."""
        self._stepped = False
        """Whether it has made a step then."""
        self._said_until_s = -inf
        """End of the newest repetition of the known exercise: what overlaps it is no evidence of another."""

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
        said = {n: c.detector.update(tick, rest, posture) for n, c in self._all.items()}
        posed = posture.upright() is not None
        if posed and not self._posed and self._known is None:
            self._forget_others()  # what was counted in an unknown posture is no evidence of what it was
        self._posed = posed
        rests_at = None if self._known is None else self._shown.rest
        self._rests = rests_at is not None and angle_deg(rests_at, tick.up) < self._p.rests_deg
        self._knocked = not self._posed and (self._knocked or posture.walking)
        self._stepped = not self._posed and (self._stepped or posture.steps)
        for name, c in self._all.items():
            if c.detector.hold_s is not None:
                begun = any(isinstance(e, HoldStarted) for e in said[name])
                c.everyday = (c.everyday and not begun) or c.detector.everyday(posture)
        return self._sift(said, tick.t_s)

    def gap(self, start_s: float, end_s: float) -> None:
        """Samples are missing."""
        for c in self._all.values():
            c.detector.gap(start_s, end_s)

    def forget(self) -> list[Event]:
        """Nothing is known any more: close what is open."""
        events = self.finish()
        for c in self._all.values():
            c.detector.forget()
        self._begin_anew()
        return events

    def finish(self) -> list[Event]:
        """The stream is over."""
        said = {n: c.detector.finish() for n, c in self._all.items()}
        return said[self._known] if self._known else []

    def _begin_anew(self) -> None:
        self._known, self._last_s, self._said_until_s = None, None, -inf
        for c in self._all.values():
            c.forget()

    def _sift(self, said: Mapping[str, list[Event]], t_s: float) -> list[Event]:
        if self._known is not None and (self._shown.moving or self._shown.hold_s is not None):
            self._last_s = t_s
        elif self._known is not None and self._last_s is not None and t_s - self._last_s > self._p.quiet_s:
            self._begin_anew()
        for name, events in said.items():
            if events:
                self._all[name].said += [e for e in events if not isinstance(e, RepRejected)]
            if self._all[name].said:
                self._all[name].drop_stale(t_s, self._p.quiet_s)
        if self._known is not None:
            events = said[self._known]
            if any(not isinstance(e, RepRejected) for e in events):
                self._last_s = t_s
                ends_s = [e.end_s for e in events if isinstance(e, RepCompleted)]
                self._said_until_s = max([self._said_until_s, *ends_s])
                self._forget_others()
            return (self._recognise(t_s) if self._rival(t_s) else []) or events
        return self._recognise(t_s)

    def _forget_others(self) -> None:
        for name, c in self._all.items():
            if name != self._known:
                c.forget()

    def _rival(self, t_s: float) -> str | None:
        """Another exercise that has enough evidence while the known one has had none since."""
        names = [n for n, c in self._all.items() if n != self._known and self._believed(c, t_s)]
        return names[0] if names else None

    def _believed(self, c: _Candidate, t_s: float) -> bool:
        least_s = self._p.hold_s if self._known is None else self._p.rival_hold_s
        if c.holds_for_s(t_s) >= least_s and not c.everyday and not self._rests:
            return True
        reps = [e for e in c.reps() if e.start_s >= self._said_until_s and not self._is_stride(c.spec, e)]
        if len(reps) >= self._p.reps + (1 if self._circles(c, reps) else 0):
            return not c.spec.impacts or not self._early(t_s - reps[self._p.reps - 1].decided_s)
        return not c.everyday and any(isinstance(e, HoldEnded) and e.held_s >= least_s for e in c.said)

    def _circles(self, c: _Candidate, reps: list[RepCompleted]) -> bool:
        """Whether what another exercise counts as repetitions has gone round as well: then one more turn decides."""
        turns = (e for o in self._all.values() if o is not c and o.spec.kind == "circle" for e in o.reps())
        return any(e.direction is not None and e.end_s > reps[0].start_s for e in turns) if reps else False

    def _is_stride(self, spec: ExerciseSpec, rep: RepCompleted) -> bool:
        return spec.kind == "circle" and rep.end_s - rep.start_s < self._p.stride_s

    def _early(self, since_s: float) -> bool:
        """Whether repetitions with impacts, enough `since_s` ago, may still turn out to be raises."""
        raises = (c.detector for c in self._all.values() if c.spec.kind == "raise" and not c.spec.impacts)
        return since_s < self._p.rival_s or (since_s < self._p.raise_wait_s and any(d.deciding for d in raises))

    def _recognise(self, t_s: float) -> list[Event]:
        believed = {n: c for n, c in self._all.items() if n != self._known and self._believed(c, t_s)}
        if not self._posed:
            believed = self._sure_unposed(believed)
        best = next((c for c in believed.values() if not self._beaten(c, believed)), None)
        if best is None:
            return []
        self._known, self._last_s = best.spec.name, t_s
        confidence = 1.0 / len(believed)
        said = [replace(e, decided_s=t_s) for e in best.said]
        self._said_until_s = max((e.end_s for e in best.reps()), default=-inf)
        start_s = best.start_s()
        best.said.clear()
        self._forget_others()
        return [ExerciseRecognised(best.spec.name, start_s, confidence, t_s), *said]

    def _sank(self, detector: OneDetector) -> bool:
        rose_m = detector.rose_m
        return rose_m is not None and rose_m < -self._p.sank_m

    def _sure_unposed(self, believed: Mapping[str, _Candidate]) -> dict[str, _Candidate]:
        """What may be said of a thigh whose posture is not known. Where it has been knocked, nobody lies.

        Circles, where nothing else has repetitions: whoever circles slowly about a leaning pose seems to hold it, but
        three circles are no hold. After a step and before any repetition, what is held standing. Knocks, where the
        thigh sank or nothing without them counts. And what is so large that everything else that reaches so far has
        been counted too.
        """
        circles = {n: c for n, c in believed.items() if c.spec.kind == "circle"}
        others = {n: c for n, c in believed.items() if n not in circles}
        many = any(len(c.reps()) >= self._p.sure_circles for c in circles.values())
        if circles and not any(c.reps() or not many for c in others.values()):
            return circles
        counted = {n for n, c in self._all.items() if c.reps() and c.spec.kind != "circle"}
        if self._stepped and not counted:
            return {n: c for n, c in others.items() if c.spec.stands}
        sank = {n for n in counted & set(others) if self._all[n].spec.impacts and self._sank(self._all[n].detector)}
        if sank:
            return {n: others[n] for n in sank}
        if all(self._all[n].spec.impacts for n in counted):
            return {n: c for n, c in others.items() if n in counted}
        least_deg = min(e.rom_deg for n in counted for e in self._all[n].reps())
        reaching = {n for n, c in self._all.items() if c.spec.kind != "circle" and c.spec.kind != "hold"}
        reaching = {n for n in reaching if self._all[n].spec.max_rom_deg >= least_deg}
        sure = reaching <= set(others) and not self._knocked and "lateral_leg_raise" not in reaching
        return {n: others[n] for n in reaching} if sure else {}

    def _beaten(self, c: _Candidate, believed: Mapping[str, _Candidate]) -> bool:
        """Whether another believed exercise explains the same movement better."""
        beaten_by = BEATEN_BY.get(c.spec.name, frozenset[str]())
        lunge, raised = believed.get("lunge"), believed.get("leg_raise")
        if lunge is not None and raised is not None and len(raised.reps()) >= len(lunge.reps()):
            if c is lunge:
                return True
            beaten_by = beaten_by - {"lunge"} if c is raised else beaten_by
        return any(n in beaten_by for n in believed)


BEATEN_BY: Mapping[str, frozenset[str]] = {
    "leg_raise": frozenset({"hip_bridge", "lunge", "lateral_leg_raise", "knee_to_chest", "figure_four", "hip_circle"}),
    "figure_four": frozenset({"lunge", "hip_circle"}),
    "lateral_leg_raise": frozenset({"hip_bridge", "knee_to_chest"}),
    "hamstring_stretch": frozenset({"hip_bridge", "knee_to_chest"}),
}
"""Where two exercises both count, the one that asks for more wins: a leg raise asks for least. A lunge asks for a
knock, but a raise for a hip that does not sink, which no series of lunges gives: there the longer series wins."""
