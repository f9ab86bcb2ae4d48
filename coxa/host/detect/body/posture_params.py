"""What posture is told by."""

from __future__ import annotations

from dataclasses import dataclass

STOOD_DEG, STOOD_S = 70.0, 1.8
"""Who goes so far and stays there for so long may have got up from a chair and sat down again, or the other way (75 to
85 degrees, 2 s and more in `tools/starts` and in simulated negatives; the tops of high raises, `uiprmd_m06_s01`, and of
lunges are shorter). 65 to 72 degrees, 1.3 to 1.8 s."""


@dataclass(frozen=True, slots=True)
class PostureParams:
    """What counts as evidence of standing upright."""

    settle_s: float = 0.9
    """Rest that makes a pose: people settle for 1.3 s and longer before a set (`leg_raise_4`)."""
    changed_deg: float = 50.0
    """Two rests this far apart are two postures."""
    upside_deg: float = 155.0
    """A rest so far from what was taken for upright refutes it: whoever rolls from one side to the other has been
    lying, 160 to 180 apart (`lateral_leg_raise_4`); from standing to bent knees on the back it is 150 at most."""
    step_shock_mps2: float = 3.5
    """Specific force this far from 1 g, tick after tick, is heel strikes: 3 to 6 in slow walking (`negative_2`)."""
    next_step_s: tuple[float, float] = (0.4, 2.0)
    """Two soft steps so far apart prove that somebody stands who is taken to. Slow strides last 1.6 s."""
    step_ticks: int = 8
    """Of 60 ticks (2.4 s), how many must be shocks."""
    stride_deg: float = 45.0
    """A walking thigh stays this near to its mean (`walk_*`: 35)."""
    stride_dps: float = 70.0
    """A stride turns the thigh at least this fast (slow walking of the kinematic recordings: 74 to 148)."""
    walk_ticks: int = 25
    """Walking that outlasts what interrupts it by so long (1 s) may correct what was taken for upright."""
    swing_deg: float = 15.0
    """And swings at least this far; knocks on a resting thigh are no steps (`figure_four_4`), nor is a strap that is
    shaken (`hamstring_stretch_1`)."""
    swings: int = 3
    """And so many times in the 2.4 s; a knee that is let go and drawn up again swings twice (`knee_to_chest_3`)."""
    pause_dps: float = 25.0
    pause_ticks: int = 12
    """Nor does a walking thigh pause for so long (0.5 s); lunges do, and swing and knock between (`lunge_4` in 1.3 of
    the time was taken for walking bent). 20 to 30 deg/s, 10 to 12 ticks."""
    wrong_deg: float = 72.0
    """Upright is corrected by so much at least: sitting and lying are 80 and more off, the middle of lunges 50, of deep
    ones 69 (`lunge_2` with 1.25 of the range). 70 to 75."""
    sure_deg: float = 30.0
    """Who turns on the spot this near to what was taken for upright stands (`lunge_2`: 8; deep lunges were taken for
    walking later). 20 to 40."""
    turn_dps: float = 45.0
    """Turning on the spot this fast with a still tilt is possible only upright."""
    turn_tilt_dps: float = 15.0
    turn_sway_dps: float = 25.0
    """Where up wanders to and fro faster it may be hands at the strap of somebody who sits: they shake it by 25 to 60
    deg/s, turns by 9 to 35. Such a turn proves no more than another posture does. 20 to 30."""
    turned_deg: float = 40.0
    """And only who turns by so much without a pause is believed to stand where nobody was taken to: a hand that
    scratches a seated thigh turns the sensor to and fro. 30 to 45 degrees; people turn by 43 to 184 (kinematic
    recordings)."""
    against_times: float = 10.0
    """A movement tells against what is known so surely only: its lever is so many times its error. 11 to 58 where
    somebody raises a leg who had sat before (`tools/starts`), 8 at most where raises of lying ones seemed to hang
    (`lateral_leg_raise_3` of people with noisy sensors). 9 to 12."""
    back_deg: float = 8.0
    """A thigh so near to the first rest is back from a movement, which may tell whether it stood there. 5 to 10."""
    stood_deg: float = STOOD_DEG
    stood_s: float = STOOD_S
    """Nor does a movement whose far end is a stay of more than so long beyond that: it swings about the hip as well."""
    low_tilt_deg: tuple[float, float] = (60.0, 145.0)
    """Tilt of a thigh on a chair or on the mat: sitting 75 to 95, lying 85 to 100, knees bent 130 to 140."""
    jump_deg: float = 45.0
    """A front that is found so far from where it was is none: what was taken for upright was a chair or the mat, which
    makes it jump by 88 to 180 degrees (`tools/starts`). Who gets down to the mat over one side makes it jump by 17 to
    35, a moved strap by 20 and more. 40 to 80."""
