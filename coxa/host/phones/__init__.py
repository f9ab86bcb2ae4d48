"""Phones as sensors: by HTTP, not by Bluetooth; what they say is decoded in `coxa.host.sensors`."""
