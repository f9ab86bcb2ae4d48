"""What the repetitions of a set are told by: which are alike, and which must wait for others."""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, cos


@dataclass(frozen=True, slots=True)
class SetParams:
    """Repetitions that are one set."""

    stale_s: float = 20.0
    """So long after the last repetition the next one opens a set (`leg_raise_4`: after the other leg's, which moves
    this thigh a little, its first step was counted). 15 to 25 s."""
    second_s: float = 8.0
    """How soon a second repetition must follow one that waits for the posture to be known: whoever leans in a chair
    does so again within 12 s (`ptx_s4_arms_7`). 4 to 16 s: nothing breaks."""
    second_step_s: float = 12.0
    """The same for repetitions that knock, where legs take turns (`lunge_1`). 6 to 24 s: nothing breaks."""
    turn_times: float = 2.5
    """And up to so many times as late as the first took, where that is more: with 3 s at the bottom of each, lunges of
    one leg follow 12.3 to 12.8 s after each other that took 5.5 s (independent people who pause). 2.3 to 2.7."""
    alike_cos: float = 0.8
    """How well the second must go the first's way (cosine). 0.6 to 0.9: nothing breaks."""
    alike_times: float = 2.0
    """One of two that are alike goes no more than so many times as far as the other. 1.7 to 2.5."""
    alike_long: float = 2.5
    """And of two that wait because either may be none, none takes so many times as long
    (`RecogniserParams.alike_times`): who kneels down and then sits for a while takes six times as long, who steps and
    then stoops 2.7 to 8 times; of 241 raises and the next one 99 of 100 take 2.6 times as long at most, of 91 lunges
    1.9 (other people). 2.4 to 3."""
    alike_weak: float = 1.4
    """Of two raises that wait so, no more than so many times: of 1,559 raises and the next one 99
    of 100 go no more than 1.34 times as far, one of two when picking something up and bending over 1.46. 1.35 to 1.45.
    """
    weak_s: float = 5.5
    """And the second of such raises begins so soon after the first is over: after 0.4 to 3.3 s in 19 sets of other
    people that two such open, after 6 and 7 s of who shifts or cleans. 4.5 to 6 s."""
    late_times: float = 1.7
    """One that is followed later than so by talk, and then by two like it, was the first of them: it takes no more than
    so many times as long (1.5 in two sets; 2 of who lay down first). 1.5 to 1.9."""
    rest_off_deg: float = 2.0
    """By so much the rest pose may be off, which turns the way of a small movement by that over its size: raises of 6
    degrees seem to go 50 degrees beside each other (`ptx_s4_leg_raise_f`). 1 to 3."""
    alike_reps: int = 3
    """So many alike are needed before a set is believed while the posture is not known: somebody who shifts in a chair
    does so twice (`ptx_s4_arms_7`). 3 to 4; with 2 arms count (`ptx_s2_arms_2`), with 5 `uiprmd_m03_s04` is said late.
    """
    pair_lift_m_per_rad: float = 0.06
    """Two are enough where they are as alike as repetitions of one set and the second lifted the sensor so much for its
    angle: raised legs gain 0.09 and more (`ptx_s1_leg_raise_d`), shifting in a chair 0.03 (`ptx_s4_arms_7`). 0.03 to
    0.12: nothing breaks."""
    level_lever_m: float = 0.06
    """And those of somebody who can only lie must lift the sensor as a leg does that is raised from level, in the
    median: real and kinematic sets of lying legs have levers of 0.14 to 0.36 m (`ptx_*`, `lateral_leg_raise_*`),
    circles, lunges and steps of who stands none beyond 0.03. 0.04 to 0.08 m."""
    level_deg: float = 45.0
    """Beyond this nothing is told by it: lunges have 0.2 to 0.5 m at 65 degrees (`lunge_4`). 40 to 50."""
    alike_in_set: int = 2
    """So many alike go on with a set although they did not start from rest. 1 to 4: nothing breaks."""
    unknown_rom_deg: float = 5.9
    """Smallest movement that may open a set while the posture is not known (`ptx_s4_leg_raise_f`: 6.0; a trunk that
    sways with the arms moves the thigh by 5, `ptx_s2_arms_2`). 5 to 12; with 4 arms count (`ptx_s2_arms_2`)."""
    typical_reps: int = 2
    typical_share: float = 0.3
    typical_cos: float = 0.95
    """From the third of a set on a repetition is typical whose size and time differ from one of the newest by no more
    than this share, and which goes the same way (cosine): there is less left to be doubted. 2, 0.25 to 0.4, 0.9 to
    0.98: with 3, or 0.2, a real block is lost."""
    newest_reps: int = 3
    """The newest of a set, to which the next may be like: a slow one between two quick ones makes those no steps. 3 to
    4; with 2 a real block is lost."""
    own_reps: int = 5
    """The person's own range is the median of so many newest: who tires is followed. 3 to 7."""

    def same_way_cos(self, peak_deg: float) -> float:
        """Cosine that the ways of two trips have at least, if both go the same way and the smaller goes so far."""
        return cos(acos(self.alike_cos) + self.rest_off_deg / peak_deg)


