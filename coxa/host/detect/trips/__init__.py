"""Trips from a rest pose and back: raises, lunges, bridges, and the holds at their far end.

`trip` leads `rest_pose` (where a trip begins), `recent` and `excursion` (its trace), `trip_judge` and `verdict` (is it
this exercise?), `lying_shown` (can it be a step?), `holding` and `hold`, `way_back` (is it certain?), `set_count` (does
it count now?), `rep_quality` (how was it done?). `open_hold` leaves no hold without an answer.
"""
