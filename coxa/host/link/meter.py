"""Measures how good a stream is, from the packets and what was decoded from them. Pure."""

from __future__ import annotations

from coxa.host.link.clock_fit import ClockFit
from coxa.host.link.quality import RATE_ERROR, StreamQuality
from coxa.host.motion.stream_check import StreamCheck
from coxa.host.samples import Gap, Packet, SampleBlock, StreamItem
from coxa.host.sensors.driver import Driver, SensorDecoder, Settings

RATE_AFTER_S = 5.0
"""A rate is judged after so long."""


class StreamMeter:
    """Feed it each packet with its items; ask at any time."""

    def __init__(self, driver: Driver, settings: Settings, decoder: SensorDecoder) -> None:
        self._driver, self._settings, self._decoder = driver, settings, decoder
        self._check, self._clock = StreamCheck(), ClockFit()
        self._longest_gap_s: float | None = None
        self._steps, self._stepped_s = 0, 0.0
        self._last_s: float | None = None

    def update(self, packet: Packet, items: list[StreamItem]) -> None:
        """Take one packet and what it gave."""
        newest_s: float | None = None
        for item in items:
            self._check.update(item)
            if isinstance(item, Gap):
                self._longest_gap_s = max(self._longest_gap_s or 0.0, item.end_s - item.start_s)
                self._last_s = None
            elif len(item):
                self._step(item)
                newest_s = float(item.t_s[-1])
        if newest_s is not None and self._driver.capabilities.has_clock:
            self._clock.update(newest_s, packet.arrival_s)

    def _step(self, block: SampleBlock) -> None:
        first_s = float(block.t_s[0]) if self._last_s is None else self._last_s
        self._steps += len(block) - (self._last_s is None)
        self._last_s = float(block.t_s[-1])
        self._stepped_s += self._last_s - first_s

    @property
    def nominal_hz(self) -> float | None:
        """What the sensor says, or was told."""
        said = self._decoder.said
        if said is not None:
            return said.rate_hz
        return self._settings.rate_hz if self._driver.capabilities.rates_hz else None

    @property
    def rate_hz(self) -> float | None:
        """Samples a second where none are missing, on the clock that stamps them."""
        return self._steps / self._stepped_s if self._stepped_s > 0 else None

    def quality(
        self, *, reconnects: int = 0, rssi_dbm: int | None = None, battery_percent: int | None = None
    ) -> StreamQuality:
        """All figures, with those that only the link knows."""
        stats, fit = self._decoder.stats, self._clock.fit()
        return StreamQuality(
            lost_packets=stats.lost_packets,
            lost_share=stats.lost_share,
            longest_gap_s=self._longest_gap_s,
            rate_hz=self.rate_hz,
            nominal_hz=self.nominal_hz,
            reconnects=reconnects,
            rssi_dbm=rssi_dbm,
            battery_percent=battery_percent,
            clipped_samples=self._check.clipped_samples,
            drift_ppm=fit.drift_ppm if fit else None,
            late_s=fit.mean_late_s if fit else None,
            worst_late_s=fit.worst_late_s if fit else None,
        )

    def warnings(self) -> list[str]:
        """What the user should be told, most serious first."""
        return [*self._wrong_rate(), *self._check.warnings()]

    def data_warnings(self) -> list[str]:
        """Those that the samples themselves give, their rate and limits left out."""
        return [w for w in self._check.warnings() if "clips" not in w]

    def _wrong_rate(self) -> list[str]:
        rate_hz, nominal_hz = self.rate_hz, self.nominal_hz
        if rate_hz is None or nominal_hz is None or self._stepped_s < RATE_AFTER_S:
            return []
        if abs(rate_hz / nominal_hz - 1.0) <= RATE_ERROR:
            return []
        why = "its program or its clock is not as it says"
        if self._driver.settable:
            why = "it did not take the setting; switch it off and on, and see whether another program has set it"
        return [f"the sensor sends {rate_hz:.0f} samples a second, not {nominal_hz:.0f}: {why}"]
