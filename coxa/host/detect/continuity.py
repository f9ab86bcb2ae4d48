"""What is missing of the stream, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.detect.still import Tick
from coxa.host.events import Event, TrackingLost, TrackingResumed
from coxa.host.reasons import Tracking
from coxa.host.samples import Gap


@dataclass(frozen=True, slots=True)
class ContinuityParams:
    """What a gap in the stream means."""

    lost_s: float = 0.5
    """A gap longer than this is told to the user, and what the thigh did right before it is no evidence of the posture.
    0.3 to 1 s; shorter ones a repetition survives."""
    forget_s: float = 30.0
    """After a longer gap the rest pose is taken anew: the person may have moved. 20 to 60 s."""


def lost_s(gap: Gap) -> float:
    """How much is missing, seconds."""
    return gap.end_s - gap.start_s


class Continuity:
    """Gaps that follow each other without a tick between them are one."""

    def __init__(self) -> None:
        self._p = ContinuityParams()
        self._gap: Gap | None = None

    @property
    def lost(self) -> bool:
        """Whether samples are missing and no tick has come since."""
        return self._gap is not None

    def is_long(self, gap: Gap) -> bool:
        """Whether a gap is told to the user, and parts what the thigh did before it from what comes."""
        return lost_s(gap) > self._p.lost_s

    def may_have_moved(self, gap: Gap) -> bool:
        """Whether it is so long that the person may rest elsewhere by now."""
        return lost_s(gap) > self._p.forget_s

    def lose(self, gap: Gap) -> tuple[Gap, list[Event]]:
        """Samples are missing: all that is, up to now, and what is told of it, once."""
        before = self._gap
        whole = self._gap = gap if before is None else Gap(before.start_s, gap.end_s, before.certain and gap.certain)
        told = before is not None and self.is_long(before)
        if told or not self.is_long(whole):
            return whole, []
        return whole, [TrackingLost(whole.start_s, Tracking.NO_SAMPLES, whole.end_s)]

    def resume(self, tick: Tick) -> list[Event]:
        """The next tick has come: what is told of it."""
        gap, self._gap = self._gap, None
        if gap is None or not self.is_long(gap):
            return []
        return [TrackingResumed(gap.end_s, Tracking.SAMPLES_AGAIN, tick.t_s)]
