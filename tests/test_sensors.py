"""Captured packets of real sensors decode to their values, in coxa's units."""

from __future__ import annotations

import json
import math
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coxa.host.samples import STANDARD_GRAVITY_MPS2 as G
from coxa.host.sensors.driver import Parser, Reading, Settings
from coxa.host.sensors.registry import DRIVERS, driver, recognise

WIT = "5561fcffefff110800000000000098ff0d00f831"
WIT_MOVING = "55617702a8fe92fe060230fecdfff8f053fcabc4"
POLAR_GYRO = "05ffffffffffffff7f80eaff08000d000301df00"


def parsed(sensor: str, *notifications: str, settings: Settings | None = None) -> tuple[list[Reading], Parser]:
    parser = driver(sensor).parser(settings)
    return [r for n in notifications for r in parser.feed(bytes.fromhex(n))], parser


def close(found: Any, expected: list[float], scale: float, tolerance: float = 6e-4) -> None:
    assert found is not None
    assert [v / scale for v in found] == pytest.approx(expected, abs=tolerance)


DPS = math.radians(1.0)


def vectors() -> list[dict[str, Any]]:
    folder = Path(os.environ.get("COXA_SHARED", Path(__file__).parents[2] / "shared"))
    file = folder / "sensor_vectors.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else []


@pytest.mark.parametrize(
    "vector", [v for v in vectors() if v["device"] == "witmotion20" and isinstance(v["decoded"], dict)]
)
def test_witmotion_captures(vector: dict[str, Any]) -> None:
    """Every captured frame, to the resolution of the published values."""
    (reading,), parser = parsed("witmotion", vector["hex"])
    close(reading.accel_mps2, vector["decoded"]["acc_g"], G)
    close(reading.gyro_radps, vector["decoded"]["gyr_dps"], DPS)
    assert parser.stats.garbage_bytes == parser.stats.bad_frames == 0


def test_witmotion_is_a_byte_stream() -> None:
    """Four frames in one notification, or cut anywhere, are four samples; the rest is counted."""
    stream = bytes.fromhex(WIT * 4)
    for cut in range(1, len(stream)):
        parser = driver("witmotion").parser(None)
        readings = parser.feed(stream[:cut]) + parser.feed(stream[cut:]) + parser.feed(bytes.fromhex(WIT))
        assert len(readings) == 5, cut
    readings, parser = parsed("witmotion", WIT, "0102" + WIT_MOVING)
    assert (len(readings), parser.stats.garbage_bytes) == (2, 2)


def test_the_vibration_sensor_is_refused() -> None:
    """Same service, same header, other content: no sample, and the user is told."""
    readings, parser = parsed("witmotion", ("5561" + "11" * 30) * 3)
    assert readings == []
    assert "vibration sensor" in parser.stats.notes[0]


def test_witmotion_with_chip_time() -> None:
    """The 28-byte model gives its own clock, and what it sends again after a reconnect is dropped."""
    frame = WIT + bytes([26, 11, 23, 10, 30, 5]).hex() + struct.pack("<H", 250).hex()
    (reading,), parser = parsed("witmotion", frame, frame)
    assert reading.t_s % 60 == pytest.approx(5.25)
    assert parser.stats.not_monotonic == 1


def test_witmotion_battery_reply() -> None:
    """3.95 V is 90 percent; the reply is no sample."""
    readings, parser = parsed("witmotion", "55716400" + struct.pack("<H", 395).hex() + "00" * 14)
    assert (readings, parser.battery_percent) == ([], 90)


@pytest.mark.parametrize("header", ["", "0263"])
def test_movesense_captures(header: str) -> None:
    """With its header or without: samples in m/s2, the first one at the packet's stamp."""
    found = [v for v in vectors() if v["device"] == "movesense"]
    if not found:
        pytest.skip("no ../shared/sensor_vectors.json")
    for vector in found:
        readings, parser = parsed("movesense", header + vector["hex"])
        true = vector["decoded"]
        assert readings[0].t_s == pytest.approx(true["Timestamp"] * 1e-3)
        for k, reading in enumerate(readings):
            close(reading.accel_mps2, list(true["ArrayAcc"][k].values()), 1.0)
            if "ArrayGyro" in true:
                close(reading.gyro_radps, list(true["ArrayGyro"][k].values()), DPS)
            else:
                assert reading.gyro_radps is None
        assert len(readings) == len(true["ArrayAcc"])
        assert parser.stats.bad_frames == 0


