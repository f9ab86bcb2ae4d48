"""What walking and turning on the spot are told by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GaitParams:
    """What counts as steps, strides and turns."""

    step_shock_mps2: float = 3.5
    """Specific force this far from 1 g, tick after tick, is heel strikes: 3 to 6 in slow walking (`negative_2`). 3 to
    4; with 2.5 `knee_to_chest_4` in 0.75 of the time is not exact, with 4.9 `negative_7` in 1.33 counts."""
    step_ticks: int = 8
    """Of 60 ticks (2.4 s), how many must be shocks. 6 to 16; with 4 `hip_circle_3` in 0.75 of the time is not exact."""
    stride_deg: float = 45.0
    """A walking thigh stays this near to its mean (`walk_*`: 35). 23 to 90: nothing breaks."""
    stride_dps: float = 70.0
    """A stride turns the thigh at least this fast (slow walking of the kinematic recordings: 74 to 148). 49 to 80; with
    35 `knee_to_chest_3` in 0.75 of the time is not exact, with 98 `negative_7` in 1.33 counts."""
    swing_deg: float = 15.0
    """And swings at least this far; knocks on a resting thigh are no steps (`figure_four_4`), nor is a strap that is
    shaken (`hamstring_stretch_1`). 7.5 to 21; with 30 `knee_to_chest_1` in 0.75 of the time is not exact."""
    swings: int = 3
    """And so many times in the 2.4 s; a knee that is let go and drawn up again swings twice (`knee_to_chest_3`). 3 to
    4; with 5 `knee_to_chest_1` in 0.75 of the time is not exact, with 2 `knee_to_chest_3`."""
    past_deg: float = 4.0
    passes: int = 2
    """And past its mean, by more than so much, and back past it: who rolls over in three goes, knocking, only goes
    on. 2 to 7 degrees, 2 to 3 times."""
    across_share: float = 0.07
    """So much of a stride's swing at most, as a share of its variance, goes across its direction: 0.02 in the median
    and 0.052 at most in 238 stretches of walking of real and simulated people (`walk_*`: 0.012 to 0.038). Where
    somebody seems to walk who draws the strap on, or puts a leg into trousers, it is 0.078 to 0.69, 18 of 20 times.
    0.06 to 0.1."""
    pause_dps: float = 25.0
    pause_ticks: int = 12
    """Nor does a walking thigh pause for so long (0.5 s); lunges do, and swing and knock between (`lunge_4` in 1.3 of
    the time was taken for walking bent). 20 to 30 deg/s, 10 to 12 ticks."""
    turn_dps: float = 45.0
    """Turning on the spot this fast with a still tilt is possible only upright. 32 to 90; with 23 a negative counts
    (`ptx_s4_arms_7` asked for a raise)."""
    turn_tilt_dps: float = 15.0
    turn_sway_dps: float = 25.0
    """Where up wanders to and fro faster it may be hands at the strap of somebody who sits: they shake it by 25 to 60
    deg/s, turns by 9 to 35. Such a turn proves no more than another posture does. 20 to 30."""
    turned_deg: float = 40.0
    """And only who turns by so much without a pause is believed to stand: a hand that scratches a seated thigh turns
    the sensor to and fro, and one that puts the strap of a bent knee right turns it a little (`tools/starts`). 30 to 45
    degrees; people turn by 43 to 184 (kinematic recordings)."""
    up_turned_deg: float = 120.0
    before_ticks: int = 12
    up_share: float = 0.12
    """Who was taken to stand otherwise is believed to stand as they turn only where that is further than anybody turns
    on the bottom, which brings the legs on to a bed or off it (60 to 95 degrees, with thighs as level and as still as
    upright ones), and where up has been, since so many ticks (0.5 s) before the turn, no further off than this share of
    it: 0.01 to 0.1 in turns on the spot (`tools/starts`), 0.15 to 0.45 where legs are swung on to the mat or off it
    (other people). 100 to 150 degrees, 8 to 15 ticks, 0.1 to 0.13."""
    back_deg: float = 8.0
    """A thigh so near to where it was is back, from a step or from a movement, which may tell whether it stood there. 5
    to 10."""
    past_share: float = 0.2
    """Of its farthest way from where it rested, a thigh that walks goes back past there by more. 0.1 to 0.3."""
    recent_ticks: int = 60
    """Ticks (2.4 s) in which steps are counted: one and a half of the slowest strides. 2 to 3 s."""
    step_apart_ticks: int = 12
    """Ticks (0.48 s) from one knock of a step to the next, at least. 0.4 to 0.6 s."""
    turn_ticks: int = 9
    """Ticks (0.36 s) that a turn on the spot takes at least. 0.3 to 0.5 s."""
    least_turned_ticks: int = 12
    """So many ticks must there be before a turn is believed: what comes right after a gap is not settled. 10 to 15."""
