"""Can what the sensor measures be true? A broken accelerometer counts nothing, or counts what is doubtful."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.detect.body.axes import marks, next_of
from coxa.host.detect.fall import FallWatch
from coxa.host.detect.still import StillFinder, Tick, Ticks
from coxa.host.events import Event, TrackingLost, TrackingResumed
from coxa.host.reasons import Tracking


@dataclass(frozen=True, slots=True)
class TrustParams:
    """When an accelerometer is faulty."""

    rest_s: float = 1.5
    """It is judged in a rest of so long: a thigh that has just come to rest may still tremble. 0.75 to 1.6 s; with 1.7
    `tests/test_quiet_ticks.py` fails."""
    ticks: int = 20
    """So many ticks in a row must say so (0.8 s): a knock on the sensor is no fault. 10 to 24; with 28
    `tests/test_quiet_ticks.py` fails."""
    off_mps2: float = 4.0
    """At rest no working accelerometer is this far from 1 g: zero and scale errors of the datasheets give 0.7 m/s2 at
    most, and soft tissue trembles by another 1 or 2 (kinematic recordings). Not below 3."""


class SensorTrust:
    """At rest an accelerometer reads 1 g, whatever its pose; in movement it follows the gyro."""

    def __init__(self) -> None:
        self._p = TrustParams()
        self.faulty = False
        """Whether the accelerometer is broken, so that nothing counts."""
        self._against = 0
        """So many ticks at rest have spoken in a row against what is believed of it."""
        self._falls = FallWatch()
        self._fall: int | None = None
        """Number of the tick looked at in which the sensor seems to have been falling for long."""
        self._off = b""
        """Marks of those in which the specific force is not what it can be."""

    @property
    def settled(self) -> bool:
        """Whether the sensor is trusted, and nothing has begun to speak against that."""
        return not self.faulty and not self._against

    def look(self, ticks: Ticks, rest: StillFinder) -> None:
        """The next ticks, none of which is taken yet, after `rest` has looked at them."""
        off = (ticks.shock_mps2 > self._p.off_mps2) & (rest.lasted_s >= self._p.rest_s)
        self._fall = self._falls.look(ticks)
        if self._fall is not None:
            off[self._fall] = True
        self._off = marks(off)

    def quiet(self, k: int, end: int) -> int:
        """Up to which tick, from number `k` on, nothing speaks against a sensor that is trusted."""
        return next_of(self._off, k, end)

    def update(self, k: int, tick: Tick, rest: StillFinder) -> list[Event]:
        """Take tick number `k`, after `rest` has: what is told of the sensor."""
        events = self._at_rest(tick) if rest.lasts_s(tick.t_s) >= self._p.rest_s else []
        return [*events, *_does_not_follow(tick)] if k == self._fall else events

    def gap(self) -> None:
        """Samples are missing."""
        self._falls.clear()

    def remount(self) -> None:
        """The sensor sits elsewhere now: as it was moved there no thigh moves."""
        self._falls = FallWatch()

    def _at_rest(self, tick: Tick) -> list[Event]:
        wrong = tick.shock_mps2 > self._p.off_mps2
        self._against = self._against + 1 if wrong != self.faulty else 0
        if self._against < self._p.ticks:
            return []
        self.faulty, self._against = wrong, 0
        if not wrong:
            return [TrackingResumed(tick.t_s, Tracking.SOUND_AGAIN, tick.t_s)]
        reason = f"{Tracking.FAULTY} {tick.shock_mps2:.1f} m/s2 off 1 g at rest: an axis is dead or the scale is wrong"
        return [TrackingLost(tick.t_s, reason, tick.t_s)]


def _does_not_follow(tick: Tick) -> list[Event]:
    reason = (
        f"{Tracking.DOUBTFUL}: an axis of accelerometer or gyroscope is dead or its scale is wrong, counts are doubtful"
    )
    return [TrackingLost(tick.t_s, reason, tick.t_s), TrackingResumed(tick.t_s, Tracking.GOES_ON, tick.t_s)]
