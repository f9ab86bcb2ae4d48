"""Why a repetition was missed, and what a false count was: one line each, for the list of failures."""

from __future__ import annotations

from collections.abc import Sequence

from coxa.analysis.lost import lost_stretches
from coxa.analysis.score_truth import Span, TrueRep, Truth
from coxa.host.events import Event, HoldEnded, RepCompleted, RepRejected


def miss_cause(rep: TrueRep, events: Sequence[Event]) -> str:
    """What the tracker said about the stretch of a missed repetition."""
    rejections = [e for e in events if isinstance(e, RepRejected) and _overlap_s(rep, e.start_s, e.end_s) > 0]
    if rejections:
        best = max(rejections, key=lambda e: _overlap_s(rep, e.start_s, e.end_s))
        return f"rejected: {best.reason} ({best.measured:.4g} of {best.needed:.4g} {best.unit})"
    holds = [e for e in events if isinstance(e, HoldEnded) and _overlap_s(rep, e.start_s, e.end_s) > 0]
    if holds:
        return f"a hold {holds[0].start_s:.1f} to {holds[0].end_s:.1f} s lies there"
    counted = [e for e in events if isinstance(e, RepCompleted) and _overlap_s(rep, e.start_s, e.end_s) > 0]
    if counted:
        return f"a repetition with its peak at {counted[0].peak_s:.1f} s overlaps, joined or shifted"
    if any(_overlap_s(rep, lost.start_s, lost.end_s) > 0 for lost in lost_stretches(events)):
        return "tracking was lost"
    return "nothing was seen"


def false_cause(time_s: float, truth: Truth) -> str:
    """What truly happened at the time of a false count."""
    for rep in truth.reps:
        if rep.start_s <= time_s < rep.end_s and rep.duty == "never":
            return f"during an {rep.kind} repetition"
    for rep in truth.reps:
        if rep.found_from_s <= time_s <= rep.found_to_s:
            return f"a {rep.kind} repetition counted twice"
        if rep.start_s <= time_s < rep.end_s:
            return f"inside a {rep.kind} repetition, away from its top"
    activity = activity_at(time_s, truth.activities)
    return f"during '{activity}'" if activity else "no activity known"


def activity_at(time_s: float, activities: Sequence[Span]) -> str | None:
    """The label of the shortest activity at a time."""
    there = [a for a in activities if a.start_s <= time_s < a.end_s]
    return min(there, key=lambda a: a.end_s - a.start_s).label if there else None


def _overlap_s(rep: TrueRep, start_s: float, end_s: float) -> float:
    return min(rep.end_s, end_s) - max(rep.start_s, start_s)
