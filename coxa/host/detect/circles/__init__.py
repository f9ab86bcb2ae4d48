"""Hip circles: turns of the direction of up about its own mean.

`circle` leads `circle_path`, `circle_turn`, `circle_opening` and `bobbing`.
"""
