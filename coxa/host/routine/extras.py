"""Whether what comes right after a set is one too many of it, or the next set of the same exercise begun."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.routine.plan import SetPlan
from coxa.host.routine.told import counts

AGAIN_S = 2.0
"""Between two sets of the same exercise the thigh must rest for so long, or it is still the first one."""
MOST_EXTRA = 2
"""So many may be one too many of it; whoever goes on has begun the next set, and all of them are that one's."""


class Extras:
    """Keeps back what may still belong to the set before."""

    def __init__(self) -> None:
        self.awaited = False
        """Whether what comes may be such."""
        self._before = self._now = SetPlan("")
        self._until_s = inf
        self._kept_back: list[RepCompleted | HoldEnded] = []

    def begin(self, before: SetPlan, now: SetPlan, t_s: float) -> None:
        """The set `before` was over at `t_s`, seconds of the stream; where it has no rest, `now` is on at once."""
        straight_on = before.rest_s == 0 and now.direction == before.direction
        self.awaited = now.exercise == before.exercise and not now.move_sensor and not straight_on
        self._before, self._now, self._kept_back = before, now, []
        self._until_s = t_s + before.rest_s if before.rest_s else inf

    def look(self, t_s: float, rested_s: float) -> None:
        """The thigh has rested for so long. After enough of that, or of the rest that was told, the new set is on."""
        self.awaited = self.awaited and rested_s < AGAIN_S and t_s < self._until_s

    def of_this_set(self, event: Event) -> list[Event]:
        """The event, unless it is one too many of the set before; with it those that seemed to be, if it shows that
        they were not.
        """
        if not isinstance(event, RepCompleted | HoldEnded) or not self._belongs_before(event):
            return [event]
        self._kept_back.append(event)
        same_way = self._now.direction == self._before.direction
        if not same_way or sum(map(counts, self._kept_back)) <= MOST_EXTRA:
            return []
        self.awaited = False
        return [replace(e, decided_s=event.decided_s) for e in self._kept_back]

    def _belongs_before(self, event: RepCompleted | HoldEnded) -> bool:
        """Whether it may be one too many; a circle the other way round is not."""
        if isinstance(event, RepCompleted) and event.direction == self._now.direction is not None:
            self.awaited = self.awaited and event.direction == self._before.direction
        return self.awaited
