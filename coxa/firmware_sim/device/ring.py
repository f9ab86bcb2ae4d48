"""The last minute or more of packets, whole frames, in memory taken once at the start."""

from array import array


class Ring:
    """Frames by sequence number; the oldest are overwritten."""

    def __init__(self, slots, slot_bytes):
        self._slots = slots
        self._slot_bytes = slot_bytes
        self._memory = memoryview(bytearray(slots * slot_bytes))
        self._lengths = array("H", [0] * slots)
        self.next = 0
        """One past the newest number."""

    def first_kept(self):
        """The oldest number that may still be here."""
        return max(self.next - self._slots, 0)

    def slot(self):
        """Memory for the frame of number `next`; what lay in it is gone, so it is the driver's to fill."""
        at = self.next % self._slots
        self._lengths[at] = 0
        return self._memory[at * self._slot_bytes : (at + 1) * self._slot_bytes]

    def commit(self, length):
        """The slot holds a whole frame of that length; 0: this number was never made, as when sampling failed."""
        self._lengths[self.next % self._slots] = length
        self.next += 1

    def frame(self, number):
        """The frame of that number, None where it is gone or not made yet."""
        if not self.first_kept() <= number < self.next:
            return None
        at = number % self._slots
        length = self._lengths[at]
        return self._memory[at * self._slot_bytes : at * self._slot_bytes + length] if length else None
