"""Drivers of sensors that can be bought: captured packets and the makers' test packets, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coxa.host.samples import STANDARD_GRAVITY_MPS2
from coxa.host.sensors.registry import DRIVERS, driver
from coxa.host.wire import Description, encode_description, encode_samples
from coxa.host.wire.frames import NO_MOTION, Samples
from tests.helpers import joined
from tests.helpers_sensors import WIT_FRAME, fed, started

NAMES = {"witmotion20": "witmotion", "metawear": "metamotion_bmi160"}


def expected(vector: dict[str, Any]) -> dict[str, Any]:
    """What a vector says of time, acceleration (m/s2) and rotation (deg/s), as far as it does."""
    said = vector["decoded"]
    if not isinstance(said, dict):
        return {}
    out = {**scaled(said), **counted(said, vector["device"])}
    for key, unit, which in (("ts_us", 1e6, 0), ("Timestamp", 1e3, 0), ("ts_ns", 1e9, -1)):
        if key in said:
            out["t"] = said[key] / unit, 0 if vector["device"] == "capture2go" else which
    return out


def scaled(said: dict[str, Any]) -> dict[str, Any]:
    """Values that a vector gives in g, m/s2 or deg/s."""
    out = dict[str, Any]()
    if "acc_g" in said:
        out["accel"], out["tolerance"] = np.atleast_2d(said["acc_g"]) * STANDARD_GRAVITY_MPS2, 0.0006 * 9.81
    if "gyr_dps" in said:
        out["gyro"] = np.atleast_2d(said["gyr_dps"])
    for key, name in (("ArrayAcc", "accel"), ("ArrayGyro", "gyro")):
        if key in said:
            out[name] = np.array([[v["x"], v["y"], v["z"]] for v in said[key]])
    return out


def counted(said: dict[str, Any], device: str) -> dict[str, Any]:
    """Values that a vector gives as counts."""
    out = dict[str, Any]()
    values = said.get("samples", said.get("ref_mg"))
    if values and said["type"] == "ACC":
        out["accel"] = np.atleast_2d(values) * STANDARD_GRAVITY_MPS2 / 1000
    elif values:
        out["gyro"] = np.atleast_2d(values) * (0.07 if "type0" in said["frame"] else 1.0)
    if "gyr_raw" in said:  # the fuser's test names no range: coxa's usual ones
        g, dps = (
            (16 * 9.81 / 32768, 2000 / 32768) if device == "capture2go" else (STANDARD_GRAVITY_MPS2 / 4096, 1 / 32.8)
        )
        out["accel"], out["gyro"] = np.atleast_2d(said["acc_raw"]) * g, np.atleast_2d(said["gyr_raw"]) * dps
    return out


def test_every_vector_comes_out_as_it_says(sensor_vectors: list[dict[str, Any]]) -> None:
    """Captured, vendor-test and SDK-made packets give the values and device times that their sources state."""
    checked = 0
    for vector in sensor_vectors:
        name, want = NAMES.get(vector["device"], vector["device"]), expected(vector)
        if name not in DRIVERS or not {"accel", "gyro"} & set(want):
            continue
        said = vector["decoded"].get("range", "")
        scale = float(said.rstrip("gdps")) if said else None
        g, dps = (None, scale) if said.endswith("dps") else (scale, None)
        got = joined(fed(started(str(name), range_g=g, range_dps=dps), vector["hex"]))
        if "accel" in want:
            np.testing.assert_allclose(got.accel_mps2, want["accel"], rtol=1e-12, atol=want.get("tolerance", 1e-9))
        if "gyro" in want:
            np.testing.assert_allclose(np.degrees(got.gyro_radps), want["gyro"], rtol=1e-12, atol=6e-4)
        if "t" in want:
            assert got.t_s[want["t"][1]] == want["t"][0], vector["hex"]
        checked += 1
    assert checked >= 20


def test_vectors_without_samples_give_none(sensor_vectors: list[dict[str, Any]]) -> None:
    """Commands, quaternions, battery replies and orientation alone are understood and give no sample."""
    silent = [v for v in sensor_vectors if NAMES.get(v["device"], v["device"]) in DRIVERS and not expected(v)]
    assert silent
    for vector in silent:
        if "4 frames" in vector["decoded"] or (isinstance(vector["decoded"], dict) and "n" in vector["decoded"]):
            continue
        decoder = started(str(NAMES.get(vector["device"], vector["device"])))
        assert fed(decoder, vector["hex"]) == []
        assert decoder.stats.other == 1
        assert decoder.stats.damage() == []


def test_h10_frame_of_36(sensor_vectors: list[dict[str, Any]]) -> None:
    """Raw milli-g, stamped at the last of 36 samples; no gyro, so the rates are not numbers."""
    vector = next(v for v in sensor_vectors if isinstance(v["decoded"], dict) and v["decoded"].get("n") == 36)
    got = joined(fed(started("polar_h10", rate_hz=200.0), vector["hex"]))
    mg = np.rint(got.accel_mps2 / STANDARD_GRAVITY_MPS2 * 1000).astype(int).tolist()
    assert (len(mg), mg[:3], mg[-1]) == (36, vector["decoded"]["first"], vector["decoded"]["last"])
    assert got.t_s[-1] == 2.0
    np.testing.assert_allclose(np.diff(got.t_s), 1 / 200)
    assert np.all(np.isnan(got.gyro_radps))


@pytest.mark.parametrize(
    ("name", "reply", "why"),
    [
        ("movesense", "01639401", "status 404"),
        ("movesense", "0163c800", None),
        ("polar", "f002020d00", "charger"),
        ("polar", "f002050900", "does not take this range"),
        ("polar", "f002020600", None),
        ("witmotion", WIT_FRAME + "00" * 12, "vibration"),
    ],
)
def test_a_refusal_is_put_in_words(name: str, reply: str, why: str | None) -> None:
    """What the sensor answers to a start, where it says no; what coxa will not take."""
    decoder = started(name, lone=False)
    assert fed(decoder, reply) == []
    assert (why is None) == (decoder.refusal is None)
    assert why is None or why in str(decoder.refusal)


def test_coxas_own_protocol_is_a_driver_like_the_others() -> None:
    """Frames of docs/protocol.md decode through the same interface."""
    d = Description(7, 100.0, 8, 1000, 2, 60, "SIM00001", (1, 0, 0))
    counts = np.array([[4096, 0, -4096, 1000, 0, -1000]] * 2, np.int16)
    block = joined(fed(started("coxa"), encode_description(d), encode_samples(Samples(3, 10**6, 10_000, counts))))
    np.testing.assert_allclose(block.t_s, [1.0, 1.01])
    np.testing.assert_allclose(block.accel_mps2[0], [STANDARD_GRAVITY_MPS2, 0, -STANDARD_GRAVITY_MPS2])


def test_a_board_whose_motion_chip_does_not_answer_says_so() -> None:
    """At the start that is told at once; one that has streamed is waited for, and may come back."""
    well = Description(7, 100.0, 8, 1000, 1, 60, "SIM00001", (1, 1, 0))
    ill = encode_description(replace(well, abilities=NO_MOTION))
    sample = encode_samples(Samples(3, 10**6, 0, np.array([[4096, 0, 0, 0, 0, 1000]], np.int16)))
    decoder = started("coxa", lone=False)
    fed(decoder, ill)
    assert "motion chip does not" in str(decoder.refusal)
    fed(decoder, encode_description(well), sample)
    fed(decoder, ill)
    assert decoder.refusal is None


def test_a_lone_packet_of_coxas_own_takes_the_ranges_it_is_told() -> None:
    """Samples without a description: `coxa decode` reads them by the ranges it is told; a live stream never."""
    frame = encode_samples(Samples(3, 10**6, 0, np.array([[4096, 0, 0, 0, 0, 1000]], np.int16)))
    block = joined(fed(started("coxa", range_g=16.0, range_dps=2000.0), frame))
    np.testing.assert_allclose(block.accel_mps2, [[2 * STANDARD_GRAVITY_MPS2, 0, 0]])
    assert fed(started("coxa", lone=False), frame) == []


@pytest.mark.parametrize("name", ["witmotion", "movesense", "polar", "dot", "capture2go", "coxa"])
def test_decoders_tell_the_rate_that_they_know(name: str) -> None:
    """Before anything came it is the one that was set, or none."""
    assert started(name).rate_hz in (None, pytest.approx(driver(name).defaults.rate_hz))
