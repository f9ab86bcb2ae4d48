"""Everything that can be said: how talkative a voice must be, how long it stays worth saying, what fills its gaps."""

from __future__ import annotations

from dataclasses import dataclass

from coxa.host.cues.cue import Cue, Level, Slot


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the phrase files."""

    level: Level
    slot: Slot
    lasts_s: float
    """So long after its time it is still worth beginning to say."""
    gaps: tuple[str, ...] = ()
    """Names of the values; `n` is the number that decides between one and many."""


COUNT_S, CLOCK_S, TOLD_S = 0.6, 0.9, 6.0
"""A count must come before the next repetition is under way, a clock within its second; what leads on may wait."""
LINK_S = 90.0
"""The link's cues bear the time of the last sample, which may be long ago when the link is given up or back."""

KINDS: dict[str, Kind] = {
    "count": Kind("counts", "count", COUNT_S, ("n",)),
    "count_last": Kind("counts", "count", COUNT_S, ("n",)),
    "count_final": Kind("counts", "count", 1.5, ("n",)),
    "count_short": Kind("counts", "count", 1.5, ("n", "held", "target")),
    "hold_count": Kind("counts", "count", 2.0, ("n",)),
    "hold_short": Kind("counts", "count", 3.5, ("n", "target")),
    "hold_start": Kind("counts", "clock", 1.5, ("n",)),
    "hold_half": Kind("counts", "clock", 1.5),
    "hold_left": Kind("counts", "clock", CLOCK_S, ("n",)),
    "hold_countdown": Kind("counts", "clock", COUNT_S, ("n",)),
    "hold_reached": Kind("counts", "clock", 3.0),
    "hold_moved": Kind("counts", "clock", 2.0, ("n",)),
    "encourage_1": Kind("coach", "praise", 1.0),
    "encourage_2": Kind("coach", "praise", 1.0),
    "encourage_3": Kind("coach", "praise", 1.0),
    "too_small_raise": Kind("coach", "reason", 1.5),
    "too_small_raise_by": Kind("coach", "reason", 1.5, ("n",)),
    "too_small_lunge": Kind("coach", "reason", 1.5),
    "too_small_circle": Kind("coach", "reason", 1.5),
    "too_small_hold": Kind("coach", "reason", 1.5),
    "too_large": Kind("coach", "reason", 1.5),
    "too_fast": Kind("coach", "reason", 1.5),
    "too_slow": Kind("coach", "reason", 1.5),
    "too_long": Kind("coach", "reason", 1.5),
    "wrong_direction": Kind("coach", "reason", 1.5),
    "to_and_fro": Kind("coach", "reason", 1.5),
    "turned": Kind("coach", "reason", 1.5),
    "start_from_rest": Kind("coach", "reason", 1.5),
    "come_to_rest": Kind("coach", "reason", 1.5),
    "like_steps": Kind("coach", "reason", 1.5),
    "half_circle": Kind("coach", "reason", 1.5),
    "not_held": Kind("coach", "reason", 1.5),
    "hold_still": Kind("coach", "reason", 1.5),
    "not_measured": Kind("coach", "reason", 1.5),
    "not_counted": Kind("coach", "reason", 1.5),
    "set_reps": Kind("coach", "instruction", TOLD_S, ("side", "exercise", "n")),
    "set_circles": Kind("coach", "instruction", TOLD_S, ("exercise", "direction", "n")),
    "set_hold": Kind("coach", "instruction", TOLD_S, ("side", "exercise", "n", "seconds")),
    "set_open": Kind("coach", "instruction", TOLD_S, ("side", "exercise")),
    "set_again": Kind("coach", "instruction", TOLD_S, ("n",)),
    "set_free": Kind("coach", "instruction", TOLD_S),
    "recognised": Kind("coach", "instruction", 3.0, ("exercise",)),
    "get_in_position": Kind("coach", "instruction", TOLD_S),
    "rest": Kind("coach", "instruction", TOLD_S, ("n",)),
    "rest_then": Kind("coach", "instruction", TOLD_S, ("n", "side", "exercise", "direction")),
    "rest_left": Kind("coach", "instruction", 1.5, ("n",)),
    "get_ready": Kind("coach", "instruction", 2.0),
    "going_on": Kind("coach", "alert", 3.0),
    "finished": Kind("coach", "instruction", TOLD_S),
    "skipped": Kind("counts", "alert", 3.0),
    "paused": Kind("counts", "alert", 3.0),
    "resumed": Kind("counts", "alert", 3.0),
    "switch_sides": Kind("counts", "alert", TOLD_S, ("side",)),
    "move_sensor": Kind("counts", "instruction", 15.0, ("side",)),
    "sensor_moved": Kind("counts", "alert", 3.0),
    "stand_still": Kind("counts", "instruction", TOLD_S),
    "lift_knee": Kind("counts", "instruction", TOLD_S),
    "strap_known": Kind("counts", "alert", 3.0),
    "strap_unknown": Kind("counts", "alert", TOLD_S),
    "strap_slipped": Kind("counts", "alert", TOLD_S),
    "wrong_thigh": Kind("counts", "alert", TOLD_S, ("side",)),
    "sensor_doubtful": Kind("counts", "alert", TOLD_S),
    "sensor_faulty": Kind("counts", "alert", TOLD_S),
    "sensor_fine": Kind("counts", "alert", TOLD_S),
    "unseen": Kind("coach", "alert", 4.0, ("n",)),
    "connected": Kind("coach", "alert", TOLD_S),
    "connection_lost": Kind("counts", "alert", LINK_S),
    "connected_again": Kind("counts", "alert", LINK_S),
    "connection_gone": Kind("counts", "alert", LINK_S),
    "routine_done": Kind("counts", "instruction", 20.0, ("reps", "holds", "minutes")),
    "routine_done_reps": Kind("counts", "instruction", 20.0, ("reps", "minutes")),
    "routine_done_holds": Kind("counts", "instruction", 20.0, ("holds", "minutes")),
    "effort_question": Kind("counts", "instruction", 30.0),
    "effort_zero": Kind("counts", "instruction", 10.0),
    "effort_heard": Kind("counts", "instruction", TOLD_S, ("n",)),
}


def cue(key: str, at_s: float, **values: str | int) -> Cue:
    """The cue of a kind that is decided at `at_s`.

    Raises:
        KeyError: there is no such kind.
        ValueError: the values are not those that its phrase has gaps for.
    """
    kind = KINDS[key]
    if set(values) != set(kind.gaps):
        raise ValueError(f"cue '{key}' needs {sorted(kind.gaps)}, got {sorted(values)}")
    return Cue(key, at_s, at_s + kind.lasts_s, kind.level, values, kind.slot)


def sample_values(key: str) -> dict[str, str | int]:
    """Values as a session might give them, for hearing a phrase without one."""
    gaps = KINDS[key].gaps
    exercise = "hip_circle" if "direction" in gaps else "figure_four" if "seconds" in gaps else "lateral_leg_raise"
    samples: dict[str, str | int] = {"side": "left", "exercise": exercise, "direction": "clockwise", "n": 10}
    samples |= {"held": 18, "target": 30, "seconds": 30, "reps": 84, "holds": 8, "minutes": 24}
    return {gap: samples[gap] for gap in gaps}
