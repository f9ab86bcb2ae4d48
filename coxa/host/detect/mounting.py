"""How the sensor sits on the thigh, and how far from how it sat before."""

from __future__ import annotations

from typing import NamedTuple

from coxa.host.motion.tangent import Vector, angle_deg, towards


class Mounting(NamedTuple):
    """Where the thigh lies in the sensor: unit vectors in the sensor's frame."""

    proximal: Vector
    """Along the thigh towards the hip: up, when standing."""
    anterior: Vector
    """Out of the front of the thigh, at a right angle to it."""


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
