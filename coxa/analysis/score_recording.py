"""Judges the events of one recording against its truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from coxa.analysis.coverage import COVERAGE_95
from coxa.analysis.names import held_text
from coxa.analysis.score_auto import AutoSet, judge_auto, mistaken
from coxa.analysis.score_causes import false_cause, miss_cause
from coxa.analysis.score_match import Matching, Window, match, middle_s
from coxa.analysis.score_truth import PEAK_TOLERANCE_S, Span, TrueHold, TrueRep, Truth
from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.exercises.spec import library
from coxa.host.tracker import AUTO

OPENING_REPS = 3
"""So many repetitions of a set may have to wait for each other."""


@dataclass(frozen=True, slots=True)
class SetScore:
    """One set, or one block of repetitions."""

    label: str
    start_s: float
    end_s: float
    expected: int
    counted: int
    """Counts in it, those of repetitions that may or may not count left out."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that went wrong, and why."""

    recording: str
    exercise: str
    what: Literal["missed", "false", "direction", "hold missed", "false hold", "verdict", "auto"]
    time_s: float
    cause: str


@dataclass(slots=True)
class RecordingScore:
    """Everything that one recording, asked for one exercise, adds to the figures."""

    recording: str
    path: str
    kind: str
    exercise: str
    """The exercise asked for."""
    negative: bool
    duration_s: float
    outside_s: float
    """Time outside sets."""
    required: int
    found: int
    false: int
    false_outside: int
    tolerated: int
    sets: list[SetScore] = field(default_factory=list[SetScore])
    blocks: list[SetScore] = field(default_factory=list[SetScore])
    rom_errors_deg: list[float] = field(default_factory=list[float])
    """Counted minus true, for each repetition found; holds: against the mean angle held."""
    peak_errors_deg: list[float] = field(default_factory=list[float])
    """Holds: counted minus the largest angle of the repetition, which the wobbles are part of."""
    directions_right: int = 0
    directions_wrong: int = 0
    """A direction that was not said where there is one is wrong."""
    hold_errors_s: list[float] = field(default_factory=list[float])
    """Held time counted minus true, for each hold found."""
    holds_required: int = 0
    holds_false: int = 0
    """Holds that were not held; where a repetition is its hold these are the false repetitions."""
    verdicts_right: int = 0
    verdicts_wrong: int = 0
    """Of the holds found whose truth says so: whether they were said to be kept, or short, as they were."""
    latencies_s: list[float] = field(default_factory=list[float])
    """Decided minus end, as the event states them."""
    true_latencies_s: list[float] = field(default_factory=list[float])
    """Decided minus the true end of the repetition."""
    later_latencies_s: list[float] = field(default_factory=list[float])
    """As `latencies_s`, from the fourth of a set on: the first may wait for the posture, or for others like them."""
    within_uncertainty: list[bool] = field(default_factory=list[bool])
    """Whether the truth lies in the 95 % interval of each range of motion, by its own uncertainty."""
    auto: list[AutoSet] = field(default_factory=list[AutoSet])
    """The sets again, done with `auto`."""
    auto_mistaken: int = 0
    """How often `auto` took something in this recording for an exercise that was not done."""
    failures: list[Failure] = field(default_factory=list[Failure])

    @property
    def false_counts(self) -> int:
        """Everything counted that was not done: a bridge gives a repetition and a hold, both may be false."""
        return self.false if _counts_holds(self.exercise) else self.false + self.holds_false


@dataclass(frozen=True, slots=True)
class Count:
    """One counted repetition or, in exercises of kind hold, one hold."""

    peak_s: float
    event: RepCompleted | HoldEnded


def counts_of(events: Sequence[Event], exercise: str) -> list[Count]:
    """What an exercise's events count: holds (found by their middle) where the exercise is a hold, else repetitions."""
    if _counts_holds(exercise):
        return [Count(middle_s(e), e) for e in events if isinstance(e, HoldEnded)]
    return [Count(e.peak_s, e) for e in events if isinstance(e, RepCompleted)]


def judge(
    name: str, path: str, truth: Truth, exercise: str, events: Sequence[Event], span_s: tuple[float, float]
) -> RecordingScore:
    """The score of one recording that was asked for `exercise`, lasting `span_s` (first and last sample)."""
    counts = counts_of(events, exercise)
    if truth.blocks and not truth.reps:
        return _judge_blocks(name, path, truth, exercise, events, span_s)
    matching = match([c.peak_s for c in counts], [Window(r.found_from_s, r.found_to_s, r.duty) for r in truth.reps])
    false_s = [counts[p].peak_s for p in matching.false]
    duration_s = span_s[1] - span_s[0]
    score = RecordingScore(
        recording=name, path=path, kind=truth.kind, exercise=exercise, negative=truth.negative, duration_s=duration_s,
        outside_s=_outside_s(truth.sets, span_s) if truth.sets or truth.negative else 0.0,
        required=sum(r.duty == "must" for r in truth.reps), found=len(matching.found), false=len(false_s),
        false_outside=sum(_outside(t, truth) for t in false_s), tolerated=len(matching.tolerated),
    )  # fmt: skip
    score.sets.extend(_sets(truth, counts, matching, span_s))
    score.blocks.extend(_blocks(truth, counts))
    _judge_found(score, truth, counts, matching)
    _judge_holds(score, truth, events)
    for window in matching.missed:
        rep = truth.reps[window]
        middle_s = (rep.start_s + rep.end_s) / 2
        score.failures.append(Failure(name, exercise, "missed", middle_s, miss_cause(rep, events)))
    score.failures.extend(Failure(name, exercise, "false", t, false_cause(t, truth)) for t in false_s)
    return score