@dataclass(frozen=True, slots=True)
class FidgetParams:
    """What opens a set and may be none."""

    weak_lift_m_per_rad: float = 0.03
    weak_lift_error_m: float = 0.01
    weak_step_s: float = 1.6
    weak_long_s: float = 8.0
    weak_dps: float = 90.0
    """What opens a set and may be a fidget waits for a second one like it: a lying leg that was lifted by less than so
    much (raises gain 0.09 m and more a radian, fidgets none: `knee_to_chest_3`), or a standing one that was not seen to
    rise so much, was out and back within this time (picking something up sinks and takes 1.2 s, `negative_3`,
    `negative_5`) or was out for very long (lying down and getting up again takes 12 s, `negative_1`); and a lying one
    that went out faster than this on the average (rolling over: 119, `negative_5`; raises 30 to 70). 0.015 to 0.06,
    0.005 to 0.02, 1.4 to 3.2 s, 4 to 9 s, 45 to 90 deg/s; with 1.1 s, 11 s or 96 deg/s negatives count (`negative_5`,
    `negative_1` and `negative_5` at other tempos)."""
    sits_up_s: float = 3.0
    sits_up_m: float = 0.03
    """And a raise of a lying leg waits that took less time and after which the sensor is higher than before: who gets
    up from the mat draws the knee up and then sits (by so much and more in 44 of 47 simulated ones, in 28 of 419 raises
    of lying legs). Half to twice: nothing breaks."""
    sure_deg: float = 20.0
    sure_lift_m_per_rad: float = 0.1
    smooth_lift_m_per_rad: float = 0.02
    smooth_mps2: float = 0.15
    """A standing leg that rose by so much for its angle was raised, and one that went at least so far and rose at all
    while the swing explains what was felt but for this: no fidget, walk or chair of `tools/changes` does either. Quick
    raises gain 0.13 m a radian (`leg_raise_4`), slow small ones 0.04 with 0.1 m/s2 at most (`leg_raise_3`). Half to
    twice of each: nothing breaks."""
    laid_s: float = 3.0
    laid_dps: float = 1.5
    """A lying leg that stays at the top longer than this and turns no faster there in the median has been laid down:
    bent knees stand on their foot, crossed ones lie on the other, for 4 to 16 s at 0.2 to 1.1 deg/s (other people);
    raises stay for 3.1 s at most, at 1.2 and more. 2.6 to 3.6 s, 1.2 to 2 deg/s."""
    lying_lever_m: float = 0.03
    """So has one, or has been drawn up to get up, that did not lift the sensor by such a lever: raises 0.06 m and more.
    0.02 to 0.05 m."""
    straight_times: float = 1.06
    """The first raise goes straight up and straight back: no more than 1.04 times as far as that is (292 of 307 of
    other people and the kinematic recordings, raises on the side among them). Who dresses, ties a shoe, scratches or
    rolls goes to and fro: 1.06 to 2.3 in 36 of 58 that had counted. Real raises that tremble do so as well, and are
    said with the second one (`ptx_*`, whose posture is not known in any case). 1.05 to 1.1."""
    slow_out_s: float = 1.8
    turned_times: float = 1.4
    across_m: float = 0.12
    hangs_m: float = 0.05
    below_m: float = 0.5
    """The first raise of who stands takes 1.4 s to the top at most, turns the sensor 1.3 times as far as it tilts it,
    and swings it about a point no further than 0.11 m across and 0.07 to 0.46 m along up from it, of whole sets in 98
    of 100. Who stoops, reaches, gets up from a knee or climbs stairs does otherwise in 14 of 26 single ones, who stops
    walking seems to swing about the foot (-0.33 to 0.05 m along up). No leg is longer than the last one from hip to
    sensor, whatever the posture: legs that lie have 0.05 to 0.48 m (125 of 126), who lies down, rolls or lifts the
    thigh to scratch it 0.54 to 1.1 m in half. 1.6 to 2 s, 1.35 to 1.5, 0.11 to 0.14, 0 to 0.06, 0.48 to 0.6 m."""
    leans_deg: float = 22.0
    """Who raises a leg or lunges has the thigh within 0 to 19 degrees of upright before (133 sets), who stoops or stops
    in mid-step at 25 to 36 (9 of 31 that had counted). 20 to 25."""
    risen_mps2: float = 0.045
    """After it the sensor is no higher than by this times the square of the time (0.043 at most of 421); after getting
    up from a knee and on stairs by 0.06 to 0.3 of it. 0.045 to 0.055 m/s2."""
    seat_deg: float = 83.0
    seat_roll_deg: float = 45.0
    """Thighs of who lies on the back are tilted by 85 degrees and more, seats tilt them by 67 to 91, and shoes are tied
    there twice alike: three alike are asked for. 80 to 84, 30 to 50 degrees: raises on the side are turned by 54 and
    more."""
