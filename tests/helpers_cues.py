"""Cues of a stream, as a session makes them."""

from __future__ import annotations

from collections.abc import Iterable

from coxa.host.cues import Announcer, Cue
from coxa.host.events import Event
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import StreamItem


def announced(items: Iterable[StreamItem], plan: tuple[SetPlan, ...]) -> tuple[list[Event], list[Cue]]:
    """Events and cues of a stream, as a session makes them."""
    coach, announcer = Coach(plan), Announcer(plan)
    events, cues = list[Event](), list[Cue]()
    for new in (new for item in items for new in coach.feed_beat_by_beat(item)):
        events += new
        cues += announcer.update(coach, new)
    last = coach.finish()
    return events + last, cues + announcer.update(coach, last)
