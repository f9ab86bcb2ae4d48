"""Whole recordings with truth: a person, a strap, a sensor and what they do, all drawn from one seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coxa.firmware_sim.body import DENSE_HZ, Motion, Timeline, motion_of
from coxa.firmware_sim.imu import MODELS, ImuModel, Strap, measure
from coxa.firmware_sim.openings import OPENINGS
from coxa.firmware_sim.person import Habits, Person, some_habits
from coxa.firmware_sim.raw import RawStream
from coxa.firmware_sim.routine_script import handle, perform
from coxa.firmware_sim.scripts import SCRIPTS
from coxa.host.samples import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A simulated recording and everything true about it, in seconds of the device's clock."""

    raw: RawStream
    truth: dict[str, Any]


def names() -> list[str]:
    """The scenarios that `build` knows."""
    return list(SCRIPTS)


def build(
    name: str,
    seed: int,
    rate_hz: float = 100.0,
    clumsiness: float | None = None,
    change: Callable[[Habits, np.random.Generator], Habits] | None = None,
    begins: str = "standing",
) -> Scenario:
    """Simulate a recording; the same arguments give the same bytes.

    Args:
        name: one of `names`.
        seed: another number is another person, strap and sensor.
        rate_hz: of the sensor.
        clumsiness: 0 to 1; None: as the seed says.
        change: makes another person of the one that the seed says.
        begins: where the person is when the sensor is switched on; one of `openings.OPENINGS`.

    Raises:
        KeyError: there is no scenario or no opening of that name.
    """
    script = SCRIPTS[name]
    rng = np.random.default_rng([seed, *name.encode()])
    right = bool(rng.random() < 0.5)
    habits = some_habits(rng, clumsiness)
    line = Timeline(OPENINGS[begins].pose)
    person = Person(rng, habits if change is None else change(habits, rng), right, line, begins=begins)
    exercise = script(person)
    motion = motion_of(_trembling(person), right)
    raw = measure(motion, _strap(rng), MODELS[rng.choice(list(MODELS))], rate_hz, rng, taps_s=person.taps_s)
    return Scenario(raw, _truth(person, motion, raw, exercise, seed))


def build_routine(
    plan: list[dict[str, Any]], seed: int, rate_hz: float = 100.0, clumsiness: float | None = None
) -> Scenario:
    """Simulate somebody who does a whole plan; where it says so, the sensor moves to the other thigh.

    Args:
        plan: sets as plain data: exercise, side, reps, hold_target_s, rest_s, direction, move_sensor, check_strap.
        seed: another number is another person, strap and sensor.
        rate_hz: of the sensor.
        clumsiness: 0 to 1; None: as the seed says.
    """
    rng = np.random.default_rng([seed, *b"routine"])
    habits, model = some_habits(rng, clumsiness), MODELS[rng.choice(list(MODELS))]
    moves = [i for i, planned in enumerate(plan) if planned.get("move_sensor")]
    parts = list[Scenario]()
    for first, last in zip([0, *moves], [*moves, len(plan)], strict=True):
        right = plan[first].get("side") != "left"
        if first:
            parts.append(_part(Person(rng, habits, right), handle, model, rate_hz, seed))
        sets = plan[first:last]
        parts.append(_part(Person(rng, habits, right), lambda p, s=sets: perform(p, s), model, rate_hz, seed))
    whole = _one_after_the_other(parts, rate_hz)
    whole.truth["plan"] = plan
    return whole


def build_acted(act: Callable[[Person], None], seed: int, rate_hz: float = 100.0) -> Scenario:
    """Simulate what `act` makes a person do; the activities tell when."""
    rng = np.random.default_rng([seed, *b"acted"])
    person = Person(rng, some_habits(rng), bool(rng.random() < 0.5))
    return _part(person, act, MODELS[rng.choice(list(MODELS))], rate_hz, seed)


