"""The `coxa` command: a thin shell over the parts. Heavy imports wait until a command needs them."""

from __future__ import annotations

import errno
import os
import signal
import sys
from io import TextIOWrapper
from types import FrameType
from typing import Annotated

import typer

from coxa.cli.endings import end_at_once, end_requests, hear_dropped
from coxa.host.errors import CoxaError, reason_of
from coxa.host.limits import printable

INTERRUPTED = 130
"""Status after Ctrl-C, as of any program that SIGINT ends."""
FILE_FAULTS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG)
"""What is wrong with a place that somebody named, wherever it comes to light, and never with coxa."""

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


def _stand_in_for_closed() -> None:
    """Standard streams that were closed, as by `2>&-`, lead nowhere.

    Python has None for them, with which `print` takes standard output; and the next file that is opened would get their
    number, and with it whatever a library writes there.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, "w" if number else "r", encoding="utf-8")  # noqa: SIM115
            os.dup2(stream.fileno(), number)
            os.set_inheritable(number, True)  # for the processes that we begin
            setattr(sys, name, stream)


def _print_any_text() -> None:
    """What the terminal's or the pipe's encoding does not have becomes '?', as an arrow in Windows' own."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _end_in_order() -> list[int]:
    """The system, and a terminal that is closed, end us as Ctrl-C does; gives the signals that came.

    Otherwise we are ended on the spot: half-written files and the processes that we began would stay.
    """
    came = list[int]()

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        came.append(number)
        raise KeyboardInterrupt

    for number in end_requests():
        signal.signal(number, end)
    return came


def _let_go_of_output() -> None:
    """Python would try once more to write the rest when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(error: OSError) -> None:
    """One line for what is the fault of a place or of the output.

    Raises:
        OSError: it is a fault of ours.
    """
    if error.errno in FILE_FAULTS and error.filename is not None:
        print(f"coxa: {printable(str(error.filename))}: {reason_of(error)}; name another place", file=sys.stderr)
    elif error.errno == errno.ENOSPC:
        _let_go_of_output()
        why = f"the output cannot be written ({reason_of(error)})"
        print(f"coxa: {why}; make room or send it elsewhere", file=sys.stderr)
    else:
        raise error


def main() -> None:
    """Entry point: errors of coxa's own kinds become one line and exit status 2."""
    _stand_in_for_closed()
    _print_any_text()
    came = _end_in_order()
    sys.unraisablehook = hear_dropped
    try:
        status = _status()
    except KeyboardInterrupt:  # while an error was told
        status = INTERRUPTED
    end_at_once()
    sys.exit(128 + came[0] if status == INTERRUPTED and came else status)


def _status() -> int:
    """Do what the command line says; gives the exit status."""
    status: object = None
    try:
        _register()
        _load_own()
        status = app(standalone_mode=False)
        print(end="", flush=True)
    except CoxaError as error:
        print(f"coxa: {printable(str(error))}", file=sys.stderr)  # it may quote a file from a stranger
        return 2
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        _let_go_of_output()
    except SystemExit:  # what typer makes of a broken pipe that it sees itself
        return 0
    except OSError as error:
        _tell(error)
        return 2
    except Exception as error:  # wrong options, as the click inside typer tells them; typer has no name for their class
        code = getattr(error, "exit_code", None)
        if code is None:
            raise
        getattr(error, "show", lambda: None)()
        return code
    return status if isinstance(status, int) else 0
