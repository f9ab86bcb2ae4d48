"""What a thigh does, made tick by tick, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import cos, inf, pi, radians, sin

import numpy as np

from coxa.host.detect.body.posture import Posture
from coxa.host.detect.still import StillFinder, Tick, Ticks
from coxa.host.detect.trips.excursion import Excursion
from coxa.host.events import Event
from coxa.host.motion.tangent import Vector, angle_deg
from coxa.host.motion.ticks import TICK_HZ, TICK_S
from coxa.host.samples import Gap
from coxa.host.tracker import Tracker

UPRIGHT: Vector = (0.0, 1.0, 0.0)
FRONT: Vector = (1.0, 0.0, 0.0)
Knot = tuple[float, float, float]
"""Seconds of the way there, tilt from upright in degrees, and by how many degrees that is beside the front."""


def up_at(tilt_deg: float, beside_deg: float) -> Vector:
    """Where up is of a thigh tilted so, in its own frame: x out of the front, y along it, z to the right."""
    tilt, beside = radians(tilt_deg), radians(beside_deg)
    return (sin(tilt) * cos(beside), cos(tilt), sin(tilt) * sin(beside))


def ticks_of(*knots: Knot) -> list[Tick]:
    """A thigh that goes from standing through these poses, resting where one follows that is the same."""
    out, tilt_deg, beside_deg = list[Tick](), 0.0, knots[0][2]
    for way_s, to_deg, to_beside_deg in knots:
        n = max(round(way_s * TICK_HZ), 1)
        for k in range(1, n + 1):
            share = (1.0 - cos(pi * k / n)) / 2.0
            up = up_at(tilt_deg + share * (to_deg - tilt_deg), beside_deg + share * (to_beside_deg - beside_deg))
            dps = angle_deg(out[-1].up, up) * TICK_HZ if out else 0.0
            out.append(Tick(0.0, up, dps, 0.1, 0.0))
        tilt_deg, beside_deg = to_deg, to_beside_deg
    return after_each_other(out)


def swung(ticks: list[Tick], lever_m: float = 0.35) -> list[Tick]:
    """With the vertical acceleration of a sensor so far from a resting hip."""
    heights_m = [-lever_m * k.up[1] for k in ticks]
    rises = [(a - 2.0 * b + c) * TICK_HZ**2 for a, b, c in zip(heights_m, heights_m[1:], heights_m[2:], strict=False)]
    return [k._replace(rise_mps2=rise) for k, rise in zip(ticks, [0.0, *rises, 0.0], strict=True)]


def spun(up: Vector, lasts_s: float) -> list[Tick]:
    """A thigh that turns by 60 deg/s about the vertical for so long."""
    return [Tick(0.0, up, 60.0, 0.1, 0.0) for _ in range(round(lasts_s * TICK_HZ))]


def through(ups: list[Vector], shock_mps2: float = 0.1) -> list[Tick]:
    """A thigh, or a hand, in which up goes through these directions, one in each tick, and which knocks so hard."""
    ways = pairwise([ups[0], *ups])
    return [Tick(0.0, up, angle_deg(before, up) * TICK_HZ, shock_mps2, 0.0) for before, up in ways]


def paced(about_deg: float, by_deg: float, ticks: int, bobs: float = 2.0) -> list[Tick]:
    """A thigh that swings by so much to both sides of that pose 0.9 times a second, as in walking, while the hips bob
    so many times in each stride, by 2 m/s2.
    """
    turns = [2.0 * pi * 0.9 * k / TICK_HZ for k in range(ticks)]
    swings = through([up_at(about_deg + by_deg * sin(a), 0.0) for a in turns], 2.0)
    return [k._replace(rise_mps2=2.0 * sin(bobs * a + 1.0)) for k, a in zip(swings, turns, strict=True)]


def after_each_other(*parts: list[Tick]) -> list[Tick]:
    """One after the other, at the beat."""
    return [k._replace(t_s=round(n * TICK_S, 6)) for n, k in enumerate(k for part in parts for k in part)]


def felt(ticks: list[Tick], lever_m: float, since_s: float) -> list[Tick]:
    """The same, with what the sensor feels from then on of a lever that lies level at the rest pose."""
    heights_m = [lever_m * sin(radians(angle_deg(ticks[-1].up, k.up))) for k in ticks]
    rises = np.gradient(np.gradient(heights_m, TICK_S), TICK_S).tolist()
    return [k._replace(rise_mps2=rise if k.t_s > since_s else 0.0) for k, rise in zip(ticks, rises, strict=True)]


def told(exercise: str, ticks: list[Tick], lost: tuple[float, float] | None = None) -> list[Event]:
    """What is told of these ticks if nothing is seen between the two moments of `lost`."""
    tracker, events = Tracker(exercise), list[Event]()
    lost_s, found_s = lost or (inf, inf)
    for k in ticks:
        if k.t_s >= lost_s > k.t_s - TICK_S:
            events += tracker.take(Gap(lost_s, found_s))
        if not lost_s <= k.t_s < found_s:
            events += tracker.take(Ticks.single(k))
    return [*events, *tracker.finish()]


def looked(ticks: Iterable[Tick], *, raises: bool = False, holds: bool = False) -> Iterator[Posture]:
    """What is known of the posture after each tick, always the same object, of who `raises` legs, or `holds` as well,
    or of whoever does neither.
    """
    rest, posture = StillFinder(), Posture()
    posture.follow(raises=raises, holds=holds)
    for tick in ticks:
        one = Ticks.single(tick)
        rest.look(one)
        posture.look(one)
        rest.at(0)
        posture.update(0, rest)
        yield posture


def trip(start_s: float, lasts_s: float = 2.0, deg: float = 30.0, climbs_m: float = 0.0) -> Excursion:
    """A standing leg raised by so much and lowered again in that time, while the hip rises on the way out."""
    share = np.arange(round(lasts_s * TICK_HZ) + 1) / round(lasts_s * TICK_HZ)
    angles_deg = deg * 0.5 * (1.0 - np.cos(2.0 * pi * share))
    hips_m = climbs_m * 0.5 * (1.0 - np.cos(pi * np.minimum(2.0 * share, 1.0)))
    heights_m = hips_m - 0.35 * np.cos(np.radians(angles_deg))
    rises = np.gradient(np.gradient(heights_m, TICK_S), TICK_S)
    out = Excursion(UPRIGHT, start_s, settled=True, closed=True)
    for k, (off_deg, rise) in enumerate(zip(angles_deg.tolist(), rises.tolist(), strict=True)):
        out.extend([Tick(start_s + k * TICK_S, up_at(off_deg, 0.0), 30.0, 0.1, rise)], [False])
    return out
