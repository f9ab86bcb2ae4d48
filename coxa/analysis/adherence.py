"""How much of what was planned was done: days a week, and sets of each session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from coxa.analysis.load import LogFrames
from coxa.analysis.load_sets import done
from coxa.analysis.names import percent
from coxa.analysis.trends import kind_of, monday, own_sessions
from coxa.host.plural import count_of
from coxa.host.routine import SetPlan
from coxa.host.tracker import AUTO

DAYS_PER_WEEK = 3
"""Planned training days where nothing else is told; the usual dose of home exercise after the hip."""


@dataclass(frozen=True, slots=True, eq=False)
class Adherence:
    """Training against the plan."""

    days_per_week: int
    days: pd.Series[Any]
    """Sets with anything counted, by local day; only days that were trained."""
    weeks: pd.DataFrame
    """week (Monday), days, planned_days, over (the week is past): every week from the first on."""
    sets_done: int
    """Planned sets whose target was reached (open end: anything counted)."""
    sets_planned: int
    """Without those of `auto`, which name no exercise that could be reached."""
    simulated: bool
    """Whether nobody trained but a simulated person."""

    @property
    def share(self) -> float:
        """Trained part of the planned days of past weeks; a week's extra days make up for no other. NaN: none."""
        over = self.weeks[self.weeks["over"]]
        planned = int(over["planned_days"].sum())
        done = int(over[["days", "planned_days"]].min(axis=1).sum())
        return done / planned if planned else float("nan")

    @property
    def whole_weeks(self) -> int:
        """Past weeks with all planned days."""
        return int((self.weeks["over"] & (self.weeks["days"] >= self.weeks["planned_days"])).sum())

    @property
    def missed_weeks(self) -> int:
        """Past weeks with no training at all."""
        return int((self.weeks["over"] & (self.weeks["days"] == 0)).sum())


def adherence(
    frames: LogFrames,
    until: date,
    plans: Mapping[str, tuple[SetPlan, ...]] | None = None,
    days_per_week: int = DAYS_PER_WEEK,
    person: str | None = None,
    since: date | None = None,
) -> Adherence:
    """Compare what was trained with the plan.

    Args:
        frames: the log.
        until: the last day to look at; its week is not over unless it is a Sunday.
        plans: planned sets by session; without, the sets that were begun stand for the plan.
        days_per_week: planned training days, 1 to 7. The first week asks for no more than it had left.
        person: as `own_sessions`.
        since: the first day to look at.

    Raises:
        LogError: as `own_sessions`.
        ValueError: `days_per_week` is not 1 to 7.
    """
    if not 1 <= days_per_week <= 7:
        raise ValueError(f"days_per_week must be 1 to 7, found {days_per_week}")
    sessions = own_sessions(frames, person, since)
    sessions = sessions[sessions["date"] <= pd.Timestamp(until)]
    sets = frames.sets.merge(sessions[["session_id", "date"]], on="session_id")
    days, simulated = done(sets).groupby("date").size(), bool(sessions["simulated"].any())
    fulfilled, planned = _sets(sets, plans, list(sessions["session_id"]))
    return Adherence(days_per_week, days, _weeks(days, until, days_per_week), fulfilled, planned, simulated)


def adherence_sentence(found: Adherence) -> str:
    """'trained on 118 of 156 planned days (76 %) ...'."""
    over = found.weeks[found.weeks["over"]]
    if found.days.empty:
        return "no training day yet"
    if not len(over):
        return f"trained on {count_of(len(found.days), 'day')}; the first week is not over yet"
    done, planned = int(over[["days", "planned_days"]].min(axis=1).sum()), int(over["planned_days"].sum())
    more = int(over["days"].sum()) - done
    beyond = f" and {more} more than a week's plan asks for" if more else ""
    text = (
        f"trained on {done} of {count_of(planned, 'planned day')} ({percent(found.share)}){beyond}, "
        f"{found.whole_weeks} of {count_of(len(over), 'week')} in full"
    )
    text += f", {found.missed_weeks} without training" if found.missed_weeks else ""
    return text + (
        f"; {found.sets_done} of {count_of(found.sets_planned, 'set')} reached their target"
        if found.sets_planned
        else ""
    )


def _weeks(days: pd.Series[Any], until: date, days_per_week: int) -> pd.DataFrame:
    columns = ["week", "days", "planned_days", "over"]
    if days.empty:
        return pd.DataFrame({c: pd.Series(dtype="bool" if c == "over" else "int64") for c in columns})
    trained = pd.Series(pd.DatetimeIndex(days.index))
    first, last = trained.min(), pd.Timestamp(until)
    starts = pd.date_range(first - pd.Timedelta(days=first.day_of_week), last, freq="7D")
    weeks = (
        monday(trained).value_counts().reindex(starts, fill_value=0).rename_axis("week").rename("days").reset_index()
    )
    weeks["planned_days"] = days_per_week
    weeks.loc[0, "planned_days"] = min(days_per_week, 7 - first.day_of_week)
    weeks["over"] = weeks["week"] + pd.Timedelta(days=6) <= last
    return weeks


def _sets(sets: pd.DataFrame, plans: Mapping[str, tuple[SetPlan, ...]] | None, sessions: list[str]) -> tuple[int, int]:
    """Sets that reached their target, and planned ones."""
    by_session = {str(key): rows for key, rows in sets.groupby("session_id")}
    fulfilled = planned = 0
    for session_id in sessions:
        rows = by_session.get(session_id)
        begun = [] if rows is None else rows.sort_values("set_index").to_dict("records")
        plan = list(plans[session_id]) if plans and session_id in plans else [_plan_of(row) for row in begun]
        plan = [wanted for wanted in plan if wanted.exercise != AUTO]
        planned += len(plan)
        for wanted in plan:
            fit = next(
                (r for r in begun if _side(r["side"]) == (wanted.side or "") and r["exercise"] == wanted.exercise), None
            )
            if fit is not None:
                begun.remove(fit)
                fulfilled += _reached(fit, wanted)
    return fulfilled, planned


def _plan_of(row: Mapping[Any, Any]) -> SetPlan:
    reps = None if pd.isna(row["target_reps"]) else int(row["target_reps"])
    return SetPlan(row["exercise"], _side(row["side"]) or None, reps)  # pyright: ignore[reportArgumentType]


def _side(side: Any) -> str:
    return "" if pd.isna(side) else str(side)


def _reached(row: Mapping[Any, Any], wanted: SetPlan) -> bool:
    if kind_of(wanted.exercise) == "hold":
        return int(row["kept_valid"]) >= (wanted.reps or 1)
    kept = wanted.hold_target_s is None or int(row["kept_valid"]) >= (wanted.reps or 1)
    return kept and int(row["reps_valid"]) >= (wanted.reps or 1)
