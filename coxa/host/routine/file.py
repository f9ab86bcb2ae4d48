"""Routine files: every mistake is named with its step, key and line, all of them at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, cast, get_args

from coxa.host.errors import SpecError
from coxa.host.events import Direction, Side
from coxa.host.exercises.spec import library
from coxa.host.limits import HOLD_TARGET_S, shown, wrong_number, wrong_text
from coxa.host.nearest import did_you_mean
from coxa.host.routine.plan import SetPlan
from coxa.host.strict_toml import parse_toml

MOST_STEPS, MOST_REPS, MOST_SETS, MOST_REST_S = 50, 100, 20, 600.0
"""Nobody writes a longer routine; whatever is, came from somewhere else."""
MOVE_S = 40.0
"""What moving the strap takes."""
REP_S = {"raise": 4.5, "circle": 4.0, "bridge": 5.0, "hold": 8.0}
"""What one repetition takes beside its hold, for the expected duration."""
MOST_TOLD = 20
"""Mistakes of one file that are told: who has more has another kind of file."""
WAYS: tuple[str, ...] = get_args(Direction)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a routine file: one or more sets of an exercise."""

    exercise: str
    reps: int
    sets: int = 1
    hold_s: float | None = None
    rest_s: float = 20.0
    each_leg: bool = True
    """False: done once, whichever thigh wears the sensor."""
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Routine:
    """A whole routine."""

    name: str
    title: str
    about: str
    steps: tuple[Step, ...]

    def plan(self, first: Side = "right") -> tuple[SetPlan, ...]:
        """The sets in their order: all that the first leg needs, then the sensor moves once, then the rest."""
        other: Side = "left" if first == "right" else "right"
        sets = [s for step in self.steps for s in _sets(step, first)]
        again = [s for step in self.steps if step.each_leg for s in _sets(step, other)]
        if again:
            again[0] = replace(again[0], move_sensor=True)
        return (*sets, *again)

    def expected_s(self) -> float:
        """How long it takes, both legs, rests and the move of the strap included."""
        total = sum(_lasts_s(p) + p.rest_s for p in self.plan())
        return total + (MOVE_S if any(s.each_leg for s in self.steps) else 0.0)


def _sets(step: Step, side: Side) -> list[SetPlan]:
    one = SetPlan(step.exercise, side, step.reps, step.hold_s, step.rest_s, step.direction)
    return [one] * step.sets


def _lasts_s(p: SetPlan) -> float:
    spec = library()[p.exercise]
    return (p.reps or 1) * (REP_S[spec.kind] + spec.to_hold_s(p.hold_target_s))


def built_in() -> dict[str, str]:
    """Texts of the routines that come with coxa, by name."""
    folder = resources.files("coxa.host.routine") / "builtin"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {f.name.removesuffix(".toml"): f.read_text("utf-8") for f in files}


def parse_routine(text: str, where: str) -> Routine:
    """The routine of one TOML text.

    Raises:
        SpecError: not TOML, or wrong entries; the text names each with its line.
    """
    table = parse_toml(text, where)
    reading = _Reading(text, where)
    steps = reading.steps(table)
    for key in ("name", "title", "about"):
        wrong = wrong_text(table.get(key, ""))
        if wrong is not None:
            reading.wrong(None, key, f"'{key}' {wrong}")
    reading.unknown(None, table, {"name", "title", "about", "step"})
    if reading.mistakes:
        raise SpecError("\n".join(reading.mistakes))
    name = str(table.get("name", "routine"))
    return Routine(name, str(table.get("title", name)), str(table.get("about", "")), tuple(steps))


