"""Runs a recording's stream through the tracker, as a live session would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coxa.host.detect.still import Ticks
from coxa.host.events import Event, Side
from coxa.host.samples import Gap, SampleBlock, StreamItem, joined
from coxa.host.tracker import AUTO, Tracker

LARGE_SAMPLES = 5000
"""Blocks are joined up to this size before tracking: 50 s at 100 Hz. From 4,000 to 7,500 all take as long; what each
block costs makes smaller ones slower, and what larger ones hold lives on into the collector's older generations."""


def larger(items: Iterable[StreamItem]) -> Iterator[StreamItem]:
    """The same stream in larger blocks, which changes no event and saves most of the cost of small ones."""
    waiting, count = list[SampleBlock](), 0
    for item in items:
        if isinstance(item, SampleBlock):
            waiting.append(item)
            count += len(item)
        if waiting and (count >= LARGE_SAMPLES or not isinstance(item, SampleBlock)):
            yield joined(waiting)
            waiting, count = [], 0
        if not isinstance(item, SampleBlock):
            yield item
    if waiting:
        yield joined(waiting)


def track(items: Iterable[StreamItem], exercise: str, side: Side | None = None) -> list[Event]:
    """Every event of a stream, tracked for one exercise.

    Raises:
        SpecError: the library has no such exercise.
    """
    tracker = Tracker(exercise, side)
    events = [event for item in larger(items) for event in tracker.feed(item)]
    return [*events, *tracker.finish()]


def beats_of(items: Iterable[StreamItem]) -> list[Ticks | Gap]:
    """What the detectors see of a stream: the same whatever is asked for, so that many may be asked for at once."""
    tracker = Tracker(AUTO)
    return [beat for item in larger(items) for beat in tracker.beats(item)] + tracker.last_beats()


def track_beats(beats: Iterable[Ticks | Gap], exercise: str, side: Side | None = None) -> list[Event]:
    """The events that `track` gives, from the stream's beats.

    Raises:
        SpecError: the library has no such exercise.
    """
    tracker = Tracker(exercise, side)
    return [event for beat in beats for event in tracker.take(beat)] + tracker.finish()
