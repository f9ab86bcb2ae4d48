"""What a trend says, in one plain sentence each."""

from __future__ import annotations

from math import ceil

import pandas as pd

from coxa.analysis.names import digits_apart, title_of
from coxa.analysis.trends import SideDifference, Trend
from coxa.host.plural import count_of


def sentence(trend: Trend) -> str:
    """The verdict on one exercise and side."""
    return f"{heading(trend)}: {verdict(trend)}"


def heading(trend: Trend) -> str:
    """Exercise, side and what is judged: 'Straight leg raise, right, thigh elevation'."""
    return ", ".join(part for part in (title_of(trend.exercise), trend.side, trend.quantity) if part)


def verdict(trend: Trend) -> str:
    """'no real change yet ...' or '+6 degrees since 3 October, more than the 4 your measurements vary by'."""
    change = trend.change
    if change.verdict == "too few":
        return _too_few(trend)
    since = day(trend.first, trend.last)
    size, noise = _apart(change.change, change.mdc)
    unit = _unit(trend.unit, size)
    if change.verdict == "real change":
        return f"{size} {unit} since {since}, more than the {noise} your measurements vary by"
    why = (
        f"within the {noise} your measurements vary by" if abs(change.change) <= change.mdc else "but it may be chance"
    )
    return f"no real change yet ({size} {unit} since {since}, {why})"


def difference_sentence(difference: SideDifference) -> str:
    """How far left and right lie apart."""
    head = f"{title_of(difference.exercise)}, left and right: "
    kind = "weeks" if difference.of_weeks else "days"
    if difference.difference != difference.difference:
        count = count_of(difference.pairs, kind[:-1])
        return head + f"measured together in {count}, too few to compare"
    size, noise = _apart(abs(difference.difference), difference.mdc)
    size = size.lstrip("+")
    unit = _unit(difference.unit, size)
    when = f"over the last {difference.pairs} {kind} with both"
    if difference.real:
        less, more = ("left", "right") if difference.difference > 0 else ("right", "left")
        return head + f"{less} is {size} {unit} less than {more} {when}, more than the {noise} that they vary by"
    return head + f"no real difference ({size} {unit} {when}, they vary by {noise})"


def day(when: pd.Timestamp, now: pd.Timestamp) -> str:
    """'3 October', with the year where it is not this one."""
    return f"{when.day} {when.month_name()}" + (f" {when.year}" if when.year != now.year else "")


def _too_few(trend: Trend) -> str:
    change = trend.change
    count = f"{count_of(change.sessions, 'session')} measured"
    needs = list[str]()
    if change.more_sessions:
        needs.append(count_of(change.more_sessions, "more session"))
    if change.more_days > 0.0 and change.sessions:
        needs.append(count_of(ceil(change.more_days), "more day"))
    return f"{count}; {' and '.join(needs)} needed before a change can be told from chance"


def _apart(change: float, noise: float) -> tuple[str, str]:
    """Both rounded alike, and so finely that the larger one reads as larger."""
    digits = digits_apart(change, noise)
    size = f"{change:+.{digits}f}"
    return ("0" if float(size) == 0.0 else size), f"{noise:.{digits}f}"


def _unit(unit: str, size: str) -> str:
    if unit != "deg":
        return unit
    return "degree" if size.lstrip("+-") == "1" else "degrees"
