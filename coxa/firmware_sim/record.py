"""`python -m coxa.firmware_sim.record`: simulated recordings with truth, for `coxa replay` and `coxa score`."""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import numpy as np

from coxa.firmware_sim import scenario
from coxa.host.samples import STANDARD_GRAVITY_MPS2

HEADER = "t_s,ax_m_s2,ay_m_s2,az_m_s2,gx_rad_s,gy_rad_s,gz_rad_s"


def write(made: scenario.Scenario, folder: Path, name: str) -> None:
    """NAME.csv.gz and NAME.truth.json; the same scenario gives the same bytes."""
    raw = made.raw
    accel = raw.counts[:, :3] * (raw.accel_range_g * STANDARD_GRAVITY_MPS2 / 32768)
    gyro = np.radians(raw.counts[:, 3:] * (raw.gyro_range_dps / 32768))
    rows = zip(raw.t_us.tolist(), accel.tolist(), gyro.tolist(), strict=True)
    lines = [f"{t * 1e-6:.6f},{a[0]:.4f},{a[1]:.4f},{a[2]:.4f},{g[0]:.5f},{g[1]:.5f},{g[2]:.5f}" for t, a, g in rows]
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join([HEADER, *lines]) + "\n"
    (folder / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    (folder / f"{name}.truth.json").write_text(json.dumps(made.truth, indent=1, allow_nan=False) + "\n")


def main() -> None:
    """Write the scenarios and seeds that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m coxa.firmware_sim.record", description=__doc__)
    parser.add_argument("--scenario", action="append", required=True, choices=scenario.names())
    parser.add_argument("--seeds", default="1", help="one seed, or FIRST:END")
    parser.add_argument("--rate-hz", type=float, default=100.0)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    arguments = parser.parse_args()
    first, _, end = arguments.seeds.partition(":")
    for name in arguments.scenario:
        for seed in range(int(first), int(end or int(first) + 1)):
            write(scenario.build(name, seed, arguments.rate_hz), arguments.out, f"{name}_{seed}")


if __name__ == "__main__":
    main()
