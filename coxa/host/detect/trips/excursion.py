"""One trip of the thigh away from its rest pose and back, as it unfolds: its trace, and what is measured on it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import degrees, dist, pi, radians
from typing import ClassVar

from coxa.host.detect.still import Tick, longest_s
from coxa.host.detect.trips.trace_params import TraceParams
from coxa.host.motion.tangent import Vector, angle_deg, arc_deg, chord, cross, dot, towards, unit, volume
from coxa.host.motion.ticks import TICK_S
from coxa.host.samples import Gap


@dataclass(slots=True)
class Excursion:
    """The trace of a trip, relative to the rest pose it left from.

    Columns have a value for each tick (25 Hz) from the way out to where the way back was certain; the `tail` ones go on
    from there to where the thigh came to rest. Ticks inside gaps do not exist.
    """

    params: ClassVar[TraceParams] = TraceParams()
    followed_s: ClassVar[float] = 0.1
    """A turn is followed over holes up to so long, by the rates on both sides (`motion.orientation`)."""
    _path_step: ClassVar[float] = chord(params.path_step_deg)
    """Chord of a step that is way covered."""

    rest: Vector
    """Direction of up at rest, sensor frame."""
    start_s: float
    """Last moment near the rest pose."""
    settled: bool
    """Whether it began from a rest long enough to open a set."""
    usual_deg: float = 0.0
    """What repetitions of the set have reached before it, 0 before the first."""
    paused: bool = False
    """Whether the thigh had come to a pause right before, as it does between raises and not between steps."""
    stayed_s: tuple[float, float] | None = None
    """How long it has rested out there where the exercise cannot begin, and what was too long; None where it was not.
    """
    hasty: bool = False
    """Whether it went out, or was out and back, as soon as the leg of a step."""
    closed: bool = False
    """Whether it is over: the thigh is back where it left from."""
    crossed: bool = False
    """Whether a leg was seen to be crossed on it, by who stands: what it seems to have sunk by later tells no seat."""
    t_s: list[float] = field(default_factory=list[float])
    """Time of each tick."""
    angle_deg: list[float] = field(default_factory=list[float])
    """Angle against the rest pose, one a tick."""
    up: list[Vector] = field(default_factory=list[Vector])
    """Direction of up in each tick, sensor frame."""
    still: list[bool] = field(default_factory=list[bool])
    """Whether the thigh was still in each tick."""
    rate_dps: list[float] = field(default_factory=list[float])
    """Angular rate, about any axis."""
    rise_mps2: list[float] = field(default_factory=list[float])
    """Vertical acceleration of the sensor, positive up, gravity removed."""
    peak_deg: float = 0.0
    """Largest angle so far."""
    peak_s: float = 0.0
    peak_up: Vector = (0.0, 0.0, 0.0)
    """Direction of up there, sensor frame."""
    lowest_deg: float = 180.0
    """Smallest angle since the peak."""
    lowest_s: float = 0.0
    gaps: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """Starts and ends of the stretches without samples."""
    lost_for_certain: bool = True
    """Whether the newest of them is one in which time has passed (`Gap.certain`)."""
    next_unseen_s: tuple[float, float] | None = None
    """From when to when the next trip was on its way out unseen, where this one was over in a gap; None else."""
    calm_s: tuple[float, float] | None = None
    """A stretch at the top in which the thigh was at rest, once there was one."""
    calm_up: Vector | None = None
    """Direction of up there."""
    rest_rise_mps2: float | None = None
    """Vertical acceleration that the sensor felt at rest before, None where that was too short."""
    shock_mps2: float = 0.0
    """Largest departure of the specific force from 1 g."""
    shocks_mps2: list[float] = field(default_factory=list[float])
    """The same in each tick."""
    path_deg: float = 0.0
    """Way covered by the direction of up."""
    swept: float = 0.0
    """Twice the area that the way encloses with the rest pose, on the unit sphere, signed by its sense."""
    path_up: Vector | None = None
    """Direction of up where `path_deg` was last added to, sensor frame."""
    end_s: float | None = None
    """When the thigh was back, as far as that has been seen; None before the way back is certain."""
    end_deg: float = 180.0
    """How far from rest it was then."""
    ended: bool = False
    """Whether `end_s` is final: the thigh was near rest, or stopped."""
    calm_back_s: float | None = None
    """Since when the thigh has been back without moving fast."""
    before: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """Times and angles shortly before `start_s`, newest first."""
    lifted_s: float | None = None
    """Since when the thigh has moved without a rest, where before it left it only went the other way; None else."""
    lead_rise_mps2: list[float] = field(default_factory=list[float])
    """Vertical acceleration felt in the ticks before the first in which the thigh was on its way already."""
    tail_deg: list[float] = field(default_factory=list[float])
    """Angles of the ticks after the way back was certain, up to the end."""
    tail_s: list[float] = field(default_factory=list[float])
    """Times of all ticks after that."""
    tail_rise_mps2: list[float] = field(default_factory=list[float])
    """Vertical acceleration felt in them."""
    _way: Vector | None = field(default=None, init=False, repr=False)
    """What `way` gives, once it has been asked for the present peak."""
    _top: int | None = field(default=None, init=False, repr=False)
    """What `top` gives, once it has been asked for the present ticks."""

    @classmethod
    def over(cls, rest: Vector, start_s: float, seen: Iterable[tuple[Tick, bool]]) -> Excursion:
        """The trip that these ticks make, each with whether the thigh was still in it."""
        trip, along = cls(rest, start_s, settled=True), list(seen)
        if along:
            trip.extend([tick for tick, _ in along], [still for _, still in along])
        return trip

    def extend(self, ticks: Sequence[Tick], still: Sequence[bool], off_deg: Sequence[float] | None = None) -> None:
        """Take the next ticks of the trip, one at least; `off_deg` are their angles against the rest pose where those
        are known.
        """
        t_s, ups, rates_dps, shocks_mps2, rises_mps2 = zip(*ticks, strict=True)
        angles = off_deg or [angle_deg(self.rest, up) for up in ups]
        self._top = None
        self.t_s += t_s
        self.angle_deg += angles
        self.up += ups
        self.still += still
        self.rate_dps += rates_dps
        self.rise_mps2 += rises_mps2
        self.shock_mps2 = max(self.shock_mps2, *shocks_mps2)
        self.shocks_mps2 += shocks_mps2
        farthest_deg = max(angles)
        if farthest_deg > self.peak_deg:
            k = angles.index(farthest_deg)
            self.peak_deg, self.peak_s, self.peak_up = farthest_deg, t_s[k], ups[k]
            self.lowest_deg, since, self._way = 180.0, k, None
        else:
            since = 0
        nearest_deg = min(angles[since:])
        if nearest_deg < self.lowest_deg:
            self.lowest_deg, self.lowest_s = nearest_deg, t_s[angles.index(nearest_deg, since)]
        self._follow(ups)

    def _follow(self, ups: Sequence[Vector]) -> None:
        """The way that is covered, and the area, with the next directions of up."""
        rest, least, path_deg, swept = self.rest, self._path_step, self.path_deg, self.swept
        from_up = self.path_up or rest
        for up in ups:
            step = dist(from_up, up)
            if step >= least:
                path_deg += arc_deg(step)
                swept += volume(rest, from_up, up)
                from_up = self.path_up = up
        self.path_deg, self.swept = path_deg, swept

    def stays(self, rests_s: float) -> None:
        """It rests out there for longer than it may."""
        longest_s, too_long_s = self.stayed_s or (0.0, rests_s)
        self.stayed_s = max(longest_s, rests_s), too_long_s

    def end_at_lowest(self) -> None:
        """What came after the lowest point is no part of it."""
        end = bisect_right(self.t_s, self.lowest_s)
        columns = (
            self.t_s, self.angle_deg, self.up, self.still, self.rate_dps, self.rise_mps2, self.shocks_mps2,
        )  # fmt: skip
        for column in columns:
            del column[end:]
        self._top = None
        if self.peak_s > self.lowest_s:
            k = max(range(end), key=self.angle_deg.__getitem__)
            self.peak_deg, self.peak_s, self.peak_up, self._way = self.angle_deg[k], self.t_s[k], self.up[k], None
        self.end_s, self.end_deg, self.ended = self.lowest_s, self.lowest_deg, True

    def lose(self, gap: Gap) -> None:
        """Samples are missing; the trip goes on."""
        self.gaps.append((gap.start_s, gap.end_s))
        self.lost_for_certain = gap.certain

    def back_unseen(self, lost: int) -> tuple[float, float] | None:
        """When in the newest gap, before which tick `lost` was the last, the thigh was back at rest, and when it left
        again: it was on its way back when it was lost, is on its way out where it is found, and at its pace it had the
        time for both. None where it need not have been.
        """
        if self.peak_s > self.t_s[lost]:
            return None
        found = lost + 1
        back_dps, out_dps = -self.turning_dps(lost - self.params.edge_ticks), self.turning_dps(found)
        if min(back_dps, out_dps) < self.params.end_dps:
            return None
        back_s = self.t_s[lost] + self.angle_deg[lost] / back_dps
        left_s = self.t_s[found] - self.angle_deg[found] / out_dps
        return (back_s, left_s) if back_s < left_s else None

    def lost_tick(self) -> int | None:
        """Index of the last tick before the newest gap, where that ended a moment ago: `edge_ticks` before the newest.
        None where it has not, or where too little was seen before it.
        """
        n, found = self.params.edge_ticks, len(self.t_s) - self.params.edge_ticks - 1
        if not self.gaps or found <= n or self.t_s[found] < self.gaps[-1][1] or self.t_s[found - 1] > self.gaps[-1][0]:
            return None
        return found - 1

    def turning_dps(self, first: int) -> float:
        """How fast the angle grows over the `edge_ticks` from that tick on."""
        last = first + self.params.edge_ticks
        return (self.angle_deg[last] - self.angle_deg[first]) / (self.t_s[last] - self.t_s[first])

    def end_unseen(self, back_s: float, left_s: float) -> None:
        """It was over in the newest gap, in which the thigh was back then and left again later."""
        self.lowest_deg, self.lowest_s, self.next_unseen_s = 0.0, left_s, (left_s, self.gaps[-1][1])
        self.end_at_lowest()
        self.end_s, self.gaps[-1] = back_s, (self.gaps[-1][0], back_s)

    def begun_s(self) -> float:
        """When the way out had left a tenth of itself behind, as far as that was seen."""
        begun_s, last_deg, tenth_deg = self.start_s, 180.0, self.params.end_share * self.peak_deg
        for t_s, off_deg in zip(self.t_s, self.angle_deg, strict=True):
            if off_deg >= tenth_deg:
                last_deg = off_deg
                break
            begun_s = t_s
        if begun_s > self.start_s:
            return begun_s
        for t_s, off_deg in self.before:
            if off_deg > last_deg or last_deg < tenth_deg:
                break
            begun_s, last_deg = t_s, off_deg
        return begun_s

    @property
    def newest_s(self) -> float:
        """When it was seen last, its way back's end included."""
        return self.tail_s[-1] if self.tail_s else self.t_s[-1]

    def end_at(self, tick: Tick, off_deg: float) -> None:
        """Take a tick after the way back was certain: the thigh is back where it is near rest, or stops."""
        p, t_s, rate_dps = self.params, tick.t_s, tick.rate_dps
        if t_s > self.t_s[-1]:
            self.tail_s.append(t_s)
            self.tail_rise_mps2.append(tick.rise_mps2)
        calm = rate_dps < p.end_dps and off_deg <= max(p.calm_share * self.peak_deg, p.calm_deg)
        self.calm_back_s = (t_s if self.calm_back_s is None else self.calm_back_s) if calm else None
        if self.ended or off_deg >= self.end_deg:
            return
        if t_s > self.t_s[-1]:
            self.tail_deg.append(off_deg)
        self.end_s, self.end_deg = t_s, off_deg
        self.ended = off_deg <= p.end_share * self.peak_deg or rate_dps < p.end_dps

    def over_by(self, next_s: float) -> None:
        """The next trip has begun then: what comes from there on is no more of this one's way back."""
        if self.end_s is not None:
            self.end_s, self.ended = min(self.end_s, next_s), True

    @property
    def lost_s(self) -> float:
        """Time inside the trip for which there are no samples."""
        return sum(end - start for start, end in self.gaps)

    @property
    def lasted_s(self) -> float:
        """From the start to the newest tick."""
        return self.t_s[-1] - self.start_s

    @property
    def last_up(self) -> Vector | None:
        """Direction of up at the newest tick, sensor frame; None before the first."""
        return self.up[-1] if self.up else None

    @property
    def now_deg(self) -> float:
        """Angle at the newest tick."""
        return self.angle_deg[-1]

    def highest_deg(self, within_s: float) -> float:
        """Largest angle of the last seconds."""
        return max(self.angle_deg[bisect_left(self.t_s, self.t_s[-1] - within_s) :])

    def way(self) -> Vector:
        """Which way up goes from the rest pose to the peak, unit vector at the rest pose."""
        if self._way is None:
            self._way = towards(self.rest, self.peak_up)
        return self._way

    def signed_deg(self, up: Vector) -> float:
        """Angle of `up` against the rest pose, negative on the side away from the peak."""
        a = angle_deg(self.rest, up)
        return a * dot(towards(self.rest, up), self.way())

    def beside_deg(self, up: Vector) -> float:
        """How far `up` is from rest to the side of the trip's own way; the way itself may begin anew at once."""
        away, along = angle_deg(self.rest, up), max(self.signed_deg(up), 0.0)
        return max(away * away - along * along, 0.0) ** 0.5

    def axis(self) -> Vector:
        """Unit axis, sensor frame, about which up turned between rest and peak."""
        return unit(cross(self.rest, self.peak_up))

    @property
    def out_s(self) -> float:
        """How long the way out took, as far as it was seen: from the start to nine tenths of the peak."""
        top_s = self.t_s[self.top()]
        return top_s - self.start_s - self.unseen_s(top_s)

    def round_share(self) -> float:
        """How much the way encloses of a circle with the way out as its diameter: 1 for a circle through the rest pose,
        0 for a way back along the way out.
        """
        return abs(self.swept) / (0.5 * pi * radians(self.peak_deg) ** 2)

    def turned_deg(self, until_s: float | None = None) -> float:
        """By how much the sensor turned up to then, about any axis; on the way out where no moment is given."""
        last = self.top() if until_s is None else self.at(until_s)
        return sum(self.rate_dps[: last + 1]) * TICK_S

    def twisted_deg(self, until_s: float) -> float:
        """How far the thigh turned about its own axis up to then, if it hangs along up at rest: about up, which the
        tilt does not show, as far as that still lies along it, and across the way it goes.
        """
        across_deg = about_deg = 0.0
        for k in range(1, self.at(until_s) + 1):
            lasts_s = self.t_s[k] - self.t_s[k - 1]
            turn = cross(self.up[k - 1], self.up[k])
            across_deg += degrees(dot(turn, self.rest))
            dps = 0.5 * (self.rate_dps[k - 1] + self.rate_dps[k])
            tilt_dps = degrees(dot(turn, turn) ** 0.5) / lasts_s
            if lasts_s < self.followed_s + TICK_S and dps > max(tilt_dps, self.params.end_dps):
                about_deg += (dps * dps - tilt_dps * tilt_dps) ** 0.5 * lasts_s * abs(dot(self.up[k], self.rest))
        return abs(across_deg) + about_deg

    def stay_s(self, beyond_deg: float) -> float:
        """How long at most the thigh stayed further away than that, without a break."""
        return longest_s((t_s, a > beyond_deg) for t_s, a in zip(self.t_s, self.angle_deg, strict=True))

    def at(self, t_s: float) -> int:
        """Index of the tick at that time, the newest for a later one."""
        return min(bisect_left(self.t_s, t_s), len(self.t_s) - 1)

    def unseen_s(self, before_s: float) -> float:
        """Time without samples before `before_s`."""
        return sum(end - start for start, end in self.gaps if start < before_s)

    def turn_unseen(self, before_s: float) -> bool:
        """Whether too much is missing before then to tell how the thigh turned: what is longer than is followed."""
        lost_s = (end - start for start, end in self.gaps if start < before_s)
        return sum(s for s in lost_s if s > self.followed_s) > self.params.blind_s

    def top(self) -> int:
        """Index of the first tick at nine tenths of the peak, or of the standstill shortly after it."""
        if self._top is None:
            self._top = self._find_top()
        return self._top

    def _find_top(self) -> int:
        high_deg = self.params.top_share * self.peak_deg
        first = next(i for i, a in enumerate(self.angle_deg) if a >= high_deg)
        for i in range(first, min(first + self.params.stop_ticks, len(self.t_s))):
            if self.rate_dps[i] < self.params.stop_dps:
                return i
        return first
