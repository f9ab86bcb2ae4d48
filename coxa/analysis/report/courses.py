"""What was done of each exercise and side against the plan, and its course over the period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coxa.analysis.coverage import COVERAGE_95
from coxa.analysis.load_sets import done, of_sets_done
from coxa.analysis.names import held_text, percent, title_of
from coxa.analysis.report.choice import ids_of
from coxa.analysis.report.model import NOTHING, Course, ExerciseRow, Figure, Point, Spark
from coxa.analysis.trends import NO_DEPTH, judged, kind_of
from coxa.host.exercises.spec import library
from coxa.host.tracker import AUTO

if TYPE_CHECKING:
    from coxa.analysis.load import LogFrames

SIDES = ("left", "right", "")
NBSP = "\u00a0"
"""Keeps a figure and its unit on one line."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One exercise on one side: its rows of every table, and the sessions that planned or did it."""

    exercise: str
    side: str
    sets: pd.DataFrame
    reps: pd.DataFrame
    holds: pd.DataFrame
    planned: pd.DataFrame
    order: tuple[str, ...]
    """Every session id of the report, oldest first."""

    @property
    def sessions(self) -> tuple[str, ...]:
        """Sessions that tried it."""
        return self.within(self.sets["session_id"])

    @property
    def asked(self) -> tuple[str, ...]:
        """Sessions that planned or tried it."""
        return self.within(self.sets["session_id"], self.planned["session_id"])

    def within(self, *ids: pd.Series) -> tuple[str, ...]:
        """These sessions, oldest first, each once."""
        found = {str(i) for some in ids for i in some}
        return tuple(i for i in self.order if i in found)

    def figure(self, text: str, value: float) -> Figure:
        """A figure over all sessions that tried it."""
        return Figure(text, value, self.sessions)


def parts(frames: LogFrames, planned: pd.DataFrame) -> list[Part]:
    """Every exercise and side that was planned or done, in the library's order."""
    order = ids_of(frames.sessions)
    tables = {name: _with_side(getattr(frames, name)) for name in ("sets", "reps", "holds")}
    tables["planned"] = _with_side(planned)
    found = list[Part]()
    seen = {str(e) for name in ("sets", "planned") for e in tables[name]["exercise"]}
    others = sorted(seen - {*library(), AUTO})
    for exercise in (*library(), *others):
        for side in SIDES:
            own = {n: t[(t["exercise"] == exercise) & (t["side"] == side)] for n, t in tables.items()}
            if len(own["sets"]) or len(own["planned"]):
                found.append(Part(exercise, side, order=order, **own))
    return found


def _with_side(table: pd.DataFrame) -> pd.DataFrame:
    """Side and exercise as plain text, an untold side as ''."""
    side, exercise = (table[c].astype(object) for c in ("side", "exercise"))
    return table.assign(side=side.where(side.notna(), ""), exercise=exercise.astype(str))


def planned_sets(frames: LogFrames, planned: pd.DataFrame) -> pd.DataFrame:
    """Planned sets from the headers; for sessions whose header is not at hand, the sets that had a target."""
    sets = frames.sets
    own = sets[~sets["session_id"].isin(planned["session_id"]) & sets["target_reps"].notna()]
    own = own[["session_id", "exercise", "side", "target_reps"]].rename(columns={"target_reps": "reps"}).astype(object)
    kept = planned[planned["session_id"].isin(frames.sessions["session_id"])].astype(object)
    return pd.concat([t for t in (kept, own) if len(t)] or [kept], ignore_index=True)


def exercise_row(part: Part) -> ExerciseRow:
    """The figures of one exercise on one side."""
    kind = kind_of(part.exercise)
    sets = done(part.sets)
    planned = pd.to_numeric(part.planned["reps"], errors="coerce")
    open_end = bool(planned.isna().any()) or planned.empty
    target = float(planned.sum())
    days = part.within(sets["session_id"])
    held_s = float(part.sets["held_valid_s"].sum())
    holds, kept = int(part.sets["holds_valid"].sum()), int(part.sets["kept_valid"].sum())
    reps = int(part.sets["reps_valid"].sum())
    counts_reps, has_holds = kind != "hold", kind in ("hold", "bridge") or holds > 0
    return ExerciseRow(
        exercise=part.exercise,
        title=title_of(part.exercise),
        side=part.side,
        sessions=part.figure(str(len(days)), len(days)),
        sets=part.figure(f"{len(sets):,}", len(sets)),
        sets_planned=Figure(str(len(planned)), len(planned), part.asked) if len(planned) else NOTHING,
        adherence=_adherence(part, sets),
        reps=part.figure(f"{reps:,}", reps) if counts_reps or reps else NOTHING,
        reps_planned=Figure(f"{target:,.0f}", target, part.asked) if counts_reps and not open_end else NOTHING,
        rejected=part.figure(str(int(part.sets["rejected"].sum())), float(part.sets["rejected"].sum())),
        holds=part.figure(f"{holds:,}", holds) if has_holds else NOTHING,
        holds_kept=part.figure(f"{kept:,}", kept) if has_holds else NOTHING,
        held_s=part.figure(held_clock(held_s), held_s) if has_holds else NOTHING,
        elevation_deg=_elevation(part),
    )


