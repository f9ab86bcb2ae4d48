"""How far a set has come, and whether whoever does it seems to have stopped."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Literal, TypeAlias

from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.routine.told import counts

IDLE_S = 5.0
"""So long after the last repetition a rest in the next exercise's pose, and not in this one's, ends a set."""
ASK_S = 25.0
"""After so long without a repetition the person is asked whether the set is finished; holds rest 20 s in between."""
UNBEGUN_S = 35.0
"""Somebody who has not begun is given so much longer."""
ANSWER_S = 12.0
"""So long after the question the next set is on."""

Doubt: TypeAlias = Literal["ask", "over"]
"""Somebody who has stopped is asked whether the set is finished; without an answer it is over."""


class SetProgress:
    """Told what is done in a set, it says when the person should be asked. Times are seconds of the stream's clock."""

    def __init__(self) -> None:
        self.done = 0
        """Repetitions (or holds) so far."""
        self.number = 0
        """Of the newest of them as it was told; without a number to reach it begins anew at a rest elsewhere."""
        self._told = 0
        """Repetitions so far that were told."""
        self._holds = 0
        """Holds so far of the exercise that was held last, long enough or not."""
        self._held: str | None = None
        self._since_s = 0.0
        """From when on the first repetition is waited for."""
        self._last_s: float | None = None
        """When the newest repetition was decided."""
        self._asked_s: float | None = None
        """When the person was asked, None while that is not so."""

    def begin(self) -> None:
        """Another set is the one, though it may not be open yet."""
        self.done, self._last_s, self._asked_s = 0, None, None
        self.number, self._told, self._holds, self._held = 0, 0, 0, None

    def open(self, t_s: float) -> None:
        """From now on the first repetition is waited for."""
        self._since_s = t_s

    def count(self, t_s: float) -> None:
        """A repetition."""
        self.done += 1
        self.go_on(t_s)

    def numbered(self, event: Event, *, counted: bool) -> Event:
        """The event as the person is told of it, with its number in the set of the plan, from 1: neither a pause nor a
        rest elsewhere begins another.

        Args:
            event: any; repetitions and holds get a number.
            counted: whether the plan has a number of repetitions to reach; without one they keep the detector's.
        """
        if isinstance(event, HoldEnded):  # of an exercise that `auto` may have recognised
            self._holds = self._holds + 1 if event.exercise == self._held else 1
            self._held = event.exercise
            event = replace(event, index=self._holds)
        elif isinstance(event, RepCompleted) and counted:
            self._told += 1
            event = replace(event, index=self._told)
        if counts(event):
            assert isinstance(event, HoldEnded | RepCompleted)
            self.number = event.index or 0
        return event

    def go_on(self, t_s: float) -> None:
        """Something was done that shows that the person has not stopped."""
        self._last_s, self._asked_s = t_s, None

    def resume(self, t_s: float) -> None:
        """The person goes on after a pause, or tries again, which is not held against them."""
        self._since_s, self._asked_s = t_s, None
        self._last_s = None if self._last_s is None else t_s

    def unseen(self, lost_s: float) -> None:
        """For so long nothing was seen, which is not held against the person either."""
        self._since_s += lost_s
        self._last_s = None if self._last_s is None else self._last_s + lost_s
        self._asked_s = None if self._asked_s is None else self._asked_s + lost_s

    def idle(self, t_s: float) -> bool:
        """Whether the person has begun and then done nothing for so long that they may be in the next set."""
        return self._last_s is not None and t_s - self._last_s >= IDLE_S

    @property
    def idle_from_s(self) -> float:
        """When that will be so, infinity before the first repetition."""
        return inf if self._last_s is None else self._last_s + IDLE_S

    def doubt(self, t_s: float) -> Doubt | None:
        """What to make of it that nothing has been done up to now."""
        if self._asked_s is None and t_s - self._waited_from_s > ASK_S:
            self._asked_s = t_s
            return "ask"
        return "over" if self._asked_s is not None and t_s - self._asked_s > ANSWER_S else None

    @property
    def doubted_from_s(self) -> float:
        """When there will be something to be made of it."""
        return self._waited_from_s + ASK_S if self._asked_s is None else self._asked_s + ANSWER_S

    @property
    def _waited_from_s(self) -> float:
        return self._last_s if self._last_s is not None else self._since_s + UNBEGUN_S
