"""What is well and what is not with a sensor and its link, each with what to do about it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from coxa.host.link.quality import RATE_ERROR, StreamQuality
from coxa.host.motion.accel_only import GyroOrGravity
from coxa.host.plural import count_of
from coxa.host.samples import STANDARD_GRAVITY_MPS2, FloatArray, SampleBlock, usual_step_s
from coxa.host.sensors.driver import Capabilities, Loss

WEAK_DBM = -85
"""Weaker than this, links over a metre or two of body break (BLE receivers give up between -90 and -100 dBm)."""
LOW_PERCENT = 20
"""Below this a battery is told to be charged before the next session."""
LOST_SHARE = 0.01
"""Of a hundred samples one: short holes are bridged, more often a repetition is missed."""
LATE_S = 0.25
"""Later than this, a spoken count comes after the movement."""
DRIFT_PPM = 500.0
"""Crystals err by 20 to 50 ppm, RC oscillators by more; half a second in 1000 s harms nothing."""
RESTING_RADPS = 0.15
"""A sensor that turns no faster (9 deg/s) rests: zero-rate offsets of most gyros lie below."""
LEAST_RESTING = 20
"""Samples at rest from which gravity is read."""
SCALE_ERROR = 0.1
"""Zero and scale errors of consumer accelerometers together (80 mg and 3 %, MPU-6050's datasheet, section 6.2). A wrong
range is off by a factor of two."""
UP_SHARE = 0.9
"""An axis that feels so much of gravity points straight up, within 26 degrees."""


class State(Enum):
    """How a finding is to be taken."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    state: State
    what: str
    found: str
    todo: str = ""


def signal(rssi_dbm: int | None) -> Finding:
    """Strength at the host."""
    if rssi_dbm is None:
        return Finding(State.UNKNOWN, "signal", "strength not told")
    if rssi_dbm < WEAK_DBM:
        return Finding(State.BAD, "signal", f"{rssi_dbm} dBm, weak", "bring the sensor and this computer nearer")
    return Finding(State.GOOD, "signal", f"{rssi_dbm} dBm")


def battery(percent: int | None) -> Finding:
    """What is left in it."""
    if percent is None:
        return Finding(State.UNKNOWN, "battery", "the sensor does not tell", "charge it if in doubt")
    if percent < LOW_PERCENT:
        return Finding(State.BAD, "battery", f"{percent} %", "charge it: sensors lower their power before they go out")
    return Finding(State.GOOD, "battery", f"{percent} %")


def rate(quality: StreamQuality, can: Capabilities) -> Finding:
    """Measured against nominal."""
    measured, nominal = quality.rate_hz, quality.nominal_hz
    if measured is None:
        return Finding(State.BAD, "rate", "no sample came", "switch the sensor off and on, and try again")
    if nominal is None:
        return Finding(State.UNKNOWN, "rate", f"{measured:.1f} Hz; the sensor does not say what it should be")
    text = f"{measured:.1f} of {nominal:g} Hz"
    if abs(measured / nominal - 1.0) > RATE_ERROR:
        todo = "switch it off and on: its program or its clock is not as it says"
        if can.rates_hz:
            todo = (
                "it did not take the setting: switch it off and on, close other programs, or choose another --rate-hz"
            )
        return Finding(State.BAD, "rate", text, todo)
    return Finding(State.GOOD, "rate", text)


def loss(quality: StreamQuality, can: Capabilities) -> Finding:
    """Samples that did not come."""
    share = quality.lost_share
    if share is None:
        return Finding(State.UNKNOWN, "loss", "no sample came")
    gap = "" if quality.longest_gap_s is None else f", longest gap {quality.longest_gap_s:.2f} s"
    text = f"{100 * share:.1f} % of the samples{gap}"
    if share > LOST_SHARE or quality.reconnects:
        lost = f"{text}, {count_of(quality.reconnects, 'time')} disconnected" if quality.reconnects else text
        return Finding(State.BAD, "loss", lost, "bring it nearer, without the body in between; switch Wi-Fi to 5 GHz")
    if can.loss is Loss.UNSEEN:
        return Finding(State.UNKNOWN, "loss", f"none noticed, but this sensor does not number its packets{gap}")
    return Finding(State.GOOD, "loss", text)


def clock(quality: StreamQuality, can: Capabilities) -> list[Finding]:
    """The sensor's clock and how late packets come."""
    if not can.has_clock:
        return [Finding(State.UNKNOWN, "clock", "none: samples are stamped by their arrival, good to about 10 ms")]
    if quality.drift_ppm is None or quality.late_s is None:
        return [Finding(State.UNKNOWN, "clock", "too short a time to compare it", "use --seconds 30 or more")]
    off = Finding(State.GOOD, "clock", f"{quality.drift_ppm:+.0f} ppm against this computer's")
    if abs(quality.drift_ppm) > DRIFT_PPM:
        off = Finding(State.BAD, "clock", off.found, "durations will be wrong by as much; tell the maker")
    late = Finding(State.GOOD, "delay", f"packets {1000 * quality.late_s:.0f} ms later than the promptest, on average")
    if quality.late_s > LATE_S:
        late = Finding(State.BAD, "delay", late.found, "counts come late: close other Bluetooth links, come nearer")
    return [off, late]


def saturation(quality: StreamQuality, can: Capabilities) -> Finding:
    """Samples at the end of the scale."""
    if quality.clipped_samples:
        ranges = {"--range-g": can.accel_ranges_g, "--range-dps": can.gyro_ranges_dps}
        options = ", ".join(option for option, choice in ranges.items() if len(choice) > 1)
        todo = f"set a larger range: {options}" if options else "it has no larger range to set: move it more gently"
        return Finding(
            State.BAD, "saturation", f"{count_of(quality.clipped_samples, 'sample')} at the sensor's limit", todo
        )
    return Finding(State.GOOD, "saturation", "none, as far as it was moved")


class Resting:
    """Collects what the accelerometer says while the sensor rests."""

    def __init__(self) -> None:
        self._rows = list[FloatArray]()
        self._rates, self._period_s = GyroOrGravity(), 0.0

    def update(self, block: SampleBlock) -> None:
        """Take the next samples."""
        if not self._period_s and len(block) > 1:
            self._period_s = usual_step_s(np.diff(block.t_s))
        turns = self._rates.update(block, self._period_s) if self._period_s else block
        self._rows.append(block.accel_mps2[np.linalg.norm(turns.gyro_radps, axis=1) < RESTING_RADPS])

    def findings(self, can: Capabilities) -> list[Finding]:
        """Scale of gravity, and which axis it says points up."""
        rows = np.concatenate(self._rows) if self._rows else np.empty((0, 3))
        if len(rows) < LEAST_RESTING:
            return [Finding(State.UNKNOWN, "gravity", "the sensor did not rest", "leave it lying and try again")]
        size = float(np.median(np.linalg.norm(rows, axis=1)))
        scale = Finding(State.GOOD, "gravity", f"{size:.2f} m/s2 at rest")
        if abs(size / STANDARD_GRAVITY_MPS2 - 1.0) > SCALE_ERROR:
            another = ", try another --range-g" if len(can.accel_ranges_g) > 1 else ""
            todo = f"its range is not the one it is read with, or its calibration is off: recalibrate it{another}"
            scale = Finding(State.BAD, "gravity", f"{size:.2f} m/s2 at rest, not {STANDARD_GRAVITY_MPS2:.2f}", todo)
        first = rows[:LEAST_RESTING].mean(axis=0)
        return [scale, _up(first / np.linalg.norm(first))] if np.any(first) else [scale]


def _up(direction: FloatArray) -> Finding:
    axis = int(np.argmax(np.abs(direction)))
    name = f"{'+' if direction[axis] > 0 else '-'}{'xyz'[axis]}"
    if abs(direction[axis]) < UP_SHARE:
        return Finding(
            State.UNKNOWN, "sign", "no axis of the sensor points straight up", "lay it flat to see which one it says"
        )
    todo = f"see the axes on its case: if {name} points down now, its signs are reversed, please report it"
    return Finding(State.UNKNOWN, "sign", f"it says that {name} points up", todo)
