"""Somebody exercising at home: every activity writes joint angles to the timeline and notes what truly happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coxa.firmware_sim.body import DENSE_HZ, Timeline
from coxa.host.samples import FloatArray


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
    pause_s: float = 0.0
    """So much longer than a moment the leg stays at the far end of a raise or lunge, as on a slow count."""


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
    taps_s: list[float] = field(default_factory=list[float])
    """When a finger taps on the sensor."""
    begins: str = "standing"
    """How the session begins; `openings.OPENINGS` has them."""
    doing: str = "none"
    """The exercise that is being done."""

    def still(self, seconds: float, label: str = "still") -> None:
        """Rest as people rest: breath, sway, tremor."""
        start = self.line.now_s
        self.line.rest(seconds)
        self.note(label, start)

    def stay(self, seconds: float) -> None:
        """Stay at the far end of a repetition."""
        pauses = self.habits.pause_s > 0.0
        self.line.rest(seconds + (self.habits.pause_s * float(self.rng.uniform(0.7, 1.3)) if pauses else 0.0))

    def tap(self, times: int) -> None:
        """Tap on the sensor, as fast as people do it, and wait for what it does."""
        start = self.line.now_s
        for _ in range(times):
            self.taps_s.append(self.line.now_s)
            self.line.rest(float(self.rng.uniform(0.18, 0.45)))
        self.note(f"tap:{times}", start)
        self.line.rest(1.5)

    def time(self, seconds: float) -> float:
        """How long this person takes for what typically takes `seconds`, this time."""
        return seconds * self.habits.tempo * float(np.exp(self.rng.normal(0, self.habits.variation)))

    def noise(self, seconds: float, hz: float) -> FloatArray:
        """Smooth noise of unit size that begins and ends at zero."""
        n = max(int(seconds * DENSE_HZ), 8)
        t_s = np.arange(n) / DENSE_HZ
        waves = sum(
            np.sin(2 * np.pi * hz * f * t_s + self.rng.uniform(0, 6.3)) * self.rng.uniform(0.3, 1)
            for f in (0.6, 1.0, 1.7)
        )
        window = np.minimum(1.0, np.minimum(t_s, t_s[-1] - t_s) / 0.4)
        return np.asarray(waves) * window**2 * (3 - 2 * window) / 1.5

    def note(self, label: str, start_s: float) -> None:
        """What went on from `start_s` until now."""
        self.activities.append({"label": label, "start_s": start_s, "end_s": self.line.now_s})

    def rep(self, kind: str, start: float, top: float, top_end: float, direction: str | None = None) -> None:
        """A repetition, finished now."""
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
