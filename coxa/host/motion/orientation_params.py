"""What the orientation filter is begun with and watched by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrientationParams:
    """The filter's opening, the gyro's offset and holes in the stream; the filter's own tuning is that of VQF."""

    opening_s: float = 1.0
    """Stretch at the start from which the sampling period and, if still, the gyro's offset are taken; as long are those
    in which rests are found later. 0.8 to 1.5 s."""
    opening_rest_s: float = 0.4
    """Whoever moves before that is over has rested at least so long: enough to tell an offset of 2 deg/s and more,
    which would turn the filter by several degrees before the next rest (`ptx_s4_leg_raise_d` begins 1.0 s before the
    first raise). 0.3 to 0.6 s."""
    opening_samples: int = 10
    """From fewer samples no period can be told; what comes before a gap with fewer is lost. 8 to 20."""
    still_gyro_radps: float = 0.03
    """Standard deviation of a resting gyro's worst axis: noise and sway stay under 1.7 deg/s, movement does not. 0.02
    to 0.04."""
    still_accel_mps2: float = 0.3
    """Standard deviation of a resting accelerometer's worst axis. 0.2 to 0.5."""
    trembling_radps: float = 0.25
    trembling_mps2: float = 1.0
    """Standard deviations up to which a stretch may tremble or sway (0.6 degree at 5 Hz): it rests where gravity stayed
    as it was in the one before. Strides of a second leave it so, too, but are larger. 0.15 to 0.3, 0.6 to 1.5."""
    steady_mps2: float = 0.3
    """By how much gravity may differ between the two, on the worst axis (1.8 degrees). 0.2 to 0.4."""
    offset_radps: float = 0.017
    """An offset beyond this (1 deg/s) is taken out before the filter, which itself follows 2 deg/s at most; the
    MPU-6050's zero-rate output may be 20 deg/s off (datasheet, section 6.1). 0.01 to 0.03."""
    trembling_offset_radps: float = 0.06
    """So much (3.4 deg/s) it must be where somebody trembles, since people turn slowly about the vertical: at 2 deg/s
    `uiprmd_m07_s02` had 2.6 taken out. 0.05 to 0.08."""
    apart_share: float = 0.2
    """The mean rates of two stretches that trembled differ by no more than this share of an offset. 0.15 to 0.3."""
    unturned_share: float = 0.2
    """A slow movement turns gravity by its rate times the time; an offset turns it by less than this share of that. 0.1
    to 0.3."""
    bridged_gap_s: float = 0.1
    """A hole up to this long is integrated over; after a longer one the filter starts anew, because interpolating
    across gaps caused 22 of 23 tilt errors above 8 degrees in simulated sessions. Not below 2.5 periods of the slowest
    rate, 25 Hz."""
    slow_gap_s: float = 0.4
    slow_gap_rad: float = 0.17
    """So is one up to this long in which the thigh turned by no more than this (10 degrees), going by the faster of the
    rates on both sides: nobody moves and rests again within it. A filter that begins anew takes what the accelerometer
    shows in that moment for up, which in circles is 3 to 6 degrees off (`hip_circle_*` with short gaps). 0.3 to 0.5 s
    (0.6 loses two of 18 real blocks), 0.15 to 0.3."""
    bridged_cos: float = 0.998
    """Cosine of 3.6 degrees: further off at the first rest after such a gap, the thigh has turned in it otherwise, and
    the filter begins anew (`hamstring_stretch_2`: 4 degrees). Of 2.5 to 4 degrees; at 2.5 it begins anew where somebody
    only trembles."""
    straight_cos: float = 0.9945
    """Cosine of 6 degrees: so far off at rest the filter has lost its way; it would take 10 s to come back. Of 4 to 10
    degrees."""
    restart_bias_sigma_radps: float = 0.004
    """How far the gyro bias known before a gap is trusted after it (0.2 deg/s, in-run instability of a MEMS gyro).
    0.002 to 0.01."""
