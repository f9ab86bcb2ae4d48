"""Has one person's series really changed? A robust course, its own noise, and two rules that must both agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import scipy  # its statistics load when they are first used, and take half a second

from coxa.host.samples import FloatArray

Verdict: TypeAlias = Literal["too few", "no real change", "real change"]

MIN_SESSIONS = 10
"""With fewer a person's own noise is known worse than to a quarter, and chance too often looks like growth."""
MIN_DAYS = 14.0
"""A shorter time has good and bad days, no trend."""
ALPHA = 0.05
"""Of intervals: they hold the true value in 95 of 100 cases."""
TREND_ALPHA = 0.01
"""Strict, because people look every week: with 0.05, one flat year in 18 would show a change at some look."""
LEAST_CORRELATION = 0.3
"""Neighbouring sessions are never taken to be more independent than this: few sessions cannot show it."""
MOST_CORRELATION = 0.8
"""Nor more alike: a trend itself makes neighbours alike."""
COURSES: dict[str, float] = {
    "straight": 0.0,
    "early": 4.0,
    "earlier": 8.0,
    "earliest": 16.0,
    "late": -4.0,
    "later": -8.0,
    "latest": -16.0,
}
"""Shapes of growth: e-folds within the whole time; positive: fast first, then level; negative: the reverse."""
OUTLIER_SIGMAS = 3.0
"""What lies further off the line, in robust standard deviations, counts as no further: one wild session must not hide a
change."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A robust monotone line through a series: Theil-Sen (Sen 1968) over time as it is or bent (`COURSES`)."""

    shape: str
    level: float
    """Value at the first measurement."""
    rise: float
    """Change over the whole time, in the unit of the series."""
    t_days: FloatArray
    """Times of the measurements (n,), days."""
    residuals: FloatArray
    """Measurement minus line (n,)."""
    sem: float
    """Standard error of one measurement: spread about the line, so that growth does not inflate it."""
    correlation: float
    """Lag-1 correlation of the residuals, corrected for few sessions and within the limits above."""

    def at(self, t_days: FloatArray) -> FloatArray:
        """The line (m,) at some times (m,)."""
        return self.level + self.rise * _bent(t_days, self.t_days, self.shape)

    def half_width(self, t_days: FloatArray) -> FloatArray:
        """Half of the line's 95 % interval (m,): least squares' formula, the robust spread, widened for correlation."""
        here, u = _bent(t_days, self.t_days, self.shape), _bent(self.t_days, self.t_days, self.shape)
        spread = float(np.sum((u - u.mean()) ** 2))
        return self._reach() * np.sqrt(1.0 / len(u) + (here - u.mean()) ** 2 / spread)

    @property
    def rise_half_width(self) -> float:
        """Half of the 95 % interval of `rise`."""
        u = _bent(self.t_days, self.t_days, self.shape)
        return self._reach() / float(np.sqrt(np.sum((u - u.mean()) ** 2)))

    @property
    def freedom(self) -> float:
        """Degrees of freedom of `sem`: a line through sessions that resemble each other takes more than two."""
        return _freedom(len(self.t_days), self.correlation)

    def _reach(self) -> float:
        quantile = float(scipy.stats.t.ppf(1.0 - ALPHA / 2.0, self.freedom))
        return quantile * self.sem * inflation(self.correlation)


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What can be said about a series."""

    verdict: Verdict
    sessions: int
    more_sessions: int
    """How many more sessions are needed before anything can be said; 0 where it can."""
    more_days: float
    """How many more days they must span."""
    change: float
    """From the first session to the last, along the robust line; NaN where there are too few."""
    low: float
    """Lower end of the 95 % interval of `change`."""
    high: float
    sem: float
    mdc: float
    """Minimal detectable change, 95 %: what two single sessions of this person differ by through chance alone."""
    p: float
    """Mann-Kendall test for a monotone trend, two-sided, widened for correlation between sessions."""
    course: Course | None


def change_of(t_days: FloatArray, values: FloatArray) -> Change:
    """Judge one series.

    A change is real if a Mann-Kendall test finds a monotone trend (p < 0.01) *and* the change along the robust line is
    larger than the person's own minimal detectable change. The test does not depend on the line's shape.

    Args:
        t_days: times of the sessions (n,), rising, days.
        values: one measurement a session (n,); NaN where there is none.

    Raises:
        ValueError: the times do not rise or the lengths differ.
    """
    if t_days.shape != values.shape or np.any(np.diff(t_days) < 0.0):
        raise ValueError("times must rise, one for each value")
    t, y = t_days[np.isfinite(values)], values[np.isfinite(values)]
    span = float(t[-1] - t[0]) if len(t) else 0.0
    if len(t) < MIN_SESSIONS or span < MIN_DAYS:
        nan = float("nan")
        more = max(MIN_SESSIONS - len(t), 0), max(MIN_DAYS - span, 0.0)
        return Change("too few", len(t), *more, nan, nan, nan, nan, nan, nan, None)
    course = fit_course(t, y)
    p = trend_p(t, y, course.correlation)
    mdc = minimal_detectable_change(course.sem, course.freedom)
    real = p < TREND_ALPHA and abs(course.rise) > mdc
    half = course.rise_half_width
    low, high = course.rise - half, course.rise + half
    verdict: Verdict = "real change" if real else "no real change"
    return Change(verdict, len(t), 0, 0.0, course.rise, low, high, course.sem, mdc, p, course)


def minimal_detectable_change(sem: float, freedom: float = np.inf) -> float:
    """MDC95 = 1.96 * sqrt(2) * SEM (Weir 2005, J Strength Cond Res 19:231).

    Args:
        sem: standard error of one measurement.
        freedom: degrees of freedom that `sem` is known with; 1.96 becomes Student's larger quantile where they are few.
    """
    return float(scipy.stats.t.ppf(1.0 - ALPHA / 2.0, freedom) * np.sqrt(2.0)) * sem


def fit_course(t_days: FloatArray, values: FloatArray) -> Course:
    """The robust line; another shape than the straight one only where it fits clearly better.

    Median slopes alone would call a person's quick growth in the first weeks of a long year flat.
    """
    fits = {shape: _theil_sen(_bent(t_days, t_days, shape), values) for shape in COURSES}
    misfit = {s: float(np.mean(np.abs(r))) for s, (_, _, r) in fits.items()}
    best = min(misfit, key=lambda s: misfit[s])
    # Laplace likelihood against the Bayesian price of another parameter
    gain = len(values) * np.log(max(misfit["straight"], 1e-12) / max(misfit[best], 1e-12))
    shape = best if gain > np.log(len(values)) else "straight"
    level, rise, residuals = fits[shape]
    correlation = _correlation(residuals)
    sem = _spread(residuals, _freedom(len(values), correlation))
    return Course(shape, level, rise, t_days, residuals, sem, correlation)


def trend_p(t_days: FloatArray, values: FloatArray, correlation: float) -> float:
    """Mann-Kendall, two-sided, its variance widened for correlation between sessions (after Hamed and Rao 1998)."""
    if np.ptp(values) == 0.0:
        return 1.0
    n = len(values)
    tau = float(scipy.stats.kendalltau(t_days, values).statistic)
    z = tau / np.sqrt(2.0 * (2.0 * n + 5.0) / (9.0 * n * (n - 1.0)))
    return 2.0 * float(scipy.stats.norm.sf(abs(z) / inflation(correlation)))


def inflation(correlation: float) -> float:
    """How much wider a mean's error is when neighbouring measurements resemble each other so much (AR(1))."""
    return float(np.sqrt((1.0 + correlation) / (1.0 - correlation)))


