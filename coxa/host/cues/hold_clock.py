"""The spoken clock of a hold: start, half time, ten seconds left, 3-2-1, and what is left when the person moved."""

from __future__ import annotations

from math import ceil

from coxa.host.cues.cue import Cue
from coxa.host.cues.kinds import cue

LEFT_S = 10
"""So much before the end the time left is told."""
FROM_S = 14.0
"""In a shorter hold the ten seconds come too soon after the start to be worth telling."""
HALF_FROM_S = 24.0
"""In a shorter hold half time and ten seconds left would meet."""
STUCK_S = 1.5
"""A clock that has stood for so long has been stopped by the person: longer than any wobble that is let pass."""


class HoldClock:
    """Feed it the hold's clock as the tracker shows it; it gives what to say."""

    def __init__(self) -> None:
        self._held_s: float | None = None
        self._ran_s = 0.0
        """When the clock last moved, on the stream's clock."""
        self._said: set[str] = set()

    def update(self, t_s: float, held_s: float | None, target_s: float) -> list[Cue]:
        """Take the clock after an item: `held_s` is None while there is no hold; without a target it is 0."""
        if held_s is None:
            self._held_s, self._said = None, set()
            return []
        if self._held_s is None or held_s > self._held_s:
            self._ran_s = t_s
            self._said.discard("hold_moved")
        self._held_s = held_s
        left_s = target_s - held_s
        if "hold_start" not in self._said:
            self._said.add("hold_start")
            return [cue("hold_start", t_s, n=ceil(target_s))] if target_s else []
        if target_s <= 0:
            return []
        if left_s > 0 and t_s - self._ran_s > STUCK_S:
            return self._once("hold_moved", t_s, n=ceil(left_s))
        return self._marks(t_s, left_s, target_s)

    def unseen(self, t_s: float) -> None:
        """Samples were missing up to now: that the clock stood is not the person's doing."""
        self._ran_s = t_s

    def _marks(self, t_s: float, left_s: float, target_s: float) -> list[Cue]:
        """The newest mark that has been passed; marks that were passed unseen stay unsaid."""
        if left_s <= 0:
            return self._once("hold_reached", t_s)
        for n in (1, 2, 3):
            if left_s <= n:
                return self._once("hold_countdown", t_s, n=n)
        if left_s <= LEFT_S:
            return self._once("hold_left", t_s, n=LEFT_S) if target_s >= FROM_S else []
        if left_s <= 0.5 * target_s and target_s >= HALF_FROM_S:
            return self._once("hold_half", t_s)
        return []

    def _once(self, key: str, t_s: float, **values: int) -> list[Cue]:
        name = f"{key}{values['n']}" if key == "hold_countdown" else key
        if name in self._said:
            return []
        self._said.add(name)
        return [cue(key, t_s, **values)]
