"""What leg raises, lunges, bridges and holds are told by."""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, cos

from coxa.host.detect.body.posture_params import STOOD_DEG, STOOD_S


@dataclass(frozen=True, slots=True)
class TripParams:
    """Tuning that all trip exercises share."""

    settle_s: float = 0.9
    """Rest that opens a set and makes a reference pose. 0.7 to 1.5 s; `leg_raise_4` rests 1.3 s before its set."""
    settle_hold_s: float = 1.2
    """The same before a hold, which is begun with more leisure: lying down pauses for 1 s (`negative_8`)."""
    unseen_way_s: float = 6.0
    """A way out that was unseen for longer proves nothing (`negative_1`: lying down during 8 s without samples)."""
    new_set_s: float = 8.0
    """Rest after which the person's own range is measured afresh (`ptx_s4`: 20 s between big and small blocks)."""
    stale_s: float = 20.0
    """So long after the last repetition, too, the next one opens a set (`leg_raise_4`: after the other leg's, which
    moves this thigh a little, its first step was counted). 15 to 25 s."""
    enter_share: float = 0.7
    """Share of the smallest counted movement at which a trip begins."""
    enter_set_share: float = 0.3
    """Share of the set's own median at which a trip begins."""
    direction_cos: float = 0.75
    """How well the way out must follow the exercise's direction (cosine). Raises, bridges and knees to the chest of the
    kinematic recordings score 0.94 and more, rolling over scores near 0."""
    opposite_cos: float = 0.95
    """Who is found in a bridge after a loss is taken to rest there; the way down, straight against the exercise's
    direction, tells where the true rest pose is (`hip_bridge_3`). 0.9 to 0.98."""
    wind_up_times: float = 2.0
    wind_up_s: float = 1.5
    """Who stretches the leg out lifts it first: a movement the other way of up to so many times the smallest counted
    one, so short, leaves the rest before it valid (`hamstring_stretch_3`: 7 degrees in 0.6 s). 1.5 to 2.5, 1 to 2 s."""
    drift_share: float = 0.6
    """A leg that comes to rest this low has come back too: rest poses drift (`ptx_s4_lateral_leg_raise_e`)."""
    moving_back_share: float = 0.5
    """While the thigh still moves, a hold's way back is certain only at this share of where it is at rest: a stretch is
    let go to a quarter and taken again at once. 0.4 to 0.6."""
    fall_s: float = 2.4
    fall_share: float = 0.65
    """So much of the smallest counted movement it must have come down for that within so short a time
    (`ptx_s1_lateral_leg_raise_e`: 3.7 of 4.4 degrees); a raised leg that sinks slowly has not come back
    (`ptx_s4_leg_raise_f`)."""
    low_dps: float = 8.0
    low_ticks: int = 8
    low_share: float = 0.5
    low_deg: float = 10.0
    """In a set, one that pauses below this share of a way of so much or more, turning no faster for 0.3 s, has come
    back as well: the next raise may begin before it is still (`ptx_s4_leg_raise_f` at 50 Hz and more). Smaller ones
    pause on their way."""
    sink_m_per_rad: float = 0.12
    """A thigh that sinks more than this for its angle did not rise: a raised leg gains 0.35 m per radian."""
    sink_error_m: float = 0.012
    """Error of the height of a movement of about a second."""
    sink_m: float = 0.02
    sink_mps2: float = 0.016
    """A thigh that sinks below this plus the second times the squared time was not raised from standing: legs
    raised sideways seem to sink 0.046 m in 1.8 s (`leg_raise_3`), picking something up sinks it 0.06 to 0.12 m in
    1 s (`negative_3`)."""
    sink_most_s: float = 3.5
    """The error of the height is allowed for up to so long a way; what sinks beyond that is not held standing."""
    step_deg: float = 15.0
    short_step_deg: float = 8.0
    step_s: float = 2.0
    step_min_s: float = 1.05
    sudden_deg: float = 60.0
    sudden_s: float = 0.42
    """A standing leg that goes out less far and sooner is taking a step: 0.3 to 0.4 s walking (`negative_8`), 0.5 s in
    the fastest raise (`uiprmd_m06_s01`)."""
    brisk_share: float = 0.7
    lunge_sinks_m: float = 0.015
    """What no stride does may take only this share of the exercise's shortest time: raises beyond `sudden_deg` (walking
    does not reach it; the quickest in 0.75 of the time 0.64 s, `uiprmd_m06_s01`) and lunges in which the sensor sinks
    by so much (all but one of 51 quick ones of `uiprmd_m03_*` changed by 0.02 to 0.17 m; of 349 strides of `walk_*`
    none). 0.6 to 0.8."""
    climb_deg: float = 40.0
    climb_s: float = 1.6
    reach_m: float = 0.42
    climb_m: float = 0.005
    """Nobody climbs who raises a leg: about a resting hip the sensor rises by no more than the thigh is long, times one
    less the cosine, and on stairs the hip rises as well. Quick large trips of standing legs stay 0.06 m and more below
    that (`uiprmd_m06_*`, `leg_raise_4`), climbing is 0.01 to 0.09 m above it, 57 to 63 degrees in 0.8 to 1 s. Smaller
    ones differ too little, the height of slower ones is too uncertain. 35 to 45, 1.2 to 1.6, 0.40 to 0.44, 0 to 0.02.
    """
    sunk_share: float = 0.8
    """Lunges in which it sinks may go only this share of the smallest way: strides, for which that is as large as it
    is, do not sink. 0.75 to 0.9."""
    sunk_lever_m: float = 0.09
    brisk_out_s: float = 0.5
    soft_times: float = 2.0
    """A lunge slower on its way out than this may put its foot down more softly, by the square of the time as all
    accelerations, if the sensor sinks evenly, as at the end of such a lever that is let down: 0.18 to 0.43 m
    (`uiprmd_m03_*`, which step by 1.3 m/s2 and more in 0.6 s, by 0.6 in 1.45 of the time)."""
    jolt_mps2: float = 0.72
    shake_mps2: float = 1.05
    jolt_share: float = 0.36
    shake_share: float = 0.45
    """Vertical acceleration that the leg's own swing does not explain, of a standing leg, averaged over 0.2 s and not
    averaged: steps 0.8 to 1.3 and 1.1 to 1.8 (`leg_raise_3`, `negative_5`), raises below 0.65 and 0.9. A leg thrown up
    shakes the pelvis that it hangs from, in proportion: as shares of what its swing makes, raises 0.09 to 0.35 and 0.12
    to 0.42 whatever their speed (`uiprmd_m06_*`), steps 0.5 and 1.2 or more (`walk_*`)."""
    stride_deg: float = 52.0
    large_times: float = 1.6
    """No stride swings a thigh this far from where it stood (of 550 steps at 0.8 to 1.3 times their pace two come near,
    `walk_*`, `negative_*`), so from here to `sudden_deg` the limits of what rose grow by this factor: quick large
    raises shake the more where the gyro clips (`leg_raise_4` in 0.87 of the time: 1.3). Lunges sink (`lunge_3`)."""
    slow_jolt_mps2: float = 0.25
    slow_jolt_share: float = 0.45
    unknown_jolt_share: float = 0.88
    bent_deg: float = 40.0
    """Whoever is not known to lie with bent knees and goes so far has bent them: 42 to 50 degrees. Bridges reach 31 to
    39 (kinematic recordings)."""
    bridge_jolt_mps2: float = 0.35
    """What a bridge in an unknown posture may jolt: 0.15 in the median and 0.33 in 19 of 20 of the kinematic recordings
    changed, 0.36 to 0.9 where somebody walks or lunges (`lunge_3`, `negative_5`)."""
    stepped_s: float = 30.0
    """For so long after such a step nobody lies there (`lunge_4` asked for bridges: some lunges jolt no more)."""
    slow_step_s: float = 3.0
    """Slow steps jolt less, but their swing makes still less of itself: a shorter and smaller way out and back with
    more than this and more than this share of the swing's own is one. At any tempo steps have 0.45 to 3 of it, raises
    of standing legs 0.4 at most, or 0.15 m/s2 where they are slow (`uiprmd_m06_*`, `leg_raise_2`, `leg_raise_3`).
    Raises of lying ones have up to 0.8 (`lateral_leg_raise_1`): where the posture is not known, that is let through,
    and only ways shorter than `step_s` are looked at."""
    pause_s: float = 1.0
    """Nor is one that paused (`low_dps`, `low_ticks`) in so long a time before it a step of somebody of whom nothing is
    known: such a set is believed after two or three alike, and between steps nobody pauses. Before and after 98 of 100
    quick raises of lying legs there is a pause, before and after 11 of 180 steps (all recordings, 5 changes)."""
    sit_deg: float = 60.0
    sit_rest_s: float = 1.2
    """A standing thigh that rests so long so far out is sitting (`negative_6`: 2 s at 80 degrees)."""
    lunge_rest_s: float = 8.0
    """Of somebody known to stand, a lunge that has stepped and goes no further than a chair, or comes in a set, may
    rest at the bottom so long: it is asked for. Sitting down steps as well (`negative_6`). 5 to 10 s."""
    stance_deg: float = 22.0
    """A standing thigh that leans no further may just stand otherwise (`hip_circle_4`: 17 degrees); the standing leg of
    a figure four leans by 31 and more."""
    bridge_deg: float = 55.0
    """Hips that are lifted turn the thigh by 31 to 39 degrees; a knee that is let go from the chest turns it by 60 to
    110 and lies still after it. 50 to 60."""
    risen_m: float = 0.002
    """Hips that are lifted raise the sensor by more (95 of 100 by 0.002 to 0.06 m); bent legs that are slid flat lower
    it (`negative_1`)."""
    crossed_deg: float = 94.0
    """Nor is anybody in a figure four whose thigh went further: a crossed leg is held at 72 to 88 degrees (simulated
    people up to 92), and to the mat the thigh is drawn up to 95 and more. 92 to 100."""
    sit_roll_deg: float = 25.0
    sit_way_s: float = 1.8
    """A seated or lying thigh has its front up, 0 to 10 degrees off; a crossed leg is turned by 39 to 47 (kinematic
    recordings). While the front is not known: one sits down in 1.0 to 1.5 s (`negative_6`), into a figure four the
    ankle is lifted first (2.0 to 3.2 s)."""
    raised_m: float = 0.04
    """Unless it has risen by so much: sitting down sinks it by 0.04 m and more, a raise to 60 degrees gains 0.12."""
    held_share: float = 0.85
    """And it rests at the top, above this share of the peak: who gets down to the mat draws the knees up first, and the
    height of so long a way means nothing. 0.8 to 0.9, above which is the top."""
    mat_deg: float = 100.0
    """Whoever draws the thigh up further than this and then rests well below (`held_share`) has got down to the mat: at
    the top of a raise one does not come down first (`uiprmd_m06_*` go up to 111). A first raise 1.3 s after lying down
    was a part of the way there. 95 to 110."""
    half_way_s: float = 2.0
    """In a set of standing raises the leg may pause so long on its way, lower than a raise counts from; a longer rest
    there is where the person stands now. The pause had become the rest pose of what was left of the set. 1.5 to 3 s."""
    lifted_m: float = 0.02
    lifted_deg: float = 75.0
    """Into a figure four slow people lift the ankle first and pause (0.03 to 0.1 m, 46 to 67 degrees: `figure_four_2`
    in 1.3 of the time); who pauses on the way to a chair or to the mat has sunk, or lies already."""
    leave_s: float = 1.5
    """Longest time from the rest pose to the begin of a trip; a thigh that wanders about longer was not at rest."""
    move_s: float = 6.0
    """Longest way out before the rest at the top."""
    overshoot_deg: float = 5.6
    overshoot_share: float = 0.2
    """A swing this far past rest to the other side is a step (`walk_*`: 0.35 to 0.6)."""
    doubt_times: float = 1.3
    """What is like its set's repetitions in size, time and way may jolt and swing through so many times as much before
    it is a step. 1.2 to 1.4."""
    unknown_hold_s: float = 8.0
    """Shortest hold that is believed while the posture is not known."""
    unknown_hold_share: float = 1.5
    """And least level, as a multiple of the smallest one: who shifts in a chair moves the thigh by 5 degrees for a
    minute (`ptx_s2_arms_8`)."""
    stood_hold_s: float = 10.0
    """Shortest hold as far out as a seated thigh is from a standing one, while it is only supposed which of the two the
    first rest was: who gets up stands still for 5 to 9 s before a set (`tools/starts`). 10; at 15 s six of 1,230 holds
    of other people are lost."""
    stood_deg: float = STOOD_DEG
    stood_s: float = STOOD_S
    """And a repetition that goes so far and stays there for so long waits for a second one."""
    second_s: float = 8.0
    """How soon a second repetition must follow one that waits for the posture to be known. Not more: whoever leans in a
    chair does so again within 12 s (`ptx_s4_arms_7`)."""
    second_step_s: float = 12.0
    """The same for repetitions that knock, where legs take turns (`lunge_1`)."""
    alike_cos: float = 0.8
    """How well the second must go the first's way (cosine)."""
    rest_off_deg: float = 2.0
    """By so much the rest pose may be off, which turns the way of a small movement by that over its size: raises of 6
    degrees seem to go 50 degrees beside each other (`ptx_s4_leg_raise_f`). 1 to 3."""
    alike_reps: int = 3
    """So many alike are needed before a set is believed while the posture is not known: somebody who shifts in a chair
    does so twice (`ptx_s4_arms_7`)."""
    pair_lift_m_per_rad: float = 0.06
    """Two are enough where they are as alike as repetitions of one set and the second lifted the sensor so much for its
    angle: raised legs gain 0.09 and more (`ptx_s1_leg_raise_d`), shifting in a chair 0.03 (`ptx_s4_arms_7`)."""
    level_lever_m: float = 0.06
    """And those of somebody who can only lie must lift the sensor as a leg does that is raised from level, in the
    median: real and kinematic sets of lying legs have levers of 0.14 to 0.36 m (`ptx_*`, `lateral_leg_raise_*`),
    circles, lunges and steps of who stands none beyond 0.03. 0.04 to 0.08 m."""
    level_deg: float = 45.0
    """Beyond this nothing is told by it: lunges have 0.2 to 0.5 m at 65 degrees (`lunge_4`). 40 to 50."""
    alike_in_set: int = 2
    """So many alike go on with a set although they did not start from rest."""
    drift_deg: float = 12.0
    """A rest this near to the rest pose moves it along; rest poses settle by 8 degrees (`uiprmd_m06_s01`)."""
    unknown_rom_deg: float = 5.9
    """Smallest movement that may open a set while the posture is not known (`ptx_s4_leg_raise_f`: 6.0; a trunk that
    sways with the arms moves the thigh by 5, `ptx_s2_arms_2`)."""
    same_pose_deg: float = 20.0
    """A new rest pose this near to the old one goes on with the same set."""
    near_deg: float = 3.0
    """A thigh this near to its rest pose has not left it."""
    quick_s: float = 0.8
    confirm_quick_s: float = 0.5
    """After a quick way out from standing an overshoot is waited for longer: the leg of a step swings back."""
    pass_deg: float = 6.0
    pass_share: float = 0.35
    pass_dps: float = 25.0
    """A thigh this far beside its rest pose after the return, and no slower, was only passing (getting up,
    `lateral_leg_raise_3`)."""
    confirm_s: float = 0.3
    """How long after the return an overshoot is waited for, from standing."""
    confirm_first_s: float = 1.6
    """The first repetition of a set waits so long, unless the thigh rests or goes the same way again before: getting
    up begins like a raise (`lateral_leg_raise_3`)."""
    calm_back_s: float = 0.24
    """Or has been calm at its rest pose for so long: whoever gets up does not stay there (`tools/latency`). Not below
    0.2 s, where it is no evidence."""
    weak_lift_m_per_rad: float = 0.03
    weak_lift_error_m: float = 0.01
    weak_step_s: float = 1.6
    weak_long_s: float = 8.0
    weak_dps: float = 90.0
    """What opens a set and may be a fidget waits for a second one like it: a lying leg that was lifted by less than so
    much (raises gain 0.09 m and more a radian, fidgets none: `knee_to_chest_3`), or a standing one that was not seen to
    rise so much, was out and back within this time (picking something up sinks and takes 1.2 s, `negative_3`,
    `negative_5`) or was out for very long (lying down and getting up again takes 12 s, `negative_1`); and a lying one
    that went out faster than this on the average (rolling over: 119, `negative_5`; raises 30 to 70)."""
    sits_up_s: float = 3.0
    sits_up_m: float = 0.03
    """Nor does one that took less time and after which the sensor is higher than before: who gets up from the mat draws
    the knee up and then sits (by so much and more in 44 of 47 simulated ones, in 28 of 419 raises of lying legs)."""
    sure_deg: float = 20.0
    sure_lift_m_per_rad: float = 0.1
    smooth_lift_m_per_rad: float = 0.02
    smooth_mps2: float = 0.15
    """A standing leg that rose by so much for its angle was raised, and one that went at least so far and rose at all
    while the swing explains what was felt but for this: no fidget, walk or chair of `tools/changes` does either. Quick
    raises gain 0.13 m a radian (`leg_raise_4`), slow small ones 0.04 with 0.1 m/s2 at most (`leg_raise_3`)."""
    begin_s: float = 0.4
    """So long before the thigh was last near its rest pose the way out may have begun: truly 0.1 s before."""
    end_s: float = 0.3
    """What is certain on the way back waits so long at most for its end to be seen, 0.15 s in the median."""
    confirm_typical_s: float = 0.2
    typical_reps: int = 2
    typical_share: float = 0.3
    typical_cos: float = 0.95
    """A repetition like the one before it, from the third of a set on, waits less: its size and its time differ by no
    more than this share, and it goes the same way (cosine). 0.15 to 0.3 s."""
    lost_return_s: float = 0.3
    """After a gap this long a thigh found half way down has been back (`lunge_2`)."""
    lost_end_s: float = 4.0
    """The way back may be missing for so long where way out and top were seen (`leg_raise_4`)."""
    turned_times: float = 3.0
    """A thigh that turned so many times as far on its way out as it tilted turned with the body (`leg_raise_3`: 8;
    raises 1 to 1.5). 2 to 4."""
    round_share: float = 0.6
    """A raised leg comes back the way it went: of a circle it encloses 0.02 in the median, 0.3 in 99 of 100 and 0.42 at
    most (6 to 8 degrees, `ptx_s1_lateral_leg_raise_e`), lunges 0.06. Circles through the pose where somebody rests,
    which count as raises else, enclose 0.78 to 1.1. 0.5 to 0.7."""
    roughness: float = 2.2
    """Longest way out and back as a multiple of the straight one; a double bounce makes 1.6."""
    measured_share: float = 0.55
    """Share of a trip for which there must be samples. The recordings' truth asks for 0.6 of theirs, whose boundaries
    differ from ours by a tenth of a way (`figure_four_2` with more losses: 0.58). 0.5 to 0.6."""

    def same_way_cos(self, peak_deg: float) -> float:
        """Cosine that the ways of two trips have at least, if both go the same way and the smaller goes so far."""
        return cos(acos(self.alike_cos) + self.rest_off_deg / peak_deg)
