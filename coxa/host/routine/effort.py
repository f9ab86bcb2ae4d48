"""The one question after a routine: how hard was it? Answered by so many taps.

Zero cannot be tapped: whoever is silent is asked once more, whether it was no effort at all. No tap then is no answer.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

ASK_S = 7.0
"""So long after the end it is asked: the summary is being said."""
ANSWER_S = 25.0
"""So long is the first tap waited for, the question itself included."""
LAST_S = 4.0
"""So long after a tap the answer is complete."""
ZERO_S = 12.0
"""So long is the tap waited for that says that it was no effort at all."""
MOST_EFFORT = 10
"""The scale ends here (Borg CR10, as in Borg 1982); more taps are no answer."""
Said: TypeAlias = Literal["effort?", "no effort?", "effort"]


class EffortQuestion:
    """Feed it time and taps."""

    def __init__(self, done_s: float, *, can_tap: bool = True) -> None:
        self._ask_s, self._can_tap = done_s + ASK_S, can_tap
        self._asked = self._asked_again = False
        self._taps = 0
        self._until_s = self._ask_s + ANSWER_S
        self.over = False
        """Whether it has been answered, or will not be."""

    @property
    def effort(self) -> int | None:
        """The answer, 0 to 10; None without one."""
        if not self.over or not 0 < self._taps <= MOST_EFFORT:
            return None
        return 0 if self._asked_again and self._taps == 1 else self._taps

    def tap(self, t_s: float, *, sure: bool = True) -> None:
        """A tap; only those after the question are an answer, and one that is not sure only among others."""
        if self._asked and not self.over and (sure or self._taps):
            self._taps, self._until_s = self._taps + 1, t_s + LAST_S

    def update(self, t_s: float) -> Said | None:
        """What there is to say at `t_s`."""
        if self.over or t_s < self._ask_s:
            return None
        if not self._can_tap:  # nobody is asked what cannot be answered
            self.over = True
            return None
        if not self._asked:
            self._asked = True
            return "effort?"
        if t_s < self._until_s:
            return None
        if not self._taps and not self._asked_again:
            self._asked_again, self._until_s = True, t_s + ZERO_S
            return "no effort?"
        self.over = True
        return "effort" if self.effort is not None else None
