"""Do the trends fool? Twenty simulated years in words against their truth, and a thousand flat series."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np

from coxa.analysis.coverage import COVERAGE_95
from coxa.analysis.load import load
from coxa.analysis.trend_stats import MIN_SESSIONS, Change, change_of
from coxa.analysis.trend_words import difference_sentence, sentence
from coxa.analysis.trends import session_table, side_differences, trends
from tools.simulated_year import CORRELATION, SESSION_SD_DEG, TRUTH, WEEKS, session_noise, training_days, write_year

SEEDS = 20
FLAT, LOOKED = 1000, 500


def wrong_words(seed: int) -> tuple[list[str], int]:
    """Sentences about one simulated year that are not true, and how many growths lie inside their intervals."""
    with tempfile.TemporaryDirectory() as folder:
        write_year(Path(folder), seed)
        table = session_table(load(folder))
    wrong, inside = list[str](), 0
    for trend, truth in zip(trends(table), sorted(TRUTH, key=lambda s: (s.exercise, s.side)), strict=True):
        said = sentence(trend)
        expected = r": \+\d+ degrees since 3 October 2025, more than" if truth.growth_deg else ": no real change yet"
        wrong += [] if re.search(expected, said) else [said]
        inside += bool(truth.growth_deg) and trend.change.low <= truth.growth_deg <= trend.change.high
    for difference in side_differences(table):
        said = difference_sentence(difference)
        expected = "left is .* less than right" if difference.exercise == "lateral_leg_raise" else "no real difference"
        wrong += [] if re.search(expected, said) else [said]
    return [f"seed {seed}: {line}" for line in wrong], inside


def series(
    seed: int, correlation: float, weeks: int, growth_mdc: float = 0.0, level_off: bool = False
) -> Iterator[Change]:
    """The verdict at the end of a series, then those at each week's end before it."""
    rng = np.random.default_rng(10_000 + seed)
    days = np.array(training_days(rng, weeks), float)
    share = 1.0 - np.exp(-days / 60.0) if level_off else days / (7.0 * WEEKS)
    growth = growth_mdc * COVERAGE_95 * np.sqrt(2.0) * SESSION_SD_DEG
    values = 40.0 + session_noise(rng, len(days), correlation) + growth * share
    yield change_of(days, values)
    for end in range(14, int(days[-1]), 7):
        seen = days <= end
        if np.count_nonzero(seen) >= MIN_SESSIONS:
            yield change_of(days[seen], values[seen])


def at_the_end(seed: int, **kind: float) -> bool:
    """Whether a series is called changed."""
    return next(series(seed, **kind)).verdict == "real change"  # pyright: ignore[reportArgumentType]


def ever(seed: int, **kind: float) -> bool:
    """Whether a series is called changed at any weekly look."""
    return any(c.verdict == "real change" for c in series(seed, **kind))  # pyright: ignore[reportArgumentType]


def main() -> int:
    """Print every figure; status 1 if a promise is broken."""
    with ProcessPoolExecutor() as pool:
        years = list(pool.map(wrong_words, range(1, SEEDS + 1)))
        wrong, inside = list(chain.from_iterable(w for w, _ in years)), sum(n for _, n in years)
        sentences = SEEDS * (len(TRUTH) + len(TRUTH) // 2)
        print(f"{SEEDS} simulated years, {sentences} sentences: {len(wrong)} wrong")
        print("\n".join(wrong), end="\n" if wrong else "")
        print(f"true growth inside its 95 % interval: {inside} of {2 * SEEDS}")
        broken = bool(wrong)
        for correlation in (CORRELATION, 0.5):
            for weeks in (6, 12, 26, 52):
                false = sum(
                    pool.map(partial(at_the_end, correlation=correlation, weeks=weeks), range(FLAT), chunksize=50)
                )
                print(f"flat, {weeks:2} weeks, correlation {correlation}: {false} of {FLAT} called a real change")
                broken |= false > 0.05 * FLAT
            looks = sum(pool.map(partial(ever, correlation=correlation, weeks=WEEKS), range(LOOKED), chunksize=20))
            print(
                f"flat, looked at every week of a year, correlation {correlation}: {looks} of {LOOKED} ever called so"
            )
        for growth in (1.0, 1.25, 1.5, 2.0):
            for level_off in (False, True):
                kind = partial(at_the_end, correlation=CORRELATION, weeks=WEEKS, growth_mdc=growth, level_off=level_off)
                found = sum(pool.map(kind, range(300), chunksize=20))
                course = "levels off after 2 months" if level_off else "steady"
                print(f"true growth of {growth} minimal detectable changes in a year, {course}: {found} of 300 found")
                broken |= growth == 1.5 and not level_off and found < 285
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
