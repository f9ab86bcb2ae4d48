"""A year of one simulated person as a log of real session folders, with nothing but events in them, and its truth.

Side-lying raises grow in both legs, the left one lags; straight leg raises and the knee to chest stay as they are.
Weeks are missed, and in one session the strap slips. `python -m tools.simulated_year FOLDER [SEED]` writes it.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from coxa.host.events import Event, HoldBreak, HoldEnded, RepCompleted, RepRejected, Side, TrackingLost
from coxa.host.log import SessionHeader, SessionWriter
from coxa.host.log.header import specs_of
from coxa.host.reasons import Tracking
from coxa.host.routine import SetPlan

FIRST = datetime(2025, 10, 3, 18, 0, tzinfo=timezone(timedelta(hours=1)))
WEEKS, DAYS_A_WEEK = 52, 3
SESSION_SD_DEG = 2.2
"""Spread of a session's median about the truth: strap, pose and the day's form (intra-rater limits of one thigh sensor
are 7 degrees: Stolowski 2023, which is 2.5 a measurement)."""
REP_SD_DEG = 3.0
CORRELATION = 0.3
"""Between neighbouring sessions: good and bad days come together."""
SLIP_DEG = 18.0
DECIDED_S = 0.24
"""After the end of a repetition: the median of raises in docs/evidence.md."""


@dataclass(frozen=True, slots=True)
class Series:
    """The truth of one exercise on one side."""

    exercise: str
    side: Side
    start_deg: float
    growth_deg: float
    """Over the whole year, in a straight line."""
    reps: int

    def truth_deg(self, share: float) -> float:
        """True range of motion after a share of the year."""
        return self.start_deg + self.growth_deg * share


TRUTH = (
    Series("lateral_leg_raise", "left", 22.0, 12.0, 10),
    Series("lateral_leg_raise", "right", 35.0, 12.0, 10),
    Series("leg_raise", "left", 48.0, 0.0, 8),
    Series("leg_raise", "right", 48.0, 0.0, 8),
    Series("knee_to_chest", "left", 100.0, 0.0, 2),
    Series("knee_to_chest", "right", 100.0, 0.0, 2),
)
PLAN = tuple(SetPlan(s.exercise, s.side, s.reps) for s in TRUTH)


def training_days(rng: np.random.Generator, weeks: int = WEEKS) -> list[int]:
    """Days since the first: about `DAYS_A_WEEK`, three weeks away in one piece, others missed here and there."""
    away = int(rng.integers(8, max(weeks - 8, 9)))
    days = [0]
    for week in range(weeks):
        if away <= week < away + 3 or rng.random() < 0.06:
            continue
        count = int(rng.binomial(DAYS_A_WEEK + 1, 0.65))
        days += sorted(int(7 * week + d) for d in rng.choice(7, count, replace=False))
    return sorted(set(days))


def session_noise(rng: np.random.Generator, n: int, correlation: float = CORRELATION) -> np.ndarray:
    """Deviations of n sessions from the truth (n,), degrees: heavy-tailed, neighbours alike."""
    fresh = rng.standard_t(6, n) / np.sqrt(1.5)
    noise = np.empty(n)
    noise[0] = fresh[0]
    for i in range(1, n):
        noise[i] = correlation * noise[i - 1] + np.sqrt(1.0 - correlation**2) * fresh[i]
    return SESSION_SD_DEG * noise


def write_year(log: Path, seed: int, weeks: int = WEEKS) -> list[int]:
    """Write every session into a new log; gives the training days."""
    rng = np.random.default_rng(seed)
    days = training_days(rng, weeks)
    noise = [session_noise(rng, len(days)) for _ in TRUTH]
    slip = int(rng.integers(len(days) // 3, len(days) - 5))
    for i, day in enumerate(days):
        _write_session(log, rng, day, [float(n[i]) for n in noise], seed, slips=i == slip)
    return days


def _write_session(
    log: Path, rng: np.random.Generator, day: int, noise: list[float], seed: int, *, slips: bool
) -> None:
    began = FIRST + timedelta(days=day, minutes=int(rng.integers(0, 120)))
    name = f"{began:%Y%m%dT%H%M%S}-{seed:04d}"
    header = SessionHeader(
        name, began.isoformat(), PLAN, {"name": "coxa simulated year"}, simulated=True, seed=seed, specs=specs_of(PLAN)
    )
    t_s, share = 5.0, day / (7 * WEEKS)
    slipping = 1 if slips else len(TRUTH)
    with SessionWriter(log, header) as writer:
        for i, series in enumerate(TRUTH):
            angle = series.truth_deg(share) + noise[i] + (SLIP_DEG if i > slipping else 0.0)
            make = _holds if series.exercise == "knee_to_chest" else _reps
            for event in make(rng, series, angle, t_s):
                writer.event(event)
                t_s = event.decided_s
            if i == slipping:
                writer.event(TrackingLost(t_s + 4.0, f"{Tracking.SLIPPED} by about 30 degrees", t_s + 5.0))
            t_s += 20.0
        writer.close(ended_s=t_s)


def _reps(rng: np.random.Generator, series: Series, angle_deg: float, t_s: float) -> list[Event]:
    events = list[Event]()
    done = series.reps if rng.random() < 0.85 else series.reps - int(rng.integers(1, 4))
    for index in range(1, done + 1):
        up, top, down = (float(x) for x in rng.normal((1.1, 0.4, 1.3), (0.15, 0.1, 0.15)).clip(0.1))
        start, t_s = t_s, t_s + up + top + down
        if rng.random() < 0.03:
            events.append(
                RepRejected(series.exercise, series.side, start, t_s, "too small", 3.0, 12.0, "deg", t_s + 0.1)
            )
            start, t_s = t_s + 1.0, t_s + 1.0 + up + top + down
        rom = float(angle_deg + rng.normal(0.0, REP_SD_DEG))
        events.append(
            RepCompleted(
                series.exercise, series.side, index, start, start + up, t_s, rom, None, t_s + DECIDED_S,
                1.5, up, top, down, float(rng.normal(-2.0, 0.15)),
            )
        )  # fmt: skip
        t_s += 1.0
    return events


def _holds(rng: np.random.Generator, series: Series, angle_deg: float, t_s: float) -> list[Event]:
    events = list[Event]()
    for _ in range(series.reps):
        held = float(30.3 + rng.exponential(1.0)) if rng.random() < 0.85 else float(rng.uniform(12.0, 29.0))
        broken = rng.random() < 0.1
        end = t_s + held + (2.0 if broken else 0.0)
        breaks = (HoldBreak(t_s + 5.0, t_s + 7.0, "moved"),) if broken else ()
        rom = float(angle_deg + rng.normal(0.0, REP_SD_DEG))
        steady = float(rng.gamma(9.0, 0.1))
        events.append(
            HoldEnded(
                series.exercise, series.side, t_s, end, held, 30.0, rom, held >= 30.0, end + 1.0, breaks, 1.5, steady
            )
        )  # fmt: skip
        t_s = end + 8.0
    return events


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", metavar="FOLDER", type=Path, help="folder to write the log to")
    parser.add_argument("seed", metavar="SEED", nargs="?", type=int, default=1, help="another number is another year")
    arguments = parser.parse_args()
    print(f"{len(write_year(arguments.log, arguments.seed))} sessions in {arguments.log}")
