"""What every detector offers, whatever it counts."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.events import Event
from coxa.host.motion.tangent import Vector
from coxa.host.reasons import Reason


class Verdict(NamedTuple):
    """Why a movement does not count."""

    reason: Reason
    measured: float
    """In the unit of `unit`."""
    needed: float
    """What would have counted, in the unit of `unit`."""
    unit: str


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
