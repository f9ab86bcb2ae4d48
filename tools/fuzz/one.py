"""Fuzzes one reader in this process: `python -m tools.fuzz.one NAME FOLDER CORPUS [libFuzzer options]`.

Without a name it lists the readers, each with what kind of input it reads.
"""

from __future__ import annotations

import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

atheris: Any = import_module("atheris")  # without types, and not on every machine

with atheris.instrument_imports(include=["coxa"]):
    from tools.fuzz.targets import targets


def main() -> None:
    """Fuzz until the time is over or something is found."""
    if len(sys.argv) < 4:
        with tempfile.TemporaryDirectory() as folder:
            print("\n".join(f"{name}\t{target.about}" for name, target in targets(Path(folder)).items()))
        return
    name, folder, corpus = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    target = targets(folder)[name]
    corpus.mkdir(parents=True, exist_ok=True)
    for k, seed in enumerate(target.seeds):
        (corpus / f"sound-{k}").write_bytes(seed)
    atheris.Setup([sys.argv[0], *sys.argv[4:], str(corpus)], target.read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
