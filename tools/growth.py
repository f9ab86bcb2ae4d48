"""How the cost grows: `python -m tools.growth [--short]`; `--short` leaves the largest sizes out.

Samples in a session, sensors at once, browsers on the page, sessions in the log: each is timed at several sizes. Prints
the figures with the exponent of the growth (1 is linear), and how much memory a session holds after 1 h and after 24 h;
draws `docs/pictures/growth.png`. All but the browsers run faster than real time. CPU time is counted, not the clock's,
so that other programs disturb little.
"""

from __future__ import annotations

import asyncio
import gc
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Semaphore
from pathlib import Path
from typing import TypeVar

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from coxa.analysis.load import load
from coxa.analysis.plots.style import BLUE, GREY, STYLE
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.raw import RawStream
from coxa.firmware_sim.scenario import build
from coxa.host.link.quality import StreamQuality
from coxa.host.link.sensor_link import LinkStatus
from coxa.host.routine import Coach, SetPlan
from coxa.host.voice import load_phrases
from coxa.host.wire import Decoder
from coxa.page.gate import cookie_name
from coxa.page.key import own_key
from coxa.page.server import PageServer
from coxa.page.state import PageWatcher
from tools.many_sessions import make

T = TypeVar("T")
R = TypeVar("R")

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "growth.png"
DPI = 100
RATE_HZ, SET, SEED = 100.0, "lateral_leg_raise", 3
PACKET = 10
"""Samples."""
TOGETHER = 6000
"""Packets that a replay takes at once: ten minutes."""
LIVE_S = 20.0
"""So long each number of sensors and of browsers is watched, in seconds of the stream."""


@dataclass(frozen=True)
class Growth:
    """One cost at several sizes."""

    title: str
    size: str
    cost: str
    why: str
    sizes: list[float]
    costs: list[float]

    @property
    def exponent(self) -> float:
        """Of the power law between the largest size and the one before it, where fixed costs weigh least."""
        (a, b), (x, y) = self.sizes[-2:], self.costs[-2:]
        return float(np.log(y / x) / np.log(b / a))

    def told(self) -> str:
        """Sizes, costs and exponent, each on its line."""
        pairs = "   ".join(f"{n:g}: {c:.3g}" for n, c in zip(self.sizes, self.costs, strict=True))
        return f"{self.title}\n  {self.size}: {self.cost}   {pairs}\n  exponent {self.exponent:.2f}: {self.why}"


def stream(minutes: float) -> Firmware:
    """A simulated set over and over, on one clock."""
    made = build(SET, SEED, RATE_HZ).raw
    n = int(minutes * 60 * RATE_HZ)
    times = -(-n // len(made.counts))
    step_us = int(made.t_us[-1] - made.t_us[0] + 1e6 / RATE_HZ)
    t_us = np.concatenate([made.t_us + k * step_us for k in range(times)])[:n]
    counts = np.tile(made.counts, (times, 1))[:n]
    return Firmware(RawStream(made.rate_hz, made.accel_range_g, made.gyro_range_dps, t_us, counts), "GROWTH01", PACKET)


def parts(firmware: Firmware, together: int) -> Iterator[list[bytes]]:
    """Its notifications in groups; the description comes first."""
    yield [firmware.description_frame()]
    for k in range(0, firmware.packets, together):
        yield [firmware.frame(i) for i in range(k, min(k + together, firmware.packets))]


def replayed_s(minutes: float) -> float:
    """CPU seconds from packets to events."""
    decoder, coach, took_s = Decoder(), Coach((SetPlan(SET),)), 0.0
    for packets in parts(stream(minutes), TOGETHER):
        began_s = time.process_time()
        for item in decoder.feed(b"".join(packets)):
            coach.feed(item)
        took_s += time.process_time() - began_s
    return took_s


def held_mb(hours: list[float]) -> list[float]:
    """What this process holds after so many hours of one session, fed second by second."""
    firmware = stream(60 * hours[-1])
    decoder, coach, mb = Decoder(), Coach((SetPlan(SET),)), list[float]()
    marks = [int(h * 3600 * RATE_HZ / PACKET) for h in hours]
    seen = 0
    for packets in parts(firmware, 10):
        for item in decoder.feed(b"".join(packets)):
            coach.feed(item)
        coach.prompts()
        seen += len(packets)
        if len(mb) < len(marks) and seen >= marks[len(mb)]:
            gc.collect()
            mb.append(_resident_mb())
    return mb


def _resident_mb() -> float:
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


def sensors_share(count: int) -> float:
    """Share of one core that so many sensors need in real time, ten samples a packet."""
    packets = [p for part in parts(stream(LIVE_S / 60), 1) for p in part]
    ways = [(Decoder(), Coach((SetPlan(SET),))) for _ in range(count)]
    began_s = time.process_time()
    for data in packets:
        for decoder, coach in ways:
            for item in decoder.feed(data):
                coach.feed(item)
    return (time.process_time() - began_s) / LIVE_S


def browsers_share(count: int) -> float:
    """Share of one core that a session with its page needs while so many browsers look on, in real time."""
    firmware, decoder, plan = stream(LIVE_S / 60), Decoder(), (SetPlan(SET),)
    coach, watcher = Coach(plan), PageWatcher(plan, load_phrases("en"))
    watcher.status(LinkStatus(True, "connected"))
    decoder.feed(firmware.description_frame())
    with PageServer(watcher, None, tell=lambda _: None) as server:
        ready = get_context("spawn").Semaphore(0)
        lookers = get_context("spawn").Process(target=_look_on, args=(server.port, count, ready), daemon=True)
        lookers.start()
        for _ in range(count):
            ready.acquire(timeout=30)
        began_s, cpu_s = time.monotonic(), time.process_time()
        for k in range(firmware.packets):
            time.sleep(max(0.0, began_s + k * PACKET / RATE_HZ - time.monotonic()))
            for item in decoder.feed(firmware.frame(k)):
                for event in coach.feed(item):
                    watcher.event(event)
            watcher.progress(coach, StreamQuality())
        share = (time.process_time() - cpu_s) / (time.monotonic() - began_s)
        lookers.terminate()
        lookers.join()
    return share


def _look_on(port: int, count: int, ready: Semaphore) -> None:
    """So many clients that read all that the page is sent, in a process of their own."""
    from websockets.asyncio.client import connect
    from websockets.typing import Origin

    async def one() -> None:
        where, cookie = f"127.0.0.1:{port}", {"Cookie": f"{cookie_name(port)}={own_key()}"}
        origin = Origin(f"http://{where}")
        async with connect(f"ws://{where}/feed", origin=origin, additional_headers=cookie) as socket:
            await socket.recv()
            ready.release()
            async for _ in socket:
                pass

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(count)))

    asyncio.run(all_of_them())


