"""The text of a CSV file, plain or gzipped, or one clear line about why there is none."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from coxa.host.errors import RecordingError

_GZIP_MAGIC = b"\x1f\x8b"


def read_text(path: Path) -> bytes:
    """The file's content as UTF-8 bytes without a byte order mark.

    Raises:
        RecordingError: missing, a directory, unreadable, empty, cut short, or not UTF-8 text.
    """
    data = _content(path)
    if not data.strip():
        raise RecordingError(f"{path}: the file is empty; expected a header line and samples")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise RecordingError(f"{path}: the text is UTF-16; expected UTF-8, save it as 'CSV UTF-8'")
    if b"\0" in data:
        at = data.index(b"\0")
        raise RecordingError(f"{path}: line {_line(data, at)}: byte 0x00 found; expected CSV text, this is binary data")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"line {_line(data, error.start)}: byte 0x{data[error.start]:02x} found"
        raise RecordingError(f"{path}: {found}; expected CSV text in UTF-8") from error
    return data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _content(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise RecordingError(f"{path}: no such file") from error
    except IsADirectoryError as error:
        raise RecordingError(f"{path}: is a folder; expected a recording (a file, or a session's folder)") from error
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror or error}") from error
    if data[:2] != _GZIP_MAGIC:
        if path.suffix == ".gz" and data:
            raise RecordingError(f"{path}: is not a gzip file though its name ends in .gz")
        return data
    try:
        return gzip.decompress(data)
    except EOFError as error:
        raise RecordingError(f"{path}: the gzip file is cut short; copy or download it again") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise RecordingError(f"{path}: the gzip file is damaged ({error}); copy or download it again") from error
