"""The app phyphox with its remote access: a web server on the phone that answers with what its buffers hold."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import numpy as np

from coxa.firmware_sim.phones.readings import Readings
from coxa.host.samples import FloatArray

TAIL_S = 1.0
HOLDS = 1000
"""Samples that each buffer keeps, as the experiment of docs/sensors says."""


class PhyphoxPhone:
    """The experiment on a phone that replays a simulated person. Pure: time is handed in."""

    def __init__(self, readings: Readings, *, gyro: bool = True, gravity: bool = True, session: str = "51ab") -> None:
        """`gyro` and `gravity` say whether the experiment has the one and leaves in the other."""
        accel = readings.accel_mps2 if gravity else readings.accel_mps2 - readings.gravity_mps2
        self._session = session
        self._clocks = {"acc": readings.accel_s} | ({"gyr": readings.gyro_s} if gyro else {})
        self._buffers: dict[str, FloatArray] = {"acc_time": readings.accel_s}
        self._buffers |= {f"acc{axis}": accel[:, i] for i, axis in enumerate("XYZ")}
        if gyro:
            self._buffers["gyr_time"] = readings.gyro_s
            self._buffers |= {f"gyr{axis}": readings.gyro_radps[:, i] for i, axis in enumerate("XYZ")}
        self.began_s: float | None = None
        """When the experiment was started; None while it stands still."""
        self._cleared, self._ended_s = False, -1.0

    @property
    def lasts_s(self) -> float:
        """Length of the recording."""
        return max(float(t[-1]) for t in self._clocks.values())

    def control(self, command: str, now_s: float) -> bytes:
        """The answer to /control?cmd=..."""
        if command == "start" and self.began_s is None:
            self.began_s = now_s
        elif command in ("stop", "clear"):
            self.began_s, self._cleared, self._ended_s = None, command == "clear", -1.0
        return b'{"result": true}' if command in ("start", "stop", "clear") else b'{"result": false}'

    def get(self, query: str, now_s: float) -> bytes:
        """The answer to /get?..., with the buffers as they are filled by then; stops by itself at the end."""
        if self.began_s is not None and now_s - self.began_s > self.lasts_s + TAIL_S:
            self.began_s, self._ended_s = None, self.lasts_s
        at_s = self._ended_s if self.began_s is None else now_s - self.began_s
        parts = list[str]()
        for name, value in parse_qsl(query, keep_blank_values=True):
            if name in self._buffers:
                parts.append(f'"{name}":{self._told(name, "full" if self._cleared else value, at_s)}')
        self._cleared = False
        status = {"session": self._session, "measuring": self.began_s is not None, "timedRun": False, "countDown": 0}
        return ('{"buffer":{\n' + ",\n".join(parts) + '\n},\n"status":' + json.dumps(status) + "}\n").encode()

    def _told(self, name: str, value: str, at_s: float) -> str:
        held = self._held(name, at_s)
        if not value:
            mode, chosen = "single", held[-1:]
        elif value == "full":
            mode, chosen = "full", held
        else:
            threshold, _, reference = value.partition("|")
            limit = float(threshold)
            if limit:
                limit += 10 ** math.floor(math.log10(abs(limit) / 1e7))
            mode, chosen = "partial", held[(self._held(reference, at_s) if reference else held) > limit]
        numbers = ",".join(np.format_float_scientific(v, precision=7, trim="0") for v in chosen.tolist())
        return f'{{"size":{HOLDS},"updateMode":"{mode}", "buffer":[{numbers or ("null" if mode == "single" else "")}]}}'

    def _held(self, name: str, at_s: float) -> FloatArray:
        end = int(np.searchsorted(self._clocks[name[:3]], at_s, side="right"))
        return self._buffers[name][max(end - HOLDS, 0) : end]


class Server:
    """The phone's web server, on this computer. Use as a context manager."""

    def __init__(self, phone: PhyphoxPhone, port: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        """Take another `clock` for a phone whose time runs otherwise."""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """Answer as the app does."""
                place, now_s = urlsplit(self.path), clock()
                if place.path == "/control":
                    self._answer(phone.control(dict(parse_qsl(place.query)).get("cmd", ""), now_s))
                elif place.path == "/get":
                    self._answer(phone.get(place.query, now_s))
                else:
                    self.send_error(404)

            def _answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
