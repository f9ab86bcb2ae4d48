"""Prints how long it takes from a decision to the call of the voice, and from the packet that brought it.

The voice is one that takes no time, so that what is measured is coxa's own part; cues are those of simulated people.
Example: `python -m tools.voice_latency`
"""

from __future__ import annotations

import time

import numpy as np

from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.scenario import build
from coxa.host.cues import Announcer
from coxa.host.link.quality import StreamQuality
from coxa.host.routine import Coach, SetPlan
from coxa.host.voice import load_phrases
from coxa.host.voice.speaker import Speaker
from coxa.host.wire import Decoder

NAMES = ("leg_raise_supine", "lateral_leg_raise", "hip_circle", "knee_to_chest")
PEOPLE = 5


class NoTime:
    """A voice that is done at once."""

    def say(self, text: str) -> None:
        """Nothing to do for `text`."""

    def close(self) -> None:
        """Nothing to do."""


def session(name: str, seed: int) -> tuple[list[float], list[float]]:
    """Decision to voice, and packet to voice, for each cue that was said, s."""
    made = build(name, seed)
    firmware, decoder = Firmware(made.raw, "VOICE"), Decoder()
    plan = (SetPlan(made.truth["claimed"], made.truth["side"]),)
    coach, announcer, came_s = Coach(plan), Announcer(plan), list[float]()
    with Speaker(load_phrases(), engine=NoTime) as speaker:
        for frame in firmware.frames():
            arrived_s = time.monotonic()
            for item in decoder.feed(frame):
                for cue in announcer.update(coach, coach.feed(item)):
                    came_s.append(arrived_s)
                    speaker.cue(cue)
                    speaker.dealt_with(len(came_s), 10.0)
            speaker.progress(coach, StreamQuality())
    said = [(s, came) for s, came in zip(speaker.spoken, came_s, strict=True) if s.said_s is not None]
    return [(s.said_s or 0.0) - s.heard_s for s, _ in said], [(s.said_s or 0.0) - came for s, came in said]


def main() -> None:
    """All cues of some simulated sets."""
    both = [session(name, 100 + k) for name in NAMES for k in range(PEOPLE)]
    for what, part in (("decision to voice", 0), ("packet to voice", 1)):
        late_ms = 1000 * np.array([x for pair in both for x in pair[part]])
        median, p95, most = np.median(late_ms), np.percentile(late_ms, 95), late_ms.max()
        print(f"{what:18} {len(late_ms):4} cues: median {median:.2f} ms, 95th percentile {p95:.2f}, most {most:.1f} ms")


if __name__ == "__main__":
    main()
