"""Logs as tables, made by hand: a person who trains, misses sets, improves on one side and pauses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd

from coxa.analysis.load import LogFrames
from coxa.analysis.report.details import Details, details_from
from coxa.host.exercises.spec import library
from coxa.host.log.tables import HOLD_TYPES, REP_TYPES

PLAN = (
    ("lateral_leg_raise", "left", 10),
    ("lateral_leg_raise", "right", 10),
    ("leg_raise", "left", 8),
    ("leg_raise", "right", 8),
    ("hip_circle", None, 12),
    ("lunge", "right", 8),
    ("knee_to_chest", "left", 2),
    ("knee_to_chest", "right", 2),
    ("figure_four", "left", 2),
    ("hip_bridge", None, 6),
)
LEVEL_DEG = {"lateral_leg_raise": 34, "leg_raise": 48, "hip_circle": 9, "lunge": 71, "knee_to_chest": 98}
SESSION_TYPES = {
    "session_id": "string", "utc_offset_s": "int32", "date": "datetime64[us]", "person": "string", "simulated": "bool",
    "seed": "Int64", "sensor_name": "string", "sensor_address": "string", "duration_s": "float64",
    "lost_share": "float64", "reconnects": "Int32", "coxa_version": "string", "effort": "Int8", "folder": "string",
}  # fmt: skip
SET_TYPES = {
    "session_id": "string", "set_index": "int32", "start_s": "float64", "end_s": "float64", "target_reps": "Int32",
    "target_hold_s": "float64", "reps": "int32", "reps_corrected": "Int32", "reps_valid": "int32", "rejected": "int32",
    "holds": "int32", "held_s": "float64", "verified_holds": "int32", "holds_valid": "int32", "kept_valid": "int32",
    "held_valid_s": "float64",
}  # fmt: skip


@dataclass
class Maker:
    """Collects rows and gives the frames."""

    seed: int = 1
    sessions: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    sets: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    reps: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    holds: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    details: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict[str, list[tuple[Any, ...]]])

    def session(self, day: date, hour: int = 18, **other: Any) -> str:
        """One session with nothing in it yet; gives its id."""
        at = datetime(day.year, day.month, day.day, hour, tzinfo=timezone(timedelta(hours=1)))
        name = f"{at:%Y%m%dT%H%M%S}-{len(self.sessions):06x}"
        row: dict[str, Any] = dict.fromkeys(SESSION_TYPES)
        row |= {
            "session_id": name, "started_at": at, "utc_offset_s": 3600, "date": pd.Timestamp(day), "person": "Anna M.",
            "simulated": False, "sensor_name": "coxa T1", "state": "closed", "duration_s": 900.0, "lost_share": 0.002,
            "reconnects": 0, "coxa_version": "0.1.0", "folder": f"/nowhere/{name}",
        }  # fmt: skip
        self.sessions.append(row | other)
        return name

    def add_set(
        self, session: str, exercise: str, side: str | None, target: int | None, *, counted: int = 0, rejected: int = 0,
        holds: tuple[tuple[float, float], ...] = (), level_deg: float = 40.0, corrected: int | None = None,
    ) -> None:  # fmt: skip
        """One set: counted and rejected repetitions, holds as (held_s, target_s)."""
        rng = np.random.default_rng([self.seed, len(self.sets)])
        index = sum(s["session_id"] == session for s in self.sets)
        same = {"session_id": session, "set_index": index, "exercise": exercise, "side": side}
        self.sets.append(
            same | {
                "start_s": 60.0 * index, "end_s": 60.0 * index + 50, "target_reps": target, "target_hold_s": None,
                "reps": counted, "reps_corrected": corrected, "reps_valid": counted if corrected is None else corrected,
                "rejected": rejected, "holds": len(holds), "held_s": sum(h for h, _ in holds),
                "verified_holds": sum(h >= t for h, t in holds), "holds_valid": len(holds),
                "kept_valid": sum(h >= t for h, t in holds), "held_valid_s": sum(h for h, _ in holds),
            }
        )  # fmt: skip
        reasons = (
            ("too small", "deg", 11.0, 13.0),
            ("too fast", "s", 0.6, 0.8),
            ("wrong direction", "cosine", 0.1, 0.5),
        )
        for k in range(counted + rejected):
            row = same | {"start_s": 60.0 * index + 4 * k, "after_slip": False, "counted": k < counted}
            if k < counted:
                row |= {"rep_index": k + 1, "rom_deg": level_deg + rng.normal(0, 1.5), "rom_sd_deg": 1.6}
            else:
                reason, unit, measured, needed = reasons[int(rng.integers(3))]
                row |= {"reason": reason, "unit": unit, "measured": measured, "needed": needed}
            self.reps.append(row)
        for k, (held, wanted) in enumerate(holds):
            self.holds.append(
                same | {
                    "start_s": 60.0 * index + 40 * k, "held_s": held, "target_s": wanted, "rom_deg": level_deg,
                    "rom_sd_deg": 2.2, "verified": held >= wanted, "breaks": int(held < 9), "break_s": 1.0,
                    "after_slip": False,
                }
            )  # fmt: skip

    def frames(self) -> LogFrames:
        """The tables with the loader's own types."""
        return LogFrames(
            sessions=_typed(self.sessions, SESSION_TYPES, ("started_at", "state")),
            sets=_typed(self.sets, SET_TYPES, ("exercise", "side")),
            reps=_typed(self.reps, REP_TYPES | {"after_slip": "bool"}, ("exercise", "side")),
            holds=_typed(self.holds, HOLD_TYPES | {"after_slip": "bool"}, ("exercise", "side")),
        )

    def extras(self) -> Details:
        """The details that were noted."""
        return details_from(self.details)


