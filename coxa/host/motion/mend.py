"""What a sensor's own faults did to the stream, put right before anything looks at movement."""

from __future__ import annotations

from coxa.host.motion.despike import Despiker
from coxa.host.motion.frozen import FreezeWatch
from coxa.host.samples import StreamItem


class Mender:
    """Hangs become gaps, single wrong samples what their neighbours say. One for live sessions, replay and score.

    Healthy streams come out as the very same blocks. What comes out does not depend on how they were cut.
    """

    def __init__(self) -> None:
        self._frozen, self._despiker = FreezeWatch(), Despiker()

    def update(self, item: StreamItem) -> list[StreamItem]:
        """The next block or gap."""
        return [mended for thawed in self._frozen.update(item) for mended in self._despiker.update(thawed)]

    def finish(self) -> list[StreamItem]:
        """Give what is still held back."""
        last = [mended for thawed in self._frozen.finish() for mended in self._despiker.update(thawed)]
        return [*last, *self._despiker.finish()]

    @property
    def spikes(self) -> int:
        """How many single samples were wrong."""
        return self._despiker.spikes

    @property
    def freezes(self) -> int:
        """How often the sensor hung."""
        return self._frozen.freezes

    @property
    def frozen_s(self) -> float:
        """For how long in all."""
        return self._frozen.frozen_s
