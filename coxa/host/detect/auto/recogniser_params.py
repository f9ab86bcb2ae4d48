"""What an exercise is recognised by where none was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from coxa.host.detect.auto.lever_params import LeverParams


@dataclass(frozen=True, slots=True)
class RecogniserParams:
    """Tuning of `auto`."""

    hold_s: float = 2.0
    """So long must a hold run before it is believed, to be known 3 s after it has begun even if that was not seen. 1.7
    to 2.1 s: with 1.4 what lies between sets is taken for one (`leg_raise_2`), with 2.3 `hamstring_stretch_3` is known
    late."""
    held_share: float = 0.5
    """And the thigh must have been there for so much of the time since: hips that circle slowly come by the same pose
    each time round (other people: 2 s of 6.8). 0.35 to 0.7."""
    rival_hold_s: float = 9.0
    """So long while another exercise is on: legs are bent and scratched between sets (`leg_raise_2`). 5 to 10 s."""
    drawn_up_deg: float = 62.0
    """But a knee of who lies that is held further up than a foot on the floor takes it (`TopParams.foot_down_deg`) is
    believed as soon as ever, where that is `alike_times` as far as the exercise goes that is on. 60 to 70."""
    seen_hold_s: float = 2.9
    """So long where the way there was seen from its beginning. Who stoops to a dog or a bag, scratches in a seat or
    fidgets stays for 2.0 to 3.1 s (12 of 24 that were named in everyday life of other people), slow people rest at the
    top of a raise for 2.4 and 3. 2.5 to 3.1 s: what is held must be known 3 s after it has begun."""
    rests_deg: float = 10.0
    """Who is so near to the rest pose of the known exercise rests (`hip_circle_1`: the leaning pose that was circled
    about was taken for a figure four's rest, and standing for its seat). 8 to 12."""
    sank_m: float = 0.025
    """A thigh that sank by so much in what knocks did a lunge: 0.03 to 0.12 (`lunge_4`), raises gain 0.11 and more.
    Half to twice: nothing breaks."""
    rose_m: float = 0.04
    """And one that rose by more, in the median of the newest, did none: raises of 45 to 80 degrees gain 0.05 to 0.22 m,
    99 of 100 lunges less than 0.036 (independent people, 140 and 500). 0.03 to 0.05."""
    as_large_share: float = 0.7
    """Raises that reach this share of the smallest lunge may be the same movements. 0.5 to 0.85."""
    aside_deg: float = 60.0
    """Raises that are larger, in the median, are none on the side: hips abduct by 45 degrees, and with the pelvis and
    from the other leg the thigh goes 25 to 59; leg raises of who lies reach 75 (60 to 70: `leg_raise_1` of others). 59
    to 62."""
    reps: int = 2
    alike_times: float = 2.5
    """So many repetitions of one exercise are believed, of which none lasts or reaches so many times as long or far as
    the newest: one is not enough (`hip_circle_4`), four come late (`uiprmd_m06_s01`); sitting down and bending down
    later are no two lunges (other people: 3.3 and 4.9 times). 2 to 3, 2 to 3 times."""
    soon_s: float = 6.5
    """And of raises the next one begins so soon after one is over: in 2 of 100 sets the second one after more than 5.4
    s, in 3 of 561 after more than 6.5 (other people); low drawers are opened twice and feet shifted in a chair after 7
    to 12. Lunges of legs that take turns come later, and hips are lifted for long. 5.5 to 7 s."""
    sure_circles: int = 3
    """So many circles are believed although a hold seems to go on (`hip_circle_2`). 2 to 6: nothing breaks."""
    quiet_s: float = 12.0
    """After so long a rest the next set is recognised anew, and what was seen before is no evidence of it
    (`negative_5`: two movements within 90 s). 8.4 to 24 s; with 6 `lunge_1` is not known."""
    rival_s: float = 0.3
    """Repetitions with impacts are said at once, others only once they have come to rest: those are back by then, and
    are waited for (`leg_raise_1`: a foot that is put down knocks as in a lunge). Half to twice: nothing breaks."""
    raise_wait_s: float = 2.0
    """So long at most is waited for a raise that has not come to rest; one that waits for a second like it may wait for
    ever. 1.6 s or more."""
    stride_s: float = 1.6
    """A circle takes longer, a step does not: 1.2 to 1.3 s (`lateral_leg_raise_2`); circles take 1.8 to 6.5 s. 0.8 to
    1.8 s; with 2.2 `hip_circle_3` is not known in time."""
    quick_raise_s: float = 2.0
    at_once_s: float = 0.25
    """And a raise shorter than this that begins so soon after another one is over is a step: on stairs the next does
    after 0 to 0.2 s, raises after 0.28 s and more in 99 of 100 (other people). 1.5 to 2.2 s, 0.2 to 0.3 s."""
    quick_circle_s: float = 1.1
    quiet_step_s: float = 1.0
    """Or as long as this in `sure_circles` of them, where nothing knocked as a step does since so long before the
    first: other people circle in 1.3 s. 1 to 1.3 s, 0.5 to 2 s."""
    levers: LeverParams = field(default=LeverParams())
    """What the sensor shows by the way it went while nothing is known of the posture."""
