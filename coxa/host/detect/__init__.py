"""Detectors: pure state machines over the beat of `motion.ticks`.

What each module is for, in the order in which a beat comes by:

- *Rest and stream*: `still` (ticks, and whether the thigh rests), `continuity` (gaps), `sensor_trust` with `fall` (is
  the accelerometer broken?), `taps` (knocks on the sensor, found in the samples themselves).
- *Posture*: `posture` (which way is upright) by `gait` and `gait_watch` (steps and turns), `pivot` (the lever that a
  swing shows) and `axes` (where the front is); `mounting` is what comes of it, `strap` what is wrong with it.
- *Raises, lunges, bridges, holds*: `trip` leads `rest_pose` (where a trip begins), `recent` and `excursion` (its
  trace), `trip_judge` and `verdict` (is it this exercise?), `holding` and `hold`, `way_back` (is it certain?),
  `set_count` (does it count now?), `quality` (how was it done?).
- *Circles*: `circle` leads `circle_path`, `circle_turn`, `circle_opening` and `bobbing`.
- *Above one detector*: `two_looks` with `second_look` (what if the person sat at first?), `recogniser` with `candidate`
  and `contest` (which exercise is it?), `open_hold` (no hold is left without an answer). `detector` says what each of
  them offers.

Tuning values are in `*_params`, or at the head of the module that alone uses them.
"""
