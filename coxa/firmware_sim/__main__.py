"""`python -m coxa.firmware_sim`: a simulated sensor on a virtual radio, for any program that speaks HCI over TCP."""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import random
import signal
import stat
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bumble.transport import open_transport
from bumble.transport.common import Transport

from coxa.firmware_sim import scenario
from coxa.firmware_sim.emulators.on_air import EmulatedPeripheral, Mishaps
from coxa.firmware_sim.emulators.registry import EMULATORS, emulator
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.peripheral import Faults, Peripheral
from coxa.firmware_sim.radio import Air
from coxa.firmware_sim.raw import RawStream


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m coxa.firmware_sim", description=__doc__)
    parser.add_argument("--scenario", default="demo", choices=scenario.names())
    parser.add_argument("--sensor", default="coxa", choices=["coxa", *EMULATORS], help="be this sensor, not coxa's own")
    parser.add_argument("--plan", type=Path, help="do this routine instead: a JSON list of sets")
    parser.add_argument("--seed", type=_natural, default=1)
    parser.add_argument("--clumsiness", type=_part, help="0 to 1: fidgets, wobbles, half movements; else the seed says")
    parser.add_argument("--times", type=_natural, default=1, help="do it all so many times over; truth tells of one")
    parser.add_argument("--rate-hz", type=_rate_hz, default=100.0, help="25 to 400")
    parser.add_argument("--fast", action="store_true", help="send as fast as the link takes it")
    parser.add_argument(
        "--at-most", type=_times, default=math.inf, metavar="N", help="with --fast: N times life's pace"
    )
    parser.add_argument(
        "--port", type=_port, default=0, help="TCP port of the virtual radio on loopback, 0: any free one"
    )
    parser.add_argument(
        "--hci", help="be on the air for real: a bumble transport, as usb:0, in place of the virtual radio"
    )
    parser.add_argument("--truth", type=Path, help="write here what truly happened, as JSON")
    parser.add_argument("--loss", type=_share, default=0.02, help="share of radio packets lost (and sent again)")
    parser.add_argument("--drop", type=_share, default=0.0, help="share of packets the sensor never has")
    parser.add_argument("--lose", type=_share, default=0.0, help="share of packets lost on their way, but kept")
    parser.add_argument("--garbage", type=_natural, default=0, help="notifications of random bytes in between")
    parser.add_argument(
        "--disconnect",
        action="append",
        default=[],
        type=_absence,
        metavar="PACKET:SECONDS",
        help="out of range from this packet on",
    )
    arguments = parser.parse_args()
    if arguments.hci and arguments.disconnect:
        parser.error("argument --disconnect: needs the virtual radio, not --hci")
    if arguments.at_most < math.inf and (not arguments.fast or arguments.sensor != "coxa"):
        parser.error("argument --at-most: needs --fast, and coxa's own sensor")
    return arguments


def _share(text: str) -> float:
    value = float(text)
    if not 0.0 <= value < 1.0:
        raise argparse.ArgumentTypeError(f"'{text}' is no share from 0 to less than 1")
    return value


def _part(text: str) -> float:
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 0 to 1")
    return value


def _times(text: str) -> float:
    value = float(text)
    if not value > 0.0:
        raise argparse.ArgumentTypeError(f"'{text}' is no number above 0")
    return value


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no TCP port, 0 to 65535")
    return value


def _natural(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number from 0 up")
    return int(text)


def _rate_hz(text: str) -> float:
    value = float(text)
    if not 25.0 <= value <= 400.0:
        raise argparse.ArgumentTypeError(f"'{text}' is no rate from 25 to 400 Hz")
    return value


def _absence(text: str) -> tuple[int, float]:
    packet, _, seconds = text.partition(":")
    try:
        value = int(packet), float(seconds)
    except ValueError:
        value = -1, 0.0
    if value[0] < 0 or not 0.0 < value[1] < 3600.0:
        raise argparse.ArgumentTypeError(f"'{text}' is not PACKET:SECONDS, as in 200:1.5")
    return value


def _faults(arguments: argparse.Namespace, packets: int) -> tuple[frozenset[int], Faults]:
    """Packets that the sensor never has, and what goes wrong on the way."""
    rng = random.Random(arguments.seed)
    never, lost = (frozenset(k for k in range(packets) if rng.random() < s) for s in (arguments.drop, arguments.lose))
    garbage = frozenset(rng.sample(range(packets), min(arguments.garbage, packets)))
    return never, Faults(lost, garbage, tuple(arguments.disconnect))


class _Parent:
    """The program that started us through a pipe: it has gone when the pipe ends; SIGTERM says the same.

    Until the sensor is on the air we end at once: a long routine takes minutes to compute, for nobody.
    """

    def __init__(self) -> None:
        self._tell: Callable[[], object] = lambda: os._exit(0)
        mode = os.fstat(0).st_mode
        if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
            threading.Thread(target=self._wait, daemon=True).start()

    def ends(self, gone: asyncio.Event) -> None:
        """From now on `gone` is set instead."""
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError):  # Windows has the pipe only
            loop.add_signal_handler(signal.SIGTERM, gone.set)
        self._tell = lambda: loop.call_soon_threadsafe(gone.set)

    def _wait(self) -> None:
        while os.read(0, 4096):  # unbuffered: a buffered reader would block the interpreter's exit
            pass
        self._tell()


