"""What faults of a stream are told by."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.motion.gravity_step import QUIET_MPS2, STEP_S


@dataclass(frozen=True, slots=True)
class StreamParams:
    """When something is wrong with a stream itself. Healthy are all recordings but those of `ptx`'s subject 2."""

    stretch_s: float = 4.0
    """The stream is judged in stretches of so much seen time, wherever blocks were cut and samples lost: long enough
    for a movement, short enough to be told in a set. 3 to 6."""
    least_samples: int = 10
    """Of fewer nothing is told. 5 to 20: nothing breaks."""
    stretches: int = 600
    """The rate is that of so many of the newest stretches (40 minutes)."""
    step_s: float = STEP_S
    quiet_mps2: float = QUIET_MPS2
    """Steps over which gravity is compared, as `gravity_step` says."""
    turn_deg: float = 4.0
    """Smaller turns of a step are noise. 3 to 6."""
    proof_deg: float = 600.0
    """So much turning, all in all, proves something: sets of raises turn the thigh by 560 to 1,250. 400 to 800."""
    seen_share: float = 0.5
    """An accelerometer that sees less than this of the gyro's turning is broken (subject 2 of `ptx`: 0.3 to 0.7;
    healthy sensors 0.8 and more outside walking). 0.45 to 0.6."""
    unit_factor: float = 15.0
    """A gyro that turns so many times as far as gravity is in other units: deg/s read as rad/s turn 57 times too far.
    10 to 30."""
    small_gyro_times: float = 1.6
    """Gravity that turns so many times as far as the gyro says shows a gyro that is read too small: ranges of a gyro
    are a factor of two apart. Healthy at most 1.3 (`hip_circle_3`), at half the scale 1.6 to 2.5. 1.5 to 1.7."""
    small_gyro_likeness: float = 0.4
    """And in the same direction (square of the correlation): 0.5 and more in most sets, below 0.2 where other
    accelerations make the difference (`leg_raise_4`). 0.3 to 0.5."""
    small_gyro_deg: float = 50.0
    """Root of the sum of squares of gravity's turns that proves it: 40 to 190 in sets, 15 in ten metres of walking.
    40 to 80."""
    constant: float = 1e-6
    """m/s2 or rad/s: what spreads by less stands still to the last bit."""
    lively_mps2: float = 1.5
    lively_radps: float = 0.3
    """Where another axis spreads by so much (standard deviation over a stretch), one that stands still is dead: no
    thigh turns so evenly about one axis of the sensor. Of all recordings in steps of 0.6 m/s2 and 4 deg/s, still axes
    lie beside 0.85 m/s2 and 0.18 rad/s at most. 1 to 2, 0.2 to 0.4."""
    turning_radps: float = 0.1
    """A thigh that turns by so much (standard deviation of the rate over a stretch) tilts by 5 degrees, beside which no
    accelerometer stands still as a whole. Slow circles have 0.14. 0.05 to 0.15."""
    dead_stretches: int = 2
    """In so many stretches; a set is three and more. Half to twice: nothing breaks (`tests/test_stream_check.py`, as
    all of these)."""
    flicker_share: float = 0.55
    """An axis that reads anything else with so many of its samples has noise: one that lies at the edge between two
    values does with half of them at most. 0.52 to 0.65."""
    alone_stretches: int = 5
    """Where the other two of its sensor have noise, one that stands still is dead whether or not the thigh moves: in so
    many stretches. 3 to 10."""
    flat_run: int = 3
    """So many extreme values in a row are a limit, not a movement; 2 happen at turning points. 3 to 4: two at each side
    of a gap are no run."""
    flat_share: float = 0.999
    """Values are extreme from this share of the largest on: a limit differs by a bit or two of noise. 0.998 to 0.9995:
    nothing breaks."""
    range_error: float = 0.03
    """How far a sensor's limit lies off its nominal range, by its scale and zero errors (datasheets: 1 to 3 %). 0.015
    to 0.06: nothing breaks."""
    spikes_a_minute: float = 1.0
    """Single wrong samples beyond this are told: they are put right, but a bus that errs so often loses more. Half to
    twice: nothing breaks."""
    least_spikes: int = 3
    """And at least so many; one is no habit. 2 to 6: nothing breaks."""


ACCEL_RANGES_G = (2, 4, 8, 16)
GYRO_RANGES_DPS = (125, 250, 500, 573, 1000, 1147, 2000, 2294)
"""Full scales that sensors can be set to; ST's reach 14.7 % beyond their names: 17.5, 35 and 70 mdps a count times
32768 (LSM6DS3TR-C datasheet, table 3). Their small ones are left out: slow raises may turn at just so much."""