def test_movesense_joins_split_payloads() -> None:
    """104 Hz: eight samples come as a packet and its rest; the next packet's stamp sets their spacing."""
    first = struct.pack("<I48f", 1000, *([0.0, 0.0, 9.8] * 8), *([1.0, 2.0, 3.0] * 8)).hex()
    second = struct.pack("<I48f", 1077, *([0.0, 0.0, 9.8] * 8), *([1.0, 2.0, 3.0] * 8)).hex()
    readings, _ = parsed(
        "movesense", "0263" + first[:290], "0363" + first[290:], "0263" + second[:290], "0363" + second[290:]
    )
    assert len(readings) == 16
    assert readings[9].t_s - readings[8].t_s == pytest.approx(0.077 / 8)


def test_polar_captures() -> None:
    """Raw and compressed, both streams, whole and cut; the stamp is the last sample's."""
    found = [v for v in vectors() if v["device"] == "polar"]
    if not found:
        pytest.skip("no ../shared/sensor_vectors.json")
    for vector in found:
        readings, _ = parsed("polar", vector["hex"])
        true = vector["decoded"]
        if "samples" in true:
            expected = true["samples"]
        elif "ref_mg" in true:
            expected = [true["ref_mg"]]
        else:
            expected = true["first"]
            assert len(readings) == true["n"]
            close(readings[-1].accel_mps2, true["last"], G * 1e-3, 1e-6)
        for reading, row in zip(readings, expected, strict=False):
            if true["type"] == "GYRO":
                close(reading.gyro_radps, row, DPS if "float" in true["frame"] else 0.07 * DPS, 1e-6)
            else:
                close(reading.accel_mps2, row, G * 1e-3, 1e-6)
        if "ts_ns" in true:
            assert readings[-1].t_s == pytest.approx(true["ts_ns"] * 1e-9, abs=1e-6)
        if "samples" in true:
            assert len(readings) == len(expected)


def test_polar_learns_the_factor_from_the_reply() -> None:
    """A start reply with setting 5 tells what a count of the gyroscope is worth."""
    reply = "f002050000" + "0501" + struct.pack("<f", 0.061).hex()
    readings, _ = parsed("polar", reply, POLAR_GYRO)
    close(readings[0].gyro_radps, [-22, 8, 13], 0.061 * DPS, 1e-4)


def test_dot_captures() -> None:
    """Mode 22 gives rotation and says why no acceleration; mode 4 gives nothing and says why."""
    mode_22 = "526bea567cc32c4128fdca41f87912be62528c40e301e9bf9b199ebfb5c4bdbe8a5f7cbe6725de3c"
    (reading,), parser = parsed("dot", mode_22)
    assert (reading.t_s, reading.accel_mps2) == (pytest.approx(1458.203474), None)
    close(reading.gyro_radps, [-0.37064, -0.24646, 0.02712], DPS, 1e-4)
    assert "set mode 21 or 26" in parser.stats.notes[0]
    readings, parser = parsed("dot", "d893decb0a3509c146500842ea43853e00000000")
    assert (readings, len(parser.stats.notes)) == ([], 1)


@pytest.mark.parametrize(("mode", "size"), [(21, 28), (21, 40), (26, 44), (26, 64)])
def test_dot_modes_with_force(mode: int, size: int) -> None:
    """Both modes, padded or not, and the clock's wrap after 71.6 minutes."""
    body = struct.pack("<6f", 0.1, 0.2, 9.8, 10.0, 20.0, 30.0)
    quaternion = struct.pack("<4f", 1, 0, 0, 0) if mode == 26 else b""
    frames = [(struct.pack("<I", t) + quaternion + body).ljust(size, b"\0").hex() for t in (4294960000, 9000)]
    readings, _ = parsed("dot", *frames)
    assert readings[1].t_s - readings[0].t_s == pytest.approx((9000 + 2**32 - 4294960000) * 1e-6)
    close(readings[0].accel_mps2, [0.1, 0.2, 9.8], 1.0, 1e-6)
    close(readings[0].gyro_radps, [10, 20, 30], DPS, 1e-6)


