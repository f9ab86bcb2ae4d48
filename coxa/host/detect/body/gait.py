"""Walking and turning on the spot, seen in the newest ticks: who does either stands."""

from __future__ import annotations

from itertools import groupby, pairwise, takewhile

import numpy as np
from numpy.typing import NDArray

from coxa.host.detect.body.gait_params import GaitParams
from coxa.host.detect.still import Tick, counted
from coxa.host.motion.tangent import Vector, angle_deg, dot, towards, unit
from coxa.host.motion.ticks import TICK_S


def among(flags: NDArray[np.bool_], here: NDArray[np.int64], last: int) -> NDArray[np.int64]:
    """How many of the `last` flags before each place are set."""
    count = counted(flags)
    return count[here] - count[np.maximum(here - last, 0)]


def mean_up(ticks: list[Tick]) -> Vector:
    """The mean direction of up, unit vector, sensor frame."""
    total = [sum(k.up[i] for k in ticks) for i in range(3)]
    return unit((total[0], total[1], total[2]))


def strides(recent: list[Tick], p: GaitParams) -> Vector | None:
    """The mean pose of the newest steps, None where the thigh does not swing to and fro as walking does."""
    pose = mean_up(recent)
    if not p.swing_deg < max(angle_deg(pose, k.up) for k in recent) < p.stride_deg:
        return None
    pauses = groupby(k.rate_dps < p.pause_dps for k in recent)
    if any(slow and len(list(ticks)) >= p.pause_ticks for slow, ticks in pauses):
        return None
    fast = [k.rate_dps > p.stride_dps for k in recent]
    swings = sum(now and not before for before, now in pairwise([False, *fast]))
    return pose if swings >= p.swings and _to_and_fro(pose, recent, p) and _in_one_plane(recent, p) else None


def _to_and_fro(pose: Vector, recent: list[Tick], p: GaitParams) -> bool:
    """Whether the thigh has swung past that pose and back past it: who rolls over on the mat only goes on."""
    offs_deg = [angle_deg(pose, k.up) for k in recent]
    side = towards(pose, recent[offs_deg.index(max(offs_deg))].up)
    along_deg = (off_deg * dot(side, towards(pose, k.up)) for off_deg, k in zip(offs_deg, recent, strict=True))
    sides = [deg > 0.0 for deg in along_deg if abs(deg) > p.past_deg]
    return sum(a != b for a, b in pairwise(sides)) >= p.passes


def _in_one_plane(recent: list[Tick], p: GaitParams) -> bool:
    """Whether the thigh swings in one plane: a sensor in the hand, or a leg put into trousers, goes all ways."""
    up = np.array([k.up for k in recent])
    spread = up - up.mean(axis=0)
    variances = np.linalg.eigvalsh(spread.T @ spread)
    return bool(variances[1] <= p.across_share * variances[2])


def lifted_from(rest: Vector, recent: list[Tick], p: GaitParams) -> bool:
    """Whether the thigh swings away from where it rested and back, to one side only, as a leg that is raised does
    however quickly. Who walks swings past where they stood, and who has got up from the mat does not come back there.
    """
    offs_deg = [angle_deg(rest, k.up) for k in recent]
    farthest = offs_deg.index(max(offs_deg))
    if min(offs_deg) > p.back_deg or offs_deg[farthest] <= p.back_deg:
        return False
    side = towards(rest, recent[farthest].up)
    past_deg = max(-off_deg * dot(side, towards(rest, k.up)) for off_deg, k in zip(offs_deg, recent, strict=True))
    return past_deg < p.past_share * offs_deg[farthest]


def steps(recent: list[Tick], p: GaitParams) -> bool:
    """Whether the thigh swung out and back as quickly as in a stride, from one knock to another."""
    knocks = [k for k, tick in enumerate(recent) if tick.shock_mps2 > p.step_shock_mps2]
    if not knocks or knocks[-1] - knocks[0] < p.step_apart_ticks:
        return False
    between = recent[knocks[0] : knocks[-1] + 1]
    away_deg = [angle_deg(between[0].up, k.up) for k in between]
    top = away_deg.index(max(away_deg))
    quick = all(any(k.rate_dps > p.stride_dps for k in part) for part in (between[:top], between[top:]))
    return quick and away_deg[-1] < p.back_deg and p.swing_deg < away_deg[top] < p.stride_deg


def turns(recent: list[Tick], p: GaitParams) -> bool:
    """Whether the sensor turns quickly while its tilt stays."""
    last = recent[-p.turn_ticks :]
    if len(recent) < p.least_turned_ticks or min(k.rate_dps for k in last) <= p.turn_dps:
        return False
    return angle_deg(last[0].up, last[-1].up) < p.turn_tilt_dps * (last[-1].t_s - last[0].t_s)


def turned_deg(recent: list[Tick], p: GaitParams) -> float:
    """By how much the sensor has turned since it last did so slowly."""
    return _way_deg(_turn(recent, p))


def turns_about_up(recent: list[Tick], p: GaitParams) -> bool:
    """Whether it has turned far since then, and about up alone, which was there before: who lies down or gets up turns
    the legs to the mat as they sink or rise.
    """
    turn = _turn(recent, p)
    way_deg = _way_deg(turn)
    if way_deg < p.up_turned_deg:
        return False
    lately = recent[-len(turn) - p.before_ticks :]
    return max(angle_deg(recent[-1].up, tick.up) for tick in lately) <= p.up_share * way_deg


def _turn(recent: list[Tick], p: GaitParams) -> list[Tick]:
    """The ticks since the sensor last turned slowly, newest first."""
    return list(takewhile(lambda k: k.rate_dps > p.turn_dps, reversed(recent)))


def _way_deg(turn: list[Tick]) -> float:
    """By how much the sensor has turned in these ticks, about any axis."""
    return sum(k.rate_dps * TICK_S for k in turn)


def sways(recent: list[Tick], p: GaitParams) -> bool:
    """Whether up wanders to and fro while the sensor turns."""
    last = recent[-p.turn_ticks :]
    way_deg = sum(angle_deg(a.up, b.up) for a, b in pairwise(last))
    return way_deg > p.turn_sway_dps * (last[-1].t_s - last[0].t_s)
