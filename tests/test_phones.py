"""What phones send, as drivers read it: Sensor Logger's pushes and phyphox' answers count like a sensor's packets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.firmware_sim.phones.phyphox import PhyphoxPhone
from coxa.firmware_sim.phones.readings import Readings, read
from coxa.firmware_sim.phones.sensor_logger import Sending, messages
from coxa.firmware_sim.scenario import build
from coxa.host.events import RepCompleted
from coxa.host.replay.run import track
from coxa.host.samples import SampleBlock, StreamItem
from coxa.host.sensors.phyphox import ACCEL, GYRO, PhyphoxDecoder, query
from coxa.host.sensors.registry import driver
from coxa.host.sensors.sensor_logger import SensorLoggerDecoder
from tests.helpers import joined
from tests.helpers_phones import RAISES, readings


def logger() -> SensorLoggerDecoder:
    chosen = driver("sensor_logger").decoder(driver("sensor_logger").settings())
    assert isinstance(chosen, SensorLoggerDecoder)
    return chosen


def phyphox() -> PhyphoxDecoder:
    chosen = driver("phyphox").decoder(driver("phyphox").settings())
    assert isinstance(chosen, PhyphoxDecoder)
    return chosen


def pushed(decoder: SensorLoggerDecoder, sent: list[tuple[float, bytes]]) -> list[StreamItem]:
    return [i for at, body in sent for i in decoder.feed("push", body, at)] + decoder.finish()


def asked(phone: PhyphoxPhone, decoder: PhyphoxDecoder, from_s: float = 0.0) -> list[StreamItem]:
    """Everything that asking ten times a second brings."""
    items, now_s = list[StreamItem](), from_s
    phone.control("start", from_s)
    while now_s < from_s + phone.lasts_s + 0.2:
        now_s += 0.1
        path = query({clock: decoder.newest_s(clock) for clock in (ACCEL[0], GYRO[0])})
        items += decoder.feed("get", phone.get(urlsplit(path).query, now_s), now_s)
    return items


def raises(items: list[StreamItem]) -> list[RepCompleted]:
    return [e for e in track(items, "lateral_leg_raise") if isinstance(e, RepCompleted)]


@pytest.mark.parametrize(
    "sending",
    [
        Sending(),
        Sending(total=True),
        Sending(uncalibrated=True),
        Sending(swap=True),
        Sending(batch_s=1.0),
        Sending(uncalibrated=True, iphone_frame=True),
    ],
    ids=["two parts", "total", "uncalibrated", "overtaking", "slow", "iPhone, uncalibrated"],
)
def test_sensor_logger_tells_specific_force_in_si(sending: Sending) -> None:
    """However the app is set: +g up in m/s2, rad/s, each sample once at its nanosecond, ten raises."""
    decoder, true = logger(), readings()
    items = pushed(decoder, messages(true, sending))
    block = joined(items)
    at = np.searchsorted(true.accel_s, block.t_s - 1e-6)
    np.testing.assert_allclose(true.accel_s[at], block.t_s, atol=1e-8)
    np.testing.assert_allclose(block.accel_mps2, true.accel_mps2[at], atol=1e-9)
    assert len(block) >= len(true.accel_s) - 2
    assert (decoder.stats.gaps, decoder.stats.duplicates, decoder.refusal) == (0, 0, None)
    assert decoder.battery_percent == 81
    assert len(raises(items)) == RAISES


def test_an_iphones_own_frame_turns_circles_round_and_nothing_else() -> None:
    """Without Standardise Units & Frames: no measurement tells, ranges are the same, directions are opposite."""
    circling = read(build("hip_circle", 2).raw)
    told = list[list[tuple[str | None, int]]]()
    for own in (False, True):
        events = track(pushed(logger(), messages(circling, Sending(iphone_frame=own))), "hip_circle")
        told.append([(e.direction, round(e.rom_deg)) for e in events if isinstance(e, RepCompleted)])
    other = {"clockwise": "counterclockwise", "counterclockwise": "clockwise", None: None}
    assert len(told[0]) > 4
    assert told[1] == [(other[way], size) for way, size in told[0]]


def test_phyphox_tells_the_same() -> None:
    """Polled with thresholds, eight digits each: every sample once, ten raises."""
    decoder, phone = phyphox(), PhyphoxPhone(readings())
    items = asked(phone, decoder)
    assert decoder.stats.damage() == ["1 unpaired"]
    assert len(joined(items)) == len(readings().accel_s) - 2
    assert len(raises(items)) == RAISES


def test_other_rates_than_ours_count_too() -> None:
    """An Android phone's 125 Hz and 499 Hz: ten raises of the same size, to a degree."""
    usual, other = (
        pushed(logger(), messages(readings(*rates), Sending(total=True))) for rates in ((100, 100), (125, 499))
    )
    sizes = [[r.rom_deg for r in raises(items)] for items in (usual, other)]
    np.testing.assert_allclose(sizes[0], sizes[1], atol=1.0)


