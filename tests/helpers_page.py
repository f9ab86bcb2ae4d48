"""A running page, and who looks at it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from coxa.host.routine import SetPlan
from coxa.host.voice import load_phrases
from coxa.page.gate import cookie_name
from coxa.page.key import own_key
from coxa.page.state import PageWatcher
from tests.helpers import heeding_ctrl_c


@contextmanager
def running_page(*words: str) -> Generator[tuple[subprocess.Popen[str], str], None, None]:
    """A running coxa and the link that it printed; it is ended as by Ctrl-C, and must not have printed a traceback."""
    command = [str(Path(sys.executable).with_name("coxa")), *words]
    with heeding_ctrl_c():
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert running.stdout is not None
    try:
        yield running, next(found[1] for line in running.stdout if (found := re.match(r"page +(\S+)", line)))
    finally:
        running.send_signal(signal.SIGINT)
        try:
            said, _ = running.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()
            raise
    assert "Traceback" not in said, said


def own_cookie(port: int) -> str:
    """Of a browser that has been on the page."""
    return f"{cookie_name(port)}={own_key()}"


PLAN = (SetPlan("lateral_leg_raise", "right", 5), SetPlan("hip_circle", None, 4))


def watcher() -> PageWatcher:
    return PageWatcher(PLAN, load_phrases("en"))
