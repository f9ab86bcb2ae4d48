"""The one question after a routine: how hard was it? Answered by so many taps; no tap is no answer."""

from __future__ import annotations

from typing import Literal, TypeAlias

ASK_S = 7.0
"""So long after the end it is asked: the summary is being said."""
ANSWER_S = 25.0
"""So long is the first tap waited for, the question itself included."""
LAST_S = 4.0
"""So long after a tap the answer is complete."""
MOST = 10
"""The scale ends here (Borg CR10, as in Borg 1982); more taps are no answer."""
Said: TypeAlias = Literal["effort?", "effort"]


class EffortQuestion:
    """Feed it time and taps."""

    def __init__(self, done_s: float) -> None:
        self._ask_s = done_s + ASK_S
        self._asked = False
        self._taps = 0
        self._last_s: float | None = None
        self.over = False
        """Whether it has been answered, or will not be."""

    @property
    def effort(self) -> int | None:
        """The answer, 1 to 10; None without one."""
        return self._taps if self.over and 0 < self._taps <= MOST else None

    def tap(self, t_s: float) -> None:
        """A tap; only those after the question are an answer."""
        if self._asked and not self.over:
            self._taps, self._last_s = self._taps + 1, t_s

    def update(self, t_s: float) -> Said | None:
        """What there is to say at `t_s`."""
        if self.over or t_s < self._ask_s:
            return None
        if not self._asked:
            self._asked = True
            return "effort?"
        until_s = self._ask_s + ANSWER_S if self._last_s is None else self._last_s + LAST_S
        if t_s < until_s:
            return None
        self.over = True
        return "effort" if self.effort is not None else None
