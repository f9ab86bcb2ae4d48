"""`coxa forget`: every trace of a session or a person removed."""

from __future__ import annotations

from rich.console import Console

from coxa.cli.output import tell
from coxa.host.errors import LogError, SpecError
from coxa.host.log import log_folder
from coxa.host.log.forget import folders_named, folders_of, forget_session, whose
from coxa.host.plural import count_of

MOST_LINES = 20
"""Sessions that are shown before it is asked whether to remove them."""


def run(session: str | None, person: str | None, yes: bool, log: str | None) -> None:
    """Find, ask, remove.

    Raises:
        SpecError: nobody is there to answer.
        LogError: nothing or too much is named, or something cannot be removed; what is left stays listed.
    """
    if (session is None) == (person is None):
        raise LogError("name one session (`coxa sessions` lists them), or a person with --person NAME")
    place = log_folder(log)
    if session is not None:
        found = folders_named(session, place)
    else:
        found = folders_of(person or "", place, lambda line: tell(f"left as it is, whoever it is of: {line}"))
    console = Console()
    for folder in found[:MOST_LINES]:
        console.print(whose(folder), highlight=False, markup=False, soft_wrap=True)
    if len(found) > MOST_LINES:
        console.print(f"... and {len(found) - MOST_LINES} more", highlight=False)
    what = "this session" if len(found) == 1 else f"these {len(found)} sessions"
    if not yes and not _agreed(f"Remove {what} for good, raw data and all?"):
        console.print("Nothing was removed.")
        return
    for folder in found:
        forget_session(folder)
    console.print(
        f"Removed {count_of(len(found), 'session')}. Reports, exports and copies of the log that you saved "
        "elsewhere are yours to remove.",
        soft_wrap=True,
    )


def _agreed(question: str) -> bool:
    """Whether the answer is yes; all else is no.

    Raises:
        SpecError: nobody can answer.
    """
    try:
        return input(f"{question} [y/N]: ").strip().lower() in ("y", "yes")
    except EOFError:
        print()
        raise SpecError("nothing was removed: there is nobody to answer; --yes answers in a script") from None
