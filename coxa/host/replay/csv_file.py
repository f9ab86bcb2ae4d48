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
from coxa.host.errors import RecordingError, reason_of
from coxa.host.limits import RECORDING_BYTES, shown
from coxa.host.replay.csv_rows import find_row, read_header
from coxa.host.replay.length import LEAST_S, checked_length
from coxa.host.samples import (
    GAP_PERIODS,
    LEAST_HZ,
    MAX_ACCEL_MPS2,
    MAX_GYRO_RADPS,
    STANDARD_GRAVITY_MPS2,
    FloatArray,
    Gap,
    SampleBlock,
    StreamItem,
    usual_step_s,
)
from coxa.host.strict_json import TooMuchError

COLUMNS = ("t_s", "ax_m_s2", "ay_m_s2", "az_m_s2", "gx_rad_s", "gy_rad_s", "gz_rad_s")
ACCEL_UNITS = {"m_s2": 1.0, "g": STANDARD_GRAVITY_MPS2, "mg": STANDARD_GRAVITY_MPS2 / 1000}
GYRO_UNITS = {"rad_s": 1.0, "deg_s": math.pi / 180}
TIME_UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6}
RATE_HZ = (LEAST_HZ, 450.0)
"""Rates that coxa can use, with some room about the 25 to 400 Hz that it promises."""
LOCAL_SAMPLES = 51
"""The usual period is looked for among so many steps: sensors change their rate in mid recording."""
BLOCK_SAMPLES = 4096
"""So many samples make a block at most, as a long file is one stretch without a gap."""
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

    Args:
        path: the file, plain or gzipped.
        how: its names and units, where they are not coxa's own.

    Raises:
        RecordingError: the file cannot be used; the text says the row (its line in an editor, blank ones counted) and
            column by the file's own name, what is written there and what was expected.
    """
    how = how or CsvFormat()
    data = _content(path)
    table = _parsed(path, data, how)
    t_s = table[:, 0] * TIME_UNITS[how.time_unit]
    accel = table[:, 1:4] * ACCEL_UNITS[how.accel_unit]
    gyro = table[:, 4:7] * GYRO_UNITS[how.gyro_unit]
    said = _Said(path, data, how)
    _check_time(said, t_s)
    _check_units(said, accel, gyro)
    return checked_length(path, _cut(SampleBlock(t_s, accel, gyro)))


@dataclass(frozen=True, slots=True)
class _Said:
    """Words errors as the file has it: its own lines, column names and values."""

    path: Path
    data: bytes
    how: CsvFormat

    def name(self, column: int) -> str:
        """The file's name of one of `COLUMNS`."""
        return self.how.columns.get(COLUMNS[column], COLUMNS[column])

    def wrong(self, row: int, column: int, what: str) -> RecordingError:
        """The error for one cell; `what` follows what is written there."""
        found = find_row(self.data, row)
        name = self.name(column)
        return RecordingError(f"{self.path}: row {found.line}, column {name}: found {found.cell(name)}, {what}")

    def backwards(self, row: int, how: str) -> RecordingError:
        """The error for a time that is not after the one before."""
        found, name = find_row(self.data, row), self.name(0)
        before = find_row(self.data, row - 1)
        return RecordingError(
            f"{self.path}: row {found.line}, column {name}: time {how}, found {found.cell(name)} after "
            f"{before.cell(name)} in row {before.line}, expected more"
        )


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
        raise RecordingError(f"{path}: cannot be read ({reason_of(error)})") from error
    if not data.strip():
        raise RecordingError(f"{path}: the file is empty; expected a header and rows")
    return data


def _parsed(path: Path, data: bytes, how: CsvFormat) -> FloatArray:
    """(n, 7) numbers, in the order of `COLUMNS`."""
    wanted = [how.columns.get(c, c) for c in COLUMNS]
    try:
        _check_header(path, data, wanted)
        _check_fields(path, data)
        with pd.read_csv(
            BytesIO(data),
            usecols=wanted,
            chunksize=ROWS,
            dtype=str,
            encoding="utf-8-sig",
            keep_default_na=False,
            index_col=False,
            skipinitialspace=True,
        ) as parts:
            tables = [_numbers(path, data, part[wanted]) for part in parts]
    except UnicodeDecodeError as error:
        raise RecordingError(f"{path}: not UTF-8 text at byte {error.start}; expected CSV") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise RecordingError(f"{path}: not a table: {str(error).strip()}") from None
    if not any(map(len, tables)):
        raise RecordingError(f"{path}: a header but no rows")
    return np.concatenate(tables)


