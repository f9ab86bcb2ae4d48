"""Drivers of sensors that can be bought: what to write to each, and what its notifications mean. No I/O, no clock."""
