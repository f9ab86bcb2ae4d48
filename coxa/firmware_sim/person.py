"""Somebody exercising at home: every activity writes joint angles to the timeline and notes what truly happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coxa.firmware_sim.body import DENSE_HZ, Array, Timeline


@dataclass(frozen=True, slots=True)
class Habits:
    """How this person moves."""

    tempo: float
    """1 typical, above it slower."""
    range_share: float
    """Range of motion against a typical one."""
    fatigue: float
    """Share of range lost from the first to the last repetition of a set."""
    variation: float
    """Spread of tempo and range from one repetition to the next."""
    clumsiness: float
    """0 to 1: fidgets, double bounces, wobbles."""


def some_habits(rng: np.random.Generator, clumsiness: float | None = None) -> Habits:
    """A person drawn at random."""
    return Habits(
        rng.uniform(0.8, 1.4),
        rng.uniform(0.8, 1.15),
        rng.uniform(0.0, 0.15),
        rng.uniform(0.03, 0.1),
        rng.uniform(0.0, 0.6) if clumsiness is None else clumsiness,
    )


@dataclass(slots=True)
class Person:
    """Acts on a timeline; `reps`, `holds` and `activities` are the truth, in true seconds."""

    rng: np.random.Generator
    habits: Habits
    right_leg: bool
    line: Timeline = field(default_factory=Timeline)
    reps: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    holds: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    activities: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    plan: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """The routine that the person has been given, where there is one."""
    doing: str = "none"
    """The exercise that is being done."""

    # standing, lying and in between

    def still(self, seconds: float, label: str = "still") -> None:
        """Rest as people rest: breath, sway, tremor."""
        start = self.line.now_s
        self.line.rest(seconds)
        self._note(label, start)

    def walk(self, steps: int) -> None:
        """Strides of this leg: swing forward, land with a jolt, push back."""
        start, stride_s = self.line.now_s, self.rng.uniform(1.0, 1.3)
        n = int(steps * stride_s * DENSE_HZ)
        phase = 2 * np.pi * np.arange(n) / (stride_s * DENSE_HZ)
        fade = np.minimum(1.0, np.minimum(np.arange(n), n - 1 - np.arange(n)) / (0.4 * DENSE_HZ))
        reach = self.rng.uniform(18, 26)
        swing = reach * np.sin(phase) + 0.25 * reach * np.sin(2 * phase + 0.6) + 0.3 * reach
        self.line.add("flexion", fade * swing)
        self.line.add("abduction", fade * 3 * np.sin(phase + 1.0))
        self.line.add("hip_z_m", fade * 0.02 * np.cos(2 * phase) + self._jolts(n, stride_s))
        self.line.add("hip_x_m", np.cumsum(fade) / DENSE_HZ * self.rng.uniform(0.8, 1.2))
        self.line.rest(n / DENSE_HZ)
        self._note("walk", start)

    def turn(self) -> None:
        """Turn on the spot."""
        start = self.line.now_s
        by = self.rng.choice([-1, 1]) * self.rng.uniform(60, 150)
        self.line.move(self.rng.uniform(1.0, 2.0), yaw=self.line.value["yaw"] + by)
        self._note("turn", start)

    def adjust_strap(self) -> None:
        """Hands on the sensor: quick small shakes."""
        start, seconds = self.line.now_s, self.rng.uniform(1.2, 2.2)
        for name, size in (("flexion", 2.0), ("abduction", 1.5), ("rotation", 3.0)):
            self.line.add(name, size * self._noise(seconds, 4.0))
        self.line.rest(seconds)
        self._note("adjust_strap", start)

    def fidget(self) -> None:
        """Shift about without purpose."""
        start, seconds = self.line.now_s, self.rng.uniform(1.5, 3.0)
        for name, size in (("flexion", 3.0), ("abduction", 2.0), ("rotation", 3.0)):
            self.line.add(name, (0.5 + self.habits.clumsiness) * size * self._noise(seconds, 0.8))
        self.line.rest(seconds)
        self._note("fidget", start)

    def lie_down(self, roll: float, knees_bent: bool = False) -> None:
        """From standing over sitting to the mat; `roll` 0 on the back, +90 right side up, 180 face down."""
        start = self.line.now_s
        self.line.move(self._time(1.6), flexion=80.0, hip_z_m=0.45)
        self.line.move(self._time(1.2), lean=35.0, hip_z_m=0.15, flexion=95.0)
        self.line.move(self._time(1.4), lean=90.0, hip_z_m=0.12, flexion=50.0 if knees_bent else 8.0)
        if roll:
            self.line.move(self._time(1.3), roll=roll, flexion=self.rng.uniform(5, 12))
        self._note("lie_down", start)

    def roll_over(self, roll: float) -> None:
        """Roll to another side."""
        start = self.line.now_s
        self.line.move(self._time(1.5), roll=roll)
        self._note("roll", start)

    def get_up(self) -> None:
        """From the mat to standing."""
        start = self.line.now_s
        self.line.move(self._time(1.0), roll=0.0, flexion=60.0)
        self.line.move(self._time(1.5), lean=10.0, flexion=95.0, hip_z_m=0.3)
        self.line.move(self._time(1.4), lean=0.0, flexion=0.0, abduction=0.0, rotation=0.0, hip_z_m=0.9)
        self._note("get_up", start)

    # exercises

    def raise_leg(self, track: str, degrees: float, kind: str = "full") -> None:
        """One raise along a joint angle and back; `kind` full, partial or aborted."""
        h, rng = self.habits, self.rng
        share = {"full": 1.0, "partial": rng.uniform(0.25, 0.38), "aborted": rng.uniform(0.1, 0.18)}[kind]
        size = degrees * share * (1 + rng.normal(0, h.variation))
        rest, start = self.line.value[track], self.line.now_s
        self.line.move(self._time(1.2) * max(share, 0.5), **{track: rest + size})
        top = self.line.now_s
        if kind == "full":
            self.line.rest(rng.uniform(0.1, 0.6))
            if rng.random() < 0.3 * h.clumsiness:
                self.line.move(0.5, **{track: rest + 0.7 * size})
                self.line.move(0.5, **{track: rest + size})
        top_end = self.line.now_s
        self.line.move(self._time(1.3) * max(share, 0.5), **{track: rest + rng.normal(0, 0.6)})
        self._rep(kind, start, top, top_end)
        self.line.rest(rng.uniform(0.5, 1.1))

    def circles(self, turns: int, clockwise: bool) -> None:
        """Hip circles over planted feet: the thigh leans round with the hips."""
        rng, start = self.rng, self.line.now_s
        radius = rng.uniform(6, 12) * self.habits.range_share
        flat = rng.uniform(0.55, 0.9)
        sense = -1.0 if clockwise else 1.0
        side = 1.0 if self.right_leg else -1.0
        begin = rng.uniform(0, 2 * np.pi)
        forward, right = radius * np.cos(begin), -radius * flat * np.sin(begin)
        self._lean(forward, right, side, 0.8)
        swept = self._swept(turns)
        phase = begin + sense * swept
        ahead = radius * np.cos(phase) - forward
        across = -radius * flat * np.sin(phase) - right  # counterclockwise from above goes from ahead to the left
        self.line.add("flexion", np.append(-ahead, 0.0))
        self.line.add("abduction", np.append(-side * across, 0.0))
        self.line.add("hip_x_m", 0.9 * np.radians(ahead))
        self.line.add("hip_y_m", -0.9 * np.radians(across))
        first = self.line.now_s
        for k in range(turns):
            at, end = (float(np.searchsorted(swept, 2 * np.pi * n - 1e-9)) / DENSE_HZ for n in (k, k + 1))
            self.line.now_s = first + end
            self._rep("full", first + at, first + at, first + end, "clockwise" if clockwise else "counterclockwise")
        self.line.now_s = first + len(swept) / DENSE_HZ
        self._lean(0.0, 0.0, side, 0.8)
        self._note("set:hip_circle", start)

    def hold(self, seconds: float, target_s: float, **pose: float) -> None:
        """Go to a pose, hold it with a tremble, come back."""
        before = {k: self.line.value[k] for k in pose}
        start = self.line.now_s
        self.line.move(self._time(1.3), **pose)
        top = self.line.now_s
        shake = (0.4 + 1.2 * self.habits.clumsiness) * self._noise(seconds, 0.7)
        self.line.add(next(iter(pose)), shake)
        self.line.rest(seconds)
        top_end = self.line.now_s
        self.line.move(self._time(1.3), **before)
        self._rep("full", start, top, top_end)
        kept = seconds >= target_s
        self.holds.append(
            {
                "start_s": top,
                "end_s": top_end,
                "kind": "full" if kept else "early",
                "verified": kept,
                "target_s": target_s,
            }
        )

    # helpers

    def _lean(self, forward: float, right: float, side: float, seconds: float) -> None:
        self.line.move(
            seconds,
            flexion=-forward,
            abduction=-side * right,
            hip_x_m=self.line.value["hip_x_m"] + 0.9 * np.radians(forward + self.line.value["flexion"]),
            hip_y_m=self.line.value["hip_y_m"] - 0.9 * np.radians(right + side * self.line.value["abduction"]),
        )

    def _swept(self, turns: int) -> Array:
        """Angle swept over time, from 0 to whole turns, each turn at its own pace, speeding up and slowing down."""
        paces = [np.full(int(self._time(2.9) * DENSE_HZ), 1.0) for _ in range(turns)]
        rate = np.concatenate([p / len(p) for p in paces])
        kernel = np.hanning(int(0.6 * DENSE_HZ))
        swept = np.cumsum(np.convolve(rate, kernel / kernel.sum()))
        return 2 * np.pi * turns * (swept - swept[0]) / (swept[-1] - swept[0])

    def _time(self, seconds: float) -> float:
        return seconds * self.habits.tempo * float(np.exp(self.rng.normal(0, self.habits.variation)))

    def _noise(self, seconds: float, hz: float) -> Array:
        """Smooth noise of unit size that begins and ends at zero."""
        n = max(int(seconds * DENSE_HZ), 8)
        t_s = np.arange(n) / DENSE_HZ
        waves = sum(
            np.sin(2 * np.pi * hz * f * t_s + self.rng.uniform(0, 6.3)) * self.rng.uniform(0.3, 1)
            for f in (0.6, 1.0, 1.7)
        )
        window = np.minimum(1.0, np.minimum(t_s, t_s[-1] - t_s) / 0.4)
        return np.asarray(waves) * window**2 * (3 - 2 * window) / 1.5

    def _jolts(self, n: int, stride_s: float) -> Array:
        """Heel strikes, one a half stride: a short knock of the hip's height."""
        knocks = np.zeros(n)
        shape = np.hanning(int(0.05 * DENSE_HZ)) * 0.0012
        for k in range(int(n / (stride_s * DENSE_HZ / 2))):
            at = int((k + 0.45) * stride_s * DENSE_HZ / 2)
            part = knocks[at : at + len(shape)]
            part -= shape[: len(part)]
        return knocks

    def _note(self, label: str, start_s: float) -> None:
        self.activities.append({"label": label, "start_s": start_s, "end_s": self.line.now_s})

    def _rep(self, kind: str, start: float, top: float, top_end: float, direction: str | None = None) -> None:
        self.reps.append(
            {
                "kind": kind,
                "exercise": self.doing,
                "on_sensor": True,
                "required": kind == "full",
                "coverage": 1.0,
                "start_s": start,
                "top_start_s": top,
                "top_end_s": top_end,
                "end_s": self.line.now_s,
                "direction": direction,
            }
        )
