"""What changed over the period, in sentences that say whether it is real; the verdicts are those of `coxa trends`."""

from __future__ import annotations

from itertools import groupby

import pandas as pd

from coxa.analysis.names import digits_apart, mid_sentence, title_of
from coxa.analysis.report.courses import NBSP, say_day, signed
from coxa.analysis.report.model import Change, Figure, Verdict
from coxa.analysis.trend_stats import MIN_DAYS, MIN_SESSIONS
from coxa.analysis.trend_stats import Verdict as TrendVerdict
from coxa.analysis.trends import Trend

_VERDICTS: dict[TrendVerdict, Verdict] = {"real change": "real", "no real change": "not yet", "too few": "too little"}
SIGNS = {"deg": "°", "s": f"{NBSP}s"}


def changes(trends: list[Trend]) -> tuple[Change, ...]:
    """One sentence for each exercise and side, real changes first; one for all that have too few sessions."""
    judged = [t for t in trends if t.change.verdict != "too few"]
    young = [t for t in trends if t.change.verdict == "too few"]
    rank = list(_VERDICTS)
    ordered = sorted(judged, key=lambda t: rank.index(t.change.verdict))
    said = [Change(t.exercise, t.side, _VERDICTS[t.change.verdict], _sentence(t)) for t in ordered]
    return (*said, *([Change("", "", "too little", _too_few(young))] if young else []))


def _sentence(trend: Trend) -> Figure:
    found = trend.change
    head = title_of(trend.exercise) + (f", {trend.side}" if trend.side else "") + f": {trend.quantity}"
    ids = trend.measured["session_id"].tolist()
    sign = SIGNS.get(trend.unit, f" {trend.unit}")
    digits = digits_apart(found.change, found.mdc)
    size, noise = signed(found.change, digits), f"{found.mdc:.{digits}f}"
    interval = f"{signed(found.low, digits)} to {signed(found.high, digits)}{sign}"
    text = f"{head} {size}{sign} since {say_day(trend.first)} ({interval}): "
    if found.verdict == "real change":
        text += f"a real change, more than the scatter of {noise}{sign}."
    elif abs(found.change) <= found.mdc:
        text += f"no real change yet, within the scatter of {noise}{sign}."
    else:
        text += "no real change yet, it may be chance."
    return Figure(text, found.change, tuple(map(str, ids)))


def _too_few(young: list[Trend]) -> Figure:
    """All that cannot be judged yet, with the sessions that each has."""
    parts = list[str]()
    for exercise, own in groupby(young, key=lambda t: t.exercise):
        counts = ", ".join(f"{t.side}{NBSP}{t.change.sessions}".strip() for t in own)
        parts.append(f"{mid_sentence(title_of(exercise))} ({counts})")
    needed = f"{MIN_SESSIONS} in {MIN_DAYS:.0f} days or more"
    text = f"Too few measured sessions to tell a change from chance, which takes {needed}: {', '.join(parts)}."
    behind = pd.concat([t.measured for t in young]).sort_values("started_at")["session_id"]
    return Figure(text, float("nan"), tuple(dict.fromkeys(map(str, behind))))
