"""The sensor's own program, for MicroPython boards; the simulator runs packer, ring and sender unchanged.

Written in what CPython and MicroPython have in common: no annotations, no dataclasses. Copied to a board as the
package `device` (docs/build-a-sensor.md).
"""
