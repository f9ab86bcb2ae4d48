"""Every sensor that coxa understands, by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from coxa.host.errors import SpecError
from coxa.host.sensors import capture2go, dot, metamotion, movesense, nus_csv, own, polar, witmotion
from coxa.host.sensors.driver import Capabilities, Parser, Settings
from coxa.host.wire import gatt


@dataclass(frozen=True, slots=True)
class Driver:
    """One sensor: how it is found, what it can do, how its bytes are read."""

    name: str
    capabilities: Capabilities
    parser: Callable[[Settings | None], Parser]
    names: tuple[str, ...]
    """Beginnings of the advertised name (WitMotion: anywhere in it)."""
    services: tuple[str, ...]
    """Services of the advertisement or of the table; empty where the name alone tells."""

    def matches(self, name: str, services: Iterable[str]) -> bool:
        """Whether an advertisement may be this sensor's; look-alikes are told apart once it streams."""
        if any(s.lower() in self.services for s in services):
            return True
        return any(name.startswith(n) or (self.name == "witmotion" and n in name) for n in self.names)


def _meta(chip: metamotion.Chip) -> Callable[[Settings | None], Parser]:
    return lambda settings: metamotion.MetaMotionParser(chip, settings)


MOVESENSE_ADVERTISED = ("0000fdf3-0000-1000-8000-00805f9b34fb", "0000fe06-0000-1000-8000-00805f9b34fb")
DRIVERS: dict[str, Driver] = {
    d.name: d
    for d in (
        Driver("coxa", own.CAPABILITIES, own.OwnParser, ("coxa",), (gatt.SERVICE_UUID,)),
        Driver("witmotion", witmotion.CAPABILITIES, witmotion.WitMotionParser, ("WT",), (witmotion.SERVICE,)),
        Driver(
            "movesense", movesense.CAPABILITIES, movesense.MovesenseParser, ("Movesense",),
            (movesense.SERVICE, *MOVESENSE_ADVERTISED),
        ),
        Driver("polar", polar.CAPABILITIES, polar.PolarParser, ("Polar Sense", "Polar H10"), (polar.SERVICE,)),
        Driver("dot", dot.CAPABILITIES, dot.DotParser, ("Xsens DOT", "Movella DOT"), ()),
        Driver("metamotion_bmi270", metamotion.CAPABILITIES, _meta("bmi270"), ("MetaWear",), (metamotion.SERVICE,)),
        Driver("metamotion_bmi160", metamotion.CAPABILITIES, _meta("bmi160"), ("MetaWear",), (metamotion.SERVICE,)),
        Driver("capture2go", capture2go.CAPABILITIES, capture2go.Capture2GoParser, ("IMU_",), (capture2go.SERVICE,)),
        Driver("nus_csv", nus_csv.CAPABILITIES, nus_csv.NusCsvParser, (), (nus_csv.SERVICE,)),
    )
}  # fmt: skip


def driver(name: str) -> Driver:
    """The driver of that name.

    Raises:
        SpecError: there is none; the text lists the names and the nearest one.
    """
    if name not in DRIVERS:
        near = difflib.get_close_matches(name, DRIVERS, 1)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise SpecError(f"no sensor '{name}': {hint}known are {', '.join(DRIVERS)}")
    return DRIVERS[name]


def recognise(name: str, services: Iterable[str]) -> str | None:
    """The first driver that an advertisement may belong to, None where it is no sensor that coxa knows."""
    offered = list(services)
    return next((d.name for d in DRIVERS.values() if d.matches(name, offered)), None)
