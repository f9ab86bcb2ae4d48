"""What a process holds in memory, told apart: what is alive, and what the allocators keep of the system's.

Resident memory grows for reasons that are no leak: an allocator takes more for a short burst and keeps it, or a page is
touched for the first time. What is alive does not: it is added up by the allocators themselves, Python's own for small
objects (pymalloc) and the C library's for everything larger and for libraries. Arrow's allocator (mimalloc) tells too.
"""

from __future__ import annotations

import ctypes
import gc
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import psutil
import pyarrow as pa

MB = 2**20
_IN_USE = re.compile(rb"# bytes in allocated blocks += +([\d,]+)")


@dataclass(frozen=True)
class Held:
    """Memory of this process at one moment."""

    rss_mb: float
    """Resident, as the system counts it."""
    live_mb: float | None
    """In objects and buffers that are alive; None where the C library does not tell (all but glibc)."""

    def told(self) -> str:
        """In words."""
        live = "" if self.live_mb is None else f", {self.live_mb:.2f} MB of it alive"
        return f"{self.rss_mb:.1f} MB{live}"


def held() -> Held:
    """What is held now, cyclic garbage collected first."""
    gc.collect()
    return Held(psutil.Process().memory_info().rss / MB, _live_mb())


class _Mallinfo2(ctypes.Structure):
    """Source: man 3 mallinfo2."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
        )
    ]  # fmt: skip


@cache
def _glibc() -> Any:
    """The C library, where it is one that tells (glibc from 2.33 on)."""
    try:
        libc: Any = ctypes.CDLL(None)
        libc.mallinfo2.restype = _Mallinfo2
        libc.open_memstream.restype = ctypes.c_void_p
        for function in (libc.fclose, libc.free):
            function.argtypes = [ctypes.c_void_p]
        ctypes.pythonapi._PyObject_DebugMallocStats.argtypes = [ctypes.c_void_p]
    except (AttributeError, OSError, TypeError):
        return None
    return libc


def _live_mb() -> float | None:
    libc = _glibc()
    if libc is None:
        return None
    info = libc.mallinfo2()
    return (info.uordblks + info.hblkhd + _small_bytes(libc) + pa.total_allocated_bytes()) / MB


def _small_bytes(libc: Any) -> int:
    """In Python's small objects, as `sys._debugmallocstats` prints it to stderr, which would be in the way."""
    text, size = ctypes.c_void_p(), ctypes.c_size_t()
    stream = libc.open_memstream(ctypes.byref(text), ctypes.byref(size))
    ctypes.pythonapi._PyObject_DebugMallocStats(stream)
    libc.fclose(stream)
    told = ctypes.string_at(text, size.value)
    libc.free(text)
    found = _IN_USE.search(told)
    return int(found[1].replace(b",", b"")) if found else 0  # 0 with PYTHONMALLOC=malloc: the C library counts it
