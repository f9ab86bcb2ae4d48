"""Begins processes so that no signal comes in between, none hears of Ctrl-C, and none runs what lies about."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from threading import current_thread, main_thread

SAFE_PATH = {"PYTHONSAFEPATH": "1"}
"""Without, the processes of multiprocessing and Dask take the modules of their first lines from the current folder."""


@contextmanager
def undisturbed() -> Generator[None]:
    """What begins in here begins whole: Ctrl-C, or to be asked to end, waits for it, or it could not be cleared away.

    The processes that are begun never hear of Ctrl-C, which is for us: each would print a traceback, even while it
    imports. On Windows, and outside the main thread, signals cannot be held back. None takes a module from the current
    folder.
    """
    with _safe_path(), _signals_held():
        yield


@contextmanager
def _safe_path() -> Generator[None]:
    before = {name: os.environ.get(name) for name in SAFE_PATH}
    os.environ.update(SAFE_PATH)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _signals_held() -> Generator[None]:
    if sys.platform == "win32" or current_thread() is not main_thread():
        yield
        return
    asked, for_us_alone = list[int](), (signal.SIGINT, signal.SIGHUP)
    # Blocking holds back no signal that another thread, such as a library's, may take: what comes is noted instead.
    all_heard = {number: signal.getsignal(number) for number in (*for_us_alone, signal.SIGTERM)}
    heard = {number: handler for number, handler in all_heard.items() if handler is not None}
    for number in heard:
        signal.signal(number, lambda came, _: asked.append(came))  # a process does not inherit this
    resource_tracker.ensure_running()  # begun by a process's beginning, it would take the next line back
    before = signal.pthread_sigmask(signal.SIG_BLOCK, for_us_alone)  # they inherit this
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for number, handler in heard.items():
            signal.signal(number, handler)
        for number in dict.fromkeys(asked):
            signal.raise_signal(number)
