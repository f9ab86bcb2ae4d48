"""The folder of exercises that the user has taught or written."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from coxa.host.errors import SpecError
from coxa.host.exercises.spec import add_own, parse_spec

LARGEST_BYTES = 100_000
"""No entry is longer; whatever is, is no entry."""


def own_folder() -> Path:
    """Where they are kept: `COXA_EXERCISES`, or the user's data folder."""
    given = os.environ.get("COXA_EXERCISES")
    return Path(given) if given else Path(platformdirs.user_data_dir("coxa")) / "exercises"


def load_own() -> None:
    """Add every entry of the folder to the library.

    Raises:
        SpecError: an entry is wrong; the text names its file and key.
    """
    folder = own_folder()
    if not folder.is_dir():
        return
    for file in sorted(folder.glob("*.toml")):
        try:
            if file.stat().st_size > LARGEST_BYTES:
                raise SpecError(f"{file}: too long for an exercise ({file.stat().st_size} bytes)")
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SpecError(f"{file}: cannot be read ({error})") from None
        add_own(parse_spec(text, str(file)))
