"""Which cues are still worth saying: the stream's clock on the host's, and at most one cue of each slot waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from coxa.host.cues import Cue, Slot

ORDER: tuple[Slot, ...] = get_args(Slot)
"""Earlier slots are said first."""
SLACKEN = 0.02
"""How fast the clocks may drift apart, s/s: far more than any crystal does, so that a stream that stays late for good
(a sensor whose clock was set anew) is spoken again after a minute or two."""
LONGEST_STEP_S = 1.0
"""A silence of the link slackens by no more than this."""


class HostClock:
    """The stream's time on the host's clock, taken from the packets that came with the least delay."""

    def __init__(self) -> None:
        self._offset_s: float | None = None
        self._seen: tuple[float, float] | None = None

    def seen(self, stream_s: float, host_s: float) -> None:
        """A packet that ends at `stream_s` was there at `host_s`."""
        offset_s = host_s - stream_s
        if self._offset_s is None or self._seen is None or stream_s < self._seen[0]:
            self._offset_s = offset_s
        else:
            step_s = min(host_s - self._seen[1], LONGEST_STEP_S)
            self._offset_s = min(offset_s, self._offset_s + SLACKEN * step_s)
        self._seen = (stream_s, host_s)

    def host_s(self, stream_s: float) -> float | None:
        """When that was, or will be, on the host's clock; None before the first packet."""
        return None if self._offset_s is None else stream_s + self._offset_s


@dataclass(frozen=True, slots=True)
class Heard:
    """A cue that waits."""

    cue: Cue
    heard_s: float
    """When it was decided, on the host's clock."""


class Waiting:
    """The cues that wait for the voice: a newer one of a slot takes the older one's place."""

    def __init__(self) -> None:
        self._by_slot: dict[Slot, Heard] = {}

    def put(self, heard: Heard) -> list[Heard]:
        """Let a cue wait; gives the one that it supersedes, if any."""
        before = self._by_slot.get(heard.cue.slot)
        self._by_slot[heard.cue.slot] = heard
        return [] if before is None else [before]

    def take(self, clock: HostClock, now_s: float) -> tuple[Heard | None, list[Heard]]:
        """The next one that is worth saying at `now_s`, and those that have become outdated."""
        outdated = list[Heard]()
        for slot in ORDER:
            heard = self._by_slot.pop(slot, None)
            if heard is None:
                continue
            until_s = clock.host_s(heard.cue.until_s)
            if until_s is None or now_s <= until_s:
                return heard, outdated
            outdated.append(heard)
        return None, outdated

    def __bool__(self) -> bool:
        return bool(self._by_slot)
