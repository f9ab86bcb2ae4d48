"""Whether who rests far out has lain down rather than raised the leg."""

from __future__ import annotations

from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trip_params import TripParams


def may_have_lain_down(trip: Excursion, p: TripParams) -> bool:
    """Whether who rests so far out has not raised the leg: the sensor did not rise, or went further before."""
    return (height.lift_m(trip) or 0.0) < p.top.raised_m or trip.now_deg < p.top.held_share * trip.peak_deg


def has_lain_down(trip: Excursion, p: TripParams) -> bool:
    """Whether the thigh rests below the top of a way as far as that to the mat, or has come there by no straight way,
    as who rolls over on it.
    """
    low = trip.peak_deg > p.top.mat_deg and trip.now_deg < p.top.held_share * trip.peak_deg
    return low or trip.path_deg > p.way.roughness * trip.peak_deg
