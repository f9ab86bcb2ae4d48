"""How this person circles, and turns of whose end and beginning nothing was seen."""

from __future__ import annotations

from statistics import median

from coxa.host.detect.circles.circle_params import OwnParams
from coxa.host.detect.circles.circle_turn import Turn


class OwnTurns:
    """Size and time of the circles that were counted, until they are to be measured afresh."""

    def __init__(self, params: OwnParams) -> None:
        self._p = params
        self._roms_deg: list[float] = []
        self._took_s: list[float] = []

    def __bool__(self) -> bool:
        return bool(self._roms_deg)

    def clear(self) -> None:
        """They are to be measured afresh."""
        self._roms_deg, self._took_s = [], []

    def add(self, rom_deg: float, took_s: float) -> None:
        """A circle has been counted: its mean radius, and how long it took."""
        self._roms_deg.append(rom_deg)
        self._took_s.append(took_s)

    @property
    def usual_deg(self) -> float:
        """Median of their mean radii, 0 before the first."""
        return median(self._roms_deg) if self else 0.0

    @property
    def newest_deg(self) -> float:
        """The same of the newest."""
        return median(self._roms_deg[-self._p.newest :]) if self else 0.0

    def both(self, turn: Turn, end_s: float, gaps: list[tuple[float, float]]) -> tuple[tuple[Turn, float], ...]:
        """The two turns, each with its end, that a path makes which has come back where it began at `end_s`, if it was
        there once before, unseen: at the person's pace the first one ended, and the second one began, in the same gap.
        Empty where it is one, and where the pace is not known: the newest took another time than they usually do.
        """
        if len(self._took_s) < self._p.pace_reps:
            return ()
        own_s = median(self._took_s[-self._p.newest :])
        if abs(self._took_s[-1] - own_s) > self._p.pace_share * own_s:
            return ()
        first_s, second_s = turn.anchor[0] + own_s, end_s - own_s
        if abs(second_s - first_s) > self._p.pace_share * own_s:
            return ()
        room_s, middle_s = self._p.pace_room * own_s, (first_s + second_s) / 2.0
        gap = next(((a, b) for a, b in gaps if a - room_s < min(first_s, second_s) and middle_s < b), None)
        if gap is None or max(first_s, second_s) > gap[1] + room_s:
            return ()
        middle_s = max(middle_s, gap[0])
        first = turn.part([q for q in turn.path if q[0] < middle_s], turn.anchor[0])
        second = turn.part([q for q in turn.path if q[0] > middle_s], middle_s)
        first.begin_s = turn.begin_s
        return (first, middle_s), (second, end_s)
