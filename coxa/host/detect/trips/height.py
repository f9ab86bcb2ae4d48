"""How high a trip took the sensor, and how: what its vertical acceleration tells."""

from __future__ import annotations

from collections.abc import Callable
from math import radians, sin
from statistics import median

import numpy as np

from coxa.host.detect.trips.excursion import Excursion
from coxa.host.detect.trips.trace_params import LeadParams
from coxa.host.motion.ticks import TICK_S
from coxa.host.samples import FloatArray


def lift_m(trip: Excursion, *, from_level: bool = False) -> float | None:
    """How far the sensor rose on the way out, negative where it sank; None where the way out was not seen.

    Vertical acceleration integrated twice, with the speed set to zero at both ends (zero-velocity update), which takes
    out a constant error. A leg raised by 20 degrees lifts the sensor 0.1 m (`ptx_s4_leg_raise_f`); sitting down sinks
    it. Where the thigh has come to rest at the top, the median over that second is taken, and what the accelerometer is
    off there: an error of 0.3 m/s2 that comes with the turn makes 0.1 m in 2 s.

    `from_level` is for a thigh that may have lain level, which has speed as soon as it turns, unlike one that hangs: it
    begins where the thigh left its rest pose. Without the first 3 degrees a slow raise seems to rise half as far as it
    did, and one that pauses half way seems to sink.
    """
    top = trip.top()
    first, last = (top, top) if trip.calm_s is None else (trip.at(trip.calm_s[0]), trip.at(trip.calm_s[1]))
    if last < 2 or trip.unseen_s(trip.t_s[last]) > trip.params.blind_s:
        return None
    lead = np.array(trip.lead_rise_mps2 if from_level else [])
    at_rest_mps2 = _closing_mps2(trip, first, last)
    if at_rest_mps2 is None:
        rise = _true_rise(trip, first, last)
    else:
        lead -= at_rest_mps2
        rise = _closed_rise(trip, at_rest_mps2, lead if from_level else None)[: last + 1]
    risen_m = _risen_m(np.concatenate([lead, rise]))
    return median(risen_m[len(lead) + max(first, 2) :].tolist())


def net_rise_m(trip: Excursion) -> float | None:
    """How much higher the sensor is at rest again, None where it was not felt at rest before or samples are
    missing.
    """
    if trip.rest_rise_mps2 is None or trip.gaps:
        return None
    return float(_risen_m(np.array(trip.rise_mps2 + trip.tail_rise_mps2) - trip.rest_rise_mps2)[-1])


def unexplained_mps2(trip: Excursion, over_ticks: int, *, hangs: bool) -> float:
    """Spread of the vertical acceleration that a leg swung about a resting hip would not have.

    What the end of a lever no longer than `longest_m` would have is taken out: below the hip, as of a leg that `hangs`;
    of one that need not, across up as well, either way, as of one that lies and is raised or let down, or both
    together, whichever explains most. The rest, averaged over `over_ticks`, is the pelvis going up and down, as in
    steps.
    """
    rise, angle = np.array(trip.rise_mps2), _smooth_rad(trip)
    if len(rise) < trip.params.least_ticks:
        return 0.0
    swings = np.column_stack([_second_derivative(1.0 - np.cos(angle)), _second_derivative(np.sin(angle))])
    rests = [rise - swings @ lever_m for lever_m in _levers_felt_m(swings, rise, trip.params.longest_m, hangs=hangs)]
    return min(float(np.convolve(rest, np.full(over_ticks, 1.0 / over_ticks), "valid").std()) for rest in rests)


def _levers_felt_m(swings: FloatArray, rise: FloatArray, longest_m: float, *, hangs: bool) -> list[FloatArray]:
    """(2,) levers, below the joint and across up, that best explain what was felt by (n, 2) swings at a lever of 1 m:
    the one below alone; where the leg need not hang, the other alone, and both; shortened to what a leg can have.
    """
    below_m, across_m = (swings.T @ rise) / np.maximum((swings**2).sum(axis=0), 1e-6)
    found: list[FloatArray] = [np.array([max(below_m, 0.0), 0.0])]
    if not hangs:
        both_m: FloatArray = np.linalg.lstsq(swings, rise, rcond=None)[0].astype(np.float64)
        found += [np.array([0.0, across_m]), *([both_m] if both_m[0] > 0.0 else [])]
    return [levers_m * min(longest_m / max(float(np.abs(levers_m).sum()), 1e-6), 1.0) for levers_m in found]


def knock_mps2(trip: Excursion, share: float) -> float:
    """The hardest knock before that share of the peak was reached: by how much a tick departs from 1 g beyond what the
    sensor's going up and down, averaged over `smooth_ticks`, makes of it.
    """
    end = next(k for k, a in enumerate(trip.angle_deg) if a >= share * trip.peak_deg)
    carried = np.abs(_averaged(trip, trip.rise_mps2))
    return float((np.array(trip.shocks_mps2) - carried)[:end].max(initial=0.0))


