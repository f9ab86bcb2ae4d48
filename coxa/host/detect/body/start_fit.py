"""Which of an exercise's start poses a pose fits, by what is known of upright and of the front of the thigh."""

from __future__ import annotations

from coxa.host.detect.body.axes import Axes
from coxa.host.detect.body.upright import Upright
from coxa.host.exercises.spec import ANY_ROLL_DEG, StartPose, within
from coxa.host.motion.tangent import Vector, angle_deg


def fitting_start(
    up: Vector, starts: tuple[StartPose, ...], known: Upright, axes: Axes, room_deg: float
) -> StartPose | None:
    """The first start pose that the pose `up` fits, and every other one within `room_deg` of it; None where they fit
    none, or where it is not certain that all do. As long as upright is not known, everything fits the last.
    """
    upright = known.shown
    if upright is None:
        return starts[-1]
    tilt = angle_deg(upright, up)
    for start in starts:
        fits = within(tilt, start.tilt_deg, room_deg)
        if fits and start.roll_deg != ANY_ROLL_DEG:
            fits = axes.lies_turned(up, upright, start.roll_deg, room_deg)
        if fits or fits is None:
            return start if fits else None
    return None


def fitting_low(
    up: Vector, starts: tuple[StartPose, ...], low: Vector, low_tilt_deg: tuple[float, float]
) -> StartPose | None:
    """The last start pose that the pose `up` may fit, where all that is known is that in the pose `low` the thigh lay
    on a chair or the mat, with a tilt between the two given: the angle against that bounds the tilt of `up`.
    """
    away, (least, most) = angle_deg(low, up), low_tilt_deg
    fit = (s for s in reversed(starts) if s.tilt_deg[0] <= most + away and least - away <= s.tilt_deg[1])
    return next(fit, None)
