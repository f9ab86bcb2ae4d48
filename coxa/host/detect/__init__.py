"""Detectors: pure state machines over the beat of `motion.ticks`.

A beat comes by in this order:

- `still` (ticks, and whether the thigh rests), `continuity` (gaps), `sensor_trust` with `fall` (is the accelerometer
  broken?), `taps` (knocks on the sensor, found in the samples themselves);
- `body`: posture, walking, where the front is, how the sensor sits;
- `trips` and `circles`: what is counted and held, each as `detector` says; `uncertainty` is that of their angles;
- `looks` (what if the person sat at first?) and `auto` (which exercise is it?) stand above one detector.

Tuning values are in `*Params`: in `*_params.py`, or at the head of the module that alone uses them.
"""
