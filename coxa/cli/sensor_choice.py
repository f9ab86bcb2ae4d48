"""Which sensor a command is to use, and how it is to be set."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.errors import SpecError
from coxa.host.link.scan import FoundSensor, find
from coxa.host.sensors.driver import Driver, Settings
from coxa.host.sensors.registry import driver

LISTEN_S = 20.0


@dataclass(frozen=True, slots=True)
class SensorChoice:
    """The options of one call."""

    hci: str | None = None
    address: str | None = None
    sensor: str | None = None
    """Name of a driver."""
    rate_hz: float | None = None
    range_g: float | None = None
    range_dps: float | None = None

    @property
    def driver(self) -> Driver | None:
        """The driver that the user has named.

        Raises:
            SpecError: there is none of that name.
        """
        return None if self.sensor is None else driver(self.sensor)

    def settings(self, chosen: Driver) -> Settings:
        """What the sensor is told.

        Raises:
            SpecError: a rate or range that this sensor does not have.
        """
        if not chosen.capabilities.has_gyro:
            raise SpecError(f"{chosen.title}: it has no gyro, so nothing can be counted from it")
        return chosen.settings(self.rate_hz, self.range_g, self.range_dps)

    def check(self) -> None:
        """Find mistakes in the options before anything is switched on.

        Raises:
            SpecError: no such driver, or not with such settings.
        """
        if self.driver is not None:
            self.settings(self.driver)


async def found(choice: SensorChoice, seconds: float = LISTEN_S) -> FoundSensor:
    """The sensor that is meant.

    Raises:
        LinkError: no Bluetooth, or no such sensor.
        SpecError: no such driver.
    """
    return await find(choice.hci, seconds, choice.address, choice.driver)


async def close(hci: str | None) -> None:
    """Let go of a transport of bumble's."""
    if hci is not None:
        from coxa.host.link.bumble_backend import Adapter

        await Adapter.close_all()
