"""A session without an end: `python -m tools.soak [--hours 24]`, 60 times as fast as life where the machine can follow.

A simulated person does the same set over and over; radio packets get lost, garbage comes in between, and once an hour
the person goes out of range. (What the sensor resends is looked at in real time: `tools.link_faults`.) Sensor and radio
are a process of their own, and so is the browser, which reads all that it is sent; this one is the host of
`coxa live --page`: link, log, counting and page. Memory of this process is noted every half hour of the stream: what is
resident, and what of it is alive (`tools.soak_memory`). Status 0 only if every repetition was counted, no sample was
lost, and after the first two hours neither has ever been more than 1 MB above what it was then: nothing shorter than
three hours can tell.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from coxa.cli.page import PageOptions, served
from coxa.cli.session_setup import new_header
from coxa.firmware_sim.scenario import build
from coxa.host.events import Event, RepCompleted
from coxa.host.link.bumble_backend import Adapter
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import SensorLink, find
from coxa.host.log import SessionWriter
from coxa.host.routine import Coach, SetPlan
from coxa.host.session import run_session
from coxa.host.watcher import Watcher, Watchers
from coxa.page.gate import cookie_name
from coxa.page.key import own_key
from tools.soak_memory import Held, held

SCENARIO, SEED = "lateral_leg_raise", 3
PACE = 60.0
NOTED_S = 1800.0
AWAY_S = 10.0
LOSS, GARBAGE_AN_HOUR = 0.05, 60
MOST_WAITING = 20
"""In life a packet waits for none before it. In a hurry on a busy machine thousands would, and what they take would be
measured instead of the session: the sensor is stopped for a moment whenever more wait."""
BREATHER_S = 0.1
"""That moment. Not until the queue is empty: the link may just be waiting for an answer of the sensor's."""
SETTLED_H = 2.0
"""Buffers and caches are full by then."""
GROWTH_MB = 1.0


@dataclass
class Notes(Watcher):
    """Memory by the stream's time."""

    at_h: list[float] = field(default_factory=list[float])
    memory: list[Held] = field(default_factory=list[Held])
    quality: StreamQuality | None = None
    reps: int = 0
    link: SensorLink | None = None
    sensor: psutil.Process | None = None
    """Its process, to be held back while packets wait."""
    most_waiting: int = 0
    """Packets that had come and were not taken yet."""
    _stopped: bool = False

    def event(self, event: Event) -> None:
        """Count, and keep nothing."""
        self.reps += isinstance(event, RepCompleted)

    def progress(self, coach: Coach, quality: StreamQuality) -> None:
        """Note memory when it is time."""
        t_s, self.quality = coach.view.t_s or 0.0, quality
        waiting = self.link.waiting if self.link else 0
        self.most_waiting = max(self.most_waiting, waiting)
        self._hold_back(waiting)
        if t_s >= NOTED_S * (len(self.at_h) + 1) and waiting <= MOST_WAITING:
            self.at_h.append(t_s / 3600)
            self.memory.append(held())
            told = f"{self.at_h[-1]:5.1f} h  {self.memory[-1].told()}  {coach.done} repetitions"
            print(f"  {told}", file=sys.stderr, flush=True)

    def _hold_back(self, waiting: int) -> None:
        if self.sensor is None or self._stopped or waiting <= MOST_WAITING:
            return
        self._stopped = True
        self.sensor.suspend()
        asyncio.get_running_loop().call_later(BREATHER_S, self.let_go)

    def let_go(self) -> None:
        """Let the sensor go on; a stopped one could not even end."""
        if self.sensor is not None and self._stopped:
            self.sensor.resume()
        self._stopped = False

    @property
    def flat(self) -> bool:
        """Whether memory was looked at for long enough, and rose by no more than it may."""
        live_mb = self.live_growth_mb()
        return self.rss_growth_mb() <= GROWTH_MB and (live_mb is None or live_mb <= GROWTH_MB)

    def rss_growth_mb(self) -> float:
        """How far resident memory rose above what it was when settled."""
        return _rise([m.rss_mb for m in self._settled()])

    def live_growth_mb(self) -> float | None:
        """The same of what is alive; None where the system does not tell."""
        live = [m.live_mb for m in self._settled() if m.live_mb is not None]
        return _rise(live) if live else None

    def told(self) -> str:
        """The memory in a line."""
        if not self.memory:
            return "memory not noted: too short"
        rss = f"{self.memory[0].rss_mb:.1f} MB after half an hour, {self.memory[-1].rss_mb:.1f} MB at the end"
        live_mb = self.live_growth_mb()
        if math.isnan(self.rss_growth_mb()):
            return f"memory {rss}; too short to tell whether it grows"
        live = "" if live_mb is None else f", what is alive {live_mb:+.2f} MB"
        return f"memory {rss}; from {SETTLED_H:.0f} h on at most {self.rss_growth_mb():+.2f} MB{live}"

    def _settled(self) -> list[Held]:
        return [m for h, m in zip(self.at_h, self.memory, strict=True) if h > SETTLED_H - 0.01]


