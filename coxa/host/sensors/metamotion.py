"""MbientLab MetaMotion: the BMI160 boards (R, RL, C) and the BMI270 board (S), where the same bytes mean other things.

Source: MbientLab's public SDK tests (facts only). Streams used: three samples a packet, accelerometer and gyro apart.
Also decoded: single samples, the fuser of both with a sample count, and, to look at, the accelerometer alone with the
board's clock or a count.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, SampleBlock, StreamItem
from coxa.host.sensors.arrival_clock import ArrivalClock
from coxa.host.sensors.device_clock import Unwrapper
from coxa.host.sensors.driver import Advertisement, Capabilities, Driver, Loss, SensorDecoder, Settings, Write, block
from coxa.host.sensors.pairing import Pairer

SERVICE = "326a9000-85cb-9195-d9dd-464cfbbae75a"
COMMAND = "326a9001-85cb-9195-d9dd-464cfbbae75a"
NOTIFY = "326a9006-85cb-9195-d9dd-464cfbbae75a"

ACCEL_COUNTS_PER_G = {2.0: 16384.0, 4.0: 8192.0, 8.0: 4096.0, 16.0: 2048.0}
GYRO_COUNTS_PER_DPS = {2000.0: 16.4, 1000.0: 32.8, 500.0: 65.6, 250.0: 131.2, 125.0: 262.4}
"""Bosch's datasheets of BMI160 and BMI270, sensitivity."""
RATE_CODES = {25.0: 6, 50.0: 7, 100.0: 8, 200.0: 9}
GYRO_RATE_BASE = 0x20
"""Bits that go with a gyro's rate code: its filter's normal mode (Bosch's datasheets, GYR_CONF)."""
GYRO_RANGE_CODES = {2000.0: 0, 1000.0: 1, 500.0: 2, 250.0: 3, 125.0: 4}
SAMPLE_BYTES, SINGLE_BYTES, PACKED_BYTES = 6, 8, 20
"""Three counts of 16 bits; a packet of one sample and of three, [module, register] before them."""
FUSED_BYTES = 19
"""[module, register, processor, count u32, accelerometer, gyro]."""
ACCOUNTED_BYTES = 13
"""[module, register, processor, tick or count u32, accelerometer]; a gyro's would look the same."""
TICK_S = 48 / 32768
"""Of the board's clock."""
LEAST_TICKS = 3
"""Between samples at 200 Hz; numbers nearer to each other are counts."""
ACCEL, GYRO = 0x03, 0x13
"""Modules. The registers below are the same in both, on both chips."""
POWER, SAMPLING, CONFIGURE = 0x01, 0x02, 0x03
"""Begins and ends measuring; lets samples through (bits to set, bits to clear); rate and range."""
BATTERY = b"\x11\x8c"
"""Module of the settings, register of the battery to read."""
PROCESSED = b"\x09\x03"
"""Module of the processors on the board, register of what they give."""
PAUSE_S = 0.05
"""Between commands, so that the board has taken one before the next comes."""
RESTART_COUNTS = 3
"""So many counts in a row that lie behind mean that the board's count began again."""
MODELS = {"5": "metamotion_bmi160", "6": "metamotion_bmi160", "8": "metamotion_bmi270"}
"""Model numbers of the device information (MetaMotion R and RL, C, S), and whose they are."""


@dataclass(frozen=True, slots=True)
class Chip:
    """Registers of one board's motion chip, as (module, register)."""

    accel_single: bytes
    accel_packed: bytes
    gyro_single: bytes
    gyro_packed: bytes
    accel_rate_base: int
    """Bits that go with an accelerometer's rate code: its filter (Bosch's datasheets, ACC_CONF)."""
    accel_range_codes: dict[float, int]


BMI160 = Chip(b"\x03\x04", b"\x03\x1c", b"\x13\x05", b"\x13\x07", 0x20, {2.0: 3, 4.0: 5, 8.0: 8, 16.0: 12})
BMI270 = Chip(b"\x03\x04", b"\x03\x05", b"\x13\x04", b"\x13\x05", 0xA0, {2.0: 0, 4.0: 1, 8.0: 2, 16.0: 3})


