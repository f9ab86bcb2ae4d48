"""What `.ci/run` takes from README.md."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
FUNCTION = re.search(r"^command_of\(\) \{(?s:.*?)^\}\n", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
@pytest.mark.parametrize("name", ["tests", "demo"])
@pytest.mark.parametrize("markers", [2, 1, 0])
def test_a_command_whose_marker_is_lost_ends_the_run(name: str, markers: int, tmp_path: Path) -> None:
    """Claim: the README's own command is run; where one of its markers is gone, nothing is, and that is an error."""
    mark = f"<!-- {name} -->\n"
    assert README.count(mark) == 2
    (tmp_path / "README.md").write_text(README.replace(mark, "", 2 - markers), "utf-8")
    assert FUNCTION is not None
    script = f'set -euo pipefail\n{FUNCTION[0]}\nfound=$(command_of {name} | sed s/x/x/)\necho "$found"\n'
    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode == 0) == (markers == 2)
    assert ran.stdout.count("python3 -m venv .venv") == (markers == 2)
    assert len(ran.stdout.splitlines()) == (markers == 2)
