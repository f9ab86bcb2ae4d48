"""Put the state of the core away and go on from it later: any cut of a stream may be a restart of the program.

Works on whatever the core is made of (decoder, tracker, coach, or a tuple of them): plain values, containers, NumPy
arrays, the orientation filter and objects of classes below `coxa.host`, with what they share kept shared. It is JSON,
not pickle: reading one makes objects of those classes and fills their fields, and runs no code of anybody's. Infinity
and NaN stand in it as Python writes them, since the state comes back bit by bit; nobody but coxa reads it.
"""

from __future__ import annotations

import base64
import dataclasses
import importlib
import json
from collections import deque
from enum import Enum
from importlib.metadata import version
from typing import Any, cast

import numpy as np
from vqf import VQF

from coxa.host.errors import SnapshotError
from coxa.host.limits import SNAPSHOT_BYTES

FORMAT = 1
"""Of the document; state of another format is not read."""
_OWN = "coxa.host."


def taken(core: object) -> bytes:
    """The whole state of `core`, which stays as it is.

    Raises:
        TypeError: it holds something that cannot be put away, such as a function or a file; a bug of coxa's.
    """
    writer = _Writer()
    root = writer.put(core)
    document = {"coxa_snapshot": FORMAT, "version": version("coxa"), "root": root, "objects": writer.objects}
    return json.dumps(document, separators=(",", ":")).encode()


def resumed(snapshot: bytes) -> Any:
    """What was put away, as new objects; fed with what comes next it gives the events that the old ones would have.

    Raises:
        SnapshotError: it is no snapshot, is damaged, or another version of coxa took it.
    """
    if len(snapshot) > SNAPSHOT_BYTES:
        raise SnapshotError(f"snapshot: {len(snapshot)} bytes, at most {SNAPSHOT_BYTES} are read")
    try:
        document = json.loads(snapshot)
        found = document["coxa_snapshot"], document["version"]
    except (ValueError, TypeError, KeyError, RecursionError) as e:
        raise SnapshotError(f"snapshot: not one of coxa's ({type(e).__name__})") from e
    if found != (FORMAT, version("coxa")):
        raise SnapshotError(f"snapshot: taken by coxa {found[1]}, this is {version('coxa')}: start the session anew")
    try:
        return _Reader(document["objects"]).get(document["root"])
    except (ImportError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as e:
        raise SnapshotError(f"snapshot: damaged ({type(e).__name__}: {e})") from e


class _Writer:
    """Every value but plain ones gets a row in `objects`, once; who holds it holds the row's number."""

    def __init__(self) -> None:
        self.objects: list[Any] = []
        self._rows: dict[int, int] = {}
        self._alive: list[object] = []

    def put(self, value: object) -> Any:
        if value is None or isinstance(value, bool | str) or type(value) in (int, float):
            return value
        if id(value) in self._rows:
            return [self._rows[id(value)]]
        row = self._rows[id(value)] = len(self.objects)
        self._alive.append(value)  # a temporary that is freed would give its id to another
        self.objects.append(None)
        self.objects[row] = self._row(value)
        return [row]

    def _row(self, value: object) -> list[Any]:
        if isinstance(value, Enum):
            return ["enum", _name(type(value)), value.name]
        if isinstance(value, np.ndarray | np.generic):
            array = np.asarray(value)
            return ["array", array.dtype.str, list(array.shape), base64.b64encode(array.tobytes()).decode()]
        if isinstance(value, bytes | bytearray):
            return [type(value).__name__, base64.b64encode(value).decode()]
        if isinstance(value, VQF):
            return ["filter", value.coeffs["gyrTs"], value.state]
        if isinstance(value, deque):
            items = cast(deque[object], value)
            return ["deque", items.maxlen, [self.put(v) for v in items]]
        if isinstance(value, dict):
            entries = cast(dict[object, object], value).items()
            return ["dict", [[self.put(k), self.put(v)] for k, v in entries]]
        for kind in (list, set, frozenset, tuple):
            if type(value) is kind:
                return [kind.__name__, [self.put(v) for v in cast(tuple[object, ...], value)]]
        if isinstance(value, tuple):  # a named one
            return ["named", _name(type(value)), [self.put(v) for v in cast(tuple[object, ...], value)]]
        return ["object", _name(type(value)), {k: self.put(v) for k, v in _fields(value).items()}]


class _Reader:
    """Makes each row once, when it is first asked for."""

    def __init__(self, objects: list[Any]) -> None:
        self._rows = objects
        self._made: dict[int, Any] = {}

    def get(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        row = int(cast(list[Any], value)[0])
        if row not in self._made:
            self._make(row, *self._rows[row])
        return self._made[row]

    def _make(self, row: int, kind: str, *parts: Any) -> None:
        if kind in ("list", "dict", "set", "deque", "object"):
            self._fill(row, kind, parts)  # these may hold themselves: they exist before their contents do
        else:
            self._made[row] = self._finished(kind, parts)

    def _fill(self, row: int, kind: str, parts: tuple[Any, ...]) -> None:
        if kind == "object":
            cls = _class(parts[0])
            made = self._made[row] = object.__new__(cls)
            for name, value in parts[1].items():
                object.__setattr__(made, name, self.get(value))
        elif kind == "dict":
            table: dict[Any, Any] = {}
            self._made[row] = table
            table.update((self.get(k), self.get(v)) for k, v in parts[0])
        elif kind == "set":
            members: set[Any] = set()
            self._made[row] = members
            members.update(self.get(v) for v in parts[0])
        else:
            items: Any = deque(maxlen=parts[0]) if kind == "deque" else []
            self._made[row] = items
            items.extend(self.get(v) for v in parts[-1])

    def _finished(self, kind: str, parts: tuple[Any, ...]) -> Any:
        if kind == "enum":
            return _class(parts[0])[parts[1]]
        if kind == "array":
            dtype, shape, data = parts
            array = np.frombuffer(base64.b64decode(data), np.dtype(dtype)).reshape(shape)
            return array.copy() if shape else array[()]
        if kind in ("bytes", "bytearray"):
            data = base64.b64decode(parts[0])
            return bytearray(data) if kind == "bytearray" else data
        if kind == "filter":
            made = VQF(parts[0])
            made.state = parts[1]
            return made
        if kind == "named":
            return _class(parts[0])(*(self.get(v) for v in parts[1]))
        if kind in ("tuple", "frozenset"):
            items = tuple(self.get(v) for v in parts[0])
            return frozenset(items) if kind == "frozenset" else items
        raise ValueError(f"unknown kind {kind!r}")


def _fields(value: object) -> dict[str, object]:
    """What an object holds, in `__dict__` or slots."""
    if dataclasses.is_dataclass(value):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    _name(type(value))
    slots = [s for c in type(value).__mro__ for s in getattr(c, "__slots__", ())]
    return {**getattr(value, "__dict__", {}), **{s: getattr(value, s) for s in slots if hasattr(value, s)}}


def _name(cls: type) -> str:
    if not cls.__module__.startswith(_OWN) or "<" in cls.__qualname__:
        raise TypeError(f"a {cls.__module__}.{cls.__qualname__} cannot be put away in a snapshot")
    return f"{cls.__module__}:{cls.__qualname__}"


def _class(name: str) -> Any:
    module, _, qualname = name.partition(":")
    if not module.startswith(_OWN):
        raise ValueError(f"class {name!r} is not of the core")
    found: Any = importlib.import_module(module)
    for part in qualname.split("."):
        found = getattr(found, part)
    if not isinstance(found, type) or _name(found) != name:
        raise ValueError(f"{name!r} is not a class of the core")
    return found
