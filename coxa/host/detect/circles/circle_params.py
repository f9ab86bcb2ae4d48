"""What circles are told by."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OpeningParams:
    """What opens a set of circles, and which turns wait for others like them."""

    quick_s: float = 2.6
    """A first turn quicker than this waits for a second: walking and picking something up make one (`negative_3`). 1.8
    to 5.2 s; with 1.3 one too many (`hip_circle_3` in 1.33 of the time)."""
    round_share: float = 0.3
    round_most: float = 1.2
    even_times: float = 2.3
    uneven_share: float = 0.4
    """Unless it goes round evenly: it encloses so much of a circle, is nowhere so many times as fast as on the average,
    and its distance from the middle varies by no more. 9 of 10 quick first circles do, and of 127 other quick turns
    none that is slower than a stride (`tools/changes`, all recordings). 0.15 to 0.42, 0.84 to 2.4, 2 to 4.6, 0.37 to
    0.7: beyond, `hip_circle_1` to `hip_circle_3` in 0.75 of the time are said late or lose one."""
    stride_uneven_share: float = 0.43
    """A quick turn whose distance varies by more than this is a stride: of who walks softly four wound round and varied
    by 0.44 to 0.48 of it, of 373 circles that opened sets of other people none by more than 0.3 but for one with a gap,
    of knocking ones (`hip_circle_3` of others) some by 0.42. 0.425 to 0.435."""
    speed_steps: int = 5
    """Steps (0.2 s) of the path over which its speed is taken for that. 3 to 8."""
    wide_share: float = 0.22
    """A slow first turn that encloses less waits too: to and fro encloses 0.16 to 0.2 (`negative_3`, `lunge_1` of other
    people), circles 0.28 and more in 98 of 100. 0.2 to 0.26. A quick one that encloses less opens no set: strides of
    who walks so slowly that they stay below `stride_dps` enclose 0.09 to 0.21. From rest to rest, what encloses less is
    no circle."""
    small_deg: float = 4.5
    """So does a first turn smaller than this: fidgets make single ones (`figure_four_3`: 3.7). 2.3 to 6.3; with 9
    `hip_circle_4` is said late."""
    own_share: float = 0.68
    own_turns: int = 5
    """And one that is smaller than this share of the person's own, the median of so many newest that were said: after a
    rest people circle with 0.74 of it and more (85 sets), a fidget between two sets made 0.62 twice. 0.64 to 0.72, 3 to
    7."""
    stride_dps: float = 115.0
    """A turn in which the thigh turns faster may be a stride: slow ones wind round as circles do, but 95 of 100 turn it
    by 118 deg/s and more, circles in 98 of 100 by less than 100 (`walk_02` in 1.33 of the time, `hip_circle_3` in
    0.75). No set opens with more such turns than others. 105 to 125."""
    bob_mps2_per_dps: float = 0.0185
    """Nor with a majority of turns in which the sensor goes up and down by more for how fast the thigh turns: the soft
    short strides of who walks gently turn it by 56 to 90 deg/s only, but lift the pelvis at each step (0.016 to 0.034
    in 98 of 100). Hips that circle sway level: 0.002 to 0.008, 0.012 to 0.019 where they are thrown round corners
    (`hip_circle_3`). 0.018 to 0.02."""
    bob_ticks: int = 5
    """Ticks (0.2 s) over which the vertical acceleration is averaged for that: what the pelvis does is left, knocks are
    not. 3 to 7."""
    alike_turns: int = 3
    """So many turns are needed before a set is believed while the posture is not known, or where no rest was seen. 2 to
    3; with 4 `hip_circle_3` in 0.75 of the time is said late."""
    alike_share: float = 0.6
    """Turns are alike of which the shortest is no shorter, and the smallest no smaller, than this share of the longest
    and the largest, as those are that open a set together: 76 of 77 pairs and threes of other people; of who cleans
    0.35. 0.5 to 0.7."""


@dataclass(frozen=True, slots=True)
class OwnParams:
    """The person's own circles."""

    newest: int = 5
    """Their size and pace are the medians of so many newest ones. 3 to 7."""
    pace_reps: int = 1
    pace_share: float = 0.4
    """After so many the pace is known: a path that comes back where it began after the time of two of them, to so much
    of one, and could not be seen there after one, is two. 1 to 3, 0.3 to 0.5."""
    pace_room: float = 0.2
    """By so much of the time of one it may have been there before the gap or after it. 0.1 to 0.25."""


