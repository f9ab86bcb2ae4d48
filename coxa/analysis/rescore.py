"""Today's detectors over one recorded session: a new result beside the old, and what differs. No writing here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache
from importlib.metadata import version
from statistics import median
from typing import Any, cast

import pandas as pd

from coxa.analysis.load_session import Content, content_of, load_session
from coxa.host.errors import LogError
from coxa.host.events import Event, to_json
from coxa.host.exercises.spec import lent
from coxa.host.log import Session, session_items
from coxa.host.log.corrections import Correction, lines_of
from coxa.host.log.header import COUNTED_BY, specs_of
from coxa.host.log.tables import HOLD_TYPES, REP_TYPES, parquet, tables
from coxa.host.replay.run import larger
from coxa.host.routine import Coach
from coxa.host.strict_json import json_text

RESULT = "result.json"
"""Written last: a result without it is not whole."""


@dataclass(frozen=True, slots=True)
class SetCount:
    """What was counted in one set."""

    exercise: str
    side: str | None
    reps: int
    rejected: int
    holds: int
    verified_holds: int
    held_s: float
    rom_deg: float | None
    """Median of what was counted; None where nothing was."""


@dataclass(frozen=True, slots=True)
class SetChange:
    """One set before and after; None where it was not seen."""

    old: SetCount | None
    new: SetCount | None
    corrected: int | None = None
    """Repetitions as a person said afterwards."""

    @property
    def changed(self) -> bool:
        """Whether people would read other counts than before."""
        return self.old is None or self.new is None or _key_figures(self.old) != _key_figures(self.new)


@dataclass(frozen=True, slots=True)
class Rescored:
    """The new result of one session."""

    session_id: str
    folder: str
    """Where it belongs inside the session's folder: one sub-folder for each version of coxa."""
    files: dict[str, bytes] = field(repr=False)
    """Content by name, in the order in which it is to be written; the same session gives the same bytes."""
    changes: tuple[SetChange, ...]
    corrections: bytes = field(repr=False)
    """A corrections.jsonl of what people said, by the new numbers of the sets; not of sets that are gone."""


def rescore(session: Session) -> Rescored:
    """Count a recorded session anew.

    Raises:
        LogError: its recording or its old result cannot be read.
        SpecError: it asks for an exercise that neither the library nor the session has, or the session's is wrong.
    """
    if not session.is_whole():
        raise LogError(f"{session.folder}: packets.arrows is damaged or cut off; a part would give other counts")
    old = load_session(str(session.folder), _content(session))
    with lent(session.lacking()):
        coach = Coach(session.plan)
        events = [e for item in larger(session_items(session)) for e in coach.feed(item)] + coach.finish()
        about = _about(session)
    reps, holds = tables(session.header.session_id, events)
    before, after = set_counts(old.reps.to_pandas(), old.holds.to_pandas()), set_counts(reps, holds)
    files = {
        "events.jsonl": _lines(events),
        "reps.parquet": parquet(reps, REP_TYPES),
        "holds.parquet": parquet(holds, HOLD_TYPES),
        RESULT: about,
    }
    pairs = set_pairs(before, after)
    numbers = {i: j for i, j in pairs if i is not None and j is not None}
    said = [replace(c, set_index=numbers[c.set_index]) for c in old.corrections if c.set_index in numbers]
    changes = set_changes(before, after, pairs, old.corrections)
    return Rescored(session.header.session_id, f"rescored/{versions()['coxa']}", files, changes, lines_of(said))


def header_of_copy(session: Session) -> bytes:
    """A session.json for a new result that stands in a log of its own."""
    made_by = {**session.header.versions, **versions()}
    with lent(session.lacking()):
        header = replace(session.header, versions=made_by, specs=specs_of(session.plan))
    return header.to_json().encode()


@cache
def versions() -> dict[str, str]:
    """What the result depends on."""
    return {name: version(name) for name in COUNTED_BY}


def set_counts(reps: pd.DataFrame, holds: pd.DataFrame) -> dict[int, SetCount]:
    """The counts of each set of one session, by its index, from tables as in `coxa.host.log.tables`."""
    rows = dict[int, tuple[list[Any], list[Any]]]()
    names = ["set_index", "exercise", "side", "rom_deg"]
    for which, table in enumerate((reps[[*names, "counted"]], holds[[*names, "verified", "held_s"]])):
        for row in table.itertuples(index=False):
            rows.setdefault(cast(Any, row).set_index, ([], []))[which].append(row)
    return {int(index): _count(*rows[index]) for index in sorted(rows)}


def _count(reps: list[Any], holds: list[Any]) -> SetCount:
    first = (*reps, *holds)[0]
    counted = [row for row in reps if row.counted]
    sizes = [float(row.rom_deg) for row in counted or holds if pd.notna(row.rom_deg)]
    return SetCount(
        str(first.exercise),
        first.side if isinstance(first.side, str) else None,
        reps=len(counted),
        rejected=len(reps) - len(counted),
        holds=len(holds),
        verified_holds=sum(bool(row.verified) for row in holds),
        held_s=sum(float(row.held_s) for row in holds),
        rom_deg=median(sizes) if sizes else None,
    )


def set_changes(
    old: dict[int, SetCount],
    new: dict[int, SetCount],
    pairs: list[tuple[int | None, int | None]],
    corrections: Sequence[Correction] = (),
) -> tuple[SetChange, ...]:
    """Sets of both results side by side, as `set_pairs` has them, with what a person said of the old ones."""
    said = {c.set_index: c.reps for c in corrections}
    return tuple(
        SetChange(
            None if i is None else old[i],
            None if j is None else new[j],
            None if i is None else said.get(i),
        )
        for i, j in pairs
    )


def set_pairs(old: dict[int, SetCount], new: dict[int, SetCount]) -> list[tuple[int | None, int | None]]:
    """The indices of sets that belong together, those of the same exercise and side in the same order; None where one
    result lacks the set.
    """
    before, after = list(old), list(new)
    match = SequenceMatcher(None, [_what(old[i]) for i in before], [_what(new[j]) for j in after], autojunk=False)
    pairs = list[tuple[int | None, int | None]]()
    for tag, i, i_end, j, j_end in match.get_opcodes():
        if tag == "equal":
            pairs += zip(before[i:i_end], after[j:j_end], strict=True)
        else:
            pairs += [*((k, None) for k in before[i:i_end]), *((None, k) for k in after[j:j_end])]
    return pairs


def _what(count: SetCount) -> tuple[str, str | None]:
    return count.exercise, count.side


def _key_figures(count: SetCount) -> tuple[object, ...]:
    rom_deg = None if count.rom_deg is None else round(count.rom_deg)
    return count.reps, count.rejected, count.holds, count.verified_holds, round(count.held_s, 1), rom_deg


def _content(session: Session) -> Content:
    """The old result's files; of events that are damaged those before, as this counts the rest anew."""
    return {**content_of(session.folder), "events.jsonl": _lines(session.events_so_far())}


def _lines(events: list[Event]) -> bytes:
    return "".join(to_json(e) + "\n" for e in events).encode()


def _about(session: Session) -> bytes:
    about = {"session_id": session.header.session_id, "versions": versions(), "specs": specs_of(session.plan)}
    return json_text(about, indent=1).encode()
