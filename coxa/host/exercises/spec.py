"""Exercises as data: what one entry of the library may say, and the check that it says it rightly."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import MISSING, dataclass, fields
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeAlias, cast, get_args

from coxa.host.errors import SpecError
from coxa.host.exercises.ranges import ANGLE_DEG, RANGES, wrong_together
from coxa.host.limits import EXERCISE, shown, wrong_number, wrong_text
from coxa.host.nearest import did_you_mean, nearest_word
from coxa.host.strict_toml import parse_toml

Kind: TypeAlias = Literal["raise", "hold", "bridge", "circle"]
TiltChange: TypeAlias = Literal["up", "down", "any"]
"""What the tilt does on the way out: `up` grows, `down` shrinks, `any` where the sensor cannot know (from standing)."""


ANY_ROLL_DEG = ANGLE_DEG
"""Where it does not matter how the lying thigh is turned."""
NEARLY_SHARE = 0.9
"""Of the least movement that counts."""
RESERVED = ("auto", "none")
"""Names that commands use for what is no exercise."""
MOST_STARTS = 20
"""Poses that an exercise may begin from: the built-in ones have one or two."""


def within(value: float, limits: tuple[float, float], room: float = 0.0) -> bool | None:
    """Whether all that is no more than `room` off the value lies within the limits; None where only some of it does."""
    low, high = limits
    if low <= value - room and value + room <= high:
        return True
    return False if value + room < low or high < value - room else None


@dataclass(frozen=True, slots=True)
class StartPose:
    """A pose from which the exercise may begin."""

    name: str
    tilt_deg: tuple[float, float]
    """Thigh tilt against upright standing, lowest and highest: standing 0, lying 90, knee above hip > 90."""
    min_rom_deg: float
    """Smallest movement that counts from this pose."""
    direction: TiltChange
    roll_deg: tuple[float, float] = ANY_ROLL_DEG
    """How far the lying thigh is turned, lowest and highest: 0 front up, 90 on the side, 180 face down."""

    @property
    def nearly_deg(self) -> float:
        """What is worth looking at: a little less than what counts, as a movement may go on and a level follows."""
        return NEARLY_SHARE * self.min_rom_deg


@dataclass(frozen=True, slots=True)
class ExerciseSpec:
    """One exercise: how it is recognised, and what the user is told about it."""

    name: str
    title: str
    kind: Kind
    start: tuple[StartPose, ...]
    max_rom_deg: float
    """A larger movement is a change of posture, not a repetition."""
    min_rep_s: float
    max_rep_s: float
    """A movement that takes longer is no repetition; the time that is to be held comes on top."""
    relative_rom: float
    """Share of the set's own median that a repetition must reach."""
    return_share: float
    """Share of the peak at which the way back is certain."""
    counts: str
    rejects: str
    unseen: str
    dose: str
    top_rest_s: float = 8.0
    """Longest rest at the far end of a raise (`ptx_s1_leg_raise_d`: 4 s); a longer one is a new rest pose."""
    max_sink_m: float | None = None
    """A sensor that sinks further on the way out is not doing this exercise but lying or sitting down."""
    min_shock_mps2: float = 0.0
    """The exercise shakes the thigh at least this much (a step onto the floor)."""
    twists: bool = False
    """The thigh turns about its own axis: the way out does not show which way its front faces."""
    impacts: bool = False
    """Steps onto the floor belong to the exercise."""
    tissue_sd_deg: float = 2.0
    """How far flesh, strap and rest pose move the range of motion, one standard deviation (kinematic recordings)."""
    hold_target_s: float | None = None
    min_hold_s: float = 2.0
    """A shorter stay in the band is no hold."""
    band_deg: float = 8.0
    """Width of the hold's angle band about its level."""
    band_share: float = 0.06
    """The band reaches at least this share of the level to either side: the deeper the pose, the wider it is."""
    motion_limit_dps: float = 40.0
    """Faster movement than this inside the band pauses the hold's clock once it outlasts `wobble_s`."""
    wobble_s: float = 0.6
    """A departure from the band up to this long does not stop the hold's clock."""
    max_way_s: float = 2.8
    """Longest way into the hold; lying or sitting down takes 3 to 6 s (`negative_8`)."""
    regrip_s: float = 6.0
    """A longer departure ends the hold."""

    @property
    def stands(self) -> bool:
        """Whether it is done standing only."""
        return self.begins("any")

    @property
    def raises_leg(self) -> bool:
        """Whether a leg is raised in the air: nothing knocks in it but steps."""
        return self.kind == "raise" and not self.impacts

    def begins(self, direction: TiltChange) -> bool:
        """Whether the direction (`StartPose.direction`) is this one in every pose that it begins from."""
        return all(start.direction == direction for start in self.start)

    @property
    def holds(self) -> bool:
        """Whether the exercise has a verified hold."""
        return self.kind in ("hold", "bridge")

    def to_hold_s(self, asked_s: float | None) -> float:
        """How long a hold must last, as is asked for or else as the exercise says; 0 where there is none to hold."""
        return (asked_s or self.hold_target_s or 0.0) if self.holds else 0.0


