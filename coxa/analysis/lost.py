"""When nothing could be said about the thigh, by the events of a session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from coxa.host.events import Event, TrackingLost, TrackingResumed
from coxa.host.reasons import is_warning


@dataclass(frozen=True, slots=True)
class LostStretch:
    """A stretch without tracking, in seconds of the stream's clock."""

    start_s: float
    end_s: float
    reason: str
    """Why it was lost at first: a sensor that is faulty may fall silent, too."""


def lost_stretches(events: Iterable[Event], ended_s: float = inf) -> list[LostStretch]:
    """The stretches in order. Mere warnings of the sensor, under which counting goes on, are none.

    Args:
        events: all of a session or recording.
        ended_s: when it was over, on the same clock: a stretch from which tracking did not come back lasts until then.
    """
    found, lost = list[LostStretch](), None
    for event in events:
        if not isinstance(event, TrackingLost | TrackingResumed) or is_warning(event.reason):
            continue
        if isinstance(event, TrackingLost):
            lost = lost or event
        elif lost is not None:
            found.append(LostStretch(lost.start_s, event.start_s, lost.reason))
            lost = None
    return found if lost is None else [*found, LostStretch(lost.start_s, max(ended_s, lost.start_s), lost.reason)]
