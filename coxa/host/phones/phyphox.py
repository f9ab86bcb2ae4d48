"""Asks a phone with the app phyphox for its newest readings, ten times a second."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import AsyncIterator, Callable
from typing import Self

from coxa.host.errors import LinkError, LinkFailure
from coxa.host.limits import BODY_BYTES
from coxa.host.link.sensor_link import LinkItem, LinkStatus
from coxa.host.phones.link import PhoneLink
from coxa.host.samples import Packet
from coxa.host.sensors.phyphox import ACCEL, GET, GYRO, PhyphoxDecoder, query

POLL_S = 0.1
"""From one question to the next."""
ANSWER_S = 3.0
"""An answer that takes longer is none."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0
"""Pauses between attempts after one has failed."""
LOST_S = 30.0
"""The phone keeps the last 10 s; after this it is given up."""
STALE_S = 1.0
"""Where nothing new has come for so long, all is asked for again: the experiment may have begun anew."""
STOPPED_S = 3.0
"""An experiment that was stopped in the app for so long is over."""
PORT = 8080
"""On Android; iPhones answer on 80."""
TROUBLE = (OSError, http.client.HTTPException, UnicodeError)
"""What asking fails with; the last where the address is none that a name could have, as with two dots in a row."""


class PhyphoxLink(PhoneLink):
    """One phone by its address, as the app shows it."""

    def __init__(self, address: str, *, poll_s: float = POLL_S, stopped_s: float = STOPPED_S) -> None:
        """Take `address` as HOST or HOST:PORT."""
        super().__init__("phyphox")
        assert isinstance(self.decoder, PhyphoxDecoder)
        self._phyphox = self.decoder
        host, _, port = address.removeprefix("http://").rstrip("/").partition(":")
        self._host, self._port = host, int(port) if port.isdecimal() else PORT
        self.sensor.address = f"{self._host}:{self._port}"
        self._poll_s, self._stopped_s = poll_s, stopped_s
        self._started = False
        self._seen: tuple[float, dict[str, float | None]] = (0.0, {})
        """Since when the newest readings are what they are."""

    async def __aenter__(self) -> Self:
        """Start the experiment.

        Raises:
            LinkError: no phyphox answers there.
        """
        try:
            await asyncio.to_thread(self._ask, "/control?cmd=start")
        except TROUBLE as error:
            nobody = f"no phyphox answers at {self.sensor.address} ({error})"
            hint = "is remote access on, and are both in one network?"
            hint += f" An iPhone wants {self._host}:80" if self._port == PORT else ""
            raise LinkError(LinkFailure.NOT_FOUND, f"{nobody}; {hint}") from None
        self._started = True
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._started:
            try:
                await asyncio.to_thread(self._ask, "/control?cmd=stop")
            except TROUBLE:
                pass  # it is gone already

    async def ready(self, stop: Callable[[], bool]) -> bool:
        """As `PhoneLink.ready`: it was started."""
        return not stop()

    async def items(self) -> AsyncIterator[LinkItem]:
        """As `PhoneLink.items`; ends when the experiment was stopped in the app."""
        began_s = heard_s = ran_s = time.monotonic()
        pause_s, connected = FIRST_PAUSE_S, False
        while True:
            asked_s = time.monotonic()
            try:
                answer = await asyncio.to_thread(self._ask, query(self._newest(asked_s)))
            except TROUBLE as error:
                if time.monotonic() - heard_s > LOST_S:
                    lost = f"the phone at {self.sensor.address} does not answer any more ({error})"
                    raise LinkError(LinkFailure.LOST, lost) from None
                if connected:
                    self.reconnects, connected = self.reconnects + 1, False
                    yield LinkStatus(False, f"the phone at {self.sensor.address} does not answer")
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
                continue
            heard_s, pause_s = time.monotonic(), FIRST_PAUSE_S
            if not connected:
                connected = True
                yield LinkStatus(True, f"phone at {self.sensor.address}")
            yield Packet(heard_s - began_s, answer, GET)
            ran_s = heard_s if self._phyphox.measuring else ran_s
            if heard_s - ran_s > self._stopped_s:
                if not self.decoder.stats.samples:
                    raise LinkError(LinkFailure.REFUSED, "the experiment on the phone stands still: press play there")
                return
            await asyncio.sleep(max(asked_s + self._poll_s - time.monotonic(), 0.0))

    def _newest(self, now_s: float) -> dict[str, float | None]:
        """What to ask from; where nothing new has come for a while, as after another start, everything."""
        newest = {clock: self._phyphox.newest_s(clock) for clock in (ACCEL[0], GYRO[0])}
        if newest != self._seen[1]:
            self._seen = (now_s, newest)
        elif now_s - self._seen[0] > STALE_S:
            self._seen = (now_s, newest)
            return dict.fromkeys(newest)
        return newest

    def _ask(self, path: str) -> bytes:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=ANSWER_S)
        try:  # a connection for each question: the app's server does not keep them
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read(BODY_BYTES)
            if answer.status != 200:
                raise http.client.HTTPException(f"status {answer.status}")
            return body
        finally:
            connection.close()
