"""What speaks against a raise that opens a set in what was felt of it: that the leg was laid down at its top, went to
and fro, or turned about no hip, that the body it hangs from went along, or that it hangs from a chair.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from statistics import median

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.set_params import FidgetParams
from coxa.host.exercises.spec import StartPose
from coxa.host.motion.ticks import TICK_S


@dataclass(frozen=True, slots=True)
class StoopParams:
    """What tells who stoops from who raises a leg."""

    over_m: float = 0.1
    """Who stands and raises a leg swings it about the hip, along up from the sensor: by 0.07 to 0.46 m in each of 108
    raises that opened a set (other people). Who stoops leans it back over its foot, by -0.11 to -0.39 m in 10 of 12
    that had counted in pairs (dogs, things picked up). 0.06 to 0.11 m."""
    bent_deg: float = 12.5
    """And has the thigh within 0 to 12 degrees of upright before (105 of 106, one at 19). Who cleans or is on the way
    down to a knee leans by 13.5 to 20, and then by as much as a small raise twice. 12 to 14 degrees; more, whatever the
    movement is like, is `FidgetParams.leans_deg`."""


@dataclass(frozen=True, slots=True)
class SquatParams:
    """What tells who squats or kneels from who raises a leg."""

    sinks_mps: float = 0.08
    rises_mps: float = 0.08
    """Who raises a leg keeps the hips where they are: the sensor has hardly any speed down before the thigh has left
    its rest pose, nor up once it is back (0.055 and 0.032 m/s at most in each of 108 raises that opened a set, other
    people). Hips that sink may begin before the thigh turns, and still rise when it hangs again: by 0.1 to 0.54 and 0.1
    to 0.48 in 27 of 130 squats, kneelings and things picked up. 0.06 to 0.1 m/s."""
    lower_mps2: float = 0.06
    """Nor is the sensor lower afterwards than by this times the square of the time (0.048 at most); on a knee it is by
    0.11 to 0.3 of it. 0.05 to 0.08 m/s2."""
    high_deg: float = 80.0
    """Standing legs are raised by 14 to 73 degrees (108 sets), thighs of who squats or kneels go to 80 and more (32 of
    130): three alike are asked for. 75 to 85 degrees."""


@dataclass(frozen=True, slots=True)
class SmallParams:
    """A raise of who lies or sits with the front of the thigh up that hardly is one."""

    small_deg: float = 13.0
    """Legs are raised by 14 to 75 degrees from there, in whole sets by 15 and more (83 of four generators, but for
    four of who lies face down); feet on pedals and shifts in a chair turn the thigh by 8 to 12, and come in pairs.
    Three alike are asked for. 12 to 14 degrees."""


def squat_signs(trip: Excursion, end_s: float, start: StartPose) -> int:
    """In how many ways the hips of who stands were felt to go down: the sensor sank before the thigh turned, still rose
    when it hung again, is lower than before.
    """
    at_rest_mps2 = trip.rest_rise_mps2
    if start.direction != "any" or at_rest_mps2 is None:
        return 0
    p = SquatParams()
    before_mps, after_mps = (
        sum(rise - at_rest_mps2 for rise in felt) * TICK_S for felt in (trip.lead_rise_mps2, trip.tail_rise_mps2)
    )
    lower_m, most_m = -(height.net_rise_m(trip) or 0.0), p.lower_mps2 * (end_s - trip.start_s) ** 2
    return sum((before_mps < -p.sinks_mps, after_mps < -p.rises_mps, lower_m > most_m))


def is_high(trip: Excursion, start: StartPose) -> bool:
    """Whether the thigh of who stands went further than a leg is raised."""
    return start.direction == "any" and trip.peak_deg > SquatParams().high_deg


def is_unlike_lying(trip: Excursion, start: StartPose, posture: Posture, p: FidgetParams) -> bool:
    """Whether the thigh of who lies turned with the body, as of who settles on the mat, or, of who lies on the back or
    sits, was raised by less than a leg is.
    """
    if start.direction == "any":
        return False
    roll_deg = posture.roll_deg(trip.peak_up)
    small = roll_deg is not None and roll_deg < p.seat_roll_deg and trip.peak_deg < SmallParams().small_deg
    return small or trip.turned_deg() > p.turned_times * trip.peak_deg


def stoops(trip: Excursion, start: StartPose) -> bool:
    """Whether the thigh of who stands leaned over its foot: the sensor sank as the upper end of a lever does."""
    levers_m = height.levers_m(trip) if start.direction == "any" else None
    return levers_m is not None and levers_m[1] < -StoopParams().over_m


def may_be_none(trip: Excursion, start: StartPose, p: FidgetParams) -> bool:
    """Whether a movement from a known posture may as well be somebody who bends, gets up from a knee, dresses,
    scratches or shifts; it is over.
    """
    straight_deg = 2.0 * trip.peak_deg - trip.now_deg
    if trip.lost_s <= trip.params.blind_s and trip.path_deg > p.straight_times * straight_deg:
        return True
    if start.direction != "any":
        far = hypot(*(height.levers_m(trip) or (0.0, 0.0))) > p.below_m
        return far or _laid_down(trip, p) or (height.level_lever_m(trip) or p.lying_lever_m) < p.lying_lever_m
    if trip.out_s > p.slow_out_s or trip.turned_deg() > p.turned_times * trip.peak_deg:
        return True
    return not swings_from_hip(trip, p)


def swings_from_hip(trip: Excursion, p: FidgetParams) -> bool:
    """Whether the sensor of who stands went as one does on a leg that hangs from the hip, as far as that was felt."""
    across_m, below_m = height.levers_m(trip) or (0.0, p.below_m)
    return abs(across_m) <= p.across_m and p.hangs_m <= below_m <= p.below_m


def climbs(trip: Excursion, end_s: float, start: StartPose, p: FidgetParams) -> bool:
    """Whether who stands is higher after it than before, as of who gets up from a knee or takes stairs."""
    risen_m = height.net_rise_m(trip) or 0.0
    return start.direction == "any" and risen_m > p.risen_mps2 * (end_s - trip.start_s) ** 2


def sits(trip: Excursion, start: StartPose, posture: Posture, p: FidgetParams) -> bool:
    """Whether the thigh rests with its front up and less far from upright than that of who lies on the back."""
    tilt_deg, roll_deg = posture.tilt_deg(trip.rest), posture.roll_deg(trip.peak_up)
    if start.direction == "any" or tilt_deg is None or roll_deg is None:
        return False
    return tilt_deg < p.seat_deg and roll_deg < p.seat_roll_deg


def leans(trip: Excursion, start: StartPose, posture: Posture, p: FidgetParams) -> bool:
    """Whether the thigh of who is known for sure to stand leaned at rest as of who stoops, or stands in mid-step."""
    tilt_deg = posture.tilt_deg(trip.rest) if posture.sure and start.direction == "any" else None
    return tilt_deg is not None and tilt_deg > p.leans_deg


def is_bent(trip: Excursion, start: StartPose, posture: Posture) -> bool:
    """Whether the thigh of who stands leaned a little at rest already."""
    tilt_deg = posture.tilt_deg(trip.rest) if start.direction == "any" else None
    return tilt_deg is not None and tilt_deg > StoopParams().bent_deg


def is_out_long(trip: Excursion, end_s: float, start: StartPose, p: FidgetParams) -> bool:
    """Whether who stands was away for as long as it takes to kneel and tie a shoe, or to lie down and get up."""
    return start.direction == "any" and end_s - trip.start_s > p.weak_long_s


def _laid_down(trip: Excursion, p: FidgetParams) -> bool:
    """Whether the leg stays up as calm as only one does that stands on its foot, or lies over the other."""
    top_deg = trip.params.top_share * trip.peak_deg
    rates_dps = [dps for dps, a in zip(trip.rate_dps, trip.angle_deg, strict=True) if a >= top_deg]
    return trip.stay_s(top_deg) > p.laid_s and median(rates_dps) < p.laid_dps
