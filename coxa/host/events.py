"""The closed union of events that the core emits, and their JSON form (one object a line in the log)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from typing import Any, Literal, TypeAlias, cast, get_args

from coxa.host.limits import EXERCISE, SECONDS, is_plain
from coxa.host.strict_json import json_text, parse_json

Side: TypeAlias = Literal["left", "right"]
Direction: TypeAlias = Literal["clockwise", "counterclockwise"]


@dataclass(frozen=True, slots=True)
class HoldBreak:
    """A stretch of a hold that does not count, and why."""

    start_s: float
    end_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class RepCompleted:
    """A repetition was counted."""

    exercise: str
    side: Side | None
    index: int
    """1 for the first repetition of its set."""
    start_s: float
    peak_s: float
    end_s: float
    rom_deg: float
    """Largest change of thigh elevation against the rest pose; circles: mean tilt about the middle of the path."""
    direction: Direction | None
    decided_s: float
    rom_sd_deg: float | None = None
    """Standard uncertainty of `rom_deg`: sensor, rest pose and soft tissue together, how far the thigh may have gone
    while samples were missing, and how far off up may be after that; None where not stated."""
    up_s: float | None = None
    """Time of the way out, from the start to the top; None for circles, and where a boundary was not seen."""
    hold_s: float | None = None
    """Time at the top; None likewise."""
    down_s: float | None = None
    """Time of the way back, from the top to the end; None likewise."""
    smoothness: float | None = None
    """Spectral arc length of the speed of the thigh: negative, nearer to zero is smoother (Balasubramanian 2015)."""
    flexion_deg: float | None = None
    """The part of the movement that is flexion, extension negative; None until the thigh's front is known, and where
    the top was not seen."""
    abduction_deg: float | None = None
    """The part that is abduction, adduction negative; None likewise, and until the side is known."""


@dataclass(frozen=True, slots=True)
class RepRejected:
    """A movement looked like a repetition and was not counted."""

    exercise: str
    side: Side | None
    start_s: float
    end_s: float
    reason: str
    measured: float
    """What was measured, in the unit of `unit`."""
    needed: float
    """What would have counted, in the unit of `unit`."""
    unit: str
    decided_s: float


@dataclass(frozen=True, slots=True)
class HoldStarted:
    """The thigh came to rest inside the exercise's band.

    A hold that ends has the `start_s` of the newest one. One that comes to nothing is answered by a `RepRejected` over
    its start; another one right after it begins the same hold anew: the first was a short stay on the way.
    """

    exercise: str
    side: Side | None
    start_s: float
    decided_s: float


@dataclass(frozen=True, slots=True)
class HoldEnded:
    """A hold is over; `held_s` is the time inside the band, breaks left out."""

    exercise: str
    side: Side | None
    start_s: float
    end_s: float
    held_s: float
    target_s: float
    rom_deg: float
    """Mean angle against the rest pose over that time; of a stretch from a chair, where upright is known, by how much
    the thigh was inclined otherwise: that the leg rolled about its own axis is left out."""
    verified: bool
    decided_s: float
    breaks: tuple[HoldBreak, ...] = field(default=())
    rom_sd_deg: float | None = None
    """Standard uncertainty of `rom_deg`, with what the leg may have rolled where that is not seen; None where not
    stated."""
    steadiness_deg: float | None = None
    """Standard deviation of the angle inside the band: how quietly it was held."""
    index: int | None = None
    """1 for the first hold of its set; None where a pause cut it off and it is done again, where nobody leads through
    sets, and in logs of an earlier version.
    """


@dataclass(frozen=True, slots=True)
class TrackingLost:
    """From `start_s` on nothing can be said about the thigh."""

    start_s: float
    reason: str
    decided_s: float


@dataclass(frozen=True, slots=True)
class TrackingResumed:
    """From `start_s` on the thigh is tracked again."""

    start_s: float
    reason: str
    decided_s: float


@dataclass(frozen=True, slots=True)
class ExerciseRecognised:
    """From `start_s` on the movement is taken for `exercise`."""

    exercise: str
    start_s: float
    confidence: float
    decided_s: float


Event: TypeAlias = (
    RepCompleted | RepRejected | HoldStarted | HoldEnded | TrackingLost | TrackingResumed | ExerciseRecognised
)
Movement: TypeAlias = RepCompleted | RepRejected | HoldEnded
"""What somebody did, counted or not."""

_NAMES: dict[type[Any], str] = {
    RepCompleted: "rep_completed",
    RepRejected: "rep_rejected",
    HoldStarted: "hold_started",
    HoldEnded: "hold_ended",
    TrackingLost: "tracking_lost",
    TrackingResumed: "tracking_resumed",
    ExerciseRecognised: "exercise_recognised",
}
_TIMES = ("start_s", "peak_s", "end_s", "decided_s")
"""Fields that are moments; others in seconds are lengths."""
_TYPES = {name: kind for kind, name in _NAMES.items()}


def by_set(events: Iterable[Event]) -> Iterator[tuple[int, Movement]]:
    """Every movement with the number of its set, from 0: a set begins with the exercise, side, repetition 1 or hold 1.

    A bridge's hold is told before the repetition that it is part of, and belongs to the same set.
    """
    moves = [e for e in events if isinstance(e, Movement)]
    first_reps = [e for e in moves if isinstance(e, RepCompleted) and e.index == 1]
    set_index, before = 0, None
    opened_by, counted = list[Movement](), set[type[Movement]]()
    for event in moves:
        now, firsts = (event.exercise, event.side), _firsts(event, first_reps)
        again = any(type(first) in counted and first not in opened_by for first in firsts)
        if before is not None and (now != before or again):
            set_index, opened_by, counted = set_index + 1, [], set()
        before = now
        opened_by += firsts
        if not isinstance(event, RepRejected) and event.index is not None:
            counted.add(type(event))
        yield set_index, event


def _firsts(event: Movement, first_reps: list[RepCompleted]) -> list[Movement]:
    """Itself if it is the first of its kind in a set, and the repetition 1 that a hold is part of."""
    own = list[Movement]()
    if isinstance(event, HoldEnded):
        whole = (r for r in first_reps if (r.exercise, r.side) == (event.exercise, event.side))
        own += [r for r in whole if r.start_s <= event.start_s < r.end_s]
    return own if isinstance(event, RepRejected) or event.index != 1 else [*own, event]


def since(event: Event, began_s: float) -> Event:
    """The event with its times counted from `began_s`: for people; data keeps the sensor's clock."""
    times = {f.name: getattr(event, f.name) - began_s for f in fields(event) if f.name in _TIMES}
    if isinstance(event, HoldEnded):
        breaks = tuple(HoldBreak(b.start_s - began_s, b.end_s - began_s, b.reason) for b in event.breaks)
        return replace(event, breaks=breaks, **times)
    return replace(event, **times)


