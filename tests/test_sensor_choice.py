"""Drivers find their device, send the bytes that its maker documents, and `coxa decode` shows what they make of it."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from coxa.cli.decode import run
from coxa.cli.sensor_choice import SensorChoice
from coxa.host.errors import CoxaError, SpecError, WireError
from coxa.host.replay.hex_file import header
from coxa.host.sensors.driver import Advertisement, checked_settings
from coxa.host.sensors.registry import DRIVERS, driver, match

ACCEL_ONLY = "0200416fc41245930a81ee021ffe82ff080a10da20d6a30bd9cbe7d6f6c4e6f1e1f3e0151afe281bf8372c25201319"
WIT_FRAME = "5561fcffefff110800000000000098ff0d00f831"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (Advertisement("WT901BLE68"), "witmotion"),
        (Advertisement("Movesense 174630000192"), "movesense"),
        (Advertisement("Polar Sense 8C4CAD2D"), "polar"),
        (Advertisement("Polar H10 8C4CAD2D"), "polar_h10"),
        (Advertisement("", (), {0x0886: b""}), "dot"),
        (Advertisement("", ("326a9000-85cb-9195-d9dd-464cfbbae75a",)), "metamotion_bmi160"),
        (Advertisement("IMU_5f3a2b"), "capture2go"),
        (Advertisement("Puck.js abcd", ("6e400001-b5a3-f393-e0a9-e50e24dcca9e",)), "nus_csv"),
        (Advertisement("x", ("c0a10001-7d3b-4f6e-9a52-3e1f8b6c4d20",)), "coxa"),
    ],
)
def test_advertisements_find_their_driver(said: Advertisement, name: str) -> None:
    """Name, service or manufacturer lead to the driver; a stranger, and the vibration sensor, to none."""
    assert match(said)[0].name == name
    assert match(Advertisement("WTVB01-BT50")) == match(Advertisement("JBL Flip")) == []


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("witmotion", ["ffaa6988b5", "ffaa240100", "ffaa030800"]),
        ("movesense", ["01632f4d6561732f494d55362f3532"]),
        ("polar", ["0305", "0302", "0202000134000101100002010800040103", "0205000134000101100002 01d007040103"]),
        ("polar_h10", ["0302", "02020001640001011000020108 00"]),
        ("dot", ["010015", "10" + "00" * 23 + "3c00" + "00" * 6, "010115"]),
        (
            "capture2go",
            ["0235f5bc44005801", "0225b7fe3e1e2001" + "00" * 10 + "02000000 01" + "00" * 14 + "01", "023d7f658c005001"],
        ),
        ("metamotion_bmi160", ["03032708", "13032701", "031c01", "130701", "03020100", "13020100", "030101", "130101"]),
        ("metamotion_bmi270", ["0303a702", "13032701", "030501", "130501", "03020100", "13020100", "030101", "130101"]),
    ],
)
def test_commands_are_the_documented_bytes(name: str, start: list[str]) -> None:
    """What is written to start each sensor, as its maker's documents have it."""
    chosen = driver(name)
    assert [w.data.hex() for w in chosen.start(chosen.settings())] == [bytes.fromhex(s).hex() for s in start]


def test_every_driver_says_what_follows_for_the_user() -> None:
    """Capabilities are whole: plain sentences, characteristics to listen to, and settings of its own."""
    for chosen in DRIVERS.values():
        can = chosen.capabilities
        assert len(can.follows) >= 2
        assert all(s.endswith(".") for s in can.follows)
        assert chosen.subscribe()
        assert not can.rates_hz or chosen.defaults.rate_hz in can.rates_hz
        assert not can.accel_ranges_g or chosen.defaults.accel_range_g in can.accel_ranges_g
        assert chosen.battery("00002A19-0000-1000-8000-00805F9B34FB", b"\x55") in (85, None)


@pytest.mark.parametrize("name", list(DRIVERS))
@pytest.mark.parametrize("wanted", [0.01, 0.5, 100.0, 6000.0, 20_000.0, float("inf"), float("nan"), -1.0])
def test_what_a_sensor_may_be_told_a_log_can_keep(name: str, wanted: float) -> None:
    """No rate or range is taken live that the reader of the session's log would refuse."""
    for choice in (SensorChoice(rate_hz=wanted), SensorChoice(range_g=wanted), SensorChoice(range_dps=wanted)):
        try:
            told = choice.settings(driver(name))
        except SpecError:
            continue
        assert checked_settings(asdict(told)) == told


@pytest.mark.parametrize(
    "choice",
    [
        SensorChoice(sensor="coxa", rate_hz=50.0),
        SensorChoice(sensor="coxa", range_g=4.0),
        SensorChoice(sensor="coxa", range_dps=500.0),
    ],
)
def test_what_a_boards_program_sets_nobody_else_is_told(choice: SensorChoice) -> None:
    """An option that would change nothing is refused before anything is switched on, and not written down as true."""
    with pytest.raises(SpecError, match=r"^sensor coxa: .* leave --rate-hz, --range-g and --range-dps out"):
        choice.check()
    assert SensorChoice(sensor="coxa").settings(driver("coxa")) == driver("coxa").defaults
    assert "settings" not in header(driver("coxa"), driver("coxa").defaults)


def test_decode_prints_samples_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object a line, exactly three keys; what a sensor has no gyro for is null; notes go to stderr."""
    run("polar", [ACCEL_ONLY], None, None)
    out = capsys.readouterr()
    lines = [json.loads(line) for line in out.out.splitlines()]
    assert len(lines) == 10
    assert all(list(line) == ["t_s", "accel_mps2", "gyro_radps"] and line["gyro_radps"] is None for line in lines)
    assert "truncated" in out.err


@pytest.mark.parametrize(
    ("sensor", "hexed", "range_g", "why"),
    [
        ("thingy", "00", None, "no sensor 'thingy'"),
        ("witmotion", "55x", None, "not hex"),
        ("witmotion", "deadbeef", None, "no sample"),
        ("witmotion", WIT_FRAME, 4.0, "range 4 g; expected 16"),
        ("metamotion_bmi160", "030416c494a22ad0", 3.0, "expected 2, 4, 8, 16"),
    ],
)
def test_decode_refuses_in_one_line(
    capsys: pytest.CaptureFixture[str], sensor: str, hexed: str, range_g: float | None, why: str
) -> None:
    """Unknown sensor, no hex, an impossible range, nothing to decode: one line that says what to do; stdout empty."""
    with pytest.raises(CoxaError, match=why) as error:
        run(sensor, [hexed], range_g, None)
    assert "\n" not in str(error.value)
    assert capsys.readouterr().out == ""


def test_errors_say_whose_fault_it_is() -> None:
    """A name that is none is the caller's fault, bytes without a sample the sensor's."""
    with pytest.raises(SpecError):
        driver("thingy")
    with pytest.raises(WireError):
        run("dot", ["d893decb0a3509c146500842ea43853e00000000"], None, None)
