"""How far from its rest pose a thigh was held, apart from how the leg rolled."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, sqrt
from typing import NamedTuple

from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.hold_params import HoldParams
from coxa.host.detect.uncertainty import rom_sd_deg
from coxa.host.exercises.spec import ExerciseSpec, StartPose
from coxa.host.motion.tangent import Vector, angle_deg


@dataclass(frozen=True, slots=True)
class RolledParams:
    """How far a leg that is put out rolls about its own axis."""

    rolled_deg: float = 7.0
    """Root mean square: the foot of simulated people falls outward by 0 to 12 degrees. 5 to 9."""
    most_deg: float = 16.0
    """And no further than this: a relaxed foot falls that far outward. 13 to 20 degrees."""


class HeldRange(NamedTuple):
    """A range of motion and its standard uncertainty, degrees."""

    deg: float
    sd_deg: float


def held_range(
    held_deg: float, held_up: Vector, rest: Vector, spec: ExerciseSpec, start: StartPose, upright: Vector | None
) -> HeldRange:
    """What was held, as the thigh's inclination has it.

    A leg that is put out from a chair rolls outward as well, which turns up in the sensor's frame though the thigh goes
    no lower. Where upright is known, that is the thigh's own axis, and what turns about it is left out; else it adds to
    the uncertainty. Elsewhere the angle is what it is: from standing up lies along that axis, a knee at the chest is
    past the vertical, where inclination folds, and a foot that stands keeps the leg from rolling.

    Args:
        held_deg: mean angle of up off the rest pose.
        held_up: mean direction of up over the time held, sensor frame.
        rest: direction of up in the rest pose.
        spec: the exercise.
        start: the pose that it was begun from.
        upright: direction of up when standing; None while that is unknown.
    """
    sd_deg = rom_sd_deg(spec)
    if spec.kind != "hold" or start.direction != "down":
        return HeldRange(held_deg, sd_deg)
    if upright is None:
        return HeldRange(held_deg, hypot(sd_deg, _only_rolled_deg(held_deg)))
    return HeldRange(abs(angle_deg(upright, held_up) - angle_deg(upright, rest)), sd_deg)


def put_out(trip: Excursion, spec: ExerciseSpec, start: StartPose, upright: Vector | None) -> bool:
    """Whether a leg was put out from a chair, so that up may have gone beside the exercise's direction: the thigh went
    down by as much as is believed of whom nothing is known, and the leg rolled. A thigh that goes down by less and
    rolls as far has only settled, as of who lies down (`negative_2`), unless it was lifted first and came down to rest
    by as much from there: a foot is lifted to be put out.
    """
    if spec.kind != "hold" or start.direction != "down" or upright is None:
        return False
    rest, up, deep_deg = trip.rest, trip.calm_up or trip.peak_up, HoldParams().deep_deg(start)
    rest_deg, now_deg = angle_deg(upright, rest), angle_deg(upright, up)
    down_deg, off_deg = rest_deg - now_deg, angle_deg(rest, up)
    if off_deg**2 > down_deg**2 + RolledParams().most_deg ** 2:
        return False
    if down_deg >= deep_deg or down_deg < start.min_rom_deg or trip.calm_up is None:
        return down_deg >= deep_deg
    return max(angle_deg(upright, k) for k in trip.up) - now_deg >= deep_deg


def _only_rolled_deg(held_deg: float) -> float:
    """How much of such an angle may be no more than that the leg rolled, at right angles to its way."""
    return held_deg - sqrt(max(held_deg**2 - RolledParams().rolled_deg ** 2, 0.0))