def _bent(t_days: FloatArray, measured_days: FloatArray, shape: str) -> FloatArray:
    """Times as shares of the whole, 0 to 1, bent after the shape of growth."""
    share = (t_days - measured_days[0]) / (measured_days[-1] - measured_days[0])
    rate = COURSES[shape]
    return share if rate == 0.0 else np.expm1(-rate * share) / np.expm1(-rate)


def _theil_sen(u: FloatArray, values: FloatArray) -> tuple[float, float, FloatArray]:
    rise = float(scipy.stats.theilslopes(values, u)[0])
    level = float(np.median(values - rise * u))
    return level, rise, values - level - rise * u


def _freedom(n: int, correlation: float) -> float:
    return max(n - 2.0 * inflation(correlation) ** 2, 2.0)


def _spread(residuals: FloatArray, freedom: float) -> float:
    """Standard deviation about the line; a wild session counts as three sigmas at most."""
    sigma = float(scipy.stats.median_abs_deviation(residuals, scale="normal"))
    limit = OUTLIER_SIGMAS * sigma if sigma > 0.0 else np.inf
    return float(np.sqrt(np.sum(np.clip(residuals, -limit, limit) ** 2) / freedom))


def _correlation(residuals: FloatArray) -> float:
    """Lag-1 correlation; a fitted line and few sessions make it look smaller than it is (Kendall 1954)."""
    square = float(np.sum(residuals**2))
    n = len(residuals)
    raw = float(np.sum(residuals[1:] * residuals[:-1])) / square if square > 0.0 else 0.0
    return float(np.clip((raw + 2.0 / n) / (1.0 - 4.0 / n), LEAST_CORRELATION, MOST_CORRELATION))
