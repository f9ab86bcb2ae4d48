"""Orientation and features, without heading."""
