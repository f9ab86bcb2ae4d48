"""How good the stream of a sensor is, as told on screens and kept in the log."""

from __future__ import annotations

from dataclasses import dataclass

RATE_ERROR = 0.1
"""A rate that is off by more, as a share, is another setting: crystals and radio clocks are off by less than 5 %."""


@dataclass(frozen=True, slots=True)
class StreamQuality:
    """A snapshot; None where it is not known (yet)."""

    lost_packets: int = 0
    lost_share: float | None = None
    """Samples lost of those expected."""
    longest_gap_s: float | None = None
    rate_hz: float | None = None
    """As measured on the sensor's clock."""
    nominal_hz: float | None = None
    reconnects: int = 0
    rssi_dbm: int | None = None
    battery_percent: int | None = None
    clipped_samples: int = 0
    """Samples at the sensor's limit: the true value is unknown."""
    drift_ppm: float | None = None
    """By how much the sensor's clock loses against the host's."""
    late_s: float | None = None
    """By how much packets come later than the promptest ones, on average."""
    worst_late_s: float | None = None
