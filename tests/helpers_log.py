"""Sessions of a log, as a session writes them, and the frames that are read from it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from coxa.analysis.load import LogFrames, load
from coxa.host.events import Event, HoldEnded, RepCompleted, RepRejected
from coxa.host.log import SessionHeader, SessionWriter
from coxa.host.routine import SetPlan
from coxa.host.samples import Packet
from coxa.host.watcher import Watcher
from tests.helpers import coxa


class Heard(Watcher):
    """Looks on at a session, and keeps what it is told."""

    def __init__(self) -> None:
        self.events = list[Event]()
        self.began_s = 0.0

    def event(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)

    def began(self, at_s: float) -> None:
        """Keep it."""
        self.began_s = at_s


PLAN = (SetPlan("lateral_leg_raise", "right", 3), SetPlan("hip_circle", None, 2), SetPlan("knee_to_chest", "left", 2))


def rep(index: int, start_s: float, exercise: str = "lateral_leg_raise") -> RepCompleted:
    """A counted repetition of two seconds."""
    circle = exercise == "hip_circle"
    side, way = (None, "clockwise") if circle else ("right", None)
    return RepCompleted(exercise, side, index, start_s, start_s + 1, start_s + 2, 40.0, way, start_s + 2.5)


EVENTS: list[Event] = [
    rep(1, 100.0),
    RepRejected("lateral_leg_raise", "right", 103.0, 104.0, "too small", 10.0, 20.0, "deg", 104.5),
    rep(2, 105.0),
    rep(3, 108.0),
    rep(1, 120.0, "hip_circle"),
    rep(2, 123.0, "hip_circle"),
    HoldEnded("knee_to_chest", "left", 130.0, 161.0, 30.5, 30.0, 90.0, True, 161.5),
    HoldEnded("knee_to_chest", "left", 170.0, 181.0, 11.0, 30.0, 90.0, False, 181.5),
]
KINDS: tuple[list[Event], ...] = (EVENTS, [rep(1, 100.0)], [rep(1, 100.0, "hip_circle")], [])
"""Sessions of everything, of raises only, of circles only, and in which nothing was seen."""


def coxa_on(log: Path, out: Path, words: list[str], under: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """The command about that log in a process of its own, `OUT` being a place beside it; started `under` another."""
    places = [word.replace("OUT", str(out)) for word in words]
    return coxa(*places, under=under, COXA_LOG=str(log), COLUMNS="200", PYTHONDONTWRITEBYTECODE="1")


def write(log: Path, day: int, events: list[Event] = EVENTS, packets: Sequence[bytes] = (), **changes: object) -> Path:
    """A closed session of a day of November 2026, a packet each tenth of a second."""
    header = SessionHeader(
        f"202611{day:02}T080000-aaaaaa",
        f"2026-11-{day:02}T08:00:00+02:00",
        PLAN,
        {"name": "Thigh", "address": "C0:FF:EE:00:00:01"},
        link={"frames": 90, "lost_packets": 10, "reconnects": 1},
        versions={"coxa": "0.1.0"},
    )
    writer = SessionWriter(log, replace(header, **changes))  # pyright: ignore[reportArgumentType]
    for k, data in enumerate(packets):
        writer.packet(Packet(k * 0.1, data))
    for event in events:
        writer.event(event)
    writer.close(190.0)
    return writer.folder


def everything(log: Path | str) -> tuple[LogFrames, list[str]]:
    """The frames and the lines about what is broken."""
    told = list[str]()
    return load(str(log), broken=told.append), told


def same(a: LogFrames, b: LogFrames, *, folders: bool = True) -> None:
    """Both hold the same rows."""
    leave = [] if folders else ["folder"]
    for name in ("sessions", "sets", "reps", "holds"):
        one, two = (getattr(f, name).drop(columns=leave, errors="ignore") for f in (a, b))
        pd.testing.assert_frame_equal(one, two)


def newer(folder: Path) -> None:
    """Make the session one of a later coxa's."""
    header = json.loads((folder / "session.json").read_text())
    (folder / "session.json").write_text(json.dumps({**header, "schema": 99}))


def foreign(folder: Path) -> None:
    """Make its repetitions a table that coxa did not write."""
    pd.DataFrame({"a": [1]}).to_parquet(folder / "reps.parquet")
