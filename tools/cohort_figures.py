"""Prints what a large log costs: `python tools/cohort_figures.py [SESSIONS [RESCORED]]`, by default 10000 and 200.

Load time and peak memory; rescoring on one worker, on two, and on two of which one is killed in the middle.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from many_sessions import make
from upath import UPath

from coxa.analysis.cohort import Job, jobs, outcomes


def load_cost(log: str) -> tuple[float, float, int, int]:
    """Seconds, peak MB of this process, sessions and repetitions; for a process of its own."""
    from coxa.analysis.load import load

    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    frames = load(log, broken=print)
    took = time.perf_counter() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  before {before_mb:.0f} MB (Python and libraries)", flush=True)
    return took, peak_mb, len(frames.sessions), len(frames.reps)


def fingerprint(log: Path) -> str:
    """One number for every byte of every new result."""
    whole = hashlib.sha256()
    for file in sorted(log.rglob("rescored/*/*")):
        whole.update(f"{file.relative_to(log)}\n".encode() + file.read_bytes())
    return whole.hexdigest()[:16]


def plain(todo: list[Job], workers: int) -> None:
    """Rescore on processes of this machine."""
    for outcome in outcomes(todo, workers):
        assert outcome.error is None, outcome.error


def one_killed(todo: list[Job]) -> None:
    """Rescore on two workers; one is killed when a third is done."""
    from distributed import Client, LocalCluster

    quiet: dict[str, Any] = {"dashboard_address": None, "silence_logs": 50}
    cluster: Any
    client: Any
    with LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as cluster, Client(cluster) as client:
        victim = min(client.run(os.getpid).values())
        for done, outcome in enumerate(outcomes(todo, scheduler=cluster.scheduler_address)):
            assert outcome.error is None, outcome.error
            if done == len(todo) // 3:
                os.kill(victim, signal.SIGKILL)


def main() -> None:
    """Make the log, measure, print."""
    sessions, rescored = (int(a) for a in (sys.argv[1:] + ["10000", "200"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log"
        began = time.perf_counter()
        make(log, sessions)
        print(f"made {sessions} sessions in {time.perf_counter() - began:.0f} s", flush=True)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            took, peak_mb, count, reps = pool.submit(load_cost, str(log)).result()
        print(f"load: {count} sessions, {reps} repetitions in {took:.1f} s, peak {peak_mb:.0f} MB", flush=True)
        todo = jobs(UPath(log), None, print)[:rescored]
        base_s, prints = 0.0, set[str]()
        runs = {
            "1 worker": lambda: plain(todo, 1),
            "2 workers": lambda: plain(todo, 2),
            "2 workers, one killed": lambda: one_killed(todo),
        }
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            took = time.perf_counter() - began
            base_s = base_s or took
            prints.add(fingerprint(log))
            print(
                f"(load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs) "
                f"rescore {len(todo)} sessions, {name}: {took:.1f} s, {len(todo) / took:.1f} a second, "
                f"{base_s / took:.2f} times as fast as one; result {fingerprint(log)}",
                flush=True,
            )
            for job in todo:
                shutil.rmtree(Path(job.folder) / "rescored")
        print("all results are the same, byte for byte" if len(prints) == 1 else "THE RESULTS DIFFER")


if __name__ == "__main__":
    main()
