"""How the sensor sits on the thigh, and how far from how it sat before."""

from __future__ import annotations

from typing import NamedTuple

from coxa.host.events import Side
from coxa.host.motion.tangent import Vector, angle_deg, cross, dot, towards, unit


class Mounting(NamedTuple):
    """Where the thigh lies in the sensor: unit vectors in the sensor's frame."""

    proximal: Vector
    """Along the thigh towards the hip: up, when standing."""
    anterior: Vector
    """Out of the front of the thigh, at a right angle to it."""

    def upper_side(self, up: Vector) -> Side | None:
        """Which side of the thigh faces up, None where neither does.

        Right is anterior x proximal (Wu et al. 2002).
        """
        rightness = dot(up, cross(self.anterior, self.proximal))
        return None if abs(rightness) < 0.7 else "right" if rightness > 0 else "left"

    def planes_deg(self, rest: Vector, top: Vector, side: Side | None) -> tuple[float, float | None]:
        """Flexion and abduction from one pose to another.

        The shortest turn that brings up from `rest` to `top`, about the thigh's right and anterior axes; positive is
        flexion, and abduction, which needs the side. What turns about the vertical is unseen.
        """
        axis, size = cross(rest, top), angle_deg(rest, top)
        if dot(axis, axis) < 1e-9:
            return (0.0, 0.0 if side else None)
        axis = unit(axis)
        outwards = size * dot(axis, self.anterior)
        abduction = None if side is None else outwards if side == "right" else -outwards
        return (-size * dot(axis, cross(self.anterior, self.proximal)), abduction)


class Turned(NamedTuple):
    """How a mounting differs from an earlier one."""

    along_deg: float
    """Between the two directions of the thigh, 0 to 180 degrees: 180 is upside down."""
    round_deg: float
    """Between the two fronts as they lie about the present direction of the thigh, 0 to 180 degrees."""


def turned(before: Mounting, now: Mounting) -> Turned:
    """How far the sensor sits from where it sat before."""
    front = towards(now.proximal, before.anterior)
    round_deg = angle_deg(front, now.anterior) if front != (0.0, 0.0, 0.0) else 0.0
    return Turned(angle_deg(before.proximal, now.proximal), round_deg)
