"""JSON from outside without surprises."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn, cast

from coxa.host.limits import JSON_DEPTH


class TooMuchError(ValueError):
    """It is larger, longer or deeper than anything that it could be; the text says how and what to do."""


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text: finite numbers only, no deeper than `JSON_DEPTH`, no key twice.

    Raises:
        ValueError: it is not; the text says why.
    """
    try:
        found = json.loads(text, parse_constant=_refuse_number, parse_float=_finite, object_pairs_hook=_once)
    except RecursionError:
        raise TooMuchError("it is nested far too deep") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 text (byte {error.start})") from None
    level: list[Any] = [found]
    for _ in range(JSON_DEPTH):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return found
    raise TooMuchError(f"it is nested deeper than {JSON_DEPTH} levels")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [v for v in cast(dict[str, Any], value).values() if isinstance(v, dict | list)]
    return [v for v in cast(list[Any], value) if isinstance(v, dict | list)] if isinstance(value, list) else []


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_number(text)


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"{text[:20]} is not a finite number")
