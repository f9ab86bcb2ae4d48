"""Detectors: pure state machines over the beat of `motion.ticks`."""
