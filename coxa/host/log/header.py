"""session.json: who, when, sensor, plan, a copy of every spec used, versions."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias, cast, get_args

from coxa.host.errors import LogError, SpecError
from coxa.host.events import Direction, Side
from coxa.host.exercises.spec import RESERVED, ExerciseSpec, exercise, library, parse_entry
from coxa.host.limits import EXERCISE, PLANNED_SETS, SECONDS, SESSION_ID, is_plain, one_line, printable, shown
from coxa.host.routine import Coach, SetPlan
from coxa.host.strict_json import json_text, parse_json
from coxa.host.tracker import AUTO

SCHEMA = 1
"""Version of the log's layout. A reader refuses what is newer than itself."""
State: TypeAlias = Literal["open", "closed", "repaired"]
COUNTED_BY = ("coxa", "vqf", "numpy")
"""Distributions on whose versions it depends what is counted."""
FILES = ("session.json", "packets.arrows", "events.jsonl", "samples.parquet", "reps.parquet", "holds.parquet")


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """What is known of a session apart from its data."""

    session_id: str
    started_at: str
    """Local time with its offset from UTC, ISO 8601."""
    plan: tuple[SetPlan, ...]
    sensor: dict[str, Any] = field(default_factory=dict[str, Any])
    """Name, address, serial, firmware, battery as the sensor told them."""
    person: str | None = None
    simulated: bool = False
    seed: int | None = None
    versions: dict[str, str] = field(default_factory=dict[str, str])
    state: State = "open"
    began_s: float | None = None
    """Stream time of the first sample; None while open, and in logs of an earlier coxa."""
    ended_s: float | None = None
    """Stream time at the end; None while open."""
    specs: dict[str, Any] = field(default_factory=dict[str, Any])
    """A copy of every exercise entry used, as it was then, so that history survives retuning."""
    link: dict[str, Any] = field(default_factory=dict[str, Any])
    """Quality of the stream: frames, lost packets, garbage, reconnects, warnings."""
    mounting: dict[str, Any] | None = None
    """How the sensor sat on each thigh, by `plan.side_of`: its `proximal` and `anterior` axes in the sensor's frame."""
    effort: int | None = None
    """How hard the person found it, 0 to 10; None without an answer."""

    @property
    def instant(self) -> float:
        """When it began, s since 1970: the order of local times is wrong where clocks are changed, and on journeys.

        A time that cannot be read comes before all others.
        """
        try:
            return datetime.fromisoformat(self.started_at).timestamp()
        except (ValueError, OverflowError, OSError):
            return float("-inf")

    @property
    def lasted_s(self) -> float | None:
        """From the first sample to the end; None where the session does not say."""
        return None if self.began_s is None or self.ended_s is None else self.ended_s - self.began_s

    def to_json(self) -> str:
        """The content of session.json."""
        return json_text({"schema": SCHEMA, **asdict(self)}, indent=1)


def specs_of(plan: tuple[SetPlan, ...]) -> dict[str, Any]:
    """The library's present entries for a plan, as plain data, in the plan's order: the same bytes in each process."""
    names = library() if any(p.exercise == AUTO for p in plan) else dict.fromkeys(p.exercise for p in plan)
    return {name: asdict(exercise(name)) for name in names}


def copied_specs(header: SessionHeader, where: str) -> tuple[ExerciseSpec, ...]:
    """What the session was to count and the library lacks, as another's own exercise: from the header's copies.

    Raises:
        SpecError: such a copy is wrong, by the same checks as a file.
    """
    names = header.specs if any(p.exercise == AUTO for p in header.plan) else [p.exercise for p in header.plan]
    lacking = (name for name in dict.fromkeys(names) if name in header.specs and name not in library())
    return tuple(_copied(name, header.specs[name], where) for name in lacking)


def _copied(name: str, entry: object, where: str) -> ExerciseSpec:
    where = f"{where}: session.json: exercise {shown(name)}"
    if not isinstance(entry, dict) or name in RESERVED:
        raise SpecError(f"{where}: is no exercise")
    spec = parse_entry(cast(dict[str, Any], entry), where)
    if spec.name != name:
        raise SpecError(f"{where}: 'name' is another, {shown(spec.name)}")
    return spec


def told_at_the_end(coach: Coach) -> dict[str, Any]:
    """What a session's header learns from its coach once the stream is over: how the sensor sat, how hard it was."""
    mounting = {side: how._asdict() for side, how in coach.mountings.items()}
    return {"mounting": mounting or None, "effort": coach.effort}


