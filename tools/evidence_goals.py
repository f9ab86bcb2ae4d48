"""Whether the figures that a command printed reach a section's goal. Each check gives, in words, what they miss."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

Check: TypeAlias = Callable[[str], list[str]]
"""From a command's output to what of the goal is missed; empty where it is reached."""


def missed(checks: Iterable[Check], output: str) -> str:
    """All that is missed, in one line; empty where nothing is."""
    return "; ".join(words for check in checks for words in check(output))


def every(pattern: str) -> Check:
    """Wherever the pattern matches, its groups `n` and `of` must be equal; a group `what` says of what."""

    def check(output: str) -> list[str]:
        short = [m for m in _matches(pattern, output) if m["n"] != m["of"]]
        return [" ".join([*m.groupdict().get("what", "").split(), m["n"], "of", m["of"]]) for m in short]

    return _judging(pattern, check)


def at_most(what: str, pattern: str, most: float) -> Check:
    """No number that the pattern's only group matches may be greater."""

    def check(output: str) -> list[str]:
        worst = max((m[1] for m in _matches(pattern, output)), key=float)
        return [f"{worst} {what}, goal at most {most:g}"] if float(worst) > most else []

    return _judging(pattern, check)


def at_least(what: str, pattern: str, least: float) -> Check:
    """None may be smaller."""

    def check(output: str) -> list[str]:
        worst = min((m[1] for m in _matches(pattern, output)), key=float)
        return [f"{worst} {what}, goal at least {least:g}"] if float(worst) < least else []

    return _judging(pattern, check)


def as_good_as_the_first(column: str) -> Check:
    """In a Markdown table no row may have less in that column than the first."""

    def check(output: str) -> list[str]:
        head, _, *rows = [[c.strip() for c in m[1].split("|")] for m in _matches(_TABLE_ROW, output)]
        at = head.index(column)
        worse = [row for row in rows if float(row[at]) < float(rows[0][at])]
        if not worse:
            return []
        worst = min(worse, key=lambda row: float(row[at]))
        return [f"{column} below {rows[0][at]} in {len(worse)} of {len(rows) - 1}, least {worst[at]} ({worst[0]})"]

    return _judging(_TABLE_ROW, check)


_TABLE_ROW = r"^\|(.*)\|$"


def _matches(pattern: str, output: str) -> Iterator[re.Match[str]]:
    return re.finditer(pattern, output, re.MULTILINE)


def _judging(pattern: str, check: Check) -> Check:
    """An output without the figure has not reached the goal either."""
    return lambda output: check(output) if any(_matches(pattern, output)) else ["nothing printed to judge it by"]
