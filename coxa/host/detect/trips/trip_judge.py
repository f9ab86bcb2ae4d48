"""Judges trips from what is known of the posture and from what the person has done in the set.

`verdict` knows the trip alone; here it is asked with what the detector knows beside it.
"""

from __future__ import annotations

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.detector import Verdict
from coxa.host.detect.still import StillFinder, Tick
from coxa.host.detect.trips import footfall, height, no_raise, verdict
from coxa.host.detect.trips.bent_knees import BentKnees
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.held_before import HeldBefore
from coxa.host.detect.trips.held_range import HeldRange, held_range
from coxa.host.detect.trips.hold import Hold, refusal
from coxa.host.detect.trips.lain_down import came_down, has_lain_down, may_have_lain_down, not_drawn_up
from coxa.host.detect.trips.left_low import Stay, comes_down_to_stay, gone_on, left_low
from coxa.host.detect.trips.like_steps import Steps
from coxa.host.detect.trips.own_pace import back_at_pace, too_quick
from coxa.host.detect.trips.recent import Recent
from coxa.host.detect.trips.rest_pose import RestPose
from coxa.host.detect.trips.seated import may_have_shifted, may_lean_yet
from coxa.host.detect.trips.set_count import SetCount
from coxa.host.detect.trips.stands import not_sat_back, not_standing, sat_down, stands_upright, surely_crossed
from coxa.host.detect.trips.stretched_legs import stretched_legs
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.exercises.spec import ExerciseSpec, StartPose
from coxa.host.motion.tangent import Vector
from coxa.host.reasons import Reason


