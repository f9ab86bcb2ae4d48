"""`coxa rescore`: a whole log counted anew, and what changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table
from upath import UPath

from coxa.analysis.cohort import Job, Outcome, jobs, outcomes
from coxa.analysis.names import held_text
from coxa.analysis.rescore import SetChange, SetCount
from coxa.cli.output import ProgressBar, may_write, narrow_table, nearest, print_table, tell
from coxa.cli.repaired import repaired_log
from coxa.host.bounded import is_local
from coxa.host.errors import LogError
from coxa.host.log import log_folder
from coxa.host.plural import count_of

MOST_ROWS = 40
"""So many changed sets are printed; `--all` prints every one."""


def run(log: str | None, workers: int | None, scheduler: str | None, out: str | None, every: bool) -> int:
    """Rescore, print tables; 1 where a session could not be rescored.

    Raises:
        LogError: the log cannot be read, Dask is missing or no scheduler answers, or there is no right to write.
    """
    out = None if out is None else str(log_folder(out))  # a store that cannot be used is said before the work
    folder = repaired_log(log)
    todo = jobs(folder, out, lambda line: tell(f"left out: {line}"))
    console = Console()
    if not todo:
        console.print(
            f"No finished sessions in {folder}. `coxa demo` makes one.", highlight=False, markup=False, soft_wrap=True
        )
        return 0
    barred = _barred(todo) if scheduler is None else []  # a cluster's workers have rights of their own
    todo = [job for job in todo if job not in barred]
    began_s = time.monotonic()
    done = list[Outcome]()
    bar = ProgressBar("rescore", len(todo), quiet=False, unit="sessions")
    with bar:
        for outcome in outcomes(todo, workers, scheduler):
            done.append(outcome)
            bar.advance()
    took_s = time.monotonic() - began_s
    done.sort(key=lambda o: o.folder)  # they came in any order
    failed = [o for o in done if o.error]
    for outcome in failed:
        tell(f"left out: {outcome.error}")
    good = len(done) - len(failed)
    if not good:
        return 1
    _print(console, done, every)
    console.print(
        f"{count_of(good, 'session')} in {took_s:.1f} s ({good / max(took_s, 1e-3):.1f} a second); the new results "
        f"are in {out or 'rescored/ in the folder of each session'}, the old ones stay as they are.",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    return 1 if failed or barred else 0


def _barred(todo: list[Job]) -> list[Job]:
    """Jobs whose results could not be written, each told; asked before the work.

    Raises:
        LogError: that is so of all.
    """
    no_right = "no right to write the new results there; name another place with --out"
    out = todo[0].out
    if out is not None and is_local(UPath(out)) and not may_write(there := nearest(Path(out))):
        raise LogError(f"{there}: {no_right}")
    if out is not None:
        return []
    barred = [job for job in todo if is_local(UPath(job.folder)) and not may_write(Path(job.folder))]
    if len(barred) == len(todo):
        raise LogError(f"{todo[0].folder}: {no_right}")
    for job in barred:
        tell(f"left out: {job.folder}: {no_right}")
    return barred


def _print(console: Console, done: list[Outcome], every: bool) -> None:
    sets = [(o.session_id, change) for o in done for change in o.changes]
    rows = [(name, change) for name, change in sets if every or change.changed]
    shown = rows if every else rows[:MOST_ROWS]
    table = narrow_table("set", "reps", "by\nhand", "not\ncounted", "holds\nkept", "held\ns", "thigh\ndeg")
    for name, of_session in groupby(shown, key=lambda row: row[0]):
        table.add_row(name)
        for _, change in of_session:
            table.add_row(*_cells(change))
    if rows:
        print_table(console, table)
    if len(rows) > len(shown):
        console.print(
            f"... and {count_of(len(rows) - len(shown), 'more changed set')} (--all prints all)", highlight=False
        )
    print_table(console, _per_exercise([change for _, change in sets]))


def _per_exercise(sets: list[SetChange]) -> Table:
    titles = ("sets", "changed", "reps", "not\ncounted", "holds\nkept", "off the\nhand count")
    table = narrow_table("exercise", *titles)
    for name in sorted({_name(c) for c in sets}):
        mine = [c for c in sets if _name(c) == name]
        changed = sum(c.changed for c in mine)
        said = [c for c in mine if c.corrected is not None]
        off = [sum(abs(_reps(which(c)) - (c.corrected or 0)) for c in said) for which in (_old, _new)]
        table.add_row(
            name,
            str(len(mine)),
            str(changed),
            _sums(mine, lambda s: s.reps),
            _sums(mine, lambda s: s.rejected),
            _sums(mine, lambda s: s.verified_holds),
            _arrow(str(off[0]), str(off[1])) if said else "",
        )
    return table


def _old(change: SetChange) -> SetCount | None:
    return change.old


def _new(change: SetChange) -> SetCount | None:
    return change.new


def _reps(count: SetCount | None) -> int:
    """What a person would count; a hold exercise's repetitions are its holds."""
    return count.reps or count.holds if count else 0


def _name(change: SetChange) -> str:
    count = change.new or change.old
    assert count is not None
    return count.exercise


def _sums(sets: list[SetChange], figure: Callable[[SetCount], int]) -> str:
    old, new = (sum(figure(s) for s in map(which, sets) if s) for which in (_old, _new))
    return _arrow(str(old), str(new))


def _cells(change: SetChange) -> tuple[str, ...]:
    def both(text: Callable[[SetCount], str]) -> str:
        return _arrow(*(text(s) if s else "-" for s in (change.old, change.new)))

    side = (change.new or change.old or SetCount("", None, 0, 0, 0, 0, 0, None)).side
    return (
        f"  {_name(change)} {side or ''}".rstrip(),
        both(lambda s: str(s.reps)),
        "" if change.corrected is None else str(change.corrected),
        both(lambda s: str(s.rejected)),
        both(lambda s: f"{s.verified_holds} of {s.holds}" if s.holds else "-"),
        both(lambda s: held_text(s.held_s, 1) if s.holds else "-"),
        both(lambda s: "-" if s.rom_deg is None else f"{s.rom_deg:.0f}"),
    )


def _arrow(old: str, new: str) -> str:
    return old if old == new else f"{old} → {new}"