def _adherence(part: Part, sets: pd.DataFrame) -> Figure:
    wanted, made = part.planned.groupby("session_id").size(), sets.groupby("session_id").size()
    if wanted.empty:
        return NOTHING
    share = float(np.minimum(wanted, made.reindex(wanted.index, fill_value=0)).sum() / wanted.sum())
    return Figure(percent(share, space=NBSP), share, part.asked)


def measured(part: Part) -> pd.DataFrame:
    """The angles that count: session_id, rom_deg, rom_sd_deg of counted repetitions or of holds; no slipped strap, no
    set that a person corrected to 0.
    """
    rows = part.holds if kind_of(part.exercise) == "hold" else part.reps[part.reps["counted"]]
    rows = of_sets_done(rows, part.sets)
    slipped = rows["after_slip"].astype(bool) if "after_slip" in rows else pd.Series(False, index=rows.index)
    rows = rows[~slipped & rows["rom_deg"].notna()]
    return rows[["session_id", "rom_deg", "rom_sd_deg"]]


def _elevation(part: Part) -> Figure:
    rows = measured(part)
    if rows.empty or part.exercise in NO_DEPTH:
        return NOTHING
    middle, spread = float(rows["rom_deg"].median()), float(rows["rom_sd_deg"].median())
    return Figure(degrees(middle, COVERAGE_95 * spread), middle, part.within(rows["session_id"]))


def courses(found: list[Part], table: pd.DataFrame, days: pd.Series) -> tuple[Course, ...]:
    """Each exercise with the rows of its sides and one sparkline.

    Args:
        found: from `parts`.
        table: from `coxa.analysis.trends.session_table`, of the same sessions.
        days: days since the first of the period, indexed by session id.
    """
    by_exercise = dict[str, list[Part]]()
    for part in found:
        by_exercise.setdefault(part.exercise, []).append(part)
    return tuple(
        Course(name, title_of(name), _spark(name, table, days), tuple(exercise_row(p) for p in own))
        for name, own in by_exercise.items()
    )


def _spark(exercise: str, table: pd.DataFrame, days: pd.Series) -> Spark:
    """What `coxa trends` judges of the exercise, one value a session."""
    quantity, column, unit = judged(exercise)
    rows = table[(table["exercise"] == exercise) & table[column].notna()]
    points = {
        side: tuple(
            Point(float(days[str(i)]), float(v), str(i)) for i, v in zip(own["session_id"], own[column], strict=True)
        )
        for side, own in rows.groupby("side")
    }
    return Spark(
        measure=f"median {quantity}",
        unit="°" if unit == "deg" else unit,
        left=points.get("left", ()),
        right=points.get("right", ()),
        untold=points.get("", ()),
    )


def clock(seconds: float) -> str:
    """A length of time in a few letters: `45 s`, `4 min 05 s`, `42 min`, `2:05 h`."""
    whole = round(seconds)
    minutes = round(seconds / 60)
    if whole < 60:
        return f"{whole}{NBSP}s"
    if whole < 600:
        return f"{whole // 60}{NBSP}min{NBSP}{whole % 60:02d}{NBSP}s"
    return f"{minutes}{NBSP}min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d}{NBSP}h"


def held_clock(held_s: float) -> str:
    """The same of time held, in whole seconds that were held as everywhere: what fell short never reads as enough."""
    return clock(float(held_text(held_s)))


def signed(value: float, digits: int = 0) -> str:
    """A difference with its sign; what rounds to nothing has none."""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text if float(text[1:]) else text[1:]


def degrees(value: float, half: float) -> str:
    """A rounded angle with the half width of its 95 % interval where that is known."""
    return f"{value:.0f}°" if not np.isfinite(half) else f"{value:.0f}{NBSP}±{NBSP}{max(half, 1.0):.0f}°"


def say_day(day: date) -> str:
    """A day as `2 Mar 2026`."""
    return f"{day.day} {day:%b %Y}"
