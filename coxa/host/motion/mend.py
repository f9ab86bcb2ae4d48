"""What a sensor's own faults did to the stream, put right before anything looks at movement."""

from __future__ import annotations

from coxa.host.motion.despike import Despiker
from coxa.host.motion.false_turns import FalseTurns
from coxa.host.motion.frozen import FreezeWatch
from coxa.host.motion.gyro_stop import GyroStops
from coxa.host.motion.gyro_watch import GyroWatch
from coxa.host.samples import StreamItem


class Mender:
    """Hangs become gaps, single wrong samples what their neighbours say, and a gyro with a dead axis none, be it dead
    from the start or from some moment on. One for live sessions, replay and score.

    Healthy streams come out as the very same blocks. What comes out does not depend on how they were cut.
    """

    def __init__(self) -> None:
        self._frozen, self._despiker = FreezeWatch(), Despiker()
        self._turns, self._gyro, self._stops = FalseTurns(), GyroWatch(), GyroStops()

    def update(self, item: StreamItem) -> list[StreamItem]:
        """The next block or gap."""
        return self._measured(
            [sound for thawed in self._frozen.update(item) for sound in self._despiker.update(thawed)]
        )

    def finish(self) -> list[StreamItem]:
        """Give what is still held back."""
        last = [s for thawed in self._frozen.finish() for s in self._despiker.update(thawed)]
        return self._measured([*last, *self._despiker.finish()], over=True)

    def _measured(self, items: list[StreamItem], *, over: bool = False) -> list[StreamItem]:
        turned = [item for sound in items for item in self._turns.update(sound)]
        turned += self._turns.finish() if over else []
        alive = [item for sound in turned for item in self._gyro.update(sound)]
        return [item for sound in alive for item in self._stops.update(sound)]

    @property
    def dead_gyro_axes(self) -> tuple[int, ...]:
        """Which axes of the gyro are dead, 0 to 2 for x to z: none of its rates is used."""
        return self._gyro.dead_axes

    @property
    def stopped_gyro_axes(self) -> tuple[int, ...]:
        """Which axes of the gyro have stopped in mid session and stand still: none of its rates is used."""
        return self._stops.stopped

    @property
    def gyro_stood_s(self) -> float:
        """For how long in all rates were left out since an axis had stopped in mid session."""
        return self._stops.left_out_s

    @property
    def spikes(self) -> int:
        """How many single samples were wrong."""
        return self._despiker.spikes + self._turns.spikes

    @property
    def freezes(self) -> int:
        """How often the sensor hung."""
        return self._frozen.freezes

    @property
    def frozen_s(self) -> float:
        """For how long in all."""
        return self._frozen.frozen_s
