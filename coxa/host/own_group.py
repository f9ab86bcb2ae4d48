"""How children of ours begin: a Ctrl-C is for the program in front, which ends its children in its own order."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

PYTHON = [sys.executable, "-P"]
"""Without -P, modules of the current folder would come before all others."""

OWN_GROUP: dict[str, Any] = (
    {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if sys.platform == "win32" else {"process_group": 0}
)
"""For `subprocess.Popen`: the terminal sends Ctrl-C to a whole group of processes, and a child that is still importing
would print a traceback. Such a child must end by itself when its standard input ends, as it does when we are killed."""
