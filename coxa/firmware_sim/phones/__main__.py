"""`python -m coxa.firmware_sim.phones`: a simulated phone, for a coxa that waits for one or asks one.

`sensor-logger --url http://127.0.0.1:8000/data` pushes to `coxa live --phone sensor-logger`;
`phyphox --port 8080` answers `coxa live --phone phyphox://127.0.0.1:8080`.
"""

from __future__ import annotations

import argparse
import sys
import time

from coxa.firmware_sim import scenario
from coxa.firmware_sim.phones.phyphox import PhyphoxPhone, Server
from coxa.firmware_sim.phones.readings import read
from coxa.firmware_sim.phones.sensor_logger import Sending, messages, push


def main() -> None:
    """Be the phone until the person is done."""
    parser = argparse.ArgumentParser(prog="python -m coxa.firmware_sim.phones", description=__doc__)
    parser.add_argument("app", choices=("sensor-logger", "phyphox"))
    parser.add_argument("--scenario", default="lateral_leg_raise", choices=scenario.names())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--url", default="http://127.0.0.1:8000/data", help="where to push")
    parser.add_argument("--port", type=int, default=8080, help="where to answer")
    parser.add_argument("--fast", action="store_true", help="push as fast as it is taken")
    arguments = parser.parse_args()
    readings = read(scenario.build(arguments.scenario, arguments.seed).raw)
    try:
        if arguments.app == "sensor-logger":
            taken = push(arguments.url, messages(readings, Sending()), fast=arguments.fast)
            print(f"{taken} messages taken")
            return
        phone = PhyphoxPhone(readings)
        with Server(phone, arguments.port) as server:
            print(f"phyphox answers at {server.address}", flush=True)
            time.sleep(phone.lasts_s + 30.0)
    except OSError as error:
        where = arguments.url if arguments.app == "sensor-logger" else f"port {arguments.port}"
        print(f"coxa.firmware_sim.phones: {where}: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