def event_type(event: Event) -> str:
    """The event's name as it stands in the log."""
    return _NAMES[type(event)]


def to_dict(event: Event) -> dict[str, Any]:
    """The event as plain data, `type` first."""
    return {"type": event_type(event), **asdict(event)}


def to_json(event: Event) -> str:
    """One line of JSON. Floats keep all their digits, so that `from_json` gives an equal event."""
    return json_text(to_dict(event))


def from_json(line: str) -> Event:
    """The event of one line of JSON.

    Raises:
        ValueError: the line is not JSON, or not an event of a known type with its fields; those with a default may
            be missing, as in logs of an earlier version.
    """
    data = parse_json(line)
    if not isinstance(data, dict) or data.get("type") not in _TYPES:
        raise ValueError("not an event: no known 'type'")
    kind = _TYPES[data.pop("type")]
    known = {f.name for f in fields(kind)}
    needed = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    if not needed <= set(data) <= known:
        raise ValueError(f"not a {_NAMES[kind]}: fields {sorted(data)}")
    if "breaks" in data:
        data["breaks"] = tuple(_break(b) for b in data["breaks"])
    for name, value in data.items():
        if not _fits(kind, name, value):
            raise ValueError(f"not a {_NAMES[kind]}: {name}")
    return kind(**data)


def _break(data: Any) -> HoldBreak:
    found = HoldBreak(**data)
    if not (_is_number(found.start_s) and _is_number(found.end_s) and is_plain(found.reason)):
        raise ValueError("not a break of a hold")
    return found


_NAMED: dict[str, tuple[object, ...]] = {
    "side": (None, *get_args(Side)),
    "direction": (None, *get_args(Direction)),
}


def _fits(kind: type[Any], name: str, value: Any) -> bool:
    """Whether a field may have this value: numbers are finite, texts short and plain."""
    said = _SAID[kind][name]
    if value is None:
        return said.endswith("None")
    if name in _NAMED:
        return isinstance(value, str) and value in _NAMED[name]
    if name == "exercise":
        return isinstance(value, str) and EXERCISE.fullmatch(value) is not None
    if said.startswith("tuple"):
        return True
    if said == "bool":
        return isinstance(value, bool)
    if said == "str":
        return is_plain(value)
    return _is_number(value) and (not said.startswith("int") or isinstance(value, int))


_SAID = {kind: {f.name: cast(str, f.type) for f in fields(kind)} for kind in _NAMES}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= SECONDS
