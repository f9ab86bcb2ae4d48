"""Whoever circles the hips stands: what the circles show of an upright that is only supposed."""

from __future__ import annotations

from collections.abc import Sequence

from coxa.host.detect.auto.candidate import Candidate
from coxa.host.detect.body.posture import Posture
from coxa.host.detect.looks.second_look import SecondLook
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.events import Event, RepCompleted
from coxa.host.samples import Gap


class AfterAll:
    """The circles while upright is only supposed, and a second look at them, for which that is a chair or the mat.

    Three circles that wind are no other exercise in any posture, and nobody does them sitting or lying. So `auto` can
    tell them without knowing the posture, and learn the posture from them.
    """

    def __init__(self, least: int) -> None:
        self._least = least
        """So many circles that wind are believed."""
        self._second: SecondLook | None = None

    def update(
        self, c: Candidate, tick: Tick, rest: StillFinder, posture: Posture, said: Sequence[Event]
    ) -> list[Event]:
        """Take the next tick after the detector of the circles, which `said` that. Where it has seen them, upright is
        for sure; where only the second look has, nothing is taken for it any more, and they are told.
        """
        if not posture.supposed:
            self._second = None
            return []
        if _winding(said) and c.detector.reps >= self._least:
            posture.confirm()
            return []
        if self._second is None:
            self._second = SecondLook(c.detector, posture, c.spec)
        second = self._second
        second.update(tick, rest, posture, list(said))
        told = second.told(tick.t_s) if second.convinces(c.detector) else []
        if _winding(told) < self._least:
            return []
        posture.refute()
        c.detector, self._second = second.detector, None
        return told

    def gap(self, gap: Gap) -> None:
        """Samples are missing."""
        if self._second is not None:
            self._second.gap(gap)

    def forget(self) -> None:
        """Nothing is known any more."""
        self._second = None


def _winding(said: Sequence[Event]) -> int:
    """How many circles wind round."""
    return sum(isinstance(e, RepCompleted) and e.direction is not None for e in said)