def test_metamotion_vendor_tests() -> None:
    """Single, packed, fused; ranges as they were set; battery."""
    (one,), _ = parsed("metamotion_bmi160", "030416c494a22ad0", settings=Settings(range_g=4))
    close(one.accel_mps2, [-1.872, -2.919, -1.495], G)
    assert one.gyro_radps is None
    packed = "62b7530de9fd16d04d0e57028affa1050a01"
    for sensor, register in (("metamotion_bmi160", "031c"), ("metamotion_bmi270", "0305")):
        rows, _ = parsed(sensor, register + packed, settings=Settings(range_g=8))
        for row, true in zip(
            rows, [[-4.539, 0.833, -0.131], [-2.995, 0.894, 0.146], [-0.029, 0.352, 0.065]], strict=True
        ):
            close(row.accel_mps2, true, G)
    (one,), _ = parsed("metamotion_bmi160", "13053e43ff7f0080", settings=Settings(range_dps=500))
    close(one.gyro_radps, [262.409, 499.497, -499.512], DPS, 1e-3)
    rows, _ = parsed("metamotion_bmi160", "13070915ad2608de8a1a0d2665e48d20ac2773ec", settings=Settings(range_dps=1000))
    close(rows[2].gyro_radps, [254.055, 309.634, -152.591], DPS, 1e-3)
    (one,), _ = parsed("metamotion_bmi160", "0903031e020000f40d3c3999110180d691d367", settings=Settings(2, 2000, 100))
    assert one.t_s == pytest.approx(5.42)
    close(one.accel_mps2, [v * 2 / 32768 for v in (3572, 14652, 4505)], G)
    _, parser = parsed("metamotion_bmi270", "118c633410")
    assert parser.battery_percent == 99


def test_capture2go_package() -> None:
    """The vendor's own package, bare and as a notification with the real-time mark, and cut over two notifications."""
    found = [v for v in vectors() if v["device"] == "capture2go" and isinstance(v["decoded"], dict)]
    if not found:
        pytest.skip("no ../shared/sensor_vectors.json")
    package, true = found[0]["hex"], found[0]["decoded"]
    for notifications in ([package], ["fe" + package], ["ff" + package], ["ff" + package[:100], "ff" + package[100:]]):
        readings, parser = parsed("capture2go", *notifications)
        assert len(readings) == 8
        assert parser.stats.garbage_bytes == 0
        close(readings[3].gyro_radps, [v * 2000 / 32768 for v in true["gyr_raw"][3]], DPS, 1e-6)
        close(readings[3].accel_mps2, [0, 0, 9.81], 1.0, 1e-6)
        assert readings[1].t_s - readings[0].t_s == pytest.approx(0.01, abs=1e-6)


def test_lines_of_csv() -> None:
    """Cut anywhere, in the units of the header; what is no sample is counted."""
    text = b"#imu1 acc=g gyr=rad/s\n1,10000,0,0,1,0.1,0.2,0.3\nhello\n2,30000,0,0,1,0.1,0.2,0.3,77\n"
    for cut in range(len(text)):
        parser = driver("nus_csv").parser(None)
        readings = parser.feed(text[:cut]) + parser.feed(text[cut:])
        assert [r.t_s for r in readings] == pytest.approx([0.01, 0.03])
        close(readings[0].accel_mps2, [0, 0, 1], G, 1e-9)
        close(readings[0].gyro_radps, [0.1, 0.2, 0.3], 1.0, 1e-9)
        assert (parser.stats.bad_frames, parser.battery_percent) == (1, 77)


@pytest.mark.parametrize(
    ("name", "services", "expected"),
    [
        ("WT901BLE68", [], "witmotion"),
        ("Movesense 123456789012", [], "movesense"),
        ("Polar Sense 1234ABCD", [], "polar"),
        ("Movella DOT", [], "dot"),
        ("my board", ["6E400001-B5A3-F393-E0A9-E50E24DCCA9E"], "nus_csv"),
        ("headphones", [], None),
    ],
)
def test_advertisements_are_recognised(name: str, services: list[str], expected: str | None) -> None:
    """By name or by service."""
    assert recognise(name, services) == expected


def test_the_command_prints_samples_and_nothing_else() -> None:
    """One JSON object a sample with the three keys; bad hex and unknown sensors are one line and status 2."""

    def coxa(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from coxa.cli.main import main; main()", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = coxa("decode", "metamotion_bmi160", "030416c494a22ad0", "--range-g", "4")
    assert [set(json.loads(line)) for line in done.stdout.splitlines()] == [{"t_s", "accel_mps2", "gyro_radps"}]
    assert json.loads(done.stdout)["gyro_radps"] is None
    for words in (("decode", "polar", "0x0g"), ("decode", "witmotoin", "00")):
        wrong = coxa(*words)
        assert (wrong.returncode, wrong.stdout, len(wrong.stderr.splitlines())) == (2, "", 1)
    assert "did you mean 'witmotion'" in coxa("decode", "witmotoin", "00").stderr
    for name in DRIVERS:
        assert coxa("sensors", name).returncode == 0 if name in ("polar", "witmotion") else True
