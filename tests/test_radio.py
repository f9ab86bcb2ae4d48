"""The virtual radio has time in it: airtime, connection events, flow control, and the command line that starts it."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time

import pytest

from coxa.firmware_sim.radio import Air
from tests.helpers_link import assert_complete, raw, received, switched_on

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

COMMAND = [sys.executable, "-m", "coxa.firmware_sim", "--scenario", "leg_raise_supine"]


@pytest.mark.parametrize(
    ("phy_mbps", "octets", "expected_us"), [(1, 0, 80), (1, 251, 2088), (2, 0, 44), (2, 251, 1048)]
)
def test_airtime_is_that_of_the_specification(phy_mbps: int, octets: int, expected_us: float) -> None:
    """An empty PDU takes 80 us at 1M and 44 us at 2M (Core Specification vol 6 part B, 2.1); 251 octets 8 bits each."""
    assert Air(phy_mbps=phy_mbps).link.airtime_us(octets) == expected_us


def test_two_minutes_go_over_the_air_in_seconds() -> None:
    """Unpaced, 120 s of 100 Hz take less than 6 s, and no less than their airtime: the link is not a pipe."""

    async def run() -> float:
        _, spec = await switched_on(120)
        begun_s = time.monotonic()
        items, _, _ = await received(spec)
        assert_complete(items, 120)
        return time.monotonic() - begun_s

    seconds = asyncio.run(run())
    airtime_s = 1200 * Air().link.airtime_us(144 + 7) * 1e-6
    assert airtime_s < seconds < 6


def test_a_paced_sensor_sends_each_packet_when_it_has_been_taken() -> None:
    """Two seconds of samples take two seconds."""

    async def run() -> float:
        _, spec = await switched_on(2, fast=False)
        begun_s = time.monotonic()
        await received(spec)
        return time.monotonic() - begun_s

    assert asyncio.run(run()) > (raw(2).t_us[-1] - raw(2).t_us[0]) * 1e-6


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without asking")
def test_sigterm_ends_the_simulator_cleanly() -> None:
    """Asked to end, it does, with status 0."""
    with subprocess.Popen(COMMAND, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["ready"] is True
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_a_taken_port_is_one_clear_line() -> None:
    """No traceback: what is wrong, and status 2."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert port in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "option", [("--loss", "2"), ("--disconnect", "soon"), ("--port", "99999"), ("--garbage", "-1"), ("--rate-hz", "0")]
)
def test_bad_options_are_refused(option: tuple[str, str]) -> None:
    """An option that cannot be is named, with status 2."""
    done = subprocess.run([*COMMAND, *option], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert option[0] in done.stderr
    assert "Traceback" not in done.stderr