def _fail(where: str, what: str) -> SpecError:
    return SpecError(f"{where}: {what}")


def _number(where: str, key: str, value: object, least: float, most: float) -> float:
    wrong = wrong_number(value, least, most)
    if wrong is not None:
        raise _fail(where, f"'{key}' {wrong}")
    return float(cast(float, value))


def _text(where: str, key: str, value: object) -> str:
    wrong = wrong_text(value)
    if wrong is not None:
        raise _fail(where, f"'{key}' {wrong}")
    return cast(str, value)


def _known(where: str, table: dict[str, Any], kind: type) -> None:
    known = {f.name for f in fields(kind)}
    for key in table:
        if key not in known:
            hint = did_you_mean(key, known, f"; known are {', '.join(sorted(known))}")
            raise _fail(where, f"unknown key {shown(key)}{hint}")
    for f in fields(kind):
        if f.default is MISSING and f.name not in table:
            raise _fail(where, f"key '{f.name}' is missing")


def _choice(where: str, key: str, value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise _fail(where, f"'{key}' must be one of {', '.join(allowed)}, found {shown(value)}")
    return cast(str, value)


def _start(where: str, table: object) -> StartPose:
    if not isinstance(table, dict):
        raise _fail(where, f"'start' must be a list of tables ([[start]]), found {shown(table)}")
    entry = cast(dict[str, Any], table)
    _known(where, entry, StartPose)
    tilt, roll = (_range(where, key, entry.get(key, list(ANY_ROLL_DEG))) for key in ("tilt_deg", "roll_deg"))
    direction = _choice(where, "direction", entry["direction"], get_args(TiltChange))
    minimum = _number(where, "min_rom_deg", entry["min_rom_deg"], *RANGES["min_rom_deg"])
    return StartPose(_text(where, "name", entry["name"]), tilt, minimum, cast(TiltChange, direction), roll)


def _range(where: str, key: str, value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(cast(list[Any], value)) != 2:
        raise _fail(where, f"'{key}' must be [lowest, highest] in degrees, found {shown(value)}")
    low, high = (_number(where, key, v, *ANGLE_DEG) for v in cast(list[Any], value))
    if low >= high:
        raise _fail(where, f"'{key}' must rise from lowest to highest, found {shown(value)}")
    return low, high


def parse_spec(text: str, where: str) -> ExerciseSpec:
    """The exercise of one TOML text.

    Args:
        text: the entry.
        where: what to call it in an error, as its file name.

    Raises:
        SpecError: not TOML, a key that is unknown, missing, of another kind or outside its range (`ranges.py`), two
            keys that contradict each other; the text names the key, what was found and what may stand there.
    """
    return parse_entry(parse_toml(text, where), where)


def parse_entry(entry: dict[str, Any], where: str) -> ExerciseSpec:
    """As `parse_spec`, of the entry as plain data, as a session's header has it."""
    unset = {f.name for f in fields(ExerciseSpec) if f.default is None}
    table: dict[str, Any] = {k: v for k, v in entry.items() if v is not None or k not in unset}
    _known(where, table, ExerciseSpec)
    table["kind"] = _choice(where, "kind", table["kind"], get_args(Kind))
    table["start"] = _starts(where, table["start"])
    for f in fields(ExerciseSpec):
        if f.name in table and f.name in RANGES:
            table[f.name] = _number(where, f.name, table[f.name], *RANGES[f.name])
        elif f.name in table and f.type == "str":
            _text(where, f.name, table[f.name])
        elif f.name in table and f.type == "bool" and not isinstance(table[f.name], bool):
            raise _fail(where, f"'{f.name}' must be true or false, found {shown(table[f.name])}")
    return _checked(where, ExerciseSpec(**table))


def _starts(where: str, entries: object) -> tuple[StartPose, ...]:
    if not isinstance(entries, list) or not entries:
        raise _fail(where, "'start' must be a list of tables ([[start]]), at least one")
    poses = cast(list[Any], entries)
    if len(poses) > MOST_STARTS:
        raise _fail(where, f"'start' has {len(poses)} poses, at most {MOST_STARTS} may be")
    return tuple(
        _start(f"{where}, start {i}" if len(poses) > 1 else f"{where}, start", p) for i, p in enumerate(poses, 1)
    )


def _checked(where: str, spec: ExerciseSpec) -> ExerciseSpec:
    """The same, if its values agree with each other."""
    if not EXERCISE.fullmatch(spec.name):
        raise _fail(where, f"'name' must be letters, digits, - and _, found {shown(spec.name)}")
    if spec.holds and spec.hold_target_s is None:
        raise _fail(where, f"key 'hold_target_s' is missing: kind '{spec.kind}' has a hold")
    numbers = {key: getattr(spec, key, None) for key in RANGES}
    if not spec.holds:  # what it says of holds by default is used by nobody
        numbers["min_hold_s"] = None
    wrong = wrong_together(numbers, max(start.min_rom_deg for start in spec.start))
    if wrong is not None:
        raise _fail(where, wrong)
    return spec


@cache
def _built_in() -> dict[str, ExerciseSpec]:
    specs = dict[str, ExerciseSpec]()
    folder = resources.files("coxa.host.exercises") / "library"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            spec = parse_spec(file.read_text("utf-8"), file.name)
            specs[spec.name] = spec
    return specs


_own: dict[str, ExerciseSpec] = {}
_lent: ContextVar[tuple[ExerciseSpec, ...]] = ContextVar("lent", default=())


def add_own(*specs: ExerciseSpec) -> None:
    """Let the library know exercises of the user's own.

    Raises:
        SpecError: a name is a built-in exercise's, which must keep its meaning, or one that commands use.
    """
    for spec in specs:
        if spec.name in _built_in() or spec.name in RESERVED:
            raise SpecError(f"exercise '{spec.name}': the name is taken; give yours another one")
        _own[spec.name] = spec


@contextmanager
def lent(specs: tuple[ExerciseSpec, ...]) -> Generator[None]:
    """For a while, and in this thread alone, the library also has these, where it has none of the name itself."""
    token = _lent.set(specs)
    try:
        yield
    finally:
        _lent.reset(token)


def own_exercises() -> tuple[ExerciseSpec, ...]:
    """The user's own exercises, for a process that shall know the same ones."""
    return tuple(_own.values())


def library() -> dict[str, ExerciseSpec]:
    """Every exercise by name: the built-in ones in the order of their names, then the user's own, then those lent."""
    known = _built_in() | _own
    return known | {spec.name: spec for spec in _lent.get() if spec.name not in known}


def exercise(name: str) -> ExerciseSpec:
    """The exercise of that name.

    Raises:
        SpecError: there is none; the text lists the names and the nearest one.
    """
    specs = library()
    if name not in specs:
        near = nearest_word(re.sub(r"[\s-]", "_", name.casefold()), specs)
        hint = f"did you mean '{near}'? " if near else ""
        raise SpecError(f"no exercise '{name}': {hint}known are {', '.join(specs)}")
    return specs[name]
