"""Recordings as CSV, in and out: `t_s,ax_m_s2,ay_m_s2,az_m_s2,gx_rad_s,gy_rad_s,gz_rad_s`, plain or gzipped."""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd

from coxa.host.bounded import read_text
from coxa.host.errors import RecordingError
from coxa.host.limits import RECORDING_BYTES, shown
from coxa.host.replay.length import LEAST_S, checked_length
from coxa.host.samples import (
    LEAST_HZ,
    MAX_GYRO_RADPS,
    STANDARD_GRAVITY_MPS2,
    FloatArray,
    Gap,
    SampleBlock,
    StreamItem,
)
from coxa.host.strict_json import TooMuchError

COLUMNS = ("t_s", "ax_m_s2", "ay_m_s2", "az_m_s2", "gx_rad_s", "gy_rad_s", "gz_rad_s")
ACCEL_UNITS = {"m_s2": 1.0, "g": STANDARD_GRAVITY_MPS2, "mg": STANDARD_GRAVITY_MPS2 / 1000}
GYRO_UNITS = {"rad_s": 1.0, "deg_s": math.pi / 180}
TIME_UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6}
GAP_PERIODS = 2.5
"""A step longer than this many sampling periods is a gap; clock jitter stays below 1.5 periods."""
RATE_HZ = (LEAST_HZ, 450.0)
"""Rates that coxa can use, with some room about the 25 to 400 Hz that it promises."""
MAX_ACCEL_MPS2 = 400.0
"""No IMU for bodies measures more (40 g)."""
LOCAL_SAMPLES = 51
"""The usual period is looked for among so many steps: sensors change their rate in mid recording."""
BLOCK_SAMPLES = 4096
ROWS = 65_536
"""Rows that are text in memory at one time; as numbers they need a twentieth."""


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """How a foreign file names and measures what coxa needs."""

    columns: dict[str, str] = field(default_factory=dict[str, str])
    """Own column name to the file's, where they differ."""
    accel_unit: str = "m_s2"
    gyro_unit: str = "rad_s"
    time_unit: str = "s"


def read_csv(path: Path, how: CsvFormat | None = None) -> list[StreamItem]:
    """The whole recording, checked: blocks of samples with gaps between them.

    Raises:
        RecordingError: the file cannot be used; the text says which row and column, what was found and expected.
    """
    how = how or CsvFormat()
    table = _parsed(path, _content(path), how)
    t_s = table[:, 0] * TIME_UNITS[how.time_unit]
    accel = table[:, 1:4] * ACCEL_UNITS[how.accel_unit]
    gyro = table[:, 4:7] * GYRO_UNITS[how.gyro_unit]
    _check_time(path, t_s)
    _check_units(path, accel, gyro)
    return checked_length(path, _cut(SampleBlock(t_s, accel, gyro)))


def write_csv(path: Path, block: SampleBlock) -> None:
    """Write samples in the same format; gzipped where the name ends in `.gz`."""
    table = np.column_stack([block.t_s, block.accel_mps2, block.gyro_radps])
    rows = "\n".join(f"{r[0]:.6f},{r[1]:.4f},{r[2]:.4f},{r[3]:.4f},{r[4]:.5f},{r[5]:.5f},{r[6]:.5f}" for r in table)
    data = (",".join(COLUMNS) + "\n" + rows + "\n").encode()
    path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise RecordingError(f"{path}: is a folder without a session in it; name a file")
    try:
        data = read_text(path, RECORDING_BYTES, packed_name=path.suffix == ".gz")
    except TooMuchError as error:
        raise RecordingError(f"{path}: {error}; expected CSV with the header {','.join(COLUMNS)}") from None
    except FileNotFoundError:
        raise RecordingError(f"{path}: no such file") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RecordingError(f"{path}: the gzip data is damaged or cut off ({error})") from error
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        raise RecordingError(f"{path}: cannot be read ({why})") from error
    if not data.strip():
        raise RecordingError(f"{path}: the file is empty; expected a header and rows")
    return data


def _parsed(path: Path, data: bytes, how: CsvFormat) -> FloatArray:
    """(n, 7) numbers, in the order of `COLUMNS`."""
    try:
        header = [str(c) for c in pd.read_csv(BytesIO(data), nrows=0, encoding="utf-8-sig").columns]
        wanted = [how.columns.get(c, c) for c in COLUMNS]
        missing = [w for w in wanted if w not in header]
        if len(header) == 1 and any(sign in header[0] for sign in ";\t"):
            raise RecordingError(
                f"{path}: row 1: columns are parted by {';' if ';' in header[0] else 'tabs'}; expected commas between "
                "columns and a point in numbers"
            )
        if missing:
            raise RecordingError(
                f"{path}: row 1: column {missing[0]} is missing; found {shown(','.join(header))}; "
                f"expected {','.join(wanted)} (other names can be mapped with --column)"
            )
        _check_fields(path, data)
        with pd.read_csv(
            BytesIO(data),
            usecols=wanted,
            chunksize=ROWS,
            dtype=str,
            encoding="utf-8-sig",
            keep_default_na=False,
            index_col=False,
        ) as parts:
            tables = [_numbers(path, part[wanted]) for part in parts]
    except UnicodeDecodeError as error:
        raise RecordingError(f"{path}: not UTF-8 text at byte {error.start}; expected CSV") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise RecordingError(f"{path}: not a table: {str(error).strip()}") from None
    if not any(map(len, tables)):
        raise RecordingError(f"{path}: a header but no rows")
    return np.concatenate(tables)


