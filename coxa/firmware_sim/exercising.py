"""The exercises as people do them; each notes what truly happened."""

from __future__ import annotations

import numpy as np

from coxa.firmware_sim.body import DENSE_HZ
from coxa.firmware_sim.person import Person
from coxa.host.samples import FloatArray

HOLD_KINDS = ("full", "full", "full", "wobble", "regrip", "early")
"""How holds go, each as likely as any: half of them well."""


def raise_leg(p: Person, track: str, degrees: float, kind: str = "full") -> None:
    """One raise along a joint angle and back; `kind` full, partial or aborted, which are shares of the usual range."""
    h, rng = p.habits, p.rng
    share = {"full": 1.0, "partial": rng.uniform(0.25, 0.38), "aborted": rng.uniform(0.1, 0.18)}[kind]
    varied = 1 + rng.normal(0, h.variation)
    size = degrees * share * (varied if kind == "full" else 1.0)
    rest, start = p.line.value[track], p.line.now_s
    p.line.move(p.time(1.2) * max(share, 0.5), **{track: rest + size})
    top = p.line.now_s
    if kind == "full":
        p.stay(rng.uniform(0.1, 0.6))
        if rng.random() < 0.3 * h.clumsiness:
            p.line.move(0.5, **{track: rest + 0.7 * size})
            p.line.move(0.5, **{track: rest + size})
    top_end = p.line.now_s
    p.line.move(p.time(1.3) * max(share, 0.5), **{track: rest + rng.normal(0, 0.6)})
    p.rep(kind, start, top, top_end)
    p.line.rest(rng.uniform(0.5, 1.1))


def circles(p: Person, turns: int, clockwise: bool) -> None:
    """Hip circles over planted feet: the thigh leans round with the hips."""
    rng, start = p.rng, p.line.now_s
    radius = rng.uniform(6, 12) * p.habits.range_share
    flat = rng.uniform(0.55, 0.9)
    sense = -1.0 if clockwise else 1.0
    side = 1.0 if p.right_leg else -1.0
    begin = rng.uniform(0, 2 * np.pi)
    forward, right = radius * np.cos(begin), -radius * flat * np.sin(begin)
    _lean(p, forward, right, side, 0.8)
    swept = _swept(p, turns)
    phase = begin + sense * swept
    ahead = radius * np.cos(phase) - forward
    across = -radius * flat * np.sin(phase) - right  # counterclockwise from above goes from ahead to the left
    p.line.add("flexion", np.append(-ahead, 0.0))
    p.line.add("abduction", np.append(-side * across, 0.0))
    p.line.add("hip_x_m", 0.9 * np.radians(ahead))
    p.line.add("hip_y_m", -0.9 * np.radians(across))
    first = p.line.now_s
    for k in range(turns):
        at, end = (float(np.searchsorted(swept, 2 * np.pi * n - 1e-9)) / DENSE_HZ for n in (k, k + 1))
        p.line.now_s = first + end
        p.rep("full", first + at, first + at, first + end, "clockwise" if clockwise else "counterclockwise")
    p.line.now_s = first + len(swept) / DENSE_HZ
    _lean(p, 0.0, 0.0, side, 0.8)
    p.note("set:hip_circle", start)


def hold(p: Person, seconds: float, target_s: float, kind: str = "full", **pose: float) -> None:
    """Go to a pose, hold it with a tremble, come back; `kind` may be `wobble` or `regrip`."""
    before = {k: p.line.value[k] for k in pose}
    start = p.line.now_s
    p.line.move(p.time(1.3), **pose)
    spans = _held(p, seconds, kind, before, pose)
    p.line.move(p.time(1.3), **before)
    _note_hold(p, start, spans, target_s, kind)


def hamstring_stretch(p: Person, seconds: float, target_s: float, kind: str = "full") -> None:
    """Seated: this leg out, which lets the thigh slope down, then lean over it, which hardly moves the thigh."""
    before = {k: p.line.value[k] for k in ("flexion", "lean")}
    start, slope = p.line.now_s, p.rng.uniform(9, 15)
    p.line.move(p.time(0.9), flexion=before["flexion"] - slope - 2.0)
    lean = {"lean": before["lean"] - 25.0, "flexion": before["flexion"] - slope + 25.0}
    p.line.move(p.time(1.6), **lean)
    sitting = {"lean": before["lean"] - 20.0, "flexion": before["flexion"] - slope + 17.0}
    spans = _held(p, seconds, kind, sitting, lean, share=1.0)
    p.line.move(p.time(1.6), lean=before["lean"], flexion=before["flexion"] - slope - 2.0)
    p.line.move(p.time(0.9), **before)
    _note_hold(p, start, spans, target_s, kind)


def figure_four(p: Person, seconds: float, target_s: float, kind: str = "full", *, crossed: bool = True) -> None:
    """Standing: this ankle over the other knee and sit back, or this leg stands and bends."""
    before = {k: p.line.value[k] for k in ("flexion", "rotation", "abduction", "lean", "hip_z_m")}
    start = p.line.now_s
    if crossed:
        p.line.move(p.time(0.9), flexion=55.0, rotation=45.0, abduction=20.0)
    low = {"lean": -28.0, "hip_z_m": 0.9 - p.rng.uniform(0.1, 0.18)}
    bent = p.rng.uniform(100, 112) if crossed else p.rng.uniform(58, 70)
    p.line.move(p.time(1.4), flexion=bent, **low)
    spans = _held(p, seconds, kind, before | {"lean": -20.0}, {"flexion": bent, **low}, share=0.3)
    p.line.move(p.time(1.2), lean=0.0, hip_z_m=0.9, flexion=55.0 if crossed else 0.0)
    if crossed:
        p.line.move(p.time(0.9), **before)
    _note_hold(p, start, spans, target_s, kind)


