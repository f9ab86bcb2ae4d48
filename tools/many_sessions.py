"""Makes a log of many simulated sessions: `python -m tools.many_sessions FOLDER 10000`.

A few sessions are simulated, tracked and written as live ones are; the others are their copies under ids, days and
names of their own. Copies share the recordings' bytes on disk (hard links), so that ten thousand fit anywhere.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pandas as pd

from coxa.cli.session_setup import new_header
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.scenario import build
from coxa.host.log import SessionWriter
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import Packet
from coxa.host.wire import Decoder

SCENARIOS = ("lateral_leg_raise", "hip_circle", "leg_raise_supine", "lunge")
PEOPLE = ("Ann", "Ben", "Cleo", None)
FIRST = datetime(2020, 1, 6, 8, tzinfo=timezone(timedelta(hours=1)))
TABLES = ("reps.parquet", "holds.parquet")


def record(log: Path, scenario: str, seed: int) -> Path:
    """One simulated session, as a live one is written; gives its folder."""
    made = build(scenario, seed)
    plan = (SetPlan(made.truth["exercise"], made.truth["side"]),)
    firmware, decoder, coach = Firmware(made.raw, "MANY0001"), Decoder(), Coach(plan)
    writer = SessionWriter(log, new_header(plan, simulated=True, seed=seed))
    for k, data in enumerate(firmware.frames()):
        writer.packet(Packet(k * 0.1, data))
        for event in (e for item in decoder.feed(data) for e in coach.feed(item)):
            writer.event(event)
    for event in coach.finish():
        writer.event(event)
    writer.describe(link={**asdict(decoder.stats), "reconnects": seed % 2})
    writer.close(coach.view.t_s)
    return writer.folder


def multiply(models: list[Path], log: Path, count: int) -> None:
    """Write so many sessions, two a day, each a copy of one of the models."""
    headers = [json.loads((m / "session.json").read_text()) for m in models]
    frames = [{name: pd.read_parquet(m / name) for name in TABLES} for m in models]
    for i in range(count):
        which = i % len(models)
        began = FIRST + timedelta(hours=12 * i)
        name = f"{began:%Y%m%dT%H%M%S}-{i:06x}"
        folder = log / "sessions" / f"date={began:%Y-%m-%d}" / name
        folder.mkdir(parents=True)
        about = {"session_id": name, "started_at": began.isoformat(), "person": PEOPLE[i // 2 % len(PEOPLE)]}
        (folder / "session.json").write_text(json.dumps({**headers[which], **about}, indent=1))
        for file, frame in frames[which].items():
            frame.assign(session_id=pd.array([name] * len(frame), dtype="string")).to_parquet(
                folder / file, index=False
            )
        for file in ("packets.arrows", "events.jsonl", "samples.parquet"):
            _link(models[which] / file, folder / file)


def _link(source: Path, to: Path) -> None:
    try:
        os.link(source, to)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, to)


def make(log: Path, count: int) -> None:
    """A log of `count` sessions; the folder must not exist or be empty."""
    log.mkdir(parents=True, exist_ok=True)
    if any(log.iterdir()):
        sys.exit(f"{log}: is not empty")
    with tempfile.TemporaryDirectory(dir=log) as scratch:
        models = [record(Path(scratch), name, seed) for name in SCENARIOS for seed in (1, 2)]
        multiply(models, log, count)


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit("usage: python -m tools.many_sessions FOLDER COUNT")
    make(Path(sys.argv[1]), int(sys.argv[2]))
