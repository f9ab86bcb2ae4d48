"""What people do besides exercising: nothing of it may be counted."""

from __future__ import annotations

import numpy as np

from coxa.firmware_sim.body import DENSE_HZ, smooth_step
from coxa.firmware_sim.person import Person
from coxa.host.samples import FloatArray

SITTING = {"lean": -8.0, "flexion": 92.0, "hip_z_m": 0.47}
ON_THE_FLOOR = {"lean": 10.0, "flexion": 85.0, "hip_z_m": 0.15}
LYING = {"lean": 90.0, "hip_z_m": 0.12, "flexion": 8.0}
"""Joint angles and the hip's height: on a chair, sitting on the mat, and on the back with the legs straight."""
BENT = 50.0
"""Flexion of somebody who lies with the knees bent."""
OFF_THE_CHAIR_M, OFF_THE_FLOOR_M, RECLINED = 0.5, 0.3, 60.0
"""Whose hips are higher stands or sits on a chair; whose trunk leans further back lies."""
KNEE_M = 0.42
"""From hip to knee."""


def walk(p: Person, steps: int) -> None:
    """Strides of this leg: swing forward, land with a jolt, push back."""
    start, stride_s = p.line.now_s, p.rng.uniform(1.0, 1.3)
    n = int(steps * stride_s * DENSE_HZ)
    phase = 2 * np.pi * np.arange(n) / (stride_s * DENSE_HZ)
    fade = np.minimum(1.0, np.minimum(np.arange(n), n - 1 - np.arange(n)) / (0.4 * DENSE_HZ))
    reach = p.rng.uniform(18, 26)
    swing = reach * np.sin(phase) + 0.25 * reach * np.sin(2 * phase + 0.6) + 0.3 * reach
    p.line.add("flexion", fade * swing)
    p.line.add("abduction", fade * 3 * np.sin(phase + 1.0))
    p.line.add("hip_z_m", fade * 0.02 * np.cos(2 * phase) + _jolts(n, stride_s))
    p.line.add("hip_x_m", fade * p.rng.uniform(0.01, 0.025) * np.sin(2 * phase + 0.5))  # seen from the walker
    p.line.rest(n / DENSE_HZ)
    p.note("walk", start)


def turn(p: Person) -> None:
    """Turn on the spot."""
    start = p.line.now_s
    by = p.rng.choice([-1, 1]) * p.rng.uniform(60, 150)
    p.line.move(p.rng.uniform(1.0, 2.0), yaw=p.line.value["yaw"] + by)
    p.note("turn", start)


def adjust_strap(p: Person) -> None:
    """Hands on the sensor: quick small shakes."""
    start, seconds = p.line.now_s, p.rng.uniform(1.2, 2.2)
    for name, size in (("flexion", 2.0), ("abduction", 1.5), ("rotation", 3.0)):
        p.line.add(name, size * p.noise(seconds, 4.0))
    p.line.rest(seconds)
    p.note("adjust_strap", start)


def fidget(p: Person) -> None:
    """Shift about without purpose."""
    start, seconds = p.line.now_s, p.rng.uniform(1.5, 3.0)
    for name, size in (("flexion", 3.0), ("abduction", 2.0), ("rotation", 3.0)):
        p.line.add(name, (0.5 + p.habits.clumsiness) * size * p.noise(seconds, 0.8))
    p.line.rest(seconds)
    p.note("fidget", start)


def lie_down(p: Person, roll: float, knees_bent: bool = False) -> None:
    """Over sitting to the mat, from wherever the person is; `roll` 0 on the back, +90 right side up, 180 face down."""
    start = p.line.now_s
    if p.line.value["hip_z_m"] > OFF_THE_CHAIR_M:
        _on_the_feet(p, p.time(1.6), flexion=80.0, hip_z_m=0.45)
    if p.line.value["lean"] < RECLINED:
        _on_the_feet(p, p.time(1.2), lean=35.0, hip_z_m=0.15, flexion=95.0)
    p.line.move(p.time(1.4), **{**LYING, "roll": 0.0, "flexion": BENT if knees_bent else LYING["flexion"]})
    if roll:
        p.line.move(p.time(1.3), roll=roll, flexion=p.rng.uniform(5, 12))
    p.note("lie_down", start)


def roll_over(p: Person, roll: float) -> None:
    """Roll to another side."""
    start = p.line.now_s
    p.line.move(p.time(1.5), roll=roll)
    p.note("roll", start)


def get_up(p: Person) -> None:
    """From the mat to standing."""
    start = p.line.now_s
    p.line.move(p.time(1.0), roll=0.0, flexion=60.0)
    _on_the_feet(p, p.time(1.5), lean=10.0, flexion=95.0, hip_z_m=0.3)
    _on_the_feet(p, p.time(1.4), lean=0.0, flexion=0.0, abduction=0.0, rotation=0.0, hip_z_m=0.9)
    p.note("get_up", start)


