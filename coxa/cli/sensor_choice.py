"""Which sensor a command is to use, and how it is to be set."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass

from coxa.cli.endings import end_requests
from coxa.host.errors import LinkError, LinkFailure, SpecError
from coxa.host.link.known import KnownSensor, known_file, recall, remember
from coxa.host.link.scan import FoundSensor, find, unheard
from coxa.host.link.sensor_link import SensorLink
from coxa.host.sensors.driver import Driver, Settings
from coxa.host.sensors.registry import driver

LISTEN_S = 20.0
"""How long a sensor is listened for: some advertise every few seconds only."""


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
    any_sensor: bool = False
    """Whatever is nearest, not the user's own."""

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
        return chosen.settings(self.rate_hz, self.range_g, self.range_dps)

    def check(self) -> None:
        """Find mistakes in the options before anything is switched on.

        Raises:
            SpecError: no such driver, or not with such settings.
        """
        if self.driver is not None:
            self.settings(self.driver)


async def found(choice: SensorChoice, seconds: float = LISTEN_S) -> FoundSensor:
    """The sensor that is meant: the one named, else the user's own, else the nearest.

    Raises:
        LinkError: no Bluetooth, or no such sensor.
        SpecError: no such driver, or the file that names the user's own is damaged.
    """
    known = None if choice.address or choice.any_sensor else recall(known_file(choice.hci))
    if known is None:
        return await find(choice.hci, seconds, choice.address, choice.driver)
    kind = choice.driver or driver(known.driver)
    try:
        return await find(choice.hci, seconds, known.address, kind)
    except LinkError as error:
        if error.reason is not LinkFailure.NOT_FOUND:
            raise
        raise LinkError(
            LinkFailure.NOT_FOUND,
            f"your sensor {known.name} ({known.address}) was not heard in {seconds:.0f} s; switch it on and bring it "
            f"near ({unheard(kind)}), or take another with --any, or with --address (see `coxa scan`)",
        ) from error


def keep(choice: SensorChoice, link: SensorLink) -> str | None:
    """Remember a sensor that has streamed as the user's own: the first one, or the one named by its address.

    Gives a line for the user where it is new, or cannot be remembered: that costs nobody the session's summary.
    """
    file, sensor = known_file(choice.hci), link.sensor
    if file is None or choice.any_sensor or not link.decoder.stats.samples:
        return None
    serial = link.info.get("serial")
    now = KnownSensor(sensor.address, sensor.name, link.driver.name, None if serial is None else str(serial))
    try:
        before = recall(file)
        if before == now or (before is not None and choice.address is None):
            return None
        remember(file, now)
    except SpecError as error:
        return str(error)
    return f"{sensor.name} ({sensor.address}) is remembered as your sensor; --any or --address takes another"


async def close(hci: str | None) -> None:
    """Let go of a transport of bumble's."""
    if hci is not None:
        from coxa.host.link.bumble_backend import Adapter

        await Adapter.close_all()


def stop_on_interrupt(stopped: asyncio.Event) -> None:
    """Ctrl-C, the system and a terminal that is closed end the session in order."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, *end_requests()):
        try:
            loop.add_signal_handler(number, stopped.set)
        except NotImplementedError:
            _stop_on(number, loop, stopped)


def _stop_on(number: int, loop: asyncio.AbstractEventLoop, stopped: asyncio.Event) -> None:
    """The same where the loop takes no signals, as on Windows: once, and until the loop is closed."""
    before = signal.getsignal(number) or signal.SIG_DFL

    def end(*_: object) -> None:
        signal.signal(number, before)
        if loop.is_closed():
            signal.raise_signal(number)
        else:
            loop.call_soon_threadsafe(stopped.set)

    signal.signal(number, end)