def swing_mps2(trip: Excursion) -> float:
    """Spread of the vertical acceleration that this swing gives a sensor half way down a thigh, 0.35 m."""
    return trip.params.thigh_m * float(_swing(trip).std()) if len(trip.t_s) >= trip.params.least_ticks else 0.0


def level_lever_m(trip: Excursion, *, of_ways: bool = False, over_ticks: int = 1) -> float | None:
    """How far across up the sensor is from the joint, m, if the thigh lay level and was raised about it: 0.12 to 0.36
    in raises of lying legs, none where nothing was raised; None where too little was seen.

    The vertical acceleration felt is fitted by what such a lever would make of the angle, and by an accelerometer's
    error, constant and with the angle, held at zero where the movement does not tell it, by least squares. A large
    swing of a hanging leg, `1 - cos`, looks alike. What is missing tells nothing; the pieces around it do. `of_ways`
    asks the ways out and back alone, of one of which a good part must have been seen in one piece: who holds a bridge
    for long trembles about other joints. So does who goes slowly, on the way: what was felt and what such a lever would
    make of the angle are both averaged `over_ticks`.
    """
    pieces = _pieces(trip, _held(trip) if of_ways else None)
    if of_ways and not any(_is_way(trip, piece) for piece in pieces):
        return None
    fitted = _fitted(trip, pieces, [np.sin], [0.0], over_ticks)
    return None if fitted is None else fitted[0]


def _is_way(trip: Excursion, piece: slice) -> bool:
    """Whether the thigh went a good part of its way in that piece."""
    angles_deg = trip.angle_deg[piece]
    return max(angles_deg) - min(angles_deg) >= trip.params.way_share * trip.peak_deg


def levers_m(trip: Excursion) -> tuple[float, float] | None:
    """How far the sensor is from the joint, m, across up as in `level_lever_m` and, together with that, below it: what
    hangs rises by `1 - cos`, 0.2 to 0.4, and a thigh that leans over a foot sinks by that; None as there.
    """
    weight = trip.params.lever_weight
    fitted = _fitted(trip, _pieces(trip, None), [np.sin, lambda a: 1.0 - np.cos(a)], [weight, weight])
    return None if fitted is None else (fitted[0], fitted[1])


def _fitted(
    trip: Excursion,
    pieces: list[slice],
    heights: list[Callable[[FloatArray], FloatArray]],
    weights: list[float],
    over_ticks: int = 1,
) -> list[float] | None:
    """How long levers are, m, whose ends are so high for an angle in radians, if together they move the sensor, and as
    strongly held at zero as their weights; None without a piece. What is fitted is averaged `over_ticks`.
    """
    if not pieces:
        return None
    angles = [np.radians(_averaged(trip, trip.angle_deg[piece])) for piece in pieces]
    swung = [[_second_derivative(height(a)) for a in angles] for height in heights]
    sines, felt = [np.sin(a) for a in angles], [np.array(trip.rise_mps2[piece]) for piece in pieces]
    smooth = [np.concatenate([_mean_over(part, over_ticks) for part in parts]) for parts in (*swung, sines, felt)]
    columns = np.column_stack([*smooth[:-1], np.ones_like(smooth[-1])])
    held = np.diag([*weights, trip.params.error_weight, trip.params.error_weight])
    return [float(m) for m in np.linalg.solve(columns.T @ columns + held, columns.T @ smooth[-1])[: len(heights)]]


def _pieces(trip: Excursion, without: slice | None) -> list[slice]:
    """The stretches of it of which nothing is missing, that are long enough to take an acceleration of the angle; none
    where half of it is missing. What is `without` is left out.
    """
    ends = [k for k in range(1, len(trip.t_s)) if trip.t_s[k] - trip.t_s[k - 1] > 1.5 * TICK_S]
    edges = list(zip([0, *ends], [*ends, len(trip.t_s)], strict=True))
    if without is not None:
        edges = [(a, min(b, without.start)) for a, b in edges] + [(max(a, without.stop), b) for a, b in edges]
    pieces = [slice(first, end) for first, end in edges if end - first >= trip.params.least_ticks]
    return pieces if trip.lost_s < 0.5 * trip.lasted_s else []


def _held(trip: Excursion) -> slice | None:
    """The ticks of its top, but for where the thigh comes there and leaves it; None where it did not stay."""
    room, least_deg = trip.params.least_ticks, trip.params.top_share * trip.peak_deg
    there = [k for k, a in enumerate(trip.angle_deg) if a >= least_deg]
    held = slice(there[0] + room, there[-1] + 1 - room)
    return held if held.stop > held.start else None


