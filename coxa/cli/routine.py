"""`coxa routine`: what a routine asks for, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from coxa.cli.output import print_table
from coxa.host.bounded import read_file
from coxa.host.errors import SpecError, reason_of
from coxa.host.exercises.spec import library
from coxa.host.limits import SPEC_BYTES
from coxa.host.plural import count_of
from coxa.host.routine.file import Routine, built_in, parse_routine
from coxa.host.strict_json import TooMuchError

USUAL = "hip_mobility"
"""The routine that is meant where none is named."""


def load(name: str) -> Routine:
    """A built-in routine by its name, or the one of a file.

    Raises:
        SpecError: neither, or a file with mistakes, each named.
    """
    texts = built_in()
    if name in texts:
        return parse_routine(texts[name], f"{name}.toml")
    path = Path(name)
    if not path.suffix and not path.exists():
        raise SpecError(f"no routine '{name}': built in are {', '.join(texts)}; or give a file, as my_routine.toml")
    try:
        return parse_routine(read_file(path, SPEC_BYTES).decode("utf-8"), name)
    except TooMuchError as error:
        raise SpecError(f"{name}: {error}") from None
    except UnicodeDecodeError as error:
        raise SpecError(f"{name}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except FileNotFoundError:
        raise SpecError(f"{name}: no such file; built in are {', '.join(texts)}") from None
    except OSError as error:
        raise SpecError(f"{name}: cannot be read ({reason_of(error)})") from None


def show(name: str) -> None:
    """Print a routine as a table."""
    routine = load(name)
    console = Console()
    console.print(f"[bold]{escape(routine.title)}[/]  about {_lasting(routine)}")
    if routine.about:
        console.print(routine.about, markup=False)
    table = Table("exercise", "leg", "sets", "each set", "rest")
    for step in routine.steps:
        spec = library()[step.exercise]
        what = count_of(step.reps, "hold" if spec.kind == "hold" else "rep")
        hold_s = spec.to_hold_s(step.hold_s)
        what += f" of {hold_s:g} s" if hold_s else ""
        what += f", {step.direction}" if step.direction else ""
        leg = "each" if step.each_leg else "either"
        table.add_row(escape(spec.title), leg, str(step.sets), what, f"{step.rest_s:g} s")
    print_table(console, table)
    if any(s.each_leg for s in routine.steps):
        console.print("All of the first leg comes first; then the sensor moves to the other thigh, once.")


def check(name: str) -> None:
    """Say that a file is right; its mistakes are the error."""
    routine = load(name)
    about = f"{count_of(len(routine.plan()), 'set')}, about {_lasting(routine)}"
    Console().print(f"{name}: no mistakes; {about}", highlight=False, markup=False, soft_wrap=True)


def run(action: str, name: str | None) -> None:
    """One of the three things that `coxa routine` does.

    Raises:
        SpecError: it does no such thing, or the routine is wrong.
    """
    if action == "list" and name is not None:
        raise SpecError(f"list takes no name: it lists what is built in; to look into one: `coxa routine show {name}`")
    name = name or USUAL
    if action == "list":
        for each in built_in():
            Console().print(f"{each}  {load(each).about}")
    elif action == "show":
        show(name)
    elif action == "check":
        check(name)
    else:
        raise SpecError(f"a routine can be shown, checked or listed: say show, check or list, not '{action}'")


def _lasting(routine: Routine) -> str:
    """'35 minutes', from two hours on '2 hours 10 minutes'."""
    minutes = max(round(routine.expected_s() / 60), 1)
    hours, left = divmod(minutes, 60) if minutes >= 120 else (0, minutes)
    parts = ([count_of(hours, "hour")] if hours else []) + ([count_of(left, "minute")] if left else [])
    return " ".join(parts)
