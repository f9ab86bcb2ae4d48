"""Runs a recording's stream through the tracker, as a live session would."""

from __future__ import annotations

from collections.abc import Iterable

from coxa.host.events import Event, Side
from coxa.host.samples import StreamItem
from coxa.host.tracker import Tracker


def track(
    items: Iterable[StreamItem], exercise: str, side: Side | None = None, hold_target_s: float | None = None
) -> list[Event]:
    """Every event of a stream, tracked for one exercise.

    Raises:
        SpecError: the library has no such exercise.
    """
    tracker = Tracker(exercise, side, hold_target_s)
    events = [event for item in items for event in tracker.feed(item)]
    return [*events, *tracker.finish()]
