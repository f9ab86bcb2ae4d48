"""The person and the strap: how the thigh stands in the world.

`posture` (which way is upright) by `gait` and `gait_watch` (steps and turns), `pivot` (the lever that a swing shows)
and `axes` (where the front is); `mounting` is what comes of it, `strap` what is wrong with it.
"""
