"""Whether who sits has put a leg out to what is held, or has only shifted or twitched."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.hold import Hold


@dataclass(frozen=True, slots=True)
class SeatedParams:
    """How soon a leg is put out."""

    at_once_s: float = 0.44
    leaves_s: float = 0.3
    """No foot is put out so soon, the first from a tenth of the way until it is in the band, the second from where the
    thigh leaves its rest pose (`RestParams.near_deg`), which of a small way is most of it: of 308 stretches of other
    people and of the kinematic recordings no first one from a seat does both, twitches and fidgets take 0.28 to 0.4 and
    0.16 to 0.28 s. 0.4 to 0.45, 0.25 to 0.32 s."""


def not_put_out(trip: Excursion, hold: Hold) -> bool:
    """Whether who sat before this trip only sits otherwise where the `hold` begins: the thigh came there sooner than a
    foot can be put out.
    """
    p = SeatedParams()
    return hold.start_s - trip.begun_s() < p.at_once_s and hold.start_s - trip.start_s < p.leaves_s
