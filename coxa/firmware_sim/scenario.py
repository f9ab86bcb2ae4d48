"""Whole recordings with truth: a person, a strap, a sensor and what they do, all drawn from one seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coxa.firmware_sim.body import DENSE_HZ, Motion, motion_of
from coxa.firmware_sim.imu import MODELS, Strap, measure
from coxa.firmware_sim.person import Person, some_habits
from coxa.firmware_sim.raw import RawStream

DEMO_HOLD_S = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A simulated recording and everything true about it, in seconds of the device's clock."""

    raw: RawStream
    truth: dict[str, Any]


def names() -> list[str]:
    """The scenarios that `build` knows."""
    return list(_SCRIPTS)


def build(name: str, seed: int, rate_hz: float = 100.0, clumsiness: float | None = None) -> Scenario:
    """Simulate a recording; the same arguments give the same bytes.

    Raises:
        KeyError: there is no scenario of that name.
    """
    script = _SCRIPTS[name]
    rng = np.random.default_rng([seed, *name.encode()])
    right = bool(rng.random() < 0.5)
    person = Person(rng, some_habits(rng, clumsiness), right)
    exercise = script(person)
    motion = motion_of(_trembling(person), right)
    raw = measure(motion, _strap(rng), MODELS[rng.choice(list(MODELS))], rate_hz, rng)
    return Scenario(raw, _truth(person, motion, raw, exercise, seed))


def _strap(rng: np.random.Generator) -> Strap:
    tilt = (float(rng.uniform(-12, 12)), float(rng.uniform(-12, 12)))
    down_m, looseness = float(rng.uniform(0.18, 0.3)), float(rng.uniform(0.3, 1.5))
    return Strap(float(rng.uniform(0, 360)), bool(rng.random() < 0.5), tilt, down_m, looseness)


def _trembling(person: Person) -> Any:
    """Breath and sway over everything that the person did."""
    line = person.line
    seconds, moved_on = line.now_s, line.now_s
    line.now_s = 0.0
    n = int(seconds * DENSE_HZ)
    t_s = np.arange(n) / DENSE_HZ
    for name, size, hz in (("flexion", 0.25, 0.25), ("abduction", 0.15, 0.4), ("lean", 0.1, 0.3)):
        line.add(name, size * np.sin(2 * np.pi * hz * t_s + person.rng.uniform(0, 6.3)))
        line.add(name, 0.01 * np.convolve(person.rng.normal(0, 1, n), np.hanning(160) / 8, mode="same"))
    line.now_s = moved_on
    return line


def _truth(person: Person, motion: Motion, raw: RawStream, exercise: str, seed: int) -> dict[str, Any]:
    """The truth on the device's clock, with range of motion read from the true orientation."""
    offset_s = float(raw.t_us[0]) * 1e-6 - 0.02
    for rep in person.reps:
        rep.update(_measured(rep, motion))
        rep["side"] = "right" if person.right_leg else "left"
    for thing in (*person.reps, *person.holds, *person.activities):
        for key in [k for k in thing if k.endswith("_s") and k != "target_s"]:
            thing[key] = round(thing[key] + offset_s, 3)
    return {
        "kind": "simulated",
        "exercise": exercise,
        "claimed": exercise,
        "side": "right" if person.right_leg else "left",
        "rate_hz": raw.rate_hz,
        "seed": seed,
        "negative": exercise == "none",
        "plan": person.plan,
        "reps": person.reps,
        "holds": person.holds,
        "activities": person.activities,
    }


def _measured(rep: dict[str, Any], motion: Motion) -> dict[str, float]:
    first, last = (int(rep[k] * DENSE_HZ) for k in ("start_s", "end_s"))
    up = motion.up()[first:last]
    if rep["direction"] is not None:
        middle = up.mean(axis=0) / np.linalg.norm(up.mean(axis=0))
        return {"rom_deg": _degrees(up @ middle).mean().round(2), "peak_s": 0.5 * (rep["start_s"] + rep["end_s"])}
    angle = _degrees(up @ up[0])
    return {"rom_deg": float(angle.max().round(2)), "peak_s": rep["start_s"] + float(angle.argmax()) / DENSE_HZ}


def _degrees(cosine: np.ndarray) -> np.ndarray:
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def _opening(p: Person) -> None:
    p.still(p.rng.uniform(2.5, 3.5))
    p.adjust_strap()
    p.walk(3)
    p.turn()


