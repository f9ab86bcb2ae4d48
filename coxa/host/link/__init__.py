"""Bluetooth, through bleak."""
