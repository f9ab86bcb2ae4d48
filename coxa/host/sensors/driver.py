"""What a driver is: a parser without input or output, and a plain description of the sensor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from coxa.host.samples import STANDARD_GRAVITY_MPS2

Triple: TypeAlias = tuple[float, float, float]
Clock: TypeAlias = Literal["none", "device"]
Loss: TypeAlias = Literal["unknown", "clock gaps", "counter", "checksum and counter"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One sample as the sensor gave it; a stream that lacks one of the two has None there."""

    t_s: float
    """Seconds of the sensor's own clock; without one, sample number over rate."""
    accel_mps2: Triple | None
    """Specific force, sensor frame: +g on the axis that points up, at rest."""
    gyro_radps: Triple | None
    """Angular rate, sensor frame, right-handed."""


@dataclass(slots=True)
class ParserStats:
    """What came, counted; nothing is dropped in silence."""

    notifications: int = 0
    readings: int = 0
    garbage_bytes: int = 0
    """Bytes that belong to no frame."""
    bad_frames: int = 0
    """Frames that are cut, or whose content or checksum cannot be."""
    not_monotonic: int = 0
    """Samples whose time did not grow: sent again, or the clock was set."""
    notes: list[str] = field(default_factory=list[str])
    """What the user should know, in words, each once."""

    def note(self, text: str) -> None:
        """Tell the user something, once."""
        if text not in self.notes:
            self.notes.append(text)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a sensor can do, for the table of `coxa sensors` and for the choice of settings."""

    title: str
    rates_hz: tuple[int, ...]
    default_rate_hz: int
    accel_ranges_g: tuple[int, ...]
    gyro_ranges_dps: tuple[int, ...]
    """Empty: it has no gyroscope."""
    clock: Clock
    loss: Loss
    battery: str
    untested: str
    """What nobody has tried on hardware yet."""

    def consequences(self) -> list[str]:
        """What follows from it for the user, in plain sentences."""
        told = list[str]()
        if not self.gyro_ranges_dps:
            told.append(
                "No gyroscope: quick repetitions blur, circles are not counted; good for slow raises and holds."
            )
        if self.clock == "none":
            told.append("No clock in the data: times come from arrivals, tempo and hold times are good to about 0.1 s.")
        if self.loss == "unknown":
            told.append("Lost packets cannot be seen: loss is shown as unknown, never as zero.")
        if self.default_rate_hz < 50:
            told.append(f"{self.default_rate_hz} Hz blurs quick movement.")
        return told


class Parser(Protocol):
    """Turns notifications to readings. Never raises for what the sensor sent: damage is counted in `stats`."""

    stats: ParserStats
    battery_percent: int | None

    def feed(self, data: bytes) -> list[Reading]:
        """Take one notification; give the readings that it completed."""
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    """What the sensor was set to, as far as the bytes depend on it."""

    range_g: float | None = None
    range_dps: float | None = None
    rate_hz: float | None = None


def scaled(counts: tuple[int, ...] | list[int], per_count: float) -> Triple:
    """Three counts times what one count is worth."""
    return (counts[0] * per_count, counts[1] * per_count, counts[2] * per_count)


def g(values: Triple) -> Triple:
    """Standard gravities to m/s2."""
    return (values[0] * STANDARD_GRAVITY_MPS2, values[1] * STANDARD_GRAVITY_MPS2, values[2] * STANDARD_GRAVITY_MPS2)


class Unwrapper:
    """Makes a counter that wraps grow for ever, and knows what did not grow."""

    def __init__(self, bits: int) -> None:
        self._size = 1 << bits
        self._last: int | None = None
        self._base = 0

    def __call__(self, value: int) -> int:
        """The value with all wraps so far added. A step back by less than half the range is a step back."""
        if self._last is not None:
            step = value - self._last
            if step < -self._size // 2:
                self._base += self._size
            elif step > self._size // 2 and self._base:
                self._base -= self._size
        self._last = value
        return self._base + value
