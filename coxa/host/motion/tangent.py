"""Directions of up seen from a reference pose: angle, and a signed path in the plane that touches the sphere there."""

from __future__ import annotations

import math
from math import asin, dist
from typing import TypeAlias

Vector: TypeAlias = tuple[float, float, float]
TWICE_DEG = 2.0 * math.degrees(1.0)


def dot(a: Vector, b: Vector) -> float:
    """Scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    """Vector product, right-handed."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def volume(a: Vector, b: Vector, c: Vector) -> float:
    """Scalar product of `a` and the vector product of `b` and `c`: of the body that the three span."""
    return a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0])


def unit(a: Vector) -> Vector:
    """`a` at length 1; `a` must not be the zero vector."""
    n = math.sqrt(dot(a, a))
    return (a[0] / n, a[1] / n, a[2] / n)


def mixed(a: Vector, b: Vector, share_of_b: float) -> Vector:
    """The unit vector between `a` (share 0) and `b` (share 1); for vectors less than 90 degrees apart."""
    k = 1.0 - share_of_b
    x, y, z = a[0] * k + b[0] * share_of_b, a[1] * k + b[1] * share_of_b, a[2] * k + b[2] * share_of_b
    n = math.sqrt(x * x + y * y + z * z)
    return (x / n, y / n, z / n)


def angle_deg(a: Vector, b: Vector) -> float:
    """Angle between unit vectors, 0 to 180 degrees; from the chord, which keeps its digits near zero."""
    half = 0.5 * dist(a, b)
    return TWICE_DEG * asin(half) if half < 1.0 else 180.0


def arc_deg(chord: float) -> float:
    """Angle between unit vectors so far apart, 0 to 180 degrees."""
    half = 0.5 * chord
    return TWICE_DEG * asin(half) if half < 1.0 else 180.0


def chord(angle_deg: float) -> float:
    """Distance of two unit vectors that far apart, 0 to 180 degrees."""
    return 2.0 * math.sin(math.radians(0.5 * min(angle_deg, 180.0)))


def towards(origin: Vector, target: Vector) -> Vector:
    """Unit tangent at `origin` of the great circle to `target`; zero where they coincide or are opposite."""
    k = dot(origin, target)
    v = (target[0] - k * origin[0], target[1] - k * origin[1], target[2] - k * origin[2])
    n = math.sqrt(dot(v, v))
    return (v[0] / n, v[1] / n, v[2] / n) if n > 1e-9 else (0.0, 0.0, 0.0)


def plane_at(origin: Vector) -> tuple[Vector, Vector]:
    """Two unit tangents e1, e2 at `origin` with e1 x e2 = origin: a plane map seen from outside the sphere."""
    lightest = min(range(3), key=lambda i: abs(origin[i]))
    seed: Vector = (float(lightest == 0), float(lightest == 1), float(lightest == 2))
    e1 = towards(origin, seed)
    return e1, cross(origin, e1)
