"""All emulated sensors by name."""

from __future__ import annotations

from coxa.firmware_sim.emulators.base import Emulator
from coxa.firmware_sim.emulators.capture2go import Capture2Go
from coxa.firmware_sim.emulators.dot import Dot
from coxa.firmware_sim.emulators.metamotion import MetaMotionBmi160, MetaMotionBmi270
from coxa.firmware_sim.emulators.movesense import Movesense
from coxa.firmware_sim.emulators.nus_csv import NusCsv
from coxa.firmware_sim.emulators.person_motion import PersonMotion
from coxa.firmware_sim.emulators.polar import H10, VeritySense
from coxa.firmware_sim.emulators.witmotion import Witmotion
from coxa.firmware_sim.raw import RawStream

EMULATORS: dict[str, type[Emulator]] = {
    kind.name: kind
    for kind in (
        Witmotion, Movesense, VeritySense, H10, Dot, MetaMotionBmi160, MetaMotionBmi270, Capture2Go, NusCsv,
    )
}  # fmt: skip


def emulator(name: str, raw: RawStream) -> Emulator:
    """A sensor of that name on the person who was recorded.

    Raises:
        KeyError: there is none of that name.
    """
    return EMULATORS[name](PersonMotion(raw))
