"""Packets by number, in order again: what was resent comes in between, what is gone for good is let go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

PATIENCE_S = 3.0
"""Seconds of stream for which a hole is kept open without any answer."""
RETRY_S = 1.0
"""Seconds of stream after which an unanswered hole is asked for again."""
ENDS = 3
"""So often the sensor may say that it has nothing more to send before holes that it has not filled are given up."""
MOST_ASKED = 0xFFFF
"""Packets that one RESEND can name."""
MOST_HELD = 8192
"""Packets kept behind a hole at most, about 2 MB: a sensor that promises a larger buffer is not believed."""


@dataclass(slots=True)
class _Hole:
    """Packets from `first` until `end` (exclusive) that have not come."""

    first: int
    end: int
    noticed: int
    """`Reorder._count` when it was found."""
    asked: int | None = None


class Reorder(Generic[T]):
    """Gives what comes by number in the order of the numbers.

    Time is counted in packets that came, never by a clock, so that a replay of the same bytes decides the same. What
    is asked for, and when, changes nothing in what is given.
    """

    def __init__(self, patience: int, retry: int, kept: int) -> None:
        """All in packets: how long to wait, when to ask again, how far back the sensor's buffer reaches."""
        self._patience, self._retry, self._kept = patience, retry, min(kept, MOST_HELD)
        self._held = dict[int, T]()
        self._holes = list[_Hole]()
        self._horizon: int | None = None
        """One past the newest number seen."""
        self._count = self._answered = self._ends = 0

    @property
    def next(self) -> int | None:
        """The first number that has not been given, None before any came."""
        return self._holes[0].first if self._holes else self._horizon

    def is_late(self, number: int) -> bool:
        """Whether later ones have come before it."""
        return self._horizon is not None and number < self._horizon

    @property
    def waiting(self) -> bool:
        """Whether packets are missing that may still come."""
        return bool(self._holes)

    def in_turn(self, number: int, n: int) -> bool:
        """Note `n` packets from `number` on where nothing is missing before them: they can be given as they are."""
        if self._holes or self._held or self._horizon not in (None, number):
            return False
        self._count += n
        self._horizon = number + n
        return True

    def put(self, number: int, what: T) -> list[T] | None:
        """One packet: what can be given now, in order; None where it has come before or was given up."""
        if self._horizon is None:
            self._horizon = number
        if number >= self._horizon:
            self._count += 1
            self._open(number)
            self._horizon = number + 1
        elif not self._fill(number, number + 1):
            return None
        else:
            self._answered, self._ends = self._count, 0
        self._held[number] = what
        answered = self._answered
        self._holes = [h for h in self._holes if self._count - max(h.noticed, answered) < self._patience]
        out = self._ready()
        while len(self._held) > self._kept + self._patience:  # its answers are too few to ever catch up
            del self._holes[0]
            out += self._ready()
        return out

    def gone(self, first: int, count: int) -> list[T]:
        """The sensor says that these will never come; what waited for them is given."""
        if self._fill(first, first + count):
            self._answered, self._ends = self._count, 0
        return self._ready()

    def end(self, number: int) -> list[T]:
        """The sensor has sent everything before `number`: what is missing may be asked for again."""
        if self._horizon is not None and number > self._horizon:
            self._open(number)
            self._horizon = number
        for hole in self._holes:
            hole.asked = None
        self._ends += 1
        return self.flush() if self._ends >= ENDS else self._ready()

    def flush(self) -> list[T]:
        """Nothing missing is waited for any more."""
        self._holes.clear()
        return self._ready()

    def missing(self) -> list[tuple[int, int]]:
        """First number and count of what has to be asked for now; each told once, and again where no answer came."""
        out = list[tuple[int, int]]()
        for hole in self._holes:
            if hole.asked is not None and self._count - max(hole.asked, self._answered) <= self._retry:
                continue
            hole.asked = self._count
            for first in range(hole.first, hole.end, MOST_ASKED):
                out.append((first, min(MOST_ASKED, hole.end - first)))
        return out

    def _open(self, number: int) -> None:
        """A hole up to `number`, as far as the sensor's buffer reaches back."""
        assert self._horizon is not None
        first = max(self._horizon, number - self._kept)
        if first < number:
            self._holes.append(_Hole(first, number, self._count))

    def _fill(self, first: int, end: int) -> bool:
        """Take these numbers out of the holes; whether any of them was in one."""
        left = list[_Hole]()
        filled = False
        for hole in self._holes:
            if end <= hole.first or hole.end <= first:
                left.append(hole)
                continue
            filled = True
            if hole.first < first:
                left.append(_Hole(hole.first, first, hole.noticed, hole.asked))
            if end < hole.end:
                left.append(_Hole(end, hole.end, hole.noticed, hole.asked))
        self._holes = left
        return filled

    def _ready(self) -> list[T]:
        """Everything before the first hole, in order."""
        limit = self._holes[0].first if self._holes else self._horizon
        if limit is None:
            return []
        if not self._holes:
            out, self._held = [self._held[k] for k in sorted(self._held)], dict[int, T]()
            return out
        numbers = sorted(number for number in self._held if number < limit)
        return [self._held.pop(number) for number in numbers]
