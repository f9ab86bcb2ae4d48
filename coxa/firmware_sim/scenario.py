"""Whole recordings with truth: a person, a strap, a sensor and what they do, all drawn from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from coxa.firmware_sim.body import DENSE_HZ, Motion, motion_of
from coxa.firmware_sim.imu import MODELS, Strap, measure
from coxa.firmware_sim.person import Person, some_habits
from coxa.firmware_sim.raw import RawStream
from coxa.firmware_sim.scripts import SCRIPTS


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A simulated recording and everything true about it, in seconds of the device's clock."""

    raw: RawStream
    truth: dict[str, Any]


def names() -> list[str]:
    """The scenarios that `build` knows."""
    return list(SCRIPTS)


def build(name: str, seed: int, rate_hz: float = 100.0, clumsiness: float | None = None) -> Scenario:
    """Simulate a recording; the same arguments give the same bytes.

    Raises:
        KeyError: there is no scenario of that name.
    """
    script = SCRIPTS[name]
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
    for hold in person.holds:
        _widen(hold, person.reps[hold["rep"]], motion)
        hold["thigh_deg"] = _held_deg(hold, person.reps[hold["rep"]], motion)
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


def _widen(hold: dict[str, Any], rep: dict[str, Any], motion: Motion) -> None:
    """A hold begins and ends where the thigh enters and leaves the pose, a tenth of the way, not where it stops."""
    first, last, rest, end = (int(s * DENSE_HZ) for s in (hold["start_s"], hold["end_s"], rep["start_s"], rep["end_s"]))
    angle = _degrees(motion.up()[rest:end] @ motion.up()[rest])
    level = float(np.median(angle[first - rest : last - rest]))
    near = np.abs(angle - level) <= max(1.0, 0.1 * level)
    while first > rest and near[first - 1 - rest]:
        first -= 1
    while last < end and near[last - rest]:
        last += 1
    hold["start_s"], hold["end_s"] = first / DENSE_HZ, last / DENSE_HZ


def _held_deg(hold: dict[str, Any], rep: dict[str, Any], motion: Motion) -> float:
    first, last, rest = (int(s * DENSE_HZ) for s in (hold["start_s"], hold["end_s"], rep["start_s"]))
    return float(_degrees(motion.up()[first:last] @ motion.up()[rest]).mean().round(2))


def _degrees(cosine: np.ndarray) -> np.ndarray:
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))