async def _radio(arguments: argparse.Namespace) -> tuple[Air | Transport, str | None]:
    """What the sensor is on the air with, and how a host without an adapter gets at it."""
    if arguments.hci:
        try:
            return await asyncio.wait_for(open_transport(arguments.hci), 10), None
        except Exception as error:  # each kind of transport raises what its own library does
            raise OSError(f"HCI transport {arguments.hci}: {str(error) or type(error).__name__}") from error
    air = Air(loss=arguments.loss, seed=arguments.seed)
    return air, f"tcp-client:127.0.0.1:{await air.serve(arguments.port)}"


def _made(arguments: argparse.Namespace) -> scenario.Scenario:
    if arguments.plan is None:
        return scenario.build(arguments.scenario, arguments.seed, arguments.rate_hz, arguments.clumsiness)
    plan = json.loads(arguments.plan.read_text())
    return scenario.build_routine(plan, arguments.seed, arguments.rate_hz, arguments.clumsiness)


async def _run(arguments: argparse.Namespace, parent: _Parent) -> None:
    made = _made(arguments)
    if arguments.truth:
        arguments.truth.write_text(json.dumps(made.truth, indent=1, allow_nan=False))
    if arguments.sensor != "coxa":
        await _run_bought(arguments, made.raw, parent)
        return
    serial = f"SIM{arguments.seed:05d}"[:8]
    firmware = Firmware(made.raw.repeated(max(arguments.times, 1)), serial)
    firmware.never, faults = _faults(arguments, firmware.packets)
    address, name = _address(arguments.seed), f"coxa {serial}"
    radio, hci = await _radio(arguments)
    sensor = Peripheral(firmware, radio, address, name, fast=arguments.fast, faults=faults, at_most=arguments.at_most)
    await _until_over(sensor, parent, {"ready": True, "hci": hci, "name": name, "address": address})


async def _run_bought(arguments: argparse.Namespace, raw: RawStream, parent: _Parent) -> None:
    """A sensor that can be bought; it knows nothing of packet numbers, so its mishaps go by notifications."""
    bought, rng = emulator(arguments.sensor, raw), random.Random(arguments.seed)
    about = len(raw) // 4
    dropped = frozenset(k for k in range(about) if rng.random() < arguments.drop)
    garbage = frozenset(rng.sample(range(about), min(arguments.garbage, about)))
    mishaps = Mishaps(dropped, garbage, tuple(arguments.disconnect))
    address = _address(arguments.seed)
    radio, hci = await _radio(arguments)
    sensor = EmulatedPeripheral(bought, radio, address, fast=arguments.fast, mishaps=mishaps)
    ready: dict[str, object] = {"ready": True, "hci": hci, "name": bought.advertised.name, "address": address}
    await _until_over(sensor, parent, ready)


def _address(seed: int) -> str:
    """A random static address, another one for each of 65,536 seeds."""
    return f"F0:0D:CA:FE:{seed // 256 % 256:02X}:{seed % 256:02X}"


async def _until_over(sensor: Peripheral | EmulatedPeripheral, parent: _Parent, ready: dict[str, object]) -> None:
    """On the air until all has been sent and the host has gone, or whoever started us has."""
    await sensor.switch_on()
    gone = asyncio.Event()
    parent.ends(gone)  # before it says that it is ready: who reads that may end it at once
    print(json.dumps(ready), flush=True)
    waits = [asyncio.ensure_future(sensor.over.wait()), asyncio.ensure_future(gone.wait())]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)


def main() -> None:
    """Run until the recording is over and the host has gone, or whoever started us has."""
    try:
        asyncio.run(_run(_arguments(), _Parent()))
    except OSError as error:
        print(f"coxa.firmware_sim: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
