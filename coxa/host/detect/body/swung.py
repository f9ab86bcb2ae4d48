"""What a movement of the thigh, back to where it rested, shows of the posture there: it hangs, or it lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from coxa.host.detect.body.pivot import Pivot
from coxa.host.detect.body.posture_params import PostureParams
from coxa.host.detect.body.upright import Upright
from coxa.host.detect.still import Tick
from coxa.host.motion.tangent import Vector, angle_deg

Shown: TypeAlias = Literal["upright", "upright here", "not upright"]
"""The thigh stands where upright is taken to be; it stands here, and that was elsewhere; it lies where it is."""


class Swung:
    """The newest movement, by which joint it went, and where it has been seen to go about one beside the thigh."""

    def __init__(self, params: PostureParams) -> None:
        self._p = params
        self._pivot = Pivot()
        self._lain: Vector | None = None
        """A pose in which what was done has shown that the thigh lies, sensor frame."""

    def add(self, ticks: Sequence[Tick]) -> None:
        """The next ticks of the movement."""
        self._pivot.add(ticks)

    def gap(self) -> None:
        """Samples are missing."""
        self._pivot.gap()

    def clear(self) -> None:
        """What was seen tells nothing of what comes."""
        self._pivot.clear()

    def lies(self, pose: Vector) -> None:
        """The thigh lies in this pose."""
        self._lain = pose

    def hung(self, rested: Vector | None, upright: Upright) -> Vector | None:
        """The pose that is judged: the newest rest, None where the thigh is known to lie there."""
        if rested is None:
            return upright.taken
        lain = self._lain is not None and angle_deg(self._lain, rested) < self._p.changed_deg
        return None if lain else rested

    def back(self, hung: Vector, upright: Upright) -> Shown | None:
        """What the movement has shown that ends with the thigh back in the pose `hung`; None where it shows nothing.

        About a joint above the sensor the thigh hangs, and the person stands; about one beside it the thigh lies.
        """
        taken = upright.taken
        near = taken is not None and angle_deg(taken, hung) < self._p.changed_deg
        stands = self._pivot.stands(hung, None if near and not upright.seems else self._p.against_times)
        if stands and near:
            return None if self._pivot.stays_beyond(hung, self._p.stood_deg, self._p.stood_s) else "upright"
        if stands:
            passed = taken is not None and self._pivot.comes_near(taken, self._p.sure_deg)
            return None if passed else "upright here"
        if stands is False and near:
            return "not upright"
        if stands is False:
            self._lain = hung
        return None
