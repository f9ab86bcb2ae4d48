"""What a rest far out is told by: the top of a repetition, a chair, the mat, or another way to stand."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.detect.body.posture_params import STOOD_DEG, STOOD_S


@dataclass(frozen=True, slots=True)
class TopParams:
    """A rest away from the rest pose."""

    bent_deg: float = 40.0
    """Whoever is not known to lie with bent knees and goes so far has bent them: 42 to 50 degrees. Bridges reach 31 to
    39 (kinematic recordings). 20 to 80: nothing breaks."""
    straight_deg: float = 110.0
    foot_down_deg: float = 62.0
    """Who lies straight, which is 80 to 90 degrees from upright, and puts a foot to the floor lifts the thigh by 40 to
    58: so the knee stays bent for minutes while the other leg works (other people, 8 of 14 sets). Drawn to the chest it
    is 86 and more from there (kinematic recordings). 100 to 120, 58 to 64 degrees."""
    sit_deg: float = 60.0
    sit_rest_s: float = 1.2
    """A standing thigh that rests so long so far out is sitting (`negative_6`: 2 s at 80 degrees). 42 to 69 degrees,
    0.6 to 2.4 s; with 30 `figure_four_2` is not known by `auto`, with 84 `negative_6` is taken for one."""
    stance_deg: float = 22.0
    """A standing thigh that leans no further may just stand otherwise (`hip_circle_4`: 17 degrees); the standing leg of
    a figure four leans by 31 and more. 11 to 31; with 44 `figure_four_2` is not known by `auto`."""
    squat_deg: float = 47.0
    """The standing leg squats by 27 to 45 degrees with its front up (kinematic recordings, other people); who kneels
    and sits back on the heels leans by 47 to 75, and beyond 50 only a crossed leg is held, which is turned. 46 to 52.
    """
    behind_deg: float = 130.0
    """A thigh whose back faces up is held behind the body, as in a calf stretch (167 to 177 degrees, other people): who
    sits back bends the hip forward. 100 to 150."""
    bridge_deg: float = 55.0
    """Hips that are lifted turn the thigh by 31 to 39 degrees; a knee that is let go from the chest turns it by 60 to
    110 and lies still after it. 50 to 60."""
    risen_m: float = 0.002
    """Hips that are lifted raise the sensor by more (95 of 100 by 0.002 to 0.06 m); bent legs that are slid flat lower
    it (`negative_1`). Half to twice: nothing breaks."""
    seat_deg: float = 120.0
    """Low seats tilt the thigh by up to 117 degrees against upright (other people), bent knees of who lies by 120 and
    more. 117 to 124."""
    low_seat_deg: float = 112.0
    """And who rests at more than this may as well lie with bent knees: the bridge begins there. 110 to 114."""
    hips_lever_m: float = 0.1
    """Nor have hips sunk whose sensor went up as at the end of a longer lever than this: 80 of 340 bridges that seemed
    to sink by the integral have 0.12 to 0.52 m, of all else that is held there 4 have more than this (independent
    people). 0.1 to 0.12 m."""
    crossed_deg: float = 94.0
    """Nobody is in a figure four whose thigh went further: a crossed leg is held at 72 to 88 degrees (simulated people
    up to 92), and to the mat the thigh is drawn up to 95 and more. 92 to 100."""
    twisted_deg: float = 20.0
    """And a crossed leg that is held beyond `sit_deg` has turned by so much about its own axis on the way there: by 63
    to 78 degrees (kinematic recordings), other people by 38 to 63, simulated ones by 24 and more; a thigh that sits
    down by 5 to 26 (19 of 22 by less than 23). 16 to 22."""
    sit_roll_deg: float = 25.0
    sit_way_s: float = 1.8
    """A seated or lying thigh has its front up, 0 to 10 degrees off; a crossed leg is turned by 39 to 47 (kinematic
    recordings). While the front is not known: one sits down in 1.0 to 1.5 s (`negative_6`), into a figure four the
    ankle is lifted first (2.0 to 3.2 s). Half to twice of each: nothing breaks."""
    raised_m: float = 0.04
    """Nor is a thigh sitting whose sensor has risen by so much: sitting down sinks it by 0.04 m and more (4 of 40 seem
    to rise by 0.02), into a figure four it rises by 0.06 to 0.13, a raise to 60 degrees gains 0.12. 0.03 to 0.06."""
    held_share: float = 0.85
    """If it rests at the top, too, above this share of the peak: who gets down to the mat draws the knees up first, and
    the height of so long a way means nothing. 0.8 to 0.9, above which is the top."""
    mat_deg: float = 100.0
    """Whoever draws the thigh up further than this and then rests well below (`held_share`) has got down to the mat: at
    the top of a raise one does not come down first (`uiprmd_m06_*` go up to 111). A first raise 1.3 s after lying down
    was a part of the way there. 1,738 lunges go no further than 93 (independent people). 95 to 110."""
    half_way_s: float = 2.0
    """In a set of standing raises the leg may pause so long on its way, lower than a raise counts from; a longer rest
    there is where the person stands now. The pause had become the rest pose of what was left of the set. 1.5 to 3 s."""
    lifted_m: float = 0.02
    lifted_deg: float = 75.0
    """Into a figure four slow people lift the ankle first and pause (0.03 to 0.1 m, 46 to 67 degrees: `figure_four_2`
    in 1.3 of the time); who pauses on the way to a chair or to the mat has sunk, or lies already. 0.01 to 0.028 m, 64
    to 105 degrees; with 0.04 or 53 `figure_four_1` in 1.33 of the time is not exact, with 150 `negative_4` counts."""
    stood_deg: float = STOOD_DEG
    stood_s: float = STOOD_S
    """A repetition of somebody who is only supposed to stand waits for a second one if it goes so far and stays there
    for so long (`posture_params.STOOD_DEG`). Nor does who surely stands keep a leg up beyond `sit_deg` for so long
    that did not swing about the hip, unless the set's others were: they lie or sit there."""
