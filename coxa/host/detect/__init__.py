"""Detectors: pure state machines over the beat of `motion.ticks`.

A beat comes by in this order:

- `still` (ticks, and whether the thigh rests), `continuity` (gaps), `sensor_trust` with `fall` (is the accelerometer
  broken?), `taps` (knocks on the sensor, found in the samples themselves);
- `body`: posture, walking, where the front is, how the sensor sits;
- `trips` and `circles`: what is counted and held, each as `detector` says; `uncertainty` is that of their angles;
- `looks` (what if the person sat at first?) and `auto` (which exercise is it?) stand above one detector.

Words that all of these use:

- tick: one beat at 25 Hz, which says where up points in the sensor's frame and how fast the thigh turns (`still.Tick`);
- pose: a direction of up in the sensor's frame. Two poses differ by an angle: how far the thigh moved between them.
  Which way it moved (forward, aside, up, down) is known only once upright is;
- upright: the pose of a thigh that stands. It is learned, and how well it is known matters (`body.upright`); tilt is
  the angle against it;
- rest pose: where the thigh rests between repetitions, and what every angle of a movement is measured from;
- trip: a movement from the rest pose and back; its top is where it is farthest away; set: trips from one rest pose.

Tuning values are in `*Params`: in `*_params.py`, or at the head of the module that alone uses them.
"""
