"""The sensor that is the user's own, so that a stranger's of the same make is never taken for it."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import platformdirs

from coxa.host.bounded import read_file
from coxa.host.errors import SpecError, reason_of
from coxa.host.home import at_home
from coxa.host.limits import SETTINGS_BYTES
from coxa.host.private_file import put
from coxa.host.strict_json import json_text, parse_json

FILE_VARIABLE = "COXA_SENSOR"
SIMULATED = ("tcp-client:", "tcp-server:")
"""Transports of virtual radios: what is on them is nobody's own."""


@dataclass(frozen=True, slots=True)
class KnownSensor:
    """What is kept of it, and nothing about anybody else's."""

    address: str
    name: str
    driver: str
    serial: str | None = None


def known_file(hci: str | None) -> Path | None:
    """Where it is kept: the file that `COXA_SENSOR` names, or the user's settings; None on a virtual radio."""
    given = os.environ.get(FILE_VARIABLE)
    if given:
        return Path(at_home(given))
    if hci is not None and hci.startswith(SIMULATED):
        return None
    return platformdirs.user_config_path("coxa") / "sensor.json"


def recall(file: Path | None) -> KnownSensor | None:
    """The user's own sensor; None before the first.

    Raises:
        SpecError: the file is damaged, or is none.
    """
    if file is None:
        return None
    try:
        said = dict[str, Any](parse_json(read_file(file, SETTINGS_BYTES)))
        known = KnownSensor(**said)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SpecError(f"{file}: your sensor cannot be read from there ({reason_of(error)}){_named_by()}") from None
    except (ValueError, TypeError) as error:
        raise SpecError(f"{file}: does not name your sensor ({error}); remove it") from None
    if not all(isinstance(said[key], str) for key in ("address", "name", "driver")):
        raise SpecError(f"{file}: does not name your sensor (expected address, name and driver as text); remove it")
    return known


def remember(file: Path | None, known: KnownSensor) -> None:
    """Keep it, readable by its owner only.

    Raises:
        SpecError: the file cannot be written.
    """
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        put(file, (json_text(asdict(known), indent=1) + "\n").encode())
    except OSError as error:
        raise SpecError(f"{file}: your sensor cannot be remembered there ({reason_of(error)}){_named_by()}") from error


def _named_by() -> str:
    """Which setting to change where the place is wrong."""
    return f"; {FILE_VARIABLE} names it" if os.environ.get(FILE_VARIABLE) else ""
