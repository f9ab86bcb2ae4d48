"""Sensors that can be bought, emulated after their makers' documents: the other side of `coxa.host.sensors`."""
