"""Counts hip circles."""

from __future__ import annotations

from coxa.host.detect.posture import Posture
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.events import Event, Side
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.tangent import Vector


class CircleDetector:
    """One exercise of kind circle."""

    def __init__(self, spec: ExerciseSpec, side: Side | None) -> None:
        self.spec, self.side = spec, side
        self.rest: Vector | None = None
        self.reps = 0
        self.hold_s: float | None = None
        self.moving = False

    def update(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        return []

    def gap(self, start_s: float, end_s: float) -> None:
        """Samples are missing."""

    def forget(self) -> list[Event]:
        return []

    def finish(self) -> list[Event]:
        return []
