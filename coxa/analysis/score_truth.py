"""The truth beside a recording: which repetitions must be counted, which may, and when nothing may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

from coxa.analysis.truth_table import TruthTable, near_to
from coxa.host.bounded import read_file
from coxa.host.errors import RecordingError, reason_of
from coxa.host.events import Direction, Side
from coxa.host.exercises.spec import library
from coxa.host.limits import TRUTH_BYTES, shown
from coxa.host.strict_json import TooMuchError, parse_json

Duty: TypeAlias = Literal["must", "may", "never"]

PEAK_TOLERANCE_S = 0.5
"""A repetition is found if its counted peak lies this close to its top (docs/data.md)."""
LEAST_COVERAGE = 0.6
"""A repetition of which less was received may be missed (docs/data.md)."""

NOTHING, ROUTINE = "none", "routine"
"""Beside exercises: nothing is done, and several are done in turn."""

_DIRECTIONS: dict[str, Direction] = {
    "cw": "clockwise", "clockwise": "clockwise", "ccw": "counterclockwise", "counterclockwise": "counterclockwise",
}  # fmt: skip
_SHORT = {
    "computed from a kinematic model of pelvis, thigh and shank": "kinematic",
    "computed from optical motion capture": "mocap",
}
"""Kinds of the shared recordings, and what tables call them; everybody else's are called as they are."""
_FAULTY = "UCI Physical Therapy Exercises, subject 2, "
"""How sources of the shared recordings begin whose accelerometer is broken though no flag says so."""
_SET = "set:"
"""Labels of activities that are sets begin so, and the exercise follows."""
_DUTIES = ("full", "partial", "aborted")
"""Kinds of repetitions and holds that decide whether they must be found; others (`fast`, `wobble`) must be."""
_KEYS = (
    "exercise", "claimed", "negative", "kind", "side", "reps", "holds", "blocks", "activities", "faulty_accelerometer",
)  # fmt: skip
_REP_KEYS = (
    "start_s", "end_s", "peak_s", "top_start_s", "top_end_s", "kind", "required", "coverage", "rom_deg", "direction",
)  # fmt: skip
_HOLD_KEYS = ("start_s", "end_s", "rep", "kind", "required", "coverage", "thigh_deg", "verified", "target_s")


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
    verified: bool | None = None
    """Whether it was held as long as was asked for; None where nobody has said."""
    target_s: float | None = None
    """What was asked for; None where nobody has said."""


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
    """Where the recording comes from: `kinematic`, `mocap`, or its own words; `..., faulty accelerometer` apart."""
    side: Side | None
    reps: tuple[TrueRep, ...]
    holds: tuple[TrueHold, ...]
    blocks: tuple[Block, ...]
    sets: tuple[Span, ...]
    activities: tuple[Span, ...]


def read_truth(path: Path) -> Truth:
    """The truth in a `.truth.json`.

    Raises:
        RecordingError: missing, too large, not JSON, or not as `parse_truth` takes it.
    """
    try:
        data = parse_json(read_file(path, TRUTH_BYTES))
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read ({reason_of(error)})") from error
    except TooMuchError as error:
        raise RecordingError(f"{path}: {error}") from None
    except ValueError as error:
        raise RecordingError(f"{path}: not JSON as expected: {error}") from None
    if not isinstance(data, dict):
        raise RecordingError(f"{path}: must be an object with 'exercise', 'reps' and others, found {shown(data)}")
    return parse_truth(cast(dict[str, Any], data), str(path))


def parse_truth(data: Mapping[str, Any], where: str = "truth") -> Truth:
    """The truth in plain data, as in docs/data.md.

    What is read must be of its kind: numbers finite and in range, flags true or false, words of the format, ends after
    starts, repetitions, holds and blocks in the order of time, a hold's `rep` one of the repetitions. Further keys are
    notes and not looked at, unless they are nearly one that is read: then they are a slip.

    Args:
        data: the file's object.
        where: what to call it in an error.

    Raises:
        RecordingError: the first thing that is not so; the text names its place, as `reps[3].direction`.
    """
    table = TruthTable(data, where)
    table.check_slips(_KEYS)
    names = (*library(), NOTHING, ROUTINE)
    done = table.choice("exercise", names, None)
    if done is None:
        raise table.wrong("exercise", "is missing")
    exercise = table.choice("claimed", names, done)
    reps = tuple(_rep(rep, exercise) for rep in table.ordered("reps"))
    holds, blocks = tuple(_holds(table.ordered("holds"), len(reps))), tuple(map(_block, table.ordered("blocks")))
    if exercise in library() and library()[exercise].kind == "hold" and not reps and not blocks:
        reps = tuple(map(_rep_of, holds))
    activities = tuple(map(_activity, table.tables("activities")))
    return Truth(
        exercise=exercise,
        negative=table.flag("negative", default=done == NOTHING),
        kind=_kind(table),
        side=cast(Side | None, table.choice("side", get_args(Side), None)),
        reps=reps,
        holds=holds,
        blocks=blocks,
        sets=tuple(dict.fromkeys(a for a in activities if a.label.startswith(_SET))),  # circles of ours are told twice
        activities=activities,
    )


