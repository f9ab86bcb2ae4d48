"""The folder of exercises that the user has taught or written."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from coxa.host.errors import SpecError


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
    files = sorted(folder.glob("*.toml"))
    if not files:
        return
    from coxa.host.bounded import read_file
    from coxa.host.exercises.spec import add_own, parse_spec
    from coxa.host.limits import SPEC_BYTES
    from coxa.host.strict_json import TooMuchError

    for file in files:
        try:
            text = read_file(file, SPEC_BYTES).decode("utf-8")
        except TooMuchError as error:
            raise SpecError(f"{file}: {error}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SpecError(f"{file}: cannot be read ({error})") from None
        add_own(parse_spec(text, str(file)))
