"""What a hold is told by: when it begins, what leaves it, when it is gripped again, and which is believed."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.exercises.spec import StartPose


@dataclass(frozen=True, slots=True)
class HoldParams:
    """The verified hold."""

    calm_s: float = 1.0
    """So long must the angle be calm before a hold is said to have started. 0.8 to 1.5 s."""
    seen_share: float = 0.5
    """Of that so much must have been seen: the first sample after a gap is calm by itself (`negative_2`, lying down).
    0.3 to 0.7."""
    plateau_s: float = 2.0
    """A shorter stay on the way to the hold is not part of it (`figure_four_1` lifts the ankle first). 1.5 to 2.5 s."""
    pause_s: float = 3.0
    """The same where the thigh was lifted to it, and no bridge is held (`figure_four_2` in 1.3 of the time: 2.1 s). 2.5
    to 4 s."""
    regrip_s: float = 3.5
    """So long a stay at another level is a new grip; shorter ones are the way there (`figure_four_3` dips for 2 s, for
    slow people 3.2). 3.5 to 5 s."""
    regrip_deg: float = 4.0
    regrip_share: float = 0.2
    """How far another level may lie, in degrees or as a share, to be the same hold gripped again. 3 to 6 degrees, 0.15
    to 0.3."""
    return_s: float = 0.4
    """So long must the thigh be back in the band after a break: on the way out it may pass through. 0.3 to 0.6 s."""
    level_share: float = 0.01
    """How fast level and trembling follow the angle, per tick: 4 s, so that a slow sag stays inside. 0.007 to 0.015."""
    aside_deg: float = 20.0
    """So far may up wander sideways, at the same angle off the rest pose, before it is another pose: rolling over and
    getting up may keep the angle for long (`negative_3`, `negative_7`). 15 to 30 degrees."""
    aside_share: float = 0.7
    """And no further than so many times the level: hips that circle round a rest pose stay as far from it as a stretch
    does, and wander by up to twice the level. Holds of less than 24 degrees by 0.02 to 0.53 of it. 0.6 to 1."""
    sway_s: float = 0.5
    let_go_share: float = 1.5
    """What leaves the band for longer than that, and faster than so many of its half widths a second, is neither
    trembling nor a sag, and level and band do not follow it: a grip that is let go by 7 degrees for 2 s drew them along
    and was in the band again (`figure_four_3` of others: 5 a second; hips that creep on into a bridge 0.75). 0.3 to 0.8
    s, 1 to 2."""
    rate_share: float = 0.1
    """How fast the mean rate follows, per tick: 0.4 s, so that tremor and a knock are no movement. 0.08 to 0.15; with
    0.07 a negative counts."""
    tremble_times: float = 1.5
    """The band reaches at least so many standard deviations of the person's own trembling to either side. 1.3 to 2
    (`tools/routine_sets`, clumsiness 1); at 2 the end of a stretch is seen late (`hamstring_stretch_*`)."""
    tremble_most: float = 2.0
    """But never so many times as far as for somebody who holds still: a stretch that is let go by 3 degrees is a break.
    1.7 to 2.2; with 2.5 a negative counts."""
    unsteady_deg: float = 3.0
    """From standing, what spreads by more is no pose that is held: who lies down in stages, each near the one before,
    spreads by 6 to 8 degrees (`negative_8`), figure fours by 1.8 at most. 2.5 to 4 degrees."""
    enters_s: float = 0.15
    unseen_start_s: float = 1.5
    """A thigh that is lost for a moment on its way out and would be in the band so soon at its pace, and is in it when
    it is seen again, has been (`hip_bridge_2` of others: lost 0.3 degrees before it, for 1 s). 0.1 to 0.2 s, 1 to 2 s.
    """
    unseen_s: float = 5.0
    """A gap up to this long between two moments at the same level counts as held; a longer one is 'not measured'. 3 to
    8 s."""
    unknown_s: float = 8.0
    """Shortest hold that is believed while the posture is not known. 6 to 10 s."""
    unknown_share: float = 1.5
    """And least level, as a multiple of the smallest one: who shifts in a chair moves the thigh by 5 degrees for a
    minute (`ptx_s2_arms_8`). 1.3 to 1.8."""
    supposed_s: float = 10.0
    """Shortest hold as far out as a seated thigh is from a standing one, while it is only supposed which of the two the
    first rest was: who gets up stands still for 5 to 9 s before a set (`tools/starts`). 10 to 12; at 15 s six of 1,230
    holds of other people are lost."""
    drawn_deg: float = 80.0
    drawn_lever_m: float = 0.06
    """Of whom nothing is known a knee that is held further away than this was drawn there about a hip that rests, which
    lifts the sensor as the end of a lever of 0.09 to 0.29 m does that lay level (65 knees of other people); who stood
    and lies down or sits there has -0.2 to 0.04 m (21). Bent knees go less far and lift it less. 75 to 84 degrees, 0.05
    to 0.08 m."""

    def deep_deg(self, start: StartPose) -> float:
        """Least level of a hold from there while the posture is not known."""
        return self.unknown_share * start.min_rom_deg

    def wander_deg(self, level_deg: float, half_deg: float) -> float:
        """How far up may be from where it was and still be in the same pose."""
        return max(min(self.aside_deg, self.aside_share * level_deg), 2.0 * half_deg)