def check_clock(truth: Truth, span_s: tuple[float, float], where: str) -> None:
    """Something of what is true lies within the recording: its times are on the recording's own clock.

    Args:
        truth: what is said to be true.
        span_s: first and last sample of the recording.
        where: what to call the truth in an error.

    Raises:
        RecordingError: all of it lies elsewhere. What was cut off a recording was only not recorded.
    """
    spans = [(one.start_s, one.end_s) for one in (*truth.reps, *truth.holds, *truth.blocks, *truth.sets)]
    if spans and not any(start_s <= span_s[1] and end_s >= span_s[0] for start_s, end_s in spans):
        (start_s, _), (_, end_s) = min(spans), max(spans)
        raise RecordingError(
            f"{where}: what is true lies from {start_s:g} to {end_s:g} s, outside the recording, whose t_s goes from "
            f"{span_s[0]:g} to {span_s[1]:g}; give times on the recording's own clock"
        )


def _activity(table: TruthTable) -> Span:
    label = table.text("label")
    if label.startswith(_SET) and label.removeprefix(_SET) not in library():
        raise table.wrong("label", f"names no exercise, found {shown(label)}; known are {', '.join(library())}")
    return Span(label, *table.span())


def _block(table: TruthTable) -> Block:
    return Block(table.text("kind"), *table.span(), table.whole("reps", 0, 10_000))


def _kind(table: TruthTable) -> str:
    kind = table.text("kind", "unknown")
    kind = _SHORT.get(kind, kind)
    if table.text("source", "").startswith(_FAULTY):
        kind = "real, faulty accelerometer"
    elif table.flag("faulty_accelerometer", default=False):
        kind += ", faulty accelerometer"
    return kind


def _duty(table: TruthTable) -> Duty:
    """Whether a repetition or hold must be found: by its kind, `required`, and how much of it was received."""
    kind = table.text("kind", "full")
    slip = near_to(kind, _DUTIES)
    if slip is not None:
        raise table.wrong("kind", f"is no known word, found {shown(kind)}, did you mean '{slip}'?")
    coverage = table.number_or("coverage", 1.0, 0.0, 1.0)
    required = table.flag("required", default=kind != "partial")
    if kind == "aborted":
        return "never"
    return "must" if required and coverage >= LEAST_COVERAGE else "may"


def _rep(table: TruthTable, exercise: str) -> TrueRep:
    table.check_slips(_REP_KEYS)
    start_s, end_s = table.span()
    low, high = _found_within(table, start_s, end_s, exercise)
    direction = table.choice("direction", tuple(_DIRECTIONS), None)
    return TrueRep(
        start_s, end_s, low, high, table.text("kind", "full"), _duty(table),
        table.number_or("rom_deg", None, 0.0, 360.0), None if direction is None else _DIRECTIONS[direction],
    )  # fmt: skip


def _rep_of(hold: TrueHold) -> TrueRep:
    """A hold exercise's repetition is its hold: who tells of holds alone has told of the repetitions."""
    return TrueRep(hold.start_s, hold.end_s, hold.start_s, hold.end_s, hold.kind, hold.duty, None, None)


def _found_within(table: TruthTable, start_s: float, end_s: float, exercise: str) -> tuple[float, float]:
    """Where a counted peak finds a repetition, seconds."""
    peak_s = table.number_or("peak_s", None, start_s, end_s)
    if table.has("top_start_s") or table.has("top_end_s"):
        top_s = table.number("top_start_s", start_s, end_s)
        low, high = top_s, table.number("top_end_s", top_s, end_s)
        if exercise == "hip_circle":  # it has no top: anywhere in the revolution
            low, high = start_s, end_s
        return low - PEAK_TOLERANCE_S, high + PEAK_TOLERANCE_S
    if peak_s is not None:
        return min(start_s, peak_s - PEAK_TOLERANCE_S), max(end_s, peak_s + PEAK_TOLERANCE_S)
    return start_s, end_s


def _holds(tables: Sequence[TruthTable], reps: int) -> list[TrueHold]:
    """Holds, those of one repetition joined."""
    parts = dict[int, list[TruthTable]]()
    for at, hold in enumerate(tables):
        hold.check_slips(_HOLD_KEYS)
        if hold.has("rep") and not reps:
            raise hold.wrong("rep", "must be left out, there are no reps")
        of = hold.whole("rep", 0, reps - 1) if hold.has("rep") else -1 - at  # a number that no repetition has
        parts.setdefault(of, []).append(hold)
    return [_hold(group) for group in parts.values()]


def _hold(group: list[TruthTable]) -> TrueHold:
    spans = [hold.span() for hold in group]
    lengths = [end_s - start_s for start_s, end_s in spans]
    angles = [hold.number_or("thigh_deg", None, -360.0, 360.0) for hold in group]
    known = [a * s for a, s in zip(angles, lengths, strict=True) if a is not None]
    held_deg = sum(known) / sum(lengths) if len(known) == len(group) else None
    duty = cast(Duty, min(map(_duty, group), key=("never", "may", "must").index))
    start_s, end_s = min(start_s for start_s, _ in spans), max(end_s for _, end_s in spans)
    last = group[-1]  # by then the parts are as long as they are together
    verified = last.flag("verified", default=False) if last.has("verified") else None
    target_s = last.number_or("target_s", None, 0.0)
    return TrueHold(start_s, end_s, sum(lengths), held_deg, group[0].text("kind", "full"), duty, verified, target_s)
