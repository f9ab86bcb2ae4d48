"""Fuzzes every reader: `python -m tools.fuzz --seconds 60 [--each kind] [--only WORD...] [--workers 2] [--keep DIR]`.

Wants `pip install -e '.[dev,fuzz]'` and Linux. Each reader gets so many seconds in a process of its own, as many
readers at once as there are workers; with `--each kind` the readers of one kind of input (own wire, sensors,
recordings, sessions, files of the user's, requests to the page) share them. Atheris (libFuzzer) damages sound input and
keeps what reaches new code. A crash is anything raised but a typed error, or a sample that cannot be; more than 10 s
for one input is a hang, more than 1 GB of memory is unbounded. Prints a row for each reader; status 0 only if nothing
was found. What was found lies in the folder that the row names.

With `--keep DIR` it goes on where the last run with that folder stopped, however that ended: an hour for each reader is
a day of one core, and need not be one day. `--seconds` are then those of all runs together.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

HANG_S, MEMORY_MB, LONGEST = 10, 1024, 8192
ROUND_S, ROUND_INPUTS = 600, 100_000
"""So long, or so many inputs, one process fuzzes: the fuzzer itself keeps up to 5 kB of every one it has tried (the
readers keep none: without the fuzzer they stay where they were after 80,000 inputs)."""
NOTHING = "nothing"
FOUND = Path("fuzz-findings")
"""Where inputs that broke something are kept."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one reader."""

    name: str
    seconds: int
    inputs: int
    a_second: int
    reached: int
    """Pieces of code that some input reached."""
    memory_mb: int
    finding: str

    def then(self, later: Outcome) -> Outcome:
        """Both rounds together."""
        return Outcome(
            self.name,
            self.seconds + later.seconds,
            self.inputs + later.inputs,
            later.a_second,
            max(self.reached, later.reached),
            max(self.memory_mb, later.memory_mb),
            later.finding,
        )

    def row(self) -> str:
        """Of the table."""
        cells = (
            self.name,
            f"{self.seconds:,}",
            f"{self.inputs:,}",
            f"{self.a_second:,}",
            f"{self.reached:,}",
            f"{self.memory_mb}",
            self.finding,
        )
        return "| " + " | ".join(cells) + " |"


def fuzzed(name: str, seconds: int, kept: Path) -> Outcome:
    """Fuzz one reader in processes of its own, each of which goes on from what the one before has reached."""
    tally = kept / "outcome.json"
    total = Outcome(**json.loads(tally.read_text())) if tally.exists() else Outcome(name, 0, 0, 0, 0, 0, NOTHING)
    total = replace(total, finding=NOTHING)  # what was found is tried again, as it is in the corpus
    while total.seconds < seconds and total.finding == NOTHING:
        total = total.then(_round(name, min(ROUND_S, seconds - total.seconds), kept))
        tally.write_text(json.dumps(asdict(total)))
    return total


def _round(name: str, seconds: int, kept: Path) -> Outcome:
    findings, corpus = FOUND / name.replace("/", "_"), kept / "corpus"
    with tempfile.TemporaryDirectory(prefix="coxa-fuzz-") as folder:
        scratch = Path(folder)
        command = [
            sys.executable, "-m", "tools.fuzz.one", name, folder, str(corpus),
            f"-max_total_time={seconds}", f"-runs={ROUND_INPUTS}", f"-timeout={HANG_S}", f"-rss_limit_mb={MEMORY_MB}",
            f"-max_len={LONGEST}", f"-artifact_prefix={folder}/found-", "-print_final_stats=1",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        text = done.stdout + done.stderr
        found = sorted(scratch.glob("found-*"))
        for path in found:
            findings.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, findings)
            shutil.copy(path, corpus)
    return Outcome(
        name,
        _number(r"Done \d+ runs in (\d+) second", text),
        _number(r"stat::number_of_executed_units:\s*(\d+)", text),
        _number(r"stat::average_exec_per_sec:\s*(\d+)", text),
        _number(r"cov: (\d+)", text),
        _number(r"stat::peak_rss_mb:\s*(\d+)", text),
        _finding(text, done.returncode, [p.name for p in found]),
    )


def _number(pattern: str, text: str) -> int:
    """The last number after a pattern, 0 where there is none."""
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def _finding(text: str, status: int, files: list[str]) -> str:
    if status == 0 and not files:
        return NOTHING
    raised = re.findall(r"Uncaught Python exception.*\n(?:.*\n)?.*?(\w+(?:Error|Exception|Interrupt)[^\n]*)", text)
    told = raised[-1] if raised else (text.strip().splitlines() or ["ended without a word"])[-1]
    return f"{told[:90]} ({', '.join(files) or f'status {status}'})"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="for each of them; an hour each is --seconds 3600")
    parser.add_argument("--each", choices=("reader", "kind"), default="reader", help="of what gets so many seconds")
    parser.add_argument("--only", nargs="+", default=[""], metavar="WORD", help="readers whose name has one in it")
    parser.add_argument("--workers", type=int, default=1, help="readers at once; more than cores fuzz less each")
    parser.add_argument("--keep", type=Path, help="go on where the last run with this folder stopped")
    arguments = parser.parse_args()
    shares = shares_s(arguments.seconds, by_kind=arguments.each == "kind")
    for word in arguments.only:
        if not any(word in name for name in shares):
            parser.error(f"--only {word}: no reader is called so; there are {', '.join(shares)}")
    shares = {n: seconds for n, seconds in shares.items() if any(word in n for word in arguments.only)}
    print(
        f"{arguments.seconds} s for each {arguments.each}, {arguments.workers} at once; "
        f"readers may take {HANG_S} s for an input and {MEMORY_MB} MB in all"
    )
    with tempfile.TemporaryDirectory(prefix="coxa-fuzz-") as folder:
        sys.exit(fuzz_all(shares, arguments.workers, arguments.keep or Path(folder)))


def shares_s(seconds: int, *, by_kind: bool) -> dict[str, int]:
    """How long each reader is fuzzed, by its name."""
    told = subprocess.run([sys.executable, "-m", "tools.fuzz.one"], capture_output=True, text=True, check=True)
    kinds = dict(line.split("\t") for line in told.stdout.splitlines())
    sharing = Counter(kinds.values())
    return {name: math.ceil(seconds / sharing[kind]) if by_kind else seconds for name, kind in kinds.items()}


def fuzz_all(shares: dict[str, int], workers: int, keep: Path) -> bool:
    """Print a row for each reader as it is done; whether something was found."""
    print("| reader | seconds | inputs | a second | code reached | most memory, MB | found |")
    print("|---|---|---|---|---|---|---|")
    found = False
    with ThreadPoolExecutor(max(workers, 1)) as pool:
        running = dict[str, Future[Outcome]]()
        for name in sorted(shares, key=lambda name: -shares[name]):  # the longest first, or one runs alone at the end
            place = keep / name.replace("/", "_")
            place.mkdir(parents=True, exist_ok=True)
            running[name] = pool.submit(fuzzed, name, shares[name], place)
        for name in shares:
            outcome = running[name].result()
            found |= outcome.finding != NOTHING
            print(outcome.row(), flush=True)
    return found


if __name__ == "__main__":
    main()
