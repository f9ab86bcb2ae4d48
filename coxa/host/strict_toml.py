"""TOML from outside without surprises: files that people write, so what is wrong is said in the file's own words."""

from __future__ import annotations

import tomllib
from typing import Any

from coxa.host.errors import SpecError
from coxa.host.limits import SPEC_BYTES

BYTE_ORDER_MARK = "\ufeff"
"""Editors on Windows put it before UTF-8 text, where nobody sees it."""


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
        return tomllib.loads(text.removeprefix(BYTE_ORDER_MARK))
    except RecursionError:
        raise SpecError(f"{where}: not valid TOML: nested far too deep") from None
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{where}: not valid TOML: {error}") from None
    except ValueError:  # what int() says of it names a setting of Python's
        raise SpecError(f"{where}: not valid TOML: a number has thousands of digits") from None