class TripJudge:
    """Whether a trip is this exercise's, whether it is over, and whether a rest away from the rest pose is its top."""

    def __init__(self, spec: ExerciseSpec, params: TripParams, pose: RestPose, counted: SetCount) -> None:
        self._spec, self._p = spec, params
        self._pose, self._set = pose, counted
        self.upright: Vector | None = None
        """Where up is when standing, as it was known at the newest tick of a trip; None while it was not."""
        self.sure = False
        """Whether it was known for sure."""
        self._feels_height = True
        """Whether the sensor felt then how far it goes up and down, and how it turns: without a gyro it does not."""
        self.before = HeldBefore(params)
        self.trusts_rest = False
        """Whether holds begin as far out as from a known posture: somebody else weighs how the thigh went there."""
        self._bent = BentKnees(spec, params)

    @property
    def known(self) -> bool:
        """Whether the posture was known at the newest tick of a trip."""
        return self.upright is not None

    @property
    def _low_dps(self) -> float:
        """A leg that turns more slowly than this low down may be back, deg/s; 0, so that none is, outside raises."""
        return (
            self._p.back.low_dps if self._spec.kind == "raise" and self._set.reps >= self._p.set.typical_reps else 0.0
        )

    @property
    def _start(self) -> StartPose:
        assert self._pose.start is not None
        return self._pose.start

    def learns(self, posture: Posture) -> bool:
        """Take what is known of the posture at this tick of a trip; gives whether upright is another than before."""
        before, self.upright, self.sure = self.upright, posture.upright(), posture.sure
        self._feels_height = posture.feels_height
        return self.upright != before

    def why_not(self, trip: Excursion, *, moving: bool, settled: bool | None = None) -> Verdict | None:
        """Why the way out, on which the thigh still may be `moving`, is not this exercise's; None where it is.

        `settled` says whether it began from rest; None: as the trip says.
        """
        if not (trip.settled if settled is None else settled):
            return Verdict(Reason.NOT_FROM_REST, 0.0, self._p.rest.settle_s, "s")
        needed = self._start.nearly_deg if moving else self._pose.needed_deg()
        on_the_way = moving or self._spec.kind == "bridge"
        typical = self._set.goes_so(trip) if on_the_way else self._set.typical(trip)
        felt = self._feels_height
        return verdict.why_not(
            trip, self._spec, self._start, needed, self.upright, self._p,
            sure=self.sure or not felt, typical=typical, feels_height=felt,
        )  # fmt: skip

    def may_rest_here(
        self, trip: Excursion, hold: Hold | None, tick: Tick, rest: StillFinder, posture: Posture
    ) -> bool:
        """Whether a rest away from the rest pose is the top of a repetition rather than a new posture."""
        if self._bends_the_knees(trip):
            return False
        rests_s, level_deg = rest.lasts_s(tick.t_s), self._held_deg(trip, hold, tick.t_s)
        if self._puts_out(trip, hold, rests_s):
            return True
        leans = self._spec.kind == "raise" and self.known and self.may_be_step(posture)
        least_deg = self._start.nearly_deg if hold is not None or leans else self.least_hold_deg
        if (leans or self._spec.kind == "hold") and level_deg < least_deg:
            # nobody holds so little: from the chair to the mat the thigh passes through more, and legs that lay with
            # bent knees are stretched out
            return leans and self._set.reps > 0 and rests_s < self._p.top.half_way_s
        if hold is not None:
            return hold.away_s(tick.t_s) <= self._spec.regrip_s
        if self._spec.raises_leg and trip.peak_deg < self._start.min_rom_deg and rests_s >= self._p.top.half_way_s:
            return False  # nobody raises a leg by so little: it was only moved, and rests there now
        fits = self.why_not(trip, moving=True, settled=trip.settled or self._set.in_series(trip)) is None
        return fits and rests_s < self._longest_top_s(trip, posture)

    def _puts_out(self, trip: Excursion, hold: Hold | None, rests_s: float) -> bool:
        """Whether who sits may only have put the foot out, which rolls the leg, and has yet to lean."""
        if hold is not None or self._spec.kind != "hold" or self._start.direction != "down":
            return False
        if trip.now_deg > self._spec.max_rom_deg:
            return False
        return may_lean_yet(verdict.direction_cos(trip.rest, trip.up[-1], self._start, self.upright), rests_s)

    def _held_deg(self, trip: Excursion, hold: Hold | None, t_s: float) -> float:
        """How far out the thigh is held that rests now, or where it is if it has left what was held too shortly. A
        level that was taken while it still crept on only follows it.
        """
        if hold is None or (hold.held_s < self._spec.min_hold_s and hold.away_s(t_s) > self._spec.wobble_s):
            return trip.now_deg
        return max(hold.level_deg, trip.now_deg)

    @property
    def in_set(self) -> bool:
        """Whether a set of raises or lunges goes on, so that the next one is expected."""
        return self._spec.kind == "raise" and self._set.reps > 0

    def stays(self, trip: Excursion, pose: Vector, posture: Posture) -> bool:
        """Whether a rest in `pose` that is too long for a top is no new rest pose either, but a leg that is kept up, so
        that the trip goes on until the thigh is back.
        """
        return (self.in_set and not self._may_begin_at(pose, posture)) or self._was_raised(trip)

    def _may_begin_at(self, pose: Vector, posture: Posture) -> bool:
        """Whether the exercise may begin in that pose, by what is known of the posture."""
        return posture.start_of(pose, self._spec.start) is not None

    def _was_raised(self, trip: Excursion) -> bool:
        """Whether what rests out there is a leg raised as in this exercise, rather than somebody who got up or sat."""
        rose = self._spec.raises_leg and (height.lift_m(trip) or 0.0) > self._p.top.raised_m
        return rose and trip.peak_deg < self._p.top.sit_deg and self.why_not(trip, moving=False) is None

    def too_long(self, trip: Excursion) -> Verdict:
        """The verdict on a trip that rested out there for too long, or else took too long as a whole."""
        return Verdict(Reason.TOO_LONG, *(trip.stayed_s or (trip.lasted_s, self._spec.max_rep_s)), "s")

    @property
    def least_hold_deg(self) -> float:
        """How far from rest a hold may begin; while the posture is not known, how far one must be to count."""
        here = self._pose.up is not None and self.before.done_from(self._pose.up) is not None
        unsure = not (self.known or here or self.trusts_rest)
        doubted = unsure and self._spec.kind == "hold" and self._start.direction != "any"
        return Hold.params.deep_deg(self._start) if doubted else self._start.min_rom_deg

    def _bends_the_knees(self, trip: Excursion) -> bool:
        """Whether who is not known to lie ready for bridges only bends the knees for them."""
        if self._spec.kind != "bridge" or self.known:
            return False
        return self._bent.bends(trip, self.why_not(trip, moving=True), in_set=self._set.reps > 0)

    def _longest_top_s(self, trip: Excursion, posture: Posture) -> float:
        """How long the thigh may rest out there as in a repetition's top; 0 once it has lain down."""
        like_set = self._set.goes_so(trip)
        high = self.may_be_step(posture) and trip.peak_deg > self._p.top.sit_deg and not like_set
        if high and has_lain_down(trip, self._p):
            return 0.0
        sitting = high and may_have_lain_down(trip, self._p)
        near = self._set.reps > 0 or trip.peak_deg < self._p.top.stood_deg
        steps = self._spec.impacts and self._feels_height and footfall.is_firm(trip, self._p)
        stands = self.known and (near or steps)
        times = self._p.step.doubt_times if like_set else 1.0
        longest_s = verdict.longest_top_s(trip, self._spec, self._p, times, may_sit=sitting, stands=stands)
        low = trip.peak_deg < self._p.top.mat_deg
        kept_up = self.sure and low and no_raise.swings_from_hip(trip, self._p.fidget)
        return min(longest_s, self._p.top.stood_s) if high and not kept_up else longest_s

    def lies_otherwise(self, trip: Excursion) -> bool:
        """Whether the thigh comes to rest further away than this exercise takes it, so that it lies otherwise now."""
        return trip.now_deg > self._spec.max_rom_deg and self._pose.pauses()

    def everyday(self, trip: Excursion, hold: Hold | None, posture: Posture, lever_m: float | None) -> bool:
        """Whether the pose that is held may be a chair or the mat, or only another way to stand or to lie; `lever_m`
        says by which lever across up the sensor went there, None where none tells.
        """
        held_deg = trip.peak_deg if hold is None else hold.level_deg
        roll_deg = None if trip.last_up is None else posture.roll_deg(trip.last_up)
        if verdict.may_be_everyday(
            trip, self._spec, self._start, held_deg, roll_deg, self._p, hold=hold, lever_m=lever_m
        ):
            return True
        tilt_deg = None if trip.last_up is None else posture.tilt_deg(trip.last_up)
        if self._crosses and tilt_deg is not None and tilt_deg < self._p.top.stance_deg:
            return True  # it hangs nearly, from wherever it came
        rest_tilt_deg = posture.tilt_deg(trip.rest)
        seated = rest_tilt_deg is not None and rest_tilt_deg < self._p.top.seat_deg
        low = rest_tilt_deg is not None and rest_tilt_deg > self._p.top.low_seat_deg
        either = seated if self._spec.kind == "bridge" else low and self._start.direction == "down"
        if either and height.lift_m(trip) is None:
            return True  # hips are lifted, or a leg put out from a low seat, and nobody saw whether the sensor rose
        return verdict.may_be_bent_knee(self._spec, self._start, rest_tilt_deg, held_deg, self._p)

    def lay_down(self, trip: Excursion) -> bool:
        """Whether who stays out there, as with a knee drawn up, came there over a squat, as one lies down."""
        return self._spec.kind == "hold" and self._start.direction == "up" and came_down(trip, self._p)

    def lifted(self, trip: Excursion, hold: Hold) -> bool:
        """Whether the sensor rose to where a hold begins, or the leg was surely crossed there: nobody has sat or lain
        down.
        """
        lifted = (height.lift_m(trip) or 0.0) > self._p.top.lifted_m or (self._crosses and surely_crossed(trip, hold))
        return lifted and hold.level_deg < self._p.top.lifted_deg and self._spec.kind == "hold"

    def not_crossed(self, trip: Excursion, hold: Hold) -> Verdict | None:
        """Why what stays out there is a seat, or a leg that only stands otherwise; None where it may be crossed, or sat
        back over, or no leg is to be crossed.
        """
        if not self._crosses:
            return None
        if hold.level_deg > self._p.top.sit_deg:
            return verdict.not_crossed(trip, hold.calm_by_s, self._p) or sat_down(trip, hold.calm_by_s)
        return not_sat_back(trip, hold, known=self.known)

    @property
    def _crosses(self) -> bool:
        """Whether a leg is to be crossed by who stands, and height is felt, which tells it from a seat."""
        return self._feels_height and self._spec.twists and self._start.direction == "any"

    def shifted(self, trip: Excursion, hold: Hold) -> bool:
        """Whether who holds there may only have turned or twitched in the seat, instead of putting the leg out."""
        return may_have_shifted(trip, hold, self._p.way.turned_times)

    def refused(self, hold: Hold, trip: Excursion, *, back: bool, believed: bool = False) -> Verdict | None:
        """Why a hold of this trip that is over does not count, with the thigh `back` at rest or not; None where it
        does. `believed`: as if the repetition were that it may belong to.
        """
        bridge = self._spec.kind == "bridge"
        if bridge and not back and trip.peak_deg > self._spec.max_rom_deg:
            return Verdict(Reason.TOO_LARGE, trip.peak_deg, self._spec.max_rom_deg, "deg")
        against = None if bridge else self._against(hold) or self._upright_again(hold)
        if against is not None:
            return against
        done = bridge and (believed or self._set.reps > 0 or self._set.believes(trip.rest))
        again = not bridge and self.before.again(hold, trip)
        lifted = bridge and back and hold.level_deg > self._p.top.held_share * trip.peak_deg
        known, sure = self.known or done or again, self.sure or self._crossed(hold, trip)
        why = refusal(hold, self._spec, self._start, self._p, known=known, sure=sure, lifted=lifted)
        if why is not None or self._spec.kind != "hold" or not self._feels_height or again:
            return why
        if self._start.direction == "any":
            return None if self.sure else not_standing(trip, hold, known=known)
        return not_drawn_up(trip, hold) if self._start.direction == "up" and not known else None

    def _crossed(self, hold: Hold, trip: Excursion) -> bool:
        """Whether the leg was turned out on its way as only one is that is crossed over the other by who stands."""
        return self._crosses and self.known and surely_crossed(trip, hold)

    def held_range(self, hold: Hold, trip: Excursion) -> HeldRange:
        """How far from its rest pose the thigh was held, by what is known of the posture now."""
        return held_range(hold.held_deg, hold.held_up, trip.rest, self._spec, self._start, self.upright)

    def _against(self, hold: Hold) -> Verdict | None:
        """That by what is known now it is held the other way: who gets up from the mat and walks holds no knee."""
        if self._pose.up is None:
            return None
        cosine = verdict.direction_cos(self._pose.up, hold.up, self._start, self.upright)
        if cosine is None or cosine >= 0.0:
            return None
        return Verdict(Reason.WRONG_DIRECTION, cosine, self._p.way.direction_cos, "cosine")

    def _upright_again(self, hold: Hold) -> Verdict | None:
        """That who is known to stand does so upright, with no leg crossed, be it after stooping."""
        return stands_upright(self.upright, hold) if self._crosses and self.upright is not None else None

    def has_returned(self, trip: Excursion) -> bool:
        """Whether the thigh is near enough to rest for the way back to be certain. Where samples were missing and it is
        found half way down right after, less is asked: most of the way back was made unseen.
        """
        lost_s = trip.gaps[-1][1] - trip.gaps[-1][0] if trip.gaps else 0.0
        found = (
            not self._spec.holds
            and lost_s > self._p.back.lost_return_s
            and trip.t_s[-1] - trip.gaps[-1][1] < self._p.back.found_s
        )
        share = max(self._spec.return_share, self._p.back.found_share) if found else self._spec.return_share
        if self._spec.kind == "hold" and not trip.still[-1]:
            share *= self._p.back.moving_back_share
        return trip.now_deg <= self.return_deg(trip, share)

    def stay(self, trip: Excursion, recent: Recent) -> Stay | None:
        """Where hips have just come to rest, and rested on their way out; None where they have not."""
        comes_to_rest = self._spec.kind == "bridge" and recent.comes_to_rest
        return left_low(trip, self._pose.needed_deg(), self._p) if comes_to_rest else None

    def lifted_from(self, trip: Excursion, hold: Hold) -> Stay | None:
        """Where the hips rested on their way out and were lifted from, if they were left for what seemed held there for
        longer than a grip is let go; None where they were not.
        """
        over = self._spec.kind == "bridge" and hold.away_s(trip.t_s[-1]) > self._spec.regrip_s
        return gone_on(trip, self._pose.needed_deg(), self._p) if over else None

    def may_rest_off(self, trip: Excursion, recent: Recent) -> bool:
        """Whether hips that come down rest where they did on their way out, or may yet."""
        on_way = self._spec.kind == "bridge" and comes_down_to_stay(trip, self._pose.needed_deg(), self._p)
        return on_way or self.stay(trip, recent) is not None

    def rises_again(self, trip: Excursion, posture: Posture) -> bool:
        """Whether a leg that lies has come down, without a rest, and is on its next way out."""
        risen_deg = trip.now_deg - trip.lowest_deg
        return self.may_turn_low(trip, posture) and risen_deg > self._p.rest.enter_share * self._pose.needed_deg()

    def back_unseen(self, trip: Excursion) -> tuple[float, float] | None:
        """When, in a gap, a thigh was back that had come down so far when it was lost, and when it left again; None
        where it need not have been. What is held may be let go and gripped again.
        """
        lost = trip.lost_tick() if trip.gaps and self._spec.kind != "hold" else None
        if lost is None:
            return None
        unseen = trip.back_unseen(lost)
        if unseen and trip.angle_deg[lost] < self._p.back.drift_share * trip.peak_deg:
            return unseen
        return back_at_pace(trip, lost, self._set.whole) if self.in_set and trip.lost_for_certain else None

    def may_turn_low(self, trip: Excursion, posture: Posture) -> bool:
        """Whether a leg has come down so far that rising again makes it two raises. Only where no steps are made, as
        lying down, and in a set or where raises have shown that the leg lies: what opens a set may be getting up.
        """
        if (
            trip.lowest_deg >= self._p.back.low_share * trip.peak_deg
            or self._spec.kind != "raise"
            or self._spec.impacts
        ):
            return False
        return not self.may_be_step(posture) and (self._set.reps > 0 or self._set.lying.lies(trip.rest))

    def return_deg(self, trip: Excursion, share: float) -> float:
        """How near to rest the thigh is back, for that share of the peak."""
        return max(share * trip.peak_deg, self._p.back.enter_share * self._pose.enter_deg())

    def low_rest(self, trip: Excursion, tick: Tick, rest: StillFinder, posture: Posture) -> Vector | None:
        """The pose in which a raised leg has come down to rest a little off its rest pose; None where it has not."""
        if not self._rests_low(trip, rest):
            return None
        pose = rest.pose() if rest.still else tick.up
        return pose if self._may_begin_at(pose, posture) else None

    def _rests_low(self, trip: Excursion, rest: StillFinder) -> bool:
        """Whether the leg is so low and so calm, and has fallen so far, that it may have come down."""
        low = rest.still or verdict.lies_low(trip, self._low_dps, self._p)
        if not low or self._spec.kind != "raise" or trip.now_deg > self._p.back.drift_share * trip.peak_deg:
            return False
        fell_deg = trip.highest_deg(self._p.back.fall_s) - trip.now_deg
        own_deg = self._spec.relative_rom * self._set.own_deg
        fallen = fell_deg >= max(self._p.back.fall_share * self._start.min_rom_deg, own_deg)
        return fallen or trip.peak_deg - trip.now_deg >= self._pose.needed_deg()

    def wrong(self, trip: Excursion, t_s: float, posture: Posture, *, settled: bool | None = None) -> Verdict | None:
        """Why a whole trip, back at `t_s`, is no repetition; None where it is. `settled` as for `why_not`."""
        why = self.why_not(trip, moving=False, settled=settled)
        if why is None and self._feels_height:
            why = footfall.rises_softly(trip, self._spec, self._p)
        return why or self._stretched_legs(trip) or self._bad_timing(trip, t_s, posture)

    def _stretched_legs(self, trip: Excursion) -> Verdict | None:
        """Whether bent legs were stretched out and bent again, which turns the thigh as lifted hips do, and as far, but
        lets the sensor down; None where they were not, or nothing tells, or the set's were like it.
        """
        bridge = self._spec.kind == "bridge" and self.known and self._feels_height
        asked = bridge and not self._set.typical(trip)
        return stretched_legs(trip, self._p.way) if asked else None

    def _bad_timing(self, trip: Excursion, t_s: float, posture: Posture) -> Verdict | None:
        steps, typical = self._steps(trip, posture), self._set.typical(trip)
        opens, quick = self._set.reps == 0, self._set.as_quick(trip, self._spec.min_rep_s)
        why = verdict.bad_timing(
            trip, t_s, self._spec, self._p, steps=steps, typical=typical, opens=opens, as_quick=quick
        )
        return why or (too_quick(trip, self._spec, self._p, self._set.whole) if self.in_set else None)

    def may_be_step(self, posture: Posture) -> bool:
        """Whether a trip from here may be a step."""
        if not self._spec.raises_leg:
            return False
        if posture.upright() is None:
            return self._pose.up is None or not self._set.lying.lies(self._pose.up)
        return self._pose.start is not None and self._pose.start.direction == "any"

    def _steps(self, trip: Excursion, posture: Posture) -> Steps:
        if self._spec.kind == "bridge" and posture.upright() is None:
            return "believed" if self._set.reps else "unknown"
        if not self.may_be_step(posture):
            return "none"
        if posture.upright() is not None:
            return "raising" if self._set.goes_so(trip) else "standing"
        return "believed" if self._set.believes(trip.rest) else "unknown"
