"""Tidy tables beside the raw data, so that pandas, DuckDB, polars and Dask read a session with no help from us."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa

from coxa.host.events import Event, HoldEnded, RepCompleted, RepRejected, by_set
from coxa.host.log.header import SessionHeader
from coxa.host.private_file import put
from coxa.host.samples import SampleBlock

if TYPE_CHECKING:  # every session reads this module, few make tables, and pandas takes a third of a second
    import pandas as pd

ArrowTable: TypeAlias = Any
"""A `pyarrow.Table`; pyarrow comes without types."""
ARROW = {
    "string": pa.string(),
    "category": pa.string(),
    "int32": pa.int32(),
    "Int32": pa.int32(),
    "bool": pa.bool_(),
    "float32": pa.float32(),
    "float64": pa.float64(),
}
"""What columns are on disk, whatever is in them: tables of all sessions are read as one."""
REP_TYPES = {
    "session_id": "string",
    "set_index": "int32",
    "exercise": "category",
    "side": "category",
    "counted": "bool",
    "rep_index": "Int32",
    "start_s": "float64",
    "peak_s": "float64",
    "end_s": "float64",
    "decided_s": "float64",
    "rom_deg": "float64",
    "rom_sd_deg": "float64",
    "up_s": "float64",
    "hold_s": "float64",
    "down_s": "float64",
    "smoothness": "float64",
    "flexion_deg": "float64",
    "abduction_deg": "float64",
    "direction": "category",
    "reason": "string",
    "measured": "float64",
    "needed": "float64",
    "unit": "category",
}
HOLD_TYPES = {
    "session_id": "string",
    "set_index": "int32",
    "exercise": "category",
    "side": "category",
    "start_s": "float64",
    "end_s": "float64",
    "decided_s": "float64",
    "held_s": "float64",
    "target_s": "float64",
    "rom_deg": "float64",
    "rom_sd_deg": "float64",
    "steadiness_deg": "float64",
    "verified": "bool",
    "breaks": "int32",
    "break_s": "float64",
}
SAMPLE_TYPES = {
    "t_s": "float64",
    **dict.fromkeys(("ax_mps2", "ay_mps2", "az_mps2", "gx_radps", "gy_radps", "gz_radps"), "float32"),
}

_MEASURED = (
    "peak_s", "rom_deg", "rom_sd_deg", "up_s", "hold_s", "down_s", "smoothness", "flexion_deg", "abduction_deg",
    "direction",
)  # fmt: skip


def write_tables(folder: Path, header: SessionHeader) -> float | None:
    """Make samples.parquet, reps.parquet and holds.parquet from the raw files; gives the first sample's time."""
    from upath import UPath

    from coxa.host.log.reader import Session

    session = Session(UPath(folder), header)
    packets, blocks = session.packets(), list[SampleBlock]()
    if packets:
        decoder = session.decoder()
        blocks = [i for i in decoder.feed_all(packets) + decoder.finish() if isinstance(i, SampleBlock)]
    reps, holds = tables(header.session_id, session.events())
    put(folder / "samples.parquet", parquet(samples_table(blocks), SAMPLE_TYPES))
    put(folder / "reps.parquet", parquet(reps, REP_TYPES))
    put(folder / "holds.parquet", parquet(holds, HOLD_TYPES))
    return float(blocks[0].t_s[0]) if blocks else None


def samples_table(blocks: list[SampleBlock]) -> pd.DataFrame:
    """One row a sample: time, specific force, angular rate."""
    import pandas as pd

    table = (
        np.concatenate([np.column_stack([b.t_s, b.accel_mps2, b.gyro_radps]) for b in blocks])
        if blocks
        else np.empty((0, 7))
    )
    return pd.DataFrame(table, columns=list(SAMPLE_TYPES)).astype(SAMPLE_TYPES)


def tables(session_id: str, events: list[Event]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a repetition (counted and rejected) and one a hold."""
    reps, holds = list[dict[str, Any]](), list[dict[str, Any]]()
    for set_index, event in by_set(events):
        row = {"session_id": session_id, "set_index": set_index, "exercise": event.exercise, "side": event.side}
        if isinstance(event, HoldEnded):
            holds.append({**row, **_hold_row(event)})
        else:
            reps.append({**row, **_rep_row(event)})
    return _frame(reps, REP_TYPES), _frame(holds, HOLD_TYPES)


def arrow_table(frame: pd.DataFrame, types: dict[str, str]) -> ArrowTable:
    """A frame with columns of these types, as `ARROW` says: an empty column has the type of a full one."""
    schema = pa.schema([(name, ARROW[kind]) for name, kind in types.items()])
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)


def parquet(frame: pd.DataFrame, types: dict[str, str]) -> bytes:
    """A table as Parquet, with a checksum of each page."""
    import pyarrow.parquet as pq

    out = BytesIO()
    pq.write_table(arrow_table(frame, types), out, write_page_checksum=True)
    return out.getvalue()


def _rep_row(event: RepCompleted | RepRejected) -> dict[str, Any]:
    row: dict[str, Any] = {"start_s": event.start_s, "end_s": event.end_s, "decided_s": event.decided_s}
    if isinstance(event, RepCompleted):
        extra = {k: getattr(event, k) for k in _MEASURED}
        return {**row, **extra, "rep_index": event.index, "counted": True}
    extra = {"reason": event.reason, "measured": event.measured, "needed": event.needed, "unit": event.unit}
    return {**row, **extra, "counted": False}


def _hold_row(event: HoldEnded) -> dict[str, Any]:
    same = ("start_s", "end_s", "decided_s", "held_s", "target_s", "rom_deg", "rom_sd_deg", "steadiness_deg")
    breaks = sum(b.end_s - b.start_s for b in event.breaks)
    same_row = {k: getattr(event, k) for k in same}
    return {**same_row, "verified": event.verified, "breaks": len(event.breaks), "break_s": breaks}


def _frame(rows: list[dict[str, Any]], types: dict[str, str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(types)).astype(types)