def _check_fields(path: Path, data: bytes) -> None:
    """A row with more fields than the header has all its numbers in other columns. One empty field at the end of each
    is how some programs write; within quotes a comma parts nothing, and those rows are not looked at.

    Raises:
        RecordingError: there is such a row.
    """
    if b'"' in data:
        return
    text = np.frombuffer(data, dtype=np.uint8)
    ends = np.append(np.flatnonzero(text == ord("\n")), len(text))
    starts = np.append(0, ends[:-1] + 1)
    if starts[-1] == len(text):
        starts, ends = starts[:-1], ends[:-1]
    commas = np.add.reduceat(text == ord(","), starts, dtype=np.int64)
    header = int(np.flatnonzero(commas)[0])
    last = np.where(text[ends - 1] == ord("\r"), ends - 2, ends - 1).clip(0)
    over = (commas > commas[header]) & ~((commas == commas[header] + 1) & (text[last] == ord(",")))
    if over.any():
        row = int(over.argmax())
        raise RecordingError(
            f"{path}: row {row + 1}: found {commas[row] + 1} fields, expected the {commas[header] + 1} of the header"
        )


def _numbers(path: Path, frame: pd.DataFrame) -> FloatArray:
    table = np.empty(frame.shape)
    for i, name in enumerate(frame.columns):
        column = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64)
        bad = np.flatnonzero(~np.isfinite(column))
        if len(bad):
            row = int(np.asarray(frame.index)[bad[0]])
            found = shown(frame[name].iloc[bad[0]])
            raise RecordingError(f"{path}: row {row + 2}, column {name}: found {found}, expected a finite number")
        table[:, i] = column
    return table


def _check_time(path: Path, t_s: FloatArray) -> None:
    if len(t_s) < 2:
        raise RecordingError(f"{path}: too short: found {len(t_s)} row; expected at least {LEAST_S:g} s of samples")
    step = np.diff(t_s)
    back = np.flatnonzero(step <= 0)
    if len(back):
        row = int(back[0]) + 1
        how = "stands still" if step[row - 1] == 0 else "runs backwards"
        raise RecordingError(
            f"{path}: row {row + 2}, column t_s: time {how}, found {t_s[row]:g} after {t_s[row - 1]:g}, expected more"
        )
    rate_hz = 1.0 / float(np.median(step))
    if not RATE_HZ[0] <= rate_hz <= RATE_HZ[1]:
        raise RecordingError(
            f"{path}: column t_s: {rate_hz:.4g} samples a second, expected 25 to 400 "
            "(if the times are not in seconds, say so with --time-unit)"
        )


def _check_units(path: Path, accel_mps2: FloatArray, gyro_radps: FloatArray) -> None:
    typical = float(np.median(np.sqrt(np.einsum("ij,ij->i", accel_mps2, accel_mps2))))
    if 0.5 < typical < 2.0:
        raise RecordingError(f"{path}: acceleration is about {typical:.2g}, which looks like g; say --accel-unit g")
    if 500 < typical < 2000:
        raise RecordingError(f"{path}: acceleration is about {typical:.4g}, which looks like mg; say --accel-unit mg")
    for values, limit, names, unit in (
        (accel_mps2, MAX_ACCEL_MPS2, COLUMNS[1:4], "m/s2"),
        (gyro_radps, MAX_GYRO_RADPS, COLUMNS[4:7], "rad/s"),
    ):
        over = np.argwhere(np.abs(values) > limit)
        if len(over):
            row, axis = int(over[0][0]), int(over[0][1])
            hint = "; if the unit is deg/s, say --gyro-unit deg_s" if unit == "rad/s" else ""
            raise RecordingError(
                f"{path}: row {row + 2}, column {names[axis]}: found {values[row, axis]:g} {unit}, "
                f"expected at most {limit:g}{hint}"
            )


def _cut(block: SampleBlock) -> Iterator[StreamItem]:
    step = np.diff(block.t_s)
    period_s = float(np.median(step))
    local_s = pd.Series(step).rolling(LOCAL_SAMPLES, center=True, min_periods=1).median().to_numpy()
    usual_s = np.maximum(np.minimum(local_s, 1.0 / LEAST_HZ), period_s)
    holes = [*(np.flatnonzero(step > GAP_PERIODS * usual_s) + 1).tolist(), len(block)]
    start = 0
    for end in holes:
        for first in range(start, end, BLOCK_SAMPLES):
            yield block.part(first, min(first + BLOCK_SAMPLES, end))
        if end < len(block):
            yield Gap(float(block.t_s[end - 1]) + period_s, float(block.t_s[end]))
        start = end
