"""Makes another recording out of one whose truth is known: another tempo and range, another sensor, another radio.

Each change is honest physics: what it does to the movement it does to both sensors and to the truth.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from scipy.ndimage import uniform_filter1d

from coxa.host.samples import Gap, SampleBlock, StreamItem, usual_step_s
from tools.changes_of_person import ranged, slower
from tools.changes_of_sensor import (
    clipped,
    dead_gyro,
    dead_gyro_axis,
    gyroless,
    hangs,
    miscalibrated,
    noisier,
    offset,
    repeats,
    spiky,
    stopping_gyro,
    stopping_gyro_axis,
    turned,
)
from tools.recorded import Change, Recorded, interpolated, sets_s

KEEP_S = 3.0
"""What a recording that is cut keeps before its first set: the still seconds that users are asked for."""


def same(recorded: Recorded, _: np.random.Generator) -> Recorded:
    """As it is."""
    return recorded


# the leg


def mirrored(recorded: Recorded, _: np.random.Generator) -> Recorded:
    """The other leg, as in a mirror: rates turn the other way about the axes that are not mirrored."""
    out = recorded.blocks(
        lambda b: SampleBlock(b.t_s, b.accel_mps2 * [-1.0, 1.0, 1.0], b.gyro_radps * [1.0, -1.0, -1.0])
    )
    return Recorded(out.items, _mirrored_truth(recorded.truth))


MIRRORED = {
    "clockwise": "counterclockwise",
    "counterclockwise": "clockwise",
    "cw": "ccw",
    "ccw": "cw",
    "left": "right",
    "right": "left",
}


def _mirrored_truth(data: Any) -> Any:
    """Truth with sides and directions exchanged."""
    if isinstance(data, list):
        return [_mirrored_truth(d) for d in data]
    if isinstance(data, dict):
        return {k: _mirrored_truth(v) for k, v in data.items()}
    return MIRRORED.get(data, data) if isinstance(data, str) else data


# the rate and the radio


def at_rate(rate_hz: float) -> Change:
    """Another rate; slower sensors filter before they sample."""

    def change(recorded: Recorded, _: np.random.Generator) -> Recorded:
        return recorded.blocks(lambda b: _resampled(b, rate_hz))

    return change


def _resampled(block: SampleBlock, rate_hz: float) -> SampleBlock:
    if len(block) < 2:
        return block
    width = max(round(1.0 / (rate_hz * _period_s(block))), 1)
    t_s = np.arange(block.t_s[0], block.t_s[-1], 1.0 / rate_hz)
    accel, gyro = (uniform_filter1d(v, width, axis=0, mode="nearest") for v in (block.accel_mps2, block.gyro_radps))
    return SampleBlock(t_s, interpolated(t_s, block.t_s, accel), interpolated(t_s, block.t_s, gyro))


def _period_s(block: SampleBlock) -> float:
    return usual_step_s(np.diff(block.t_s)) if len(block) > 1 else 0.01


def jittered(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """Times that are off by a third of the period."""

    def change(b: SampleBlock) -> SampleBlock:
        step_s = _period_s(b)
        t_s = np.sort(b.t_s + rng.uniform(-step_s / 3, step_s / 3, len(b)))
        return SampleBlock(t_s, b.accel_mps2, b.gyro_radps)

    return recorded.blocks(change)


def coarse_clock(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """A fast sensor whose clock tells whole milliseconds: steps of 2 and of 3."""
    fast = at_rate(400.0)(recorded, rng)
    return fast.blocks(lambda b: SampleBlock(np.round(b.t_s, 3), b.accel_mps2, b.gyro_radps))


def lossy(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """A worse radio: two losses a minute of 0.15 to 1 s, and a burst of six short ones."""
    start_s, end_s = _span_s(recorded)
    lost = list[tuple[float, float]]()
    for _ in range(int(2 * (end_s - start_s) / 60) + 1):
        at_s = float(rng.uniform(start_s + 2.0, end_s))
        lost.append((at_s, at_s + float(rng.uniform(0.15, 1.0))))
    for _ in range(int((end_s - start_s) / 60) + 1):
        at_s = float(rng.uniform(start_s + 2.0, end_s))
        lost += [(at_s + 0.25 * k, at_s + 0.25 * k + float(rng.uniform(0.04, 0.12))) for k in range(6)]
    items = [part for item in recorded.items for part in _without(item, lost)]
    return Recorded(items, _less_covered(recorded.truth, lost))


def _without(item: StreamItem, lost: list[tuple[float, float]]) -> list[StreamItem]:
    """What is left of an item, with gaps where samples were lost."""
    if isinstance(item, Gap):
        return [item]
    gone = np.zeros(len(item), dtype=bool)
    for start_s, end_s in lost:
        gone |= (item.t_s >= start_s) & (item.t_s < end_s)
    gone[[0, -1]] = False
    edges = np.flatnonzero(np.diff(gone.astype(int))) + 1
    bounds = [0, *(int(e) for e in edges), len(item)]
    out, period_s = list[StreamItem](), _period_s(item)
    for first, last in itertools.pairwise(bounds):
        missing = bool(gone[first])
        out.append(
            Gap(float(item.t_s[first - 1]) + period_s, float(item.t_s[last])) if missing else item.part(first, last)
        )
    return out


def _joined(lost: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same losses, those that overlap as one."""
    out = list[tuple[float, float]]()
    for start_s, end_s in sorted(lost):
        if out and start_s <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end_s))
        else:
            out.append((start_s, end_s))
    return out


