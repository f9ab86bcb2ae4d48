"""TOML from outside without surprises: files that people write, so what is wrong is said in the file's own words."""

from __future__ import annotations

import tomllib
from typing import Any

from coxa.host.errors import SpecError
from coxa.host.limits import SPEC_BYTES, is_plain, shown


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """The table of a TOML text.

    Args:
        text: the whole file.
        where: what to call it in an error, as its file name.

    Raises:
        SpecError: longer than `SPEC_BYTES`, not TOML, nested too deep, or a number of thousands of digits.
    """
    if len(text) > SPEC_BYTES:
        raise SpecError(f"{where}: longer than {SPEC_BYTES // 1000} kB, which no such file is")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise SpecError(f"{where}: not valid TOML: nested far too deep") from None
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{where}: not valid TOML: {error}") from None
    except ValueError:  # what int() says of it names a setting of Python's
        raise SpecError(f"{where}: not valid TOML: a number has thousands of digits") from None


def wrong_number(value: object, least: float, most: float, *, whole: bool = False) -> str | None:
    """What is wrong with a number that must lie from `least` to `most`, as "must be ..., found ..."; None if nothing.

    True and false are no numbers, nor is NaN, which lies nowhere. Whole numbers may be of any size: they are compared
    before they are ever converted.
    """
    good = not isinstance(value, bool) and isinstance(value, int if whole else (int, float))
    if good and least <= value <= most:  # type: ignore[operator]
        return None
    return f"must be {'a whole number' if whole else 'a number'} from {least:g} to {most:g}, found {shown(value)}"


def wrong_text(value: object) -> str | None:
    """What is wrong with a text that is shown to people: one line of bearable length, nothing that a terminal obeys."""
    if not isinstance(value, str):
        return f"must be text, found {shown(value)}"
    return None if is_plain(value) else f"must be one line of at most 400 plain characters, found {shown(value)}"
