"""The path that up draws in the plane about the rest pose: its length, its size, and how it winds."""

from __future__ import annotations

from itertools import pairwise
from math import hypot, pi
from statistics import fmean, pstdev
from typing import TypeAlias

from coxa.host.events import Direction

Point: TypeAlias = tuple[float, float, float]
"""Time in seconds, and where up points in the plane about the rest pose, degrees."""


def distance(a: Point, b: Point) -> float:
    """How far two points lie apart, degrees."""
    return hypot(a[1] - b[1], a[2] - b[2])


def _steps(path: list[Point]) -> list[tuple[Point, Point]]:
    """Neighbours along the closed path."""
    return list(pairwise([*path, path[0]]))


def _centre(path: list[Point]) -> tuple[float, float]:
    """Centre of gravity of the closed path, as of a wire: it turns with the path, and no slow stretch draws it."""
    steps = [(distance(a, b), a, b) for a, b in _steps(path)]
    whole = sum(way for way, _, _ in steps)
    if whole <= 0.0:
        return path[0][1], path[0][2]
    x, y = (sum(way * (a[k] + b[k]) for way, a, b in steps) / (2.0 * whole) for k in (1, 2))
    return x, y


def _radii_deg(path: list[Point]) -> list[float]:
    x, y = _centre(path)
    return [hypot(q[1] - x, q[2] - y) for q in path]


def length(path: list[Point]) -> float:
    """How far an open path goes, degrees."""
    return sum(distance(a, b) for a, b in pairwise(path))


def mean_radius_deg(path: list[Point]) -> float:
    """Mean distance of the path from its centre, degrees; how the sensor sits does not change it."""
    return sum(_radii_deg(path)) / len(path)


def uneven_share(path: list[Point]) -> float:
    """By how much the distance of the path from its centre varies: its standard deviation, as a share of the mean."""
    radii_deg = _radii_deg(path)
    return pstdev(radii_deg) / max(fmean(radii_deg), 1e-9)


def fastest_times(path: list[Point], steps: int) -> float:
    """How many times its mean speed the path goes where it is fastest, over so many steps."""
    ways = [distance(a, b) for a, b in pairwise(path)]
    if len(ways) < steps:
        return 1.0
    fastest = max(sum(ways[k : k + steps]) for k in range(len(ways) - steps + 1))
    return fastest / max(steps * fmean(ways), 1e-9)


def enclosed_share(path: list[Point]) -> float:
    """The area that the closed path encloses, as a share of a circle's of its width; positive is counterclockwise."""
    width = max(distance(path[0], q) for q in path)
    area = 0.5 * sum(a[1] * b[2] - b[1] * a[2] for a, b in _steps(path))
    return area / max(pi * (0.5 * width) ** 2, 1e-9)


def winding(path: list[Point], least_share: float) -> Direction | None:
    """The sense in which a path winds about its centre, seen from above; None where it does not wind round:
    encloses less than that share of a circle.

    It is told by the area that the path encloses, with its sign (Gauss's formula): unlike the angle about a centre that
    does not depend on where the centre of a thin path is taken to be, nor on how the sensor sits.
    The plane is seen from outside the sphere of directions, which is from above. Up, seen from the thigh, turns in the
    same sense as the thigh about the world's vertical.
    """
    share = enclosed_share(path)
    if abs(share) < least_share:
        return None
    return "counterclockwise" if share > 0 else "clockwise"
