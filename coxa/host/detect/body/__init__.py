"""The person and the strap: how the thigh stands in the world.

`posture` learns which way is `upright`, and how well that is known, by `gait` and `gait_watch` (steps and turns),
`pivot` (the lever that a swing shows) and `axes` (where the front is); `start_fit` says by that from where an exercise
may begin, `mounting` is what comes of it, `strap` what is wrong with it.
"""
