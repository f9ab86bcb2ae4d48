"""Whether a turn of the hips that has closed is a circle: how far, how long, how round, and how much of it was seen."""

from __future__ import annotations

from coxa.host.detect.circles.circle_params import CircleParams
from coxa.host.detect.circles.circle_path import Point, enclosed_share
from coxa.host.detect.circles.circle_turn import Turn
from coxa.host.detect.circles.own_turns import OwnTurns
from coxa.host.detect.detector import Verdict
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.reasons import Reason
from coxa.host.samples import Gap


class TurnJudge:
    """Knows the person's own circles, and when samples were lost."""

    def __init__(self, spec: ExerciseSpec, params: CircleParams) -> None:
        self._spec, self._p = spec, params
        self.own = OwnTurns(params.own)
        """The newest circles of the set."""
        self._gaps: list[Gap] = []
        """The newest stretches without samples."""

    def gap(self, gap: Gap) -> None:
        """Samples are missing; what is older than any turn takes is forgotten."""
        newer_s = gap.start_s - self._spec.max_rep_s
        self._gaps = [*(one for one in self._gaps if one.end_s > newer_s), gap]

    def gaps_between(self, start_s: float, end_s: float, *, certain: bool = False) -> list[tuple[float, float]]:
        """Starts and ends, in seconds, of what is missing between these moments; where `certain`, of that only in
        which time has passed.
        """
        overlap = [gap for gap in self._gaps if gap.end_s > start_s and gap.start_s < end_s]
        return [(gap.start_s, gap.end_s) for gap in overlap if gap.certain or not certain]

    def both(self, turn: Turn, end_s: float) -> tuple[tuple[Turn, float], ...]:
        """The two turns, each with its end, that one which has closed at `end_s` is; empty where it is one."""
        return self.own.both(turn, end_s, self.gaps_between(turn.anchor[0], end_s, certain=True))

    def lost_s(self, start_s: float, end_s: float) -> float:
        """Time without samples between these moments, whatever was known of the turn when they went missing."""
        lost = self.gaps_between(start_s, end_s)
        return sum(min(until_s, end_s) - max(since_s, start_s) for since_s, until_s in lost)

    def takes_too_long(self, turn: Turn, t_s: float) -> bool:
        """Whether the turn has gone on for longer than a circle takes; time that was not seen counts from the first
        circle on.
        """
        took_s, most_s = t_s - turn.anchor[0], self._spec.max_rep_s
        return took_s > most_s and not (self.own and took_s - self.lost_s(turn.anchor[0], t_s) <= most_s)

    def needed_deg(self) -> float:
        """How far the next circle must lean, degrees."""
        return max(self._spec.start[0].min_rom_deg, self._spec.relative_rom * self.own.newest_deg)

    def too_narrow(self, turn: Turn) -> bool:
        """Whether a turn that a rest has ended is too small to be half of a circle."""
        half_set_deg = self._p.half_set_times * self.own.usual_deg
        return turn.width_deg < max(self._p.half_times * self.needed_deg(), half_set_deg)

    def wrong(self, turn: Turn, rom_deg: float, lasted_s: float) -> Verdict | None:
        """Why a turn is no circle; None where it is."""
        needed_deg, seen_share = self.needed_deg(), 1 - self._p.max_lost_share
        if rom_deg < needed_deg:
            return Verdict(Reason.TOO_SMALL, rom_deg, needed_deg, "deg")
        if lasted_s < self._spec.min_rep_s:
            return Verdict(Reason.TOO_FAST, lasted_s, self._spec.min_rep_s, "s")
        if lasted_s > self._spec.max_rep_s:
            return Verdict(Reason.TOO_LONG, lasted_s, self._spec.max_rep_s, "s")
        lost_s = self.lost_s(turn.anchor[0], turn.anchor[0] + lasted_s)
        if lost_s > self._p.max_lost_share * lasted_s:
            return Verdict(Reason.NOT_MEASURED, 1 - lost_s / lasted_s, seen_share, "share of samples")
        return None

    def cut_short(self, turn: Turn, before: list[Point]) -> Verdict | None:
        """Whether, in a set, the hips came straight back from half way round: that encloses too little beside the turn
        that went along the path `before`.
        """
        shares = [abs(enclosed_share(path)) for path in (before, turn.path) if path]
        if len(shares) < 2 or shares[0] < self._p.opening.wide_share:
            return None
        share, needed = shares[1] / shares[0], self._p.cut_share
        return None if share > needed else Verdict(Reason.HALF_CIRCLE, share, needed, "share of the turn before")
