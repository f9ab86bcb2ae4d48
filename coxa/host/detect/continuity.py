"""What is missing of the stream, and what is told of it."""

from __future__ import annotations

from coxa.host.detect.still import Tick
from coxa.host.events import Event, TrackingLost, TrackingResumed
from coxa.host.samples import Gap

LOST_S = 0.5
"""A gap longer than this is told to the user, and what the thigh did right before it is no evidence of the posture."""
FORGET_S = 30.0
"""After a longer gap the rest pose is taken anew: the person may have moved."""


def lost_s(gap: Gap) -> float:
    """How much is missing, seconds."""
    return gap.end_s - gap.start_s


class Continuity:
    """Gaps that follow each other without a tick between them are one."""

    def __init__(self) -> None:
        self._gap: Gap | None = None

    @property
    def lost(self) -> bool:
        """Whether samples are missing and no tick has come since."""
        return self._gap is not None

    def lose(self, gap: Gap) -> list[Event]:
        """Samples are missing: what is told of it."""
        self._gap = gap if self._gap is None else Gap(self._gap.start_s, gap.end_s)
        return [TrackingLost(gap.start_s, "no samples", gap.end_s)] if lost_s(gap) > LOST_S else []

    def resume(self, tick: Tick) -> list[Event]:
        """The next tick has come: what is told of it."""
        gap, self._gap = self._gap, None
        if gap is None or lost_s(gap) <= LOST_S:
            return []
        return [TrackingResumed(gap.end_s, "samples again", tick.t_s)]