def _part(person: Person, act: Callable[[Person], None], model: ImuModel, rate_hz: float, seed: int) -> Scenario:
    act(person)
    motion = motion_of(_trembling(person), person.right_leg)
    piece = np.random.default_rng([seed, *b"imu"])
    raw = measure(motion, _strap(person.rng), model, rate_hz, person.rng, piece, person.taps_s)
    return Scenario(raw, _truth(person, motion, raw, "routine", seed))


def _one_after_the_other(parts: list[Scenario], rate_hz: float) -> Scenario:
    """Join recordings on the first one's clock; repetitions keep their holds."""
    first, t_us = parts[0], [parts[0].raw.t_us]
    truth = dict(first.truth)
    for part in parts[1:]:
        shift_us = int(t_us[-1][-1] + 1e6 / rate_hz - part.raw.t_us[0])
        t_us.append(part.raw.t_us + shift_us)
        before = len(truth["reps"])
        for name in ("reps", "holds", "activities"):
            truth[name] = [*truth[name], *(_shifted(thing, shift_us * 1e-6, before) for thing in part.truth[name])]
    raw = RawStream(
        rate_hz,
        first.raw.accel_range_g,
        first.raw.gyro_range_dps,
        np.concatenate(t_us),
        np.concatenate([p.raw.counts for p in parts]),
    )
    return Scenario(raw, truth)


def _shifted(thing: dict[str, Any], by_s: float, reps: int) -> dict[str, Any]:
    moved = {k: v + by_s if k.endswith("_s") and k != "target_s" else v for k, v in thing.items()}
    return {**moved, "rep": thing["rep"] + reps} if "rep" in thing else moved


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
    offset_s, up = float(raw.t_us[0]) * 1e-6 - 0.02, motion.up()
    for rep in person.reps:
        rep.update(_measured(rep, up))
        rep["side"] = "right" if person.right_leg else "left"
    for hold in person.holds:
        _widen(hold, person.reps[hold["rep"]], up)
        hold["thigh_deg"] = _held_deg(hold, person.reps[hold["rep"]], up)
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


def _measured(rep: dict[str, Any], up: FloatArray) -> dict[str, float]:
    """Range of motion and time of the peak, from up in the thigh's frame, (n, 3) at `DENSE_HZ`."""
    first, last = (int(rep[k] * DENSE_HZ) for k in ("start_s", "end_s"))
    up = up[first:last]
    if rep["direction"] is not None:
        middle = up.mean(axis=0) / np.linalg.norm(up.mean(axis=0))
        return {"rom_deg": _degrees(up @ middle).mean().round(2), "peak_s": 0.5 * (rep["start_s"] + rep["end_s"])}
    angle = _degrees(up @ up[0])
    return {"rom_deg": float(angle.max().round(2)), "peak_s": rep["start_s"] + float(angle.argmax()) / DENSE_HZ}


def _widen(hold: dict[str, Any], rep: dict[str, Any], up: FloatArray) -> None:
    """A hold begins and ends where the thigh enters and leaves the pose, a tenth of the way, not where it stops."""
    first, last, rest, end = (int(s * DENSE_HZ) for s in (hold["start_s"], hold["end_s"], rep["start_s"], rep["end_s"]))
    angle = _degrees(up[rest:end] @ up[rest])
    level = float(np.median(angle[first - rest : last - rest]))
    near = np.abs(angle - level) <= max(1.0, 0.1 * level)
    while first > rest and near[first - 1 - rest]:
        first -= 1
    while last < end and near[last - rest]:
        last += 1
    hold["start_s"], hold["end_s"] = first / DENSE_HZ, last / DENSE_HZ


def _held_deg(hold: dict[str, Any], rep: dict[str, Any], up: FloatArray) -> float:
    first, last, rest = (int(s * DENSE_HZ) for s in (hold["start_s"], hold["end_s"], rep["start_s"]))
    return float(_degrees(up[first:last] @ up[rest]).mean().round(2))


def _degrees(cosine: np.ndarray) -> np.ndarray:
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))
