"""A whole session against what the simulator knows: each count at its time, on its thigh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coxa.analysis.score_match import Window, match, middle_s
from coxa.analysis.score_truth import Truth, parse_truth
from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.exercises.spec import exercise


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary: what was counted against what was done."""

    what: str
    counted: str
    true: str
    right: bool
    """Whether all of it was counted when it was done, and nothing else was."""


@dataclass(frozen=True, slots=True)
class _Done:
    """What was truly done of one exercise, and on which thigh."""

    truth: Truth
    rep_sides: list[str]
    hold_sides: list[str]


def compare(events: Sequence[Event], truth: Mapping[str, Any]) -> list[Line]:
    """The summary, a line for each thing that must be right.

    A repetition is counted rightly where its peak finds a true one (`score_match`), a hold where its middle does, and
    where it is told of the thigh that did it; circles are told of no thigh. Each true one is found once.

    Args:
        events: of a session led through `truth["plan"]`, on the clock of the truth.
        truth: as `firmware_sim` writes it.
    """
    lines = list[Line]()
    for name in dict.fromkeys(p["exercise"] for p in truth["plan"]):
        spec, done = exercise(name), _done(truth, name)
        if spec.kind != "hold":
            reps = [e for e in events if isinstance(e, RepCompleted) and e.exercise == name]
            lines.extend(_repetitions(name, reps, done, both_ways=spec.kind == "circle"))
        if spec.holds:
            lines.extend(_holds(name, [e for e in events if isinstance(e, HoldEnded) and e.exercise == name], done))
    return lines


def _done(truth: Mapping[str, Any], name: str) -> _Done:
    required = [k for k, r in enumerate(truth["reps"]) if r["required"] and r["exercise"] == name]
    reps = [truth["reps"][k] for k in required]
    holds = [{**h, "rep": required.index(h["rep"])} for h in truth["holds"] if h["rep"] in required]
    held = dict.fromkeys(h["rep"] for h in holds)  # one that was gripped again is one hold
    sides = [r["side"] for r in reps]
    return _Done(parse_truth({"exercise": name, "reps": reps, "holds": holds}), sides, [sides[k] for k in held])


def _repetitions(name: str, reps: Sequence[RepCompleted], done: _Done, *, both_ways: bool) -> list[Line]:
    true = done.truth.reps
    windows = [Window(r.found_from_s, r.found_to_s, "must") for r in true]
    found = _found([(e.peak_s, e.side) for e in reps], windows, done.rep_sides)
    lines = [_number(f"{name}: repetitions", len(reps), len(true), len(found))]
    for way in ("clockwise", "counterclockwise") if both_ways else ():
        said, was = sum(e.direction == way for e in reps), sum(r.direction == way for r in true)
        wrong = sum(reps[e].direction == way != true[r].direction for e, r in found)
        counted = f"{said}, {wrong} went the other way" if wrong else f"{said}"
        lines.append(Line(f"{name}: {way}", counted, str(was), said == was and not wrong))
    return lines


def _holds(name: str, held: Sequence[HoldEnded], done: _Done) -> list[Line]:
    true = done.truth.holds
    windows = [Window(h.start_s, h.end_s, "must") for h in true]
    found = _found([(middle_s(e), e.side) for e in held], windows, done.hold_sides)
    said, was = _kept([e.verified for e in held]), _kept([h.verified for h in true])
    return [
        _number(f"{name}: holds", len(held), len(true), len(found)),
        Line(f"{name}: kept or broken", said, was, said == was),
    ]


def _found(
    counts: Sequence[tuple[float, str | None]], windows: Sequence[Window], sides: Sequence[str]
) -> list[tuple[int, int]]:
    """(count, true one) of each that was counted when it was done, on the thigh that did it; counts: time, thigh."""
    pairs = match([time_s for time_s, _ in counts], windows).found
    return [(c, w) for c, w in pairs if counts[c][1] in (None, sides[w])]


def _number(what: str, counted: int, true: int, found: int) -> Line:
    """`8, 1 false` against `8, 1 missed`."""
    said = f"{counted}, {counted - found} false" if found < counted else f"{counted}"
    was = f"{true}, {true - found} missed" if found < true else f"{true}"
    return Line(what, said, was, counted == found == true)


def _kept(verified: Sequence[bool | None]) -> str:
    return ", ".join("kept" if v else "broken" for v in verified) or "none"