def judge_with_auto(score: RecordingScore, truth: Truth, events: Sequence[Event]) -> None:
    """Add what the same recording gave with `auto`, where an exercise was done."""
    score.auto.extend(judge_auto(truth, events))
    for one in score.auto:
        if not one.right:
            cause = f"{one.said or 'unknown'} {one.deadline_s - one.start_s:.1f} s into the set"
            score.failures.append(Failure(score.recording, score.exercise, "auto", one.start_s, cause))
    for event in mistaken(truth, events):
        score.auto_mistaken += 1
        cause = f"taken for {event.exercise}: {false_cause(event.start_s, truth)}"
        score.failures.append(Failure(score.recording, score.exercise, "auto", event.start_s, cause))


def judge_auto_negative(
    name: str, path: str, truth: Truth, events: Sequence[Event], span_s: tuple[float, float]
) -> RecordingScore:
    """The score of a recording in which nothing may be recognised: each recognition is a false count."""
    false, duration_s = mistaken(truth, events), span_s[1] - span_s[0]
    score = RecordingScore(
        recording=name, path=path, kind=truth.kind, exercise=AUTO, negative=True, duration_s=duration_s,
        outside_s=duration_s, required=0, found=0, false=len(false), false_outside=len(false), tolerated=0,
    )  # fmt: skip
    for event in false:
        cause = f"taken for {event.exercise}: {false_cause(event.start_s, truth)}"
        score.failures.append(Failure(name, AUTO, "false", event.start_s, cause))
    return score


def _outside(time_s: float, truth: Truth) -> bool:
    if not truth.sets and not truth.negative:
        return False
    return not any(s.start_s - PEAK_TOLERANCE_S <= time_s <= s.end_s + PEAK_TOLERANCE_S for s in truth.sets)


def _sets(truth: Truth, counts: Sequence[Count], matching: Matching, span_s: tuple[float, float]) -> list[SetScore]:
    """Every set in which something must be counted; without set windows the whole recording, or its blocks."""
    if truth.negative:
        return []
    spans = [(s.label, s.start_s, s.end_s) for s in truth.sets]
    spans = spans or [(b.kind, b.start_s, b.end_s) for b in truth.blocks] or [("recording", *span_s)]
    counted = [counts[p].peak_s for p in (*(p for p, _ in matching.found), *matching.false)]
    out = list[SetScore]()
    for label, start_s, end_s in spans:
        expected = sum(r.duty == "must" and start_s <= (r.start_s + r.end_s) / 2 < end_s for r in truth.reps)
        inside = sum(start_s - PEAK_TOLERANCE_S <= t <= end_s + PEAK_TOLERANCE_S for t in counted)
        if expected:
            out.append(SetScore(label, start_s, end_s, expected, inside))
    return out


def _blocks(truth: Truth, counts: Sequence[Count]) -> list[SetScore]:
    return [
        SetScore(
            b.kind, b.start_s, b.end_s, b.reps,
            sum(b.start_s - PEAK_TOLERANCE_S <= c.peak_s <= b.end_s + PEAK_TOLERANCE_S for c in counts),
        )
        for b in truth.blocks
    ]  # fmt: skip


def _judge_found(score: RecordingScore, truth: Truth, counts: Sequence[Count], matching: Matching) -> None:
    for peak, window in matching.found:
        event, rep = counts[peak].event, truth.reps[window]
        score.latencies_s.append(event.decided_s - event.end_s)
        score.true_latencies_s.append(event.decided_s - rep.end_s)
        if isinstance(event, RepCompleted) and event.index > OPENING_REPS:
            score.later_latencies_s.append(event.decided_s - event.end_s)
        if rep.rom_deg is not None:
            errors = score.peak_errors_deg if isinstance(event, HoldEnded) else score.rom_errors_deg
            errors.append(event.rom_deg - rep.rom_deg)
            if event.rom_sd_deg is not None and not isinstance(event, HoldEnded):
                score.within_uncertainty.append(abs(event.rom_deg - rep.rom_deg) < COVERAGE_95 * event.rom_sd_deg)
        if isinstance(event, RepCompleted) and rep.direction is not None:
            _judge_direction(score, event, rep)


def _judge_direction(score: RecordingScore, event: RepCompleted, rep: TrueRep) -> None:
    if event.direction == rep.direction:
        score.directions_right += 1
        return
    score.directions_wrong += 1
    cause = f"said {event.direction or 'none'}, was {rep.direction}"
    score.failures.append(Failure(score.recording, score.exercise, "direction", rep.start_s, cause))


