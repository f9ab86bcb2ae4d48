"""What steps are told by: from raises, which they must not be, and from lunges, which they must."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepParams:
    """Steps by their haste, by how they climb and by how they swing through."""

    step_deg: float = 15.0
    short_step_deg: float = 8.0
    step_s: float = 2.0
    step_min_s: float = 1.05
    sudden_deg: float = 60.0
    sudden_s: float = 0.42
    """A standing leg that goes out less far and sooner is taking a step: 0.3 to 0.4 s walking (`negative_8`), 0.5 s in
    the fastest raise (`uiprmd_m06_s01`). 7.5 to 30, 4 to 11, 1.4 to 4 s, 0.53 to 1.5 s, 56 to 60, 0.21 to 0.59 s:
    beyond, raises are lost (`leg_raise_3`, `leg_raise_4` in 0.75 of the time) or steps count (`negative_5`,
    `leg_raise_4` in 1.33)."""
    hasty_times: float = 1.5
    hasty_rest_s: float = 0.6
    """What paused before may be hastier by this, as hardly anybody pauses between steps: quick raises of standing legs
    go out within 0.32 to 0.4 s (`leg_raise_8` of the seventh generator's lot B). Three such, each so long after the one
    before (0.84 to 1.6 s; stairs go on within 0.1 s), open a set. 1.35 to 1.6, 0.4 to 0.8 s."""
    top_share: float = 0.85
    top_ticks: int = 5
    """No step, hasty or slow, is what was calm (`BackParams.low_dps`) above this share of its peak for so many ticks
    (0.2 s), in a set or of somebody of whom nothing is known: of 1,040 trips of independent people
    who walk, turn, dance and climb stairs none was for more than 3, quick raises are for 6 and more. 0.8 to 0.9, 5 to
    6."""
    climb_deg: float = 40.0
    climb_s: float = 1.6
    reach_m: float = 0.42
    climb_m: float = 0.005
    """Nobody climbs who raises a leg: about a resting hip the sensor rises by no more than the thigh is long, times one
    less the cosine, and on stairs the hip rises as well. Quick large trips of standing legs stay 0.06 m and more below
    that (`uiprmd_m06_*`, `leg_raise_4`), climbing is 0.01 to 0.09 m above it, 57 to 63 degrees in 0.8 to 1 s. Smaller
    ones differ too little, the height of slower ones is too uncertain, and lying legs rise more (1 of 8 beyond it). 35
    to 45, 1.2 to 1.6, 0.40 to 0.44, 0 to 0.02."""
    bob_deg: float = 30.0
    bob_s: float = 2.5
    bob_lever_m: float = 0.5
    """Nor do the hips of who raises a leg go up and down with it, as in steps: so large and short raises of standing
    legs seem to hang at a lever of 0.1 to 0.44 m (`height.levers_m`; 99 of 100 of 156 of independent people and of
    `uiprmd_m06_*`), lying ones at one of 0.41 at most (1,250, `ptx_*`). One longer than this, from hip to knee, have 60
    of 100 stairs (210), 68 of 100 real strides (`walk_*`, from 20 degrees on) and 40 of 100 other strides and steps of
    a dance (200). Of smaller ones the lever is less certain. 28 to 40 degrees, 1.6 to 2.5 s, 0.45 to 0.55 m."""
    overshoot_deg: float = 5.6
    overshoot_share: float = 0.2
    """A swing this far past rest to the other side is a step (`walk_*`: 0.35 to 0.6). 2.8 to 11.2 degrees, 0.14 to 0.4;
    with 0.1 raises are steps (`leg_raise_4` in 1.33 of the time)."""
    doubt_times: float = 1.3
    """What is like its set's repetitions in size, time and way may jolt and swing through so many times as much before
    it is a step. 1.2 to 1.4."""
    stepped_s: float = 30.0
    """For so long after such a step nobody lies there (`lunge_4` asked for bridges: some lunges jolt no more). Half to
    twice: nothing breaks."""


@dataclass(frozen=True, slots=True)
class JoltParams:
    """Steps by what they jolt."""

    jolt_mps2: float = 0.72
    shake_mps2: float = 1.05
    jolt_share: float = 0.36
    shake_share: float = 0.45
    """Vertical acceleration that the leg's own swing does not explain, of a standing leg, averaged over `smooth_ticks`
    and not averaged: steps 0.8 to 1.3 and 1.1 to 1.8 (`leg_raise_3`, `negative_5`), raises below 0.65 and 0.9. A leg
    thrown up shakes the pelvis that it hangs from, in proportion: as shares of what its swing makes, raises 0.09 to
    0.35 and 0.12 to 0.42 whatever their speed (`uiprmd_m06_*`), steps 0.5 and 1.2 or more (`walk_*`). 0.36 to 1.4, 0.9
    to 2.1 m/s2, 0.18 to 0.68, 0.23 to 0.72 one at a time, as both limits must be passed; with 0.74 m/s2 raises are
    steps (`leg_raise_4` in 0.75 of the time)."""
    stride_deg: float = 52.0
    large_times: float = 1.6
    """No stride swings a thigh this far from where it stood (of 550 steps at 0.8 to 1.3 times their pace two come near,
    `walk_*`, `negative_*`), so from here to `StepParams.sudden_deg` the limits of what rose grow by this factor: quick
    large raises shake the more where the gyro clips (`leg_raise_4` in 0.87 of the time: 1.3). Lunges sink (`lunge_3`).
    36 to 104 degrees, 1.5 to 3.2; with 26 steps count (`leg_raise_4` in 1.33 of the time), with 1.4 raises are steps
    (in 0.75 of it)."""
    smooth_ticks: int = 5
    """Averaged over so many ticks (0.2 s) what the pelvis does is left, and what the strap shakes is not. 3 to 7."""
    bridge_jolt_mps2: float = 0.35
    """What a bridge in an unknown posture may jolt: 0.15 in the median and 0.33 in 19 of 20 of the kinematic recordings
    changed, 0.36 to 0.9 where somebody walks or lunges (`lunge_3`, `negative_5`). Half to twice: nothing breaks."""
    slow_jolt_mps2: float = 0.25
    slow_jolt_share: float = 0.45
    unknown_jolt_share: float = 0.88
    slow_step_s: float = 3.0
    """Slow steps jolt less, but their swing makes still less of itself: a shorter and smaller way out and back with
    more than this and more than this share of the swing's own is one. At any tempo steps have 0.45 to 3 of it, raises
    of standing legs 0.4 at most, or 0.15 m/s2 where they are slow (`uiprmd_m06_*`, `leg_raise_2`, `leg_raise_3`).
    Raises of lying ones have up to 0.8 (`lateral_leg_raise_1`): where the posture is not known, that is let through,
    and only ways shorter than `StepParams.step_s` are looked at. 0.18 to 0.35 m/s2, 0.23 to 0.72, 0.76 to 0.94, 2.1 to
    6 s; with 0.13 m/s2 raises are steps (`leg_raise_3` in 0.75 of the time), with 0.5, or 1.5 s, steps count
    (`leg_raise_4` in 1.33 of it)."""
    pause_s: float = 1.0
    """No slow step of somebody of whom nothing is known is what paused (`BackParams.low_dps`) in so long a time before
    it: such a set is believed after two or three alike, and between steps nobody pauses. Before and after 98 of 100
    quick raises of lying legs there is a pause, before and after 11 of 180 steps (all recordings, 5 changes). Nor does
    one on stairs, or of a standing leg, open a set before one of those that wait has paused (before 3 of 44 stairs of
    other people). Half to twice: nothing breaks."""


@dataclass(frozen=True, slots=True)
class LungeParams:
    """Lunges, in which a foot is put down."""

    brisk_share: float = 0.7
    sinks_m: float = 0.015
    """What no stride does, or is like the set's others, may take only this share of the exercise's shortest time
    (people who raise a leg within 0.85 s): raises beyond `StepParams.sudden_deg` (walking does not reach it; the
    quickest in 0.75 of the time 0.64 s, `uiprmd_m06_s01`) and lunges in which the sensor sinks by so much (all but one
    of 51 quick ones of `uiprmd_m03_*` changed by 0.02 to 0.17 m; of 349 strides of `walk_*` none). 0.6 to 0.8."""
    hips_lever_m: float = 0.06
    """And bridges of who lies, or has done one there before, in which the sensor rises as at the end of such a lever
    (quick ones of other people 0.16 to 0.35 m in 1.24 to 1.48 s; getting up 0). Who is only thought to lie may be
    climbing stairs: 0.2 to 0.26 m in as short a time. 0.03 to 0.12 m."""
    rises_m: float = 0.02
    """And one no larger than a stride (`JoltParams.stride_deg`) in less than `StepParams.step_s` is a stride where it
    rises by more: other people's strides and stairs of 38 to 42 degrees by 0.05 to 0.15 m, lunges of that size sink
    (`uiprmd_m03_*`: 0.02 to 0.17 m). 0.01 to 0.04 m."""
    walks_s: float = 1.6
    walks_pause_s: float = 0.4
    """Nor do lunges that open a set follow so soon, if they are so short: of 1,021 that follow another (other people,
    `uiprmd_m03_*`) none, of 39 on stairs that had counted 34. 1.5 to 1.8 s, 0.3 to 0.5 s."""
    sunk_share: float = 0.8
    """Lunges in which it sinks may go only this share of the smallest way: strides, for which that is as large as it
    is, do not sink. 0.75 to 0.9."""
    sunk_lever_m: float = 0.09
    """So it does, too, where it sinks evenly as at the end of such a lever that is let down: 0.18 to 0.43 m
    (`uiprmd_m03_*`). 0.045 to 0.18 m."""
    brisk_out_s: float = 0.5
    soft_times: float = 2.0
    rose_m: float = 0.04
    """A lunge slower on its way out than this may put its foot down more softly, by the square of the time as all
    accelerations, up to so many times (`uiprmd_m03_*` step by 1.3 m/s2 and more in 0.6 s, by 0.6 in 1.45 of the time),
    unless the sensor rose by so much, as with a raised leg (`RecogniserParams.rose_m`). 0.25 to 0.7 s, 1.7 to 4; with 1
    s, or 1.4, slow lunges are lost (`uiprmd_m03_*` in 1.33 of the time); where it had to sink, 20 of 23 slow sets of
    other people were whole, not 23. 0.03 to 0.05 m."""
    seat_s: float = 1.9
    foot_share: float = 0.8
    foot_m: float = 0.8
    """What stays beyond a chair's angle (`STOOD_DEG`) so long and is not like its set's must knock before this
    share of its way out: by so much over the square of that way's time, as who is slow steps softly, and sits down
    softly too. People who sit down and stand up again and again do by 0.3 to 1 m, those who lunge and stay there by 1
    to 3.6. What opens a set and does not knock so may be a squat: a whole series must be soft before it counts, and one
    that rises by `rose_m` is none; who picks something up or gets up from a knee knocks by 0.02 to 0.48 m, lunges of
    other people by 2.3 and more (518 of 520), of `uiprmd_m03_*` by 0.05 to 0.48. 1.5 to 2.2 s,
    0.7 to 0.85, 0.7 to 0.95 m."""
    firm_m: float = 1.5
    """Who steps so firmly and then stays beyond a chair's angle has lunged, and waits for a second one: of 30 first
    lunges with pauses at the bottom 28 knock by 1.6 and more (independent people), of 4 who sit down 3 by 0.9 to 1.3
    (`negative_3`, `negative_6`, `negative_7`). What opens a set less firmly waits for a second: low drawers, trousers
    and things picked up had counted with 0.82 to 1.4 (8 of 10), of 271 first lunges one that was seen has less. 1.4 to
    1.6 m."""
    kneels_mps2: float = 0.03
    """One that opens a set and after which the sensor is lower by more than this times the square of the time that it
    took, as the error of that grows, waits for a second: who kneels down is lower by 0.05 to 0.14 of it, 16 of 18
    times, who lunges by as much as 0.04 in 9 of 447 (other people). 0.03 to 0.05 m/s2."""
    lifted_foot_m: float = 0.02
    """One that opens a set and lets the sensor sink as at the end of such a lever across up waits for a second: 9 of 12
    that had counted where somebody kneels, stoops or takes stairs have -0.28 to -0.03 m, 113 of 120 lunges more, up to
    0.6. 0 to 0.05 m."""
    rest_s: float = 8.0
    """Of somebody known to stand, a lunge that has stepped and goes no further than a chair, or comes in a set, may
    rest at the bottom so long: it is asked for. Sitting down steps as well (`negative_6`). 5 to 10 s."""
