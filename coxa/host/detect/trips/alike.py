"""How alike two trips are: in size, in time and in the way that they go."""

from __future__ import annotations

from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.set_params import SetParams
from coxa.host.motion.tangent import dot


def within_times(ratio: float, times: float) -> bool:
    """Whether one is no more than so many times the other."""
    return 1 / times < ratio < times


def about_one(ratio: float, room: float) -> bool:
    """Whether one differs from the other by no more than that share of the larger."""
    return 1 - room < ratio < 1 / (1 - room)


def pause_s(first: Excursion, second: Excursion) -> float:
    """How long after the end of the first the second began, seconds."""
    return second.start_s - first.t_s[-1]


def alike_in_size(first: Excursion, second: Excursion, p: SetParams) -> bool:
    """Whether they may be of one set by how far they go."""
    return within_times(second.peak_deg / first.peak_deg, p.alike_times)


def same_way(first: Excursion, second: Excursion, p: SetParams) -> bool:
    """Whether they go the same way, as far as that is known of the smaller."""
    way = dot(first.way(), second.way())
    return way > p.same_way_cos(min(first.peak_deg, second.peak_deg))


def same(first: Excursion, second: Excursion, p: SetParams) -> bool:
    """Whether they are the same movement: as large, as long and the same way."""
    room = p.typical_share
    size, time = second.peak_deg / first.peak_deg, second.lasted_s / first.lasted_s
    way = dot(first.way(), second.way())
    return about_one(size, room) and about_one(time, room) and way > p.typical_cos


def again(first: Excursion, second: Excursion, p: SetParams) -> bool:
    """Whether the second is the first again, about as large and as long and the same way, be it that it comes late."""
    time, size = second.lasted_s / first.lasted_s, second.peak_deg / first.peak_deg
    way = dot(first.way(), second.way())
    return within_times(time, p.late_times) and within_times(size, p.alike_weak) and way > p.typical_cos
