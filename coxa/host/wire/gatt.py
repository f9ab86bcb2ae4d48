"""Names by which host and sensor find each other over Bluetooth LE (docs/protocol.md, section GATT)."""

from __future__ import annotations

import struct

SERVICE_UUID = "c0a10001-7d3b-4f6e-9a52-3e1f8b6c4d20"
STREAM_UUID = "c0a10002-7d3b-4f6e-9a52-3e1f8b6c4d20"
"""Notify: frames. Read: the description frame."""
CONTROL_UUID = "c0a10003-7d3b-4f6e-9a52-3e1f8b6c4d20"
"""Write: START, STOP or RESEND."""
BATTERY_SERVICE_UUID = "0000180f-0000-1000-8000-00805f9b34fb"
BATTERY_LEVEL_UUID = "00002a19-0000-1000-8000-00805f9b34fb"
"""The Bluetooth SIG's own: one byte, percent."""
DEVICE_INFORMATION_UUID = "0000180a-0000-1000-8000-00805f9b34fb"
MODEL_NUMBER_UUID = "00002a24-0000-1000-8000-00805f9b34fb"
SERIAL_NUMBER_UUID = "00002a25-0000-1000-8000-00805f9b34fb"
MANUFACTURER_UUID = "00002a29-0000-1000-8000-00805f9b34fb"
FIRMWARE_REVISION_UUID = "00002a26-0000-1000-8000-00805f9b34fb"

OP_STOP, OP_START, OP_RESEND = 0, 1, 2
"""First byte of what is written to CONTROL."""
FROM_NEWEST = 0xFFFFFFFF
"""START with this sequence number streams from now on; any other resumes there, or at the oldest still kept."""
_START = struct.Struct("<BI")
_RESEND = struct.Struct("<BIH")


def start_command(from_sequence: int = FROM_NEWEST) -> bytes:
    """START: stream from this sequence number on."""
    return _START.pack(OP_START, from_sequence)


def stop_command() -> bytes:
    """STOP: send nothing more."""
    return bytes([OP_STOP])


def resend_command(first: int, count: int) -> bytes:
    """RESEND: send `count` packets from number `first` again, between the others.

    Only for sensors whose description says `resends`: older ones take what they do not know for a STOP.
    """
    return _RESEND.pack(OP_RESEND, first, count)
