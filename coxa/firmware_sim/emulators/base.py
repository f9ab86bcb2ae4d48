"""What emulated sensors share: a table of services, subscriptions, replies, and streams that run on recording time.

Pure: bytes in, bytes out; `on_air` puts it on the radio. An emulator knows its maker's documents only, nothing of the
driver that shall decode it, so that the two check each other.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from coxa.firmware_sim.emulators.person_motion import PersonMotion

WRITE, WRITE_COMMAND, NOTIFY, INDICATE, READ = "write", "write-without-response", "notify", "indicate", "read"
"""Properties of characteristics, by the names that bleak gives them."""
BATTERY_SERVICE, BATTERY_LEVEL = "180F", "2A19"
INFORMATION_SERVICE, MODEL_NUMBER, SERIAL_NUMBER, FIRMWARE_REVISION, MANUFACTURER_NAME = (
    "180A", "2A24", "2A25", "2A26", "2A29",
)  # fmt: skip
"""Assigned Numbers of the Bluetooth SIG."""
BATTERY_PERCENT = 74


@dataclass(frozen=True, slots=True)
class Row:
    """One characteristic of a sensor's table."""

    uuid: str
    properties: tuple[str, ...]
    value: bytes = b""
    """What a read gives."""


@dataclass(frozen=True, slots=True)
class Advertised:
    """What the sensor says of itself to everybody."""

    name: str
    service_uuids: tuple[str, ...] = ()
    manufacturer: dict[int, bytes] = field(default_factory=dict[int, bytes])


@dataclass(frozen=True, slots=True)
class Told:
    """One notification, and when, in seconds of the recording, the sensor has it ready."""

    at_s: float
    characteristic: str
    data: bytes


class Emulator(ABC):
    """One sensor: commands go in by `write` and `subscribe`, notifications come out by `head` and `take`."""

    name: ClassVar[str]
    """As in `--sensor`."""
    advertised: ClassVar[Advertised]
    is_stream: ClassVar[bool] = False
    """Bytes run through notifications: what is too long for one goes on in the next."""

    wanted: ClassVar[int] = 1
    """So many streams run once a host has started all that it takes."""

    measures_on: ClassVar[bool] = False
    """Whether it goes on when the host is lost without a stop."""

    def __init__(self, motion: PersonMotion) -> None:
        self.motion = motion
        self.now_s = 0.0
        """Seconds of the recording; whoever moves the bytes sets it before each command."""
        self.room = 244
        """Bytes that one notification holds: MTU less 3."""
        self.subscriptions = set[str]()
        self.refused = list[tuple[str, bytes]]()
        """Writes that the sensor could make nothing of."""
        self._replies = deque[Told]()
        self._streams = dict[str, tuple[Told, Iterator[Told]]]()

    @property
    @abstractmethod
    def services(self) -> dict[str, tuple[Row, ...]]:
        """Services by UUID, each with its characteristics."""

    def connected(self) -> None:
        """A host has come; what streams all the same goes on at the present: the past was told to nobody."""
        while self._streams and (head := self.head()) is not None and head.at_s < self.now_s:
            self.take()

    def disconnected(self) -> None:
        """The host has gone: subscriptions end with the link, and with most sensors the streams too."""
        self.subscriptions.clear()
        self._replies.clear()
        if not self.measures_on:
            self._streams.clear()

    def subscribe(self, uuid: str, on: bool = True) -> None:
        """The host wants to hear a characteristic, or no more."""
        (self.subscriptions.add if on else self.subscriptions.discard)(uuid)

    def write(self, uuid: str, data: bytes) -> None:
        """A command."""
        if not self._command(uuid, data):
            self.refused.append((uuid, data))

    @abstractmethod
    def _command(self, uuid: str, data: bytes) -> bool:
        """Carry it out; False: it is none."""

    @property
    def streaming(self) -> bool:
        """Whether samples are being sent."""
        return bool(self._streams)

    @property
    def complete(self) -> bool:
        """Whether all that a host takes is being sent."""
        return len(self._streams) >= self.wanted

    def head(self) -> Told | None:
        """What is to be sent next: replies, then the streams in the order of time."""
        if self._replies:
            return self._replies[0]
        return min((told for told, _ in self._streams.values()), key=lambda told: told.at_s, default=None)

    def take(self) -> Told:
        """The `head`, which has now been sent."""
        told = self.head()
        assert told is not None
        if self._replies:
            return self._replies.popleft()
        key, (_, rest) = min(self._streams.items(), key=lambda item: item[1][0].at_s)
        self._begin(key, rest)
        return told

    def until(self, t_s: float) -> Iterator[Told]:
        """Everything that the host would hear until then, for use without a radio."""
        told = self.head()
        while told is not None and told.at_s <= t_s:
            self.now_s = max(self.now_s, told.at_s)
            taken = self.take()
            if taken.characteristic in self.subscriptions:
                yield taken
            told = self.head()
        self.now_s = max(self.now_s, t_s)

    def _begin(self, key: str, stream: Iterator[Told]) -> None:
        """Let a stream run; one of the same key ends."""
        told = next(stream, None)
        if told is None:
            self._end(key)
        else:
            self._streams[key] = told, stream

    def _end(self, key: str) -> None:
        self._streams.pop(key, None)

    def _reply(self, uuid: str, data: bytes) -> None:
        self._replies.append(Told(self.now_s, uuid, data))


def battery_service() -> dict[str, tuple[Row, ...]]:
    """The standard one."""
    return {BATTERY_SERVICE: (Row(BATTERY_LEVEL, (READ,), bytes([BATTERY_PERCENT])),)}


def information_service(**texts: str) -> dict[str, tuple[Row, ...]]:
    """The standard one: model, serial, firmware, manufacturer as far as they are given."""
    uuids = {"manufacturer": MANUFACTURER_NAME, "model": MODEL_NUMBER, "serial": SERIAL_NUMBER}
    uuids["firmware"] = FIRMWARE_REVISION
    return {INFORMATION_SERVICE: tuple(Row(uuids[what], (READ,), text.encode()) for what, text in texts.items())}
