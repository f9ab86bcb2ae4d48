"""Whether what is held as by somebody who stands may be held on a chair or on the mat, while that is not known, and
whether who is known to stand has only come to stand otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.detect.detector import Verdict
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.hold import Hold
from coxa.host.detect.trips.top_params import TopParams
from coxa.host.motion.tangent import Vector, angle_deg
from coxa.host.reasons import Reason


@dataclass(frozen=True, slots=True)
class StandsParams:
    """What a pose that is held standing shows."""

    bends_deg: float = 50.0
    lever_m: float = 0.1
    straight_deg: float = 20.0
    """A thigh that hangs and leans no further than this has no lever across up: 97 of 98 held by other people have one
    of 0.03 m at most, and one that turns about its own axis (`TopParams.twisted_deg`), as a crossed leg does, of 0.19.
    Knees that are crossed on a chair or bent on the mat have 0.11 to 0.35 m. 47 to 55 degrees, 0.06 to 0.11 m, 18 to
    22."""
    steady_deg: float = 0.3
    """And a leg that is held further away is crossed over the one that stands, on which nobody stands so still: angles
    spread by 0.44 degrees and more (76 holds), of legs that are crossed on a chair by 0.24 to 1.2. 0.2 to 0.4."""
    beside_below_m: float = 0.05
    """Where standing is supposed, so much of it must be left beside a lever below the joint: -0.006 m at most in 17
    figure fours, 0.1 to 0.3 of who stands up from one. 0.01 to 0.09 m."""
    let_down_m: float = 0.2
    """Who sits back over one leg when the sensor is switched on, and stands up, lets the crossed one down: the sensor
    goes as the upper end of a lever of 0.23 to 0.27 m (4 others), of one that is crossed by who stands as the lower end
    (down to -0.17 in 58 figure fours where standing was not known for sure). 0.18 to 0.22 m."""
    surely_deg: float = 36.0
    """Who gets up from a chair that was supposed to be upright, or sits down on it, turns the thigh by 5 to 26 degrees
    about its own axis (`TopParams.twisted_deg`), an ankle that is put over the other knee by 38 to 78: it need not be
    held for longer than anybody stands still (`HoldParams.supposed_s`), nor may it be a seat. 32 to 40 degrees."""
    lifted_m: float = 0.03
    sank_m: float = 0.03
    crossed_deg: float = 22.0
    """A leg that is crossed beyond `TopParams.sit_deg` turns about its own axis by at least so much where the sensor
    seems to have sunk by so much, as it does on the way to a seat: of 307 figure fours of other people none turned by
    less than 31 degrees and sank, of slow people, whose height drifts more (`tools/people`), by less than 24; seats
    did, on which knees are crossed or shoes are tied; and one that turns by more and is lifted by so much is crossed,
    if it leans further than who stands otherwise. 0 to 0.05 m, 20 to 23 degrees."""
    straight_times: float = 1.35
    turned_times: float = 1.35
    twists_deg: float = 16.0
    """Who sits back by less than `bends_deg` leans over one foot, straight: up goes no more than 1.34 times as far as
    that (98 of 100: 1.09); where they are known to have stood, the sensor turns 1.3 times as far at most, and the thigh
    by 13 degrees about its own axis (194 figure fours of other people). Who cleans, stoops, picks something up or
    shifts and then stands otherwise does more of one in 25 of 50 that had counted. Nor does up go further than that
    out to its farthest and back to where an ankle is laid over the other knee: 1.0 to 1.1 times in 17 of 18 that had
    been lifted beyond. 1.3 to 1.6, 1.3 to 1.6, 14 to 20 degrees."""
    crossed_times: float = 2.0
    """Up goes 1.55 times as far as a thigh leans that has crossed first, at most (444 figure fours of other people); of
    who moves the strap or sweeps, which turns it as much, 2.8 and 3.2 times. 1.7 to 2.6."""
    upright_deg: float = 15.0
    """And has the thigh 23 degrees and more from upright (375 figure fours of other people): within 0 to 7 somebody
    stands, who stooped or leaned before or has had the leg crossed. 10 to 20 degrees."""


def not_standing(trip: Excursion, hold: Hold, *, known: bool = False) -> Verdict | None:
    """That a thigh that leans a little was lifted as one that lay level, or that a leg that seems crossed was let down
    from there, or, where nothing is `known`, is stiller than anybody stands; None where it was not, or where too little
    was seen.
    """
    p, (across_m, below_m) = StandsParams(), height.levers_m(trip) or (0.0, 0.0)
    if hold.level_deg >= p.bends_deg:
        if below_m < -p.let_down_m and trip.unseen_s(hold.calm_by_s) <= trip.params.blind_s:
            return Verdict(Reason.POSTURE_UNKNOWN, -below_m, p.let_down_m, "m")
        still = not known and hold.steadiness_deg < p.steady_deg
        return Verdict(Reason.POSTURE_UNKNOWN, hold.steadiness_deg, p.steady_deg, "deg") if still else None
    straight = trip.twisted_deg(hold.calm_by_s) < p.straight_deg
    lever_m = height.level_lever_m(trip, of_ways=True) if straight else None
    if lever_m is None or lever_m <= p.lever_m or (known and across_m <= p.beside_below_m):
        return None
    return Verdict(Reason.POSTURE_UNKNOWN, lever_m, p.lever_m, "m")


def surely_crossed(trip: Excursion, hold: Hold) -> bool:
    """Whether the thigh was turned about its own axis, on its way to where it is held, by more than who gets up or sits
    down turns it; not where too little of the way was seen.
    """
    seen = not trip.turn_unseen(hold.calm_by_s)
    return seen and trip.twisted_deg(hold.calm_by_s) >= StandsParams().surely_deg


def crossed_standing(trip: Excursion, hold: Hold) -> bool:
    """Whether the leg was crossed in a stay before, and the thigh is so surely turned out that nobody sits where it is
    held.
    """
    return trip.crossed and surely_crossed(trip, hold)


def seems_crossed(trip: Excursion, hold: Hold) -> bool:
    """Whether the leg has gone to where it is held as no seat is taken: turned about its own axis by more than who sits
    down turns it, and lifted, or surely crossed.
    """
    p, until_s = StandsParams(), hold.calm_by_s
    turned = not trip.turn_unseen(until_s) and trip.twisted_deg(until_s) > p.crossed_deg
    return surely_crossed(trip, hold) or (turned and (height.lift_m(trip) or 0.0) > p.lifted_m)


def may_be_step(trip: Excursion, stay: Hold, new: Hold) -> bool:
    """Whether who stayed for a moment may have put the ankle over the knee there, found their balance, and sat back to
    the `new` hold: no circle leans so far, and the leg seems to be crossed, or is turned so and no height was seen.
    """
    turned = trip.twisted_deg(new.calm_by_s) > StandsParams().crossed_deg
    crossed = turned and (height.lift_m(trip) is None or seems_crossed(trip, new))
    return crossed and stay.level_deg > TopParams().stance_deg


def balances(trip: Excursion, stay: Hold) -> bool:
    """Whether who stays there may have lifted the knee beyond, and let it down straight to where the ankle comes to lie
    over the other one: there they find their balance, and have yet to sit back.
    """
    straight_deg = 2.0 * trip.peak_deg - stay.level_deg
    straight = trip.path_deg <= StandsParams().straight_times * straight_deg
    return straight and stay.level_deg > TopParams().stance_deg and seems_crossed(trip, stay)


def not_sat_back(trip: Excursion, hold: Hold, *, known: bool) -> Verdict | None:
    """That a thigh that hangs, and leans a little more now, has come there by no straight way, or, of who is `known` to
    stand and has not crossed the leg, turned with the body; None where it has not, leans further, or where too little
    was seen.
    """
    p, until_s = StandsParams(), hold.calm_by_s
    if hold.level_deg >= p.bends_deg or trip.unseen_s(until_s) > trip.params.blind_s:
        return None
    twisted_deg = trip.twisted_deg(until_s)
    crossed = seems_crossed(trip, hold) and hold.level_deg > TopParams().stance_deg
    roundabout, turned = trip.path_deg / hold.level_deg, trip.turned_deg() / trip.peak_deg
    straight_times = p.crossed_times if crossed else p.straight_times
    if roundabout > straight_times:
        return Verdict(Reason.TO_AND_FRO, roundabout, straight_times, "times the straight way")
    if crossed or not known:
        return None
    if turned > p.turned_times:
        return Verdict(Reason.TURNED, turned, p.turned_times, "times the way")
    return Verdict(Reason.TURNED, twisted_deg, p.twists_deg, "deg") if twisted_deg > p.twists_deg else None


def stands_upright(upright: Vector, hold: Hold) -> Verdict | None:
    """That a thigh that is held hangs nearly upright, as of who stands again after stooping; None where it does not."""
    tilt_deg, least_deg = angle_deg(upright, hold.up), StandsParams().upright_deg
    return Verdict(Reason.TOO_SMALL, tilt_deg, least_deg, "deg") if tilt_deg < least_deg else None


def sat_down(trip: Excursion, until_s: float) -> Verdict | None:
    """That a thigh that is far out by then, and turned little about its own axis, let the sensor sink; None where it
    did not, or where too little was seen.
    """
    p, lift_m = StandsParams(), height.lift_m(trip)
    if lift_m is None or lift_m >= -p.sank_m or trip.twisted_deg(until_s) >= p.crossed_deg:
        return None
    return Verdict(Reason.WENT_DOWN, -lift_m, p.sank_m, "m")
