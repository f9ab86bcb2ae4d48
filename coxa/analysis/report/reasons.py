"""Why repetitions were not counted and holds were not kept."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from coxa.analysis.load_sets import of_sets_done
from coxa.analysis.names import apart, held_text, title_of
from coxa.analysis.report.courses import Part
from coxa.analysis.report.model import Figure, ReasonRow

_UNITS = {"deg": "°", "s": " s"}
"""Signs of the units of which a report tells."""


def rejected_rows(found: list[Part]) -> tuple[ReasonRow, ...]:
    """Rejected repetitions by exercise and side, the most first."""
    tables = [(p, p.reps[~p.reps["counted"]]) for p in found]
    return _rows([(p, t, t["reason"].fillna("no reason logged")) for p, t in tables], _limit)


def broken_rows(found: list[Part], breaks: pd.DataFrame) -> tuple[ReasonRow, ...]:
    """Holds that were not kept by exercise and side, the most first.

    Args:
        found: from `parts`.
        breaks: the table of `Details`; the longest break of a hold gives its reason.
    """
    longest = breaks.sort_values("seconds").drop_duplicates(["session_id", "start_s"], keep="last")
    why = {(str(i), float(s)): str(r) for i, s, r in longest[["session_id", "start_s", "reason"]].to_numpy()}
    tables = list[tuple[Part, pd.DataFrame, pd.Series]]()
    for part in found:
        holds = of_sets_done(part.holds, part.sets)
        broken = holds[~holds["verified"]]
        keys = zip(broken["session_id"], broken["start_s"], broken["breaks"], strict=True)
        reasons = [_why_broken(int(n), why.get((str(i), float(s)))) for i, s, n in keys]
        tables.append((part, broken, pd.Series(reasons, index=broken.index, dtype=object)))
    return _rows(tables, _held)


def _rows(
    tables: list[tuple[Part, pd.DataFrame, pd.Series]], measured: Callable[[pd.DataFrame], str]
) -> tuple[ReasonRow, ...]:
    rows = list[ReasonRow]()
    for part, table, reasons in tables:
        if table.empty:
            continue
        ids = part.within(table["session_id"])
        groups = sorted(table.groupby(reasons.astype(object)), key=lambda g: -len(g[1]))
        said = tuple(Figure(f"{why} {len(group)}{measured(group)}", len(group), ids) for why, group in groups)
        title = title_of(part.exercise)
        rows.append(ReasonRow(title, part.side, Figure(f"{len(table):,}", len(table), ids), said))
    return tuple(sorted(rows, key=lambda r: -r.count.value))


def _why_broken(breaks: int, reason: str | None) -> str:
    if not breaks:
        return "let go early"
    return f"interrupted, {reason}," if reason else "interrupted"


def _held(group: pd.DataFrame) -> str:
    """How long they were held in the median, and what was asked for: from the least to the most where that changed."""
    asked = " to ".join(f"{s:g}" for s in dict.fromkeys((group["target_s"].min(), group["target_s"].max())))
    return f" ({held_text(float(group['held_s'].median()))} of {asked} s)"


def _limit(group: pd.DataFrame) -> str:
    """What was measured and the limit, in the median; nothing where the unit says nothing to a person."""
    unit = str(group["unit"].astype(object).mode().iloc[0]) if group["unit"].notna().any() else ""
    measured, limit = float(group["measured"].median()), float(group["needed"].median())
    texts = apart(measured, limit, unit)
    if texts is None or unit not in _UNITS:
        return ""
    word = "needed" if measured < limit else "limit"
    return f" ({texts[0]}{_UNITS[unit]}, {word} {texts[1]}{_UNITS[unit]})"
