"""Which frame goes out next: the live stream, and between its packets those that the host asks for again.

No radio, no clock: the caller takes `peek()`, sends it, and says `sent()`.
"""

import struct

from . import packer

MOST_REQUESTS = 16
"""Ranges kept for resending; a host asks again for what was refused."""

_LIVE, _OLD, _OTHER = 0, 1, 2


class Sender:
    """Streams from a ring to one host at a time.

    `credits` says how many frames the radio has room for; the caller sets it, each frame takes one.
    """

    def __init__(self, ring, description):
        """`description`: the DESCRIPTION frame."""
        self._ring = ring
        self.description = description
        self._buffer = bytearray(packer.HEAD_BYTES + 8 + packer.CHECK_BYTES)
        self._finished = False
        self.credits = 0
        self._reset()

    def _reset(self):
        self.streaming = False
        self.live = 0
        """Number of the next packet of the live stream."""
        self._asked = []
        """[first, end) pairs to send again, in the order of asking."""
        self._gone = []
        """[first, end) pairs of which the host has to be told that they will never come."""
        self._introduced = False
        self._told_end = False
        self._old_turn = False
        self._what = _OTHER
        self._pending = None
        """What `peek()` gave and `sent()` has not confirmed."""

    @property
    def told_end(self):
        """Whether END was sent and nothing was asked for since."""
        return self._told_end

    def command(self, data):
        """A write to the control characteristic; what is unknown or too short is ignored, and so is what follows it."""
        if len(data) >= 1 and data[0] == packer.OP_STOP:
            self._reset()
        elif len(data) >= 5 and data[0] == packer.OP_START:
            self.start(struct.unpack_from("<I", data, 1)[0])
        elif len(data) >= 7 and data[0] == packer.OP_RESEND:
            self.resend(*struct.unpack_from("<IH", data, 1))

    def start(self, wanted):
        """Stream from that number on; what is no longer here is told to be gone."""
        newest, oldest = self._ring.next, self._ring.first_kept()
        self._reset()
        self.streaming = True
        self.live = newest if wanted == packer.FROM_NEWEST else min(max(wanted, oldest), newest)
        if wanted < oldest:
            self._gone.append([wanted, oldest])

    def stop(self):
        """The host has gone, or wants no more."""
        self._reset()

    def resend(self, first, count):
        """Send these again. What the live stream has not reached comes with it; when all is taken it never will,
        and the host is told so."""
        if not self.streaming:
            return
        self._told_end = False
        over = self._finished and self.live >= self._ring.next
        end = first + count if over else min(first + count, self.live)
        if first < end and [first, end] not in self._asked and len(self._asked) < MOST_REQUESTS:
            self._asked.append([first, end])

    def finish(self):
        """Nothing more will be taken: END follows when all is sent."""
        self._finished = True

    def peek(self):
        """The frame to send now, None where there is nothing or no credit; the same again until `sent()`."""
        if not self.streaming or self.credits <= 0:
            return None
        if self._pending is None:
            self._pending = self._next()
        return self._pending

    def _next(self):
        if not self._introduced:
            return self._other(self.description)
        self._skip_lost()
        if self._gone:
            first, end = self._gone[0]
            packer.pack_gone(self._buffer, first, end - first)
            return self._other(self._buffer)
        live = self._ring.frame(self.live)
        if self._asked and (self._old_turn or live is None):
            self._what = _OLD
            return self._ring.frame(self._asked[0][0])
        if live is not None:
            self._what = _LIVE
            return live
        if self._finished and not self._told_end:
            length = packer.pack_end(self._buffer, self._ring.next)
            return self._other(memoryview(self._buffer)[:length])
        return None

    def sent(self):
        """What `peek()` gave is on its way."""
        self.credits -= 1
        self._pending = None
        if self._what == _LIVE:
            self.live += 1
            self._old_turn = True
        elif self._what == _OLD:
            self._old_turn = False
            self._drop_first(self._asked)
        elif not self._introduced:
            self._introduced = True
        elif self._gone:
            self._gone.pop(0)
        else:
            self._told_end = True

    def _other(self, frame):
        self._what = _OTHER
        return frame

    def _drop_first(self, ranges):
        ranges[0][0] += 1
        if ranges[0][0] >= ranges[0][1]:
            ranges.pop(0)

    def _skip_lost(self):
        """Move past what the ring has lost, noting it for a GONE."""
        while self.live < self._ring.next and self._ring.frame(self.live) is None:
            self._note_gone(self.live)
            self.live += 1
        while self._asked and self._ring.frame(self._asked[0][0]) is None:
            self._note_gone(self._asked[0][0])
            self._drop_first(self._asked)

    def _note_gone(self, number):
        if self._gone and self._gone[-1][1] == number:
            self._gone[-1][1] = number + 1
        else:
            self._gone.append([number, number + 1])
