"""Writes files of the user's own: readable by their owner only, each whole or not at all, never through a link."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def put(path: Path, content: bytes, *, writer: str = "") -> None:
    """Replace a file in one step; it is on disk when this returns.

    What lies where it is first written to, be it a killed session's or a link that a stranger's folder brought along,
    is removed and never written to. Rights are asked for at creation only: some file systems cannot change them.

    Args:
        path: the file; a link there is replaced, not followed.
        content: all of it.
        writer: sets those apart that may write the same file at one time.

    Raises:
        OSError: it cannot be written; what stood there before still does, and nothing else is left behind.
    """
    part = path.with_name(f"{path.name}{writer}.part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
