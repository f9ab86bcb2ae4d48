"""The memory that writing the log takes."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa

from coxa.cli.session_setup import new_header
from coxa.host.log import SessionWriter
from coxa.host.log.writer import MOST_TOGETHER
from coxa.host.routine import SetPlan
from coxa.host.samples import Packet

PACKET_BYTES = 130


def written(log: Path, packets: int) -> tuple[Path, int]:
    """The file of a session whose packets all come in one moment, and how many bytes that took of Python at most."""
    with SessionWriter(log, new_header((SetPlan("lateral_leg_raise"),), simulated=True, seed=3)) as writer:
        gc.collect()
        tracemalloc.start(1)
        try:
            for k in range(packets):
                writer.packet(Packet(0.5, k.to_bytes(PACKET_BYTES)))
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        writer.abandon()
    return writer.folder / "packets.arrows", most


def test_catching_up_takes_no_more_memory_than_keeping_up(tmp_path: Path) -> None:
    """Claim: half an hour of packets that come in one moment takes no more to write than some seconds of them.

    Neither in Python, nor in Arrow, whose buffers are as large as a batch. In a process of its own, since threads of
    other tests allocate as well.
    """
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        _, few = alone.submit(written, tmp_path / "few", 2 * MOST_TOGETHER).result()
        file, many = alone.submit(written, tmp_path / "many", 18_000).result()
    with pa.ipc.open_stream(file) as stream:
        rows = [len(batch) for batch in stream]
    assert sum(rows) == 18_000
    assert max(rows) == MOST_TOGETHER
    assert many < few + 10 * MOST_TOGETHER * PACKET_BYTES


THREADS_MORE = """
import psutil
from coxa.host.log.packets import COMPRESSED, SCHEMA
import pyarrow as pa
with pa.ipc.new_stream(pa.BufferOutputStream(), SCHEMA, options=COMPRESSED) as stream:
    before = psutil.Process().num_threads()
    for k in range(20):
        packets = {"arrival_s": [0.1 * k], "data": [bytes(1000)], "characteristic": ["a"]}
        stream.write_batch(pa.RecordBatch.from_pydict(packets, SCHEMA))
print(psutil.Process().num_threads() - before)
"""


def test_no_thread_writes_the_log() -> None:
    """Claim: packets are compressed where they are written, since each thread would keep memory of its own."""
    done = subprocess.run([sys.executable, "-c", THREADS_MORE], capture_output=True, text=True, check=True)
    assert int(done.stdout) == 0
