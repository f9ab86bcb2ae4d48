"""One turn of a circle as it unfolds, and what a set has gone round before its first and after its last."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from coxa.host.detect.circles.circle_path import Point, distance, length


@dataclass(slots=True)
class Turn:
    """One turn as it unfolds, from a far point of the path round to it again."""

    anchor: Point
    path: list[Point] = field(default_factory=list[Point])
    width_deg: float = 0.0
    far: Point = (0.0, 0.0, 0.0)
    begin_s: float | None = None
    """When it began, where that was before the far point."""
    end_s: float | None = None
    """When it was over, where that was before it came back there."""

    said: bool = False
    """Whether it was said as one."""

    @classmethod
    def along(cls, anchor: Point, path: list[Point]) -> Turn:
        """A turn that has come along this path."""
        turn = cls(anchor)
        for point in path:
            turn.add(point)
        return turn

    def part(self, along: list[Point], since_s: float) -> Turn:
        """A turn since then that was seen along these points and is as large as this one as a whole."""
        turn = Turn.along((since_s, *self.anchor[1:]), along)
        turn.path = self.path
        return turn

    def add(self, point: Point) -> float:
        """Take the next point; gives its distance from the anchor in degrees."""
        self.path.append(point)
        away = distance(self.anchor, point)
        if away > self.width_deg:
            self.width_deg, self.far = away, point
        return away

    def is_across(self, turn: Turn, near_share: float, alike_share: float) -> bool:
        """Whether it began where that one did, is about as wide, and lies on the other side of there."""
        widest = max(self.width_deg, turn.width_deg)
        if min(self.width_deg, turn.width_deg) < alike_share * widest:
            return False
        if distance(self.anchor, turn.anchor) > near_share * widest or self._along_deg(turn.far) > -0.5 * widest:
            return False
        backs = (min(map(t._along_deg, t.path)) / t.width_deg for t in (self, turn))
        return min(backs) > -near_share

    def _along_deg(self, point: Point) -> float:
        """How far a point lies from the anchor in the direction of the farthest."""
        x, y = self.far[1] - self.anchor[1], self.far[2] - self.anchor[2]
        return ((point[1] - self.anchor[1]) * x + (point[2] - self.anchor[2]) * y) / max(self.width_deg, 1e-9)


@dataclass(slots=True)
class Round:
    """What a set has gone round before its first turn was told and after its last, as lengths of the path in degrees.

    The direction of up winds about no point that all turns share (thin and dented paths), but it goes as far each time.
    """

    lead: list[Point]
    """The path from the rest pose to where the first turn begins."""
    closed: list[Point] = field(default_factory=list[Point])
    """The newest turn that has closed."""
    late: float = 0.0
    """By how much of a turn all are taken to begin late."""

    def before(self) -> float:
        """How much of a turn the hips had made when the first one was taken to begin."""
        return self._share(self.lead, self.lead[0])

    def after(self, path: list[Point]) -> float:
        """How much of a turn they have made since the last one, on their way back to rest."""
        return self._share(path, path[-1])

    def alone(self, turn: Turn, end_s: float) -> Turn:
        """The way from rest to rest as one turn: it is gone through from the far point on, where it is widest."""
        back = [q for q in turn.path if q[0] <= end_s]
        return Turn.along(self.lead[0], [*back, *self.lead])

    def begin_earlier(self) -> Turn:
        """The next turn where the hips had left before the first one was taken to begin: from where they did, seen
        from the end of that, so that it is whole when the person has gone round.
        """
        at = self._earlier()
        self.late, self.lead = 0.0, self.lead[:1]
        return Turn.along(self.closed[at], self.closed[at:])

    def earlier_s(self) -> float:
        """When that next turn begins, and so the first one ends."""
        return self.closed[self._earlier()][0]

    def _earlier(self) -> int:
        gone = list(accumulate(distance(a, b) for a, b in pairwise(self.closed)))
        return bisect_left(gone, (1.0 - self.late) * gone[-1])

    def _share(self, path: list[Point], end: Point) -> float:
        """Length of a path, the straight way between the turns and its end at rest left out."""
        reach = min(distance(end, q) for q in self.closed)
        return max(length(path) - reach, 0.0) / length([*self.closed, self.closed[0]])
