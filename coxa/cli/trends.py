"""`coxa trends`: what changed over days and weeks, and what only seems to have."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import pandas as pd
from rich.console import Console

from coxa.analysis.adherence import DAYS_PER_WEEK, Adherence, adherence, adherence_sentence
from coxa.analysis.load import LogFrames, load
from coxa.analysis.names import SIMULATED_MARK, held_text, title_of
from coxa.analysis.trend_words import difference_sentence, sentence
from coxa.analysis.trends import SideDifference, Trend, own_sessions, session_table, side_differences, trends, weekly
from coxa.cli.day import parse_day
from coxa.cli.output import narrow_table, print_table, tell
from coxa.cli.repaired import repaired_log
from coxa.host.exercises.spec import exercise as known_exercise
from coxa.host.exercises.spec import library
from coxa.host.log import list_sessions, log_folder
from coxa.host.plural import count_of
from coxa.host.routine import SetPlan
from coxa.host.strict_json import json_text


def run(
    exercise: str | None,
    since: str | None,
    person: str | None,
    days_per_week: int | None,
    log: str | None,
    as_json: bool,
) -> None:
    """Print the verdicts for people or everything as JSON for programs.

    Raises:
        LogError: the log cannot be read, or has several persons and none is named.
        SpecError: there is no such exercise, or `since` is no day.
    """
    first = parse_day("--since", since)
    frames = frames_of(log)
    check_exercise(exercise, frames)
    table = session_table(frames, person, first)
    found, sides = trends(table, exercise), side_differences(table, exercise)
    kept = kept_plan(frames, log, days_per_week, person, first)
    if as_json:
        print(json_text(_plain(found, sides, kept, table), indent=1))
    elif not found:
        of = f" of {exercise}" if exercise else ""
        when = f" since {first}" if first else ""
        print(f"No session{of}{when} with anything counted in {log_folder(log)}. `coxa demo` makes one.")
    else:
        _print(found, sides, kept)


def frames_of(log: str | None) -> LogFrames:
    """The log, repaired; what is broken in it is told on stderr and left out."""
    return load(repaired_log(log), broken=lambda line: tell(f"left out: {line}"))


def check_exercise(name: str | None, frames: LogFrames) -> None:
    """Raises SpecError: neither the library nor the log knows the exercise."""
    if name is not None and name not in set(frames.sets["exercise"].dropna()):
        known_exercise(name)


def kept_plan(
    frames: LogFrames, log: str | None, days_per_week: int | None, person: str | None, since: date | None
) -> Adherence:
    """Training against the plans of the sessions, until today; of a simulated log until its last day.

    Without `days_per_week`, `DAYS_PER_WEEK` are taken for planned.
    """
    plans: dict[str, tuple[SetPlan, ...]] = {s.header.session_id: s.plan for s in list_sessions(log_folder(log))}
    sessions = own_sessions(frames, person, since)
    until = datetime.now().date()
    if len(sessions) and (sessions["simulated"].all() or sessions["date"].max() > pd.Timestamp(until)):
        until = sessions["date"].max().date()
    return adherence(frames, until, plans, days_per_week or DAYS_PER_WEEK, person, since)


def _print(found: list[Trend], sides: list[SideDifference], kept: Adherence) -> None:
    console = Console()
    if kept.simulated:
        console.print(f"[bold yellow]{SIMULATED_MARK}[/]", highlight=False)
    console.print("medians of a session, the last five of them", highlight=False)
    table = narrow_table(
        *("exercise", "side", "ses-\nsions", "thigh\ndeg", "best\ndeg", "reps", "hold\ns"),
        *("up/top/down\ns", "smooth-\nness"),
    )
    for trend in found:
        table.add_row(*_row(trend))
    print_table(console, table)
    for trend in found:
        mark = {"real change": "[bold green]*[/] ", "no real change": "  ", "too few": "[dim]…[/] "}
        console.print(mark[trend.change.verdict] + sentence(trend), highlight=False, soft_wrap=True)
    for difference in sides:
        mark = "[bold yellow]*[/] " if difference.real else "  "
        console.print(mark + difference_sentence(difference), highlight=False, soft_wrap=True)
    console.print(f"  {adherence_sentence(kept)}", highlight=False, soft_wrap=True)
    for name in dict.fromkeys(t.exercise for t in found):
        if name in library():
            console.print(f"[dim]  {title_of(name)}: {library()[name].unseen}[/]", highlight=False, soft_wrap=True)
    left_out = sum(int(t.sessions["after_slip"].sum()) for t in found)
    if left_out:
        console.print(
            f"  after a slip of the strap, counted but without an angle: {count_of(left_out, 'movement')}",
            highlight=False,
            soft_wrap=True,
        )


def _row(trend: Trend) -> tuple[str, ...]:
    last = trend.sessions.tail(5)
    tempo = "/".join(_number(last[c].median(), 1) for c in ("up_s", "hold_s", "down_s"))
    depth, held_s = trend.unit == "deg", float(last["hold_median_s"].median())
    return (
        trend.exercise,
        trend.side or "-",
        str(len(trend.sessions)),
        _number(last["rom_median_deg"].median(), 0) if depth else "-",
        _number(last["rom_best_deg"].max(), 0) if depth else "-",
        _number(last["reps"].median(), 0) if last["reps"].any() else "-",
        "-" if math.isnan(held_s) else held_text(held_s, 1),
        "-" if tempo == "-/-/-" else tempo,
        _number(last["smoothness"].median(), 1),
    )


def _number(value: float, digits: int) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def _plain(found: list[Trend], sides: list[SideDifference], kept: Adherence, table: pd.DataFrame) -> dict[str, Any]:
    by_week = weekly(table)
    return {
        "trends": [_trend(t, by_week) for t in found],
        "sides": [
            {
                "exercise": d.exercise,
                "quantity": d.quantity,
                "unit": d.unit,
                "pairs": d.pairs,
                "right_minus_left": _finite(d.difference),
                "mdc95": _finite(d.mdc),
                "real": d.real,
                "sentence": difference_sentence(d),
            }
            for d in sides
        ],
        "adherence": {
            "planned_days_per_week": kept.days_per_week,
            "share": _finite(kept.share),
            "weeks": _records(kept.weeks),
            "sets_done": kept.sets_done,
            "sets_planned": kept.sets_planned,
            "sentence": adherence_sentence(kept),
        },
    }


def _trend(trend: Trend, by_week: pd.DataFrame) -> dict[str, Any]:
    change, course = trend.change, trend.change.course
    mine = by_week[(by_week["exercise"] == trend.exercise) & (by_week["side"] == trend.side)]
    return {
        "exercise": trend.exercise,
        "side": trend.side or None,
        "quantity": trend.quantity,
        "unit": trend.unit,
        "verdict": change.verdict,
        "sentence": sentence(trend),
        "sessions_measured": change.sessions,
        "sessions_needed": change.more_sessions,
        "change": _finite(change.change),
        "low": _finite(change.low),
        "high": _finite(change.high),
        "sem": _finite(change.sem),
        "mdc95": _finite(change.mdc),
        "p": _finite(change.p),
        "shape": course.shape if course else None,
        "by_session": _records(trend.sessions.drop(columns=["exercise", "side", "started_at"])),
        "by_week": _records(mine.drop(columns=["exercise", "side"])),
    }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): _value(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _value(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float):
        return _finite(value)
    return value if pd.notna(value) else None


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
