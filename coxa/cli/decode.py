"""`coxa decode`: notifications in, samples out."""

from __future__ import annotations

import math
from collections.abc import Iterable

from coxa.cli.output import tell
from coxa.host.errors import RecordingError, WireError
from coxa.host.plural import count_of
from coxa.host.samples import FloatArray, Gap, StreamItem
from coxa.host.sensors.registry import driver
from coxa.host.strict_json import json_text


def run(sensor: str, notifications: list[str], range_g: float | None, range_dps: float | None) -> None:
    """Print every sample as a JSON line on stdout; what else there is to say on stderr.

    Raises:
        SpecError: no such sensor or range.
        RecordingError: a notification is not hex.
        WireError: not one sample came out.
    """
    chosen = driver(sensor)
    settings = chosen.settings(accel_range_g=range_g, gyro_range_dps=range_dps, lone_halves=True)
    decoder, given = chosen.decoder(settings), 0
    for data in [_bytes(number, text) for number, text in enumerate(notifications, 1)]:
        given += _print(decoder.feed("", data, math.nan))
    given += _print(decoder.finish())
    stats = decoder.stats
    if decoder.battery_percent is not None:
        tell(f"battery {decoder.battery_percent} %")
    if decoder.refusal is not None:
        tell(f"sensor {sensor}: {decoder.refusal}")
    if not given:
        what = ", ".join([*stats.damage(), *([f"{stats.other} without samples"] if stats.other else [])])
        sent = count_of(len(notifications), "notification")
        raise WireError(f"sensor {sensor}: no sample in {sent}: {what or 'nothing complete'}")
    if stats.damage():
        tell(f"sensor {sensor}: {', '.join(stats.damage())}")


def _bytes(number: int, text: str) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x").replace(":", " "))
    except ValueError:
        short = text if len(text) <= 40 else text[:40] + "..."
        raise RecordingError(
            f"notification {number}: {short!r} is not hex; expected two digits a byte, as 5561fcff"
        ) from None


def _print(items: Iterable[StreamItem]) -> int:
    given = 0
    for item in items:
        if isinstance(item, Gap):
            continue
        for t_s, accel, gyro in zip(item.t_s.tolist(), item.accel_mps2, item.gyro_radps, strict=True):
            print(json_text({"t_s": t_s, "accel_mps2": _numbers(accel), "gyro_radps": _numbers(gyro)}))
            given += 1
    return given


def _numbers(row: FloatArray) -> list[float] | None:
    """Three numbers; None where this half of the sample never came."""
    return None if bool((row != row).any()) else row.tolist()
