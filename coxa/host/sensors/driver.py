"""What every sensor driver offers. Pure: bytes in, samples out; who moves the bytes is the link's business."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, ClassVar, cast

import numpy as np

from coxa.host.errors import SpecError
from coxa.host.limits import FULL_SCALE, RATE_HZ, shown
from coxa.host.samples import FloatArray, Gap, Packet, SampleBlock, StreamItem
from coxa.host.wire.gatt import BATTERY_LEVEL_UUID


@dataclass(frozen=True, slots=True)
class Advertisement:
    """What a device says of itself before anybody connects."""

    name: str = ""
    service_uuids: tuple[str, ...] = ()
    """128-bit form, lower case."""
    manufacturer: Mapping[int, bytes] = field(default_factory=dict[int, bytes])


@dataclass(frozen=True, slots=True)
class Write:
    """One write to the sensor, to be followed by a pause."""

    characteristic: str
    data: bytes
    response: bool = False
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What the sensor is told, and what its numbers therefore mean."""

    rate_hz: float
    accel_range_g: float
    gyro_range_dps: float
    lone_halves: bool = False
    """Give samples whose other half never came too, that half NaN: to look at single packets, never to count from."""


def checked_settings(said: object) -> Settings:
    """Settings as a file tells them.

    Raises:
        ValueError: a key is missing or unknown, or its value is none that a sensor could have.
    """
    if not isinstance(said, dict):
        raise ValueError("not a table")
    given = cast(dict[str, Any], said)
    try:
        found = Settings(**given)
    except TypeError as error:
        raise ValueError(str(error).removeprefix("Settings.__init__() ")) from None
    for name, (low, high) in _POSSIBLE.items():
        value = getattr(found, name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(f"{name} must be a number from {low:g} to {high:g}, found {shown(value)}")
    if not isinstance(given.get("lone_halves", False), bool):
        raise ValueError("lone_halves must be true or false")
    return found


_POSSIBLE = {"rate_hz": RATE_HZ, "accel_range_g": FULL_SCALE, "gyro_range_dps": FULL_SCALE}


class Loss(Enum):
    """How the loss of samples is noticed."""

    UNSEEN = "not seen, only guessed from the rate"
    CLOCK = "jumps of the sensor's clock"
    COUNTER = "counter"
    CHECKED = "number or time of each packet, and checksum"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a sensor can do, and what follows from it for the person who wears it."""

    clock: str
    """What stamps the samples, for people to read; 'none' where nothing does."""
    loss: Loss
    rates_hz: tuple[float, ...]
    """Rates that can be set; empty: the sensor says its own."""
    accel_ranges_g: tuple[float, ...]
    """Full scales that can be set; empty: the sensor says its own."""
    gyro_ranges_dps: tuple[float, ...]
    has_gyro: bool
    battery: str
    evidence: str
    """What the decoder was checked against."""
    follows: tuple[str, ...]
    """Sentences for the user."""

    @property
    def has_clock(self) -> bool:
        """Whether samples are stamped by the sensor."""
        return not self.clock.startswith("none")


@dataclass(slots=True)
class SensorStats:
    """What came, counted; nothing is dropped in silence."""

    notifications: int = 0
    samples: int = 0
    gaps: int = 0
    lost_samples: int = 0
    """As far as the sensor's clock or counter tells."""
    duplicates: int = 0
    """Packets that had come before, or came after later ones."""
    restarts: int = 0
    """Times that the sensor's clock or counter began again."""
    garbage_bytes: int = 0
    truncated: int = 0
    """Packets that end too early; whole samples before the end are kept where the format allows."""
    bad_frames: int = 0
    """Packets of the right form whose content cannot be."""
    other: int = 0
    """Packets understood, or at least framed, that hold no samples: replies, battery, orientation."""
    unpaired: int = 0
    """Accelerometer samples for which no gyro sample came."""
    lost_packets: int = 0
    """Where packets are numbered."""

    @property
    def lost_share(self) -> float | None:
        """Samples lost of those expected; None where none was."""
        expected = self.samples + self.lost_samples
        return self.lost_samples / expected if expected else None

    def damage(self) -> list[str]:
        """What went wrong, in words; empty where nothing did."""
        names = ("garbage_bytes", "truncated", "bad_frames", "duplicates", "restarts", "unpaired")
        found = [(n, int(getattr(self, n))) for n in names]
        return [f"{count} {name.replace('_', ' ')}" for name, count in found if count]


class SensorDecoder(ABC):
    """Decodes the notifications of one sensor. Never raises for what the sensor sent: damage is counted in `stats`."""

    def __init__(self) -> None:
        self.stats = SensorStats()
        self.battery_percent: int | None = None
        """The newest level found in the stream, None where none came."""
        self.refusal: str | None = None
        """Why the sensor will not stream, or why coxa will not take what it streams; one line for the user."""

    @property
    def rate_hz(self) -> float | None:
        """Samples a second as measured so far, None where unknown; far from the set rate, the user should be told."""
        return None

    @property
    def said(self) -> Settings | None:
        """What the sensor says of its rate and ranges, None where it says nothing."""
        return None

    def counts(self) -> dict[str, int]:
        """All counters, for the log."""
        return asdict(self.stats)

    @property
    def ended(self) -> bool:
        """Whether the sensor said that nothing more will come; most never do."""
        return False

    def feed(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]:
        """Take one notification; give what is complete.

        Args:
            characteristic: UUID that notified it; empty where it is not known.
            data: the bytes.
            arrival_s: host clock at arrival, seconds; NaN where it is not known. Sensors with a clock ignore it.
        """
        self.stats.notifications += 1
        return self._counted(self._take(characteristic.lower(), data, arrival_s))

    def feed_all(self, packets: Sequence[Packet]) -> list[StreamItem]:
        """Take notifications that are all there already, as `feed` takes each."""
        return [item for p in packets for item in self.feed(p.characteristic, p.data, p.arrival_s)]

    def finish(self) -> list[StreamItem]:
        """The stream is over: give what was held back."""
        return self._counted(self._rest())

    def _counted(self, items: list[StreamItem]) -> list[StreamItem]:
        for item in items:
            if isinstance(item, Gap):
                self.stats.gaps += 1
            else:
                self.stats.samples += len(item)
        return items

    @abstractmethod
    def _take(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]: ...

    def _rest(self) -> list[StreamItem]:
        return []


class Driver(ABC):
    """One kind of sensor."""

    name: ClassVar[str]
    """As in commands."""
    title: ClassVar[str]
    """As in a shop."""
    capabilities: ClassVar[Capabilities]
    defaults: ClassVar[Settings]
    battery_characteristic: ClassVar[str] = BATTERY_LEVEL_UUID
    """Where `battery` is read from, where the sensor has it."""
    talks_back: ClassVar[bool] = False
    """Whether there may be `requests`."""
    asleep: ClassVar[str] = ""
    """What wakes it, for who cannot hear it; empty where the maker says so, or nothing does."""
    settable: ClassVar[bool] = True
    """Whether rate and ranges are the host's to tell, or to know; else the sensor says its own before it streams."""

    @abstractmethod
    def match(self, said: Advertisement) -> bool:
        """Whether a device that advertises this is one of these."""

    @abstractmethod
    def subscribe(self) -> tuple[str, ...]:
        """Characteristics to subscribe to, before anything is written."""

    @abstractmethod
    def start(self, settings: Settings) -> tuple[Write, ...]:
        """Set rate and range and start the stream. Nothing that outlives a power cycle."""

    @abstractmethod
    def stop(self) -> tuple[Write, ...]:
        """End the stream; to be sent whatever happened before."""

    @abstractmethod
    def decoder(self, settings: Settings) -> SensorDecoder:
        """A decoder for one connection's stream."""

    def identify(self, model: str) -> str | None:
        """Why this is not the driver for a sensor of that model number; None where it is, or nothing says otherwise."""
        return None

    def reads(self) -> tuple[str, ...]:
        """Characteristics to read on each connection; the decoder takes what they hold as the first notifications."""
        return ()

    def resume(self, settings: Settings, decoder: SensorDecoder, read: Mapping[str, bytes]) -> tuple[Write, ...]:
        """As `start`, on each connection: where the sensor keeps what it could not send, go on at what is missing.

        Args:
            settings: as for `start`.
            decoder: of the session so far.
            read: what `reads` gave on this connection, by characteristic.

        Raises:
            WireError: what was read shows that this is another kind of sensor.
        """
        return self.start(settings)

    def requests(self, decoder: SensorDecoder) -> tuple[Write, ...]:
        """What to write in mid-stream, in answer to what has come so far; asked after every packet.

        Args:
            decoder: one that has heard all of the session's packets.
        """
        return ()

    def ask_battery(self) -> tuple[Write, ...]:
        """Writes that make the sensor tell its battery in the stream; empty where it is read or told unasked."""
        return ()

    def battery(self, characteristic: str, data: bytes) -> int | None:
        """Percent, from a read or notified battery characteristic; None where these bytes do not tell it."""
        if characteristic.lower() == BATTERY_LEVEL_UUID and data and data[0] <= 100:
            return data[0]
        return None

    def settings(
        self,
        rate_hz: float | None = None,
        accel_range_g: float | None = None,
        gyro_range_dps: float | None = None,
        *,
        lone_halves: bool = False,
    ) -> Settings:
        """The defaults, changed as asked; of a sensor that says its own only `lone_halves` may be read as told.

        Raises:
            SpecError: a rate or range that this sensor does not have, or takes from nobody.
        """
        if not (self.settable or lone_halves or rate_hz is accel_range_g is gyro_range_dps is None):
            raise SpecError(
                f"sensor {self.name}: its own program sets rate and ranges, and says them; leave --rate-hz, "
                "--range-g and --range-dps out"
            )
        can, usual = self.capabilities, self.defaults
        return Settings(
            self._one_of("rate", "Hz", can.rates_hz, rate_hz, usual.rate_hz),
            self._one_of("accelerometer range", "g", can.accel_ranges_g, accel_range_g, usual.accel_range_g),
            self._one_of("gyro range", "deg/s", can.gyro_ranges_dps, gyro_range_dps, usual.gyro_range_dps),
            lone_halves,
        )

    def _one_of(self, what: str, unit: str, can: tuple[float, ...], wanted: float | None, usual: float) -> float:
        if wanted is None:
            return usual
        least, most = RATE_HZ if unit == "Hz" else FULL_SCALE  # beyond them the log of the session could not be read
        if wanted in can or (not can and least <= wanted <= most):
            return wanted
        choice = ", ".join(f"{c:g}" for c in can) or f"a number from {least:g} to {most:g}"
        raise SpecError(f"sensor {self.name}: {what} {wanted:g} {unit}; expected {choice}")


def singles(data: bytes, offset: int = 0) -> FloatArray:
    """Little-endian IEEE 754 singles as doubles; signalling NaNs among random bytes pass quietly."""
    with np.errstate(invalid="ignore"):
        return np.frombuffer(data, "<f4", offset=offset).astype(np.float64)


def block(t_s: FloatArray, accel_mps2: FloatArray, gyro_radps: FloatArray | None) -> SampleBlock:
    """A block; without a gyro its rates are NaN, which nobody can mistake for stillness."""
    if gyro_radps is None:
        gyro_radps = np.full_like(accel_mps2, np.nan)
    return SampleBlock(t_s, accel_mps2, gyro_radps)
