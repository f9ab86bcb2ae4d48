"""Whether what is held as by somebody who stands may be held on a chair or on the mat, while that is not known."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.detect.detector import Verdict
from coxa.host.detect.trips import height
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.hold import Hold
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
    crossed_deg: float = 36.0
    """Who gets up from a chair that was supposed to be upright, or sits down on it, turns the thigh by 5 to 26 degrees
    about its own axis (`TopParams.twisted_deg`), an ankle that is put over the other knee by 38 to 78: it need not be
    held for longer than anybody stands still (`HoldParams.supposed_s`). 32 to 40 degrees."""


def not_standing(trip: Excursion, hold: Hold) -> Verdict | None:
    """That a thigh that leans a little was lifted as one that lay level, or that a leg that is crossed is stiller than
    anybody stands; None where it was not, or where too little was seen.
    """
    p = StandsParams()
    if hold.level_deg >= p.bends_deg:
        still = hold.steadiness_deg < p.steady_deg
        return Verdict(Reason.POSTURE_UNKNOWN, hold.steadiness_deg, p.steady_deg, "deg") if still else None
    straight = trip.twisted_deg(hold.start_s + hold.params.calm_s) < p.straight_deg
    lever_m = height.level_lever_m(trip, of_ways=True) if straight else None
    if lever_m is None or lever_m <= p.lever_m:
        return None
    return Verdict(Reason.POSTURE_UNKNOWN, lever_m, p.lever_m, "m")


def surely_crossed(trip: Excursion, hold: Hold) -> bool:
    """Whether the thigh was turned about its own axis, on its way to where it is held, by more than who gets up or sits
    down turns it; not where too little of the way was seen.
    """
    until_s = hold.start_s + hold.params.calm_s
    seen = trip.unseen_s(until_s) <= trip.params.blind_s
    return seen and trip.twisted_deg(until_s) >= StandsParams().crossed_deg
