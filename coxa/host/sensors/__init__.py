"""Drivers of real sensors: pure parsers of what they notify, and what one must know to talk to them."""
