"""Repair before anything is read: what a killed session left unfinished would be missing from every figure."""

from __future__ import annotations

from upath import UPath

from coxa.cli.output import tell
from coxa.host.log import log_folder, repair_log


def repaired_log(log: str | None) -> UPath:
    """The log that is meant, with interrupted sessions repaired and told on stderr.

    Raises:
        LogError: the log cannot be listed, or is in a store that cannot be used.
    """
    folder = log_folder(log)
    for line in repair_log(folder):
        tell(line)
    return folder
