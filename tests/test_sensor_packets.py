"""What is particular to each maker's packets: how they are cut, stamped, numbered and refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coxa.firmware_sim.emulators.polar import compressed
from coxa.host.samples import STANDARD_GRAVITY_MPS2, Gap, SampleBlock, StreamItem
from coxa.host.sensors.capture2go import package
from tests.helpers import joined
from tests.helpers_sensors import WIT_FRAME, encode_imu6, encode_rates, fed, started

ACCEL_ONLY = "0200416fc41245930a81ee021ffe82ff080a10da20d6a30bd9cbe7d6f6c4e6f1e1f3e0151afe281bf8372c25201319"


def test_witmotion_four_frames_in_one_notification() -> None:
    """Frames come coalesced; unstamped, they lie one nominal period apart."""
    block = joined(fed(started("witmotion"), WIT_FRAME * 4))
    np.testing.assert_allclose(block.t_s, [0.0, 0.02, 0.04, 0.06])
    np.testing.assert_allclose(block.accel_mps2[3] / STANDARD_GRAVITY_MPS2, [-4 / 2048, -17 / 2048, 2065 / 2048])


def test_witmotion_frames_with_chip_time() -> None:
    """28-byte frames (WT901SDCL) give the same samples; the time behind them is no frame."""
    block = joined(fed(started("witmotion"), (WIT_FRAME + "1a0b171720002a01") * 3))
    assert len(block) == 3
    assert np.ptp(block.accel_mps2, axis=0).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("frames", [1, 12])
def test_witmotion_vibration_sensor_is_refused(frames: int) -> None:
    """32-byte frames hold velocities (WTVB01): not one of them becomes an acceleration."""
    decoder = started("witmotion")
    assert fed(decoder, (WIT_FRAME + "00" * 12) * frames) == []
    assert decoder.stats.bad_frames == frames


def test_witmotion_battery_steps() -> None:
    """The reply to the battery question: 3.85 V are 60 percent."""
    decoder = started("witmotion")
    fed(decoder, WIT_FRAME, "55716400" + (385).to_bytes(2, "little").hex() + "00" * 14)
    assert decoder.battery_percent == 60


def test_movesense_104_hz_comes_in_two_pieces() -> None:
    """A block of 8 is split over two notifications; the second has no stamp of its own."""
    accel, gyro = np.arange(24.0).reshape(8, 3), np.arange(24.0).reshape(8, 3) * -2
    message = encode_imu6(5000, accel, gyro)
    decoder = started("movesense", rate_hz=104.0, lone=False)
    block = joined(fed(decoder, message[:160], b"\x03\x63" + message[160:]))
    np.testing.assert_array_equal(block.accel_mps2, accel)
    np.testing.assert_allclose(block.t_s, 5.0 + np.arange(8) / 104)


def test_movesense_clock_turns_over() -> None:
    """After 49.7 days the milliseconds begin again at 0; time goes on, without a gap."""
    zero = np.zeros((4, 3))
    decoder = started("movesense", lone=False)
    items = fed(decoder, *(encode_imu6(2**32 - 154 + 77 * k, zero, zero) for k in range(5)))
    assert [type(i) for i in items] == [SampleBlock] * 5
    assert np.all(np.diff(joined(items).t_s) > 0)


def test_movesense_numbers_that_are_none_make_no_sample() -> None:
    """A payload whose acceleration is all NaN is a bad one, not the gyro's half of a pair (found by fuzzing)."""
    decoder = started("movesense", lone=False)
    nothing = np.full((4, 3), np.nan)
    assert decoder.feed("", encode_imu6(77, nothing, np.zeros((4, 3))), 0.0) == []
    assert decoder.stats.bad_frames == 1


def test_movesense_lost_packet_is_a_gap() -> None:
    """One packet of four samples missing: a gap from where the next sample was due to where one came."""
    zero = np.zeros((4, 3))
    decoder = started("movesense", lone=False)
    items = fed(decoder, *(encode_imu6(1000 + 77 * k, zero, zero) for k in (0, 1, 3, 4)))
    (gap,) = [i for i in items if isinstance(i, Gap)]
    assert gap.start_s == pytest.approx(1.154, abs=0.003)
    assert gap.end_s == pytest.approx(1.231)
    assert decoder.stats.lost_samples == 4


