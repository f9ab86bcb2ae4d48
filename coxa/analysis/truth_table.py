"""Reads the tables of a `.truth.json` strictly: a value of another kind than it must have is an error that names it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar, cast

from coxa.host.errors import RecordingError
from coxa.host.limits import SECONDS, shown, wrong_number, wrong_text
from coxa.host.nearest import did_you_mean, nearest_word

T = TypeVar("T")

_SLIP = 0.82
"""Likeness (difflib's ratio) from which a foreign word is a slip of a known one: `directon`, `abort`."""


class TruthTable:
    """One JSON object of the file. Each method takes the value of one key, or says where it stands and what is wrong.

    A key that is missing or null has the default; without a default it must be there.
    """

    def __init__(self, data: Mapping[str, Any], where: str, path: str = "") -> None:
        """`where`: the file's name; `path`: the object's place in the file, as `reps[3].`, empty at the top."""
        self._data, self._where, self._path = data, where, path

    def wrong(self, key: str, what: str) -> RecordingError:
        """The error for a key of this object."""
        return RecordingError(f"{self._where}: {self._path}{key} {what}")

    def has(self, key: str) -> bool:
        """Whether something stands there."""
        return self._data.get(key) is not None

    def number(self, key: str, least: float = -SECONDS, most: float = SECONDS) -> float:
        """A number in a range, ends included; times in seconds without one."""
        value = self._needed(key)
        wrong = wrong_number(value, least, most)
        if wrong is not None:
            raise self.wrong(key, wrong)
        return float(value)

    def number_or(self, key: str, default: T, least: float = -SECONDS, most: float = SECONDS) -> float | T:
        """The same, or the default."""
        return self.number(key, least, most) if self.has(key) else default

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number in a range, ends included."""
        value = self._needed(key)
        wrong = wrong_number(value, least, most, whole=True)
        if wrong is not None:
            raise self.wrong(key, wrong)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A line of text."""
        value = self._needed(key) if default is None or self.has(key) else default
        wrong = wrong_text(value)
        if wrong is not None:
            raise self.wrong(key, wrong)
        return value

    def choice(self, key: str, allowed: Collection[str], default: T) -> str | T:
        """One of some words."""
        if not self.has(key):
            return default
        value = self._data[key]
        if not isinstance(value, str) or value not in allowed:
            hint = did_you_mean(value, allowed) if isinstance(value, str) else ""
            raise self.wrong(key, f"must be one of {', '.join(allowed)}, found {shown(value)}{hint}")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false, and nothing that Python would take for it: "false" is a text, and true."""
        value = self._data[key] if self.has(key) else default
        if not isinstance(value, bool):
            raise self.wrong(key, f"must be true or false, found {shown(value)}")
        return value

    def span(self) -> tuple[float, float]:
        """`start_s` and `end_s`, of which the second is later."""
        start_s, end_s = self.number("start_s"), self.number("end_s")
        if end_s <= start_s:
            raise self.wrong("end_s", f"must be later than start_s, {start_s:g}, found {end_s:g}")
        return start_s, end_s

    def tables(self, key: str) -> list[TruthTable]:
        """A list of objects; empty where there is none."""
        entries = self._data[key] if self.has(key) else []
        if not isinstance(entries, list):
            raise self.wrong(key, f"must be a list of objects, found {shown(entries)}")
        found = list[TruthTable]()
        for at, entry in enumerate(cast(list[Any], entries)):
            if not isinstance(entry, dict):
                raise self.wrong(f"{key}[{at}]", f"must be an object, found {shown(entry)}")
            found.append(TruthTable(cast(dict[str, Any], entry), self._where, f"{self._path}{key}[{at}]."))
        return found

    def ordered(self, key: str) -> list[TruthTable]:
        """The same, each of which has a span that begins after the one before did."""
        found = self.tables(key)
        starts = [entry.span()[0] for entry in found]
        for entry, before_s, start_s in zip(found[1:], starts, starts[1:], strict=False):
            if start_s <= before_s:
                raise entry.wrong(
                    "start_s", f"must be later than that of the one before, {before_s:g}, found {start_s:g}"
                )
        return found

    def check_slips(self, known: Collection[str]) -> None:
        """Refuse a key that is nearly one that is read. Others are notes of whoever made the recording, as `source`."""
        missing = [key for key in known if key not in self._data]
        for key in self._data:
            if key not in known and (near := nearest_word(key, missing, _SLIP)):
                raise self.wrong(shown(key), f"is no known key, did you mean '{near}'?")

    def _needed(self, key: str) -> Any:
        if not self.has(key):
            raise self.wrong(key, "is missing")
        return self._data[key]


def near_to(word: str, known: Collection[str]) -> str | None:
    """The known word of which another one is a slip; None where it is one of them, or like none."""
    return None if word in known else nearest_word(word, known, _SLIP)
