"""What happened over days and weeks: one row a session, exercise and side, and a verdict on each series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import scipy  # its statistics load when they are first used, and take half a second

from coxa.analysis.load import LogFrames
from coxa.analysis.load_sets import of_sets_done
from coxa.analysis.trend_stats import TREND_ALPHA, Change, change_of, minimal_detectable_change
from coxa.host.errors import LogError
from coxa.host.exercises.spec import Kind, library
from coxa.host.samples import FloatArray

NO_DEPTH = frozenset({"hamstring_stretch"})
"""Exercises whose depth one thigh sensor cannot see: judged by how long they are held."""
PAIRS = 12
"""A difference of the sides is told from so many of the last days with both."""
LEAST_PAIRS = 8
"""Wilcoxon's test cannot reach p < 0.01 with fewer."""
CERTAIN_TIMES = 2.0
"""The best of a session is one whose uncertainty is no more than so many times the usual one: after a gap an angle may
be 15 degrees too large."""
_KEYS = ["exercise", "side", "session_id"]
_NUMBERS = (
    "rom_best_deg",
    "rom_median_deg",
    "up_s",
    "hold_s",
    "down_s",
    "smoothness",
    "held_s",
    "hold_median_s",
    "steadiness_deg",
)
_VALID = {"reps_valid": "reps", "holds_valid": "holds", "kept_valid": "verified_holds", "held_valid_s": "held_s"}
"""Figures with corrections heeded, and their names in the table."""
_COUNTS = ("reps", "rejected", "holds", "verified_holds", "measured", "after_slip")


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """One exercise on one side over time."""

    exercise: str
    side: str
    """left, right, or empty where none was told."""
    quantity: str
    """What is judged, in words: thigh elevation, thigh tilt or hold time."""
    column: str
    """Its column in `sessions`."""
    unit: str
    sessions: pd.DataFrame
    """Rows of `session_table` for this exercise and side, oldest first."""
    change: Change

    @property
    def first(self) -> pd.Timestamp:
        """Local day of the first session that was measured."""
        return self.measured["date"].iloc[0]

    @property
    def last(self) -> pd.Timestamp:
        """Local day of the last session that was measured."""
        return self.measured["date"].iloc[-1]

    @property
    def measured(self) -> pd.DataFrame:
        """Those of its sessions that have what is judged."""
        return self.sessions[self.sessions[self.column].notna()]


@dataclass(frozen=True, slots=True)
class SideDifference:
    """How far the sides of an exercise lie apart now."""

    exercise: str
    quantity: str
    unit: str
    pairs: int
    """Days (or weeks, where the sides take turns) with both sides, the last `PAIRS` at most."""
    of_weeks: bool
    difference: float
    """Median of right minus left; NaN with too few pairs."""
    mdc: float
    """What a single pair differs by through chance alone, 95 %."""
    p: float
    """Wilcoxon's signed-rank test."""

    @property
    def real(self) -> bool:
        """Whether the sides differ: by the test and by size."""
        return self.p < TREND_ALPHA and abs(self.difference) > self.mdc


def own_sessions(frames: LogFrames, person: str | None = None, since: date | None = None) -> pd.DataFrame:
    """The sessions of one person: real ones where there are any, so that a demo never mixes with a life.

    Raises:
        LogError: the log has several persons and none is named, or not the one named.
    """
    sessions, people = _real(frames), people_of(frames)
    if person is not None:
        sessions = of_person(sessions, person)
    elif len(people) > 1:
        raise LogError(f"this log has several persons ({', '.join(people)}); name one with --person")
    if since is not None:
        sessions = sessions[sessions["date"] >= pd.Timestamp(since)]
    return sessions.sort_values("started_at", kind="stable")


def people_of(frames: LogFrames) -> list[str]:
    """The names in a log, of real sessions where there are any."""
    return sorted(_real(frames)["person"].dropna().unique())


def of_person(sessions: pd.DataFrame, person: str) -> pd.DataFrame:
    """Those of the sessions that are of one person.

    Raises:
        LogError: none is.
    """
    own = sessions[sessions["person"] == person]
    if own.empty:
        people = ", ".join(sorted(sessions["person"].dropna().unique()))
        raise LogError(f"nobody called '{person}' in this log; it has {people or 'no names'}")
    return own