def _less_covered(truth: dict[str, Any], lost: list[tuple[float, float]]) -> dict[str, Any]:
    apart = _joined(lost)

    def covered(entry: dict[str, Any]) -> dict[str, Any]:
        start_s, end_s = entry["start_s"], entry["end_s"]
        gone_s = sum(max(min(end_s, b) - max(start_s, a), 0.0) for a, b in apart)
        return {**entry, "coverage": entry.get("coverage", 1.0) * (1.0 - gone_s / max(end_s - start_s, 1e-9))}

    return {**truth, **{key: [covered(e) for e in truth.get(key, [])] for key in ("reps", "holds")}}


# where it begins


def cut_before_set(recorded: Recorded, _: np.random.Generator) -> Recorded:
    """Recorded from the still seconds before the first set on: nobody has been seen to stand or to lie down."""
    sets = sets_s(recorded.truth) or [(b["start_s"], b["end_s"]) for b in recorded.truth.get("blocks", [])[1:]]
    return _from(recorded, sets[0][0] - KEEP_S) if sets else recorded


def cut_in_set(recorded: Recorded, _: np.random.Generator) -> Recorded:
    """Recorded from the middle of the first set on; what is left of that set may be counted or not."""
    sets = sets_s(recorded.truth)
    if not sets:
        return cut_before_set(recorded, _)
    start_s, end_s = sets[0]
    cut = _from(recorded, 0.5 * (start_s + end_s))

    def may(entry: dict[str, Any]) -> dict[str, Any]:
        return {**entry, "required": False} if entry["start_s"] < end_s else entry

    return Recorded(cut.items, {**cut.truth, **{key: [may(e) for e in cut.truth[key]] for key in ("reps", "holds")}})


_MOMENTS = ("start_s", "peak_s", "top_start_s", "top_end_s")


def _from(recorded: Recorded, cut_s: float) -> Recorded:
    items = list[StreamItem]()
    for item in recorded.items:
        if isinstance(item, Gap):
            items += [item] if item.start_s > cut_s and items else []
        else:
            part = item.part(int(np.searchsorted(item.t_s, cut_s)), len(item))
            items += [part] if len(part) else []

    lists = {key: _left(recorded.truth.get(key, []), cut_s) for key in ("reps", "holds", "activities")}
    gone = len(recorded.truth.get("reps", [])) - len(lists["reps"])
    lists["holds"] = [{**e, "rep": e["rep"] - gone} if "rep" in e else e for e in lists["holds"]]
    # of a block that has lost its beginning the number of repetitions is not known
    blocks = [b for b in recorded.truth.get("blocks", []) if b["start_s"] >= cut_s - 1e-6]
    return Recorded(items, {**recorded.truth, **lists, **({"blocks": blocks} if blocks else {})})


def _left(entries: list[dict[str, Any]], cut_s: float) -> list[dict[str, Any]]:
    """What of them is not over by then, with nothing of it before that time."""
    return [
        {**e, **{key: max(e[key], cut_s) for key in _MOMENTS if e.get(key) is not None}}
        for e in entries
        if e["end_s"] > cut_s
    ]


def _span_s(recorded: Recorded) -> tuple[float, float]:
    blocks = [i for i in recorded.items if isinstance(i, SampleBlock)]
    return float(blocks[0].t_s[0]), float(blocks[-1].t_s[-1])


# all of it


def another(recorded: Recorded, rng: np.random.Generator) -> Recorded:
    """Another person with another sensor and radio: tempo, range, mounting, noise, calibration, losses, rate."""
    tempo, share = float(rng.uniform(0.8, 1.3)), float(rng.uniform(0.8, 1.2))
    rate_hz = float(rng.choice([50.0, 100.0, 200.0]))
    for change in (slower(tempo), ranged(share), miscalibrated, noisier, at_rate(rate_hz), lossy):
        recorded = change(recorded, rng)
    return recorded


ANOTHER = "another person, sensor and radio"
UNSEEN = (80, 81, 82)
"""Other people whose failures nobody has looked at: 1 to 79 were. Once these are looked at, take the next ones."""

CHANGES: dict[str, Change] = {
    "as it is": same,
    "mounting turned at random": turned,
    "mounting turned, noise added": noisier,
    "gyro 2 to 8 deg/s off": offset,
    "accelerometer off by 0.5 m/s2, 3 %": miscalibrated,
    "clipped at 2 g, 125 deg/s": clipped,
    "without a gyro": gyroless,
    "a gyro that sends zeros": dead_gyro,
    "a dead axis of the gyro": dead_gyro_axis,
    "the gyro stops": stopping_gyro,
    "an axis of the gyro stops": stopping_gyro_axis,
    "single wrong samples": spiky,
    "repeats its last value": repeats,
    "hangs for half a second": hangs,
    "mirrored": mirrored,
    **{f"at {hz} Hz": at_rate(hz) for hz in (25, 50, 100, 200, 400)},
    "at 400 Hz, in whole milliseconds": coarse_clock,
    "times jittered by a third": jittered,
    "more losses and bursts": lossy,
    **{f"in {w:.2f} of the time": slower(w) for w in (0.75, 0.87, 1.15, 1.33)},
    **{f"{k:.2f} of the range": ranged(k) for k in (0.75, 1.25)},
    "begins before the first set": cut_before_set,
    "begins in the first set": cut_in_set,
    **{f"{ANOTHER}, {n}": another for n in range(1, UNSEEN[-1] + 1)},
}
"""Every change by its name."""
ROWS = [n for n in CHANGES if not n.startswith(ANOTHER) or int(n.split()[-1]) in (1, 2, 3, *UNSEEN)]
"""Those of the table: of the other people some that were looked at, and some that were not."""
