"""Feeds every parser what nobody sends: `python -m tools.fuzz [--seconds N] [--only WORD]` (POSIX).

Each parser runs in a process of its own for so many seconds: sound input with pieces changed, cut, repeated and put in,
or bytes that never were any, as hypothesis likes. An error of another kind than it may raise is a finding, as are an
input that takes longer than 5 s and memory that grows by more than 400 MiB. Findings are shrunk and printed with the
input in Base64; status 1 if there is one.
"""

from __future__ import annotations

import argparse
import base64
import random
import resource
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from tools.fuzz_targets import Target, targets

HANG_S, LEFT_S = 5.0, 60.0
"""For an input; and for a process to come back after its time, else it hangs where no signal reaches."""
MOST_MIB = 400
BATCH = 100
UNHEALTHY = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
"""Sound input is long; that is no mistake here."""
BITS = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([b"\0", b"\xff" * 4, b"\x7f\xff\xff\xff", b"nan", b"1e999", b"-1", b"9" * 400,
                     b"[" * 300, b"\n", b'"', b"../", b"\x1b[2J", b"\xed\xa0\x80", b",,", b"= ", b"{}", b"\x1f\x8b"]),
)  # fmt: skip


@dataclass(slots=True)
class Result:
    """What became of one parser."""

    inputs: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    grown_mib: float = 0.0
    finding: str = ""


@st.composite
def mutilated(draw: st.DrawFn, sound: list[bytes]) -> bytes:
    """Sound input after a few accidents."""
    data = bytearray(draw(st.sampled_from(sound)))
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(data)))
        end = min(at + draw(st.integers(0, 40)), len(data))
        match draw(st.integers(0, 4)):
            case 0:
                data[at:end] = draw(BITS)
            case 1 if at < len(data):
                data[at] ^= 1 << draw(st.integers(0, 7))
            case 2:
                data[at:at] = data[at:end] * draw(st.integers(1, 30))
            case 3:
                del data[at:end]
            case _:
                del data[at:]
    return bytes(data)


class _Hang(BaseException):
    """An input took too long."""


def _hung(*_: object) -> None:
    raise _Hang


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


class Fuzzer:
    """One parser, its inputs and what they did."""

    def __init__(self, target: Target) -> None:
        self._target, self.result = target, Result()
        self.sound = target.sound()
        for data in self.sound:
            target.read(data)  # warm, and sound indeed
        self._before_mib = _peak_mib()

    def one(self, data: bytes) -> None:
        """Feed one input. Raises whatever it must not."""
        begun_s = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, HANG_S)
        try:
            self._target.read(data)
        except self._target.may_raise:
            self.result.refused += 1
        except _Hang:
            raise AssertionError(f"takes more than {HANG_S:g} s; input {_shown(data)}") from None
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error}; input {_shown(data)}") from error
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        self.result.inputs += 1
        self.result.slowest_s = max(self.result.slowest_s, time.monotonic() - begun_s)
        self.result.grown_mib = _peak_mib() - self._before_mib
        if self.result.grown_mib > MOST_MIB:
            raise AssertionError(f"memory grew by {self.result.grown_mib:.0f} MiB; input {_shown(data)}")

    def run(self, seconds: float, first: int) -> None:
        """Batch after batch, each from another seed, until the time is over or something is found."""
        until_s, inputs = time.monotonic() + seconds, st.one_of(mutilated(self.sound), st.binary(max_size=200))
        kinds = settings(
            max_examples=BATCH, deadline=None, database=None, verbosity=Verbosity.quiet, print_blob=False,
            suppress_health_check=UNHEALTHY, phases=[Phase.generate, Phase.shrink],
        )  # fmt: skip
        while time.monotonic() < until_s and not self.result.finding:
            try:
                seed(first)(kinds(given(inputs)(self.one)))()
            except BaseExceptionGroup as several:
                self.result.finding = "; ".join(map(str, several.exceptions))
            except AssertionError as error:
                self.result.finding = str(error)
            first += 1


def _shown(data: bytes) -> str:
    return base64.b64encode(data).decode() if len(data) < 600 else f"of {len(data)} bytes"


def _work(name: str, seconds: float, first: int, back: Connection) -> None:
    signal.signal(signal.SIGALRM, _hung)
    fuzzer = Fuzzer(targets()[name])
    fuzzer.run(seconds, first)
    back.send(fuzzer.result)


def fuzzed(name: str, seconds: float, first: int) -> Result:
    """Fuzz one parser in a process of its own."""
    here, there = get_context("spawn").Pipe(duplex=False)
    process = get_context("spawn").Process(target=_work, args=(name, seconds, first, there))
    process.start()
    there.close()
    try:
        if here.poll(seconds + LEFT_S):
            return here.recv()
        return Result(finding="hangs where no signal reaches it")
    except EOFError:
        process.join()
        return Result(finding=f"the process died ({process.exitcode})")
    finally:
        process.kill()
        process.join()


def main() -> None:
    """Print a row for each parser."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30, help="for each parser; 3600 is the full campaign")
    parser.add_argument("--seed", type=int, help="the first seed; by chance where none is given")
    parser.add_argument("--only", default="", help="parsers whose name has this in it")
    arguments = parser.parse_args()
    first = random.randrange(2**30) if arguments.seed is None else arguments.seed
    names = [n for n in targets() if arguments.only in n]
    print("| parser | inputs | refused | slowest | memory grown by | finding |\n|---|---|---|---|---|---|")
    found, inputs = 0, 0
    for name in names:
        r = fuzzed(name, arguments.seconds, first)
        found, inputs = found + bool(r.finding), inputs + r.inputs
        finding = r.finding.replace("|", "\\|").replace("\n", " ") or "-"
        figures = f"{r.inputs} | {r.refused} | {1000 * r.slowest_s:.0f} ms | {r.grown_mib:.0f} MiB"
        print(f"| {name} | {figures} | {finding} |", flush=True)
    print(f"\n{len(names)} parsers, {inputs} inputs, {found} findings (seed {first}).")
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