def _judge_holds(score: RecordingScore, truth: Truth, events: Sequence[Event]) -> None:
    ended = [e for e in events if isinstance(e, HoldEnded)]
    holds = truth.holds
    matching = match([middle_s(e) for e in ended], [Window(h.start_s, h.end_s, h.duty) for h in holds])
    score.holds_required = sum(h.duty == "must" for h in holds)
    is_repetition = _counts_holds(score.exercise)
    for at, hold in ((ended[e], holds[h]) for e, h in matching.found):
        score.hold_errors_s.append(at.held_s - hold.held_s)
        _judge_verdict(score, at, hold)
        if hold.held_deg is not None and is_repetition:
            score.rom_errors_deg.append(at.rom_deg - hold.held_deg)
            if at.rom_sd_deg is not None:
                score.within_uncertainty.append(abs(at.rom_deg - hold.held_deg) < COVERAGE_95 * at.rom_sd_deg)
    if is_repetition:  # missed and false ones are told as such
        score.holds_false = score.false
        return
    for hold in (holds[h] for h in matching.missed):
        cause = f"{hold.held_s:.1f} s '{hold.kind}' hold not seen"
        score.failures.append(Failure(score.recording, score.exercise, "hold missed", hold.start_s, cause))
    _judge_false_holds(score, truth, [ended[e] for e in matching.false])


def _judge_false_holds(score: RecordingScore, truth: Truth, unfound: Sequence[HoldEnded]) -> None:
    """Holds that found no true one; where the truth tells of no holds, each repetition may have one."""
    if not truth.holds:
        reps = [Window(r.start_s, r.end_s, "never" if r.duty == "never" else "may") for r in truth.reps]
        blocks = [Window(b.start_s, b.end_s, "may") for b in truth.blocks for _ in range(b.reps)]
        unfound = [unfound[e] for e in match([middle_s(e) for e in unfound], reps or blocks).false]
    for event in unfound:
        score.holds_false += 1
        score.false_outside += _outside(middle_s(event), truth)
        cause = f"{event.held_s:.1f} s, {false_cause(middle_s(event), truth)}"
        score.failures.append(Failure(score.recording, score.exercise, "false hold", event.start_s, cause))


def _judge_verdict(score: RecordingScore, event: HoldEnded, hold: TrueHold) -> None:
    """Whether kept or short was said rightly, where the truth says it of the time that was asked for."""
    if hold.verified is None or hold.target_s not in (None, event.target_s):
        return
    if event.verified == hold.verified:
        score.verdicts_right += 1
        return
    score.verdicts_wrong += 1
    said, was = ("kept" if kept else "short" for kept in (event.verified, hold.verified))
    counted, true = held_text(event.held_s, 1), held_text(hold.held_s, 1)
    cause = f"said {said} after {counted} s, was {was} with {true} s of {event.target_s:g}"
    score.failures.append(Failure(score.recording, score.exercise, "verdict", hold.start_s, cause))


def _counts_holds(exercise: str) -> bool:
    """Whether a repetition of the exercise is its hold."""
    spec = library().get(exercise)
    return spec is not None and spec.kind == "hold"


def _outside_s(sets: Sequence[Span | SetScore], span_s: tuple[float, float]) -> float:
    """How long of the recording nothing was to be counted; a set may go on where the recording was cut."""
    first_s, last_s = span_s
    within_s = (min(s.end_s, last_s) - max(s.start_s, first_s) for s in sets)
    return last_s - first_s - sum(max(s, 0.0) for s in within_s)


def _judge_blocks(
    name: str, path: str, truth: Truth, exercise: str, events: Sequence[Event], span_s: tuple[float, float]
) -> RecordingScore:
    """Where only the number of repetitions per block is known, a block's first `reps` counts are right."""
    counts = counts_of(events, exercise)
    blocks = _blocks(truth, counts)
    found = sum(min(b.counted, b.expected) for b in blocks)
    score = RecordingScore(
        recording=name, path=path, kind=truth.kind, exercise=exercise, negative=False,
        duration_s=span_s[1] - span_s[0], outside_s=_outside_s(blocks, span_s),
        required=sum(b.expected for b in blocks), found=found, false=len(counts) - found,
        false_outside=len(counts) - sum(b.counted for b in blocks), tolerated=0, sets=blocks, blocks=blocks,
        latencies_s=[c.event.decided_s - c.event.end_s for c in counts],
        later_latencies_s=[
            c.event.decided_s - c.event.end_s
            for c in counts
            if isinstance(c.event, RepCompleted) and c.event.index > OPENING_REPS
        ],
    )  # fmt: skip
    for block in blocks:
        if block.counted != block.expected:
            what = "missed" if block.counted < block.expected else "false"
            cause = f"{block.counted} of {block.expected} in block '{block.label}'"
            score.failures.append(Failure(name, exercise, what, block.start_s, cause))
    _judge_holds(score, truth, events)
    return score
