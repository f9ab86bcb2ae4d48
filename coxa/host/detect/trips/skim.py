"""Takes many ticks of a trip at once, as long as none of them can decide anything."""

from __future__ import annotations

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.still import StillFinder, Ticks
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.rest_pose import RestPose
from coxa.host.detect.trips.trip_judge import TripJudge
from coxa.host.detect.trips.trip_params import TripParams
from coxa.host.exercises.spec import ExerciseSpec
from coxa.host.motion.tangent import angle_deg
from coxa.host.motion.ticks import TICK_S


class Skim:
    """For exercises that are not held: there each tick of a hold counts.

    Only speed is gained by it: tick by tick the outcome is the same.
    """

    def __init__(
        self, spec: ExerciseSpec, params: TripParams, pose: RestPose, judge: TripJudge, longest_s: float
    ) -> None:
        self._spec, self._p, self._pose, self._judge = spec, params, pose, judge
        self._longest_s = longest_s
        """A trip that takes longer is none."""

    def go_on(self, trip: Excursion, ticks: Ticks, k: int, end: int, rest: StillFinder, posture: Posture) -> int:
        """Take ticks `[k, end)` of the trip up to the first in which the thigh is back, at rest for long or too far
        out, or, low down, no longer falls; gives the number of that one.
        """
        if self._spec.holds or trip.gaps or posture.upright() != self._judge.upright:
            return k
        each, stills, from_up, offs_deg = ticks.each, rest.stills, trip.rest, list[float]()
        return_share, low_share, low_dps = self._spec.return_share, self._p.back.low_share, self._p.back.low_dps
        back_deg, until_s = self._judge.return_deg(trip, 0.0), trip.start_s + self._longest_s - TICK_S
        peak_deg, lowest_deg = trip.peak_deg, trip.lowest_deg
        for at in range(k, end):
            tick = each[at]
            off_deg = angle_deg(from_up, tick.up)
            if off_deg > peak_deg:
                peak_deg = lowest_deg = off_deg
            elif off_deg < lowest_deg:
                lowest_deg = off_deg
            if off_deg <= back_deg or off_deg <= return_share * peak_deg or tick.t_s > until_s:
                break
            if lowest_deg < low_share * peak_deg and (off_deg > lowest_deg or tick.rate_dps < low_dps):
                break
            if stills[at] and self._rests(off_deg, peak_deg, rest.lasted_s[at]):
                break
            if self._pose.is_below(tick, still=stills[at]):
                break
            offs_deg.append(off_deg)
        to = k + len(offs_deg)
        if to > k:
            trip.extend(ticks.each[k:to], rest.stills[k:to], offs_deg)
        return to

    def _rests(self, off_deg: float, peak_deg: float, lasted_s: float) -> bool:
        """Whether the thigh, still at this tick of a trip, rests for long, low down or too far out."""
        low = off_deg <= self._p.back.drift_share * peak_deg
        return low or off_deg > self._spec.max_rom_deg or self._pose.is_rest(lasted_s)
