"""Simulated phones: the same person, told by the apps Sensor Logger and phyphox over HTTP instead of Bluetooth."""
