"""What the course of a trip is told by: its direction, its height, how straight it is and how it comes back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WayParams:
    """Whether the thigh went where the exercise takes it."""

    direction_cos: float = 0.75
    """How well the way out must follow the exercise's direction (cosine). Raises, bridges and knees to the chest of the
    kinematic recordings score 0.94 and more, rolling over scores near 0. 0.5 to 0.88: nothing breaks."""
    far_deg: float = 45.0
    far_direction_cos: float = 0.85
    """And one beyond this, of which the rest pose's error turns the direction by little: 0.946 and more in knees drawn
    to the chest of all kinds of people, 0.76 where both knees fall to one side. 45 to 60 degrees, 0.8 to 0.9; bridges
    are smaller (0.78 where what is taken for upright is off)."""
    opposite_cos: float = 0.95
    """Who is found in a bridge after a loss is taken to rest there; the way down, straight against the exercise's
    direction, tells where the true rest pose is (`hip_bridge_3`). 0.9 to 0.98."""
    wind_up_times: float = 2.0
    wind_up_s: float = 1.5
    """Who stretches the leg out lifts it first: a movement the other way of up to so many times the smallest counted
    one, so short, leaves the rest before it valid (`hamstring_stretch_3`: 7 degrees in 0.6 s). 1.5 to 2.5, 1 to 2 s."""
    move_s: float = 6.0
    """Longest way out before the rest at the top. 4.2 to 8.4 s; with 3 `leg_raise_1` is not exact, with 12 a negative
    counts (`negative_2` in 0.75 of the time)."""
    sink_m_per_rad: float = 0.12
    """A thigh that sinks more than this for its angle did not rise: a raised leg gains 0.35 m per radian. 0.06 to 0.14;
    with 0.17 a real block is lost (`ptx_s4_leg_raise_f`)."""
    sink_error_m: float = 0.012
    """Error of the height of a movement of about a second. Half to twice: nothing breaks."""
    hips_sink_mps2: float = 0.008
    """Hips that are lifted seem to sink by no more than the exercise's `max_sink_m` and this times the squared time of
    the way out: of 364 bridges of independent people one by 0.03 m, in 2.1 s, 99 of 100 not at all (97 of 149 where
    nothing is known of the posture). Of 130 other things that they do from the same pose, as legs that are stretched
    out and bent again, 7 of 10 sink by more. 0.004 to 0.012."""
    sink_m: float = 0.02
    sink_mps2: float = 0.016
    """A thigh that sinks below this plus the second times the squared time was not raised from standing: legs raised
    sideways seem to sink 0.046 m in 1.8 s (`leg_raise_3`), picking something up sinks it 0.06 to 0.12 m in 1 s
    (`negative_3`). 0.01 to 0.04, 0.008 to 0.017; with 0.018 a negative counts (`negative_2` in 0.75 of the time)."""
    back_sink_m: float = 0.004
    back_sink_mps2: float = 0.006
    """The same of what is back where it began, which tells the accelerometer's error: of 204 raises one seems to sink
    by 0.028 m, in 2.7 s, all others rise; of 28 times that other people picked something up 16 sink by 0.007 to 0.029 m
    in 0.5 to 1 s. 0.002 to 0.006, 0.004 to 0.01."""
    sink_most_s: float = 3.5
    """The error of the height is allowed for up to so long a way; what sinks beyond that is not held standing. 1.8 to
    3.7 s; with 4 a negative counts (`negative_2` in 0.75 of the time)."""
    turned_times: float = 3.0
    """A thigh that turned so many times as far on its way out as it tilted turned with the body (`leg_raise_3`: 8;
    raises 1 to 1.5), and stretches turn it by 2.8 times the way (99 of 100), by 1.6 in the median; who gets up, lies
    down or ties a shoe by 3.1 to 8. 2 to 4."""
    round_share: float = 0.6
    """A raised leg comes back the way it went: of a circle it encloses 0.02 in the median, 0.3 in 99 of 100 and 0.42 at
    most (6 to 8 degrees, `ptx_s1_lateral_leg_raise_e`), lunges 0.06. Circles through the pose where somebody rests,
    which count as raises else, enclose 0.78 to 1.1. 0.5 to 0.7."""
    roughness: float = 2.2
    """Longest way out and back as a multiple of the straight one; a double bounce makes 1.6. 1.5 to 4.4; with 1.1
    `lateral_leg_raise_2` is not exact."""
    measured_share: float = 0.55
    """Share of a trip for which there must be samples. The recordings' truth asks for 0.6 of theirs, whose boundaries
    differ from ours by a tenth of a way (`figure_four_2` with more losses: 0.58). 0.5 to 0.6."""
    at_rest_share: float = 0.3
    """A thigh that was lost within this share of the peak, or is found there after a gap, was at rest for the part of
    the gap that its way does not take at the pace that was seen: people who pause between repetitions were lost for 2.6
    to 4.6 s there, of which the way took 0.3 to 1.5. 0.2 to 0.3 (`return_share` of the exercises), above which it may
    have stayed out.
    """
    seen_out_share: float = 0.5
    """Of a lunge's way out the part above this share of the peak must have been seen: who is found further down may
    have knelt meanwhile (`lunge_2`, lost 1.4 s before it and found after a quarter of the way). 0.3 to 0.6."""
    lost_end_s: float = 4.0
    """The way back may be missing for so long where way out and top were seen (`leg_raise_4`). 4 to 8 s; with 3.7 it is
    lost in 1.33 of the time."""


@dataclass(frozen=True, slots=True)
class BackParams:
    """Whether a trip is over, and when that is certain."""

    drift_share: float = 0.6
    """A leg that comes to rest this low has come back too: rest poses drift (`ptx_s4_lateral_leg_raise_e`). 0.53 to
    0.65; with 0.43 a block is said late (`ptx_s4_leg_raise_f`), with 0.71 a negative counts (`negative_2` in 1.33 of
    the time)."""
    moving_back_share: float = 0.5
    """While the thigh still moves, a hold's way back is certain only at this share of where it is at rest: a stretch is
    let go to a quarter and taken again at once. 0.4 to 0.6."""
    fall_s: float = 2.4
    fall_share: float = 0.65
    """So much of the smallest counted movement it must have come down for `drift_share` within so short a time
    (`ptx_s1_lateral_leg_raise_e`: 3.7 of 4.4 degrees); a raised leg that sinks slowly has not come back
    (`ptx_s4_leg_raise_f`). 1.2 to 3.4 s, 0.33 to 0.82; with 4.8 s a real block is lost (`ptx_s4_leg_raise_f`)."""
    low_dps: float = 8.0
    low_ticks: int = 8
    low_share: float = 0.5
    low_deg: float = 10.0
    """In a set, one that pauses below this share of a way of so much or more, turning no faster for 0.3 s, has come
    back as well: the next raise may begin before it is still (`ptx_s4_leg_raise_f` at 50 Hz and more). Smaller ones
    pause on their way. 4 to 16 deg/s, 4 to 16, 0.25 to 0.56, 5 to 20 degrees; with 0.64 `lateral_leg_raise_3` is not
    exact."""
    lost_return_s: float = 0.3
    found_s: float = 0.1
    found_share: float = 0.5
    """After a gap this long a thigh that is found, in the next so many seconds, below this share of its peak has been
    back (`lunge_2`). 0.2 to 0.5 s, 0.05 to 0.2 s, 0.4 to 0.6."""
    enter_share: float = 0.6
    """Of a small trip the thigh is back within this share of where the next one would begin. 0.55 to 0.8; with 0.5 a
    real block is lost."""
    pass_deg: float = 6.0
    pass_share: float = 0.35
    pass_dps: float = 25.0
    """A thigh this far beside its rest pose after the return, and no slower, was only passing (getting up,
    `lateral_leg_raise_3`). Half to twice of each: nothing breaks."""
    quick_s: float = 0.8
    confirm_quick_s: float = 0.5
    """After a quick way out from standing an overshoot is waited for longer: the leg of a step swings back. Half to
    twice of each: nothing breaks."""
    confirm_s: float = 0.3
    """How long after the return an overshoot is waited for, from standing. 0.21 to 0.6 s; with 0.15 a negative counts
    (`negative_7` in 1.33 of the time)."""
    confirm_first_s: float = 1.6
    """The first repetition of a set waits so long, unless the thigh rests or goes the same way again before: getting up
    begins like a raise (`lateral_leg_raise_3`). 0.8 to 3.2 s: nothing breaks."""
    calm_back_s: float = 0.24
    """Or has been calm at its rest pose for so long: whoever gets up does not stay there (`tools/latency`). Not below
    0.2 s, where it is no evidence."""
    end_s: float = 0.3
    """What is certain on the way back waits so long at most for its end to be seen, 0.15 s in the median. 0.15 to 0.42
    s; with 0.6 `lunge_2` is said late."""
    unseen_s: float = 0.5
    """What follows the return must be seen so soon: found later, the thigh may be on its next way out, and where up is
    has still to be found again (`leg_raise_4` of another person). 0.3 to 1 s."""
    confirm_typical_s: float = 0.2
    """One that is like its set's repetitions (`SetParams.typical_share`) waits less. 0.15 to 0.3 s."""
    moving_dps: float = 15.0
    """And from the second repetition of a set on only a thigh that still turns faster than this waits at all. 10 to 20
    deg/s."""
    told_share: float = 0.5
    """What reached less than this share of the smallest counted movement is not told as rejected: it was hardly a
    movement. 0.4 to 0.7."""