class MetamotionDecoder(SensorDecoder):
    """Decodes packets of one chip; both streams are stamped as they arrive and the gyro laid onto the accelerometer."""

    def __init__(self, settings: Settings, chip: Chip) -> None:
        super().__init__()
        self._accel_scale = STANDARD_GRAVITY_MPS2 / ACCEL_COUNTS_PER_G[settings.accel_range_g]
        self._gyro_scale = math.radians(1.0 / GYRO_COUNTS_PER_DPS[settings.gyro_range_dps])
        self._accel_clock = ArrivalClock(settings.rate_hz, self.stats)
        self._gyro_clock = ArrivalClock(settings.rate_hz, self.stats)
        self._fused_clock = ArrivalClock(settings.rate_hz, self.stats)
        self._pairer = Pairer(settings.rate_hz, self.stats, lone_halves=settings.lone_halves)
        self._count, self._unwrap, self._behind = -1, Unwrapper(32), 0
        """Newest count of a fused stream, -1 before the first, and how many in a row have come that lie before it."""
        self._accounted = dict[int, FloatArray]() if settings.lone_halves else None
        """Accelerometer samples by tick or count, whichever it is: that shows only in several."""
        self._period_s = 1.0 / settings.rate_hz
        self._fuses: bool | None = None
        """Whether the first stream was a fused one."""
        self._sizes = {
            (chip.accel_single, SINGLE_BYTES): "accel",
            (chip.accel_packed, PACKED_BYTES): "accel",
            (chip.gyro_single, SINGLE_BYTES): "gyro",
            (chip.gyro_packed, PACKED_BYTES): "gyro",
            (PROCESSED, FUSED_BYTES): "fused",
        }
        self._streams = {chip.accel_single, chip.accel_packed, chip.gyro_single, chip.gyro_packed}

    @property
    def rate_hz(self) -> float | None:
        return 1.0 / (self._accel_clock if self._count < 0 else self._fused_clock).period_s

    def _take(self, characteristic: str, data: bytes, arrival_s: float) -> list[StreamItem]:
        head = data[:2]
        stream = self._sizes.get((head, len(data)))
        if stream is not None and not self._one_clock(stream):
            self.stats.other += 1
            return []
        match stream:
            case "accel":
                return self._on_accel(self._accel_clock.feed(self._halves(data[2:], "accel"), arrival_s))
            case "gyro":
                return self._on_gyro(self._gyro_clock.feed(self._halves(data[2:], "gyro"), arrival_s))
            case "fused":
                return self._fused(data, arrival_s)
            case _:
                pass
        if head == PROCESSED and len(data) == ACCOUNTED_BYTES and self._accounted is not None:
            stamp = self._unwrap(int.from_bytes(data[3:7], "little"))
            self.stats.duplicates += stamp in self._accounted
            self._accounted.setdefault(stamp, self._halves(data[7:], "accel")[0, :3])
            return []
        if head == BATTERY and len(data) >= 3 and data[2] <= 100:
            self.battery_percent = data[2]
        if head in self._streams or len(data) < 2:
            self.stats.truncated += 1
        else:
            self.stats.other += 1
        return []

    def _rest(self) -> list[StreamItem]:
        items = self._fused_clock.finish()
        items += self._on_accel(self._accel_clock.finish())
        items += self._on_gyro(self._gyro_clock.finish())
        items += self._pairer.finish()
        return items if items or self.stats.samples else self._accounted_rest()

    def _one_clock(self, stream: str) -> bool:
        """Whether a stream goes with the first one: a board sends raw ones or a fused one, both would be two clocks."""
        if self._fuses is None:
            self._fuses = stream == "fused"
        return self._fuses == (stream == "fused")

    def _halves(self, body: bytes, which: str) -> FloatArray:
        """(n, 6) values, the half that is not there NaN."""
        values = np.full((len(body) // SAMPLE_BYTES, 6), np.nan)
        counts = np.frombuffer(body, "<i2").reshape(-1, 3)
        if which == "accel":
            values[:, :3] = counts * self._accel_scale
        else:
            values[:, 3:] = counts * self._gyro_scale
        return values

    def _on_accel(self, items: list[StreamItem]) -> list[StreamItem]:
        blocks = [i for i in items if isinstance(i, SampleBlock)]
        return [item for b in blocks for item in self._pairer.accel(b.t_s, b.accel_mps2)]

    def _on_gyro(self, items: list[StreamItem]) -> list[StreamItem]:
        blocks = [i for i in items if isinstance(i, SampleBlock)]
        return [item for b in blocks for item in self._pairer.gyro(b.t_s, b.gyro_radps)]

    def _fused(self, data: bytes, arrival_s: float) -> list[StreamItem]:
        skipped = self._skipped(int.from_bytes(data[3:7], "little"))
        if skipped is None:
            return []
        counts = np.frombuffer(data, "<i2", offset=7)
        values = np.concatenate([counts[:3] * self._accel_scale, counts[3:] * self._gyro_scale])
        return self._fused_clock.feed(values[None], arrival_s, skipped)

    def _accounted_rest(self) -> list[StreamItem]:
        """Samples with the board's own stamps, or with counts; only where no others came, whose time is another."""
        if not self._accounted:
            return []
        stamps = np.array(sorted(self._accounted), dtype=np.float64)
        accel = np.array([self._accounted[int(s)] for s in stamps])
        counts = len(stamps) > 1 and float(np.median(np.diff(stamps))) < LEAST_TICKS
        self._accounted.clear()
        return [block(stamps * (self._period_s if counts else TICK_S), accel, None)]

    def _skipped(self, raw: int) -> int | None:
        """Samples missing before this count; None where it has come before."""
        count = self._unwrap(raw)
        if self._count < 0 or count > self._count:
            skipped = 0 if self._count < 0 else count - self._count - 1
            self._count, self._behind = count, 0
            return skipped
        self._behind += 1
        if self._behind < RESTART_COUNTS:
            self.stats.duplicates += 1
            return None
        self.stats.restarts += 1
        self._unwrap.restart(raw)
        self._count, self._behind = raw, 0
        return 0


class Metamotion(Driver):
    """What both boards share."""

    chip: ClassVar[Chip]
    defaults = Settings(50.0, 8.0, 1000.0)

    def match(self, said: Advertisement) -> bool:
        """Which chip is inside shows only once connected (`identify`)."""
        return SERVICE in said.service_uuids or said.name.startswith("MetaWear")

    def identify(self, model: str) -> str | None:
        theirs = MODELS.get(model, self.name)
        if theirs == self.name:
            return None
        return f"is model {model}, with another chip than {self.title}: use --sensor {theirs}"

    def subscribe(self) -> tuple[str, ...]:
        return (NOTIFY,)

    def start(self, settings: Settings) -> tuple[Write, ...]:
        chip, code = self.chip, RATE_CODES[settings.rate_hz]
        accel = bytes([ACCEL, CONFIGURE, chip.accel_rate_base | code, chip.accel_range_codes[settings.accel_range_g]])
        gyro = bytes([GYRO, CONFIGURE, GYRO_RATE_BASE | code, GYRO_RANGE_CODES[settings.gyro_range_dps]])
        commands = [accel, gyro, chip.accel_packed + b"\x01", chip.gyro_packed + b"\x01"]
        commands += [bytes([module, SAMPLING, 1, 0]) for module in (ACCEL, GYRO)]
        commands += [bytes([module, POWER, 1]) for module in (ACCEL, GYRO)]
        return tuple(Write(COMMAND, c, pause_s=PAUSE_S) for c in commands)

    def stop(self) -> tuple[Write, ...]:
        commands = [bytes([module, POWER, 0]) for module in (ACCEL, GYRO)]
        commands += [bytes([module, SAMPLING, 0, 1]) for module in (ACCEL, GYRO)]
        commands += [self.chip.accel_packed + b"\x00", self.chip.gyro_packed + b"\x00"]
        return tuple(Write(COMMAND, c, pause_s=PAUSE_S) for c in commands)

    def ask_battery(self) -> tuple[Write, ...]:
        return (Write(COMMAND, BATTERY),)

    def decoder(self, settings: Settings) -> MetamotionDecoder:
        return MetamotionDecoder(settings, self.chip)


def _capabilities(evidence: str) -> Capabilities:
    return Capabilities(
        clock="none in the streams that coxa uses",
        loss=Loss.UNSEEN,
        rates_hz=tuple(RATE_CODES),
        accel_ranges_g=tuple(ACCEL_COUNTS_PER_G),
        gyro_ranges_dps=tuple(GYRO_COUNTS_PER_DPS),
        has_gyro=True,
        battery="asked for in the stream",
        evidence=evidence,
        follows=(
            "Samples carry no time: coxa lays a steady beat under the moments they arrive.",
            "Accelerometer and gyro come apart; they are joined to within the time between two packets.",
            "The first two seconds serve to measure the true rate, so counting starts that much later.",
            "A short loss goes unseen.",
        ),
    )


class MetamotionBmi160(Metamotion):
    """MetaMotion R, RL, C."""

    name = "metamotion_bmi160"
    title = "MbientLab MetaMotion R, RL, C"
    chip = BMI160
    capabilities = _capabilities("the maker's tests")


class MetamotionBmi270(Metamotion):
    """MetaMotion S."""

    name = "metamotion_bmi270"
    title = "MbientLab MetaMotion S"
    chip = BMI270
    capabilities = _capabilities("the maker's tests; of the gyro only its commands")
