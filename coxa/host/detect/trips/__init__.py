"""Trips from a rest pose and back: raises, lunges, bridges, and the holds at their far end.

All of them look the same to a thigh sensor: up leaves the pose in which the thigh rested, and comes back to it. What
tells them apart is how far it goes and which way, how long that takes, how it jolts, and how far the sensor rises.

A trip is first followed (`Excursion`), then judged as a whole when it is back (`verdict`), then looked at for some
tenths of a second until it is certain that it did not swing through its rest pose as a step does (`way_back`); the
first ones of a set may also have to wait for others like them (`set_count`). Each is told: `RepCompleted` where it
counts, `RepRejected` with what was measured and needed where it does not.

`trip` leads `rest_pose` (where a trip begins), `recent` and `excursion` (its trace), `trip_judge` and `verdict` (is it
this exercise?), `lying_shown` (can it be a step?), `holding` and `hold`, `way_back` (is it certain?), `set_count` (does
it count now?), `rep_quality` (how was it done?). `open_hold` leaves no hold without an answer.
"""
