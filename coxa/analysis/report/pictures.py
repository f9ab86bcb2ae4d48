"""Sparklines as plain geometry, which the page and the PDF draw alike."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from coxa.analysis.plots.style import SIDES
from coxa.analysis.report.model import Point, Spark

SIDE_COLOURS = {side: colour for side, (colour, _) in SIDES.items()}
SIDE_MARKS = {side: marker for side, (_, marker) in SIDES.items()}
CUT_DAYS = 11.0
"""A line is not drawn across more days than this without the exercise."""
WEEKLY_DAYS = 124
"""Of a longer period each week is drawn as one point, its median."""
_PAD = 0.12
"""Free share of the height above and below."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One session (or week) on a sparkline; x and y in the unit box, y upwards."""

    x: float
    y: float
    point: Point


@dataclass(frozen=True, slots=True)
class Trace:
    """The line of one side, cut where there was a pause."""

    side: str
    pieces: tuple[tuple[Mark, ...], ...]

    @property
    def last(self) -> Mark:
        """The newest session."""
        return self.pieces[-1][-1]


@dataclass(frozen=True, slots=True)
class Picture:
    """A sparkline in the unit box."""

    traces: tuple[Trace, ...]
    pauses: tuple[tuple[float, float], ...]
    """Left and right edges of the pauses."""
    low: float
    high: float
    """Smallest and largest value drawn, in the measure's own unit."""
    unit: str


def picture(spark: Spark, days: int, pauses: tuple[tuple[float, float], ...]) -> Picture | None:
    """The sparkline of an exercise; None where nothing was measured.

    Args:
        spark: its values.
        days: length of the period.
        pauses: stretches without a session, days since the first day.
    """
    sides = {"left": spark.left, "right": spark.right, "": spark.untold}
    if days > WEEKLY_DAYS:
        sides = {side: _weekly(points) for side, points in sides.items()}
    values = [p.value for points in sides.values() for p in points]
    if not values:
        return None
    low, high = min(values), max(values)
    span, width = max(high - low, 0.15 * abs(high), 1e-9), max(days - 1, 1)
    middle = 0.5 * (low + high)

    def height(value: float) -> float:
        return 0.5 + (value - middle) / span * (1 - 2 * _PAD)

    def pieces(points: tuple[Point, ...]) -> tuple[tuple[Mark, ...], ...]:
        cut = list[list[Mark]]()
        for p in points:
            if not cut or p.day - cut[-1][-1].point.day > CUT_DAYS:
                cut.append([])
            cut[-1].append(Mark(p.day / width, height(p.value), p))
        return tuple(tuple(c) for c in cut)

    return Picture(
        traces=tuple(Trace(side, pieces(points)) for side, points in sides.items() if points),
        pauses=tuple((max(a / width, 0.0), min(b / width, 1.0)) for a, b in pauses),
        low=low,
        high=high,
        unit=spark.unit,
    )


def _weekly(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """One point a week: the medians of day and value, named by the first session of the week."""
    weeks = dict[int, list[Point]]()
    for p in points:
        weeks.setdefault(int(p.day // 7), []).append(p)
    return tuple(
        Point(median(p.day for p in week), median(p.value for p in week), _week_name(week)) for week in weeks.values()
    )


def _week_name(week: list[Point]) -> str:
    return week[0].session_id if len(week) == 1 else f"{len(week)} sessions from {week[0].session_id}"
