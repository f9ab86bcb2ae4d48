"""Where the `coxa` command begins, before anything that takes time is imported."""

from __future__ import annotations

import signal


def main() -> None:
    """Run the command; Ctrl-C while it is still being imported just ends it, there being nothing to put in order.

    Python would print where it was interrupted. Who has Ctrl-C ignored, as a shell for what it runs behind, keeps that.
    """
    heard = signal.getsignal(signal.SIGINT)
    if heard == signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from coxa.cli.main import main as run

    signal.signal(signal.SIGINT, heard)
    run()
