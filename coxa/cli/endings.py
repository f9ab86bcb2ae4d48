"""How a program is asked to end otherwise than by Ctrl-C."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs


AGAIN_S = 0.05
"""So long after it was dropped Ctrl-C is heard again: at once it would fall into the hook that asks for it."""


def end_requests() -> list[signal.Signals]:
    """The signals by which the system, or a terminal that is closed, asks us to end; none that is ignored, as `nohup`
    has SIGHUP ignored, and Windows has no SIGHUP.
    """
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    return [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]


def hear_dropped(dropped: UnraisableHookArgs) -> None:
    """A hook for what Python would only print: Ctrl-C that comes while it clears an object away is asked for anew."""
    if issubclass(dropped.exc_type, KeyboardInterrupt):
        threading.Timer(AGAIN_S, _thread.interrupt_main).start()
    else:
        sys.__unraisablehook__(dropped)


def end_at_once() -> None:
    """From now on, when all is done, Ctrl-C and such requests end us on the spot, with a signal's status.

    What interrupts Python while it ends, as in the clearing up of a library, it would print, and keep the status.
    """
    for number in (signal.SIGINT, *end_requests()):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    os._exit(128 + number)
