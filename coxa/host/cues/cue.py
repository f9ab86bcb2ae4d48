"""One thing to say. The core decides what and until when; voices only speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["counts", "coach"]
"""The least talkative setting that says it; `quiet` says nothing."""


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