def hip_bridge(p: Person, seconds: float, target_s: float, kind: str = "full") -> None:
    """Supine, knees bent: the hips rise, the trunk tips back over the shoulders, the thigh comes down to level."""
    before = {k: p.line.value[k] for k in ("lean", "flexion", "hip_z_m")}
    start, size = p.line.now_s, p.rng.uniform(28, 38) * min(p.habits.range_share, 1.0)
    top = {"lean": before["lean"] + 0.75 * size, "flexion": before["flexion"] - 1.75 * size, "hip_z_m": 0.31}
    p.line.move(p.time(0.9), **top)
    spans = _held(p, seconds, kind, before, top, share=0.4)
    p.line.move(p.time(1.0), **before)
    _note_hold(p, start, spans, target_s, kind)
    p.line.rest(p.rng.uniform(0.6, 1.4))


def lunge(p: Person, degrees: float, stay_s: float | None = None) -> None:
    """Step forward with this leg, land, sink, stay there for as long as is asked, push back and land again."""
    start, size = p.line.now_s, degrees * (1 + p.rng.normal(0, p.habits.variation))
    x = p.line.value["hip_x_m"]
    p.line.move(p.time(0.55), flexion=0.75 * size, hip_x_m=x + 0.25, hip_z_m=0.84)
    _jolt(p)
    p.line.move(p.time(0.7), flexion=size, hip_x_m=x + 0.4, hip_z_m=0.6)
    top = p.line.now_s
    p.stay(p.rng.uniform(0.1, 0.5) if stay_s is None else stay_s)
    top_end = p.line.now_s
    p.line.move(p.time(0.5), flexion=0.8 * size, hip_x_m=x + 0.25, hip_z_m=0.8)
    p.line.move(p.time(0.6), flexion=0.0, hip_x_m=x, hip_z_m=0.9)
    _jolt(p)
    p.rep("full", start, top, top_end)
    p.line.rest(p.rng.uniform(0.6, 1.3))


def _jolt(p: Person) -> None:
    p.line.add("hip_z_m", -np.hanning(int(0.06 * DENSE_HZ)) * p.rng.uniform(0.0008, 0.0016))


def _held(
    p: Person, seconds: float, kind: str, before: dict[str, float], pose: dict[str, float], share: float = 0.4
) -> list[tuple[float, float]]:
    """Stay in the pose; gives the stretches truly held. A regrip goes `share` of the way back for a second."""
    track = next(iter(pose))
    if kind != "regrip":
        start, size = p.line.now_s, 0.4 + 1.2 * p.habits.clumsiness
        shake = size * p.noise(seconds, 0.7)
        p.line.add(
            track, shake + (0.03 * abs(pose[track] - before[track]) * p.noise(seconds, 0.5) if kind == "wobble" else 0)
        )
        p.line.rest(seconds)
        return [(start, p.line.now_s)]
    first = _held(p, 0.45 * seconds, "full", before, pose)
    p.line.move(0.5, **{k: v + share * (before[k] - v) for k, v in pose.items()})
    p.line.rest(p.rng.uniform(0.2, 0.8))
    p.line.move(0.5, **pose)
    return [*first, *_held(p, 0.55 * seconds, "full", before, pose)]


def _note_hold(p: Person, start: float, spans: list[tuple[float, float]], target_s: float, kind: str) -> None:
    p.rep("full", start, spans[0][0], spans[-1][1])
    held = sum(end - begin for begin, end in spans)
    for begin, end in spans:
        p.holds.append(
            {
                "start_s": begin,
                "end_s": end,
                "kind": kind if held >= target_s else "early",
                "verified": held >= target_s,
                "target_s": target_s,
                "rep": len(p.reps) - 1,
                "required": True,
            }
        )


def _lean(p: Person, forward: float, right: float, side: float, seconds: float) -> None:
    p.line.move(
        seconds,
        flexion=-forward,
        abduction=-side * right,
        hip_x_m=p.line.value["hip_x_m"] + 0.9 * np.radians(forward + p.line.value["flexion"]),
        hip_y_m=p.line.value["hip_y_m"] - 0.9 * np.radians(right + side * p.line.value["abduction"]),
    )


def _swept(p: Person, turns: int) -> FloatArray:
    """Angle swept over time, from 0 to whole turns, each turn at its own pace, speeding up and slowing down."""
    paces = [np.full(int(p.time(2.9) * DENSE_HZ), 1.0) for _ in range(turns)]
    rate = np.concatenate([p / len(p) for p in paces])
    kernel = np.hanning(int(0.6 * DENSE_HZ))
    swept = np.cumsum(np.convolve(rate, kernel / kernel.sum()))
    return 2 * np.pi * turns * (swept - swept[0]) / (swept[-1] - swept[0])