def _real(frames: LogFrames) -> pd.DataFrame:
    sessions = frames.sessions
    return sessions if sessions["simulated"].all() else sessions[~sessions["simulated"]]


def session_table(frames: LogFrames, person: str | None = None, since: date | None = None) -> pd.DataFrame:
    """One row an exercise, side and session, oldest first.

    Repetitions and holds after a slip of the strap count, but are left out of every angle; those of sets that a person
    corrected to 0 are left out of whatever was measured. Columns: exercise, side
    (empty: not told), session_id, started_at, date (local day), simulated, t_days (since the first session),
    rom_best_deg (of those about as certain as most), rom_median_deg, measured (movements in that), up_s, hold_s,
    down_s, smoothness (medians), reps, rejected, holds, verified_holds, held_s (in the band, all holds),
    hold_median_s, steadiness_deg, after_slip (movements left out).

    Raises:
        LogError: as `own_sessions`.
    """
    sessions = own_sessions(frames, person, since)
    sets, reps, holds = (_of(frame, sessions) for frame in (frames.sets, frames.reps, frames.holds))
    reps, holds = of_sets_done(reps, sets), of_sets_done(holds, sets)
    counted = reps[reps["counted"]]
    depth = pd.concat([counted[~_holds_only(counted)], holds[_holds_only(holds)]], ignore_index=True)
    parts = [
        sets.groupby(_KEYS)[["rejected", *_VALID]].sum(),
        _medians(counted, {"up_s": "up_s", "hold_s": "hold_s", "down_s": "down_s", "smoothness": "smoothness"}),
        _medians(holds, {"held_s": "hold_median_s", "steadiness_deg": "steadiness_deg"}),
        _angles(depth),
    ]
    table = pd.concat(parts, axis=1).rename(columns=_VALID).reset_index()
    for name in _COUNTS:
        table[name] = pd.to_numeric(table[name]).fillna(0).astype("int64")
    for name in _NUMBERS:
        table[name] = pd.to_numeric(table[name]).astype("float64")
    table = table[(table["reps"] > 0) | (table["holds"] > 0)]
    table = table.merge(sessions[["session_id", "started_at", "date", "simulated"]], on="session_id")
    table["t_days"] = (table["started_at"] - sessions["started_at"].min()) / pd.Timedelta(days=1)
    return table.sort_values(["exercise", "side", "started_at"], kind="stable").reset_index(drop=True)


def trends(table: pd.DataFrame, exercise: str | None = None) -> list[Trend]:
    """A verdict on each exercise and side of a `session_table`."""
    found = list[Trend]()
    for name, side, rows in _series(table):
        if exercise is not None and name != exercise:
            continue
        quantity, column, unit = judged(name)
        change = change_of(rows["t_days"].to_numpy(np.float64), rows[column].to_numpy(np.float64))
        found.append(Trend(name, side, quantity, column, unit, rows, change))
    return found


def judged(exercise: str) -> tuple[str, str, str]:
    """What of an exercise is judged: its name in words, column of `session_table`, unit.

    A thigh sensor does not see the pelvis: no exercise's angle is called a hip angle.
    """
    if exercise in NO_DEPTH:
        return "hold time", "hold_median_s", "s"
    return "thigh tilt" if kind_of(exercise) == "circle" else "thigh elevation", "rom_median_deg", "deg"


def kind_of(exercise: str) -> Kind:
    """The exercise's kind; an own exercise that is not here any more counts as a raise."""
    spec = library().get(exercise)
    return spec.kind if spec else "raise"


def side_differences(table: pd.DataFrame, exercise: str | None = None) -> list[SideDifference]:
    """Right against left for every exercise that was done on both sides."""
    found = list[SideDifference]()
    for name in dict.fromkeys(table["exercise"]):
        rows = table[table["exercise"] == name]
        if (exercise is None or name == exercise) and {"left", "right"} <= set(rows["side"]):
            found.append(_side_difference(name, rows))
    return found


