"""How the pages of a Parquet file are packed, read from its footer without unpacking any.

pyarrow ends the program where it is asked for a codec that does not exist (seen with 26.0), so this is read here. The
footer is one Thrift struct in the compact protocol
(https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md), of which only the way to the codecs
is followed (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

WAY: Final = (4, 1, 3, 4)
"""Numbers of the fields from the footer to a codec: row groups, columns, metadata, codec."""
DEEPEST = 16
"""Parquet nests five structs; who nests more wants to exhaust the stack."""
MAGIC = b"PAR1"


class _Kind(IntEnum):
    TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)


def codecs(data: bytes) -> set[int]:
    """The codecs of all columns of a whole file, as `CompressionCodec` numbers them.

    Raises:
        ValueError: there is no footer, or it is not one.
    """
    size = int.from_bytes(data[-8:-4], "little")
    if data[-4:] != MAGIC or size + 12 > len(data):
        raise ValueError("no Parquet footer")
    walker = _Walker(data[-8 - size : -8])
    try:
        walker.struct(WAY, 0)
    except IndexError:
        raise ValueError("a cut Parquet footer") from None
    return walker.found


class _Walker:
    """Goes through a footer once, from `at` on."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0
        self.found = set[int]()

    def struct(self, way: tuple[int, ...], depth: int) -> None:
        """Past a struct, noting the codecs if it lies on the way to them."""
        if depth > DEEPEST:
            raise ValueError("a Parquet footer of too many levels")
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._zigzag()
            on = way[1:] if way and number == way[0] else None
            if on == () and head & 15 == _Kind.I32:
                self.found.add(self._zigzag())
            else:
                self._skip(head & 15, on or (), depth + 1)

    def _skip(self, kind: int, way: tuple[int, ...], depth: int) -> None:
        if kind == _Kind.STRUCT:
            self.struct(way, depth)
        elif kind in (_Kind.LIST, _Kind.SET):
            self._list(way, depth)
        elif kind == _Kind.BINARY:
            size = self._varint()
            self._at += size
        elif kind in (_Kind.I16, _Kind.I32, _Kind.I64):
            self._varint()
        elif kind in (_Kind.BYTE, _Kind.DOUBLE):
            self._at += 1 if kind == _Kind.BYTE else 8
        elif kind not in (_Kind.TRUE, _Kind.FALSE):
            raise ValueError(f"a Parquet footer with a field of kind {kind}")

    def _list(self, way: tuple[int, ...], depth: int) -> None:
        head = self._byte()
        size = self._varint() if head >> 4 == 15 else head >> 4
        if size > len(self._data):
            raise ValueError("a Parquet footer with a list longer than itself")
        for _ in range(size):
            if head & 15 in (_Kind.TRUE, _Kind.FALSE):
                self._at += 1
            else:
                self._skip(head & 15, way, depth)

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _varint(self) -> int:
        value = self._byte()
        if value < 128:
            return value
        value, shift = value & 127, 7
        while shift < 64:
            more = self._byte()
            value |= (more & 127) << shift
            if more < 128:
                return value
            shift += 7
        raise ValueError("a Parquet footer with a number that is too long")

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
