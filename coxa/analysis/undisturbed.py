"""Begins processes so that no signal comes in between and none of them hears of Ctrl-C."""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from threading import current_thread, main_thread


@contextmanager
def undisturbed() -> Generator[None]:
    """What begins in here begins whole: Ctrl-C, or to be asked to end, waits for it, or it could not be cleared away.

    The processes that are begun never hear of Ctrl-C, which is for us: each would print a traceback, even while it
    imports. On Windows, and outside the main thread, where signals cannot be held back, it does nothing.
    """
    if sys.platform == "win32" or current_thread() is not main_thread():
        yield
        return
    asked, heard = list[int](), signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))  # a process does not inherit this
    resource_tracker.ensure_running()  # begun by a process's beginning, it would take the next line back
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})  # they inherit this
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, heard)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGHUP})
        if asked:
            signal.raise_signal(signal.SIGTERM)
