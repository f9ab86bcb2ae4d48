"""Rescores many sessions: in this process, in local processes, or on an existing Dask cluster."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from upath import UPath

from coxa.analysis.rescore import RESULT, Rescored, SetChange, header_of_copy, rescore
from coxa.analysis.undisturbed import SAFE_PATH, undisturbed
from coxa.host.bounded import A_LINK, is_local
from coxa.host.errors import CoxaError, LogError, reason_of
from coxa.host.exercises.spec import ExerciseSpec, add_own, own_exercises
from coxa.host.log import list_sessions, open_session
from coxa.host.log.corrections import NAME as CORRECTIONS
from coxa.host.private_file import put

IN_FLIGHT = 4
"""Sessions that wait at each worker: none is ever idle, and a log of any size needs no more memory."""
RETRIES = 5
"""A session whose worker dies is begun anew, so often at most: one that is always too large is given up and named."""

_LOCAL = {
    "distributed.scheduler.allowed-failures": RETRIES,
    # for workers that are begun anew later, too; beside what Dask sets itself
    **{f"distributed.nanny.pre-spawn-environ.{name}": value for name, value in SAFE_PATH.items()},
    "distributed.worker.profile.enabled": False,  # looks at the worker's stack a hundred times a second
}


@dataclass(frozen=True, slots=True)
class Job:
    """One session to rescore, as a worker of any machine can take it."""

    folder: str
    """Folder or URL of the session."""
    out: str | None
    """Log to write to; None: into the session's own folder."""
    own: tuple[ExerciseSpec, ...] = ()
    """Exercises that the user has added to the library."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job."""

    folder: str
    session_id: str
    changes: tuple[SetChange, ...] = ()
    error: str | None = None
    """One line; None: the new result is written."""


def jobs(log: UPath, out: str | None, tell: Callable[[str], None]) -> list[Job]:
    """A job for each finished session of a log, oldest first; `tell` hears of those that cannot be read."""
    own, found = own_exercises(), list[Job]()
    for session in list_sessions(log, tell):
        if session.header.state == "open":
            tell(f"{session.folder}: is being recorded or was interrupted; `coxa sessions` repairs it, or says why not")
        else:
            found.append(Job(str(session.folder), out, own))
    return found


def run_job(job: Job) -> Outcome:
    """Rescore one session and write the result; what is wrong with the session is told, not raised."""
    add_own(*job.own)
    folder = UPath(job.folder)
    try:
        session = open_session(folder)
        result = rescore(session)
        if job.out is None:
            _write(folder / result.folder, result.files)
        else:
            copy = UPath(job.out) / "sessions" / folder.parent.name / folder.name
            if (copy / "packets.arrows").exists():
                raise LogError(f"{copy}: a recorded session is never overwritten; name a new place with --out")
            _write(copy, {**_of_log(result), CORRECTIONS: result.corrections, "session.json": header_of_copy(session)})
        return Outcome(job.folder, result.session_id, result.changes)
    except CoxaError as error:
        why = str(error)
        return Outcome(job.folder, folder.name, error=why if folder.name in why else f"{job.folder}: {why}")


def outcomes(todo: Sequence[Job], workers: int | None = None, scheduler: str | None = None) -> Iterator[Outcome]:
    """Run all jobs; each outcome comes as soon as it is there, in any order.

    Args:
        todo: the jobs.
        workers: processes of this machine; None: one for each CPU, 1: none but this one.
        scheduler: address of a running Dask scheduler to use instead, as `tcp://host:8786`.

    Raises:
        LogError: processes are asked for and Dask is not installed, or there is no scheduler at the address.
    """
    have_dask = find_spec("distributed") is not None
    count = workers or ((os.cpu_count() or 1) if have_dask else 1)
    if scheduler is None and min(count, len(todo)) <= 1:
        yield from map(run_job, todo)
        return
    if not have_dask:
        raise LogError("several workers need Dask: pip install 'coxa[cohort]', or use --workers 1")
    with _client(min(count, len(todo)), scheduler) as client:
        yield from _spread(client, todo)


QUIET: dict[str, Any] = {
    "dashboard_address": "127.0.0.1:0",  # without one the scheduler wants port 8787, which another may have
    "scheduler_kwargs": {"dashboard": False},
    "silence_logs": logging.CRITICAL,
}
"""Options of a local cluster that shows nobody a page and says nothing."""


@contextmanager
def _client(workers: int, scheduler: str | None) -> Generator[Any]:
    """A client of the running cluster, or of processes of this machine that are gone when the work is done."""
    import dask.config
    from distributed import Client, LocalCluster

    if scheduler is not None:
        try:
            client = Client(scheduler, timeout="10s")
        except (OSError, ValueError) as error:
            raise LogError(f"no Dask scheduler answers at {scheduler} ({error})") from None
        with client:
            yield client
        return
    with dask.config.set(_LOCAL), ExitStack() as begun:
        with undisturbed():  # interrupted at its end, both are there to be closed
            cluster = begun.enter_context(LocalCluster(n_workers=workers, threads_per_worker=1, **QUIET))
            client = begun.enter_context(Client(cluster))
        yield client


def _spread(client: Any, todo: Sequence[Job]) -> Iterator[Outcome]:
    """Keep a few jobs at every worker, whoever comes or dies, and forget what is done."""
    from distributed import as_completed

    waiting, places, running = iter(todo), dict[str, Job](), as_completed()

    def fill() -> int:
        workers = client.scheduler_info(n_workers=-1)["workers"].values()
        room = IN_FLIGHT * max(sum(w["nthreads"] for w in workers), 1) - len(places)
        for job in islice(waiting, max(room, 0)):
            future = client.submit(run_job, job, pure=False)
            places[future.key] = job
            running.add(future)
        return len(places) // 2

    low = fill()
    for future in running:
        yield _outcome(future, places.pop(future.key))
        future.release()
        if len(places) <= low:
            low = fill()


def _outcome(future: Any, job: Job) -> Outcome:
    from distributed import KilledWorker

    error = future.exception()
    if error is None:
        return future.result()
    name = job.folder.rstrip("/").rsplit("/", 1)[-1]
    fault = f"{type(error).__name__}: {error}; this is a fault of coxa's"
    why = "every worker that took it died; has it too little memory?" if isinstance(error, KilledWorker) else fault
    return Outcome(job.folder, name, error=f"{job.folder}: {why}")


def _of_log(result: Rescored) -> dict[str, bytes]:
    return {name: content for name, content in result.files.items() if name != RESULT}


def _write(folder: UPath, files: dict[str, bytes]) -> None:
    """Write the files one after the other, each whole or not at all, readable by their owner only."""
    try:
        if not is_local(folder):
            for name, content in files.items():
                folder.fs.pipe_file((folder / name).path, content)
            return
        place = Path(str(folder))
        for part in (place.parent, place):
            if part.is_symlink():
                raise LogError(f"{part}: {A_LINK}; remove it")
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in files.items():
            put(place / name, content, writer=f".{os.getpid()}")  # several workers may do it at once
        for left in place.glob("*.part"):  # by a worker that was killed at this session
            left.unlink(missing_ok=True)
    except OSError as error:
        raise LogError(f"{folder}: the new result cannot be written ({reason_of(error)})") from error
