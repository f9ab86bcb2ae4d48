"""Whether who sits has put a leg out to what is held, or has only shifted, twitched or uncrossed the knees."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.hold import Hold
from coxa.host.motion.tangent import Vector, angle_deg


@dataclass(frozen=True, slots=True)
class SeatedParams:
    """How soon a leg is put out, and how far its thigh turns aside, about up, meanwhile."""

    at_once_s: float = 0.44
    leaves_s: float = 0.3
    """No foot is put out so soon, the first from a tenth of the way until it is in the band, the second from where the
    thigh leaves its rest pose (`RestParams.near_deg`), which of a small way is most of it: of 308 stretches of other
    people and of the kinematic recordings no first one from a seat does both, twitches and fidgets take 0.28 to 0.4 and
    0.16 to 0.28 s. 0.4 to 0.45, 0.25 to 0.32 s."""
    aside_deg: float = 9.0
    lifted_deg: float = 1.0
    """Of whom upright is known and whose knee was lifted by no more than the second, it turns by 7.7 degrees at most
    (315 stretches of other people and of the kinematic recordings); who uncrosses the knees, lies down, ties a shoe or
    scratches lets it down and turns it by 9.5 to 23 (11 of 27). 8.5 to 9.4 degrees, 0.5 to 1.5."""
    far_aside_deg: float = 15.0
    """And in no case further than this: a foot that is lifted over something goes aside, by 13.4 degrees at most (360).
    14 to 18 degrees."""


def not_put_out(trip: Excursion, hold: Hold, upright: Vector | None) -> bool:
    """Whether who sat before this trip only sits otherwise where the `hold` begins: the thigh came there sooner than a
    foot can be put out, or turned aside as it went down, `upright` being where up is when standing, if that is known.
    """
    p, aside_deg = SeatedParams(), trip.twisted_deg(hold.calm_by_s)
    if hold.start_s - trip.begun_s() < p.at_once_s and hold.start_s - trip.start_s < p.leaves_s:
        return True
    if aside_deg <= p.aside_deg or (upright is None and aside_deg <= p.far_aside_deg):
        return False
    return aside_deg > p.far_aside_deg or not _lifted(trip, hold, upright, p)


def _lifted(trip: Excursion, hold: Hold, upright: Vector | None, p: SeatedParams) -> bool:
    """Whether the knee was lifted on the way, as a foot is lifted to be put out."""
    if upright is None:
        return False
    way = trip.up[: trip.at(hold.calm_by_s) + 1]
    highest_deg = max((angle_deg(upright, up) for up in way), default=0.0)
    return highest_deg - angle_deg(upright, trip.rest) > p.lifted_deg
