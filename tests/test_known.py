"""The user's own sensor is taken and nobody else's; what keeps Bluetooth from working is said in words."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bleak.backends.device import BLEDevice
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)

from coxa.cli.sensor_choice import SensorChoice, close, found, keep
from coxa.host.errors import LinkError, LinkFailure, SpecError
from coxa.host.link import scan
from coxa.host.link.known import KnownSensor, known_file, recall, remember
from coxa.host.link.scan import FoundSensor, no_bluetooth
from coxa.host.link.sensor_link import SensorLink
from coxa.host.sensors.registry import driver
from coxa.host.wire.gatt import SERVICE_UUID
from tests.helpers_link import sensor

ROOT = Path(__file__).parents[1]
OWN = KnownSensor("F0:0D:CA:FE:00:01", "coxa SIM00001", "coxa", "SIM00001")
STRANGER = KnownSensor("F0:0D:CA:FE:00:02", "coxa SIM00001", "coxa")


def live(hci: str, file: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """`coxa live` as a user runs it, with a file for the user's own sensor."""
    command = [sys.executable, "-m", "coxa", "live", "--exercise", "leg_raise"]
    return subprocess.run(
        [*command, "--voice", "quiet", "--log", str(file.parent / "log"), "--hci", hci, *more],
        capture_output=True,
        text=True,
        timeout=90,
        cwd=ROOT,
        env={**os.environ, "COXA_SENSOR": str(file)},
        check=False,
    )


def test_what_is_remembered_is_recalled(tmp_path: Path) -> None:
    """In a file that only its owner may read; nothing before the first."""
    file = tmp_path / "a" / "sensor.json"
    assert recall(file) is None
    remember(file, OWN)
    assert recall(file) == OWN
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"address": 1, "name": "a", "driver": "b"}', '"text"', "[1]"])
def test_a_damaged_file_is_told_by_name(tmp_path: Path, text: str) -> None:
    """Never silently another sensor."""
    file = tmp_path / "sensor.json"
    file.write_text(text)
    with pytest.raises(SpecError, match="remove it"):
        recall(file)


def test_a_place_that_is_no_file_is_told_with_what_named_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder: the variable is what has to be changed, and nothing is to be removed."""
    monkeypatch.setenv("COXA_SENSOR", str(tmp_path))
    for use in (lambda: recall(tmp_path), lambda: remember(tmp_path, OWN)):
        with pytest.raises(SpecError, match="COXA_SENSOR names it") as told:
            use()
        assert str(tmp_path) in str(told.value)
        assert "remove" not in str(told.value)


def test_a_sensor_that_cannot_be_remembered_is_a_line_after_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings in a place where nothing can be: told, and the session's summary still comes."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("COXA_SENSOR", str(tmp_path / "file" / "sensor.json"))
    sensor = FoundSensor(BLEDevice(OWN.address, OWN.name, None), OWN.name, OWN.address, -50, (driver("coxa"),))
    link = SensorLink(sensor, None)
    link.decoder.stats.samples = 1
    assert "COXA_SENSOR names it" in str(keep(SensorChoice(), link))


def test_what_is_on_a_virtual_radio_is_nobodys_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulated sensor does not become the user's; a dongle's may."""
    monkeypatch.delenv("COXA_SENSOR", raising=False)
    assert known_file("tcp-client:127.0.0.1:1") is None
    assert known_file("usb:0") == known_file(None) is not None


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_first_sensor_is_remembered(tmp_path: Path) -> None:
    """First use remembers it, says so, and what to say for another."""
    file = tmp_path / "sensor.json"
    with sensor() as (hci, _):
        first = live(hci, file)
    assert first.returncode == 0, first.stderr
    assert "remembered as your sensor" in first.stderr
    assert recall(file) == OWN


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_strangers_sensor_of_the_same_name_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At another address it is refused, until any or this very one is asked for; then it is still not one's own."""
    file = tmp_path / "sensor.json"
    monkeypatch.setenv("COXA_SENSOR", str(file))
    remember(file, STRANGER)

    async def look(hci: str) -> list[str]:
        try:
            with pytest.raises(LinkError, match=r"FE:00:02\) was not heard") as caught:
                await found(SensorChoice(hci), 1.0)
            assert "another phone" in str(caught.value)
            others = (SensorChoice(hci, any_sensor=True), SensorChoice(hci, address=OWN.address.lower()))
            return [(await found(choice, 10.0)).address for choice in others]
        finally:
            await close(hci)

    with sensor() as (hci, _):
        assert asyncio.run(look(hci)) == [OWN.address] * 2
    assert recall(file) == STRANGER


