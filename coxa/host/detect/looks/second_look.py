"""The exercise as it looks if what is taken for upright is a chair or the mat."""

from __future__ import annotations

from bisect import bisect_right
from copy import deepcopy
from dataclasses import dataclass, replace
from math import inf
from operator import attrgetter

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.body.posture_params import PostureParams
from coxa.host.detect.detector import OneDetector
from coxa.host.detect.still import StillFinder, Tick, Ticks
from coxa.host.detect.trips.hold_params import HoldParams
from coxa.host.detect.trips.trip import TripDetector
from coxa.host.events import Event, HoldEnded, HoldStarted, RepCompleted, RepRejected
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.tangent import Vector, angle_deg
from coxa.host.reasons import LIKE_STEPS, Reason
from coxa.host.samples import Gap


@dataclass(frozen=True, slots=True)
class SecondLookParams:
    """How much must be seen that whoever believes the supposition does not see. By `tools/starts`."""

    reps: int = 3
    """So many repetitions. 3 to 4: two are stood up and sat down again."""
    hold_s: float = 12.0
    """Two holds so long of a thigh that does not go as far as to another posture, of which the other detector has
    counted none; or one of hips that are lifted, or where the exercise stands and the other detector takes it for
    another posture. 10 to 15 s."""
    next_hold_s: float = 8.0
    """Where it knows of no rest pose, or of no movement from one, the second of two need have lasted only so long by
    now: who lies for a while between two times on their feet seems to hold the knee (`negative_5`, lies still for 5.5
    s). 7 to 12 s."""
    alike_deg: float = 45.0
    """And both as near to each other as this: holds of one person differ by 40 in depth. Half to twice: nothing breaks.
    """
    kept_s: float = 120.0
    """And all within this time: two holds of 40 s and the rest between. Half to twice: nothing breaks."""
    back_deg: float = 30.0
    """Who holds a pose as near as that to what is taken for upright may have got up. Half to twice: nothing breaks."""


def passed_over(
    detector: OneDetector, ticks: Ticks, k: int, end: int, rest: StillFinder, posture: Posture, seen_s: float
) -> int:
    """Let it take ticks `[k, end)` as far as nothing can be decided in them; gives the first that it must look at.

    What it has taken until `seen_s` it does not take again.
    """
    if ticks.each[k].t_s <= seen_s:
        return min(bisect_right(ticks.t_s, seen_s), end)
    if not isinstance(detector, TripDetector) or detector.deciding:
        return k
    return detector.skip(ticks, k, end, rest, posture)


