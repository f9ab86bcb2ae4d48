"""What is told by the levers that move the sensor, and by the way of a raise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeverParams:
    """Tuning of what `auto` tells by where the sensor went, mostly of who is not known to stand or lie."""

    put_out_deg: float = 24.0
    put_out_m: float = 0.08
    """A leg that is put out lets its thigh down by 9 to 20 degrees, a lever of 0.09 to 0.35 m across; who sits back
    over one foot leans that thigh by 25 to 50. 22 to 26 degrees, 0.06 to 0.1 m (other people, of a sixth generator)."""
    sit_back_deg: float = 52.0
    sit_back_m: float = 0.12
    """And sinks by a lever of 0.12 to 0.32 m upside down, with less than that across, where bridges have 0.04 to 0.2
    across and rise, and hanging legs rise by 0.2 to 0.4. 45 to 60 degrees, 0.1 to 0.14 m."""
    longest_m: float = 0.6
    """No thigh is longer: hands at the strap seem to be 0.6 to 1.7. 0.5 to 0.7."""
    aside_cos: float = 0.5
    """Raises on the side that go so far beside the way from what was taken for upright (cosine) show that the thigh has
    rolled: 0.0 to 0.4 of who began on the back, 0.9 and more of who stood. 0.4 to 0.6."""
    drawn_deg: float = 100.0
    drawn_m: float = 0.1
    """A knee that is drawn up from lying flat goes 103 to 123 degrees and is lifted by a lever of 0.11 to 0.3 m across,
    as is who gets up from a chair, by 87 to 91; crossed legs hang (below 0.08), and who sits down sinks by 0.09 to 0.3
    below. 95 to 102 degrees, 0.09 to 0.11 m."""
    far_up_deg: float = 67.0
    level_deg: float = 77.0
    far_up_m: float = 0.03
    """From a thigh that lies level (85 to 93 degrees, who leans back on a chair 69) a knee that pauses with the foot on
    the floor is drawn on to 79 to 90 by a lever of 0.04 to 0.1 m (independent people). 64 to 72, 72 to 82 degrees,
    0.02 to 0.035 m."""
    drawn_s: float = 12.0
    """So long must it have been drawn up before. 8 to 15 s: who gets up from a chair sits down again sooner."""
    bent_deg: tuple[float, float] = (30.0, 60.0)
    same_plane_share: float = 0.93
    drawn_on_m: float = 0.05
    """Knees are bent by 36 to 49 degrees from lying flat. Drawn on from there by 64 to 86, they are 103 to 124 away,
    with this share of the two angles together (0.97 and more), and lifted by a lever of 0.07 to 0.21 m across. 25 to 35
    and 55 to 65 degrees, 0.9 to 0.96, 0.03 to 0.07 m."""
    far_on_deg: float = 67.5
    near_plane_share: float = 0.98
    """What goes on by no more than this, which no hold of an unknown posture else does, must go on in one plane more
    strictly: 0.99 and more of knees drawn on by 64 to 67, less of who rolls. 65 to 70 degrees, 0.975 to 0.985."""
    raised_deg: float = 45.0
    """What is held by less and hangs may be the top of a raise sideways (25 to 45 degrees); legs are crossed at 38
    to 62 and more. 40 to 48."""
    lifted_s: float = 8.0
    lifted_times: int = 2
    lifted_m: float = 0.02
    bent_m: float = 0.08
    """Hips are lifted for so long, so often, and rise by a lever of more than that across up and below (0.03 to 0.2 and
    0.11 to 0.33 m of thighs that stand bent): no raised leg rests at its top for longer (`leg_raise.toml`:
    `top_rest_s`). Across by more than `drawn_m` they need not have been seen to rise. 7 to 10 s, 2 to 3, 0 to 0.04,
    0.06 to 0.1 m."""
