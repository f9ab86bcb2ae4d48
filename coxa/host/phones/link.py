"""What the two ways to a phone have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from typing import Self

from coxa.host.link.sensor_link import LinkItem
from coxa.host.sensors.driver import SensorDecoder
from coxa.host.sensors.registry import driver


class PhoneLink(ABC):
    """Brings what a phone sends. Use as an async context manager; whatever happens, nothing is left running."""

    def __init__(self, name: str, decoder: SensorDecoder) -> None:
        """`decoder` is one of that driver with its usual settings."""
        self.driver = driver(name)
        self.settings = self.driver.settings()
        self.characteristic = self.driver.subscribe()[0]
        self.decoder = decoder
        self.address = ""
        """Of the phone, as far as it is known."""
        self.reconnects = 0

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

    @abstractmethod
    def items(self, stop: Callable[[], bool]) -> AsyncIterator[LinkItem]:
        """Packets, and what becomes of the link, until the phone has stopped or `stop` says so.

        Raises:
            LinkError: the phone was lost for good.
        """
