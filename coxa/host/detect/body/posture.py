"""How the thigh stands in the world: its tilt against upright standing, learned from what the person does.

A strap may sit anyhow, so nothing is known of the sensor's frame at first. From rests, steps, turns and swings
`Posture` learns which direction is up when the thigh stands (`upright`), and from sitting down or lying down which one
is its front. Detectors ask it whether an exercise may begin in a pose (`start_of`), and how sure that is.
"""

from __future__ import annotations

import numpy as np

from coxa.host.detect.body.axes import Axes, marks, next_of
from coxa.host.detect.body.gait_watch import GaitWatch
from coxa.host.detect.body.handled import Handled
from coxa.host.detect.body.mounting import Mounting
from coxa.host.detect.body.on_foot import OnFoot, Shown
from coxa.host.detect.body.posture_params import PostureParams
from coxa.host.detect.body.start_fit import fitting_low, fitting_start
from coxa.host.detect.body.swung import Swung
from coxa.host.detect.body.upright import Upright
from coxa.host.detect.still import StillFinder, Tick, Ticks, squared_chords
from coxa.host.exercises.spec import StartPose
from coxa.host.motion.tangent import Vector, angle_deg, chord


class Posture:
    """What is known of upright and of the front of the thigh, tick by tick.

    The first rest is taken for standing, on probation: a recording may as well begin on a chair or on the mat, and
    until more is seen `upright` tells nothing. It goes on by what is seen next:

    - a rest in another posture: upright is `supposed`, and told, until something speaks against it;
    - walking, turning on the spot, or a swing about a hip that hangs above: upright is `sure`, here or elsewhere;
    - what cannot be of somebody who stood there: it is refuted, or `doubted`, and nothing is told again.

    Ticks come in blocks: `look` takes a block, then each of its ticks is taken once, by `update`, or by `pass_over`
    where `quiet` has said that nothing can be learned in it, and `settle` ends the block. That gives what `update`
    alone would, in a fraction of the time.
    """

    def __init__(self) -> None:
        self._p = PostureParams()
        self._upright = Upright()
        self._axes = Axes()
        self._swung = Swung(self._p)
        self._rested: Vector | None = None
        """Pose of the newest rest, sensor frame."""
        self.walking = False
        """Whether the thigh seems to walk at the newest tick."""
        self.feels_height = True
        """Whether the sensor feels how far it goes up and down: without a gyro it does not."""
        self._gait = GaitWatch(self._p.gait)
        self._on_foot = OnFoot(self._p, self._gait, self._upright)
        self._handled = Handled()
        self._decisive: bytes | None = None
        """Marks of those looked at that may change what is known of upright; None where that has to be found out."""
        self._top: Vector | None = None
        """Where the thigh was at the far end of repetitions that were counted, sensor frame."""

    def look(self, ticks: Ticks, start: int = 0) -> None:
        """The next ticks, from number `start` on, none of which is taken yet."""
        self._axes.settle()
        self._gait.look(ticks, start)
        self._decisive = None

    def settle(self) -> None:
        """All ticks looked at are taken: keep what the next ones need."""
        self._axes.settle()
        self._gait.settle()
        self._decisive = None

    def update(self, k: int, rest: StillFinder, *, learn_front: bool = True) -> None:
        """Take tick number `k` of those looked at, after `rest` has.

        Args:
            k: the number, counted from the first tick of the block.
            rest: at the same tick.
            learn_front: not in an exercise that turns the leg about its own axis, which says nothing of the front.
        """
        tick = self._gait.take()
        self._handled.add([tick])
        if rest.lasts_s(tick.t_s) >= self._p.settle_s:
            self._settles(rest.pose())
        self.walking = self._gait.walks(k)
        self._show(self._on_foot.stands(self._rested, walking=self.walking, feels_height=self.feels_height))
        self._show(self._on_foot.steps(tick, self._rested))
        self._show(self._on_foot.walks(self._rested, walking=self.walking))
        if not self.sure:
            self._swing(tick)
        if self._upright.taken is not None and learn_front:
            self._axes.update(tick.t_s, tick.up, self._upright.taken, self._gait.recent)
        elif not learn_front:
            self._axes.clear()

    def _settles(self, pose: Vector) -> None:
        """The thigh rests in this pose; in a new one the swings seen before are forgotten, which tell of the old."""
        known = self._upright
        if self._rested is None or angle_deg(self._rested, pose) > self._p.gait.back_deg:
            if self._handled.rests(known.taken, sure=self.sure):
                self._put_on()
            self._swung.rests(self._rested, pose)
            self._rested, self._decisive = pose, None
            self._on_foot.moves()
        if known.taken is None and not known.refuted:
            known.take(pose)
        elif known.taken is not None and not known.seems:
            self._compare(known.taken, pose)

    def _put_on(self) -> None:
        """The sensor was in the hand until now: what was done there has shown nothing, and this is the first rest."""
        self._upright.restart()
        self._axes, self._top = Axes(), None
        self._swung.restart()
        self._on_foot.restart()

    @property
    def off_its_feet(self) -> bool:
        """Whether the newest rest was in another posture than upright, while upright is not known for sure."""
        return self._rested_off_deg > self._p.changed_deg

    @property
    def half_way(self) -> bool:
        """Whether the newest rest was too far from what is taken for upright for standing and too near for lying, while
        that is not sure: so rests who stretches the legs, if upright was learned while the knees were bent.
        """
        return self._p.sure_deg < self._rested_off_deg <= self._p.changed_deg

    @property
    def _rested_off_deg(self) -> float:
        """How far the newest rest was from what is taken for upright; 0 where that is not known, or for sure."""
        taken = self._upright.taken
        return 0.0 if taken is None or self._rested is None or self.sure else angle_deg(taken, self._rested)

    @property
    def steps(self) -> bool:
        """Whether the thigh has just made a step, be it too soft to be seen as walking."""
        return self._gait.steps

    @property
    def supposed(self) -> bool:
        """Whether upright is taken for known only because the person came to rest in another posture."""
        return self._upright.supposed

    @property
    def sure(self) -> bool:
        """Whether upright is known by more than that: by steps, turns or swings, or because the person has shown it."""
        return self._upright.sure

    @property
    def doubted(self) -> bool:
        """Whether what was done did not fit what was taken for upright, so that another posture proves nothing."""
        return self._upright.doubted

    def _show(self, shown: Shown | None) -> None:
        """Take what was shown of upright, if anything was."""
        if shown == "upright":
            self._prove()
        elif shown is not None:
            self._got_up(shown)

    def _got_up(self, upright: Vector) -> None:
        """This is upright, for sure; what was taken for it was a chair or the mat, from which no front was learned."""
        self._axes = Axes()
        self._upright.take(upright)
        self._prove()

    def _swing(self, tick: Tick) -> None:
        """A thigh that is back where it rested may have shown by its movement whether the person stands there."""
        self._swung.add([tick])
        before, back_deg = self._gait.before, self._p.gait.back_deg
        back = [k for k in self._swung.hung(self._rested, self._upright) if angle_deg(k, tick.up) <= back_deg]
        hung = next((k for k in back if before is not None and angle_deg(k, before.up) > back_deg), None)
        shown = None if hung is None else self._swung.back(hung, self._upright)
        if shown == "upright":
            self._prove()
        elif shown == "upright here" and hung is not None:
            self._got_up(hung)
        elif shown == "not upright":
            self.refute()

    def doubt(self) -> bool:
        """What is done does not fit upright: unless that is sure, nothing is known from now on; gives whether so."""
        if self.sure:
            return False
        self._upright.doubt()
        return True

    def front_jumps(self, by_deg: float) -> bool:
        """The front of the thigh is found elsewhere, by so much; gives whether the strap has slipped. It has where
        upright is sure. While that is only supposed, a large jump speaks against it, and a small one is as likely
        somebody who got down over one side.
        """
        if not self.sure and by_deg > self._p.jump_deg:
            self.doubt()
        return self.sure

    def refute(self) -> None:
        """What was taken for upright is not; if it was told as supposed, it was a chair or the mat. A front that was
        learned from there is none either.
        """
        self._upright.refute()
        self._axes = Axes()

    def follow(self, *, raises: bool, holds: bool = False) -> None:
        """Whether legs may be raised from now on, and whether anything may be held, too."""
        self._swung.raises, self._swung.holds, self._decisive = raises, holds, None

    def tell(self, mounting: Mounting) -> None:
        """The person has shown how the sensor sits: upright and front are known for sure."""
        self._axes = Axes()
        self._axes.tell(mounting.anterior)
        self._handled.end()
        self._upright.take(mounting.proximal)
        self._prove()

    def trust(self) -> None:
        """An exercise has been done: what was taken for upright was hardly a chair, even if it is refuted later."""
        self._upright.trust()
        self._handled.end()

    def confirm(self) -> None:
        """What was done fits nothing but this upright: it is sure, and no walking, which may be raises, corrects it."""
        self._on_foot.walked = True
        self._handled.end()
        self._prove()

    def lies(self, pose: Vector) -> None:
        """What has been done from this pose only who lies can do: no swing there shows a thigh that hangs."""
        self._swung.lies(pose)

    def reaches(self, top: Vector) -> None:
        """So far go repetitions that have been counted: a rest there is no other posture."""
        self._top = top

    def if_low(self) -> Posture:
        """What is known of the posture if what is taken for upright is a chair or the mat."""
        low = Posture()
        low._upright, low.feels_height = self._upright.if_low(), self.feels_height
        low._handled.end()
        return low

    def quiet(self, k: int, end: int, rest: StillFinder, *, learn_front: bool = True) -> int:
        """The first tick from number `k` on, `end` at most, in which something may happen that `update` must see."""
        if self._decisive is None or self._upright.changed:
            self._decisive, self._upright.changed = self._find_decisive(rest), False
            if self._upright.taken is not None:
                self._axes.look(self._gait.up, self._gait.first, self._upright.taken)
        end = next_of(self._decisive, k, end)
        return self._axes.quiet(k, end) if self._upright.taken is not None and learn_front else end

    def at(self, k: int) -> None:
        """Go to tick number `k` without taking it: nothing is learned but whether the thigh seems to walk."""
        self.walking = self._gait.walks(k)

    def pass_over(self, k: int, end: int, *, learn_front: bool = True) -> None:
        """Take ticks `[k, end)`, of which `quiet` has said that nothing happens in them."""
        ticks = self._gait.pass_over(end - k)
        self._handled.add(ticks)
        if not self.sure:
            self._swung.add(ticks)
        self.walking = self._gait.walks(end - 1)
        self._on_foot.pass_over(end - k)
        if not learn_front:
            self._axes.clear()
        elif self._upright.taken is not None:
            self._axes.pass_over(k, end, ticks, self._upright.taken)

    def _find_decisive(self, rest: StillFinder) -> bytes:
        """Marks of the ticks looked at in which `update` may do more than go on: steps, turns, walking, a return to
        where the thigh hung, a rest in a new pose. What is sure already leaves fewer of them.
        """
        p, gait, first = self._p, self._gait, self._gait.first
        taken, refuted = self._upright.taken, self._upright.refuted
        decisive = np.zeros(len(gait.up), dtype=np.bool_)
        if not self.sure:
            decisive |= gait.turning | gait.knocked | gait.slowed
            for hung in self._swung.hung(self._rested, self._upright):
                decisive |= gait.returns(hung, p.gait.back_deg)
        settled = rest.lasted_s[first:] >= p.settle_s
        if self._rested is not None and (taken is not None or refuted) and settled.any():
            poses = rest.poses()[first:]
            moved = squared_chords(poses, np.array(self._rested)) > chord(p.gait.back_deg) ** 2
            if taken is not None and not self._upright.seems and not self.doubted:
                moved |= squared_chords(poses, np.array(taken)) > chord(p.changed_deg) ** 2
            settled &= moved
        decisive |= settled
        if not self.sure or self._on_foot.may_correct(self._rested):
            decisive |= gait.walking
        return marks(decisive, first)

    def _compare(self, upright: Vector, pose: Vector) -> None:
        """A rest in another posture makes the first one seem upright; one further away than anybody lies refutes it."""
        away_deg = angle_deg(upright, pose)
        if away_deg > self._p.upside_deg:
            self.refute()
        elif away_deg > self._p.changed_deg and not (self._top and angle_deg(self._top, pose) < self._p.top_deg):
            self._upright.seem()

    def _prove(self) -> None:
        self._upright.prove()
        self._swung.clear()

    def clear(self) -> None:
        """Forget the recent past, as after a gap; what upright is stays known."""
        self._gait.clear()
        self._decisive = None
        self._axes.clear()
        self._swung.gap()
        self.walking = False

    def tilt_deg(self, up: Vector) -> float | None:
        """Thigh tilt against upright in the pose `up`, degrees; None while upright is not known."""
        upright = self._upright.shown
        return None if upright is None else angle_deg(upright, up)

    def upright(self) -> Vector | None:
        """Direction of up when standing, sensor frame; None while it is unknown or on probation."""
        return self._upright.shown

    def start_of(self, up: Vector, starts: tuple[StartPose, ...], room_deg: float = 0.0) -> StartPose | None:
        """The start pose that the pose `up` fits, and every other one within `room_deg` of it; None where they fit
        none, or where it is not certain that all do.

        As long as upright is not known, everything fits the last of `starts`.
        """
        low = self._upright.low
        if low is None:
            return fitting_start(up, starts, self._upright, self._axes, room_deg)
        return fitting_low(up, starts, low, self._p.low_tilt_deg) if room_deg == 0.0 else None

    def roll_deg(self, up: Vector) -> float | None:
        """How far a lying thigh is turned in the pose `up`, degrees: 0 front up, 90 on the side, 180 front down; None
        while upright or front are not known, or where it does not lie.
        """
        upright = self._upright.shown
        return None if upright is None else self._axes.roll_deg(up, upright)

    @property
    def slipped_deg(self) -> float | None:
        """By how much the strap has just been found turned round the thigh, degrees; None where it has not been."""
        return self._axes.slipped_deg if self._upright.seems else None

    def front(self) -> Vector | None:
        """Unit vector out of the front of the thigh, sensor frame; None until the person has sat or lain down."""
        return self._axes.front() if self._upright.seems else None

    @property
    def mounting(self) -> Mounting | None:
        """How the sensor sits; None until upright and front are known."""
        upright, front = self.upright(), self.front()
        return None if upright is None or front is None else Mounting(upright, front)
