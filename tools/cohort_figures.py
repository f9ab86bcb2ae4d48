"""Prints what a large log costs: `python -m tools.cohort_figures [SESSIONS [RESCORED]]`, by default 10000 and 1500.

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
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from upath import UPath

from coxa.analysis.cohort import QUIET, Job, jobs, outcomes
from tools.many_sessions import make


def peak_mb() -> float:
    """Most memory that this process has held since its program began."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peak_of_workers_mb() -> float:
    """The same of the largest worker that has ended; it counts from what its parent held."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def load_cost(log: str) -> tuple[float, float, float, int, int]:
    """Seconds, MB before and at the peak, sessions and repetitions; for a process of its own."""
    from coxa.analysis.load import load

    before_mb = peak_mb()
    began = time.perf_counter()
    frames = load(log, broken=print)
    return time.perf_counter() - began, before_mb, peak_mb(), len(frames.sessions), len(frames.reps)


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

    cluster: Any
    client: Any
    with LocalCluster(n_workers=2, threads_per_worker=1, **QUIET) as cluster, Client(cluster) as client:
        victim = min(client.run(os.getpid).values())
        for done, outcome in enumerate(outcomes(todo, scheduler=cluster.scheduler_address)):
            assert outcome.error is None, outcome.error
            if done == len(todo) // 3:
                os.kill(victim, signal.SIGKILL)


def main() -> None:
    """Make the log, measure, print; status 1 where results differ."""
    sessions, rescored = (int(a) for a in (sys.argv[1:] + ["10000", "1500"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log"
        make(log, sessions)
        print(f"{sessions} sessions of four exercises, {os.cpu_count()} CPUs that others use too")
        print(f"{'':34}{'s':>6}  {'sessions/s':>10}  {'against one':>11}  {'peak of a process, MB':>21}")
        same = rescoring(log, jobs(UPath(log), None, print)[:rescored])
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            took, before_mb, most_mb, count, reps = pool.submit(load_cost, str(log)).result()
        line(f"load all tables, {reps} repetitions", count, took, "", f"{most_mb:.0f}, libraries {before_mb:.0f}")
    sys.exit(not same)


def rescoring(log: Path, todo: list[Job]) -> bool:
    """Rescore the same sessions in three ways, each from the beginning; gives whether all results are the same."""
    one_s, results = 0.0, set[str]()
    runs: dict[str, Callable[[], None]] = {
        "1 worker": lambda: plain(todo, 1),
        "2 workers": lambda: plain(todo, 2),
        "2 workers, one killed": lambda: one_killed(todo),
    }
    for name, run in runs.items():
        began = time.perf_counter()
        run()
        took = time.perf_counter() - began
        one_s = one_s or took
        results.add(fingerprint(log))
        memory = f"{peak_mb():.0f}" if name == "1 worker" else f"at most {peak_of_workers_mb():.0f}"
        line(f"rescore {len(todo)}, {name}", len(todo), took, f"{one_s / took:.2f}", memory)
        for job in todo:
            shutil.rmtree(Path(job.folder) / "rescored")
    print("all results are the same, byte for byte" if len(results) == 1 else "THE RESULTS DIFFER")
    return len(results) == 1


def line(what: str, count: int, took: float, against: str, memory: str) -> None:
    """One row of the table."""
    print(f"{what:34}{took:6.1f}  {count / took:10.0f}  {against:>11}  {memory:>21}", flush=True)


if __name__ == "__main__":
    main()
