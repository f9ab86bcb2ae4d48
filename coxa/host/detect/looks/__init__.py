"""One exercise, looked at twice while it is only supposed that the person stood at first.

`two_looks` is the detector, `second_look` what would be if the person sat or lay.
"""
