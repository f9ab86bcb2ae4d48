"""What posture is told by."""

from __future__ import annotations

from dataclasses import dataclass, field

from coxa.host.detect.body.gait_params import GaitParams

STOOD_DEG, STOOD_S = 70.0, 1.8
"""Who goes so far and stays there for so long may have got up from a chair and sat down again, or the other way (75 to
85 degrees, 2 s and more in `tools/starts` and in simulated negatives; the tops of high raises, `uiprmd_m06_s01`, and of
lunges are shorter). 65 to 72 degrees, 1.3 to 1.8 s."""


@dataclass(frozen=True, slots=True)
class PostureParams:
    """What counts as evidence of standing upright."""

    gait: GaitParams = field(default=GaitParams())
    """Walking and turning, which only who stands does."""
    settle_s: float = 0.9
    """Rest that makes a pose: people settle for 1.3 s and longer before a set (`leg_raise_4`). 0.45 to 1.2 s; with 1.8
    `knee_to_chest_2` in 1.33 of the time is not exact."""
    changed_deg: float = 50.0
    """Two rests this far apart are two postures. 35 to 70; with 25 a real block is lost (`ptx_s4_leg_raise_d`), with
    100 `knee_to_chest_4` is not exact."""
    upside_deg: float = 155.0
    """A rest so far from what was taken for upright refutes it: whoever rolls from one side to the other has been
    lying, 160 to 180 apart (`lateral_leg_raise_4`); from standing to bent knees on the back it is 150 at most. 109 to
    180; with 78 `knee_to_chest_4` is not exact."""
    next_step_s: tuple[float, float] = (0.4, 2.0)
    """Two soft steps so far apart prove that somebody stands who is taken to. Slow strides last 1.6 s. 0.2 to 0.8 s, 1
    to 4 s: nothing breaks."""
    walk_ticks: int = 25
    """Walking that outlasts what interrupts it by so long (1 s) may correct what was taken for upright. 12 to 50:
    nothing breaks."""
    wrong_deg: float = 72.0
    """Upright is corrected by so much at least where the thigh has not rested about where it walks: sitting and lying
    are 80 and more off, the middle of lunges 50, of deep ones 69 (`lunge_2` with 1.25 of the range). 70 to 75."""
    top_deg: float = 15.0
    """A rest this near to the far end of repetitions that were counted is none in another posture: raises that are kept
    up for a moment end 55 to 65 degrees away (a person who lay at first: 58). 10 to 20 degrees."""
    sure_deg: float = 30.0
    """Who turns on the spot this near to what was taken for upright stands (`lunge_2`: 8; deep lunges were taken for
    walking later), and walking swings about a pose this near to where the thigh rests. 20 to 40."""
    beside_deg: float = 10.0
    """Who walks so much nearer to where the thigh has just rested than to what is taken for upright stands as it rested
    (a sensor that was in the hand 17 to 20 degrees off: 13; a whole set went the wrong way). 6 to 13."""
    against_times: float = 10.0
    """A movement tells against what is known so surely only: its lever is so many times its error. 11 to 58 where
    somebody raises a leg who had sat before (`tools/starts`), 8 at most where raises of lying ones seemed to hang
    (`lateral_leg_raise_3` of people with noisy sensors). 9 to 12."""
    stood_deg: float = STOOD_DEG
    stood_s: float = STOOD_S
    """Nor does a movement whose far end is a stay of more than so long beyond that: it swings about the hip as well."""
    raised_s: float = 8.0
    """Of whom it is not known that legs are raised, a movement that is away for longer shows nothing of where it began:
    other people's slow raises take 5 to 7 s, hips are kept up for 8 s and more. 7 to 9 s."""
    low_tilt_deg: tuple[float, float] = (60.0, 145.0)
    """Tilt of a thigh on a chair or on the mat: sitting 75 to 95, lying 85 to 100, knees bent 130 to 140. 30 to 120, 73
    to 180: nothing breaks."""
    jump_deg: float = 45.0
    """A front that is found so far from where it was is none: what was taken for upright was a chair or the mat, which
    makes it jump by 88 to 180 degrees (`tools/starts`). Who gets down to the mat over one side makes it jump by 17 to
    35, a moved strap by 20 and more. 40 to 80."""
