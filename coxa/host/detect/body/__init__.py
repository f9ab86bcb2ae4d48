"""The person and the strap: how the thigh stands in the world.

`posture` learns which way is `upright`, and how well that is known, by `on_foot` (steps and turns, which `gait` and
`gait_watch` see), `swung` (a swing back to where the thigh rested, about which joint by `pivot`) and `axes` (where the
front is); `start_fit` says by that from where an exercise may begin, `mounting` is what comes of it, `strap` what is
wrong with it.
"""
