"""Streams and events for tests."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NoReturn, Protocol, TypeVar

import numpy as np
import pytest
import typer
from typer.testing import CliRunner, Result

from coxa.cli.commands import register
from coxa.firmware_sim import everyday, exercising
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.person import Person
from coxa.firmware_sim.scenario import Scenario, build, build_acted
from coxa.host.events import Event
from coxa.host.motion.orientation import Orientation, TiltBlock
from coxa.host.replay.run import larger
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, Gap, SampleBlock, StreamItem
from coxa.host.snapshot import resumed, taken
from coxa.host.tracker import Tracker
from coxa.host.wire import Decoder


def missing(what: str, remedy: str = "") -> NoReturn:
    """A test needs what is not here: it is skipped, saying so, and where COXA_STRICT is set, as in CI, it fails.

    Raises:
        Skipped, Failed: pytest's own.
    """
    if os.environ.get("COXA_STRICT"):
        pytest.fail(f"COXA_STRICT is set and there is {what}")
    pytest.skip(f"{what} {remedy}".strip())


def coxa(
    *words: str, cwd: Path | None = None, under: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, which ends by itself; with so much more in its environment, and started
    `under` another command, as under `setpriv`.
    """
    command = [*under, sys.executable, "-m", "coxa", *words]
    env = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd, env=env, check=False)


def coxa_wide(*words: str, log: Path | None = None) -> subprocess.CompletedProcess[str]:
    """As `coxa`, with this log, in a terminal wide enough for whole lines."""
    return coxa(*words, cwd=None, COLUMNS="160", **({"COXA_LOG": str(log)} if log else {}))


def coxa_here(*words: str | Path, **environment: str) -> Result:
    """The command in this process, as `typer` runs it: quicker, and its error can be looked at."""
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, [str(w) for w in words], env={"COLUMNS": "150", **environment})


