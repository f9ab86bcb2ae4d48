"""Taps are found in the stream itself, ahead of the beats that tracking sees: each waits until they have reached it."""

from __future__ import annotations

from collections import deque
from math import inf

from coxa.host.detect.taps import TapFinder, TapItem
from coxa.host.samples import StreamItem


class TapsAhead:
    """Shown each item of the stream, it gives every tap at its time."""

    def __init__(self) -> None:
        self._finder = TapFinder()
        self._found: deque[TapItem] = deque()

    def look(self, item: StreamItem) -> None:
        """The next item of the stream."""
        self._found += self._finder.update(item)

    def due(self, t_s: float) -> list[TapItem]:
        """Those decided by now that have not been given, oldest first; seconds of the stream's clock."""
        due = list[TapItem]()
        while self._found and self._found[0].decided_s <= t_s:
            due.append(self._found.popleft())
        return due

    @property
    def hears(self) -> bool:
        """Whether taps can be felt in this stream."""
        return self._finder.hears

    @property
    def next_s(self) -> float:
        """When the next one is due, infinity where none is found yet."""
        return self._found[0].decided_s if self._found else inf