def test_dot_clock_turns_over_and_a_lost_sample_shows() -> None:
    """The microseconds turn over after 71.6 minutes; one missing sample of 60 a second is a gap."""
    up, still = np.array([0.0, 0.0, 9.81]), np.zeros(3)
    decoder = started("dot", lone=False)
    stamps = [2**32 - 40_000 + round(k * 1e6 / 60) for k in (0, 1, 2, 3, 5, 6)]
    items = fed(decoder, *(encode_rates(s, up, still) for s in stamps))
    assert [type(i) for i in items] == [SampleBlock] * 4 + [Gap] + [SampleBlock] * 2
    assert decoder.stats.lost_samples == 1
    np.testing.assert_allclose(joined(items).t_s, np.array(stamps) * 1e-6)


def test_dot_repeats_are_dropped_and_a_restart_goes_on() -> None:
    """BlueZ delivers twice after a reconnect; a sensor switched off and on begins at 0: time still goes on."""
    decoder = started("dot", lone=False)
    sent = [encode_rates(50_000_000 + 16_667 * k, np.array([0, 0, 9.81]), np.zeros(3)) for k in range(5)]
    again = [encode_rates(16_667 * k, np.array([0, 0, 9.81]), np.zeros(3)) for k in range(8)]
    items = fed(decoder, *[s for s in sent for _ in range(2)], *again)
    assert decoder.stats.restarts == 1
    assert decoder.stats.duplicates == 5 + 2
    assert np.all(np.diff(joined(items).t_s) > 0)
    assert len(joined(items)) == 5 + 6


@pytest.mark.parametrize("up_min", [10, 40, 60, 70, 100, 130])
def test_dot_switched_off_and_on_goes_on_a_second_later(up_min: int) -> None:
    """However long it was up: a clock that begins again is not taken for one that has turned over."""
    up, still = np.array([0.0, 0.0, 9.81]), np.zeros(3)
    decoder, items = started("dot", lone=False), list[StreamItem]()
    for begun_us, from_s in ((up_min * 60_000_000 - 6_000_000, 0.0), (2_000_000, 12.0)):
        for k in range(360):
            items += decoder.feed("", encode_rates(begun_us + k * 16_667, up, still), from_s + k / 60)
    assert decoder.stats.restarts == 1
    assert [i.end_s - i.start_s for i in items if isinstance(i, Gap)] == [pytest.approx(1.0, abs=0.1)]


def test_dot_clock_may_begin_again_after_it_has_turned_over() -> None:
    """The second turn is left behind for good: one restart, one second."""
    up, still = np.array([0.0, 0.0, 9.81]), np.zeros(3)
    stamps = [2**32 - 1_000_000 + k * 16_667 for k in range(600)] + [2_000_000 + k * 16_667 for k in range(600)]
    decoder = started("dot", lone=False)
    gaps = [i for i in fed(decoder, *(encode_rates(s, up, still) for s in stamps)) if isinstance(i, Gap)]
    assert decoder.stats.restarts == 1
    assert [i.end_s - i.start_s for i in gaps] == [pytest.approx(1.0, abs=0.1)]


@pytest.mark.parametrize(("late_s", "arrives"), [(4.0, True), (60.0, True), (60.0, False)])
def test_dot_packets_that_come_late_as_the_clock_turns_over_are_no_restart(late_s: float, arrives: bool) -> None:
    """Held back by a busy host and then told all at once, or from a file that knows no arrivals."""
    decoder, items = started("dot", lone=False), list[StreamItem]()
    for k in range(600):
        arrival_s = max(k / 60, 5.0 + late_s if k > 270 else 0.0) if arrives else math.nan
        stamp_us = 2**32 - 5_000_000 + k * 16_667
        items += decoder.feed("", encode_rates(stamp_us, np.array([0.0, 0.0, 9.81]), np.zeros(3)), arrival_s)
    assert decoder.stats.restarts == decoder.stats.gaps == 0
    assert len(joined(items)) == 600


def test_dot_mode_22_says_what_the_accelerometer_felt() -> None:
    """Gravity put back and turned into the sensor's frame: a captured sensor that lies flat reads 1 g along its z."""
    hexed = "526bea567cc32c4128fdca41f87912be62528c40e301e9bf9b199ebfb5c4bdbe8a5f7cbe6725de3c"
    block = joined(fed(started("dot"), hexed))
    np.testing.assert_allclose(block.accel_mps2, [[0.0, 0.0, 9.8]], atol=0.3)
    assert np.linalg.norm(block.accel_mps2) == pytest.approx(9.80, abs=0.01)


def test_metamotion_joins_its_two_streams() -> None:
    """Packets of three of each stream become three samples with both halves."""
    accel, gyro = "031c62b7530de9fd16d04d0e57028affa1050a01", "13070915ad2608de8a1a0d2665e48d20ac2773ec"
    block = joined(fed(started("metamotion_bmi160"), accel, gyro))
    assert len(block) == 3
    np.testing.assert_allclose(np.degrees(block.gyro_radps[2]), [254.055, 309.634, -152.591], atol=5e-4)
    np.testing.assert_allclose(block.accel_mps2[0] / STANDARD_GRAVITY_MPS2, [-4.539, 0.833, -0.131], atol=5e-4)


