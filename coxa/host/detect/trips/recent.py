"""The newest ticks, to look back into: where a trip began is known only once the thigh is far on its way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import dropwhile, groupby, islice, takewhile
from math import dist
from operator import itemgetter

from coxa.host.detect.still import Tick
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trace_params import LeadParams
from coxa.host.motion.tangent import Vector, angle_deg, chord


class Recent:
    """The newest ticks, each with whether the thigh was still in it."""

    def __init__(self) -> None:
        self._ticks: deque[Tick] = deque(maxlen=Excursion.params.kept_ticks)
        self._stills: deque[bool] = deque(maxlen=Excursion.params.kept_ticks)

    def add(self, tick: Tick, still: bool) -> None:
        """The next one."""
        self._ticks.append(tick)
        self._stills.append(still)

    def extend(self, ticks: Sequence[Tick], stills: Sequence[bool]) -> None:
        """The next ones."""
        self._ticks.extend(ticks)
        self._stills.extend(stills)

    @property
    def newest(self) -> Tick:
        """The newest tick; one has come."""
        return self._ticks[-1]

    @property
    def still(self) -> bool:
        """Whether the thigh was still in it, False before the first."""
        return bool(self._stills) and self._stills[-1]

    @property
    def comes_to_rest(self) -> bool:
        """Whether the thigh is still since the newest tick."""
        return self.still and (len(self._stills) < 2 or not self._stills[-2])

    def _backwards(self) -> Iterator[tuple[Tick, bool]]:
        """Newest first, each with whether the thigh was still in it."""
        return zip(reversed(self._ticks), reversed(self._stills), strict=True)

    def trip(self, pose: Vector, start_s: float) -> Excursion:
        """The trip from this rest pose that began then, as far back as ticks are kept."""
        return Excursion.over(pose, start_s, self.since(start_s))

    def since(self, start_s: float) -> list[tuple[Tick, bool]]:
        """The ticks since then, as far back as they are kept, each with whether the thigh was still in it."""
        return list(takewhile(lambda seen: seen[0].t_s >= start_s, self._backwards()))[::-1]

    def approach(self, pose: Vector, until_s: float, within_s: float) -> list[tuple[float, float]]:
        """Times and degrees off that pose in the last seconds up to `until_s`, newest first."""
        earlier = (k for k in reversed(self._ticks) if k.t_s <= until_s)
        near = takewhile(lambda k: k.t_s > until_s - within_s, earlier)
        return [(k.t_s, angle_deg(pose, k.up)) for k in near]

    def lifted_s(self, trip: Excursion, near_deg: float) -> float | None:
        """Since when the thigh has moved without a rest up to the trip, if all that while it was on the other side of
        the rest pose, or within `near_deg` of it; None where it was not, or where it rested until it left.
        """
        stirred = takewhile(lambda seen: seen[0].t_s >= trip.start_s or not seen[1], self._backwards())
        before = [tick for tick, _ in stirred if tick.t_s < trip.start_s]
        if not before or max(trip.signed_deg(tick.up) for tick in before) > near_deg:
            return None
        return before[-1].t_s

    def lead_rise_mps2(self, trip: Excursion) -> list[float]:
        """Vertical acceleration felt right before the trip's first tick, oldest first: since the thigh began to turn
        away from its rest pose.
        """
        p, rises, near_deg = LeadParams(), list[float](), trip.angle_deg[0] if trip.angle_deg else 0.0
        for k in reversed(self._ticks):
            if k.t_s >= trip.start_s:
                continue
            off_deg = angle_deg(trip.rest, k.up)
            if len(rises) == p.ticks or off_deg > near_deg or k.rate_dps < p.slow_dps:
                break
            near_deg = off_deg
            rises.append(k.rise_mps2)
        return rises[::-1]

    def farthest_deg(self, pose: Vector, start_s: float, end_s: float) -> float:
        """How far from that pose the thigh has been in that time; 0 where no tick of it is kept."""
        return max((angle_deg(pose, k.up) for k in self._ticks if start_s <= k.t_s <= end_s), default=0.0)

    def calm_at(self, until_s: float, below_dps: float, ticks: int = 1) -> list[Vector]:
        """Where the thigh has turned no faster than so for so many ticks in turn before then, oldest first."""
        before = (k for k in self._ticks if k.t_s < until_s)
        runs = [[k.up for k in run] for calm, run in groupby(before, lambda k: k.rate_dps < below_dps) if calm]
        return [up for run in runs if len(run) >= ticks for up in run]

    def rest_rise_mps2(self, pose: Vector, within_deg: float) -> float | None:
        """Mean vertical acceleration felt at rest so near to that pose in the last seconds, where the accelerometer is
        off as it is there, not as at the top of a raise; None where there was too little rest.
        """
        newest, within = islice(self._backwards(), Excursion.params.rest_ticks), chord(within_deg)
        rises = [tick.rise_mps2 for tick, still in newest if still and dist(pose, tick.up) < within]
        return sum(rises) / len(rises) if len(rises) >= Excursion.params.calm_ticks else None

    def paused(self, until_s: float, within_s: float, below_dps: float, ticks: int) -> bool:
        """Whether in the last seconds up to then the thigh turned no faster than so for so many ticks in turn."""
        calm, from_s = 0, until_s - within_s
        for k in reversed(self._ticks):
            if k.t_s <= from_s or calm == ticks:
                break
            if k.t_s <= until_s:
                calm = calm + 1 if k.rate_dps < below_dps else 0
        return calm == ticks

    def rested(self, since_s: float) -> list[Tick]:
        """The newest stretch at rest since then, newest tick first."""
        since = takewhile(lambda seen: seen[0].t_s >= since_s, self._backwards())
        return [k for k, _ in takewhile(itemgetter(1), dropwhile(lambda seen: not seen[1], since))]

    def rested_up(self, top: Excursion, return_share: float) -> bool:
        """Whether the thigh rested at the peak of `top`, or had been there before the rest that it left from, as after
        a leg was raised. What else goes down is a stoop, a step or the way to the mat: nobody rests where that turns.
        """
        high_deg = top.params.top_share * top.peak_deg
        if any(still and a >= high_deg for still, a in zip(top.still, top.angle_deg, strict=True)):
            return True
        first = self.before_top(top, return_share)
        return first is not None and any(first.still[: first.at(top.start_s)])

    def before_top(self, top: Excursion, return_share: float) -> Excursion | None:
        """The repetition to which the rest was the top that `top` left from, and its peak the rest pose; None where the
        thigh was not seen to come from there.
        """
        pose, low_deg = top.peak_up, return_share * top.peak_deg
        low = [k.t_s for k in self._ticks if k.t_s < top.start_s and angle_deg(pose, k.up) < low_deg]
        if not low:
            return None
        seen = zip(self._ticks, self._stills, strict=True)
        way = (s for s in seen if low[-1] <= s[0].t_s <= top.peak_s)
        first = Excursion.over(pose, low[-1], way)
        for tick in self._ticks:  # it has ended long ago: what comes now is the next way out
            if first.peak_s < tick.t_s <= top.peak_s and angle_deg(pose, tick.up) < low_deg:
                first.end_at(tick, angle_deg(pose, tick.up))
        return first
