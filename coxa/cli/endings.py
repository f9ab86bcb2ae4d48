"""How a program is asked to end otherwise than by Ctrl-C."""

from __future__ import annotations

import signal


def end_requests() -> list[signal.Signals]:
    """The signals by which the system, or a terminal that is closed, asks us to end; none that is ignored, as `nohup`
    has SIGHUP ignored, and Windows has no SIGHUP.
    """
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    return [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