def weekly(table: pd.DataFrame) -> pd.DataFrame:
    """One row an exercise, side and week (its Monday), first to last; a week without a session is NaN."""
    out = list[pd.DataFrame]()
    for name, side, rows in _series(table):
        week = monday(rows["date"])
        part = pd.DataFrame({
            "sessions": rows.groupby(week)["session_id"].nunique(),
            "rom_median_deg": rows.groupby(week)["rom_median_deg"].median(),
            "rom_best_deg": rows.groupby(week)["rom_best_deg"].max(),
            "reps": rows.groupby(week)["reps"].sum(),
            "held_s": rows.groupby(week)["held_s"].sum(min_count=1),
        })  # fmt: skip
        part = part.reindex(pd.date_range(week.min(), week.max(), freq="7D", name="week"))
        part["sessions"] = part["sessions"].fillna(0).astype("int64")
        out.append(part.reset_index().assign(exercise=name, side=side))
    return pd.concat(out, ignore_index=True) if out else pd.DataFrame(columns=["week", "exercise", "side", "sessions"])


def monday(days: pd.Series[Any]) -> pd.Series[Any]:
    """The Monday of each day's week."""
    return days - pd.to_timedelta(days.dt.day_of_week, unit="D")


def _series(table: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    for (name, side), rows in table.groupby(["exercise", "side"], sort=True):
        yield str(name), str(side), rows.reset_index(drop=True)


def _of(frame: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Rows of some sessions, exercise and side as plain text."""
    rows = frame[frame["session_id"].isin(sessions["session_id"])]
    side = rows["side"].astype("object").where(rows["side"].notna(), "")
    return rows.assign(exercise=rows["exercise"].astype("object"), side=side)


def _holds_only(rows: pd.DataFrame) -> pd.Series[Any]:
    only = {name: kind_of(name) == "hold" for name in rows["exercise"].unique()}
    return rows["exercise"].map(only).astype("bool")


def _medians(rows: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    return rows.groupby(_KEYS)[list(names)].median().rename(columns=names)


def _angles(rows: pd.DataFrame) -> pd.DataFrame:
    slipped = rows["after_slip"].astype("bool")
    keys = [rows[k] for k in _KEYS]
    angle, sd = rows["rom_deg"].mask(slipped), rows["rom_sd_deg"].mask(slipped)
    usual = sd.groupby(keys).transform("median")
    good, certain = angle.groupby(keys), angle.mask(sd > CERTAIN_TIMES * usual).groupby(keys)
    parts = {
        "rom_best_deg": certain.max(),
        "rom_median_deg": good.median(),
        "measured": good.count(),
        "after_slip": slipped.groupby(keys).sum(),
    }
    return pd.concat(parts, axis=1)


def _side_difference(exercise: str, rows: pd.DataFrame) -> SideDifference:
    quantity, column, unit = judged(exercise)
    by_day = _pairs(rows, rows["date"], column)
    of_weeks = len(by_day) < LEAST_PAIRS
    both = (_pairs(rows, monday(rows["date"]), column) if of_weeks else by_day)[-PAIRS:]
    if len(both) < LEAST_PAIRS:
        nan = float("nan")
        return SideDifference(exercise, quantity, unit, len(both), of_weeks, nan, nan, nan)
    apart = both - float(np.median(both))
    sem = float(np.sqrt(np.sum(apart**2) / (len(both) - 1) / 2.0))
    p = float(scipy.stats.wilcoxon(both).pvalue) if np.any(both != 0.0) else 1.0
    mdc = minimal_detectable_change(sem, len(both) - 1)
    return SideDifference(exercise, quantity, unit, len(both), of_weeks, float(np.median(both)), mdc, p)


def _pairs(rows: pd.DataFrame, when: pd.Series[Any], column: str) -> FloatArray:
    wide = rows.assign(when=when).pivot_table(index="when", columns="side", values=column, aggfunc="median")
    if not {"left", "right"} <= set(wide.columns):
        return np.empty(0)
    return (wide["right"] - wide["left"]).dropna().to_numpy(np.float64)