def rise(p: Person) -> None:
    """To the feet, from wherever the person is."""
    if p.line.value["hip_z_m"] < OFF_THE_FLOOR_M:
        get_up(p)
    elif p.line.value["hip_z_m"] < OFF_THE_CHAIR_M:
        stand_up(p)


def sit_down(p: Person) -> None:
    """Onto a chair, over standing: the trunk leans forward, the hips go down and back. Who sits there stays."""
    if OFF_THE_FLOOR_M < p.line.value["hip_z_m"] < OFF_THE_CHAIR_M:
        return
    rise(p)
    start = p.line.now_s
    _on_the_feet(p, p.time(0.6), lean=-25.0, flexion=55.0, hip_z_m=0.78)
    _on_the_feet(p, p.time(0.9), **{**SITTING, "flexion": SITTING["flexion"] + p.rng.uniform(-6, 4)})
    p.note("sit_down", start)


def stand_up(p: Person) -> None:
    """From the chair to standing."""
    start = p.line.now_s
    _on_the_feet(p, p.time(0.6), lean=-35.0, flexion=110.0, hip_z_m=0.52)
    _on_the_feet(p, p.time(0.9), lean=0.0, flexion=0.0, abduction=0.0, rotation=0.0, hip_z_m=0.9)
    p.note("stand_up", start)


def pick_up(p: Person) -> None:
    """Bend down for something on the floor and come up again."""
    start, depth = p.line.now_s, p.rng.uniform(0.6, 1.3)
    _on_the_feet(p, p.time(0.8), lean=-60.0 * depth, flexion=95.0 * depth, hip_z_m=0.9 - 0.22 * depth)
    p.line.rest(p.rng.uniform(0.1, 0.4))
    _on_the_feet(p, p.time(0.8), lean=0.0, flexion=0.0, hip_z_m=0.9)
    p.note("pick_up", start)


def lift_knee(p: Person) -> None:
    """Standing, the knee comes up, a little outwards or inwards, and the foot down again."""
    start, rest = p.line.now_s, dict(p.line.value)
    aside = {"abduction": rest["abduction"] + p.rng.normal(0, 5.0), "rotation": rest["rotation"] + p.rng.normal(0, 6.0)}
    p.line.move(p.time(0.9), flexion=rest["flexion"] + p.rng.uniform(45, 90) * min(p.habits.range_share, 1.0), **aside)
    p.line.rest(p.rng.uniform(0.1, 0.5))
    p.line.move(
        p.time(0.9), **{name: rest[name] + p.rng.normal(0, 0.8) for name in ("flexion", "abduction", "rotation")}
    )
    p.line.rest(p.rng.uniform(0.3, 1.0))
    p.note("lift_knee", start)


def scratch(p: Person) -> None:
    """Rub the leg: the flesh shakes, the leg hardly moves."""
    start, seconds = p.line.now_s, p.rng.uniform(1.0, 2.5)
    for name, size in (("flexion", 1.0), ("abduction", 1.0), ("rotation", 2.0)):
        p.line.add(name, size * p.noise(seconds, 2.5))
    p.line.rest(seconds)
    p.note("scratch", start)


def other_leg(p: Person, degrees: float) -> None:
    """The other leg does a repetition: this one gives way a little."""
    start, rest = p.line.now_s, p.line.value["flexion"]
    p.line.move(p.time(1.2), flexion=rest + degrees)
    p.line.rest(p.rng.uniform(0.3, 1.0))
    p.line.move(p.time(1.2), flexion=rest)
    p.note("other_leg", start)


def _on_the_feet(p: Person, seconds: float, **targets: float) -> None:
    """Move with the foot where it is: the hips swing round the knee, forward and up or back and down."""
    first = p.line.value["lean"] + p.line.value["flexion"]
    last = targets.get("lean", p.line.value["lean"]) + targets.get("flexion", p.line.value["flexion"])
    share = smooth_step(np.arange(int(seconds * DENSE_HZ)) / (seconds * DENSE_HZ))
    tilt_rad = np.radians(first + (last - first) * share)
    above, behind = KNEE_M * np.cos(tilt_rad), KNEE_M * np.sin(tilt_rad)
    p.line.add("hip_z_m", above - (above[0] + (above[-1] - above[0]) * share))
    p.line.add("hip_x_m", (behind[0] + (behind[-1] - behind[0]) * share) - behind)
    p.line.move(seconds, **targets, hip_x_m=p.line.value["hip_x_m"] - float(behind[-1] - behind[0]))


def _jolts(n: int, stride_s: float) -> FloatArray:
    """Heel strikes, one a half stride: a short knock of the hip's height."""
    knocks = np.zeros(n)
    shape = np.hanning(int(0.05 * DENSE_HZ)) * 0.0012
    for k in range(int(n / (stride_s * DENSE_HZ / 2))):
        at = int((k + 0.45) * stride_s * DENSE_HZ / 2)
        part = knocks[at : at + len(shape)]
        part -= shape[: len(part)]
    return knocks