@dataclass(frozen=True, slots=True)
class CircleParams:
    """Tuning of circles: where a turn begins and closes, and what counts as one."""

    opening: OpeningParams = field(default=OpeningParams())
    """Which turns open a set."""
    own: OwnParams = field(default=OwnParams())
    """How the person's own circles are measured."""
    settle_s: float = 0.9
    """Rest that opens a set. After a shorter one two turns must wind round the same way: `hip_circle_2` done by
    somebody quicker rests for 0.8 s. 0.9 to 1 s: shorter, `hip_circle_4` is said late, with 1.3 `hip_circle_2` loses
    one."""
    new_set_s: float = 8.0
    """After a longer one the count begins anew. Half to twice: nothing breaks."""
    stale_s: float = 12.0
    """So long after the last circle the person's own size is measured afresh at the next rest, as after a longer one:
    who sways while resting between two sets, and is tired, circles half as wide. 8 to 15 s; a circle takes 9 at most.
    """
    half_times: float = 1.2
    half_set_times: float = 1.5
    """What a rest ends is told as half a circle if it is so many times as wide as the smallest circle has radius, and
    so many times as the set's own have in the median; less is shifting about. 0.6 to 2.4, 0.75 to 2.1; with 3
    `hip_circle_4` in 1.33 of the time is not exact."""
    leave_deg: float = 1.5
    """So far from rest the movement has begun. Half to twice: nothing breaks."""
    growth_s: float = 0.2
    growth_share: float = 0.3
    """A turn begins where the way out, over this time, has slowed to this share of its fastest. 0.1 to 0.28 s, 0.15 to
    0.6; with 0.4 s `hip_circle_3` in 0.75 of the time is not exact."""
    close_share: float = 0.35
    """A turn is complete when the path is this near to where it began, as a share of its width: 89 % of a circle. 0.25
    to 0.4; with 0.18 a negative counts (`negative_3` in 1.33 of the time), with 0.49 `hip_circle_2` in 0.75 of it is
    not exact."""
    other_share: float = 0.8
    """Before a set has opened, turns may begin at each place where the path stops leading away from the one before:
    hips that were shifted first circle about there. One that begins later counts if it is as wide as this share of the
    first: fidgets beside a shift are not. 0.6 to 0.9."""
    cut_share: float = 0.36
    """A turn of a set that encloses less than this share of what the one before did, each beside a circle of its own
    width, is half a circle and the way straight back to rest: `hip_circle_1` after the hips were shifted (0.3 to 0.35).
    Circles enclose 0.42 and more in 999 of 1,000. 0.35 to 0.38."""
    step_shock_mps2: float = 5.5
    """A knock like this is a foot coming down (3 to 6 in slow walking, `negative_2`) or hips thrown round a corner
    (`hip_circle_3`: 4.2, done quicker 6.8): of somebody who walks it ends the set, else turns must be alike. 3.9 to 11;
    with 2.8 `hip_circle_3` in 0.75 of the time is not exact."""
    end_share: float = 0.6
    """What was gone round before the first turn that was told, and after the last, make one more if they come to so
    much of one: who leans out slowly is found on the circle late, and stops before that point is passed again
    (`hip_circle_4`, slower: 0.8 to 1; a half circle at one end makes 0.5). 0.6 to 0.7."""
    after_share: float = 0.45
    """And if so much of it lies after the last: the way back to rest alone makes 0.2 to 0.4 (`hip_circle_3`). 0.23 to
    0.6; with 0.73 `hip_circle_4` in 1.33 of the time is not exact."""
    lead_share: float = 0.2
    """With so much gone round before, the first turn began where the hips left their rest, and the middle of each lies
    earlier than the far point by so much. Half to twice: nothing breaks."""
    late_share: float = 0.4
    """With so much, the next turns are taken to begin where the hips left their rest, or each would be said late by as
    much (`hip_circle_4` of other people: 0.54 to 0.59). Below 0.3 it is the way out, and no part of the circle
    (`hip_circle_3`: 0.2 to 0.27). 0.3 to 0.46; with 0.56 `hip_circle_4` in 1.33 of the time is not exact."""
    pass_share: float = 0.1
    """The next turn has begun once the path has left the nearest point by this share of its width. Half to twice:
    nothing breaks."""
    keep: float = 0.7
    """How much of the old beginning the next turn keeps: circles drift, but slowly. 0.35 to 1: nothing breaks."""
    max_lost_share: float = 0.45
    """Share of a turn that may be missing; why not 0.4: `WayParams.measured_share`."""
    adrift_s: float = 1.0
    adrift_shock_mps2: float = 2.5
    """The rest before a set may be lost with the radio. So long after the last knock, one less than a step (with 5.5
    `negative_3` in 0.75 of the time picks something up), turns are looked for without one; they must be alike
    (`OpeningParams.alike_share`). 0.7 to 1.5 s, 2 to 3.5 m/s2."""
    told_share: float = 0.7
    """A turn below this share of the smallest circle is not told as rejected: somebody shifts about. 0.6 to 0.8."""
    winding_share: float = 0.15
    """A path that encloses less than this share of a circle of its width goes to and fro. Turns enclose 0.3 to 0.7
    (`hip_circle_*`), walking 0.05 at most (`lateral_leg_raise_2`). 0.1 to 0.2."""