def parse_header(text: str, where: str) -> SessionHeader:
    """The header of a session.json.

    Raises:
        LogError: not JSON, not a session, written by a newer coxa, or a value that no session has.
    """
    try:
        data = parse_json(text)
    except ValueError as error:
        raise LogError(f"{where}: session.json is damaged ({error})") from None
    if not isinstance(data, dict) or "schema" not in data:
        raise LogError(f"{where}: session.json is not a coxa session")
    found = cast(dict[str, Any], data)
    if found["schema"] != SCHEMA:
        what = f"written by another coxa (log version {shown(found['schema'])}, this one reads {SCHEMA})"
        raise LogError(f"{where}: {what}; read it with that coxa, or install a newer one")
    try:
        plan = tuple(SetPlan(**p) for p in found["plan"][: PLANNED_SETS + 1])
        rest = {k: v for k, v in found.items() if k not in ("schema", "plan")}
        if isinstance(rest.get("sensor"), dict):
            rest["sensor"] = _said(rest["sensor"])
        if not plan:
            raise LogError(f"{where}: session.json has no plan")
        foreign = [k for k in rest if k not in _TYPES]
        if foreign:
            raise LogError(f"{where}: session.json has a key that no session has, {shown(foreign[0])}")
        header = SessionHeader(plan=plan, **rest)
    except (KeyError, TypeError) as error:
        raise LogError(f"{where}: session.json is not complete ({printable(str(error))[:200]})") from None
    wrong = _wrong(header)
    if wrong is not None:
        raise LogError(f"{where}: session.json has no usable '{wrong}'; restore it from a copy, or `coxa forget` it")
    return header


def _said(sensor: dict[str, Any]) -> dict[str, Any]:
    """What the sensor said over the air may be anything: a strange serial becomes one line, and costs no session."""
    return {k: one_line(v) if isinstance(v, str) else v for k, v in sensor.items()}


def _wrong(header: SessionHeader) -> str | None:
    """The first key whose value no session has."""
    for name, kinds in _TYPES.items():
        value = getattr(header, name)
        if not isinstance(value, kinds) or (int in kinds and not _is_number(value)):
            return name
        if name != "specs" and not _is_plain_throughout(value):  # those are checked where they are used
            return name
    warnings = header.link.get("warnings", [])
    if not isinstance(warnings, list) or not all(isinstance(w, str) for w in cast(list[object], warnings)):
        return "link"
    if not SESSION_ID.fullmatch(header.session_id):
        return "session_id"
    if header.state not in get_args(State):
        return "state"
    good = len(header.plan) <= PLANNED_SETS and all(map(_is_set, header.plan))
    return None if good else "plan"


def _is_plain_throughout(value: object) -> bool:
    """Whether every text and key in it can be shown anywhere."""
    if isinstance(value, dict):
        found = cast(dict[str, object], value)
        return all(map(is_plain, found)) and all(map(_is_plain_throughout, found.values()))
    if isinstance(value, list):
        return all(map(_is_plain_throughout, cast(list[object], value)))
    return not isinstance(value, str) or is_plain(value)


_NOTHING = type(None)
_TYPES: dict[str, tuple[type, ...]] = {
    "session_id": (str,),
    "started_at": (str,),
    "sensor": (dict,),
    "person": (str, _NOTHING),
    "simulated": (bool,),
    "seed": (int, _NOTHING),
    "versions": (dict,),
    "state": (str,),
    "began_s": (int, float, _NOTHING),
    "ended_s": (int, float, _NOTHING),
    "specs": (dict,),
    "link": (dict,),
    "mounting": (dict, _NOTHING),
    "effort": (int, _NOTHING),
}


def _is_number(value: object) -> bool:
    """Whether it is a number that can be, or None."""
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= SECONDS)


def _is_set(p: SetPlan) -> bool:
    side, rest_s, moves, check = cast(tuple[object, ...], (p.side, p.rest_s, p.move_sensor, p.check_strap))
    return (
        EXERCISE.fullmatch(str(p.exercise)) is not None
        and side in (None, *get_args(Side))
        and (p.reps is None or (type(p.reps) is int and 0 <= p.reps <= SECONDS))
        and _is_number(p.hold_target_s)
        and rest_s is not None
        and _is_number(rest_s)
        and p.direction in (None, *get_args(Direction))
        and isinstance(moves, bool)
        and isinstance(check, bool)
    )
