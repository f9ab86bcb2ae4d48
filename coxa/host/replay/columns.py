"""What a CSV's columns are called and which units they are in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from coxa.host.errors import RecordingError
from coxa.host.samples import STANDARD_GRAVITY_MPS2

AccelUnit: TypeAlias = Literal["m_s2", "g", "mg"]
GyroUnit: TypeAlias = Literal["rad_s", "dps", "mdps"]
TimeUnit: TypeAlias = Literal["s", "ms", "us", "ns"]

NAMES = ("t_s", "ax_m_s2", "ay_m_s2", "az_m_s2", "gx_rad_s", "gy_rad_s", "gz_rad_s")
"""The header of coxa's own CSV."""
KEYS = ("t", "ax", "ay", "az", "gx", "gy", "gz")
"""What `--columns` calls them."""

ACCEL_MPS2: dict[str, float] = {"m_s2": 1.0, "g": STANDARD_GRAVITY_MPS2, "mg": STANDARD_GRAVITY_MPS2 / 1000}
GYRO_RADPS: dict[str, float] = {"rad_s": 1.0, "dps": math.pi / 180, "mdps": math.pi / 180_000}
TIME_S: dict[str, float] = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """How to read a CSV: the names of the seven columns, in the order of `NAMES`, and their units."""

    names: tuple[str, ...] = NAMES
    accel_unit: AccelUnit = "m_s2"
    gyro_unit: GyroUnit = "rad_s"
    time_unit: TimeUnit = "s"

    @property
    def factors(self) -> tuple[float, ...]:
        """What each column is multiplied with to come to s, m/s2 and rad/s."""
        accel, gyro = ACCEL_MPS2[self.accel_unit], GYRO_RADPS[self.gyro_unit]
        return (TIME_S[self.time_unit], accel, accel, accel, gyro, gyro, gyro)


def parse_columns(text: str) -> tuple[str, ...]:
    """The seven column names of `--columns`: `time,acc_x,...` in order, or `t=time,ax=acc_x,...` in any order.

    Keys left out keep coxa's own name.

    Raises:
        RecordingError: not seven names, or a key that does not exist.
    """
    parts = [part.strip() for part in text.split(",")]
    if not any("=" in part for part in parts):
        if len(parts) != len(KEYS) or not all(parts):
            raise RecordingError(
                f"--columns: expected 7 names in the order {','.join(KEYS)}, found {len(parts)}: '{text}'"
            )
        return tuple(parts)
    named = dict(zip(KEYS, NAMES, strict=True))
    for part in parts:
        key, _, name = part.partition("=")
        if key.strip() not in named or not name.strip():
            raise RecordingError(f"--columns: expected KEY=NAME with KEY one of {', '.join(KEYS)}, found '{part}'")
        named[key.strip()] = name.strip()
    return tuple(named.values())
