"""What the trace of a trip is measured with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TraceParams:
    """The course of the angle, and the height that the vertical acceleration tells."""

    top_share: float = 0.9
    """At the top is what lies above this share of the peak. 0.85 to 0.95."""
    end_share: float = 0.1
    """A repetition is over where the thigh is within this share of its peak of the rest pose: so are the boundaries of
    the recordings' truth defined (10 percent of the way at both ends)."""
    end_dps: float = 12.0
    """Or where it moves no faster: rest poses drift, and a foot may be put down short of them. 8 to 16 deg/s."""
    calm_share: float = 0.2
    calm_deg: float = 2.0
    """And it is calm where it is, that slow, within so much of the rest pose, the larger of both. 0.15 to 0.3, 1.5 to 3
    degrees."""
    stop_ticks: int = 15
    stop_dps: float = 12.0
    """The way out ends at the standstill that comes in so many ticks (0.6 s) after `top_share`, if one does: where the
    thigh turns no faster. 12 to 20 ticks, 8 to 14 deg/s; with 16 a real block is lost."""
    path_step_deg: float = 1.0
    """Shorter steps are no way covered: in a top held for 6 s noise alone adds up to the movement's own size
    (`ptx_s1_lateral_leg_raise_e`: 7 degrees). 0.7 to 1.5 degrees."""
    stroke_end_s: float = 0.3
    """For so long the way out slows down after nine tenths, and gathers the way back speed before them: a part of the
    stroke whose smoothness is told. 0.2 to 0.4 s."""
    edge_ticks: int = 3
    """Ticks (0.1 s) over which the speed at an edge of a gap is taken. 2 to 6."""
    own_way_s: float = 0.8
    """In a gap this long the thigh may have gone further and back unseen. 0.6 to 1.2 s: quick raises take 0.5 s each
    way."""
    kept_ticks: int = 400
    """Ticks (16 s) to look back into: what a first repetition with a long top needs. Not below 10 s."""
    rest_ticks: int = 100
    """Of so many ticks (4 s) before a trip those at rest tell what the accelerometer is off there. 2 to 5 s; with 6 s a
    negative counts."""
    calm_ticks: int = 10
    """So long (0.4 s) must a thigh have been calm for the mean to be the accelerometer's error. 0.3 to 0.6 s."""
    top_ticks: int = 15
    """So long (0.6 s) must the top of a raise have lasted for the same: what speeds it still has come to 0.1 m/s2. 0.5
    to 0.8 s."""
    blind_s: float = 0.15
    """With more than this missing, acceleration cannot be integrated to a way. 0.1 to 0.3 s."""
    closed_share: float = 0.35
    """Who is further than this share of the peak from rest may not have ended at the height where the trip began
    (`negative_2`: lying down). 0.25 to 0.45."""
    error_weight: float = 10.0
    """Holds the accelerometer's error at zero beside the lever of a level thigh: 0.2 m/s2 against 0.3 m/s2 of all else,
    of which neighbouring ticks share a part. Without it a raise as smooth as a sine tells no lever. 4 to 40."""
    lever_weight: float = 0.3
    """Holds the two levers at zero beside each other: small movements tell their sum alone. As `PivotParams.prior`, 0.1
    to 1."""
    thigh_m: float = 0.35
    """From the hip to the sensor: half way down a thigh and a bit, 0.25 to 0.45 m."""
    longest_m: float = 0.5
    """Longest pendulum, m, by which a swing is taken to explain the vertical acceleration: hip to knee. 0.45 to 0.6."""
    speed_ticks: int = 5
    """Ticks (0.2 s) over which the speed of the thigh at an end of its trip is taken. 3 to 8."""
    smooth_ticks: int = 5
    """Ticks (0.2 s), an odd number, over which the angle is averaged before its acceleration is taken. 3 to 7."""
    way_share: float = 0.5
    """Of a way of which no such share of the peak was seen in one piece no lever is told: 7 degrees of a bridge of 30
    made one of 1 m (`hip_bridge_1` of other people, a loss on the way out and six on the way back). 0.4 to 0.6."""
    least_ticks: int = 8
    """Of fewer ticks (0.3 s) no acceleration is taken. 6 to 12."""


@dataclass(frozen=True, slots=True)
class LeadParams:
    """The beginning of the way of a leg that may lie level, which gains height as soon as it turns."""

    ticks: int = 25
    slow_dps: float = 2.0
    """What is felt since it turned faster than this, in at most so many ticks (1 s) before it has left its rest pose.
    15 to 30 ticks, 1 to 3 deg/s."""
    faster_times: float = 2.0
    """The way back is taken for no faster than so many times the way out at the same angle. 1.5 to 3."""