def _check_header(path: Path, data: bytes, wanted: list[str]) -> None:
    """Raises RecordingError: a column is missing or stands there twice, or no commas part the columns."""
    line, header = read_header(data)
    if len(header) == 1 and any(sign in header[0] for sign in ";\t"):
        signs = "semicolons" if ";" in header[0] else "tabs"
        raise RecordingError(
            f"{path}: row {line}: columns are parted by {signs}; expected commas between columns and a point in numbers"
        )
    for name in wanted:
        if header.count(name) > 1:
            raise RecordingError(f"{path}: row {line}: column {name} stands there twice; rename one of them")
        if name not in header:
            raise RecordingError(
                f"{path}: row {line}: column {name} is missing; found {shown(','.join(header), 200)}; "
                f"expected {','.join(wanted)} (other names can be mapped with --column)"
            )


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


def _numbers(path: Path, data: bytes, frame: pd.DataFrame) -> FloatArray:
    table = np.empty(frame.shape)
    for i, name in enumerate(frame.columns):
        column = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64)
        bad = np.flatnonzero(~np.isfinite(column))
        if len(bad):
            line = find_row(data, int(np.asarray(frame.index)[bad[0]])).line
            found = shown(frame[name].iloc[bad[0]])
            raise RecordingError(f"{path}: row {line}, column {name}: found {found}, expected a finite number")
        table[:, i] = column
    return table


def _figure(rate_hz: float) -> str:
    """'6.25', '50,000': a rate that people read."""
    return f"{rate_hz:,.0f}" if rate_hz >= 1000 else f"{rate_hz:.4g}"


def _check_time(said: _Said, t_s: FloatArray) -> None:
    if len(t_s) < 2:
        raise RecordingError(
            f"{said.path}: too short: found {len(t_s)} row; expected at least {LEAST_S:g} s of samples"
        )
    step = np.diff(t_s)
    back = np.flatnonzero(step <= 0)
    if len(back):
        row = int(back[0]) + 1
        raise said.backwards(row, "stands still" if step[row - 1] == 0 else "runs backwards")
    rate_hz = 1.0 / usual_step_s(step)
    if not RATE_HZ[0] <= rate_hz <= RATE_HZ[1]:
        raise RecordingError(
            f"{said.path}: column {said.name(0)}: {_figure(rate_hz)} samples a second, expected 25 to 400 "
            f"(its times were taken for {said.how.time_unit}; if they are in others of {', '.join(TIME_UNITS)}, "
            "say so with --time-unit)"
        )


def _check_units(said: _Said, accel_mps2: FloatArray, gyro_radps: FloatArray) -> None:
    """Raises RecordingError: the numbers must be of another unit than was said, or are more than anybody moves."""
    how = said.how
    size_mps2 = np.sqrt(np.einsum("ij,ij->i", accel_mps2, accel_mps2))
    typical, most = (float(v) for v in np.quantile(size_mps2, [0.5, 0.99]))
    for unit in ("g", "mg"):
        one_g = STANDARD_GRAVITY_MPS2 / ACCEL_UNITS[unit]
        # of a sensor that lacks an axis little may be left of gravity, but not whatever it does
        if how.accel_unit == "m_s2" and abs(typical - one_g) < 0.25 * one_g and most < 4.0 * one_g:
            raise RecordingError(
                f"{said.path}: acceleration is about {typical:.4g}, which looks like {unit}; say --accel-unit {unit}"
            )
    for values, limit, first, unit, factor in (
        (accel_mps2, MAX_ACCEL_MPS2, 1, how.accel_unit, ACCEL_UNITS[how.accel_unit]),
        (gyro_radps, MAX_GYRO_RADPS, 4, how.gyro_unit, GYRO_UNITS[how.gyro_unit]),
    ):
        over = np.argwhere(np.abs(values) > limit)
        if len(over):
            row, axis = int(over[0][0]), int(over[0][1])
            hint = "; if the unit is deg/s, say --gyro-unit deg_s" if unit == "rad_s" else ""
            raise said.wrong(row, first + axis, f"expected at most {limit / factor:.5g} {unit}{hint}")


def _cut(block: SampleBlock) -> Iterator[StreamItem]:
    step = np.diff(block.t_s)
    period_s = usual_step_s(step)
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
