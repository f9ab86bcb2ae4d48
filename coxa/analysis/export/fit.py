"""FIT activities, one file a session: sets with their repetitions, for programs that read sports watches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pandas as pd

from coxa.analysis.load import LogFrames
from coxa.analysis.load_sets import not_denied, repetitions_of, zero_s
from coxa.host.errors import LogError

FILE_ID, ACTIVITY, SESSION, LAP, SET = "file_id", "activity", "session", "lap", "set"
CATEGORIES = {
    "hip_bridge": "hip_raise",
    "lunge": "lunge",
    "lateral_leg_raise": "hip_stability",
    "leg_raise": "leg_raise",
}
"""Categories of the FIT profile; the other exercises have none that fits."""
DEVELOPMENT = "development"
EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
"""FIT counts seconds from here."""


def write_fit(frames: LogFrames, folder: Path) -> pd.DataFrame:
    """`SESSION.fit` for each session in which a set was done; gives the rows of those.

    Raises:
        LogError: there is none.
    """
    written = list[str]()
    for _, session in frames.sessions.iterrows():
        name = str(session["session_id"])
        sets = frames.sets[frames.sets["session_id"] == name]
        if len(not_denied(sets)):
            (folder / f"{name}.fit").write_bytes(session_fit(session, sets))
            written.append(name)
    if not written:
        raise LogError("nothing to export: no session has a set that was done")
    return frames.sessions[frames.sessions["session_id"].isin(written)]


def session_fit(session: pd.Series, sets: pd.DataFrame) -> bytes:
    """The bytes of one FIT activity; an anonymous one begins in FIT's own early days.

    Required messages after developer.garmin.com/fit/file-types/activity, but for Record: there is no value over time
    that one could hold.
    """
    from garmin_fit_sdk import Encoder, Profile

    numbers = cast(dict[str, int], Profile["mesg_num"])
    start = _start(session)
    began_s = zero_s(session, sets)
    encoder = Encoder()

    def put(kind: str, fields: dict[str, Any]) -> None:
        encoder.on_mesg(numbers[kind.upper()], fields)

    put(FILE_ID, {"type": "activity", "manufacturer": DEVELOPMENT, "time_created": start})
    for i, (_, row) in enumerate(not_denied(sets).iterrows()):
        begun = start + timedelta(seconds=float(row["start_s"]) - began_s)
        fields: dict[str, Any] = {
            "timestamp": begun + timedelta(seconds=float(row["end_s"] - row["start_s"])),
            "start_time": begun,
            "duration": float(row["end_s"] - row["start_s"]),
            "repetitions": repetitions_of(row)[0],
            "set_type": "active",
            "message_index": i,
        }
        category = CATEGORIES.get(str(row["exercise"]))
        put(SET, {**fields, "category": [category]} if category else fields)
    seconds = _lasted_s(session, float(sets["end_s"].max()) - began_s)
    end = start + timedelta(seconds=seconds)
    total = {"timestamp": end, "start_time": start, "total_elapsed_time": seconds, "total_timer_time": seconds}
    put(LAP, {**total, "message_index": 0})  # as every activity must have one
    sport = {"sport": "training", "sub_sport": "flexibility_training"}
    put(SESSION, {**total, **sport, "message_index": 0, "first_lap_index": 0, "num_laps": 1})
    put(ACTIVITY, {"timestamp": end, "num_sessions": 1, "type": "manual", "total_timer_time": seconds})
    return bytes(encoder.close())


def _lasted_s(session: pd.Series, last_set_s: float) -> float:
    """Of sessions that do not say, until their last set ended."""
    return last_set_s if pd.isna(session["duration_s"]) else float(session["duration_s"])


def _start(session: pd.Series) -> datetime:
    if "started_at" in session:
        return cast(datetime, session["started_at"].to_pydatetime())
    return EPOCH + timedelta(days=400 + int(session["day"]))
