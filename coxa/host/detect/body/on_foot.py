"""What walking and turning on the spot show of upright: who does either stands."""

from __future__ import annotations

from typing import Literal, TypeAlias

from coxa.host.detect.body.gait import lifted_from, mean_up, sways, turned_deg, turns_about_up
from coxa.host.detect.body.gait_watch import GaitWatch
from coxa.host.detect.body.posture_params import PostureParams
from coxa.host.detect.body.upright import Upright
from coxa.host.detect.still import Tick
from coxa.host.motion.tangent import Vector, angle_deg

Shown: TypeAlias = Vector | Literal["upright"]
"""That upright is there, sensor frame, or that it is where it is taken to be."""


class OnFoot:
    """Asks the newest ticks of a `GaitWatch` whether somebody walks or turns, and where upright is then.

    Who does either near what is taken for upright proves it. But a sensor in the hand is turned and shaken as well: who
    walks about a pose in which they have rested stands there, whatever was taken for upright, and proven, before.
    """

    def __init__(self, params: PostureParams, gait: GaitWatch, upright: Upright) -> None:
        self._p, self._gait, self._upright = params, gait, upright
        self.restart()

    def restart(self) -> None:
        """Nobody has been seen to walk."""
        self.walked = False
        """Whether the person has walked, or turned on the spot near what is taken for upright."""
        self._walk_ticks = 0
        self._stepped_s: float | None = None
        """When the newest soft step was seen."""

    def moves(self) -> None:
        """The thigh rests in a new pose: walking is counted from there on."""
        self._walk_ticks = 0

    def stands(self, rested: Vector | None, *, walking: bool, feels_height: bool) -> Shown | None:
        """What the newest tick shows where upright is not known for sure; the newest rest was in the pose `rested`.

        `walking` says whether knocks as of steps came lately, `feels_height` whether hips are felt going up and down.
        """
        if self._upright.sure:
            return None
        recent, p = self._gait.recent, self._p.gait
        if self._gait.turns:
            return self._turns(recent)
        softly = feels_height and self._gait.paces and not self._raises(rested)
        if not softly and not (walking and self._gait.strides):
            return None
        mean = mean_up(recent)
        if self._upright.taken is None:
            self._upright.take(mean)
        if not self._elsewhere(mean, rested):
            return self._beside(mean, rested) or "upright"
        return mean if len(recent) == p.recent_ticks and not self._raises(rested) else None

    def _turns(self, recent: list[Tick]) -> Shown | None:
        """What turning on the spot shows. Small turns only make it seem that upright is where it is taken to be."""
        p, upright = self._p.gait, self._upright
        far, here = turned_deg(recent, p) >= p.turned_deg, mean_up(recent[-p.turn_ticks :])
        swaying, about_up = sways(recent, p), turns_about_up(recent, p)
        if upright.taken is None:
            if not far or (not swaying and upright.refuted and not about_up):
                return None
            upright.take(mean_up(recent))
        near = self._near(here)
        self.walked = self.walked or (near and far)
        if swaying or (near and not far):
            upright.seem()
        elif near:
            return "upright"
        elif upright.supposed and about_up:
            return here
        return None

    def steps(self, tick: Tick, rested: Vector | None) -> Shown | None:
        """A step too soft to be seen as walking; who takes another one right after it, where upright is supposed to be,
        walks there.
        """
        if self._upright.sure or not self._gait.steps:
            return None
        mean = mean_up(self._gait.recent)
        if not self._near(mean):
            return None
        before_s = self._stepped_s
        if before_s is not None and self._p.next_step_s[0] <= tick.t_s - before_s <= self._p.next_step_s[1]:
            return self._beside(mean, rested) or "upright"
        if before_s is None or tick.t_s - before_s > self._p.next_step_s[1]:
            self._stepped_s = tick.t_s
        return None

    def walks(self, rested: Vector | None, *, walking: bool) -> Shown | None:
        """Who walks, while nobody walks lying down: what was taken for upright far from there was wrong. Of who has
        walked before only what is where they have rested says so.
        """
        self._walk_ticks = max(self._walk_ticks + (1 if walking else -1), 0)
        if not walking or self._walk_ticks < self._p.walk_ticks or not self.may_correct(rested):
            return None
        pose = self._gait.strides
        if pose is None or self._raises(rested):
            return None
        first, self.walked = not self.walked, True
        return pose if (self._elsewhere(pose, rested) if first else self._where_it_rests(pose, rested)) else None

    def pass_over(self, ticks: int) -> None:
        """So many ticks in which nobody walks, or none that could tell anything."""
        self._walk_ticks = max(self._walk_ticks - ticks, 0)

    def may_correct(self, rested: Vector | None) -> bool:
        """Whether walking may show that upright is not where it is taken to be for sure."""
        return not self.walked or self._rests_elsewhere(rested)

    def _near(self, pose: Vector) -> bool:
        """Whether that is near what is taken for upright."""
        taken = self._upright.taken
        return taken is not None and angle_deg(taken, pose) < self._p.sure_deg

    def _elsewhere(self, mean: Vector, rested: Vector | None) -> bool:
        """Whether who walks about that mean pose stands elsewhere than what is taken for upright. Deep lunges, which
        begin there, are not so far from it.
        """
        taken = self._upright.taken
        return taken is None or angle_deg(mean, taken) > self._p.wrong_deg or self._where_it_rests(mean, rested)

    def _beside(self, mean: Vector, rested: Vector | None) -> Vector | None:
        """The newest rest, where who walks about that mean pose walks nearer to it than to what is taken for upright:
        there the sensor was still in the hand, or the strap was drawn tight later.
        """
        taken = self._upright.taken
        if taken is None or rested is None:
            return None
        return rested if angle_deg(rested, mean) + self._p.beside_deg < angle_deg(taken, mean) else None

    def _where_it_rests(self, mean: Vector, rested: Vector | None) -> bool:
        """Whether that is where the thigh has rested, far from what is taken for upright: the strap has come there."""
        near = rested is not None and angle_deg(rested, mean) < self._p.sure_deg
        return near and self._rests_elsewhere(rested) and not self._near(mean)

    def _rests_elsewhere(self, rested: Vector | None) -> bool:
        """Whether the newest rest was not where upright is taken to be."""
        return self._upright.taken is not None and rested is not None and not self._near(rested)

    def _raises(self, rested: Vector | None) -> bool:
        """Whether what looks like walking raises a leg from where it has rested."""
        return rested is not None and lifted_from(rested, self._gait.recent, self._p.gait)