@contextmanager
def heeding_ctrl_c() -> Generator[None, None, None]:
    """A program that is begun in here heeds Ctrl-C and a closed terminal, which what was started in the background or
    by `nohup` ignores for good.
    """
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)]
    before = [(number, signal.signal(number, signal.default_int_handler)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


@cache
def scenario(name: str, seed: int) -> Scenario:
    """A simulated recording, made once."""
    return build(name, seed)


def bridges(held_s: Sequence[float], target_s: float, seed: int) -> Scenario:
    """Somebody stands, lies down with bent knees and lifts the hips, for so long each."""

    def act(p: Person) -> None:
        p.still(3.0)
        everyday.lie_down(p, 0.0, knees_bent=True)
        p.still(4.0)
        for seconds in held_s:
            exercising.hip_bridge(p, seconds, target_s)
        p.still(4.0)

    return build_acted(act, seed)


def frames(made: Scenario) -> list[bytes]:
    """Everything that the simulated sensor would notify."""
    return Firmware(made.raw, "TEST0001").frames()


def decoded(made: Scenario) -> list[StreamItem]:
    """The stream as the host sees it."""
    decoder = Decoder()
    return [item for frame in frames(made) for item in decoder.feed(frame)]


def joined(items: Iterable[StreamItem]) -> SampleBlock:
    """All samples as one block, gaps forgotten."""
    blocks = [i for i in items if isinstance(i, SampleBlock)]
    return SampleBlock(
        np.concatenate([b.t_s for b in blocks]),
        np.concatenate([b.accel_mps2 for b in blocks]),
        np.concatenate([b.gyro_radps for b in blocks]),
    )


class Watch(Protocol):
    """What looks at a stream and gives what it makes of it."""

    def update(self, item: StreamItem) -> list[StreamItem]:
        """The next block or gap."""
        ...


W = TypeVar("W", bound=Watch)


def interrupted(watch: W, items: Iterable[StreamItem], rng: random.Random) -> tuple[list[StreamItem], W]:
    """What a watch gives that is put away and taken up at any moment, of a stream that is cut anywhere, and the watch
    as it is then.
    """
    given = list[StreamItem]()
    for item in cut(items, lambda: rng.choice([1, 2, 7, 40, 300])):
        watch = resumed(taken(watch)) if rng.random() < 0.1 else watch
        given += watch.update(item)
    return given, watch


def stopped(
    items: Iterable[StreamItem], axes: Sequence[int], from_s: float, until_s: float = np.inf, radps: float | None = None
) -> list[StreamItem]:
    """The stream with those axes of the gyro at their last value, or another, for that time."""
    last = np.full(3, np.nan)

    def block(b: SampleBlock) -> SampleBlock:
        gyro, out = b.gyro_radps.copy(), (b.t_s >= from_s) & (b.t_s < until_s)
        for axis in axes if out.any() else ():
            if np.isnan(last[axis]):
                last[axis] = gyro[out.argmax(), axis] if radps is None else radps
            gyro[out, axis] = last[axis]
        return SampleBlock(b.t_s, b.accel_mps2, gyro)

    return [i if isinstance(i, Gap) else block(i) for i in items]


def cut(items: Iterable[StreamItem], size: Callable[[], int]) -> Iterator[StreamItem]:
    """The same stream in blocks of other sizes, whatever those were in which it came."""
    for item in larger(items):
        if not isinstance(item, SampleBlock):
            yield item
            continue
        start = 0
        while start < len(item):
            end = min(start + size(), len(item))
            yield item.part(start, end)
            start = end


def any_size(seed: int) -> Callable[[], int]:
    """Sizes to cut by, of one to 199 samples: one in eight is a single sample, one in eight has more than a hundred."""
    chance = random.Random(seed)
    return lambda: int(200 ** chance.random())


def track_as_cut(items: Iterable[StreamItem], exercise: str) -> list[Event]:
    """Every event of a stream, where it matters how it is cut: `coxa.host.replay.run.track` makes larger blocks of it,
    which takes a third of the time.
    """
    tracker = Tracker(exercise)
    return [e for item in items for e in tracker.feed(item)] + tracker.finish()


def tilted(knots: Sequence[tuple[float, float]], rate_hz: float = 100.0) -> SampleBlock:
    """A sensor without errors that leans by so many degrees at those seconds, smoothly between."""
    at_s, at_deg = (np.array(column) for column in zip(*knots, strict=True))
    t_s = np.arange(0.0, at_s[-1], 1.0 / rate_hz)
    k = np.clip(np.searchsorted(at_s, t_s, side="right") - 1, 0, len(at_s) - 2)
    share = 0.5 - 0.5 * np.cos(np.pi * (t_s - at_s[k]) / (at_s[k + 1] - at_s[k]))
    lean = np.radians(at_deg[k] + (at_deg[k + 1] - at_deg[k]) * share)
    accel = STANDARD_GRAVITY_MPS2 * np.column_stack([np.sin(lean), np.zeros_like(lean), np.cos(lean)])
    gyro = np.column_stack([np.zeros_like(lean), -np.gradient(lean, 1.0 / rate_hz), np.zeros_like(lean)])
    return SampleBlock(t_s, accel, gyro)


def tilts(items: list[StreamItem]) -> tuple[FloatArray, FloatArray]:
    """Times and directions of up."""
    orientation = Orientation()
    out = [tilt for item in items for tilt in orientation.update(item)] + orientation.finish()
    blocks = [tilt for tilt in out if isinstance(tilt, TiltBlock)]
    return np.concatenate([b.t_s for b in blocks]), np.concatenate([b.up for b in blocks])


def moving(n: int, rate_hz: float = 100.0, noise: float = 1.0, seed: int = 0) -> SampleBlock:
    """Rest for the first half, then a thigh that swings by 40 degrees at 0.5 Hz, with a sensor's noise."""
    t_s = np.arange(n) / rate_hz
    at_s = np.maximum(t_s - t_s[n // 2], 0.0)
    lean = 0.35 * (1.0 - np.cos(np.pi * at_s))
    accel = STANDARD_GRAVITY_MPS2 * np.column_stack([np.sin(lean), np.zeros(n), np.cos(lean)])
    gyro = np.column_stack([np.zeros(n), -0.35 * np.pi * np.sin(np.pi * at_s), np.zeros(n)])
    return noisy(SampleBlock(t_s, accel, gyro), noise, seed)


def noisy(block: SampleBlock, noise: float = 1.0, seed: int = 0) -> SampleBlock:
    """With a good sensor's noise."""
    rng, shape = np.random.default_rng(seed), block.accel_mps2.shape
    accel, gyro = (noise * rng.normal(0.0, sigma, shape) for sigma in (0.03, 0.003))
    return SampleBlock(block.t_s, block.accel_mps2 + accel, block.gyro_radps + gyro)
