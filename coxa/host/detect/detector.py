"""The interface of detectors: shown one tick after the other, they give the events that each tick decides.

`Detector` is what `Tracker` talks to, be it one exercise (`looks.TwoLooks`) or whichever is done (`auto.Recogniser`).
`OneDetector` is what those two stand on: the trips or the circles of one exercise.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.events import Event
from coxa.host.motion.tangent import Vector
from coxa.host.reasons import Reason
from coxa.host.samples import Gap


class Verdict(NamedTuple):
    """Why a movement does not count: what was measured, and what would have been needed ("18 of 25 degrees")."""

    reason: Reason
    measured: float
    """Both are in `unit`."""
    needed: float
    """The least, or for a limit the most, that would have counted."""
    unit: str
    """As people read it: "deg", "s", "m/s2", "share of samples"."""


class Detector(Protocol):
    """What may be asked at any time, for the live view, and how a detector is fed."""

    @property
    def rest(self) -> Vector | None:
        """The rest pose: direction of up in the sensor's frame, None while it is not known."""
        ...

    @property
    def reps(self) -> int:
        """Repetitions of the set so far."""
        ...

    @property
    def hold_s(self) -> float | None:
        """For how long the running hold has been held, None while nothing is."""
        ...

    @property
    def needed_deg(self) -> float | None:
        """How far from the rest pose the next repetition must go; None where that is not what is asked of it."""
        ...

    @property
    def band_deg(self) -> tuple[float, float] | None:
        """Between which angles against the rest pose the running hold must stay, None while nothing is held."""
        ...

    @property
    def moving(self) -> bool:
        """Whether the thigh is away from its rest pose."""
        ...

    @property
    def refused(self) -> Verdict | None:
        """Why the newest hold did not count, None where it did or may yet."""
        ...

    def update(self, tick: Tick, rest: StillFinder, posture: Posture) -> list[Event]:
        """Take the next tick, which `rest` and `posture` have already taken; gives the events that it decides."""
        ...

    def gap(self, gap: Gap) -> None:
        """Samples of that time are missing."""
        ...

    def forget(self) -> list[Event]:
        """What was going on cannot be followed any further, as after a long gap; gives what was still to be said."""
        ...

    def finish(self) -> list[Event]:
        """The stream or the set is over; gives what was still to be said, as the end of a hold that was on."""
        ...


class OneDetector(Detector, Protocol):
    """What a detector of one exercise offers beside that, for whoever weighs it against others."""

    @property
    def rose_m(self) -> float | None:
        """How far the sensor rose on the newest ways out that were counted, None where that was not seen."""
        ...

    @property
    def deciding(self) -> bool:
        """Whether a movement that is over waits to be counted, so that each tick has to be shown."""
        ...

    def everyday(self, posture: Posture, /) -> bool:
        """Whether the pose that is held may as well be one of sitting, lying or standing about."""
        ...
