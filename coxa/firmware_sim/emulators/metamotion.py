"""MbientLab MetaMotion R/RL (BMI160) and S (BMI270): registers of modules; two streams, neither with a clock.

Source: MbientLab's public SDK tests (facts only), Bosch's datasheets for rates and sensitivities.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import ClassVar

from coxa.firmware_sim.emulators.base import (
    BATTERY_PERCENT,
    NOTIFY,
    WRITE,
    WRITE_COMMAND,
    Advertised,
    Emulator,
    Row,
    Told,
    battery_service,
    information_service,
)
from coxa.firmware_sim.emulators.person_motion import PersonMotion, counts

SERVICE = "326a9000-85cb-9195-d9dd-464cfbbae75a"
COMMAND = "326a9001-85cb-9195-d9dd-464cfbbae75a"
DATA = "326a9006-85cb-9195-d9dd-464cfbbae75a"

ACCEL, GYRO = 0x03, 0x13
POWER, SAMPLING, CONFIGURE = 0x01, 0x02, 0x03
RATES_HZ = {6: 25.0, 7: 50.0, 8: 100.0, 9: 200.0}
GYRO_COUNTS_PER_DPS = {0: 16.4, 1: 32.8, 2: 65.6, 3: 131.2, 4: 262.4}
WHO_ARE_YOU, READ_BATTERY, RESET = b"\x80", b"\x11\x8c", b"\xfe\x01"
MILLIVOLTS = 3950
FAST_BY = 1.007
"""Its oscillator: the datasheets allow a percent."""
GYRO_LATER_S = 0.003


class MetaMotion(Emulator):
    """A module streams once it is configured, sampling, started, and one of its data registers is subscribed to.

    All of that stays as it is when the host is lost; subscriptions of the link do not.
    """

    advertised = Advertised("MetaWear", (SERVICE,))
    measures_on = True
    wanted = 2
    model: ClassVar[str]
    chips: ClassVar[Mapping[int, int]]
    """What each module answers to the question for its chip."""
    registers: ClassVar[Mapping[int, Mapping[int, int]]]
    """By module, data registers and how many samples a packet of each holds."""
    accel_rate_base: ClassVar[int]
    accel_counts_per_g: ClassVar[Mapping[int, float]]

    def __init__(self, motion: PersonMotion) -> None:
        super().__init__(motion)
        self._reset()

    def _reset(self) -> None:
        self._rates_hz = dict[int, float]()
        self._scales = dict[int, float]()
        self._on = {(module, switch): False for module in (ACCEL, GYRO) for switch in (POWER, SAMPLING)}
        self._told = {module: set[int]() for module in (ACCEL, GYRO)}

    @property
    def services(self) -> dict[str, tuple[Row, ...]]:
        """Its table."""
        own = {SERVICE: (Row(COMMAND, (WRITE, WRITE_COMMAND)), Row(DATA, (NOTIFY,)))}
        told = information_service(manufacturer="MbientLab Inc", model=self.model, serial="04A1B2", firmware="1.7.3")
        return {**own, **battery_service(), **told}

    def _command(self, uuid: str, data: bytes) -> bool:
        if uuid != COMMAND or len(data) < 2:
            return False
        if data == READ_BATTERY:
            self._reply(DATA, READ_BATTERY + struct.pack("<BH", BATTERY_PERCENT, MILLIVOLTS))
        elif data == RESET:
            self._reset()
        elif data[0] in self.chips and data[1:] == WHO_ARE_YOU:
            self._reply(DATA, data + bytes([self.chips[data[0]], 0]))
        elif data[0] not in self.chips or not self._set(data[0], data[1], data[2:]):
            return False
        self._start_or_end()
        return True

    def _set(self, module: int, register: int, value: bytes) -> bool:
        """Write a register of a motion module."""
        if register == CONFIGURE:
            return len(value) == 2 and self._configure(module, value[0], value[1])
        if register == SAMPLING and len(value) == 2:
            self._on[module, SAMPLING] = bool(value[0]) or (self._on[module, SAMPLING] and not value[1])
        elif register == POWER and len(value) == 1:
            self._on[module, POWER] = bool(value[0])
        elif register in self.registers[module] and len(value) == 1:
            (self._told[module].add if value[0] else self._told[module].discard)(register)
        else:
            return False
        return True

    def _configure(self, module: int, rate: int, full_scale: int) -> bool:
        base = self.accel_rate_base if module == ACCEL else 0x20
        scales = self.accel_counts_per_g if module == ACCEL else GYRO_COUNTS_PER_DPS
        if rate & 0xF0 != base or rate & 0xF not in RATES_HZ or full_scale not in scales:
            return False
        self._rates_hz[module], self._scales[module] = RATES_HZ[rate & 0xF] * FAST_BY, scales[full_scale]
        self._end(str(module))
        return True

    def _start_or_end(self) -> None:
        for module in (ACCEL, GYRO):
            runs = module in self._rates_hz and self._told[module]
            runs = runs and self._on[module, POWER] and self._on[module, SAMPLING]
            if not runs:
                self._end(str(module))
            elif str(module) not in self._streams:
                self._begin(str(module), self._packets(module, min(self._told[module]), self.now_s))

    def _packets(self, module: int, register: int, from_s: float) -> Iterator[Told]:
        n, rate_hz = self.registers[module][register], self._rates_hz[module]
        later_s = GYRO_LATER_S if module == GYRO else 0.0
        while True:
            t_s, g, dps = self.motion.steps(from_s, rate_hz, n)
            values = counts(g if module == ACCEL else dps, 1 / self._scales[module])
            yield Told(float(t_s[-1]) + later_s, DATA, bytes([module, register]) + values.tobytes())
            from_s = float(t_s[-1]) + 1 / rate_hz


class MetaMotionBmi160(MetaMotion):
    """R, RL, C."""

    name = "metamotion_bmi160"
    model = "5"
    chips: ClassVar[Mapping[int, int]] = {ACCEL: 1, GYRO: 0}
    registers: ClassVar[Mapping[int, Mapping[int, int]]] = {ACCEL: {0x04: 1, 0x1C: 3}, GYRO: {0x05: 1, 0x07: 3}}
    accel_rate_base = 0x20
    accel_counts_per_g: ClassVar[Mapping[int, float]] = {3: 16384.0, 5: 8192.0, 8: 4096.0, 12: 2048.0}


class MetaMotionBmi270(MetaMotion):
    """S."""

    name = "metamotion_bmi270"
    model = "8"
    chips: ClassVar[Mapping[int, int]] = {ACCEL: 4, GYRO: 1}
    registers: ClassVar[Mapping[int, Mapping[int, int]]] = {ACCEL: {0x04: 1, 0x05: 3}, GYRO: {0x04: 1, 0x05: 3}}
    accel_rate_base = 0xA0
    accel_counts_per_g: ClassVar[Mapping[int, float]] = {0: 16384.0, 1: 8192.0, 2: 4096.0, 3: 2048.0}
