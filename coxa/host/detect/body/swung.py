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
        self._before: Vector | None = None
        """Pose of the rest before the newest, where it was not far from that: the newest may be the top of a raise."""
        self.raises = False
        """Whether legs may be raised, which rest at their top."""
        self.holds = False
        """Whether hips may be lifted and legs held as well: hips turn a thigh that stands steeply on its foot about the
        knee, as a hanging one turns about the hip, and are kept up for longer.
        """

    def add(self, ticks: Sequence[Tick]) -> None:
        """The next ticks of the movement."""
        self._pivot.add(ticks)

    def gap(self) -> None:
        """Samples are missing."""
        self._pivot.gap()

    def clear(self) -> None:
        """What was seen tells nothing of what comes."""
        self._pivot.clear()

    def restart(self) -> None:
        """Nothing has been seen."""
        self.clear()
        self._lain = self._before = None

    def lies(self, pose: Vector) -> None:
        """The thigh lies in this pose."""
        self._lain = pose

    def rests(self, rested: Vector | None, pose: Vector) -> None:
        """The thigh rests in this pose now, before in the other: where that was far from here, what was seen tells
        nothing of here.
        """
        far = rested is None or angle_deg(rested, pose) > self._p.changed_deg
        if far:
            self.clear()
        again = self._before is not None and angle_deg(self._before, pose) <= self._p.gait.back_deg
        self._before = None if far or again else rested

    def hung(self, rested: Vector | None, upright: Upright) -> list[Vector]:
        """The poses that are judged: the newest rest, and of who raises a leg the one before, which is below its top;
        none where the thigh is known to lie there.
        """
        if rested is None:
            return [] if upright.taken is None else [upright.taken]
        poses = [rested] if self._before is None or not self.raises else [rested, self._before]
        return [k for k in poses if self._lain is None or angle_deg(self._lain, k) >= self._p.changed_deg]

    def back(self, hung: Vector, upright: Upright) -> Shown | None:
        """What the movement has shown that ends with the thigh back in the pose `hung`; None where it shows nothing.

        About a joint above the sensor the thigh hangs, and the person stands; about one beside it the thigh lies.
        """
        taken = upright.taken
        near = taken is not None and angle_deg(taken, hung) < self._p.changed_deg
        if hung == self._before and self.holds and not (near and self._only_paused(hung)):
            return None
        stands = self._pivot.stands(hung, None if near and not upright.seems else self._p.against_times)
        if stands and near:
            return None if self._pivot.stays_beyond(hung, self._p.stood_deg, self._p.stood_s) else "upright"
        if stands:
            passed = taken is not None and self._pivot.comes_near(taken, self._p.sure_deg)
            return None if passed else "upright here"
        if stands is False and hung == self._before:
            return None  # what was held there is judged by what was supposed
        if stands is False and near:
            return "not upright"
        if stands is False:
            self._lain = hung
        return None

    def _only_paused(self, hung: Vector) -> bool:
        """Whether the thigh was away from there no longer than for a raise that rests at its top."""
        return not self._pivot.stays_beyond(hung, self._p.gait.back_deg, self._p.raised_s)
