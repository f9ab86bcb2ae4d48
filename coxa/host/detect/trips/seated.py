"""Whether who sits has put a leg out to what is held, or has only shifted or twitched."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.hold import Hold


@dataclass(frozen=True, slots=True)
class SeatedParams:
    """What tells a leg that is put out from a seat."""

    at_once_s: float = 0.44
    leaves_s: float = 0.3
    """No foot is put out so soon, the first from a tenth of the way until it is in the band, the second from where the
    thigh leaves its rest pose (`RestParams.near_deg`), which of a small way is most of it: of 308 stretches of other
    people and of the kinematic recordings no first one from a seat does both, twitches and fidgets take 0.28 to 0.4 and
    0.16 to 0.28 s. To `auto` the second alone is too soon: of 176 stretches of other people one takes less than 0.4 s
    (0.32), of 49 other holds that seemed to be some 17. 0.4 to 0.45, 0.25 to 0.32 s."""
    back_share: float = 0.5
    """A leg that is taken back to less than this share of where it was held is back, though who sits does not sit as
    before: 0.33 to 0.41 (`RestPose.rests_off`). 0.45 to 0.6."""
    leans_s: float = 3.0
    aside_cos: float = 0.4
    """Who has put the foot out, which lets the thigh down a little and rolls the leg, leans so soon after that. A rest
    there is no new rest pose so long, where it is no further beside the exercise's way (cosine): stretches of other
    people were lost that leaned after 1 to 1.9 s, from 5 to 8 degrees off, beside it by 0.48 and less. 2 to 3.5 s, 0.3
    to 0.45."""
    bent_deg: float = 100.0
    drawn_share: float = 0.7
    """A thigh that rests beyond the first, to where the knee was lifted by so much of what it goes down now, or more,
    is one of who lay down, drew up the feet and slides the legs flat: by 0.75 to 1.1 (six of independent people); who
    stretches from a low seat has sat down on it. 97 to 102 degrees, 0.68 to 0.75."""


def not_put_out(trip: Excursion, hold: Hold) -> bool:
    """Whether who sat before this trip only sits otherwise where the `hold` begins: the thigh came there sooner than a
    foot can be put out, also if it was lifted first.
    """
    begun_s = trip.begun_s() if trip.lifted_s is None else trip.lifted_s
    return hold.start_s - begun_s < SeatedParams().at_once_s and _comes_soon(trip, hold)


def may_have_shifted(trip: Excursion, hold: Hold, turned_times: float) -> bool:
    """Whether the way of somebody who sits to where the `hold` begins may be none of a leg that is put out: the thigh
    came there too soon, or turned so many times as far as it went, as who gets up or ties a shoe turns it.
    """
    return _comes_soon(trip, hold) or trip.turned_deg(hold.start_s) > turned_times * hold.level_deg


def _comes_soon(trip: Excursion, hold: Hold) -> bool:
    """Whether it took too short a time from its rest pose; who lifts the foot first passes that at speed."""
    left_s = trip.start_s if trip.lifted_s is None else trip.lifted_s
    return hold.start_s - left_s < SeatedParams().leaves_s


def put_back(trip: Excursion, hold: Hold) -> bool:
    """Whether the thigh has come most of the way back from where it was held."""
    return trip.now_deg < SeatedParams().back_share * hold.level_deg


def may_lean_yet(cosine: float | None, rests_s: float) -> bool:
    """Whether a thigh that rests for so long, and has gone so much along the exercise's way (`cosine`, None while that
    is not known), may be that of somebody who has put the foot out and is about to lean.
    """
    p = SeatedParams()
    return rests_s < p.leans_s and (cosine is None or cosine > p.aside_cos)


def slid_flat(hold: Hold, rest_deg: float, drawn_up_deg: float) -> bool:
    """Whether who lies slides the legs flat to where the `hold` begins, from knees that were drawn up by so much until
    the thigh was tilted by `rest_deg` against upright.
    """
    p = SeatedParams()
    return rest_deg > p.bent_deg and drawn_up_deg > p.drawn_share * hold.level_deg
