"""One thing to say. The core decides what and until when; voices only speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal, TypeAlias, cast

from coxa.host.limits import SECONDS, is_plain
from coxa.host.strict_json import json_text, parse_json

Level: TypeAlias = Literal["counts", "coach"]
"""The least talkative setting that says it; `quiet` says nothing."""
Slot: TypeAlias = Literal["alert", "count", "clock", "instruction", "reason", "praise"]
"""What it competes with: of each slot only the newest cue waits to be said, and earlier slots go first."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Something worth saying from `at_s` until `until_s`, on the stream's clock."""

    key: str
    """Which phrase of the language's file."""
    at_s: float
    until_s: float
    """What has not begun to be said by then is dropped: a count that comes late is worse than none."""
    level: Level
    values: Mapping[str, str | int] = field(default_factory=dict[str, str | int])
    """What fills the phrase's gaps."""
    slot: Slot = "instruction"


def to_json(cue: Cue) -> str:
    """The cue as one line of JSON."""
    return json_text({**asdict(cue), "values": dict(cue.values)})


def from_json(line: str) -> Cue:
    """The cue of one line of JSON.

    Raises:
        ValueError: the line is not JSON, or not a cue with its fields.
    """
    data = parse_json(line)
    try:
        found = Cue(**data)
    except TypeError as error:
        raise ValueError(f"not a cue ({error})") from None
    texts = (found.key, found.level, found.slot)
    numbers = cast(tuple[object, ...], (found.at_s, found.until_s))
    good = all(map(is_plain, texts)) and all(isinstance(n, int | float) and abs(n) <= SECONDS for n in numbers)
    if not good or not isinstance(found.values, dict):
        raise ValueError("not a cue")
    if not all(isinstance(v, int) or is_plain(v) for v in found.values.values()):
        raise ValueError("not a cue: values")
    return found