def test_metamotion_chips_read_the_same_bytes_differently() -> None:
    """`13 05` is one gyro sample of a BMI160 and three of a BMI270; `03 05` is nothing to a BMI160."""
    packed = "13050915ad2608de8a1a0d2665e48d20ac2773ec"
    assert len(joined(fed(started("metamotion_bmi270"), packed))) == 3
    assert fed(started("metamotion_bmi160"), packed) == []
    assert len(joined(fed(started("metamotion_bmi160"), "13053e43ff7f0080"))) == 1
    assert len(joined(fed(started("metamotion_bmi270"), "030562b7530de9fd16d04d0e57028affa1050a01"))) == 3


def test_metamotion_counter_shows_loss() -> None:
    """The fuser's count jumps by three: two samples lost, a gap of their length; a repeat is dropped."""
    decoder = started("metamotion_bmi160")
    sent = [b"\x09\x03\x03" + c.to_bytes(4, "little") + bytes(12) for c in (541, 542, 542, 545)]
    items = fed(decoder, *sent)
    assert [type(i) for i in items] == [SampleBlock, SampleBlock, Gap, SampleBlock]
    assert (decoder.stats.lost_samples, decoder.stats.duplicates) == (2, 1)
    assert joined(items).t_s[-1] == pytest.approx(4 * 0.02)


def test_polar_gyro_is_laid_onto_the_accelerometers_times() -> None:
    """Two streams on one clock: each accelerometer sample gets the rate between the two gyro samples about it."""
    head = (10**9).to_bytes(8, "little")
    accel = b"\x02" + head + b"\x01" + np.array([[0, 0, 1000]] * 3, "<i2").tobytes()
    late = (10**9 + 9_615_385).to_bytes(8, "little")
    floats = np.array([1, 2, 3], "<f4").view("<i4")
    gyro = b"\x05" + late + b"\x81" + np.array([floats[0]] * 3, "<i4").tobytes() + b"\x20\x03"
    steps = np.diff([floats[0], floats[1], floats[2], floats[2]])
    gyro += np.repeat(steps, 3).astype("<i4").tobytes()
    items = fed(started("polar", lone=False), accel, gyro)
    block = joined(items)
    np.testing.assert_allclose(np.degrees(block.gyro_radps[:, 0]), [1.5, 2.5, 3.0], atol=1e-4)
    assert block.t_s[-1] == 1.0


def polar_frame(kind: int, stamp_s: float, first: int, n: int) -> bytes:
    """Samples whose x counts on from `first`, stamped at the last of them."""
    body, _ = compressed(np.array([[first + k, 0, 0] for k in range(n)], np.int64), 1000)
    form = 0x81 if kind == 2 else 0x80
    return bytes([kind]) + round(stamp_s * 1e9).to_bytes(8, "little") + bytes([form]) + body


@pytest.mark.parametrize(("accel_n", "gyro_n"), [(36, 100), (71, 40)])
def test_polar_clock_begins_again_for_both_streams(accel_n: int, gyro_n: int) -> None:
    """Switched off and on in mid-session: each sample still has the rate of its own moment."""
    decoder, sent = started("polar", lone=False), list[bytes]()
    for first, begun_s in ((0, 1000.0), (600, 5.0)):
        frames = [(k + n, kind, k, n) for kind, n in ((2, accel_n), (5, gyro_n)) for k in range(0, 600 - n, n)]
        sent += [polar_frame(kind, begun_s + end / 52, first + k, n) for end, kind, k, n in sorted(frames)]
    block = joined(fed(decoder, *sent))
    accel, gyro = block.accel_mps2[:, 0] / STANDARD_GRAVITY_MPS2 * 1000, np.degrees(block.gyro_radps[:, 0]) / 0.07
    np.testing.assert_allclose(gyro, accel, atol=0.1)
    assert np.sum(accel > 600) > 250
    assert np.all(np.diff(block.t_s) > 0)
    assert decoder.stats.restarts == 1


def test_polar_start_reply_says_the_gyros_scale() -> None:
    """The factor in the reply to a start replaces the one guessed from the range."""
    reply = "f0020500000501" + np.array([0.5], "<f4").tobytes().hex()
    block = joined(fed(started("polar"), reply, "05ffffffffffffff7f80eaff08000d000301df00"))
    np.testing.assert_allclose(np.degrees(block.gyro_radps), [[-11, 4, 6.5], [-11.5, 5.5, 8]])