def _demo(p: Person) -> str:
    """Raises on the side, circles both ways, a hold that is kept and one that is let go."""
    size = 38 * p.habits.range_share
    side_up = 90.0 if p.right_leg else -90.0
    side = "right" if p.right_leg else "left"
    p.plan = [
        {"exercise": "lateral_leg_raise", "side": side, "reps": 5},
        {"exercise": "hip_circle", "reps": 4},
        {"exercise": "hip_circle", "reps": 4},
        {"exercise": "knee_to_chest", "side": side, "reps": 2, "hold_target_s": DEMO_HOLD_S},
    ]
    _opening(p)
    p.doing = "lateral_leg_raise"
    p.lie_down(side_up)
    p.fidget()
    p.still(3.0, "settle")
    for i in range(5):
        p.raise_leg("abduction", size * (1 - p.habits.fatigue * i / 4))
        if i == 1:
            p.raise_leg("abduction", size, "partial")
    p.still(2.5)
    p.get_up()
    p.doing = "hip_circle"
    p.still(3.0, "settle")
    p.circles(4, clockwise=True)
    p.still(3.0)
    p.circles(4, clockwise=False)
    p.still(2.5)
    p.doing = "knee_to_chest"
    p.lie_down(0.0)
    p.still(3.0, "settle")
    p.hold(p.rng.uniform(DEMO_HOLD_S + 1.0, DEMO_HOLD_S + 2.5), DEMO_HOLD_S, flexion=p.rng.uniform(85, 110))
    p.still(3.5, "settle")
    p.hold(p.rng.uniform(5, 8), DEMO_HOLD_S, flexion=p.rng.uniform(85, 110))
    p.still(3.5)
    return "routine"


def _set(exercise: str, enter: Callable[[Person], None], one: Callable[[Person, int], None]) -> Callable[[Person], str]:
    def script(p: Person) -> str:
        _opening(p)
        p.doing = exercise
        enter(p)
        p.fidget()
        p.still(p.rng.uniform(2.0, 3.0), "settle")
        start = p.line.now_s
        count = int(p.rng.integers(6, 11))
        for i in range(count):
            one(p, i)
            if p.rng.random() < 0.15 * p.habits.clumsiness and exercise.endswith("raise"):
                p.raise_leg("flexion", 40, "aborted")
        p.activities.append({"label": f"set:{exercise}", "start_s": start, "end_s": p.line.now_s})
        p.still(2.5)
        p.fidget()
        p.still(2.0)
        return exercise

    return script


def _negative(p: Person) -> str:
    """Everything but exercise."""
    _opening(p)
    for _ in range(3):
        p.lie_down(float(p.rng.choice([0.0, 90.0, -90.0])))
        p.fidget()
        p.still(p.rng.uniform(1.5, 4))
        p.roll_over(float(p.rng.choice([0.0, 90.0, -90.0, 180.0])))
        p.still(p.rng.uniform(1.5, 4))
        p.get_up()
        p.fidget()
        p.walk(int(p.rng.integers(2, 6)))
        p.still(p.rng.uniform(1, 3))
        p.turn()
    return "none"


def _side_up(p: Person) -> None:
    p.lie_down(90.0 if p.right_leg else -90.0)


_SCRIPTS: dict[str, Callable[[Person], str]] = {
    "demo": _demo,
    "leg_raise_supine": _set(
        "leg_raise", lambda p: p.lie_down(0.0), lambda p, _: p.raise_leg("flexion", 55 * p.habits.range_share)
    ),
    "leg_raise_prone": _set(
        "leg_raise", lambda p: p.lie_down(180.0), lambda p, _: p.raise_leg("flexion", -16 * p.habits.range_share)
    ),
    "leg_raise_standing": _set(
        "leg_raise", lambda p: p.still(1.0), lambda p, _: p.raise_leg("flexion", 60 * p.habits.range_share)
    ),
    "leg_raise_sideways": _set(
        "leg_raise", lambda p: p.still(1.0), lambda p, _: p.raise_leg("abduction", 30 * p.habits.range_share)
    ),
    "lateral_leg_raise": _set(
        "lateral_leg_raise", _side_up, lambda p, _: p.raise_leg("abduction", 38 * p.habits.range_share)
    ),
    "hip_circle": _set(
        "hip_circle",
        lambda p: p.still(1.0),
        lambda p, i: p.circles(int(p.rng.integers(6, 10)), bool(p.rng.random() < 0.5)) if i < 1 else None,
    ),
    "knee_to_chest": _set(
        "knee_to_chest",
        lambda p: p.lie_down(0.0),
        lambda p, i: p.hold(p.rng.uniform(10, 34), 30.0, flexion=p.rng.uniform(80, 110)) if i < 2 else None,
    ),
    "negative": _negative,
}
