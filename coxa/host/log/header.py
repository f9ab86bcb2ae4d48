"""session.json: who, when, sensor, plan, a copy of every spec used, versions."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias, cast

from coxa.host.errors import LogError
from coxa.host.exercises.spec import exercise, library
from coxa.host.routine import SetPlan
from coxa.host.tracker import AUTO

SCHEMA = 1
"""Version of the log's layout. A reader refuses what is newer than itself."""
State: TypeAlias = Literal["open", "closed", "repaired"]
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
    """How the sensor sat: the thigh's `proximal` and `anterior` axes in the sensor's frame."""

    effort: int | None = None
    """How hard the person found it, 1 to 10; None without an answer."""

    def to_json(self) -> str:
        """The content of session.json."""
        return json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1)


def specs_of(plan: tuple[SetPlan, ...]) -> dict[str, Any]:
    """The library's present entries for a plan, as plain data."""
    names = library() if any(p.exercise == AUTO for p in plan) else {p.exercise for p in plan}
    return {name: asdict(exercise(name)) for name in names}


def parse_header(text: str, where: str) -> SessionHeader:
    """The header of a session.json.

    Raises:
        LogError: not JSON, not a session, or written by a newer coxa.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise LogError(f"{where}: session.json is damaged ({error})") from None
    if not isinstance(data, dict) or "schema" not in data:
        raise LogError(f"{where}: session.json is not a coxa session")
    found = cast(dict[str, Any], data)
    if found["schema"] != SCHEMA:
        raise LogError(f"{where}: written by another coxa (log version {found['schema']}, this one reads {SCHEMA})")
    try:
        plan = tuple(SetPlan(**p) for p in found["plan"])
        rest = {k: v for k, v in found.items() if k not in ("schema", "plan")}
        if not plan:
            raise LogError(f"{where}: session.json has no plan")
        return SessionHeader(plan=plan, **rest)
    except (KeyError, TypeError) as error:
        raise LogError(f"{where}: session.json is not complete ({error})") from None
