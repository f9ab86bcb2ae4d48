"""Raw notifications as text: one a line, with arrival time and characteristic, below a header that says whose.

# coxa notifications 1
# sensor witmotion
# settings {"rate_hz": 50.0, "accel_range_g": 16.0, "gyro_range_dps": 2000.0}
0.512345 0000ffe4-0000-1000-8000-00805f9a34fb 5561fcffefff110800000000000098ff0d00f831
"""

from __future__ import annotations

import math
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coxa.host.bounded import read_text
from coxa.host.errors import RecordingError, SpecError, reason_of
from coxa.host.limits import PACKETS, RECORDING_BYTES, SECONDS, shown
from coxa.host.samples import Packet, StreamItem
from coxa.host.sensors.driver import Driver, Settings, checked_settings
from coxa.host.sensors.registry import driver
from coxa.host.strict_json import TooMuchError, json_text, parse_json

SUFFIX = ".hex"
TITLE = "# coxa notifications"
VERSION = 1
"""Of this format; another is not read."""


@dataclass(frozen=True, slots=True)
class HexRecording:
    """One file's content."""

    driver: Driver
    settings: Settings
    packets: tuple[Packet, ...]

    def items(self) -> list[StreamItem]:
        """Samples and gaps, as they were live."""
        decoder = self.driver.decoder(self.settings)
        return decoder.feed_all(self.packets) + decoder.finish()


def header(driver: Driver, settings: Settings, **more: Any) -> str:
    """The lines above the notifications; `more` says whatever else is worth keeping.

    A sensor that says its own rate and ranges does so in the notifications.
    """
    rows = {"sensor": driver.name, **({"settings": json_text(asdict(settings))} if driver.settable else {}), **more}
    return "".join(f"{line}\n" for line in (f"{TITLE} {VERSION}", *(f"# {key} {value}" for key, value in rows.items())))


def line(packet: Packet) -> str:
    """One notification; the time keeps every digit, for it may stamp samples."""
    return f"{packet.arrival_s!r} {packet.characteristic or '-'} {packet.data.hex()}\n"


def read_hex(path: Path) -> HexRecording:
    """Read a file.

    Raises:
        RecordingError: the file is missing, or a line is not as above; the text says which.
    """
    try:
        data = read_text(path, RECORDING_BYTES)
        lines = data.decode("utf-8-sig").replace("\r\n", "\n").split("\n")  # as Windows and mail write it
    except TooMuchError as error:
        raise RecordingError(f"{path}: {error}") from None
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise RecordingError(f"{path}: cannot be read ({reason_of(error)})") from None
    if lines[0] != f"{TITLE} {VERSION}":
        found = shown(lines[0] or "an empty file", 40)
        raise RecordingError(f"{path}, line 1: expected '{TITLE} {VERSION}', as `coxa record` writes, found {found}")
    chosen, settings = _whose(path, dict(_said(text) for text in lines[1:] if text.startswith("#")))
    numbered = [(n, text) for n, text in enumerate(lines, 1) if text and not text.startswith("#")]
    if len(numbered) > PACKETS:
        raise RecordingError(f"{path}: more than {PACKETS} notifications; cut it into parts")
    if numbered and numbered[-1][0] == len(lines):
        numbered.pop()  # its writer was killed in the middle of it
    if not numbered:
        raise RecordingError(f"{path}: holds no notification")
    packets = tuple(_packet(path, n, text) for n, text in numbered)
    return HexRecording(chosen, settings, packets)


def _said(text: str) -> tuple[str, str]:
    key, _, value = text.removeprefix("#").strip().partition(" ")
    return key, value


def _whose(path: Path, said: dict[str, str]) -> tuple[Driver, Settings]:
    try:
        chosen = driver(said["sensor"])
        settings = checked_settings(parse_json(said["settings"])) if "settings" in said else chosen.defaults
        chosen.decoder(settings)  # makes use of every number
        return chosen, settings
    except KeyError:
        raise RecordingError(f"{path}: no line '# sensor NAME' (see `coxa sensors`)") from None
    except SpecError as error:
        raise RecordingError(f"{path}: {error}") from None
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise RecordingError(f"{path}: the line '# settings' makes no sense ({error})") from None


def _packet(path: Path, number: int, text: str) -> Packet:
    try:
        arrival, characteristic, data = text.split(" ")
        arrival_s = float(arrival)
        if not math.isfinite(arrival_s) or abs(arrival_s) > SECONDS:
            raise ValueError
        return Packet(arrival_s, bytes.fromhex(data), "" if characteristic == "-" else characteristic)
    except ValueError:
        raise RecordingError(
            f"{path}, line {number}: expected arrival in seconds, characteristic and hex, found {shown(text)}"
        ) from None