def _typed(rows: list[dict[str, Any]], types: dict[str, str], others: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(dict.fromkeys((*others, *types))))
    plain = {k: v for k, v in types.items() if v != "category" or k not in others}
    numbers = [k for k, v in plain.items() if v in ("int32", "bool") and frame[k].isna().any()]
    frame = frame.fillna(dict.fromkeys(numbers, 0)) if numbers else frame
    frame = frame.astype(plain)
    if "exercise" in frame:
        frame["exercise"] = pd.Categorical(
            frame["exercise"], categories=list(dict.fromkeys([*library(), *frame["exercise"]]))
        )
        frame["side"] = pd.Categorical(frame["side"], categories=["left", "right"])
    if "state" in frame:
        frame["state"] = pd.Categorical(frame["state"], categories=["open", "closed", "repaired"])
        frame["started_at"] = pd.to_datetime(frame["started_at"], utc=True).astype("datetime64[us, UTC]")
    return frame


def weeks_of_training(weeks: int = 8, *, seed: int = 1, first: date = date(2026, 9, 1), **other: Any) -> Maker:
    """Four sessions a week with a fortnight's pause; the right raise grows, everything else stays."""
    made, rng = Maker(seed), np.random.default_rng(seed)
    for week in range(weeks):
        if weeks > 4 and week in (weeks // 2, weeks // 2 + 1):
            continue
        for day in sorted(rng.choice(7, 4, replace=False)):
            loss: dict[str, Any] = {"lost_share": 0.06, "reconnects": 2} if rng.random() < 0.06 else {}
            name = made.session(first + timedelta(days=7 * week + int(day)), **(loss | other))
            _train(made, name, week, rng)
            if loss:
                made.details.setdefault("lost", []).append((name, 300.0, 14.0, "no samples"))
            versions = ("coxa 0.1.0", "vqf 2.1.1", "sensor coxa T1, firmware 1.4")
            made.details.setdefault("versions", []).extend((name, v) for v in versions)
    return made


def _train(made: Maker, name: str, week: int, rng: np.random.Generator) -> None:
    for exercise, side, target in PLAN:
        made.details.setdefault("planned", []).append((name, exercise, side, target, None))
        if rng.random() < 0.06:
            continue
        kind, level = library()[exercise].kind, LEVEL_DEG.get(exercise, 30.0) + rng.normal(0, 1.0)
        if (exercise, side) == ("lateral_leg_raise", "right"):
            level -= 9.0 - 1.6 * week
        holds = ()
        if kind in ("hold", "bridge"):
            wanted = 30.0 if kind == "hold" else 20.0
            holds = tuple((float(min(rng.normal(wanted, 5), wanted + 1)), wanted) for _ in range(target))
            holds = tuple((wanted if h > wanted - 3 else h, wanted) for h, _ in holds)
        counted = 0 if kind == "hold" else max(target - int(rng.poisson(0.3)), 0)
        corrected = counted + 1 if rng.random() < 0.01 and counted else None
        rejected = int(rng.poisson(0.4)) if counted else 0
        made.add_set(
            name, exercise, side, target, counted=counted, rejected=rejected, holds=holds, level_deg=level,
            corrected=corrected,
        )  # fmt: skip
