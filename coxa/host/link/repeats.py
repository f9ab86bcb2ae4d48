"""Drops what the system delivers twice: after a link loss BlueZ does so with every notification (bleak #2002)."""

from __future__ import annotations

from collections import deque

from coxa.host.samples import Packet

SAME_INSTANT_S = 0.008
"""Both deliveries come from one message, one after the other; a slow host takes 5 ms for the first of them."""
RECENT = 20
"""Packets that decide whether everything comes twice: what a busy first moment looked like is soon forgotten."""


class Repeats:
    """One connection's filter. Pure.

    Sensors without numbers may truly send the same bytes twice, as at rest; so a repeat counts as one only while most
    packets come in pairs, and of a pair only one is dropped.
    """

    def __init__(self) -> None:
        self._alone = list[Packet]()
        """Packets of this instant whose repeat has not come."""
        self._paired = deque[bool](maxlen=RECENT)
        """Whether each of the newest packets has come twice."""
        self.dropped = 0

    def is_repeat(self, packet: Packet) -> bool:
        """Whether this packet is the second delivery of one that was let through."""
        old = [p for p in self._alone if packet.arrival_s - p.arrival_s > SAME_INSTANT_S]
        self._paired.extend([False] * len(old))
        self._alone = self._alone[len(old) :]
        for k, before in enumerate(self._alone):
            if (before.characteristic, before.data) == (packet.characteristic, packet.data):
                del self._alone[k]
                self._paired.append(True)
                doubled = 2 * sum(self._paired) >= len(self._paired)
                self.dropped += doubled
                return doubled
        self._alone.append(packet)
        return False
