"""The folder of exercises that the user has taught or written."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from coxa.host.errors import SpecError, reason_of
from coxa.host.home import at_home

FOLDER_VARIABLE = "COXA_EXERCISES"


def own_folder() -> Path:
    """Where they are kept: `COXA_EXERCISES`, or the user's data folder."""
    given = os.environ.get(FOLDER_VARIABLE)
    return Path(at_home(given)) if given else Path(platformdirs.user_data_dir("coxa")) / "exercises"


def load_own() -> None:
    """Add every entry of the folder to the library.

    Raises:
        SpecError: `COXA_EXERCISES` names no folder, or the folder cannot be read; an entry is wrong, or two have one
            name. The text names the variable, or the file and the key.
    """
    files = _files(own_folder())
    if files:
        _add(files)


def file_of(name: str) -> Path:
    """The file of the folder that holds this exercise, whatever it is called; where none does, the one to write.

    Raises:
        SpecError: an entry of the folder cannot be read.
    """
    from coxa.host.exercises.spec import parse_spec

    usual = own_folder() / f"{name}.toml"
    if usual.exists() or not usual.parent.is_dir():
        return usual
    holding = (file for file in _files(usual.parent) if parse_spec(_text(file), str(file)).name == name)
    return next(holding, usual)


def _files(folder: Path) -> list[Path]:
    """Every entry of the folder, by name. Only the user's data folder may be missing: nobody has named it."""
    given = bool(os.environ.get(FOLDER_VARIABLE))
    try:
        return sorted(file for file in folder.iterdir() if file.suffix.lower() == ".toml")  # `glob` hides refusals
    except FileNotFoundError:
        if not given:
            return []
        raise SpecError(f"{FOLDER_VARIABLE}: there is no folder {folder}; make it, or name another") from None
    except OSError as error:
        where = f"{FOLDER_VARIABLE}: {folder}" if given else str(folder)
        raise SpecError(f"{where}: your own exercises cannot be read ({reason_of(error)})") from None


def _add(files: list[Path]) -> None:
    from coxa.host.exercises.spec import add_own, parse_spec

    found = dict[str, Path]()
    for file in files:
        spec = parse_spec(_text(file), str(file))
        if spec.name in found:
            raise SpecError(f"{file}: 'name' is '{spec.name}', as in {found[spec.name]}; give one of them another name")
        found[spec.name] = file
        add_own(spec)


def _text(file: Path) -> str:
    from coxa.host.bounded import read_file
    from coxa.host.limits import SPEC_BYTES
    from coxa.host.strict_json import TooMuchError

    try:
        return read_file(file, SPEC_BYTES).decode("utf-8")
    except TooMuchError as error:
        raise SpecError(f"{file}: {error}") from None
    except UnicodeDecodeError as error:
        raise SpecError(f"{file}: is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise SpecError(f"{file}: cannot be read ({reason_of(error)})") from None
