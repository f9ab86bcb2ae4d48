"""What the two ways to a phone have in common; a session runs over them as over `coxa.host.link.SensorLink`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Self

from coxa.host.link.sensor_link import LinkItem
from coxa.host.sensors.driver import Settings
from coxa.host.sensors.registry import driver


@dataclass(slots=True)
class Phone:
    """Who sends."""

    name: str
    address: str = ""
    """Empty until it is known."""
    rssi_dbm: int | None = None


class PhoneLink(ABC):
    """Brings what a phone sends. Use as an async context manager; whatever happens, nothing is left running."""

    def __init__(self, name: str) -> None:
        """`name` is that of a driver."""
        self.driver = driver(name)
        self.settings: Settings = self.driver.defaults
        self.decoder = self.driver.decoder(self.settings)
        self.sensor = Phone(self.driver.title)
        self.reconnects = 0
        self.repeats = 0

    @property
    def info(self) -> dict[str, str | int]:
        """What the phone has told of itself."""
        battery = self.decoder.battery_percent
        return {} if battery is None else {"battery_percent": battery}

    @abstractmethod
    async def __aenter__(self) -> Self: ...

    @abstractmethod
    async def __aexit__(self, *error: object) -> None: ...

    @abstractmethod
    async def ready(self, stop: Callable[[], bool]) -> bool:
        """Wait until the phone sends; whether it does, or `stop` came first.

        Raises:
            LinkError: the phone cannot be found.
        """

    @property
    def waiting(self) -> int:
        """Packets that have come and that nobody has taken yet."""
        return 0

    @abstractmethod
    def items(self) -> AsyncIterator[LinkItem]:
        """Packets, and what becomes of the link, until the phone has stopped.

        Raises:
            LinkError: the phone was lost for good.
        """
