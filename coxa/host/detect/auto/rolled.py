"""Whoever rolls over and then raises the leg lay before: what raises show of an upright that is only supposed."""

from __future__ import annotations

from collections.abc import Sequence

from coxa.host.detect.auto.candidate import Candidate
from coxa.host.detect.auto.recogniser_params import RecogniserParams
from coxa.host.detect.body.posture import Posture
from coxa.host.detect.looks.second_look import SecondLook
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.detect.trips.trip import TripDetector
from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.motion.tangent import Vector, dot, towards


class Rolled:
    """The raises on the side of somebody who was taken for standing on the back.

    The thigh was level in both poses: the way of a leg that is raised from level runs along the thigh, and that way is
    at right angles to the way in which it rolled. From standing to lying the thigh tilts along itself, so a leg that is
    raised goes on in the same plane. So the first pose was not upright: who has rolled by a quarter lies on one side.
    """

    def __init__(self, p: RecogniserParams) -> None:
        self._p = p
        self._second: SecondLook | None = None
        self.seen = False
        """Whether it has been seen, and nothing else of the posture since."""

    def update(
        self, c: Candidate, tick: Tick, rest: StillFinder, posture: Posture, said: Sequence[Event]
    ) -> list[Event]:
        """Take the next tick after the detector of the raises on the side, which `said` that; gives those that only
        the second look has seen, if it has seen enough: then nothing is taken for upright any more.
        """
        upright = posture.upright()
        if upright is not None:
            self.seen = False
        if not posture.supposed or upright is None or any(isinstance(e, RepCompleted | HoldEnded) for e in said):
            self._second = None
            return []
        if self._second is None:
            self._second = SecondLook(c.detector, posture, c.spec)
        second = self._second
        second.update(tick, rest, posture, list(said))
        told = second.told(tick.t_s)
        if len(told) < self._p.reps or not self._raised_aside(second, upright):
            return []
        posture.refute()
        c.detector, self._second, self.seen = second.detector, None, True
        return told

    def _raised_aside(self, second: SecondLook, upright: Vector) -> bool:
        """Whether the newest raise went beside the way from what is taken for upright to where it began."""
        detector = second.detector
        newest = detector.felt.newest if isinstance(detector, TripDetector) else None
        if newest is None:
            return False
        return abs(dot(newest.way(), towards(newest.rest, upright))) < self._p.aside_cos

    def gap(self, start_s: float, end_s: float) -> None:
        """Samples are missing."""
        if self._second is not None:
            self._second.gap(start_s, end_s)

    def forget(self) -> None:
        """Nothing is known any more."""
        self._second, self.seen = None, False
