"""The sets of a log, from its repetitions, holds, plans and corrections by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from coxa.host.exercises.spec import library
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
    "holds_valid": "int32",
    "kept_valid": "int32",
    "held_valid_s": "float64",
}
_KEY = ["session_id", "set_index"]


def repetitions_of(row: pd.Series) -> tuple[int, bool]:
    """How many repetitions a set has, corrections heeded, and whether they are holds."""
    by_holds = _by_holds(row["reps"], row["holds"], row["exercise"] in _hold_exercises())
    return int(row["holds_valid"] if by_holds else row["reps_valid"]), bool(by_holds)


def done(sets: pd.DataFrame) -> pd.DataFrame:
    """Sets in which anything counted."""
    return sets[(sets["reps_valid"] > 0) | (sets["holds_valid"] > 0)]


def of_sets_done(rows: pd.DataFrame, sets: pd.DataFrame) -> pd.DataFrame:
    """The rows without those of sets in which, as a person said afterwards, nothing was done: it was another movement.

    Args:
        rows: repetitions or holds.
        sets: theirs, from `sets_of`.
    """
    denied = sets[_denied(sets)]
    if denied.empty:
        return rows
    return rows[~pd.MultiIndex.from_frame(rows[_KEY]).isin(pd.MultiIndex.from_frame(denied[_KEY]))]


def not_denied(sets: pd.DataFrame) -> pd.DataFrame:
    """The sets without those in which, as a person said afterwards, nothing was done."""
    return sets[~_denied(sets)]


def _denied(sets: pd.DataFrame) -> pd.Series:
    return sets["reps_corrected"].eq(0).fillna(False).astype("bool")


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
    _heed_corrections(sets)
    names = [*_KEY, "exercise", "side", *[n for n in SET_TYPES if n not in _KEY]]
    return sets[names].astype(SET_TYPES)


def _heed_corrections(sets: pd.DataFrame) -> None:
    """Add the counts that are valid. Where repetitions are holds, so is what a person counted; one that the machine did
    not see is taken as kept, and nothing was held in a set that was another movement.
    """
    told, holds, kept = sets["reps_corrected"], sets["holds"], sets["verified_holds"]
    by_holds = _by_holds(sets["reps"], holds, sets["exercise"].isin(_hold_exercises()))
    sets["reps_valid"] = told.where(~by_holds).fillna(sets["reps"])
    made = told.where(by_holds | (told == 0).fillna(False))
    sets["holds_valid"] = made.fillna(holds)
    sets["kept_valid"] = (kept + (sets["holds_valid"] - holds).clip(lower=0)).clip(upper=sets["holds_valid"])
    sets["held_valid_s"] = sets["held_s"].where(sets["holds_valid"] > 0, 0.0)


def _by_holds(reps: Any, holds: Any, is_hold_exercise: Any) -> Any:
    """Whether a set's repetitions are its holds: those of a hold exercise are, of which the library may not know."""
    return (reps == 0) & ((holds > 0) | is_hold_exercise)


def _hold_exercises() -> list[str]:
    return [name for name, spec in library().items() if spec.kind == "hold"]


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
