"""What the tables of a log leave out and a report says: plans, reasons of breaks, lost tracking, versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd
from upath import UPath

from coxa.analysis.lost import lost_stretches
from coxa.host.errors import LogError
from coxa.host.events import Event, HoldEnded, Side, TrackingLost
from coxa.host.log import Session, SessionHeader, open_session
from coxa.host.log.header import COUNTED_BY
from coxa.host.reasons import is_warning
from coxa.host.routine import SetPlan

_COLUMNS = {
    "planned": ("session_id", "exercise", "side", "reps", "hold_target_s"),
    "breaks": ("session_id", "start_s", "seconds", "reason"),
    "lost": ("session_id", "start_s", "seconds", "reason"),
    "warned": ("session_id", "reason"),
    "versions": ("session_id", "what"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Details:
    """Tidy tables, one row each: a planned set, a break of a hold, a stretch without tracking, a warning of the
    sensor, a program or sensor.
    """

    planned: pd.DataFrame
    """session_id, exercise, side (NA: not told), reps (NA: open end), hold_target_s (NA: none)."""
    breaks: pd.DataFrame
    """session_id, start_s of the hold, seconds, reason."""
    lost: pd.DataFrame
    """session_id, start_s, seconds, reason."""
    warned: pd.DataFrame
    """session_id, reason: the sensor was not where or what it should be, and counting went on."""
    versions: pd.DataFrame
    """session_id, what (as `coxa 0.1.0`)."""

    def plans(self) -> dict[str, tuple[SetPlan, ...]]:
        """The planned sets of each session."""
        found = dict[str, tuple[SetPlan, ...]]()
        for row in self.planned.astype(object).itertuples(index=False, name=None):
            session, exercise, told, reps, held_s = cast(tuple[str, str, Side, float, float], row)
            side = told if told in ("left", "right") else None
            planned = SetPlan(exercise, side, None if pd.isna(reps) else int(reps), None if pd.isna(held_s) else held_s)
            found[session] = (*found.get(session, ()), planned)
        return found


def read_details(sessions: pd.DataFrame, log: UPath) -> Details:
    """The details of the sessions of a log; what cannot be read is left out.

    Args:
        sessions: the frame of `coxa.analysis.load`; its folders are paths inside the log's store.
        log: the log.
    """
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _COLUMNS}
    for folder in sessions["folder"].dropna():
        session = _opened(UPath(str(folder), protocol=log.protocol, **log.storage_options))
        if session is not None:
            for name, found in _of(session).items():
                rows[name] += found
    return details_from(rows)


def details_from(rows: dict[str, list[tuple[Any, ...]]]) -> Details:
    """The tables from plain rows, as `Details` names their columns; tables that are missing are empty."""
    return Details(**{name: pd.DataFrame(rows.get(name, []), columns=list(c)) for name, c in _COLUMNS.items()})


def _opened(folder: UPath) -> Session | None:
    try:
        return open_session(folder)
    except LogError:
        return None


def _of(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    header = session.header
    name = header.session_id
    try:
        events = session.events()
    except LogError:
        events = list[Event]()
    holds = [e for e in events if isinstance(e, HoldEnded)]
    lost = lost_stretches(events, _ended_s(header, events))
    warnings = [e for e in events if isinstance(e, TrackingLost) and is_warning(e.reason)]
    return {
        "planned": [(name, p.exercise, p.side, p.reps, p.hold_target_s) for p in header.plan],
        "breaks": [(name, h.start_s, b.end_s - b.start_s, b.reason) for h in holds for b in h.breaks],
        "lost": [(name, s.start_s, s.end_s - s.start_s, s.reason) for s in lost],
        "warned": [(name, e.reason) for e in warnings],
        "versions": [(name, what) for what in _versions(header.versions, header.sensor)],
    }


def _ended_s(header: SessionHeader, events: Sequence[Event]) -> float:
    """When the session was over, on the sensor's clock; where it does not say so, the newest event stands for it."""
    return header.ended_s if header.ended_s is not None else max((e.decided_s for e in events[-1:]), default=0.0)


def _versions(versions: dict[str, str], sensor: dict[str, Any]) -> list[str]:
    programs = [f"{name} {versions[name]}" for name in (*COUNTED_BY, "python") if name in versions]
    firmware = sensor.get("firmware")
    names = [str(sensor[k]) for k in ("name", "address") if sensor.get(k)]
    device = f"sensor {' '.join(names)}" + (f", firmware {firmware}" if firmware else "")
    return [*programs, *([device] if names else [])]