def test_polar_cut_frame_gives_its_whole_samples() -> None:
    """A captured frame cut one byte before the end of its block: reference and nine differences, and it says so."""
    decoder = started("polar")
    block = joined(fed(decoder, ACCEL_ONLY))
    mg = np.rint(block.accel_mps2 / STANDARD_GRAVITY_MPS2 * 1000).astype(int).tolist()
    assert (len(mg), mg[0], mg[-1]) == (10, [750, -481, -126], [701, -695, -51])
    assert decoder.stats.truncated == 1


def test_capture2go_over_bluetooth_and_over_usb_alike() -> None:
    """Notifications carry whole real-time packages, then a slice of the stream; over USB there is the stream alone."""
    data = [
        package(0x0232, (10**9 * 5 + 80_000_000 * k).to_bytes(8, "little", signed=True) + bytes(107)) for k in range(3)
    ]
    stream, status = b"".join(data), package(0x0201, bytes(17) + bytes([0x80 + 55, 10]))
    usb = joined(fed(started("capture2go"), stream[:50], stream[50:]))
    decoder = started("capture2go")
    ble = joined(fed(decoder, b"\xfe" + status + stream[:100], b"\xff" + stream[100:]))
    np.testing.assert_allclose(usb.t_s, 5 + np.arange(24) / 100)
    assert usb.t_s.tolist() == ble.t_s.tolist()
    assert decoder.battery_percent == 55


def test_nus_lines_are_joined_across_notifications() -> None:
    """Lines end where they end, not where a notification does; junk is counted, a line without its end is none."""
    decoder = started("nus_csv")
    text = b"hello\n1,20000,0.0,0.0,9.81,0,0,90\r\n2,40000,0.0,0.5,9.81,0,0,-90,87\n3,60000,0,0,9.8"
    block = joined(fed(decoder, *(text[i : i + 20] for i in range(0, len(text), 20))))
    np.testing.assert_allclose(block.t_s, [0.02, 0.04])
    np.testing.assert_allclose(block.gyro_radps[:, 2], [math.pi / 2, -math.pi / 2])
    assert decoder.battery_percent == 87
    assert (decoder.stats.bad_frames, decoder.stats.truncated) == (1, 1)


def test_nus_header_sets_units_and_columns() -> None:
    """A header's units and columns hold from there on."""
    text = b"#imu1 acc=g gyr=rad/s cols=t_ms,gx,gy,gz,ax,ay,az\n10,1,2,3,0,0,1\n20,1,2,3,0,0,1\n"
    block = joined(fed(started("nus_csv"), text))
    np.testing.assert_allclose(block.accel_mps2[0], [0, 0, STANDARD_GRAVITY_MPS2])
    np.testing.assert_allclose(block.gyro_radps[0], [1, 2, 3])
    np.testing.assert_allclose(block.t_s, [0.01, 0.02])


def test_nus_lines_with_and_without_time_do_not_mix() -> None:
    """The first line says whether a board sends a time; another sort of line later on is counted as bad."""
    decoder = started("nus_csv")
    assert len(joined(fed(decoder, b"1,20000,0,0,9.81,0,0,0\n0,0,9.81,0,0,0\n2,40000,0,0,9.81,0,0,0\n"))) == 2
    assert decoder.stats.bad_frames == 1


def test_fused_and_raw_samples_of_a_metamotion_do_not_mix() -> None:
    """The first stream says which it is; the other, on a clock of its own, would turn time back (found by fuzzing)."""
    decoder = started("metamotion_bmi160")
    raw, fused = b"\x03\x1c" + bytes(18), b"\x09\x03\x00" + bytes(16)
    fed(decoder, raw, fused, raw)
    assert decoder.stats.other == 1
    decoder = started("metamotion_bmi160")
    fed(decoder, fused, raw, fused)
    assert decoder.stats.other == 1


def test_numbers_that_are_none_are_refused_quietly() -> None:
    """Signalling NaNs where floats should be: a bad frame, no warning, no sample."""
    decoder = started("movesense", lone=False)
    assert fed(decoder, b"\x02\x63" + bytes(4) + b"\x01\x00\xa0\x7f" * 24) == []
    assert decoder.stats.bad_frames == 1


def test_nus_numbers_show_loss() -> None:
    """A number left out is a gap; a pause of the board with none left out is not."""
    lines = [(1, 0), (2, 20_000), (3, 40_000), (4, 90_000), (6, 130_000), (7, 150_000)]
    decoder = started("nus_csv")
    items = fed(decoder, *(f"{seq},{t_us},0,0,9.81,0,0,0\n".encode() for seq, t_us in lines))
    assert [type(i).__name__ for i in items].count("Gap") == 1
    assert decoder.stats.lost_samples == 1
