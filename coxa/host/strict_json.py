"""JSON without surprises: from outside only what the standard allows, and nothing else is ever written."""

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


def json_text(value: Any, *, indent: int | None = None, ensure_ascii: bool = True) -> str:
    """The value as JSON that every program can read: a number that is not finite is null, as the standard has no other.

    Whoever writes JSON for others (log, page, exports, `--json`) writes it with this: Python's own would say NaN and
    Infinity, which browsers, databases and `parse_json` refuse, and with it the whole file.
    """
    try:
        return json.dumps(value, indent=indent, ensure_ascii=ensure_ascii, allow_nan=False)
    except ValueError:
        return json.dumps(_finite_only(value), indent=indent, ensure_ascii=ensure_ascii, allow_nan=False)


def _finite_only(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {k: _finite_only(v) for k, v in cast(dict[str, Any], value).items()}
    return [_finite_only(v) for v in cast(list[Any], value)] if isinstance(value, list | tuple) else value


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
