"""Which sessions a report is about: one person, one period, and never real and simulated ones in one figure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from coxa.host.errors import LogError

if TYPE_CHECKING:
    from coxa.analysis.load import LogFrames


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asked for; days are local and both belong to the period."""

    since: date | None = None
    until: date | None = None
    person: str | None = None
    days_per_week: int | None = None
    """Planned training days; None: nobody told."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sessions of a report and what was left out."""

    frames: LogFrames
    simulated: bool
    left_out: tuple[str, ...]
    """Ids of simulated sessions that were left out because the log has real ones, in whatever period."""
    unnamed: tuple[str, ...]
    """Ids of sessions that carry no name although others do."""


def choose(frames: LogFrames, choice: Choice) -> Chosen:
    """The sessions of the period and person.

    Raises:
        LogError: there are none, or they belong to several people and none was named.
    """
    sessions = frames.sessions
    if sessions.empty:
        raise LogError("nothing to report: the log has no sessions; `coxa demo` makes one")
    simulated = bool(sessions["simulated"].all())
    sessions = _in_period(sessions, choice)
    named = sorted(sessions["person"].dropna().unique())
    if choice.person is not None:
        sessions = sessions[(sessions["person"] == choice.person).fillna(False)]
        if sessions.empty:
            known = f"; there are {', '.join(map(repr, named))}" if named else "; they carry no name"
            raise LogError(f"nothing to report: no sessions of {choice.person!r} in this period{known}")
    left_out = sessions[:0] if simulated else sessions[sessions["simulated"]]
    sessions = sessions if simulated else sessions[~sessions["simulated"]]
    if sessions.empty:
        raise LogError("nothing to report: all sessions asked for are simulated, while the log has measured ones")
    people = sorted(sessions["person"].dropna().unique())
    if len(people) > 1:
        raise LogError(f"a report is about one person: choose with --person, one of {', '.join(map(repr, people))}")
    unnamed = sessions[sessions["person"].isna()] if people else sessions[:0]
    sessions = sessions.sort_values(["started_at", "session_id"])
    return Chosen(_only(frames, sessions), simulated, ids_of(left_out), ids_of(unnamed))


def _in_period(sessions: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    if choice.since and choice.until and choice.since > choice.until:
        raise LogError(f"nothing to report: --since {choice.since} lies after --until {choice.until}")
    inside = pd.Series(True, index=sessions.index)
    if choice.since:
        inside &= sessions["date"] >= pd.Timestamp(choice.since)
    if choice.until:
        inside &= sessions["date"] <= pd.Timestamp(choice.until)
    if not inside.any():
        first, last = sessions["date"].min().date(), sessions["date"].max().date()
        raise LogError(f"nothing to report: no sessions in this period; the log goes from {first} to {last}")
    return sessions[inside]


def _only(frames: LogFrames, sessions: pd.DataFrame) -> LogFrames:
    ids = sessions["session_id"]
    parts = {name: getattr(frames, name) for name in ("sets", "reps", "holds")}
    kept = {name: part[part["session_id"].isin(ids)] for name, part in parts.items()}
    return replace(frames, sessions=sessions, **kept)


def ids_of(sessions: pd.DataFrame) -> tuple[str, ...]:
    """The ids of sessions, or of the rows of any frame that has `session_id`, in their order."""
    return tuple(str(i) for i in sessions["session_id"])
