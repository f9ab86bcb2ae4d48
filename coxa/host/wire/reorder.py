"""Packets by number, in order again: what was resent comes in between, what is gone for good is let go."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

PATIENCE_S = 3.0
"""Seconds for which a hole is kept open without any answer, on the stream's time and on the host's: what a sensor has
kept comes many times as fast as it was measured, and hundreds of packets may be on their way before an answer is."""
RETRY_S = 1.0
"""Seconds after which an unanswered hole is asked for again, on both as well."""
LONGEST_STEP_S = 1.0
"""Of the host's time, a step from one arrival to the next counts as no more: a host that stood still, or was busy, has
not waited."""
ENDS = 10
"""So often the sensor may say that it has nothing more to send before holes that it has not filled are given up: what
it no longer has it says to be gone, so only answers that got lost, one in three at most, are waited for."""
MOST_ASKED = 0xFFFF
"""Packets that one RESEND can name."""
MOST_HELD = 8192
"""Packets kept behind a hole at most, about 2 MB: a sensor that promises a larger buffer is not believed."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """When something was: how many new packets had come, and for how long the host had listened, NaN where nobody says
    when they arrived."""

    count: int = 0
    listened_s: float = math.nan

    def is_past(self, before: _Moment, count: int, seconds: float) -> bool:
        """Whether both so many packets and so many seconds lie between."""
        return self.count - before.count >= count and not self.listened_s - before.listened_s < seconds


@dataclass(slots=True)
class _Hole:
    """Packets from `first` until `end` (exclusive) that have not come."""

    first: int
    end: int
    noticed: _Moment
    asked: _Moment | None = None
    turn: int = 0
    """Which of all requests asked for it last: the sensor answers in their order."""


class Reorder(Generic[T]):
    """Gives what comes by number in the order of the numbers.

    It reads no clock: time is counted in packets that came, and in their arrival times where the caller has them, so
    that a replay of what was logged decides the same. What is asked for, and when, changes nothing in what is given.
    """

    def __init__(self, patience: int, retry: int, kept: int) -> None:
        """All in packets: how long to wait, when to ask again, how far back the sensor's buffer reaches."""
        self._patience, self._retry, self._kept = patience, retry, min(kept, MOST_HELD)
        self._held = dict[int, T]()
        self._holes = list[_Hole]()
        self._horizon: int | None = None
        """One past the newest number seen."""
        self._count, self._arrival_s, self._listened_s = 0, math.nan, 0.0
        self._answered, self._ends, self._turn = _Moment(), 0, 0

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

    def in_turn(self, number: int, n: int, arrival_s: float) -> bool:
        """Note `n` packets from `number` on where nothing is missing before them: they can be given as they are."""
        if self._holes or self._held or self._horizon not in (None, number):
            return False
        self._count += n
        self._listen(arrival_s)
        self._horizon = number + n
        return True

    def put(self, number: int, what: T, arrival_s: float = math.nan) -> list[T] | None:
        """One packet: what can be given now, in order; None where it has come before or was given up."""
        if self._horizon is None:
            self._horizon = number
        self._listen(arrival_s)
        if number >= self._horizon:
            self._count += 1
            self._open(number)
            self._horizon = number + 1
        elif not self._fill(number, number + 1):
            return None
        else:
            self._answered, self._ends = self._now(), 0
        self._held[number] = what
        self._holes = [h for h in self._holes if not self._waited(h.noticed, self._patience, PATIENCE_S)]
        out = self._ready()
        while len(self._held) > self._kept + self._patience:  # its answers are too few to ever catch up
            del self._holes[0]
            out += self._ready()
        return out

    def gone(self, first: int, count: int) -> list[T]:
        """The sensor says that these will never come; what waited for them is given."""
        if self._fill(first, first + count):
            self._answered, self._ends = self._now(), 0
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
        """First number and count of what has to be asked for now; each told once, and again where its answer was lost:
        a later request is answered already, or nothing is."""
        out = list[tuple[int, int]]()
        for hole in self._holes:
            if hole.asked is not None and not self._waited(hole.asked, self._retry + 1, RETRY_S):
                continue
            self._turn += 1
            hole.asked, hole.turn = self._now(), self._turn
            for first in range(hole.first, hole.end, MOST_ASKED):
                out.append((first, min(MOST_ASKED, hole.end - first)))
        return out

    def _waited(self, since: _Moment, count: int, seconds: float) -> bool:
        """Whether nothing missing has come for so long since."""
        now = self._now()
        return now.is_past(since, count, seconds) and now.is_past(self._answered, count, seconds)

    def _listen(self, arrival_s: float) -> None:
        """Time goes on to this arrival."""
        step_s = arrival_s - self._arrival_s
        if step_s > 0:
            self._listened_s += min(step_s, LONGEST_STEP_S)
        self._arrival_s = arrival_s

    def _now(self) -> _Moment:
        return _Moment(self._count, math.nan if math.isnan(self._arrival_s) else self._listened_s)

    def _open(self, number: int) -> None:
        """A hole up to `number`, as far as the sensor's buffer reaches back."""
        assert self._horizon is not None
        first = max(self._horizon, number - self._kept)
        if first < number:
            self._holes.append(_Hole(first, number, self._now()))

    def _fill(self, first: int, end: int) -> bool:
        """Take these numbers out of the holes; whether any of them was in one."""
        left = list[_Hole]()
        filled, turn = False, 0
        for hole in self._holes:
            if end <= hole.first or hole.end <= first:
                left.append(hole)
                continue
            filled = True
            turn = max(turn, hole.turn)
            if hole.first < first:
                left.append(_Hole(hole.first, first, hole.noticed, None, hole.turn))
            if end < hole.end:
                left.append(_Hole(end, hole.end, hole.noticed, hole.asked, hole.turn))
        for hole in left:
            if hole.turn < turn:  # its turn is over and it did not come
                hole.asked = None
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
