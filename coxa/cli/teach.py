"""`coxa teach`: a new exercise from one recorded set, and how well it is told from the others."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from coxa.cli.output import ProgressBar, may_write, nearest, print_table
from coxa.cli.own_exercises import file_of
from coxa.host.errors import LogError, SpecError, reason_of
from coxa.host.events import Event, HoldEnded, RepCompleted, RepRejected
from coxa.host.exercises.spec import add_own, library
from coxa.host.plural import count_of
from coxa.host.private_file import put
from coxa.host.replay.csv_file import read_csv
from coxa.host.replay.run import larger, track
from coxa.host.samples import StreamItem
from coxa.host.teach import Lesson, learn

SEED = 11
"""Of the simulated people that show the other exercises."""
OTHERS = (
    "leg_raise_supine", "leg_raise_standing", "leg_raise_sideways", "lateral_leg_raise", "hip_circle", "knee_to_chest",
    "hamstring_stretch", "figure_four", "hip_bridge", "lunge", "negative",
)  # fmt: skip

ELSEWHERE = "COXA_EXERCISES names another folder"


def run(name: str, recording: Path, force: bool) -> None:
    """Learn, check against the library both ways, keep the entry.

    Raises:
        SpecError: the name is taken or not a name.
        RecordingError: the recording cannot be read or shows no set.
        LogError: the entry cannot be written.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,40}", name):
        raise SpecError(f"'{name}': a name has small letters, digits and _, as 'my_side_kick'")
    target = file_of(name)
    if target.exists() and not force:
        raise SpecError(f"{target} is there already; another name, or --force to replace it")
    if not may_write(nearest(target.parent)):
        raise LogError(f"{target.parent}: no right to write there; {ELSEWHERE}")
    items = list(larger(read_csv(recording)))
    others = dict(library())
    others.pop(name, None)
    lesson = learn(name, items, str(recording))
    add_own(lesson.spec)
    console = Console()
    _tell(lesson, console)
    alike = {other: len(_counts(items, other)) for other in others}
    _show(lesson, track(items, name), alike, _elsewhere(name), console)
    _keep(lesson, target)
    console.print(f"kept as {target}; use it with --exercise {name}", highlight=False, markup=False, soft_wrap=True)


def _counts(items: list[StreamItem], exercise: str) -> list[Event]:
    return _counted(track(items, exercise), exercise)


def _counted(events: list[Event], exercise: str) -> list[Event]:
    kind = library()[exercise].kind
    return [e for e in events if isinstance(e, HoldEnded if kind == "hold" else RepCompleted)]


def _elsewhere(name: str) -> dict[str, int]:
    """How often the new exercise counts while a simulated person does something else."""
    from coxa.firmware_sim.firmware import Firmware
    from coxa.firmware_sim.scenario import build
    from coxa.host.wire import Decoder

    found = dict[str, int]()
    bar = ProgressBar("against the library", len(OTHERS), quiet=False)
    with bar:
        for other in OTHERS:
            decoder, sent = Decoder(), Firmware(build(other, SEED, 50.0).raw, "TEACH").frames()
            found["everyday movement" if other == "negative" else other] = len(
                _counts([i for f in sent for i in decoder.feed(f)], name)
            )
            bar.advance()
    return found


def _tell(lesson: Lesson, console: Console) -> None:
    spec, reps = lesson.spec, lesson.reps
    roms = [r.rom_deg for r in reps]
    console.print(
        f"[bold]{spec.name}[/] learned from {len(reps)} repetitions of {min(roms):.0f} to {max(roms):.0f} degrees."
    )
    start = spec.start[0]
    where = "any posture (the recording does not show which way is upright)"
    if lesson.tilt_deg is not None:
        where = f"a thigh tilted {start.tilt_deg[0]:.0f} to {start.tilt_deg[1]:.0f} degrees"
    console.print(f"Starts from {where}; counts from {start.min_rom_deg:.0f} degrees on.")


def _show(
    lesson: Lesson, seen: list[Event], alike: dict[str, int], elsewhere: dict[str, int], console: Console
) -> None:
    table = Table("the recording, counted as", "reps")
    counted, learned = len(_counted(seen, lesson.spec.name)), len(lesson.reps)
    table.add_row(lesson.spec.name, str(counted) if counted >= learned else f"[red]{counted}[/]")
    for other, count in sorted(alike.items(), key=lambda kv: -kv[1]):
        table.add_row(other, f"[red]{count}[/]" if count else "0")
    print_table(console, table)
    if counted < learned:
        console.print(f"[red]{_falls_short(seen, counted, learned)}[/]", highlight=False)
    table = Table("a simulated person doing", f"{lesson.spec.name} counted")
    for other, count in elsewhere.items():
        table.add_row(other, f"[red]{count}[/]" if count else "0")
    print_table(console, table)
    same = {other for other, count in (*alike.items(), *elsewhere.items()) if count >= 2}
    if same:
        console.print(f"Not told apart from {', '.join(sorted(same))}: say which one you do, do not use auto.")
    elif counted:
        console.print("Well told apart from the rest of the library.")


def _falls_short(seen: list[Event], counted: int, learned: int) -> str:
    """What to say where the new exercise does not count all that it was learned from."""
    short = f"Counted as the new exercise, only {counted} of the {learned} repetitions that it was learned from count"
    reasons = Counter(str(e.reason) for e in seen if isinstance(e, RepRejected)).most_common(1)
    why = f", most often for this reason: {reasons[0][0]} ({count_of(reasons[0][1], 'time')})" if reasons else ""
    return f"{short}{why}. Record the set anew, done otherwise, and teach it with --force."


def _keep(lesson: Lesson, target: Path) -> None:
    import tomli_w

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        put(target, tomli_w.dumps(lesson.entry()).encode())
    except OSError as error:
        raise LogError(f"{target}: cannot be written ({reason_of(error)}); {ELSEWHERE}") from error
