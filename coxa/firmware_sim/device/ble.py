"""The sensor as a Bluetooth LE peripheral, on MicroPython's `bluetooth` module.

Thin: what to send is `sender`'s matter. Untried: there is no radio where coxa is made.
"""

import bluetooth

from . import packer

CONNECTED, DISCONNECTED, WRITTEN, MTU_CHANGED = 1, 2, 3, 21
"""Events of `BLE.irq` (MicroPython documentation, module bluetooth)."""
READ, WRITE_SILENT, WRITE, NOTIFY = 0x02, 0x04, 0x08, 0x10
ADVERTISING_US = 100000
MTU = 247

SERVICE = bluetooth.UUID("c0a10001-7d3b-4f6e-9a52-3e1f8b6c4d20")
STREAM = bluetooth.UUID("c0a10002-7d3b-4f6e-9a52-3e1f8b6c4d20")
CONTROL = bluetooth.UUID("c0a10003-7d3b-4f6e-9a52-3e1f8b6c4d20")
SERVICE_BYTES = bytes.fromhex("204d6c8b1f3e529a6e4f3b7d0100a1c0")
"""The service's UUID as it goes over the air, last byte first."""


def address():
    """The radio's own, 6 bytes, which another board has not."""
    radio = bluetooth.BLE()
    radio.active(True)
    return radio.config("mac")[1]


class Peripheral:
    """One host at a time; `commands` are its writes, in order, for the main loop to take."""

    def __init__(self, name, serial, description, percent):
        """`description`: the DESCRIPTION frame; `percent`: left in the battery, None where the board cannot tell."""
        self.commands = []
        self.connected = False
        self._connection = None
        self._room = 20
        self._frame, self._at = None, 0
        """How much of which frame has gone, where it takes several notifications."""
        self._ble = bluetooth.BLE()
        self._ble.active(True)
        self._ble.config(gap_name=name)
        try:
            self._ble.config(mtu=MTU)
        except OSError:
            pass  # the Zephyr port is told when it is built
        self._ble.irq(self._heard)
        services = [
            (SERVICE, ((STREAM, READ | NOTIFY), (CONTROL, WRITE | WRITE_SILENT))),
            (bluetooth.UUID(0x180A), tuple((bluetooth.UUID(u), READ) for u in (0x2A29, 0x2A25, 0x2A26))),
        ]
        if percent is not None:
            services.append((bluetooth.UUID(0x180F), ((bluetooth.UUID(0x2A19), READ),)))
        (self._stream, self._control), information, *battery = self._ble.gatts_register_services(tuple(services))
        self._battery = battery[0][0] if battery else None
        self._ble.gatts_set_buffer(self._control, 16)
        self.describe(description)
        texts = ("coxa", serial, ".".join(str(k) for k in packer.FIRMWARE))
        for k in range(3):
            self._ble.gatts_write(information[k], texts[k].encode())
        self._said = b"\x02\x01\x06" + b"\x11\x06" + SERVICE_BYTES  # flags; incomplete list of 128-bit services
        self._more = bytes((len(name) + 1, 0x09)) + name.encode()  # complete name, in the scan response
        self.tell_battery(percent)

    def advertise(self, on):
        """Be found, or not."""
        if on:
            self._ble.gap_advertise(ADVERTISING_US, adv_data=self._said, resp_data=self._more)
        else:
            self._ble.gap_advertise(None)

    def describe(self, description):
        """What a host reads before it starts the stream: the DESCRIPTION frame."""
        self._ble.gatts_write(self._stream, description)

    def tell_battery(self, percent):
        """What the battery characteristic says, where there is one."""
        if self._battery is not None:
            self._ble.gatts_write(self._battery, bytes((percent,)))

    def send(self, frame):
        """A frame, in as many notifications as the MTU makes of it; False where the radio has no room: try again."""
        if frame is not self._frame:
            self._frame, self._at = frame, 0
        while self._at < len(frame):
            try:
                self._ble.gatts_notify(self._connection, self._stream, frame[self._at : self._at + self._room])
            except (OSError, TypeError):  # ENOMEM: no room; TypeError: the host has gone in this moment
                return False
            self._at += self._room
        self._frame = None
        return True

    def _heard(self, event, data):
        if event == CONNECTED:
            self._connection, self._room, self._frame = data[0], 20, None
            self.connected = True
        elif event == DISCONNECTED:
            self._connection, self._frame = None, None
            self.connected = False
            self.commands.append(bytes((packer.OP_STOP,)))
            self.advertise(True)
        elif event == MTU_CHANGED:
            self._room = data[1] - 3
        elif event == WRITTEN and data[1] == self._control:
            self.commands.append(bytes(self._ble.gatts_read(self._control)))
