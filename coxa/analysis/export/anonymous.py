"""Takes out of the frames what tells who, when or where; what was measured stays."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from coxa.analysis.load import LogFrames
from coxa.host.exercises.spec import library, own_exercises

TELLING = ("sensor_name", "sensor_address", "folder")
"""Columns that are emptied."""
CLOCK = ("start_s", "peak_s", "end_s", "decided_s")
"""Columns on the sensor's clock, which some makers set to the time of day (Polar: seconds since 2000)."""


def anonymous(frames: LogFrames) -> LogFrames:
    """Names, addresses and folders gone, sessions and persons numbered, days and seconds counted from the first.

    An exercise of the user's own is called by a number, too: its name is a text of theirs. No other text is in a frame.
    """
    number, zero_s, names = session_numbers(frames.sessions), session_zeros(frames), _exercise_names(frames)
    sessions = frames.sessions.copy()
    for column in TELLING:
        sessions[column] = pd.Series(pd.NA, index=sessions.index, dtype="string")
    people = {name: f"p{i + 1:03d}" for i, name in enumerate(sessions["person"].dropna().unique())}
    sessions["person"] = sessions["person"].map(people).astype("string")
    sessions["seed"] = pd.Series(pd.NA, index=sessions.index, dtype="Int64")
    sessions["began_s"] -= sessions["session_id"].astype("string").map(zero_s).astype("float64")
    days = pd.to_datetime(sessions["date"])
    sessions["day"] = (days - days.min()).dt.days.astype("Int32")
    sessions = sessions.drop(columns=["started_at", "date", "utc_offset_s"])
    rows = (_from_zero(f, zero_s, names) for f in (frames.sets, frames.reps, frames.holds))
    return LogFrames(*(_renamed(f, number) for f in (sessions, *rows)))


def session_numbers(sessions: pd.DataFrame) -> dict[str, str]:
    """The number that stands for each session's id, in order of time."""
    return {old: f"s{i + 1:04d}" for i, old in enumerate(sessions["session_id"].astype("string"))}


def session_zeros(frames: LogFrames) -> dict[str, float]:
    """When the first movement of each session began, on the sensor's clock: an anonymous session's zero."""
    starts = pd.concat([f[["session_id", "start_s"]] for f in (frames.reps, frames.holds)], ignore_index=True)
    first = starts.groupby(starts["session_id"].astype("string"))["start_s"].min()
    return {str(name): float(s) for name, s in first.items()}


def _exercise_names(frames: LogFrames) -> dict[str, str]:
    """The number that stands for each exercise that is not built in."""
    built_in = library().keys() - {spec.name for spec in own_exercises()}
    seen = dict.fromkeys(str(n) for f in (frames.sets, frames.reps, frames.holds) for n in f["exercise"].cat.categories)
    return {name: f"own_{i + 1}" for i, name in enumerate(sorted(seen.keys() - built_in))}


def _from_zero(frame: pd.DataFrame, zero_s: Mapping[str, float], names: Mapping[str, str]) -> pd.DataFrame:
    moved = frame.copy()
    for column in moved.columns.intersection(list(CLOCK)):
        moved[column] = moved[column] - moved["session_id"].astype("string").map(zero_s).astype("float64")
    moved["exercise"] = moved["exercise"].cat.rename_categories(dict(names))
    return moved


def _renamed(frame: pd.DataFrame, number: dict[str, str]) -> pd.DataFrame:
    renamed = frame.copy()
    renamed["session_id"] = renamed["session_id"].astype("string").map(number).astype("string")
    return renamed
