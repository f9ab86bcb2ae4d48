"""Every driver by its name."""

from __future__ import annotations

from coxa.host.errors import SpecError
from coxa.host.nearest import nearest_word
from coxa.host.sensors.capture2go import Capture2Go
from coxa.host.sensors.dot import Dot
from coxa.host.sensors.driver import Advertisement, Driver
from coxa.host.sensors.metamotion import MetamotionBmi160, MetamotionBmi270
from coxa.host.sensors.movesense import Movesense
from coxa.host.sensors.nus_csv import NusCsv
from coxa.host.sensors.own import Own
from coxa.host.sensors.phyphox import Phyphox
from coxa.host.sensors.polar import Polar, PolarH10
from coxa.host.sensors.sensor_logger import SensorLogger
from coxa.host.sensors.witmotion import Witmotion

DRIVERS: dict[str, Driver] = {
    driver.name: driver
    for driver in (
        Own(),
        Witmotion(),
        Movesense(),
        Polar(),
        PolarH10(),
        Dot(),
        MetamotionBmi160(),
        MetamotionBmi270(),
        Capture2Go(),
        NusCsv(),
        SensorLogger(),
        Phyphox(),
    )
}
"""In the order in which they are asked whether a device is theirs."""


def driver(name: str) -> Driver:
    """The driver of that name.

    Raises:
        SpecError: there is none.
    """
    try:
        return DRIVERS[name]
    except KeyError:
        near = nearest_word(name.casefold(), DRIVERS)
        hint = f"; did you mean '{near}'?" if near else ""
        raise SpecError(f"no sensor {name!r}{hint}; expected {', '.join(DRIVERS)}") from None


def match(said: Advertisement) -> list[Driver]:
    """Drivers that take a device that advertises this for theirs, most likely first."""
    return [d for d in DRIVERS.values() if d.match(said)]
