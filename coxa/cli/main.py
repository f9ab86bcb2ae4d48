"""The `coxa` command: a thin shell over the parts. Heavy imports wait until a command needs them."""

from __future__ import annotations

import os
import sys

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


def _register() -> None:
    from coxa.cli import commands

    commands.register(app)


def _load_own() -> None:
    from coxa.cli.own_exercises import load_own

    load_own()


def main() -> None:
    """Entry point: errors of coxa's own kinds become one line and exit status 2."""
    _register()
    try:
        _load_own()
        status = app(standalone_mode=False)
    except CoxaError as error:
        print(f"coxa: {printable(str(error))}", file=sys.stderr)  # it may quote a file from a stranger
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        code = getattr(error, "exit_code", None)
        if code is None:
            raise
        getattr(error, "show", lambda: None)()
        sys.exit(code)
    sys.exit(status if isinstance(status, int) else 0)
