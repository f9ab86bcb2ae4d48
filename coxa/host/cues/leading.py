"""What leads from set to set: which exercise comes, the rest before it, the move of the sensor."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, inf

from coxa.host.cues.cue import Cue
from coxa.host.cues.kinds import cue
from coxa.host.exercises.spec import library
from coxa.host.routine import SetPlan
from coxa.host.tracker import AUTO

TELL_S = 10
"""So much before the end of a rest the time left is told, in rests of at least `TELL_FROM_S`."""
TELL_FROM_S = 18.0
READY_S = 4.0
"""So much before its end comes 'get ready', in rests of at least `READY_FROM_S`."""
READY_FROM_S = 9.0
BUSY_S = 8.0
"""Somebody who moves when a set is to be told hears it so much later at most."""
LATE_S = 0.5
"""What comes due so long before it can be told, as in a gap, is told all the same."""
CARRY_ON_S = 2.0
"""So long after 'carrying on' a set of which nothing was done is told again."""
MOVE_AGAIN_S = 45.0
"""Somebody who has not moved the sensor for so long is asked again."""
PAUSED_AGAIN_S = 45.0
"""Somebody who moves in a pause may not know of it: so often it is told."""


def set_opening(planned: SetPlan, before: SetPlan | None, at_s: float) -> Cue:
    """'Left leg, side-lying raises, ten'; a second set of the same is told in fewer words."""
    if planned.exercise == AUTO:
        return cue("set_free", at_s)
    if planned.reps is None:
        return cue("set_open", at_s, side=side_told(planned), exercise=planned.exercise)
    if before is not None and _same(planned, before):
        return cue("set_again", at_s, n=planned.reps)
    spec = library().get(planned.exercise)
    if planned.direction is not None:
        return cue("set_circles", at_s, exercise=planned.exercise, direction=planned.direction, n=planned.reps)
    to_hold_s = spec.to_hold_s(planned.hold_target_s) if spec is not None else planned.hold_target_s
    if to_hold_s:
        told = {"exercise": planned.exercise, "n": planned.reps, "seconds": ceil(to_hold_s)}
        return cue("set_hold", at_s, side=side_told(planned), **told)
    return cue("set_reps", at_s, side=side_told(planned), exercise=planned.exercise, n=planned.reps)


def side_told(planned: SetPlan) -> str:
    """The leg to name; none where both work alike."""
    spec = library().get(planned.exercise)
    both = spec is not None and spec.kind in ("circle", "bridge")
    return "none" if planned.side is None or both else planned.side


def _same(a: SetPlan, b: SetPlan) -> bool:
    return (a.exercise, a.side, a.direction, a.hold_target_s) == (b.exercise, b.side, b.direction, b.hold_target_s)


class Leading:
    """The rest between two sets, told as it passes; whoever begins sooner hears no more of it."""

    def __init__(self) -> None:
        self._coming: list[Cue] = []
        """What is to be said later, by its time."""
        self._resting_at_s: float | None = None
        self._busy = False
        """Whether the set was not told yet because the thigh moved."""

    def rest(self, planned: SetPlan, before: SetPlan, at_s: float) -> list[Cue]:
        """A rest after the set `before`: what comes next is told at once, so that there is time to get there."""
        rest_s = before.rest_s
        end_s = at_s + rest_s
        self._coming, self._resting_at_s, self._busy = [], at_s, False
        if rest_s >= TELL_FROM_S:
            self._coming.append(cue("rest_left", end_s - TELL_S, n=TELL_S))
        if rest_s >= READY_FROM_S:
            self._coming.append(cue("get_ready", end_s - READY_S))
        self._coming.append(set_opening(planned, before, end_s))
        n = round(rest_s)
        if _same(planned, before):
            return [cue("rest", at_s, n=n)]
        told = {"side": side_told(planned), "exercise": planned.exercise, "direction": planned.direction or "none"}
        return [cue("rest_then", at_s, n=n, **told)]

    def open_set(self, planned: SetPlan, before: SetPlan | None, at_s: float) -> list[Cue]:
        """A set begins: at once where there is no rest to wait for."""
        switch = list[Cue]()
        if before is not None and before.side and planned.side and before.side != planned.side:
            switch.append(cue("switch_sides", at_s, side=planned.side))
        if self._resting_at_s == at_s:
            return switch
        self._coming = []
        return [*switch, set_opening(planned, before, at_s)]

    def tell_later(self, planned: SetPlan, at_s: float) -> None:
        """Somebody goes on after a pause with a set of which nothing has been done."""
        self._coming = [set_opening(planned, None, at_s + CARRY_ON_S)]

    @property
    def coming(self) -> bool:
        """Whether there is something to be said later."""
        return bool(self._coming)

    def begun(self) -> None:
        """The person has begun."""
        self._coming = []

    def due(self, t_s: float, *, moves: bool = False) -> list[Cue]:
        """What has come due by now; of several only the newest, as after a gap.

        Where the thigh moves, that may be the first repetition, whose number must not wait for a sentence: how much is
        left of the rest is not told then, and the set a little later, if it has not begun.
        """
        passed = [c for c in self._coming if c.at_s <= t_s]
        self._coming = self._coming[len(passed) :]
        if not passed:
            return []
        newest, waited_s = passed[-1], t_s - passed[-1].at_s
        if moves and (self._coming or waited_s < BUSY_S):
            self._coming, self._busy = self._coming or [newest], True
            return []
        late = (self._busy or waited_s > LATE_S) and not self._coming
        self._busy = False
        return [replace(newest, at_s=t_s, until_s=newest.until_s + waited_s) if late else newest]


class SensorMove:
    """The sensor is to be moved: asked, asked again, recognised."""

    def __init__(self) -> None:
        self._planned: SetPlan | None = None
        self._again_s = 0.0

    @property
    def waiting(self) -> bool:
        """Whether the sensor has not been moved yet."""
        return self._planned is not None

    def ask(self, planned: SetPlan, at_s: float) -> list[Cue]:
        """Ask for it; `planned` is the first set on the other thigh."""
        self._planned, self._again_s = planned, at_s + MOVE_AGAIN_S
        return [cue("move_sensor", at_s, side=planned.side or "other")]

    def over(self) -> None:
        """It has been moved."""
        self._planned = None

    def due(self, t_s: float) -> list[Cue]:
        """The question again, once it is time."""
        if self._planned is None or t_s < self._again_s:
            return []
        return self.ask(self._planned, t_s)


class PauseReminder:
    """Nothing counts, by two taps that may have been none: told again to whoever moves."""

    def __init__(self) -> None:
        self._again_s = inf
        self._moved = False

    def begin(self, at_s: float) -> None:
        """The pause has been told."""
        self._again_s, self._moved = at_s + PAUSED_AGAIN_S, False

    def over(self) -> None:
        """The person goes on."""
        self._again_s = inf

    def due(self, t_s: float, *, moves: bool) -> list[Cue]:
        """The pause again, once it is time and the thigh has moved."""
        self._moved |= moves
        if t_s < self._again_s or not self._moved:
            return []
        self.begin(t_s)
        return [cue("paused", t_s)]