@pytest.mark.parametrize("choice", [SensorChoice(), SensorChoice(sensor="coxa", any_sensor=True)])
def test_a_board_that_is_not_heard_may_be_asleep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, choice: SensorChoice
) -> None:
    """Where one's own or the wanted sensor is a board, it is said how to wake it; of others it is not."""

    async def nothing(*_: object, **__: object) -> list[scan.FoundSensor]:
        return []

    def why(asked: SensorChoice) -> str:
        with pytest.raises(LinkError) as caught:
            asyncio.run(found(asked, 1.0))
        return str(caught.value)

    monkeypatch.setenv("COXA_SENSOR", str(tmp_path / "sensor.json"))
    monkeypatch.setattr(scan, "scan", nothing)
    remember(tmp_path / "sensor.json", OWN)
    assert "tap it twice" in why(choice)
    assert "tap it" not in why(SensorChoice(sensor="witmotion", any_sensor=True)) + why(SensorChoice(any_sensor=True))


def test_the_nearest_sensor_is_taken_not_the_first_one_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A faint neighbour speaks first, then one whose strength is not known: the strong one is waited for and taken."""
    said = (("AA:AA", -92), ("BB:BB", 127), ("CC:CC", -41), ("CC:CC", -80))

    class Neighbours:
        """Hears them one after the other, 50 ms apart."""

        def __init__(self, heard: Callable[[BLEDevice, Any], None]) -> None:
            self._heard = heard

        async def __aenter__(self) -> None:
            for k, (address, rssi) in enumerate(said):
                asyncio.get_running_loop().call_later(0.05 * k, self._say, address, rssi)

        async def __aexit__(self, *error: object) -> None:
            pass

        def _say(self, address: str, rssi: int) -> None:
            what = SimpleNamespace(local_name="coxa", service_uuids=[SERVICE_UUID], manufacturer_data={}, rssi=rssi)
            self._heard(BLEDevice(address, "coxa", None), what)

    monkeypatch.setattr(scan, "BleakScanner", Neighbours)
    monkeypatch.setattr(scan, "LINGER_S", 0.5)
    nearest = asyncio.run(scan.find(None, 20.0))
    assert (nearest.address, nearest.rssi_dbm) == ("CC:CC", -41)
    assert asyncio.run(scan.find(None, 20.0, "aa:aa")).address == "AA:AA"


@pytest.mark.parametrize(
    ("error", "reason", "told"),
    [
        (
            BleakBluetoothNotAvailableError("off", BleakBluetoothNotAvailableReason.POWERED_OFF),
            LinkFailure.SWITCHED_OFF,
            "bluetoothctl power on",
        ),
        (
            BleakBluetoothNotAvailableError("no", BleakBluetoothNotAvailableReason.DENIED_BY_USER),
            LinkFailure.NO_PERMISSION,
            "allow it",
        ),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", ["x"]), LinkFailure.NO_PERMISSION, "allow it"),
        (PermissionError("usb"), LinkFailure.NO_PERMISSION, "allow it"),
        (
            BleakBluetoothNotAvailableError("none", BleakBluetoothNotAvailableReason.NO_BLUETOOTH),
            LinkFailure.NO_ADAPTER,
            "plug in",
        ),
        (BleakError("No powered Bluetooth adapters found. not powered"), LinkFailure.SWITCHED_OFF, "rfkill"),
    ],
)
def test_why_there_is_no_bluetooth_is_said_with_what_to_do(error: Exception, reason: LinkFailure, told: str) -> None:
    """Switched off, not allowed and not there are three things."""
    found = no_bluetooth(error)
    assert found.reason is reason
    assert told in str(found)
    assert "\n" not in str(found)
