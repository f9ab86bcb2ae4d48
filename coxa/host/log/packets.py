"""packets.arrows: every notification as it came. What it would unpack to is added up before anything is unpacked.

Source of the layout: Apache Arrow columnar format, IPC, Message.fbs and Schema.fbs; FlatBuffers internals.
"""

from __future__ import annotations

import operator
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from coxa.host.bounded import size
from coxa.host.limits import CHARACTERISTIC_BYTES, PACKETS, PACKETS_BYTES, SECONDS
from coxa.host.samples import Packet
from coxa.host.strict_json import TooMuchError

SCHEMA = pa.schema(
    [("arrival_s", pa.float64()), ("data", pa.binary()), ("characteristic", pa.dictionary(pa.int8(), pa.string()))]
)
"""The last column, as UUID, came later: without it, the packets are coxa's own protocol."""
COMPRESSED = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
"""Phones talk JSON, which shrinks to a fifth; every reader of Arrow unpacks it unasked. Without threads: each would
keep megabytes of Arrow's allocator (mimalloc), more or less as they happen to run, and batches are small."""
END = b"\xff\xff\xff\xff\0\0\0\0"
"""How an Arrow stream ends (Arrow columnar format, IPC streaming format)."""
_DICTIONARY, _BATCH = 2, 3
"""MessageHeader in Message.fbs."""
_BATCH_BYTES, _ROW_BYTES = 2048, 24
"""What a batch with the names of its characteristics, and a packet beside its data, take at most: 700 and 14 bytes."""
_FULL_SHARE = 0.95
_TORN_BATCHES = 2
"""A write that was cut short is a batch: so many of the longest seen are at its end at most, about a second."""
_TORN = (pa.ArrowException, MemoryError, OSError, KeyError, ValueError)


@dataclass(frozen=True, slots=True)
class Recording:
    """What can be read of packets.arrows."""

    packets: list[Packet]
    """Up to where the stream is torn."""
    whole: bool
    """Whether it was read to the end that its writer set."""
    damaged_at: int | None = None
    """The byte from which on it cannot be read, where more follows than a write that was cut short: no torn end."""


def read_packets(data: bytes) -> Recording:
    """The packets up to where the stream is torn.

    Raises:
        TooMuchError: it is no recording of coxa's: other columns, or it would unpack to more than any session holds.
    """
    source = pa.BufferReader(_sound(data))
    packets, ends, at_end = list[Packet](), [0], False
    try:
        with pa.ipc.open_stream(source) as stream:
            _check_columns(stream.schema)
            while True:
                ends.append(source.tell())
                batch = stream.read_next_batch()
                batch.validate(full=True)  # a damaged offset would otherwise read foreign memory
                _check_names(batch)
                rows = batch.to_pydict()
                names = rows.get("characteristic") or [""] * len(batch)
                packets += map(_packet, rows["arrival_s"], rows["data"], names)
    except StopIteration:
        at_end = source.tell() == len(data)
    except TooMuchError:
        raise
    except _TORN:
        pass
    return Recording(packets, at_end and data.endswith(END), None if at_end else _damaged_at(data, ends))


def _damaged_at(data: bytes, ends: list[int]) -> int | None:
    """Where the last whole batch ends, of those that end there, if more follows than a torn batch or a disk's zeros."""
    batch = max([_BATCH_BYTES, *map(operator.sub, ends[1:], ends)])
    return ends[-1] if len(data[ends[-1] :].rstrip(b"\0")) > _TORN_BATCHES * batch else None


def _packet(arrival_s: float | None, data: bytes | None, name: str | None) -> Packet:
    if arrival_s is None or data is None or name is None or not abs(arrival_s) <= SECONDS:
        raise TooMuchError("a packet has no data, no characteristic, or a time that cannot be")
    return Packet(arrival_s, data, name)


def _check_columns(schema: Any) -> None:
    if not (schema.equals(SCHEMA) or schema.equals(pa.schema(list(SCHEMA)[:2]))):
        found = ", ".join(f"{f.name[:20]!r}" for f in list(schema)[:4])
        raise TooMuchError(f"these are not coxa's packets (columns {found})")


def _check_names(batch: Any) -> None:
    if "characteristic" in batch.schema.names:
        names = batch.column("characteristic").dictionary
        if len(names) and max(len(name or "") for name in names.to_pylist()) > CHARACTERISTIC_BYTES:
            raise TooMuchError("the name of a characteristic is far too long")


