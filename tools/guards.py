"""Do the tests of docs/security.md bite? `python -m tools.guards [--only WORD]`

Each guard is taken out of a copy of the code, one at a time, and the tests that are said to hold it are run there: one
must fail. Before that they must pass with every guard in place. Status 1 if one does not bite.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Guard:
    """What stands in a file, what stands there once it is disarmed, and which tests must notice."""

    name: str
    file: str
    armed: str
    disarmed: str
    tests: str
    word: str = ""
    """Which tests of that file (pytest -k); all where empty."""


GATE, BOUNDED = "coxa/page/gate.py", "coxa/host/bounded.py"
PAGE = "frame or token or host or site or cookie or origin"
LIMITS = "plain or links or line or allowed or typed or nobody_writes or header"
"""Tests of a few seconds; those of gigabytes are left out."""
GUARDS = (
    Guard("token", GATE, "if not hmac.compare_digest(given.encode(), self.token.encode()):", "if False:",
          "test_page_gate", PAGE),
    Guard("token used once", GATE, "            self.token = token_urlsafe(24)\n        return True",
          "            pass\n        return True", "test_page_gate", PAGE),
    Guard("cookie, websocket too", GATE, "elif self._has_cookie(headers):",
          'elif scope["type"] == "websocket" or self._has_cookie(headers):', "test_page_gate", PAGE),
    Guard("Host", GATE, 'return headers.get("host", "").lower() in self._hosts | own', "return True",
          "test_page_gate", PAGE),
    Guard("what other sites load", GATE, " and _own_request(headers)", "", "test_page_gate", PAGE),
    Guard("key is private", "coxa/page/key.py", "put(file, new.encode())", "file.write_text(new)",
          "test_page_gate", "key_is"),
    Guard("Origin", GATE, 'return urlsplit(origin).netloc.lower() == headers["host"].lower()', "return True",
          "test_page_gate", PAGE),
    Guard("Origin that is missing", GATE, 'return scope["type"] == "http"\n', "return True\n", "test_page_gate", PAGE),
    Guard("cookie for this site only", GATE, "HttpOnly; SameSite=Strict; ", "", "test_page_gate", PAGE),
    Guard("no frames", GATE, '    (b"x-frame-options", b"DENY"),\n', "", "test_page_gate", PAGE),
    Guard("sensor file is private", "coxa/host/private_file.py", "0o600", "0o666", "test_known",
          "remember or stranger"),
    Guard("size of a file", BOUNDED, "if len(data) > most:", "if False:", "test_limits", LIMITS),
    Guard("size of text unpacked", BOUNDED, "if self._total > self._most:", "if False:", "test_limits", "gzip_bomb"),
    Guard("length of a line", BOUNDED, "if max(lengths) > self._longest:", "if False:", "test_limits", LIMITS),
    Guard("no link inside a session", BOUNDED, "(0 if links else NO_LINK)", "0", "test_limits", LIMITS),
    Guard("ordinary files only", BOUNDED, "if not stat.S_ISREG(os.fstat(number).st_mode):", "if False:",
          "test_limits", LIMITS),
    Guard("depth of JSON", "coxa/host/strict_json.py", "for _ in range(JSON_DEPTH):", "for _ in range(900):",
          "test_limits", LIMITS),
    Guard("finite numbers", "coxa/host/strict_json.py", "if math.isfinite(number) else _refuse_number(text)", "",
          "test_limits", LIMITS),
    Guard("keys once", "coxa/host/strict_json.py", "if len(found) != len(pairs):", "if False:", "test_limits", LIMITS),
    Guard("files of the log are private", "coxa/host/log/writer.py", "0o600", "0o644", "test_privacy", "owners_alone"),
    Guard("folders of the log are private", "coxa/host/log/writer.py", "mode=0o700", "mode=0o755", "test_privacy",
          "owners_alone"),
    Guard("tables of the log are private", "coxa/host/private_file.py", "os.O_EXCL, 0o600", "os.O_EXCL, 0o644",
          "test_privacy", "owners_alone"),
    Guard("no pickle", "coxa/host/strict_json.py", "import json\n", "import json\nimport pickle\n", "test_privacy",
          "ever_run"),
    Guard("size of a websocket message", "coxa/page/server.py", "        ws_max_size=PAGE_MESSAGE_BYTES,\n", "",
          "test_page_flood"),
    Guard("requests at one time", "coxa/page/server.py", "        limit_concurrency=CONNECTIONS,\n", "",
          "test_page_flood"),
    Guard("websockets at one time", GATE, "elif self._feeds >= self._most_feeds:", "elif False:", "test_page_flood"),
    Guard("what Arrow unpacks to", "coxa/host/log/packets.py",
          "            total.add(message.metadata.to_pybytes(), message.body)\n", "", "test_limits", "arrow_bomb"),
    Guard("how Parquet is packed", "coxa/analysis/table_file.py", "not codecs(data) <= TABLE_CODECS", "False",
          "test_limits", "unpack_to_anything"),
    Guard("name of an exercise", "coxa/host/exercises/spec.py",
          'if not EXERCISE.fullmatch(spec.name):', "if False:", "test_limits", "is_a_name"),
    Guard("name of a session", "coxa/host/log/header.py",
          "if not SESSION_ID.fullmatch(header.session_id):", "if False:", "test_limits", "no_session_has"),
    Guard("plain text in headers", "coxa/host/log/header.py",
          'if name != "specs" and not _is_plain_throughout(value):', "if False:", "test_limits", "no_session_has"),
    Guard("links are not forgotten through", "coxa/host/log/forget.py",
          "if folder.is_symlink() or folder.parent.is_symlink():", "if False:", "test_forget", "links"),
    Guard("markup in a report", "coxa/analysis/report/html.py", "autoescape=True", "autoescape=False",
          "test_report", "escaped"),
    Guard("the user's own sensor", "coxa/cli/sensor_choice.py", "if choice.address or choice.any_sensor", "if True",
          "test_known", "stranger"),
    Guard("nobody outside is talked to", "coxa/host/session.py", "from __future__ import annotations\n",
          "from __future__ import annotations\nimport socket\nsocket.socket(2, 2).connect(('192.0.2.1', 9))\n",
          "test_privacy", "talks_to_nobody"),
    Guard("classes of a snapshot", "coxa/host/snapshot.py", "if not module.startswith(_OWN):", "if False:",
          "test_snapshot", "classes or imports"),
)  # fmt: skip


def copied(place: Path) -> None:
    """The code and its tests, as they are here."""
    for name in ("coxa", "tests", "tools", "docs", "recordings"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__", "*.arrows"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, place)


def passes(place: Path, tests: str, word: str) -> tuple[bool, str]:
    """Whether the tests pass there; else which failed first.

    Raises:
        RuntimeError: they did not run, or failed without one that did.
    """
    files = [f"tests/{t}.py" for t in tests.split(" or ")]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "-p", "no:cacheprovider", *files]
    command += ["-k", word] if word else []
    environment = {**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)
    failed = re.findall(r"^(?:FAILED|ERROR) \S+?::(\S+)", ran.stdout, re.MULTILINE)
    if ran.returncode not in (0, 1) or bool(failed) != bool(ran.returncode):
        raise RuntimeError(ran.stdout[-2000:] + ran.stderr[-2000:])
    return ran.returncode == 0, failed[0] if failed else ""


def main() -> None:
    """Print a row for each guard."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="guards whose name or file has this in it")
    only = parser.parse_args().only
    guards = [g for g in GUARDS if only in f"{g.name} {g.file}"]
    with tempfile.TemporaryDirectory(prefix="coxa-guards-") as temporary:
        place = Path(temporary)
        copied(place)
        for tests, word in sorted({(g.tests, g.word) for g in guards}):
            fine, failed = passes(place, tests, word)
            if not fine:
                sys.exit(f"{tests}: {failed} fails with every guard in place")
        print("| guard | in | without it fails |\n|---|---|---|")
        noticed = 0
        for guard in guards:
            file = place / guard.file
            text = file.read_text(encoding="utf-8")
            if guard.armed not in text:
                sys.exit(f"{guard.name}: {guard.file} does not say {guard.armed!r}")
            file.write_text(text.replace(guard.armed, guard.disarmed), encoding="utf-8")
            fine, failed = passes(place, guard.tests, guard.word)
            file.write_text(text, encoding="utf-8")
            noticed += not fine
            print(f"| {guard.name} | {guard.file} | {'**nothing**' if fine else failed} |", flush=True)
    print(f"\n{noticed} of {len(guards)} guards are missed by a test when they are gone")
    sys.exit(noticed != len(guards))


if __name__ == "__main__":
    main()
