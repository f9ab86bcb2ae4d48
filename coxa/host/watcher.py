"""Who looks on at a session: the terminal, the page, the voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coxa.host.cues import Cue
    from coxa.host.events import Event
    from coxa.host.link.quality import StreamQuality
    from coxa.host.link.sensor_link import LinkStatus
    from coxa.host.routine import Coach


class Watcher:
    """Whoever looks on; every call returns at once. This one looks away."""

    def status(self, status: LinkStatus) -> None:
        """The link came or went."""

    def began(self, at_s: float) -> None:
        """The first sample has come; all times of the session are on its clock, which may count from years ago."""

    def event(self, event: Event) -> None:
        """The coach decided something."""

    def cue(self, cue: Cue) -> None:
        """There is something to say."""

    def progress(self, coach: Coach, quality: StreamQuality) -> None:
        """Samples came; once a packet."""

    def warning(self, text: str) -> None:
        """Something is wrong with the stream; each thing is told once."""


class Watchers(Watcher):
    """Several of them, told in order."""

    def __init__(self, *watchers: Watcher) -> None:
        self._watchers = watchers

    def status(self, status: LinkStatus) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.status(status)

    def began(self, at_s: float) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.began(at_s)

    def event(self, event: Event) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.event(event)

    def cue(self, cue: Cue) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.cue(cue)

    def progress(self, coach: Coach, quality: StreamQuality) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.progress(coach, quality)

    def warning(self, text: str) -> None:
        """Tell all."""
        for watcher in self._watchers:
            watcher.warning(text)
