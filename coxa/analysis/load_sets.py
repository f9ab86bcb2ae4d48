"""The sets of a log, from its repetitions, holds, plans and corrections by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from coxa.host.log.corrections import Correction
from coxa.host.routine import SetPlan

SET_TYPES = {
    "session_id": "string",
    "set_index": "int32",
    "start_s": "float64",
    "end_s": "float64",
    "target_reps": "Int32",
    "target_hold_s": "float64",
    "reps": "int32",
    "reps_corrected": "Int32",
    "reps_valid": "int32",
    "rejected": "int32",
    "holds": "int32",
    "held_s": "float64",
    "verified_holds": "int32",
}
_KEY = ["session_id", "set_index"]


def repetitions_of(row: pd.Series) -> tuple[int, bool]:
    """How many repetitions a set has, corrections heeded, and whether they are holds: those of a hold exercise are, of
    which the library may not know.
    """
    by_holds = int(row["reps"]) == 0 and int(row["holds"]) > 0
    seen = row["holds"] if by_holds else row["reps"]
    return int(seen if pd.isna(row["reps_corrected"]) else row["reps_corrected"]), by_holds


def zero_s(session: pd.Series, own_sets: pd.DataFrame) -> float:
    """When a session's first sample came, on its own clock; of sessions that do not say, when its first set began."""
    return float(own_sets["start_s"].min() if pd.isna(session["began_s"]) else session["began_s"])


def sets_of(
    reps: pd.DataFrame,
    holds: pd.DataFrame,
    plans: Mapping[str, tuple[SetPlan, ...]],
    corrections: Mapping[str, list[Correction]],
    order: Mapping[str, int],
    tell: Callable[[str], None],
) -> pd.DataFrame:
    """One row a set in which anything was seen, in the order of the sessions.

    Args:
        reps: one row a repetition, counted and rejected.
        holds: one row a hold.
        plans: the planned sets of each session.
        corrections: what people said afterwards, by session.
        order: the place of each session.
        tell: told of a correction about a set that is not there.
    """
    sets = _seen(reps, holds)
    sets["_place"] = [order[name] for name in sets["session_id"]]
    sets = sets.sort_values(["_place", "set_index"], ignore_index=True).drop(columns="_place")
    sets["target_reps"] = _target_reps(sets, plans)
    sets["reps_corrected"] = _corrected(sets, corrections, tell)
    sets["reps_valid"] = sets["reps_corrected"].fillna(sets["reps"])
    names = [*_KEY, "exercise", "side", *[n for n in SET_TYPES if n not in _KEY]]
    return sets[names].astype(SET_TYPES)


def _seen(reps: pd.DataFrame, holds: pd.DataFrame) -> pd.DataFrame:
    """The counts of each set that has rows."""
    of_reps = reps[[*_KEY, "exercise", "side", "start_s", "end_s"]].assign(
        reps=reps["counted"].astype("int32"),
        rejected=(~reps["counted"]).astype("int32"),
        holds=0,
        held_s=0.0,
        verified=0,
        target_s=np.nan,
    )
    of_holds = holds[[*_KEY, "exercise", "side", "start_s", "end_s", "target_s"]].assign(
        reps=0, rejected=0, holds=1, held_s=holds["held_s"].fillna(0.0), verified=holds["verified"].astype("int32")
    )
    both = pd.concat([of_reps, of_holds], ignore_index=True)
    for name in ("exercise", "side"):
        kinds = reps[name].cat.categories.union(holds[name].cat.categories, sort=False)
        both[name] = pd.Categorical(both[name], kinds)
    return (
        both.groupby(_KEY, sort=False, observed=True)
        .agg(
            exercise=("exercise", "first"),
            side=("side", "first"),
            start_s=("start_s", "min"),
            end_s=("end_s", "max"),
            reps=("reps", "sum"),
            rejected=("rejected", "sum"),
            holds=("holds", "sum"),
            held_s=("held_s", "sum"),
            verified_holds=("verified", "sum"),
            target_hold_s=("target_s", "first"),
        )
        .reset_index()
    )


def _target_reps(sets: pd.DataFrame, plans: Mapping[str, tuple[SetPlan, ...]]) -> Any:
    """For each set what its session next planned of the same exercise and side; planned sets left out are skipped."""
    reps = list[int | None]()
    at, session = 0, None
    for name, exercise, side in zip(sets["session_id"], sets["exercise"], sets["side"], strict=True):
        at = at if name == session else 0
        session = name
        found = _next(plans[name], at, exercise, side)
        reps.append(None if found is None else plans[name][found].reps)
        at = at if found is None else found + 1
    return pd.array(reps, dtype="Int32")


def _next(plan: tuple[SetPlan, ...], at: int, exercise: str, side: Any) -> int | None:
    fits = (i for i in range(at, len(plan)) if plan[i].exercise == exercise and plan[i].side in (None, side))
    return next(fits, None)


def _corrected(sets: pd.DataFrame, corrections: Mapping[str, list[Correction]], tell: Callable[[str], None]) -> Any:
    said = {(name, c.set_index): c.reps for name, found in corrections.items() for c in found}
    keys: Iterable[tuple[str, int]] = zip(sets["session_id"], sets["set_index"], strict=True)
    values = [said.pop(key, None) for key in keys]
    for name, set_index in said:
        tell(f"session {name}: a correction is about set {set_index}, in which nothing was seen; it is not used")
    return pd.array(values, dtype="Int32")
