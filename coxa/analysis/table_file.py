"""A session's table in Parquet, read within limits: a few kilobytes of it may say that they are gigabytes.

What is refused before anything is unpacked: codecs that coxa does not use, columns that are no plain numbers or texts,
more values than the footer may promise. Texts stay dictionaries, which hold each of them once: how long they are is
looked at before they are laid out row by row.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from coxa.analysis.parquet_footer import codecs
from coxa.host.errors import reason_of
from coxa.host.limits import TABLE_BYTES, TABLE_CODECS, TABLE_COLUMNS, TABLE_GROUPS, TEXT, printable
from coxa.host.log.tables import ArrowTable

DAMAGED = (pa.ArrowException, OSError, MemoryError, ValueError, KeyError, TypeError)
"""What pyarrow raises for a table that is damaged or not what it should be."""
_LONGEST = 4 * TEXT
"""Bytes of a text: UTF-8 needs four for a character at most."""


def read_table(data: bytes, columns: Collection[str], most_rows: int) -> ArrowTable:
    """Those of the columns that are there; texts are dictionaries of bearable size.

    Args:
        data: the whole file.
        columns: names to read; others are never unpacked.
        most_rows: rows that such a table may have.

    Raises:
        one of `DAMAGED`: it is damaged, or no table of coxa's.
    """
    if not codecs(data) <= TABLE_CODECS:
        raise pa.ArrowInvalid("packed in a way that coxa does not use")
    source = pa.BufferReader(data)
    said = pq.read_metadata(source)
    check_size(said, len(data), most_rows)
    there = [name for name in columns if name in said.schema.names]
    # no prefetching threads: the bytes are all here, and ten thousand small files have no use for them
    options = {"page_checksum_verification": True, "pre_buffer": False}
    file = pq.ParquetFile(source, metadata=said, read_dictionary=there, **options)
    known = [field for field in file.schema_arrow if field.name in columns]
    if len({field.name for field in known}) < len(known):
        raise pa.ArrowInvalid("two columns have one name")
    for field in known:
        if not _is_flat(field.type):
            raise pa.ArrowInvalid(f"column '{field.name}' is no plain numbers or texts")
    table = file.read(columns=[field.name for field in known], use_threads=False)
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            _check_texts(column)
    return table


def damage_of(error: Exception) -> str:
    """What one of `DAMAGED` says, as one line: pyarrow's have several, and quote what stands in the file."""
    return printable(reason_of(error).split("\n", 1)[0][:200])


def check_size(said: Any, size: int, most_rows: int) -> None:
    """Whether a footer, as pyarrow read it, promises no more than `most_rows` values a column and the file's bytes.

    Groups of rows could all lie at the same place of the file, which would be unpacked for each of them.

    Raises:
        ArrowInvalid: it promises more.
    """
    groups, columns = said.num_row_groups, said.num_columns
    if said.num_rows > most_rows or columns > TABLE_COLUMNS or groups > TABLE_GROUPS:
        raise pa.ArrowInvalid("far too large for a session")
    values, packed = [0] * columns, 0
    for k in range(groups):
        group = said.row_group(k)
        for j in range(columns):
            chunk = group.column(j)
            values[j] += abs(chunk.num_values)
            packed += abs(chunk.total_compressed_size)
    if max(values, default=0) > most_rows or packed > size:
        raise pa.ArrowInvalid("far too large for a session")


def _is_flat(kind: Any) -> bool:
    """Numbers of fixed width, nothing at all, or texts that are read as a dictionary."""
    text = pa.types.is_dictionary(kind) and (pa.types.is_string(kind.value_type) or pa.types.is_binary(kind.value_type))
    return text or pa.types.is_primitive(kind) or pa.types.is_null(kind)


def _check_texts(column: Any) -> None:
    """Raises ArrowInvalid: a text is longer than any, or all of them laid out could be more than a table is."""
    for chunk in column.chunks:
        longest = pc.call_function("binary_length", [chunk.dictionary]).to_numpy(zero_copy_only=False).max(initial=0)
        if longest > _LONGEST or longest * len(column) > TABLE_BYTES:
            raise pa.ArrowInvalid("a text is far too long")
