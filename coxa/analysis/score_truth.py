"""The truth beside a recording: which repetitions must be counted, which may, and when nothing may."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from coxa.host.errors import RecordingError
from coxa.host.events import Direction

Duty: TypeAlias = Literal["must", "may", "never"]

PEAK_TOLERANCE_S = 0.5
"""A repetition is found if its counted peak lies this close to its top (recordings/README.md)."""
LEAST_COVERAGE = 0.6
"""A repetition of which less was received may be missed (recordings/README.md)."""

_DIRECTIONS: dict[str, Direction] = {
    "cw": "clockwise", "clockwise": "clockwise", "ccw": "counterclockwise", "counterclockwise": "counterclockwise",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch `[start_s, end_s)` with a name: an activity, or a set."""

    label: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class TrueRep:
    """One repetition that took place."""

    start_s: float
    end_s: float
    found_from_s: float
    """A counted peak in `[found_from_s, found_to_s]` finds this repetition."""
    found_to_s: float
    kind: str
    duty: Duty
    rom_deg: float | None
    """Largest change against the rest pose."""
    direction: Direction | None


@dataclass(frozen=True, slots=True)
class TrueHold:
    """One hold, re-grips joined; it belongs to the repetition of the same place in time."""

    start_s: float
    end_s: float
    held_s: float
    """Time in the pose, breaks left out."""
    held_deg: float | None
    """Mean angle held against the rest pose."""
    kind: str
    duty: Duty


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch whose number of repetitions is known, but not where each one is."""

    kind: str
    start_s: float
    end_s: float
    reps: int


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known about one recording."""

    exercise: str
    """The exercise to ask for; `none` when every one is to be asked for in turn."""
    negative: bool
    kind: str
    """Where the recording comes from: `kinematic`, `mocap`, `real`, `real, faulty accelerometer` or its own word."""
    side: Literal["left", "right"] | None
    reps: tuple[TrueRep, ...]
    holds: tuple[TrueHold, ...]
    blocks: tuple[Block, ...]
    sets: tuple[Span, ...]
    activities: tuple[Span, ...]


def read_truth(path: Path) -> Truth:
    """The truth in a `.truth.json`.

    Raises:
        RecordingError: missing, not JSON, or a key that is missing or of the wrong kind.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(f"{path}: cannot be read: {error}") from error
    except json.JSONDecodeError as error:
        raise RecordingError(f"{path}: line {error.lineno}: not JSON: {error.msg}") from error
    try:
        return parse_truth(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"key {error} is missing" if isinstance(error, KeyError) else str(error)
        raise RecordingError(f"{path}: not a truth as expected: {what}") from error


def parse_truth(data: Mapping[str, Any]) -> Truth:
    """The truth in plain data, as in design.md and recordings/README.md."""
    exercise = str(data.get("claimed") or data["exercise"])
    reps = tuple(_rep(rep, exercise) for rep in data.get("reps", ()))
    activities = tuple(_span(a) for a in data.get("activities", ()))
    side = data.get("side")
    return Truth(
        exercise=exercise,
        negative=bool(data.get("negative", data["exercise"] == "none")),
        kind=_kind(data),
        side=side if side in ("left", "right") else None,
        reps=reps,
        holds=tuple(_holds(data.get("holds", ()))),
        blocks=tuple(_block(b) for b in data.get("blocks", ())),
        sets=tuple(a for a in activities if a.label.startswith("set:")),
        activities=activities,
    )


def _span(data: Mapping[str, Any]) -> Span:
    return Span(str(data["label"]), float(data["start_s"]), float(data["end_s"]))


def _block(data: Mapping[str, Any]) -> Block:
    return Block(str(data["kind"]), float(data["start_s"]), float(data["end_s"]), int(data["reps"]))


def _kind(data: Mapping[str, Any]) -> str:
    kind = str(data.get("kind", "unknown"))
    if data.get("faulty_accelerometer") or "subject 2" in str(data.get("source", "")):
        return "real, faulty accelerometer"
    for word, short in (("kinematic", "kinematic"), ("optical", "mocap"), ("real", "real"), ("simul", "simulated")):
        if word in kind:
            return short
    return kind


def _duty(data: Mapping[str, Any]) -> Duty:
    if data.get("kind") == "aborted":
        return "never"
    required = bool(data.get("required", data.get("kind") != "partial"))
    return "must" if required and float(data.get("coverage", 1.0)) >= LEAST_COVERAGE else "may"


def _rep(data: Mapping[str, Any], exercise: str) -> TrueRep:
    start_s, end_s = float(data["start_s"]), float(data["end_s"])
    if "top_start_s" in data and exercise != "hip_circle":
        low, high = float(data["top_start_s"]) - PEAK_TOLERANCE_S, float(data["top_end_s"]) + PEAK_TOLERANCE_S
    elif "top_start_s" in data:
        low, high = start_s - PEAK_TOLERANCE_S, end_s + PEAK_TOLERANCE_S
    elif data.get("peak_s") is not None:
        peak_s = float(data["peak_s"])
        low, high = min(start_s, peak_s - PEAK_TOLERANCE_S), max(end_s, peak_s + PEAK_TOLERANCE_S)
    else:
        low, high = start_s, end_s
    rom = data.get("rom_deg")
    return TrueRep(
        start_s, end_s, low, high, str(data.get("kind", "full")), _duty(data),
        None if rom is None else float(rom), _DIRECTIONS.get(str(data.get("direction"))),
    )  # fmt: skip


def _holds(data: Sequence[Mapping[str, Any]]) -> list[TrueHold]:
    parts = dict[Any, list[Mapping[str, Any]]]()
    for at, hold in enumerate(data):
        parts.setdefault(hold.get("rep", f"hold {at}"), []).append(hold)
    return [_hold(group) for group in parts.values()]


def _hold(group: list[Mapping[str, Any]]) -> TrueHold:
    lengths = [float(h["end_s"]) - float(h["start_s"]) for h in group]
    angles = [float(h["thigh_deg"]) for h in group if "thigh_deg" in h]
    held_deg = None
    if len(angles) == len(group):
        held_deg = sum(a * s for a, s in zip(angles, lengths, strict=True)) / max(sum(lengths), 1e-9)
    duty = cast(Duty, min((_duty(h) for h in group), key=("never", "may", "must").index))
    start_s, end_s = min(float(h["start_s"]) for h in group), max(float(h["end_s"]) for h in group)
    return TrueHold(start_s, end_s, sum(lengths), held_deg, str(group[0].get("kind", "full")), duty)