def _sound(data: bytes) -> bytes:
    """The data up to where its messages are whole, once it is known how much they unpack to."""
    source, total = pa.BufferReader(data), _Total()
    end = 0
    try:
        reader = pa.ipc.MessageReader.open_stream(source)
        while True:
            message = reader.read_next_message()
            total.add(message.metadata.to_pybytes(), message.body)
            end = source.tell()
    except StopIteration:
        return data
    except TooMuchError:
        raise
    except (struct.error, IndexError):
        raise TooMuchError("its messages do not say what they hold") from None
    except _TORN:
        return data[:end]


@dataclass(slots=True)
class Room:
    """Counts what a session that is being written will unpack to; never less than that."""

    bytes: int = 0
    rows: int = 0

    def take(self, packets: Sequence[Packet]) -> None:
        """These are written together."""
        self.rows += len(packets)
        self.bytes += _BATCH_BYTES + sum(len(p.data) + _ROW_BYTES for p in packets)

    @property
    def full(self) -> bool:
        """Whether no more should be written, lest it cannot be read again."""
        return self.rows > _FULL_SHARE * PACKETS or self.bytes > _FULL_SHARE * PACKETS_BYTES


@dataclass(slots=True)
class _Total:
    """What the messages seen so far unpack to."""

    bytes: int = 0
    rows: int = 0

    def add(self, message: bytes, body: Any) -> None:
        """Raises TooMuchError: it has become too much."""
        root = _Table(message, struct.unpack_from("<I", message)[0])
        kind = root.number(1, "<B")
        if kind not in (_DICTIONARY, _BATCH):
            return
        batch = root.table(2)
        if batch is not None and kind == _DICTIONARY:
            batch = batch.table(1)
        if batch is None:
            raise IndexError
        self.rows += batch.number(0, "<q")
        self.bytes += len(message) + _unpacked_bytes(batch, body)
        if self.rows > PACKETS or batch.number(0, "<q") < 0:
            raise TooMuchError(f"it claims more than {PACKETS} packets, which no session has")
        if self.bytes > PACKETS_BYTES:
            raise TooMuchError(f"it would unpack to more than {size(PACKETS_BYTES)}, which no session needs")


def _unpacked_bytes(batch: _Table, body: Any) -> int:
    """What the buffers of a RecordBatch need: where it is compressed, each begins with its size unpacked, or -1."""
    buffers, packed = batch.structs(2, "<qq"), batch.table(3) is not None
    total, have = 0, 0 if body is None else body.size
    for offset, length in buffers:
        if body is None or not (offset >= 0 and length >= 0 and offset + length <= have):
            raise IndexError
        size = struct.unpack("<q", body.slice(offset, 8).to_pybytes())[0] if packed and length >= 8 else length
        if size < -1:
            raise IndexError
        total += length if size == -1 else size
    return total


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a FlatBuffer: a field's place stands in the vtable, that of the vtable in the table."""

    data: bytes
    at: int

    def field(self, slot: int) -> int | None:
        """Where a field lies; None where it is left out."""
        vtable = self.at - self.unpack("<i", self.at)
        if 4 + 2 * slot >= self.unpack("<H", vtable):
            return None
        offset = self.unpack("<H", vtable + 4 + 2 * slot)
        return self.at + offset if offset else None

    def number(self, slot: int, form: str) -> int:
        """A number, 0 where it is left out."""
        at = self.field(slot)
        return 0 if at is None else self.unpack(form, at)

    def table(self, slot: int) -> _Table | None:
        """A table inside."""
        at = self.field(slot)
        return None if at is None else _Table(self.data, at + self.unpack("<I", at))

    def structs(self, slot: int, form: str) -> list[tuple[int, ...]]:
        """A vector of structs."""
        at = self.field(slot)
        if at is None:
            return []
        start = at + self.unpack("<I", at)
        count, step = self.unpack("<I", start), struct.calcsize(form)
        if start + 4 + count * step > len(self.data):
            raise IndexError
        return [struct.unpack_from(form, self.data, start + 4 + i * step) for i in range(count)]

    def unpack(self, form: str, at: int) -> int:
        """One number at a place."""
        if at < 0:
            raise IndexError
        return struct.unpack_from(form, self.data, at)[0]
