"""The tuning values: where each stands, what is told of it, and how one is replaced for a trial."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import coxa.host

HOST = Path(coxa.host.__file__).parent
MODULES = [
    *sorted((HOST / "detect").rglob("*.py")), *sorted((HOST / "motion").glob("*.py")),
    HOST / "routine" / "strap_check.py", HOST / "teach.py", HOST / "tracker.py",
]  # fmt: skip
"""Where tuning values may stand."""
_NUMBER = r"-?\d[\d.,]*"
RANGE = re.compile(
    rf"(?:^|\. )(?:Of )?{_NUMBER}(?:, {_NUMBER})* to {_NUMBER}|, {_NUMBER} to {_NUMBER}[^.,;]{{0,9}}\.$"
    rf"|\b[Nn]ot (?:below|above) \d|(?:^|\. ){_NUMBER} [^.,; ]* ?(?:or|and) (?:more|less)\.|[Hh]alf to twice"
)
"""What a range looks like in a docstring."""


@dataclass(frozen=True, slots=True)
class Value:
    """One number that may be tuned."""

    owner: type[Any]
    field: str
    at: int | None
    """Which number of a tuple; None: it is the value itself."""
    default: float
    told: str
    """The docstring below it, which it may share with those before."""

    @property
    def name(self) -> str:
        """`WayParams.move_s`, `AxesParams.beside_deg[0]`."""
        return f"{self.owner.__name__}.{self.field}" + ("" if self.at is None else f"[{self.at}]")

    @property
    def has_range(self) -> bool:
        """Whether its docstring names one."""
        return RANGE.search(self.told) is not None

    def with_number(self, number: float) -> Any:
        """What stands in the field with this number in place of the default."""
        if self.at is None:
            return number
        whole = list(_defaults(self.owner)[self.field])
        whole[self.at] = number
        return tuple(whole)


@cache
def all_values() -> list[Value]:
    """Every number of every dataclass of tuning values, in the order of the files."""
    return [v for path in MODULES for node in ast.parse(path.read_text("utf-8")).body for v in _of_class(path, node)]


def told_together(node: ast.ClassDef) -> Iterator[tuple[list[str], str]]:
    """The fields of a class as they are told about together, and what is told."""
    names = list[str]()
    for part in node.body[1:]:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            names.append(part.target.id)
        elif isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and names:
            yield names, " ".join(str(part.value.value).split())
            names = []
    if names:
        yield names, ""


@contextmanager
def seen_as(owner: type[Any], field: str, look: Callable[[], Any]) -> Generator[None]:
    """Inside, every object of the class shows what `look` gives as that field, whenever it was made."""
    slot = owner.__dict__[field]

    def get(_: object) -> Any:
        return look()

    def leave(_: object, __: object) -> None:
        """What a new object would be given."""

    setattr(owner, field, property(get, leave))
    try:
        yield
    finally:
        setattr(owner, field, slot)


def _of_class(path: Path, node: ast.stmt) -> Iterator[Value]:
    if not isinstance(node, ast.ClassDef) or not node.name.endswith("Params"):
        return
    module = ".".join(["coxa", "host", *path.relative_to(HOST).with_suffix("").parts])
    owner = getattr(importlib.import_module(module), node.name)
    for names, told in told_together(node):
        for name in names:
            default = _defaults(owner)[name]
            if isinstance(default, tuple):
                yield from (Value(owner, name, i, n, told) for i, n in enumerate(default))
            elif isinstance(default, int | float):
                yield Value(owner, name, None, default, told)


def _defaults(owner: type[Any]) -> dict[str, Any]:
    return {f.name: f.default for f in dataclasses.fields(owner)}
