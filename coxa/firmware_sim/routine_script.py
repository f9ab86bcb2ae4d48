"""A simulated person who does a whole routine: posture after posture, set after set, the strap moved in the middle."""

from __future__ import annotations

from typing import Any

from coxa.firmware_sim import everyday, exercising
from coxa.firmware_sim.person import Person

POSTURES = {
    "hip_circle": "standing",
    "figure_four": "standing",
    "lunge": "standing",
    "leg_raise": "supine",
    "hamstring_stretch": "seated",
    "knee_to_chest": "supine",
    "hip_bridge": "knees bent",
    "lateral_leg_raise": "side",
}
HOLDS = {"hamstring_stretch", "figure_four", "knee_to_chest", "hip_bridge"}
DEFAULT_HOLD_S = {"hip_bridge": 20.0}
PATIENCE = 0.4
"""Share of the offered rest that people take."""


def perform(p: Person, plan: list[dict[str, Any]]) -> None:
    """Do the sets, one after the other, on one leg."""
    posture = "standing"
    p.still(p.rng.uniform(4.5, 6.0))
    for _ in range(3 if plan[0].get("check_strap") else 0):
        everyday.lift_knee(p)
    everyday.walk(p, 4)
    for planned in plan:
        wanted = POSTURES[planned["exercise"]]
        if wanted != posture:
            _change(p, posture, wanted)
            posture = wanted
            if p.rng.random() < 0.5:
                everyday.fidget(p)
        p.doing = planned["exercise"]
        p.still(p.rng.uniform(3.0, 4.0), "settle")
        start = p.line.now_s
        _set(p, planned)
        p.activities.append({"label": f"set:{p.doing}", "start_s": start, "end_s": p.line.now_s})
        p.still(max(PATIENCE * float(planned.get("rest_s") or 0.0), 3.0), "rest")
        if p.rng.random() < p.habits.clumsiness:
            everyday.scratch(p)


def handle(p: Person) -> None:
    """Hands take the strap off, turn it about, put it on again."""
    start, seconds = p.line.now_s, p.rng.uniform(8.0, 14.0)
    for name, size in (("flexion", 70.0), ("rotation", 90.0), ("abduction", 40.0)):
        p.line.add(name, size * p.noise(seconds, 0.5))
    p.line.rest(seconds)
    p.note("move_sensor", start)
    p.still(1.0)


def _set(p: Person, planned: dict[str, Any]) -> None:
    name, reps = planned["exercise"], int(planned["reps"])
    if name == "hip_circle":
        exercising.circles(p, reps, planned.get("direction") != "counterclockwise")
        return
    target_s = float(planned.get("hold_target_s") or DEFAULT_HOLD_S.get(name, 30.0))
    for _ in range(reps):
        if name in HOLDS:
            _hold(p, name, target_s)
            p.still(p.rng.uniform(1.6, 3.0), "settle")
        elif name == "lunge":
            exercising.lunge(p, 68 * p.habits.range_share)
        else:
            _raise(p, name)


def _hold(p: Person, name: str, target_s: float) -> None:
    kind = str(p.rng.choice(exercising.HOLD_KINDS))
    seconds = p.rng.uniform(0.4, 0.8) * target_s if kind == "early" else p.rng.uniform(1.06, 1.2) * target_s
    if name == "knee_to_chest":
        exercising.hold(p, seconds, target_s, kind, flexion=p.rng.uniform(80, 112))
    elif name == "figure_four":
        exercising.figure_four(p, seconds, target_s, kind, crossed=bool(p.rng.random() < 0.6))
    elif name == "hamstring_stretch":
        exercising.hamstring_stretch(p, seconds, target_s, kind)
    else:
        exercising.hip_bridge(p, seconds, target_s, kind)


def _raise(p: Person, name: str) -> None:
    track, degrees = ("abduction", 38.0) if name == "lateral_leg_raise" else ("flexion", 52.0)
    exercising.raise_leg(p, track, degrees * p.habits.range_share)
    if p.rng.random() < 0.2 * p.habits.clumsiness:
        exercising.raise_leg(p, track, degrees * p.habits.range_share, "partial")


def _change(p: Person, before: str, wanted: str) -> None:
    """From one posture to another, over standing where that is the way."""
    lying = ("supine", "knees bent", "side")
    if before in lying and wanted in lying:
        if before == "side":
            everyday.roll_over(p, 0.0)
        _lie(p, wanted)
        return
    if before == "seated":
        everyday.stand_up(p)
    elif before in lying:
        everyday.get_up(p)
    if wanted == "seated":
        everyday.sit_down(p)
    elif wanted in lying:
        everyday.lie_down(p, 0.0, knees_bent=wanted == "knees bent")
        if wanted == "side":
            _lie(p, wanted)


def _lie(p: Person, wanted: str) -> None:
    """Lying already: bend or stretch the knees, or roll to the side that has the sensor on top."""
    start = p.line.now_s
    if wanted == "side":
        p.line.move(p.time(1.0), flexion=everyday.LYING["flexion"])
        everyday.roll_over(p, 90.0 if p.right_leg else -90.0)
        return
    p.line.move(p.time(1.2), flexion=everyday.BENT if wanted == "knees bent" else everyday.LYING["flexion"])
    p.note("shift", start)
