"""Logs of many days, as the loader gives them, with the ranges of motion that a test asks for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coxa.analysis.load import SESSION_TYPES, LogFrames
from coxa.analysis.load_sets import sets_of
from coxa.host.events import Event, HoldEnded, RepCompleted, Side
from coxa.host.log.corrections import Correction
from coxa.host.log.tables import tables
from coxa.host.routine import SetPlan

FIRST = date(2026, 10, 5)
"""A Monday."""


def reps(
    angles: list[float], side: Side | None = "right", exercise: str = "leg_raise", from_s: float = 0.0
) -> list[Event]:
    """A set with these ranges of motion, one every 3 s."""
    at = [(from_s + 3.0 * i, a) for i, a in enumerate(angles)]
    return [
        RepCompleted(exercise, side, i + 1, t, t + 1, t + 2, a, None, t + 2, 1.0, 0.9, 0.2, 0.9, -2.0)
        for i, (t, a) in enumerate(at)
    ]


def hold(held_s: float, angle: float = 100.0, side: Side = "right", exercise: str = "knee_to_chest") -> Event:
    """A hold with a target of 30 s."""
    return HoldEnded(exercise, side, 0, held_s, held_s, 30.0, angle, held_s >= 30.0, held_s, (), 1.0, 0.5)


def log_of(
    days: dict[int, list[Event]],
    *,
    slip_s: dict[int, float] | None = None,
    corrections: dict[str, list[Correction]] | None = None,
    plan: tuple[SetPlan, ...] = (),
    **columns: Any,
) -> LogFrames:
    """A log with a session on each day (counted from `FIRST`), as the loader gives it; its id is 's' and the day."""
    made = {d: tables(f"s{d}", events) for d, events in days.items()}
    start = [pd.Timestamp(FIRST + timedelta(days=d)) for d in days]
    sessions = pd.DataFrame({"session_id": [f"s{d}" for d in days], "simulated": False})
    sessions = sessions.reindex(columns=list(SESSION_TYPES)).assign(utc_offset_s=0, **columns)
    sessions = sessions.astype({k: v for k, v in SESSION_TYPES.items() if k in ("session_id", "person", "simulated")})
    sessions["date"] = pd.Series(start, dtype="datetime64[us]")
    sessions["started_at"] = (sessions["date"] + pd.Timedelta(hours=18)).dt.tz_localize("UTC")
    limits = [(slip_s or {}).get(d, np.inf) for d in days]
    rows, holds = (_whole([m[which] for m in made.values()], limits) for which in (0, 1))
    order = {f"s{d}": i for i, d in enumerate(days)}
    sets = sets_of(rows, holds, dict.fromkeys(order, plan), corrections or {}, order, pytest.fail)
    return LogFrames(sessions, sets, rows, holds)


def season(right: list[float], left: list[float] | None = None) -> LogFrames:
    """Sessions every third day with these medians."""
    sides = [reps([a - 1, a, a + 1]) for a in right]
    other = [reps([a - 1, a, a + 1], "left", from_s=60.0) for a in left] if left else [[] for _ in right]
    return log_of({3 * i: one + two for i, (one, two) in enumerate(zip(sides, other, strict=True))})


def noisy(seed: int, n: int, sd: float = 2.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, sd, n)


def _whole(parts: list[pd.DataFrame], slip_s: list[float]) -> pd.DataFrame:
    marked = [p.assign(after_slip=p["end_s"] > s) for p, s in zip(parts, slip_s, strict=True)]
    whole = pd.concat([p.astype({"exercise": "str", "side": "object"}) for p in marked], ignore_index=True)
    return whole.astype({"exercise": "category", "side": "category"})
