"""Reads files from outside within limits: ordinary files only, so much and no more."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from coxa.host.limits import LINE_BYTES, MIB
from coxa.host.strict_json import TooMuchError

if TYPE_CHECKING:
    from upath import UPath  # takes 0.1 s, which not every command needs

_LOCAL = ("", "file", "local")
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""For `os.open`: the last part of the path may not be a symbolic link."""
A_LINK = "is a link to elsewhere, which a session never has"
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NotAFileError(OSError):
    """A link where none belongs, a pipe or a device."""


def open_file(path: Path, *, links: bool = True) -> BinaryIO:
    """An ordinary file, for reading. A pipe or device is refused at once, on which reading might never end.

    Args:
        path: where.
        links: whether the last part of the path may be a symbolic link: not inside a session, whose files coxa made.

    Raises:
        OSError: there is none, or it is not such a file.
    """
    try:
        number = os.open(path, os.O_RDONLY | _NO_WAIT | (0 if links else NO_LINK))
    except OSError:
        if not links and path.is_symlink():
            raise NotAFileError(0, A_LINK) from None
        raise
    if not stat.S_ISREG(os.fstat(number).st_mode):
        kind = IsADirectoryError if stat.S_ISDIR(os.fstat(number).st_mode) else NotAFileError
        os.close(number)
        raise kind(0, "is not an ordinary file")
    return os.fdopen(number, "rb")


def read_file(path: Path | UPath, most: int, *, links: bool = True) -> bytes:
    """A whole file, of which no more than `most` bytes are ever read.

    Raises:
        OSError: as `open_file`.
        TooMuchError: it is larger.
    """
    if not is_local(path):
        with cast(Any, path).open("rb") as far:
            data = far.read(most + 1)
    else:
        with open_file(Path(str(path)), links=links) as file:
            data = file.read(min(os.fstat(file.fileno()).st_size, most) + 1)
    return checked_size(data, most)


def is_local(path: Path | UPath) -> bool:
    """Whether it lies in this machine's file system."""
    return getattr(path, "protocol", "") in _LOCAL


def checked_size(data: bytes, most: int) -> bytes:
    """The same bytes. Raises TooMuchError: more than `most`."""
    if len(data) > most:
        raise TooMuchError(f"is larger than {size(most)}, which no such file is; it is not read")
    return data


def size(count: int) -> str:
    """A number of bytes for people."""
    return f"{count // MIB} MiB" if count >= MIB else f"{count // 1024} kB" if count >= 10_240 else f"{count} bytes"


class TextBound:
    """Watches text that comes in pieces: how much there is, how long its lines are, that there are no zero bytes."""

    def __init__(self, most: int) -> None:
        """`most` is what all may have, bytes; a line may have `LINE_BYTES`."""
        self._most, self._longest = most, LINE_BYTES
        self._total, self._open, self._line = 0, 0, 1

    def update(self, piece: bytes) -> None:
        """Raises TooMuchError: no text, too much of it, or a line that is too long; the text says where."""
        self._total += len(piece)
        if self._total > self._most:
            raise TooMuchError(f"holds more than {size(self._most)} of text; cut it into parts")
        if b"\0" in piece:
            row = self._line + piece.count(b"\n", 0, piece.index(b"\0"))
            raise TooMuchError(f"line {row} holds a zero byte: not a text file")
        lines = piece.split(b"\n")
        lengths = [self._open + len(lines[0]), *map(len, lines[1:])]
        if max(lengths) > self._longest:
            row = self._line + next(i for i, n in enumerate(lengths) if n > self._longest)
            raise TooMuchError(f"line {row} is longer than {size(self._longest)}, which no row is")
        self._line, self._open = self._line + len(lines) - 1, lengths[-1]


def read_text(path: Path, most: int, *, packed_name: bool = False) -> bytes:
    """Text by lines, gzipped or not, unpacked only as far as it may go.

    Args:
        path: the file; a link is followed.
        most: bytes of text, unpacked.
        packed_name: whether the file must be gzipped; else it may be.

    Raises:
        OSError: as `open_file`.
        TooMuchError: more than `most`, a line longer than `LINE_BYTES`, or a zero byte.
        EOFError, zlib.error: the gzip data is cut off or damaged.
    """
    bound, found = TextBound(most), list[bytes]()
    with open_file(path) as file:
        first = file.read(MIB)
        packed = packed_name or first[:2] == b"\x1f\x8b"
        for piece in _unpacked(first, file) if packed else _pieces(first, file):
            bound.update(piece)
            found.append(piece)
    return b"".join(found)


def _pieces(first: bytes, file: BinaryIO) -> Iterator[bytes]:
    piece = first
    while piece:
        yield piece
        piece = file.read(MIB)


def _unpacked(first: bytes, file: BinaryIO) -> Iterator[bytes]:
    """Pieces of at most 1 MiB, whatever the file is packed from; members follow each other as gzip allows."""
    given = first
    while given:
        member = zlib.decompressobj(31)
        while not member.eof:
            piece = member.decompress(given, MIB)
            if piece:
                yield piece
            given = member.unconsumed_tail
            if not given and len(piece) < MIB and not member.eof:
                given = file.read(MIB)
                if not given:
                    raise EOFError("it ends in the middle")
        given = (member.unused_data or file.read(MIB)).lstrip(b"\0")
