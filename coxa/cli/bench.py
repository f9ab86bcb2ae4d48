"""`coxa bench`: the whole way from packets to events against the bare filter and against a script written by hand."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from time import process_time

import numpy as np

from coxa.cli.output import ProgressBar, print_table
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.scenario import build
from coxa.host.routine import Coach, SetPlan
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, Packet, SampleBlock, StreamItem, joined
from coxa.host.sensors.registry import driver
from coxa.host.strict_json import json_text
from coxa.host.wire import Decoder

EXERCISE, SCENARIO, SEED = "lateral_leg_raise", "lateral_leg_raise", 3
RATE_HZ = 100.0
PACKET = 10
"""Samples in a notification."""
NAIVE_MINUTES = 2.0
"""The scripts written by hand are timed on this much: they take as long for each sample however many there are."""
ROUNDS = 3
"""Each is run so often, in turn, and the fastest counts: what else the machine does slows, it never speeds up."""


def run(minutes: float, as_json: bool) -> None:
    """Time all three on the same samples and print the ratios."""
    bar = ProgressBar("bench", 4 * ROUNDS + 2, quiet=as_json)
    with bar:
        frames = _packets(minutes)
        packets = [Packet(k * PACKET / RATE_HZ, data) for k, data in enumerate(frames)]
        items = _decoded(packets)
        block = joined([i for i in items if isinstance(i, SampleBlock)])
        bar.advance()
        times: dict[str, list[float]] = {"whole": [], "filter": [], "madgwick": [], "imufusion": []}
        short = block.part(0, int(NAIVE_MINUTES * 60 * RATE_HZ))
        for _ in range(ROUNDS):
            for name, work, n in (
                ("filter", lambda: _bare_filter(block), len(block)),
                ("whole", lambda: _whole_way(packets), len(block)),
                ("madgwick", lambda: _naive(short, _madgwick), len(short)),
                ("imufusion", lambda: _naive(short, _imufusion), len(short)),
            ):
                times[name].append(_seconds(work) / n)
                bar.advance()
        packets_ms = _live(frames)
        bar.advance()
    best = {name: min(values) for name, values in times.items()}
    figures = {
        "minutes": minutes,
        "samples": len(block),
        "samples_per_s": 1.0 / best["whole"],
        "ratio_to_vqf": best["whole"] / best["filter"],
        "ratio_of_naive": best["madgwick"] / best["whole"],
        "ratio_of_naive_imufusion": best["imufusion"] / best["whole"],
        "live_p50_ms": float(np.percentile(packets_ms, 50)),
        "live_p99_ms": float(np.percentile(packets_ms, 99)),
        "live_p999_ms": float(np.percentile(packets_ms, 99.9)),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }
    _print(figures, as_json)


def _packets(minutes: float) -> list[bytes]:
    """What a sensor would notify in that time: a simulated set, over and over, on one clock."""
    made = build(SCENARIO, SEED, RATE_HZ).raw
    n = int(minutes * 60 * RATE_HZ)
    over_again = made.repeated(-(-n // len(made)))
    cut = replace(over_again, t_us=over_again.t_us[:n], counts=over_again.counts[:n])
    return Firmware(cut, "BENCH", PACKET).frames()


def _decoded(packets: list[Packet]) -> list[StreamItem]:
    """As a session of the log is decoded for replay."""
    own = driver("coxa")
    return own.decoder(own.defaults).feed_all(packets)


def _whole_way(packets: list[Packet]) -> None:
    """Packets to events, as replay does it: decoded, joined to large blocks, coached."""
    from coxa.host.replay.run import larger

    coach = Coach((SetPlan(EXERCISE),))
    for item in larger(_decoded(packets)):
        coach.feed(item)
    coach.finish()


def _bare_filter(block: SampleBlock) -> None:
    from vqf import VQF

    VQF(1.0 / RATE_HZ).updateBatch(np.ascontiguousarray(block.gyro_radps), np.ascontiguousarray(block.accel_mps2))


def _naive(block: SampleBlock, tilts_deg: Callable[[SampleBlock], FloatArray]) -> None:
    """What one would write without coxa: a filter in a loop, a rolling mean, peaks."""
    import pandas as pd
    from scipy.signal import find_peaks

    smooth = pd.Series(tilts_deg(block)).rolling(25, center=True, min_periods=1).mean().to_numpy()
    find_peaks(smooth, prominence=10, distance=50)


def _madgwick(block: SampleBlock) -> FloatArray:
    """Madgwick's filter of the `ahrs` package."""
    from ahrs.filters import Madgwick

    madgwick, q = Madgwick(frequency=RATE_HZ), np.array([1.0, 0.0, 0.0, 0.0])
    tilt = np.empty(len(block))
    for i in range(len(block)):
        q = madgwick.updateIMU(q, block.gyro_radps[i], block.accel_mps2[i])
        tilt[i] = np.degrees(np.arccos(np.clip(1 - 2 * (q[1] ** 2 + q[2] ** 2), -1, 1)))
    return tilt


def _imufusion(block: SampleBlock) -> FloatArray:
    """Madgwick's later filter, written in C."""
    import imufusion

    ahrs = imufusion.Ahrs()
    ahrs.set_sample_period(1.0 / RATE_HZ)
    gyro, accel = np.degrees(block.gyro_radps), block.accel_mps2 / STANDARD_GRAVITY_MPS2
    tilt = np.empty(len(block))
    for i in range(len(block)):
        ahrs.update_no_magnetometer(gyro[i], accel[i])
        q = ahrs.get_quaternion()
        tilt[i] = np.degrees(np.arccos(np.clip(1 - 2 * (q[1] ** 2 + q[2] ** 2), -1, 1)))
    return tilt


def _live(frames: list[bytes]) -> FloatArray:
    """Milliseconds of the core's time for each packet through decoder and coach, as a live session takes them: the
    least of some rounds, since a virtual machine counts as its own what others take of the core now and then. What
    recurs at a packet, as the collector of garbage does, stays.
    """
    return np.min([_round(frames) for _ in range(ROUNDS)], axis=0)


def _round(frames: list[bytes]) -> list[float]:
    decoder, coach = Decoder(), Coach((SetPlan(EXERCISE),))
    took = list[float]()
    for frame in frames:
        start = process_time()
        for item in decoder.feed(frame):
            for _ in coach.feed_beat_by_beat(item):
                pass
        took.append(1e3 * (process_time() - start))
    return took


def _seconds(work: Callable[[], None]) -> float:
    """Of the core's time: what other programs take does not count."""
    start = process_time()
    work()
    return process_time() - start


def _print(figures: Mapping[str, object], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json_text(figures) + "\n")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("figure", "value", "goal", title=str(figures["machine"]))
    table.add_row("samples a second, packets to events", f"{figures['samples_per_s']:,.0f}", "")
    table.add_row("time against the bare VQF filter", f"{figures['ratio_to_vqf']:.1f} times", "at most 2")
    table.add_row("a script with ahrs' Madgwick takes", f"{figures['ratio_of_naive']:.1f} times as long", "at least 20")
    table.add_row("a script with imufusion (C) takes", f"{figures['ratio_of_naive_imufusion']:.1f} times as long", "")
    table.add_row("a live packet, median", f"{figures['live_p50_ms']:.2f} ms", "")
    table.add_row("a live packet, 99th percentile", f"{figures['live_p99_ms']:.2f} ms", "")
    table.add_row("a live packet, 99.9th percentile", f"{figures['live_p999_ms']:.2f} ms", "under 5")
    print_table(Console(), table)