class _Reading:
    """Reads the steps and collects what is wrong."""

    def __init__(self, text: str, where: str) -> None:
        self.mistakes: list[str] = []
        self._lines = text.splitlines()
        self._where = where
        self._starts = [i for i, line in enumerate(self._lines) if re.match(r"\s*\[\[\s*step\s*\]\]", line)]

    def wrong(self, step: int | None, key: str | None, what: str) -> None:
        """Note a mistake with the line it stands on, as far as anybody reads on."""
        if len(self.mistakes) > MOST_TOLD:
            return
        if len(self.mistakes) == MOST_TOLD:
            self.mistakes.append(f"{self._where}: more than {MOST_TOLD} mistakes; is it a routine?")
            return
        line = self._line(step, key)
        self.mistakes.append(f"{self._where}:{line}: " + (f"step {step + 1}: " if step is not None else "") + what)

    def _line(self, step: int | None, key: str | None) -> int:
        start = self._starts[step] if step is not None and step < len(self._starts) else 0
        end = len(self._lines)
        if step is not None and step + 1 < len(self._starts):
            end = self._starts[step + 1]
        for i in range(start, end):
            if key is not None and re.match(rf"\s*{re.escape(key)}\s*=", self._lines[i]):
                return i + 1
        return start + 1

    def unknown(self, step: int | None, table: dict[str, Any], known: set[str]) -> None:
        """Keys that nobody knows, with the nearest that is known."""
        for key in table:
            if key not in known:
                hint = did_you_mean(key, known, f"; known are {', '.join(sorted(known))}")
                self.wrong(step, key, f"unknown key {shown(key)}{hint}")

    def steps(self, table: dict[str, Any]) -> list[Step]:
        """Every step that can be read."""
        entries = table.get("step")
        if not isinstance(entries, list) or not entries:
            self.wrong(None, "step", "no steps: a routine needs at least one [[step]]")
            return []
        if len(cast(list[Any], entries)) > MOST_STEPS:
            self.wrong(None, "step", f"{len(cast(list[Any], entries))} steps, at most {MOST_STEPS} are allowed")
            return []
        found = [self._step(i, e) for i, e in enumerate(cast(list[Any], entries))]
        return [s for s in found if s is not None]

    def _step(self, i: int, entry: Any) -> Step | None:
        if not isinstance(entry, dict):
            self.wrong(i, None, "must be a table: [[step]]")
            return None
        e = cast(dict[str, Any], entry)
        before = len(self.mistakes)
        self.unknown(i, e, {"exercise", "reps", "sets", "hold_s", "rest_s", "leg", "direction"})
        name = self._exercise(i, e)
        reps = self._number(i, e, "reps", 1, MOST_REPS, whole=True)
        sets = self._number(i, e, "sets", 1, MOST_SETS, whole=True, default=1)
        least_s = library()[name].min_hold_s if name is not None and library()[name].holds else HOLD_TARGET_S[0]
        hold_s = self._number(i, e, "hold_s", least_s, HOLD_TARGET_S[1], default=-1.0)
        rest_s = self._number(i, e, "rest_s", 0, MOST_REST_S, default=20.0)
        leg = self._choice(i, e, "leg", ("each", "either"), "each")
        way = self._choice(i, e, "direction", WAYS, None)
        if name is not None and hold_s > 0 and not library()[name].holds:
            self.wrong(i, "hold_s", f"'{name}' has no hold, leave 'hold_s' out")
        if name is not None and way is not None and library()[name].kind != "circle":
            self.wrong(i, "direction", f"'{name}' has no direction, leave 'direction' out")
        if len(self.mistakes) > before or name is None:
            return None
        held = hold_s if hold_s > 0 else None
        return Step(name, int(reps), int(sets), held, rest_s, leg == "each", cast(Direction | None, way))

    def _exercise(self, i: int, e: dict[str, Any]) -> str | None:
        name = e.get("exercise")
        if name is None:
            self.wrong(i, None, "key 'exercise' is missing")
        elif not isinstance(name, str) or name not in library():
            every = f"; known are {', '.join(library())}"
            hint = did_you_mean(name, library(), every) if isinstance(name, str) else every
            self.wrong(i, "exercise", f"no exercise {shown(name)}{hint}")
            return None
        return name

    def _number(
        self,
        i: int,
        e: dict[str, Any],
        key: str,
        least: float,
        most: float,
        *,
        whole: bool = False,
        default: float | None = None,
    ) -> float:
        value = e.get(key, default)
        if value is None:
            self.wrong(i, None, f"key '{key}' is missing")
            return least
        if key not in e:
            return float(value)
        wrong = wrong_number(value, least, most, whole=whole)
        if wrong is not None:
            self.wrong(i, key, f"'{key}' {wrong}")
            return least
        return float(value)

    def _choice(self, i: int, e: dict[str, Any], key: str, allowed: tuple[str, ...], default: str | None) -> str | None:
        value = e.get(key, default)
        if value is not None and value not in allowed:
            self.wrong(i, key, f"'{key}' must be one of {', '.join(allowed)}, found {shown(value)}")
            return default
        return cast(str | None, value)
