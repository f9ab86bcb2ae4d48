"""Takes out of the frames what tells who, when or where; what was measured stays."""

from __future__ import annotations

import pandas as pd

from coxa.analysis.load import LogFrames

TELLING = ("person", "sensor_name", "sensor_address", "folder")
"""Columns that are emptied."""


def anonymous(frames: LogFrames) -> LogFrames:
    """Names, addresses and folders gone, sessions numbered, days counted from the first; free text is in no frame."""
    number = session_numbers(frames.sessions)
    sessions = frames.sessions.copy()
    for column in TELLING:
        sessions[column] = pd.Series(pd.NA, index=sessions.index, dtype="string")
    sessions["seed"] = pd.Series(pd.NA, index=sessions.index, dtype="Int64")
    days = pd.to_datetime(sessions["date"])
    sessions["day"] = (days - days.min()).dt.days.astype("Int32")
    sessions = sessions.drop(columns=["started_at", "date", "utc_offset_s"])
    return LogFrames(*(_renamed(f, number) for f in (sessions, frames.sets, frames.reps, frames.holds)))


def session_numbers(sessions: pd.DataFrame) -> dict[str, str]:
    """The number that stands for each session's id, in order of time."""
    return {old: f"s{i + 1:04d}" for i, old in enumerate(sessions["session_id"].astype("string"))}


def _renamed(frame: pd.DataFrame, number: dict[str, str]) -> pd.DataFrame:
    renamed = frame.copy()
    renamed["session_id"] = renamed["session_id"].astype("string").map(number).astype("string")
    return renamed
