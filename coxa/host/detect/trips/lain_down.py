"""Whether who rests far out has lain or sat down rather than raised the leg or drawn it up."""

from __future__ import annotations

from coxa.host.detect.detector import Verdict
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.hold import Hold
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.reasons import Reason


def may_have_lain_down(trip: Excursion, p: TripParams) -> bool:
    """Whether who rests so far out has not raised the leg: the sensor did not rise, or went further before."""
    return (height.lift_m(trip) or 0.0) < p.top.raised_m or trip.now_deg < p.top.held_share * trip.peak_deg


def has_lain_down(trip: Excursion, p: TripParams) -> bool:
    """Whether the thigh rests below the top of a way as far as that to the mat, or has come there by no straight way,
    as who rolls over on it.
    """
    return came_down(trip, p) or trip.path_deg > p.way.roughness * trip.peak_deg


def came_down(trip: Excursion, p: TripParams) -> bool:
    """Whether the thigh has been drawn up further than to the mat, as in a squat, and is well below that now."""
    return trip.peak_deg > p.top.mat_deg and trip.now_deg < p.top.held_share * trip.peak_deg


def not_drawn_up(trip: Excursion, hold: Hold) -> Verdict | None:
    """That the sensor was not lifted to what is held as far away as another posture is, as a thigh lifts it that lay
    level and swings about its hip; None where it was, or where too little of the way was seen.
    """
    held = hold.params
    lever_m = height.level_lever_m(trip, of_ways=True) if hold.level_deg > held.drawn_deg else None
    if lever_m is None or lever_m >= held.drawn_lever_m:
        return None
    return Verdict(Reason.POSTURE_UNKNOWN, lever_m, held.drawn_lever_m, "m")
