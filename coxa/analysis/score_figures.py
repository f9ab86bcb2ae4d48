"""Adds recordings up to figures: per exercise and kind of recording, per negative, and in total."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from coxa.analysis.score_recording import RecordingScore
from coxa.host.samples import FloatArray


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one group of recordings; None where there is nothing to judge."""

    exercise: str
    kind: str
    recordings: int
    sets: int
    sets_exact: int
    sets_within_one: int
    reps_required: int
    reps_found: int
    reps_false: int
    precision: float | None
    recall: float | None
    f1: float | None
    """1 where nothing was to be counted and nothing was."""
    rom_mae_deg: float | None
    rom_bias_deg: float | None
    rom_scatter_deg: float | None
    """Mean absolute error once each recording's own median error is taken out: what a difference of definition, as of
    the rest pose, leaves."""
    rom_peak_mae_deg: float | None
    """Holds only: against the largest angle instead of the mean one held."""
    direction_accuracy: float | None
    holds_required: int
    holds_found: int
    holds_false: int
    """Of a hold exercise these are its false repetitions."""
    hold_verdict_accuracy: float | None
    """Share of the holds found that were rightly said to be kept or short, of those whose truth says so."""
    hold_error_median_s: float | None
    hold_error_p90_s: float | None
    false_outside_sets: int
    """Repetitions and holds."""
    false_per_min_outside_sets: float | None
    latency_median_s: float | None
    latency_p95_s: float | None
    true_latency_median_s: float | None
    """Against the true end of the repetition."""
    true_latency_p95_s: float | None
    later_latency_median_s: float | None
    """From the fourth repetition of a set on."""
    later_latency_p95_s: float | None
    rom_within_uncertainty: float | None
    """Share of ranges of motion whose 95 % interval, by their own uncertainty, holds the truth: 0.95 is honest."""
    auto_sets: int
    """Sets that were done again with `auto`."""
    auto_right: int
    """Of these the right exercise was known by the third repetition, or 3 s into a hold."""
    auto_wrong: int
    """So often something was taken for an exercise that was not done, in these sets and between them."""


@dataclass(frozen=True, slots=True)
class NegativeFigures:
    """False counts where nothing may be counted."""

    exercise: str
    """The exercise asked for."""
    kind: str
    recordings: int
    minutes: float
    false: int
    """Repetitions and holds; asked for `auto`, exercises recognised."""
    false_per_min: float


def figures(scores: Sequence[RecordingScore], exercise: str, kind: str) -> Figures:
    """The figures of recordings that are not negatives."""
    required, found = sum(s.required for s in scores), sum(s.found for s in scores)
    false = sum(s.false for s in scores)
    sets = [x for s in scores for x in s.sets]
    rom, peak = _all(s.rom_errors_deg for s in scores), _all(s.peak_errors_deg for s in scores)
    right, wrong = sum(s.directions_right for s in scores), sum(s.directions_wrong for s in scores)
    holds = _all(s.hold_errors_s for s in scores)
    kept, unkept = sum(s.verdicts_right for s in scores), sum(s.verdicts_wrong for s in scores)
    outside, outside_s = sum(s.false_outside for s in scores), sum(s.outside_s for s in scores)
    auto = [a for s in scores for a in s.auto]
    latency, true_latency = _all(s.latencies_s for s in scores), _all(s.true_latencies_s for s in scores)
    later, within = _all(s.later_latencies_s for s in scores), [w for s in scores for w in s.within_uncertainty]
    return Figures(
        exercise, kind, len(scores),
        len(sets), sum(s.counted == s.expected for s in sets), sum(abs(s.counted - s.expected) <= 1 for s in sets),
        required, found, false,
        _ratio(found, found + false), _ratio(found, required), f1(found, required, false),
        _mean(np.abs(rom)), _mean(rom), _mean(np.abs(_all(_about_own(s.rom_errors_deg) for s in scores))),
        _mean(np.abs(peak)),
        _ratio(right, right + wrong),
        sum(s.holds_required for s in scores), len(holds), sum(s.holds_false for s in scores),
        _ratio(kept, kept + unkept), _quantile(np.abs(holds), 50), _quantile(np.abs(holds), 90),
        outside, _ratio(outside, outside_s / 60),
        _quantile(latency, 50), _quantile(latency, 95), _quantile(true_latency, 50), _quantile(true_latency, 95),
        _quantile(later, 50), _quantile(later, 95), _ratio(sum(within), len(within)),
        len(auto), sum(a.right for a in auto), sum(s.auto_mistaken for s in scores),
    )  # fmt: skip


def negative_figures(scores: Sequence[RecordingScore], exercise: str, kind: str) -> NegativeFigures:
    """The figures of negatives."""
    minutes = sum(s.duration_s for s in scores) / 60
    false = sum(s.false_counts for s in scores)
    return NegativeFigures(exercise, kind, len(scores), minutes, false, false / minutes if minutes else 0.0)


def f1(found: int, required: int, false: int) -> float:
    """Harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found."""
    total = required + found + false
    return 2 * found / total if total else 1.0


def _about_own(errors: Sequence[float]) -> list[float]:
    """Errors about their own median."""
    return [] if not errors else (np.array(errors) - np.median(errors)).tolist()


def _all(lists: Iterable[Sequence[float]]) -> FloatArray:
    return np.array([x for part in lists for x in part], dtype=np.float64)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _mean(values: FloatArray) -> float | None:
    return float(values.mean()) if len(values) else None


def _quantile(values: FloatArray, percent: float) -> float | None:
    return float(np.percentile(values, percent)) if len(values) else None
