"""The `coxa` command: a thin shell over the parts. Heavy imports wait until a command needs them."""

from __future__ import annotations

import errno
import os
import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from coxa.host.errors import CoxaError
from coxa.host.limits import printable

app = typer.Typer(
    name="coxa",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="""Counts hip exercises, verifies holds and measures thigh range of motion from ONE Bluetooth motion sensor.

    No sensor at hand? `coxa demo` runs everything on a simulated one. A recording? `coxa replay FILE --exercise NAME`.
    """,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"coxa {version('coxa')}")
        raise typer.Exit


@app.callback()
def _general(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None: ...


def _register() -> None:
    from coxa.cli import commands

    commands.register(app)


def _load_own() -> None:
    from coxa.cli.own_exercises import load_own

    load_own()


def _print_any_text() -> None:
    """What the terminal's or the pipe's encoding does not have becomes '?', as an arrow in Windows' own."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _let_go_of_output() -> None:
    """Python would try once more to write the rest when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """Entry point: errors of coxa's own kinds become one line and exit status 2."""
    _print_any_text()
    _register()
    status: object = None
    try:
        _load_own()
        status = app(standalone_mode=False)
        print(end="", flush=True)
    except CoxaError as error:
        print(f"coxa: {printable(str(error))}", file=sys.stderr)  # it may quote a file from a stranger
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except BrokenPipeError:
        _let_go_of_output()
        sys.exit(status if isinstance(status, int) else 0)
    except SystemExit:  # what typer makes of a broken pipe that it sees itself
        sys.exit(0)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _let_go_of_output()
        print(f"coxa: the output cannot be written ({error.strerror}); make room or send it elsewhere", file=sys.stderr)
        sys.exit(2)
    except Exception as error:  # wrong options, as the click inside typer tells them; typer has no name for their class
        code = getattr(error, "exit_code", None)
        if code is None:
            raise
        getattr(error, "show", lambda: None)()
        sys.exit(code)
    sys.exit(status if isinstance(status, int) else 0)
