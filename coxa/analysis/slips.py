"""What came after a slip of the strap: its angles do not compare with those before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import numpy as np
import pandas as pd

from coxa.host.errors import LogError
from coxa.host.events import Event, TrackingLost, TrackingResumed
from coxa.host.log.reader import whole_events
from coxa.host.reasons import Tracking


def slips_of(events: bytes, where: str) -> tuple[float, ...]:
    """When the strap slipped, by the events of a session, in order; a torn last line is left out.

    Raises:
        LogError: a line in their midst that tells of a slip is damaged: angles after it would be compared with others.
    """
    slipped = Tracking.SLIPPED.encode()
    if slipped not in events:
        return ()
    lines, told = events.split(b"\n"), list[Event]()
    for number, line in enumerate(lines, 1):
        if slipped in line:
            found = whole_events(line + b"\n", where)
            if not found and number < len(lines) - 1:
                raise LogError(f"{where}, line {number}: damaged, or of a newer coxa; restore it from a copy")
            told += found
    return slips_among(told)


def slips_among(events: Iterable[Event]) -> tuple[float, ...]:
    """When the strap slipped, in order."""
    moments = (e for e in events if isinstance(e, TrackingLost | TrackingResumed))
    return tuple(sorted(e.start_s for e in moments if e.reason.startswith(Tracking.SLIPPED)))


def mark_slips(reps: pd.DataFrame, holds: pd.DataFrame, slips_s: Mapping[str, tuple[float, ...]]) -> None:
    """Add the column `after_slip` to both frames: a slip came before the movement's end, on the same thigh.

    For the other thigh the strap is put on anew.

    Args:
        reps: one row a repetition, of any number of sessions.
        holds: one row a hold, likewise.
        slips_s: when the strap slipped, by session; those in which it did not are left out.
    """
    names, columns = list(slips_s), ["session_id", "side", "end_s"]
    slipped = [table.loc[table["session_id"].isin(names), columns] for table in (reps, holds)]
    both = pd.concat(slipped, keys=(0, 1)).astype({"session_id": "object", "side": "object"})
    found = [_after(rows, slips_s[cast(str, name)]) for name, rows in both.groupby("session_id")]
    after = pd.concat(found) if found else pd.Series(index=both.index, dtype="bool")
    for k, table in enumerate((reps, holds)):
        table["after_slip"] = False
        own = after[after.index.get_level_values(0) == k]
        table.loc[own.index.get_level_values(1), "after_slip"] = own.to_numpy()


def _after(rows: pd.DataFrame, slips_s: tuple[float, ...]) -> pd.Series[Any]:
    """Of one session: whether each row came after a slip. A side that is not told is the one before."""
    rows = rows.sort_values("end_s", kind="stable")
    side = rows["side"].ffill()
    moved = (side != side.shift()) & side.shift().notna()
    other_thigh_s = rows["end_s"].shift().where(moved).ffill().fillna(-np.inf)
    next_slip = np.searchsorted(slips_s, other_thigh_s, side="right")
    return rows["end_s"] > np.array([*slips_s, np.inf])[next_slip]
