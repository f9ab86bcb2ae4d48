"""What changed over the period, in sentences that say whether it is real; the verdicts are those of `coxa trends`."""

from __future__ import annotations

from coxa.analysis.report.courses import NBSP, say_day, signed, title_of
from coxa.analysis.report.model import Change, Figure, Verdict
from coxa.analysis.trend_stats import Verdict as TrendVerdict
from coxa.analysis.trends import Trend

_VERDICTS: dict[TrendVerdict, Verdict] = {"real change": "real", "no real change": "not yet", "too few": "too little"}
SIGNS = {"deg": "°", "s": f"{NBSP}s"}


def changes(trends: list[Trend]) -> tuple[Change, ...]:
    """One sentence for each exercise and side, real changes first."""
    rank = list(_VERDICTS)
    ordered = sorted(trends, key=lambda t: rank.index(t.change.verdict))
    return tuple(Change(t.exercise, t.side, _VERDICTS[t.change.verdict], _sentence(t)) for t in ordered)


def _sentence(trend: Trend) -> Figure:
    found = trend.change
    head = title_of(trend.exercise) + (f", {trend.side}" if trend.side else "") + f": {trend.quantity}"
    ids = tuple(str(i) for i in trend.sessions.loc[trend.sessions[trend.column].notna(), "session_id"])
    if found.verdict == "too few":
        count = f"{found.sessions} session{'s' * (found.sessions != 1)}"
        return Figure(f"{head} measured in {count}, too few to tell a change from chance.", float("nan"), ids)
    sign = SIGNS.get(trend.unit, f" {trend.unit}")
    size, noise = _apart(found.change, found.mdc)
    interval = f"{signed(found.low)} to {signed(found.high)}{sign}"
    text = f"{head} {size}{sign} since {say_day(trend.first)} ({interval}): "
    if found.verdict == "real change":
        text += f"a real change, more than the scatter of {noise}{sign}."
    elif abs(found.change) <= found.mdc:
        text += f"no real change yet, within the scatter of {noise}{sign}."
    else:
        text += "no real change yet, it may be chance."
    return Figure(text, found.change, ids)


def _apart(change: float, noise: float) -> tuple[str, str]:
    """Both rounded alike, and so finely that the larger one reads as larger."""
    for digits in (0, 1, 2):
        size, limit = signed(change, digits), f"{noise:.{digits}f}"
        if size.lstrip("+−") != limit:
            break
    return size, limit
