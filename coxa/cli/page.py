"""`coxa page`, and the page of `live` and `demo`."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from coxa.cli.endings import end_requests
from coxa.cli.output import tell
from coxa.host.errors import CoxaError
from coxa.host.routine import SetPlan
from coxa.host.voice import load_phrases
from coxa.host.voice.speaker import Speaker
from coxa.host.watcher import Watcher


@dataclass(frozen=True, slots=True)
class PageOptions:
    """What the command line says about the page."""

    wanted: bool = False
    port: int | None = None
    lan: bool = False

    @property
    def on(self) -> bool:
        """Whether there is a page; who names the network or a port wants one."""
        return self.wanted or self.lan or self.port is not None


class Page:
    """The page of one session: who looks on, and what happens when it is over."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher

    def over(self, session_id: str | None) -> None:
        """The session has ended."""

    def wait(self, ended: threading.Event, trouble: CoxaError | None = None) -> bool:  # noqa: ARG002
        """Let the browser look at the result until `interrupts` says so; whether what ended the session was told before
        that.
        """
        return False


class _Served(Page):
    """A page that is there."""

    def over(self, session_id: str | None) -> None:
        from coxa.page.state import PageWatcher

        assert isinstance(self.watcher, PageWatcher)
        self.watcher.over(session_id)

    def wait(self, ended: threading.Event, trouble: CoxaError | None = None) -> bool:
        if trouble is not None:
            tell(str(trouble))
        print("The page stays until you press Ctrl-C.", flush=True)
        wait_for(ended)
        return trouble is not None


@contextmanager
def served(
    options: PageOptions, plan: tuple[SetPlan, ...], lang: str, log: str | None, speaking: Watcher
) -> Generator[Page, None, None]:
    """Serve the live page of a session that is about to begin; where the voice `speaking` fails, the page takes over,
    as talkative as that. Where there is none, a browser in which somebody asks for it says everything.

    Raises:
        SpecError: the port cannot be had, or there is no network.
    """
    if not options.on:
        yield Page(Watcher())
        return
    from coxa.page.server import PageServer
    from coxa.page.state import PageWatcher

    voice = speaking if isinstance(speaking, Speaker) else None
    watcher = PageWatcher(
        plan,
        load_phrases(lang),
        lambda: voice is not None and voice.failed,
        lambda cue: voice is None or voice.says(cue),
    )
    with PageServer(watcher, log, port=options.port, lan=options.lan, lang=lang, tell=_say):
        yield _Served(watcher)


def run(port: int | None, lan: bool, lang: str, log: str | None) -> None:
    """Serve the pages about the log until Ctrl-C.

    Raises:
        SpecError: the port cannot be had, or there is no network.
        LogError: the log cannot be listed.
    """
    from coxa.cli.sessions import check_log
    from coxa.host.log import log_folder
    from coxa.host.log.reader import session_places
    from coxa.page.server import PageServer

    session_places(log_folder(log))  # what cannot even be listed is said before anything is served
    with interrupts() as ended, PageServer(None, log, port=port, lan=lan, lang=lang, tell=_say):
        check_log(log)  # reading ten thousand sessions takes a while, in which the page is there
        print("Press Ctrl-C to end.", flush=True)
        wait_for(ended)


@contextmanager
def interrupts() -> Generator[threading.Event, None, None]:
    """An event that Ctrl-C sets, or the system when it asks the program to end, or a terminal that is closed.

    The exception that Python raises otherwise gets lost where it falls into a callback of the garbage collector, and
    the program would not end.
    """
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        ended.set()

    before = {s: signal.signal(s, end) for s in (signal.SIGINT, *end_requests())}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def wait_for(ended: threading.Event) -> None:
    """Wait in steps: on Windows a wait without end cannot be interrupted."""
    while not ended.wait(0.5):
        pass


def _say(line: str) -> None:
    print(line, flush=True)