def _rise(values: list[float]) -> float:
    """Above the first; no number where there is nothing to compare it with."""
    return max(v - values[0] for v in values) if len(values) > 1 else float("nan")


def _switched_on(times: int, round_s: float, truth: Path) -> tuple[subprocess.Popen[str], str]:
    packets_an_hour = round(3600 * 100 / 10)
    hours = times * round_s / 3600
    away = [f"{k * packets_an_hour}:{AWAY_S}" for k in range(1, int(hours) + 1)]
    sensor = subprocess.Popen(
        [
            sys.executable, "-m", "coxa.firmware_sim", "--fast", "--at-most", str(PACE),
            "--scenario", SCENARIO, "--seed", str(SEED), "--times", str(times),
            "--truth", str(truth), "--loss", str(LOSS),
            "--garbage", str(int(GARBAGE_AN_HOUR * hours)), *(f"--disconnect={a}" for a in away),
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert sensor.stdout is not None
    return sensor, str(json.loads(sensor.stdout.readline())["hci"])


async def _session(hci: str, log: Path, notes: Notes, page: Watcher) -> int:
    plan = (SetPlan(SCENARIO),)
    coach = Coach(plan)
    try:
        with SessionWriter(log, new_header(plan, simulated=True, seed=SEED)) as writer:
            async with SensorLink(await find(hci, 60.0), hci) as link:
                notes.link = link
                await run_session(link, coach, writer, Watchers(notes, page), stop=lambda: False)
    finally:
        notes.let_go()
        await Adapter.close_all()
    return notes.reps


def _look_on(port: int, messages: Any) -> None:
    """A browser that reads whatever the page sends, until the page closes."""
    where, cookie = f"127.0.0.1:{port}", {"Cookie": f"{cookie_name(port)}={own_key()}"}
    looking = connect(f"ws://{where}/feed", origin=Origin(f"http://{where}"), additional_headers=cookie, max_size=None)
    with suppress(ConnectionClosed), looking as socket:
        while True:
            socket.recv()
            messages.value += 1


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=24.0)
    hours = parser.parse_args().hours
    raw = build(SCENARIO, SEED).raw
    round_s = len(raw) / raw.rate_hz
    times = max(round(hours * 3600 / round_s), 1)
    notes, own_process = Notes(), get_context("spawn")
    messages = own_process.Value("L", 0)
    begun_s = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        truth = Path(scratch) / "truth.json"
        sensor, hci = _switched_on(times, round_s, truth)
        notes.sensor = psutil.Process(sensor.pid)
        plan = (SetPlan(SCENARIO),)
        with served(PageOptions(wanted=True, port=8991), plan, "en", str(Path(scratch) / "log"), Watcher()) as page:
            own_process.Process(target=_look_on, args=(8991, messages), daemon=True).start()
            counted = asyncio.run(_session(hci, Path(scratch) / "log", notes, page.watcher))
        assert sensor.stdin is not None
        sensor.stdin.close()
        sensor.wait(10)
        due = times * sum(r["required"] for r in json.loads(truth.read_text())["reps"])
        log_mb = sum(p.stat().st_size for p in Path(scratch).rglob("*") if p.is_file()) / 2**20
    took_s = time.monotonic() - begun_s
    lost = notes.quality.lost_packets if notes.quality else None
    right = counted == due and lost == 0 and notes.flat
    stream_h = times * round_s / 3600
    Console().print(
        f"{stream_h:.1f} h of stream in {took_s / 60:.1f} min, out of range {int(stream_h)} times for {AWAY_S:.0f} s, "
        f"{100 * LOSS:.0f} % of radio packets lost\n"
        f"repetitions counted {counted} of {due}; packets missing at the end {lost}; log {log_mb:.0f} MB; "
        f"{messages.value} messages to the page; "
        f"{notes.most_waiting} packets waited at most\n"
        f"{notes.told()}\n"
        f"{'right' if right else 'WRONG'}",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
    sys.exit(not right)


if __name__ == "__main__":
    main()
