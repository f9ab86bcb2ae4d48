"""From the tables of a log to everything that the two pages say. Pure: no files, no clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from coxa.analysis.adherence import DAYS_PER_WEEK, Adherence, adherence, adherence_sentence
from coxa.analysis.load_sets import done
from coxa.analysis.names import mid_sentence, percent
from coxa.analysis.report.changes import changes
from coxa.analysis.report.choice import Choice, Chosen, choose, ids_of
from coxa.analysis.report.courses import NBSP, courses, held_clock, parts, planned_sets
from coxa.analysis.report.details import Details, details_from
from coxa.analysis.report.gaps import gap_rows, idle, pauses, version_rows
from coxa.analysis.report.model import (
    Change,
    Course,
    ExerciseRow,
    Figure,
    ReasonRow,
    ReportContent,
    SessionRow,
    SideRow,
    Tile,
    figures_of,
)
from coxa.analysis.report.reasons import broken_rows, rejected_rows
from coxa.analysis.report.sides import side_rows
from coxa.analysis.trends import session_table, side_differences, trends
from coxa.host.exercises.spec import library
from coxa.host.plural import count_of, noun_of

if TYPE_CHECKING:
    from coxa.analysis.load import LogFrames

NO_NAME, NOBODY = "Name not given", "Simulated person"


def report_content(
    frames: LogFrames, made_on: date, choice: Choice | None = None, details: Details | None = None
) -> ReportContent:
    """All figures of a report.

    Args:
        frames: the log, from `coxa.analysis.load`.
        made_on: the day that stands on the report.
        choice: period and person; everything where None.
        details: from `read_details`; without it plans come from the tables, and lost tracking and reasons of breaks
            are left out.

    Raises:
        LogError: there are no sessions to report on, or they belong to several people.
    """
    choice, details = choice or Choice(), details or details_from({})
    chosen = choose(frames, choice)
    own = chosen.frames
    found = parts(own, planned_sets(own, details.planned))
    dates = own.sessions.set_index("session_id")["date"]
    first_day, last_day = choice.since or dates.min().date(), choice.until or dates.max().date()
    table = session_table(own)
    days = (dates - pd.Timestamp(first_day)) / pd.Timedelta(days=1)
    done_courses, said = courses(found, table, days), changes(trends(table))
    sides = side_rows(found, side_differences(table))
    rejected, broken = rejected_rows(found), broken_rows(found, details.breaks)
    until = _until(chosen, choice, made_on)
    against_plan = adherence(own, until, details.plans(), choice.days_per_week or DAYS_PER_WEEK)
    stopped = idle(dates, until)
    kept = () if choice.days_per_week is None else (_kept(against_plan, tuple(str(i) for i in dates.index)),)
    people = own.sessions["person"].dropna()
    content = ReportContent(
        person=str(people.iloc[0]) if len(people) else NOBODY if chosen.simulated else NO_NAME,
        first_day=first_day,
        last_day=last_day,
        made_on=made_on,
        origin="simulated" if chosen.simulated else "measured",
        tiles=_tiles(own, done_courses, against_plan, (last_day - first_day).days + 1),
        summary=(*([stopped] if stopped else []), *kept, *_summary(done_courses, said, sides, rejected, broken)),
        courses=done_courses,
        pauses=pauses(dates, first_day, until),
        changes=said,
        sides=sides,
        rejected=rejected,
        broken=broken,
        gaps=gap_rows(chosen, details, until),
        versions=version_rows(own.sessions, details.versions),
        cautions=tuple(f"{c.title}: {library()[c.exercise].unseen}" for c in done_courses if c.exercise in library()),
        sessions=_appendix(dates, frames.sessions["session_id"]),
    )
    return replace(content, notes=tuple(dict.fromkeys(f.sessions for f in figures_of(content) if f.sessions)))


def _tiles(own: LogFrames, found: tuple[Course, ...], against_plan: Adherence, days: int) -> tuple[Tile, ...]:
    """Sessions, sets against the plan, repetitions, holds."""
    ids = ids_of(own.sessions)
    rows = [r for c in found for r in c.rows]
    trained = int(own.sessions["date"].nunique())
    weekly = f", {7 * trained / days:.1f} a week" if days >= 14 else ""
    tiles = [
        Tile(
            noun_of(len(ids), "session"),
            Figure(str(len(ids)), len(ids), ids),
            f"on {trained} of {count_of(days, 'day')}{weekly}",
        )
    ]
    planned = sum(r.sets_planned.value for r in rows if r.sets_planned.sessions)
    sets = len(done(own.sets))
    below = f"of {planned:,.0f} planned; {against_plan.sets_done:,} in full" if planned else "no plan was logged"
    tiles.append(Tile(f"{noun_of(sets, 'set')} done", Figure(f"{sets:,}", sets, ids), below))
    reps, rejected = int(own.sets["reps_valid"].sum()), int(own.sets["rejected"].sum())
    holds, kept = int(own.sets["holds_valid"].sum()), int(own.sets["kept_valid"].sum())
    held_s = float(own.sets["held_valid_s"].sum())
    if reps or rejected or not holds:  # who only holds has no repetitions to miss
        below = f"{rejected:,} more {'was' if rejected == 1 else 'were'} not counted"
        tiles.append(Tile(noun_of(reps, "repetition"), Figure(f"{reps:,}", reps, ids), below))
    if holds:
        label, below = f"{noun_of(kept, 'hold')} kept", f"of {holds:,}; held for {held_clock(held_s)}"
        tiles.append(Tile(label, Figure(f"{kept:,}", kept, ids), below))
    return (*tiles, *_effort(own))


def _effort(own: LogFrames) -> list[Tile]:
    told = own.sessions[own.sessions["effort"].notna()]
    if told.empty:
        return []
    ids, middle = ids_of(told), float(told["effort"].median())
    low, high = int(told["effort"].min()), int(told["effort"].max())
    return [
        Tile(
            "effort of 10",
            Figure(f"{middle:.0f}", middle, ids),
            f"median of {count_of(len(ids), 'session')}; {low} to {high}",
        )
    ]


def _until(chosen: Chosen, choice: Choice, made_on: date) -> date:
    """Up to which day training is told of: until now, of a simulated log until its last day."""
    last = chosen.frames.sessions["date"].max().date()
    return choice.until or (last if chosen.simulated else max(last, made_on))


def _kept(found: Adherence, ids: tuple[str, ...]) -> Figure:
    """Training days against the plan."""
    text = adherence_sentence(found)
    return Figure(f"{text[0].upper()}{text[1:]}.", found.share, ids)


def _summary(
    found: tuple[Course, ...],
    said: tuple[Change, ...],
    sides: tuple[SideRow, ...],
    rejected: tuple[ReasonRow, ...],
    broken: tuple[ReasonRow, ...],
) -> tuple[Figure, ...]:
    """The few sentences that a reader in a hurry needs."""
    rows = [r for c in found for r in c.rows]
    plan, held, refused = _plan_sentence(rows), _hold_sentence(broken, rows), _rejected_sentence(rejected)
    return tuple(s for s in (plan, *_change_sentences(said), *_side_sentences(sides), held, refused) if s is not None)


def _plan_sentence(rows: list[ExerciseRow]) -> Figure | None:
    planned = [r for r in rows if r.adherence.sessions]
    if not planned:
        return None
    least = min(planned, key=lambda r: r.adherence.value)
    if least.adherence.value >= 1.0:
        sources = max((r.adherence.sessions for r in planned), key=len)
        return Figure("No planned set was left out.", 1.0, sources)
    share = percent(least.adherence.value, space=NBSP)
    text = f"Least of its plan: {_named(least.title, least.side)}, {share} of the sets done."
    return Figure(text, least.adherence.value, least.adherence.sessions)


def _change_sentences(said: tuple[Change, ...]) -> list[Figure]:
    real = [c.sentence for c in said if c.verdict == "real"]
    judged = [c for c in said if c.verdict == "not yet"]
    if real or not judged:
        return real[:3]
    sources = max((c.sentence.sessions for c in judged), key=len)
    return [
        Figure("No real change yet in any exercise: what differs lies within chance and measurement.", 0.0, sources)
    ]


def _side_sentences(sides: tuple[SideRow, ...]) -> list[Figure]:
    """At most two exercises whose sides really differ, the largest difference first."""
    real = sorted((s for s in sides if s.verdict == "real"), key=lambda s: -abs(s.difference.value))
    return [
        replace(s.difference, text=f"{s.title}: left and right really differ, right minus left {s.difference.text}.")
        for s in real[:2]
    ]


def _hold_sentence(broken: tuple[ReasonRow, ...], rows: list[ExerciseRow]) -> Figure | None:
    if not broken:
        return None
    worst = broken[0]
    of = next(r.holds for r in rows if (r.title, r.side) == (worst.title, worst.side))
    text = f"Holds not kept: most in {_named(worst.title, worst.side)}, {worst.count.text} of {of.text}."
    return Figure(text, worst.count.value, of.sessions)


def _rejected_sentence(rejected: tuple[ReasonRow, ...]) -> Figure | None:
    if not rejected:
        return None
    top = rejected[0]
    text = f"Not counted: most in {_named(top.title, top.side)}, {top.count.text}; {top.reasons[0].text}."
    return Figure(text, top.count.value, top.count.sessions)


def _named(title: str, side: str) -> str:
    return mid_sentence(title) + (f", {side}" if side else "")


def _appendix(dates: pd.Series, known: pd.Series) -> tuple[SessionRow, ...]:
    """The sessions of the report; their short ids begin no other of all that are `known`, whose they are."""
    names = [str(i) for i in dates.index]
    short = _shortest([str(i) for i in known])
    return tuple(SessionRow(n, i, short[i], d.date()) for n, (i, d) in enumerate(zip(names, dates, strict=True), 1))


def _shortest(names: list[str]) -> dict[str, str]:
    """For each name its shortest beginning that is no other's; names are sorted, so only neighbours matter."""
    ordered = sorted(names)
    out = dict[str, str]()
    for before, name, after in zip(["", *ordered], ordered, [*ordered[1:], ""], strict=False):
        shared = max(_common(name, before), _common(name, after))
        out[name] = name[: max(shared + 1, 8)]
    return out


def _common(a: str, b: str) -> int:
    return next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
