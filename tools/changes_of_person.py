"""Makes another person of the one who was recorded: another tempo, another range.

What it does to the movement it does to both sensors and to the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from coxa.host.exercises.spec import exercise
from coxa.host.motion.orientation import Orientation, TiltBlock, row_dots
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, Gap, SampleBlock, StreamItem
from tools.recorded import Change, Recorded, interpolated, sets_s

FADE_S = 0.5
"""How long a change of range takes to come and go at the ends of a set."""


def slower(times: float) -> Change:
    """The same movement in `times` the time: rates fall by that factor, accelerations by its square, gravity stays."""

    def change(recorded: Recorded, _: np.random.Generator) -> Recorded:
        ups = _Ups(recorded.items)

        def stretched(b: SampleBlock) -> SampleBlock:
            gravity = ups.at(b.t_s) * STANDARD_GRAVITY_MPS2
            return SampleBlock(b.t_s * times, gravity + (b.accel_mps2 - gravity) / times**2, b.gyro_radps / times)

        items: list[StreamItem] = [
            Gap(i.start_s * times, i.end_s * times) if isinstance(i, Gap) else stretched(i) for i in recorded.items
        ]
        return Recorded(items, _with_times(recorded.truth, times))

    return change


def _with_times(data: Any, times: float) -> Any:
    """Truth with every time multiplied."""
    if isinstance(data, list):
        return [_with_times(d, times) for d in data]
    if isinstance(data, dict):
        timed = {k for k, v in data.items() if isinstance(v, int | float) and (k.endswith("_s") or "_change_" in k)}
        return {k: v * times if k in timed else _with_times(v, times) for k, v in data.items()}
    return data


def ranged(share: float) -> Change:
    """Sets of `share` times the range: every pose in them is turned towards the rest pose, or away from it.

    Up may be turned in the sensor's frame by any path d(t): the specific force turns with it, the rate gains what d
    itself turns, and accelerations beyond gravity follow the range.
    """

    def change(recorded: Recorded, _: np.random.Generator) -> Recorded:
        ups = _Ups(recorded.items)
        sets = [(s, rest) for s in sets_s(recorded.truth) if (rest := _rest_up(recorded.truth, s, ups)) is not None]
        out = recorded.blocks(lambda b: _scaled(b, ups, sets, share))
        return Recorded(out.items, _with_range(recorded.truth, share))

    return change


def _rest_up(truth: Mapping[str, Any], span_s: tuple[float, float], ups: _Ups) -> FloatArray | None:
    """Where up is at rest in a set: the mean over the ends of its repetitions."""
    ends = [
        t
        for r in truth.get("reps", [])
        if r.get("on_sensor", True) and span_s[0] <= r["start_s"] < span_s[1]
        for t in (r["start_s"], r["end_s"])
    ]
    if not ends:
        return None
    mean = ups.at(np.array(ends)).mean(axis=0)
    return mean / np.linalg.norm(mean)


def _scaled(
    block: SampleBlock, ups: _Ups, sets: list[tuple[tuple[float, float], FloatArray]], share: float
) -> SampleBlock:
    if len(block) < 3:
        return block
    up, turn, weight = ups.at(block.t_s), np.zeros((len(block), 3)), np.zeros(len(block))
    for (start_s, end_s), rest in sets:
        inside = np.clip(np.minimum(block.t_s - start_s, end_s - block.t_s) / FADE_S, 0.0, 1.0)
        inside = inside**2 * (3.0 - 2.0 * inside)
        axis = np.cross(rest, up)
        sine = np.linalg.norm(axis, axis=1)
        angle = np.arctan2(sine, up @ rest)
        turn += (inside * (share - 1.0) * angle / np.maximum(sine, 1e-9))[:, None] * axis
        weight += inside
    # a turn of the sensor by -turn moves up, seen from the sensor, by +turn
    moved = Rotation.from_rotvec(turn)
    gravity = up * STANDARD_GRAVITY_MPS2
    dynamic = (block.accel_mps2 - gravity) * (1.0 + weight * (share - 1.0))[:, None]
    steps = (moved[1:] * moved[:-1].inv()).as_rotvec() / np.diff(block.t_s)[:, None]
    own = -np.vstack([steps[:1], 0.5 * (steps[1:] + steps[:-1]), steps[-1:]])
    return SampleBlock(block.t_s, moved.apply(gravity + dynamic), moved.apply(block.gyro_radps) + own)


def _with_range(truth: dict[str, Any], share: float) -> dict[str, Any]:
    """Truth with every range multiplied; what is now too small to count need not."""
    least_deg = min(s.min_rom_deg for s in exercise(truth["exercise"]).start) if truth["exercise"] != "none" else 0.0

    def rep(entry: dict[str, Any]) -> dict[str, Any]:
        rom_deg = entry.get("rom_deg")
        if rom_deg is None:
            return entry
        small = {"required": False} if rom_deg * share < 1.1 * least_deg else {}
        return {**entry, "rom_deg": rom_deg * share, **small}

    def hold(entry: dict[str, Any]) -> dict[str, Any]:
        if "thigh_deg" not in entry:
            return entry
        small = {"required": False} if entry["thigh_deg"] * share < 1.1 * least_deg else {}
        return {**entry, "thigh_deg": entry["thigh_deg"] * share, **small}

    return {**truth, "reps": [rep(r) for r in truth["reps"]], "holds": [hold(h) for h in truth.get("holds", [])]}


class _Ups:
    """Where up is at any time of a recording, sensor frame."""

    def __init__(self, items: list[StreamItem]) -> None:
        orientation = Orientation()
        tilts = [t for i in items for t in orientation.update(i)] + orientation.finish()
        blocks = [t for t in tilts if isinstance(t, TiltBlock)]
        self._t_s, self._up = (np.concatenate([getattr(b, name) for b in blocks]) for name in ("t_s", "up"))

    def at(self, t_s: FloatArray) -> FloatArray:
        """(n, 3) unit vectors."""
        up = interpolated(t_s, self._t_s, self._up)
        return up / np.sqrt(row_dots(up, up))[:, None]