class SecondLook:
    """A copy of a detector that goes on from the same state, for which what is taken for upright is a chair or the mat.

    It sees each tick after the other detector. Nothing of it is told while the other is believed: `convinces` and
    `sees_more` say when it is this one that is right, `told` what it has seen by then.
    """

    def __init__(self, detector: OneDetector, posture: Posture, spec: ExerciseSpec) -> None:
        self._p, self._starts = SecondLookParams(), spec.start
        self._stands, self._posture_deg = spec.stands, PostureParams().changed_deg
        self._lifts = spec.kind == "bridge"
        self.detector = deepcopy(detector, {id(posture): posture})
        self._upright, self._posture = posture.upright(), posture.if_low()
        if self.detector.rest is not None and self._posture.start_of(self.detector.rest, spec.start) is None:
            self.detector.forget()
        self._said: list[tuple[RepCompleted | HoldStarted | HoldEnded, Vector | None]] = []
        """Of what came after all that the other detector has counted, and where the thigh was held last by then; None
        where the person may have got up there.
        """
        self._after_s = -inf
        self._against = 0
        """Movements since then that the other detector says the exercise does not make, or of which it says that
        somebody steps: who lies may raise the leg as suddenly.
        """
        self.elsewhere_s: float | None = None
        """When the movement began that made doubt what is supposed, where one has."""
        self._held: Vector | None = None
        """Where the newest hold was when its clock ran last."""
        self._runs = False
        """Whether that was with the newest tick."""
        self.seen_s = -inf
        """Up to where ticks have been passed over, maybe ahead of the other detector."""

    def skip(self, ticks: Ticks, k: int, end: int, rest: StillFinder) -> int:
        """Pass over ticks `[k, end)` in which nothing can be decided; gives the first that `update` must see."""
        to = passed_over(self.detector, ticks, k, end, rest, self._posture, self.seen_s)
        if to > k:
            self.seen_s, self._runs = max(self.seen_s, ticks.each[to - 1].t_s), False
        return to

    def update(self, tick: Tick, rest: StillFinder, posture: Posture, counted: list[Event]) -> None:
        """Take the next tick, after the other detector has, which said that."""
        if any(isinstance(e, RepCompleted | HoldEnded) for e in counted):
            self._after_s = max(e.end_s for e in counted if isinstance(e, RepCompleted | HoldEnded))
            self._against = 0
        self._against += sum(
            isinstance(e, RepRejected) and (e.reason == Reason.WRONG_DIRECTION or e.reason in LIKE_STEPS)
            for e in counted
        )
        new = list[Event]()
        if tick.t_s > self.seen_s:
            before_s, self._posture.walking = self.detector.hold_s or 0.0, posture.walking
            new = self.detector.update(tick, rest, self._posture)
            self._runs = (self.detector.hold_s or 0.0) > before_s
            self._held = tick.up if self._runs else self._held
        got_up = any(isinstance(e, HoldEnded) for e in new) and self._got_up()
        if got_up and not self._lifts:
            self._said = []
            return
        since_s, held = max(self._after_s, tick.t_s - self._p.kept_s), None if got_up else self._held
        self._said += [(e, held) for e in new if isinstance(e, RepCompleted | HoldStarted | HoldEnded)]
        self._said = [said for said in self._said if said[0].start_s >= since_s]

    def gap(self, gap: Gap) -> None:
        """Samples are missing."""
        self.detector.gap(gap)

    def learn_what_was_said(self) -> None:
        """Its detector is believed from now on: what the other has counted is said, and waits in it no more."""
        if isinstance(self.detector, TripDetector):
            self.detector.count_said(self._after_s)

    def told(self, t_s: float) -> list[Event]:
        """What was seen, to be said at `t_s`: all that was counted, and the hold that is on, if one is."""
        reps = [replace(e, decided_s=t_s) for e, _ in self._said if isinstance(e, RepCompleted)]
        alike = self._like_the_newest()
        holds = [
            replace(e, decided_s=t_s)
            for e, _ in self._said
            if isinstance(e, HoldEnded) and (e in alike or any(r.start_s <= e.start_s < r.end_s for r in reps))
        ]
        counted = sorted([*reps, *holds], key=attrgetter("end_s"))
        started = [replace(e, decided_s=t_s) for e, _ in self._said if isinstance(e, HoldStarted)]
        return [*counted, *(started[-1:] if self.detector.hold_s is not None else [])]

    def sees_more(self, posture: Posture, other: OneDetector) -> bool:
        """Whether it is the better look now that upright is no longer only supposed: upright is elsewhere, or does not
        fit what is done and only this one knows where the thigh came from.
        """
        upright, rest = posture.upright(), other.rest
        if upright is not None:
            unfit = other.reps == 0 and rest is not None and posture.start_of(rest, self._starts) is None
            return self._is_elsewhere(upright) and (unfit or self.detector.rest is not None)
        if self.detector.rest is None:
            return False
        if not posture.doubted:
            return other.reps == 0 and self._held_long()
        holds = self._stands and self.detector.hold_s is not None and other.hold_s is None
        return (
            holds or (self.detector.moving and rest is None) or (other.reps == 0 and self._takes_what_led_elsewhere())
        )

    @property
    def reps(self) -> int:
        """How many repetitions it has seen."""
        return sum(isinstance(e, RepCompleted) for e, _ in self._said)

    def _held_long(self) -> bool:
        """Whether a hold was seen that is believed of whom nothing is known: nobody has stood there after all."""
        return any(isinstance(e, HoldEnded) and e.held_s >= HoldParams().unknown_s for e, _ in self._said)

    def convinces(self, other: OneDetector) -> bool:
        """Whether the exercise has been seen, and the other detector, which believes the supposition, sees none."""
        if other.deciding or other.hold_s is not None:
            return False
        blind = other.rest is None or (self._stands and other.moving)
        if self.reps >= self._p.reps and (blind or self._against >= self._p.reps - 1):
            return True
        return self._holds_convince(blind=blind, idle=not other.moving and other.reps == 0)

    @property
    def held(self) -> Vector | None:
        """Where the newest hold was when its clock ran last."""
        return self._held

    @property
    def holds_s(self) -> float:
        """For how long something has been held by now; 0 where nothing is, or where the person may have got up."""
        return (self.detector.hold_s or 0.0) if self._runs and not self._got_up() else 0.0

    def holds_again(self, least_s: float, before_s: float) -> bool:
        """Whether something is held by now, for at least so long, that was held for `before_s` before."""
        before = any(e.held_s >= before_s for e in self._like_the_newest())
        return before and self.holds_s >= least_s

    def _takes_what_led_elsewhere(self) -> bool:
        """Whether what made doubt is the first that this one has seen, with which the exercise may begin, or comes
        after so many repetitions as convince.
        """
        if self.elsewhere_s is None:
            return False
        over = [e for e, _ in self._said if isinstance(e, RepCompleted | HoldEnded)]
        return self.reps >= self._p.reps or all(e.end_s > self.elsewhere_s for e in over)

    def _holds_convince(self, *, blind: bool, idle: bool) -> bool:
        begun = any(isinstance(e, HoldStarted) for e, _ in self._said)
        now_s = (self.detector.hold_s or 0.0) if self._runs and begun else 0.0
        ended = self._like_the_newest()
        held_s = [e.held_s for e in ended]
        if self._got_up() or not (now_s or held_s):
            return False
        over = sum(s >= self._p.hold_s for s in held_s)
        small = all(e.rom_deg < self._posture_deg for e in ended)
        if (small and over >= 2) or ((blind or idle) and over + (now_s >= self._p.next_hold_s) >= 2):
            return True
        alone = self._stands or (self._lifts and self._is_no_posture())
        return blind and alone and max(now_s, *held_s, 0.0) >= self._p.hold_s

    def _is_no_posture(self) -> bool:
        """Whether what is held is nearer to the rest pose than another posture would be."""
        rest, held = self.detector.rest, self._held
        return rest is not None and held is not None and angle_deg(rest, held) < self._posture_deg

    def _like_the_newest(self) -> list[HoldEnded]:
        """The holds that were held where the newest is or was: whoever lies on one side is as far from lying on the
        back as from the knee at the chest.
        """
        ended = [(e, up) for e, up in self._said if isinstance(e, HoldEnded)]
        return [e for e, up in ended if up and self._held and angle_deg(up, self._held) < self._p.alike_deg]

    def _got_up(self) -> bool:
        """Whether what is held may be what is taken for upright: who has got up from the mat stands as still."""
        rest, held, upright = self.detector.rest, self._held, self._upright
        if rest is None or held is None or upright is None:
            return False
        near_deg = self._p.back_deg if self._is_elsewhere(rest) else angle_deg(upright, rest)
        return angle_deg(upright, held) < near_deg

    def _is_elsewhere(self, up: Vector) -> bool:
        return self._upright is not None and angle_deg(self._upright, up) > self._posture_deg
