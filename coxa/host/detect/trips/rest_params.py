"""What the rest pose of a trip is told by, and where a trip begins."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestParams:
    """The rest pose, and the way out of it."""

    settle_s: float = 0.9
    """Rest that opens a set and makes a reference pose. 0.7 to 1.5 s; `leg_raise_4` rests 1.3 s before its set."""
    settle_hold_s: float = 1.2
    """The same before a hold, which is begun with more leisure: lying down pauses for 1 s (`negative_8`). 1 to 1.7 s;
    with 0.84 `negative_8` is taken for a hold by `auto`, with 2.4 `hamstring_stretch_2` is not exact."""
    unseen_way_s: float = 6.0
    """A way out that was unseen for longer proves nothing (`negative_1`: lying down during 8 s without samples). 4.2 to
    12 s; with 3 a hold is lost (`hip_bridge_1`)."""
    new_set_s: float = 8.0
    """Rest after which the person's own range is measured afresh (`ptx_s4`: 20 s between big and small blocks). 4 to 16
    s: nothing breaks."""
    enter_share: float = 0.7
    """Share of the smallest counted movement at which a trip begins. 0.65 to 0.74; with 0.57 `leg_raise_4` in 0.75 of
    the time is not exact, with 0.79 a negative counts (`negative_2` in 0.75)."""
    enter_set_share: float = 0.3
    """Share of the set's own median at which a trip begins. 0.3 to 0.34; with 0.28 a negative counts (`negative_5` in
    1.33 of the time), with 0.42 `figure_four_1` is not exact."""
    leave_s: float = 1.5
    """Longest time from the rest pose to the begin of a trip; a thigh that wanders about longer was not at rest. 1 to 3
    s; with 0.75 a real block is lost (`ptx_s1_leg_raise_d`)."""
    drift_deg: float = 12.0
    """A rest this near to the rest pose moves it along; rest poses settle by 8 degrees (`uiprmd_m06_s01`). 6 to 24:
    nothing breaks."""
    same_pose_deg: float = 20.0
    """A new rest pose this near to the old one goes on with the same set. 10 to 40: nothing breaks."""
    follow_share: float = 0.06
    """Of the way to where the thigh rests now the rest pose goes so much in each tick: 0.7 s, so that one that settles
    is followed and a knock is not. 0.04 to 0.1; with 0.03 a real raise is missed, with 0.12 one counts that nobody did.
    """
    drift_set_share: float = 0.4
    """But never as far as a repetition of the set reaches: no further than this share of the set's own range. 0.35 to
    0.5; with 0.3 one counts that nobody did."""
    near_deg: float = 3.0
    near_share: float = 0.5
    near_most_share: float = 0.95
    """A thigh this near to its rest pose, or within the first share of where a trip begins, has not left it; of a small
    trip never further than the second. 2 to 4 degrees, 0.45 to 0.55, below 1: with 0.6 a real block is lost, with 0.4 a
    raise is missed."""
    left_s: float = 1.0
    left_dps: float = 12.0
    calm_ticks: int = 12
    """Who was so slow within `near_deg` of a pose, more than `left_s` before leaving the rest pose, came from there.
    0.5 to 2 s, 8 to 16 deg/s. For longer than the newest ticks are kept that is remembered where they were so for so
    many ticks (0.5 s): a moment between sitting down and scratching (0.36 s) is no place to come from long after. 10 to
    20."""
    lain_deg: float = 60.0
    """And lay there, or sat, by the tilt of the thigh: who sits down comes from less. 50 to 70."""
    drawn_s: float = 12.0
    """Who draws up the feet to slide the legs flat does so soon: 1.9 to 2.8 s after the thigh came to rest (six of
    independent people). Who has sat so for 20 s sits low. 7 to 18 s."""
    begin_s: float = 0.4
    """So long before the thigh was last near its rest pose the way out may have begun: truly 0.1 s before. 0.2 to 0.8
    s: nothing breaks."""