def load_s(sessions: int) -> float:
    """CPU seconds to read a log of so many sessions, in a new process."""
    scratch = tempfile.mkdtemp()
    try:
        make(Path(scratch) / "log", sessions)
        return _alone(_loaded_s, str(Path(scratch) / "log"))
    finally:
        shutil.rmtree(scratch)


def _loaded_s(log: str) -> float:
    began_s = time.process_time()
    load(log)
    return time.process_time() - began_s


def _alone(work: Callable[[T], R], what: T) -> R:
    """Work done in a new process, whose memory and imports are its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, what).result()


def measured(short: bool) -> Iterator[Growth]:
    """Every growth, one after the other."""

    def at(sizes: list[float], cost: Callable[..., float]) -> tuple[list[float], list[float]]:
        sizes = sizes[:-1] if short else sizes
        return sizes, [cost(n if isinstance(n, float) else int(n)) for n in sizes]

    yield Growth(
        "Samples in a session",
        "minutes at 100 Hz",
        "CPU seconds to replay",
        "each sample passes the filter once; nothing kept grows with the session",
        *at([1.0, 10.0, 60.0, 360.0, 1440.0], replayed_s),
    )
    yield Growth(
        "Sensors at once",
        "sensors",
        "share of one core in real time",
        "each has a decoder and a coach of its own, and they share nothing",
        *at([1, 5, 10, 20, 50], sensors_share),
    )
    yield Growth(
        "Browsers on the page",
        "browsers",
        "share of one core, session and page",
        "each browser is sent its own message; the session itself is the fixed part",
        *at([1, 2, 5, 10, 20], browsers_share),
    )
    yield Growth(
        "Sessions in the log",
        "sessions",
        "CPU seconds to load",
        "each is a folder of its own with small files that are read once",
        *at([10, 100, 1000, 10000], load_s),
    )


def drawn(growths: list[Growth]) -> Figure:
    """A panel each; the grey line is linear growth from the last size back."""
    with rc_context(STYLE):
        figure = Figure(figsize=(9, 7), layout="constrained")
        for axes, g in zip(figure.subplots(2, 2).flat, growths, strict=True):
            first, last = g.sizes[0], g.sizes[-1]
            axes.loglog(g.sizes, g.costs, "o-", color=BLUE)
            axes.loglog([first, last], [g.costs[-1] * first / last, g.costs[-1]], "--", color=GREY, label="linear")
            axes.set(title=g.title, xlabel=g.size, ylabel=g.cost)
            axes.legend(frameon=False)
    return figure


def main(short: bool) -> None:
    """Measure, print and draw."""
    growths = list[Growth]()
    for growth in measured(short):
        print(growth.told(), flush=True)
        growths.append(growth)
    print(f"A session without a page: {100 * sensors_share(1):.1f} % of one core; with a page and one browser: "
          f"{100 * growths[2].costs[0]:.1f} %")  # fmt: skip
    hours = [1.0, 2.0] if short else [1.0, 24.0]
    after = _alone(held_mb, hours)
    print(f"Memory of the process after {hours[0]:g} h {after[0]:.1f} MB, after {hours[1]:g} h {after[1]:.1f} MB")
    drawn(growths).savefig(PICTURE, dpi=DPI)


if __name__ == "__main__":
    main("--short" in sys.argv[1:])
