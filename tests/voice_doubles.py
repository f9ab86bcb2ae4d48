"""A voice and a clock that tests set by hand."""

from __future__ import annotations

import threading
from dataclasses import dataclass

WAIT_S = 20.0
"""A thread that has not done its part by then is broken."""


class SlowEngine:
    """Speaks until it is told that it has done."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.begun, self.done = threading.Semaphore(0), threading.Semaphore(0)

    def say(self, text: str) -> None:
        """Begin, then wait to be released."""
        self.texts.append(text)
        self.begun.release()
        assert self.done.acquire(timeout=WAIT_S)

    def close(self) -> None:
        """Nothing to do."""

    def until_begun(self) -> None:
        """Wait until another phrase is being said."""
        assert self.begun.acquire(timeout=WAIT_S)


@dataclass
class Clock:
    """A clock that is set by hand."""

    t_s: float = 0.0

    def __call__(self) -> float:
        """The time that was set."""
        return self.t_s