def _true_rise(trip: Excursion, first: int, last: int) -> FloatArray:
    """(last + 1,) vertical acceleration, m/s2, without the accelerometer's error, which grows with the angle."""
    rise = np.array(trip.rise_mps2[: last + 1])
    if last > first:
        there, least = trip.rise_mps2[first : last + 1], trip.params.calm_ticks
    else:
        span = [k for k in range(first, _top_end(trip, first)) if trip.rate_dps[k] < trip.params.end_dps]
        there, least = (trip.rise_mps2[span[0] : span[-1] + 1] if span else []), trip.params.top_ticks
    if len(there) <= least or trip.rest_rise_mps2 is None:
        return rise
    share = np.minimum(np.array(trip.angle_deg[: last + 1]) / max(trip.angle_deg[last], 1.0), 1.0)
    return rise - share * (sum(there) / len(there) - trip.rest_rise_mps2)


def _closing_mps2(trip: Excursion, first: int, last: int) -> float | None:
    """The vertical acceleration felt at rest, of a trip without a rest at its top that is seen to be back: its error is
    known by where it ended.
    """
    p = trip.params
    back = trip.closed and trip.now_deg < p.closed_share * trip.peak_deg and trip.lost_s <= p.blind_s
    return trip.rest_rise_mps2 if back and last == first else None


def _closed_rise(trip: Excursion, at_rest_mps2: float, lead: FloatArray | None) -> FloatArray:
    """(n,) vertical acceleration, m/s2, of a trip that is over: the sensor has no more speed than the thigh turns with,
    and what is left beside that is the accelerometer's error, added up. `lead` is what was felt before it, of a thigh
    that may lie level; None of one that hangs.
    """
    rise = np.array(trip.rise_mps2) - at_rest_mps2
    if lead is None:
        left_mps = float(rise.sum()) * TICK_S - _speed_mps(trip, -1) + _speed_mps(trip, 0)
    else:
        speed_mps = (lead.sum() + rise.cumsum()) * TICK_S
        left_mps = float(speed_mps[-1]) - _back_mps(trip, speed_mps)
    return rise - np.array(trip.angle_deg) * (left_mps / (sum(trip.angle_deg) * TICK_S))


def _back_mps(trip: Excursion, speed_mps: FloatArray) -> float:
    """Vertical speed at the last tick, on the way back, of a sensor that had these (n,) speeds: the one that it had at
    that angle on the way out, as much as the thigh turns faster now.
    """
    last = len(trip.angle_deg) - 1
    n = min(trip.params.speed_ticks, last)
    out = min(next(k for k, a in enumerate(trip.angle_deg) if a >= trip.now_deg), last - n)
    out_dps, back_dps = (trip.angle_deg[k + n] - trip.angle_deg[k] for k in (out, last - n))
    return float(speed_mps[out]) * max(min(back_dps / max(out_dps, 1e-9), 0.0), -LeadParams().faster_times)


def _speed_mps(trip: Excursion, end: int) -> float:
    """Vertical speed that the thigh's turning gives the sensor at the first (0) or the last (-1) tick."""
    ticks = min(trip.params.speed_ticks, len(trip.angle_deg) - 1)
    first, last = (trip.angle_deg[k] for k in ((0, ticks) if end == 0 else (-1 - ticks, -1)))
    return trip.params.thigh_m * sin(radians(trip.angle_deg[end])) * radians(last - first) / (ticks * TICK_S)


def _top_end(trip: Excursion, top: int) -> int:
    """Index behind the last tick of the top that begins at `top`: all at nine tenths of the peak and more."""
    rest = trip.angle_deg[top:]
    return top + next((k for k, a in enumerate(rest) if a < trip.params.top_share * trip.peak_deg), len(rest))


def _swing(trip: Excursion) -> FloatArray:
    """(n,) vertical acceleration of a pendulum of 1 m that swings so, m/s2."""
    return _second_derivative(1.0 - np.cos(_smooth_rad(trip)))


def _smooth_rad(trip: Excursion) -> FloatArray:
    """(n,) angle against the rest pose, averaged over `smooth_ticks`."""
    return np.radians(_averaged(trip, trip.angle_deg))


def _averaged(trip: Excursion, column: list[float]) -> FloatArray:
    """(n,) of a column of n ticks, averaged over `smooth_ticks`."""
    return _mean_over(column, trip.params.smooth_ticks)


def _mean_over(column: list[float] | FloatArray, ticks: int) -> FloatArray:
    """(n,) of a column of n ticks, averaged over so many of them, an odd number; at the ends over what is there."""
    return np.convolve(np.pad(column, ticks // 2, "edge"), np.full(ticks, 1.0 / ticks), "valid")


def _second_derivative(values: FloatArray) -> FloatArray:
    """(n,) of (n,) values a tick apart, per s2."""
    return np.gradient(np.gradient(values, TICK_S), TICK_S)


def _risen_m(rise_mps2: FloatArray) -> FloatArray:
    """(n,) how far the sensor has risen by each tick, if it stands still there as it did before the first: vertical
    acceleration integrated twice, less the way of a speed that grows evenly to what is left at that tick.
    """
    speed = rise_mps2.cumsum() * TICK_S
    return speed.cumsum() * TICK_S - 0.5 * speed * np.arange(2, len(speed) + 2) * TICK_S