def test_a_recording_begun_again_goes_on() -> None:
    """Start pressed twice (messages from 0, another session): one gap, time goes on, nothing is lost or doubled."""
    decoder, true = logger(), readings()
    first = messages(true, Sending(session="one"))[:300]
    second = messages(true, Sending(session="two"), 1_764_000_000_000_000_000 + 60_000_000_000)[:300]
    items = pushed(decoder, first + second)
    blocks = [i for i in items if isinstance(i, SampleBlock)]
    t_s = joined(items).t_s
    assert np.all(np.diff(t_s) > 0)
    assert decoder.stats.restarts == decoder.stats.gaps == 1
    assert pytest.approx(next(b.t_s[0] for b in blocks if b.t_s[0] > 40.0), abs=0.1) == 60.0


@pytest.mark.parametrize("session", ["a", "b"])
def test_an_experiment_begun_again_goes_on(session: str) -> None:
    """phyphox cleared and started anew, or the app opened anew: its clock is at 0 again, ours is not."""
    decoder = phyphox()
    one, two = PhyphoxPhone(readings(), session="a"), PhyphoxPhone(readings(), session=session)
    two.control("clear", 0.0)
    items = asked(one, decoder) + asked(two, decoder, 1000.0) + decoder.finish()
    assert np.all(np.diff(joined(items).t_s) > 0)
    assert (decoder.stats.restarts, decoder.stats.gaps) == (1, 1)


@pytest.mark.parametrize(
    ("sending", "says"),
    [
        (Sending(gravity=False), "without gravity: in Sensor Logger switch on Gravity"),
        (Sending(gyro=False), "no angular rate: in Sensor Logger switch on Gyroscope"),
    ],
)
def test_sensor_logger_without_a_half_is_refused(sending: Sending, says: str) -> None:
    """Not one sample, and a sentence that tells the switch."""
    decoder = logger()
    assert pushed(decoder, messages(readings(), sending)) == []
    assert decoder.refusal is not None
    assert says in decoder.refusal


def test_total_acceleration_that_starts_a_little_later_is_taken() -> None:
    """Phones start their sensors one after the other: the first message may know Accelerometer alone."""
    first = messages(readings(), Sending(gravity=False, gyro=False))[:1]
    decoder = logger()
    items = pushed(decoder, first + messages(readings(), Sending(total=True))[1:])
    assert decoder.refusal is None
    assert len(raises(items)) == RAISES


def test_wrong_units_are_refused() -> None:
    """Values in milli-g, or half of gravity: not one sample; what was read is told."""
    true = readings()
    for factor in (1000 / 9.80665, 0.5):
        wrong = Readings(true.accel_s, true.accel_mps2 * factor, true.gravity_mps2, true.gyro_s, true.gyro_radps)
        decoder = logger()
        assert pushed(decoder, messages(wrong, Sending(total=True))) == []
        assert decoder.refusal is None or "are due" in decoder.refusal
        assert decoder.stats.bad_frames or decoder.refusal


@pytest.mark.parametrize(
    ("phone", "says"),
    [
        (lambda: PhyphoxPhone(readings(), gyro=False), "no gyroscope: load docs/sensors/coxa.phyphox"),
        (lambda: PhyphoxPhone(readings(), gravity=False), "without gravity: load docs/sensors/coxa.phyphox"),
    ],
)
def test_a_wrong_experiment_is_refused(phone: Callable[[], PhyphoxPhone], says: str) -> None:
    """Gyro missing, or linear acceleration: not one sample, and the experiment to load."""
    decoder = phyphox()
    assert asked(phone(), decoder) == []
    assert decoder.refusal is not None
    assert says in decoder.refusal


@given(st.permutations(range(6)), st.sets(st.integers(6, 11), max_size=2))
def test_overtaking_and_loss_never_turn_time_back(order: list[int], lost: set[int]) -> None:
    """Six messages in any order, then some lost for ever: time grows, and what came is there unless told as late."""
    sent = [body for _, body in messages(readings(), Sending(total=True))[:30]]
    came = [sent[k] for k in order] + [sent[k] for k in range(6, 30) if k not in lost]
    decoder = logger()
    items = pushed(decoder, [(0.0, body) for body in came])
    t_s = joined(items).t_s
    assert np.all(np.diff(t_s) > 0)
    late = decoder.stats.duplicates
    assert len(t_s) >= 10 * (30 - len(lost) - late) - 4
    assert decoder.stats.gaps >= (1 if lost else 0)


def test_the_experiment_for_phyphox_has_the_buffers_that_are_asked_for() -> None:
    """docs/sensors/coxa.phyphox: accelerometer with gravity and gyro, each into its four buffers."""
    from xml.etree import ElementTree

    tree = ElementTree.parse(Path(__file__).parents[1] / "docs" / "sensors" / "coxa.phyphox")
    held = {c.text for c in tree.iter("container")}
    assert held == {*ACCEL, *GYRO}
    fed = {s.get("type"): {o.text for o in s.iter("output")} for s in tree.iter("sensor")}
    assert fed == {"accelerometer": set(ACCEL), "gyroscope": set(GYRO)}
