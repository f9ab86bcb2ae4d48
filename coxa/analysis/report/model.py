"""What a report says, free of any layout: every figure carries the sessions that it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

Verdict: TypeAlias = Literal["real", "not yet", "too little"]
"""Whether a change is larger than chance and measurement explain, or there are too few sessions to say."""
Origin: TypeAlias = Literal["measured", "simulated"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it is printed, with the sessions that it was computed from."""

    text: str
    value: float
    """The figure itself, unrounded; NaN where there is none."""
    sessions: tuple[str, ...]
    """Ids, oldest first; empty only where nothing is claimed."""


NOTHING = Figure("–", float("nan"), ())
"""A cell that does not apply."""


@dataclass(frozen=True, slots=True)
class Point:
    """One session in a sparkline."""

    day: float
    """Days since the first day of the period."""
    value: float
    session_id: str


@dataclass(frozen=True, slots=True)
class Spark:
    """The course of one exercise: a value for each session and side."""

    measure: str
    unit: str
    left: tuple[Point, ...] = ()
    right: tuple[Point, ...] = ()
    untold: tuple[Point, ...] = ()
    """Sessions whose side was not told."""


@dataclass(frozen=True, slots=True)
class ExerciseRow:
    """What was done of one exercise on one side, against the plan."""

    exercise: str
    title: str
    side: str
    """`left`, `right` or empty where it was not told."""
    sessions: Figure
    sets: Figure
    sets_planned: Figure
    adherence: Figure
    """Share of the planned sets that were done; sets beyond the plan of a session do not make up for missed ones."""
    reps: Figure
    """Counted, with corrections by hand."""
    reps_planned: Figure
    rejected: Figure
    holds: Figure
    holds_kept: Figure
    held_s: Figure
    elevation_deg: Figure
    """Median thigh elevation of the counted repetitions (hold exercises: of the holds), with its 95 % uncertainty."""


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence on what changed, and whether that is real."""

    exercise: str
    """Empty in the sentence on all that have too few sessions."""
    side: str
    verdict: Verdict
    sentence: Figure


@dataclass(frozen=True, slots=True)
class SideRow:
    """Left beside right, for one exercise."""

    title: str
    left_reps: Figure
    right_reps: Figure
    left_held_s: Figure
    right_held_s: Figure
    left_deg: Figure
    right_deg: Figure
    difference: Figure
    """Right minus left in degrees with its 95 % interval."""
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """Repetitions that were not counted, or holds that were not kept, of one exercise and side."""

    title: str
    side: str
    count: Figure
    reasons: tuple[Figure, ...]
    """Each reason with how often and what was measured, the most frequent first."""


@dataclass(frozen=True, slots=True)
class GapRow:
    """Something that the report cannot know, and how much of it."""

    what: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A program, sensor or firmware, and the sessions that it measured."""

    what: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session of the appendix."""

    number: int
    session_id: str
    short_id: str
    """The shortest beginning that no other session of the log shares; `coxa show` takes it."""
    date: date


@dataclass(frozen=True, slots=True)
class Course:
    """One exercise with its rows and its sparkline."""

    exercise: str
    title: str
    spark: Spark
    rows: tuple[ExerciseRow, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the large figures at the top."""

    label: str
    figure: Figure
    below: str


@dataclass(frozen=True, slots=True)
class ReportContent:
    """All that the two pages say, in their order."""

    person: str
    """As told; untrusted text."""
    first_day: date
    last_day: date
    made_on: date
    origin: Origin
    tiles: tuple[Tile, ...]
    summary: tuple[Figure, ...]
    courses: tuple[Course, ...]
    pauses: tuple[tuple[float, float], ...]
    """Stretches of the period without a session, days since its first day."""
    changes: tuple[Change, ...]
    sides: tuple[SideRow, ...]
    rejected: tuple[ReasonRow, ...]
    broken: tuple[ReasonRow, ...]
    gaps: tuple[GapRow, ...]
    versions: tuple[VersionRow, ...]
    cautions: tuple[str, ...]
    """What the sensor cannot see in the exercises that were done."""
    sessions: tuple[SessionRow, ...]
    notes: tuple[tuple[str, ...], ...] = field(default=())
    """The footnotes: session ids of note 1, 2, ..."""

    @property
    def days(self) -> int:
        """Length of the period."""
        return (self.last_day - self.first_day).days + 1

    def note(self, figure: Figure) -> int | None:
        """The footnote that names a figure's sessions; None where it has none."""
        return self.notes.index(figure.sessions) + 1 if figure.sessions else None

    def note_text(self, number: int) -> str:
        """A footnote with the report's own session numbers, as `S1-S9, S12`."""
        numbers = {s.session_id: s.number for s in self.sessions}
        return ranges([numbers[i] for i in self.notes[number - 1]])


def figures_of(part: Any) -> Iterator[Figure]:
    """Every figure in a report or a part of one, in reading order."""
    if isinstance(part, Figure):
        yield part
    elif is_dataclass(part):
        for f in fields(part):
            yield from figures_of(getattr(part, f.name))
    elif isinstance(part, tuple):
        for item in part:
            yield from figures_of(item)


def ranges(numbers: list[int]) -> str:
    """Rising numbers, runs drawn together: 1, 2, 3, 7 becomes `S1–S3, S7`."""
    runs = list[list[int]]()
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ", ".join(f"S{a}" if a == b else f"S{a}–S{b}" for a, b in runs)
