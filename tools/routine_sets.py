"""Whole routines of simulated people, set by set, against what they truly did: `python -m tools.routine_sets`.

Nobody touches anything; the strap moves once. A row is a person. It names each set that was not counted as it was done,
with count and truth; a hold set is right if each hold is kept or broken as in truth. It names, too, what was not
counted when it was done or on the thigh that did it. Packets go from the firmware straight to the decoder; `coxa demo
--fast --routine hip_mobility --clumsy --seed N` is the same session over the radio.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from coxa.analysis.score_session import compare
from coxa.firmware_sim.firmware import Firmware
from coxa.firmware_sim.scenario import build_routine
from coxa.host.events import Event, HoldEnded, RepCompleted
from coxa.host.exercises.spec import exercise
from coxa.host.routine import Coach, SetPlan, counts
from coxa.host.routine.file import built_in, parse_routine
from coxa.host.wire import Decoder


@dataclass(frozen=True, slots=True)
class Job:
    """One simulated session."""

    routine: str
    seed: int
    clumsiness: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it."""

    job: Job
    sets: int
    wrong: tuple[str, ...]
    """Sets that were not counted as they were done."""
    elsewhen: tuple[str, ...]
    """What was not counted when it was done, or not on the thigh that did it."""
    moved: str
    """From the end of the handling until the strap was recognised on the other thigh."""
    finished: bool
    """Whether the coach came to the end of the routine by itself."""


def play(job: Job) -> Outcome:
    """Simulate, count, compare."""
    plan = parse_routine(built_in()[job.routine], job.routine).plan()
    made = build_routine([asdict(p) for p in plan], job.seed, clumsiness=job.clumsiness)
    counted, events, moved_s, finished = _counted(plan, Firmware(made.raw, "ROUTINE1"))
    true = [_true(made.truth, i, planned) for i, planned in enumerate(plan)]
    wrong = tuple(
        f"set {i + 1} {planned.exercise} {planned.side}: {_told(counted[i])}, truly {_told(true[i])}"
        for i, planned in enumerate(plan)
        if counted[i] != true[i]
    )
    handled_s = next((a["end_s"] for a in made.truth["activities"] if a["label"] == "move_sensor"), None)
    moved = "-" if handled_s is None else "never" if moved_s is None else f"{moved_s - handled_s:.1f} s"
    elsewhen = tuple(f"{o.what} {o.counted}, truly {o.true}" for o in compare(events, made.truth) if not o.right)
    return Outcome(job, len(plan), wrong, elsewhen, moved, finished)


def _counted(plan: tuple[SetPlan, ...], firmware: Firmware) -> tuple[list[list[str]], list[Event], float | None, bool]:
    """What was counted in each set, all events, when the strap's move was recognised, whether the end was reached."""
    coach, decoder, events = Coach(plan), Decoder(), list[Event]()
    got, moved_s, ended = [list[str]() for _ in plan], None, False
    for frame in firmware.frames():
        for item in decoder.feed(frame):
            before = coach.set_index
            for event in coach.feed(item):
                events.append(event)
                if counts(event):
                    # one item may end a set and begin the next; the event bears its exercise
                    at = before if _belongs(event, plan[before]) else coach.set_index
                    got[at].append(_word(event))
            for prompt in coach.prompts():
                moved_s = prompt.at_s if prompt.kind == "sensor_moved" else moved_s
                ended |= prompt.kind == "routine_done"
    return got, events + coach.finish(), moved_s, ended


def _belongs(event: Event, planned: SetPlan) -> bool:
    return isinstance(event, HoldEnded | RepCompleted) and event.exercise == planned.exercise


def _word(event: Event) -> str:
    if isinstance(event, HoldEnded):
        return "kept" if event.verified else "broken"
    return (event.direction or "rep") if isinstance(event, RepCompleted) else ""


def _true(truth: dict[str, Any], index: int, planned: SetPlan) -> list[str]:
    """What was done in a set."""
    spans = {a["start_s"]: a for a in truth["activities"] if a["label"].startswith("set:")}  # circles note theirs twice
    span = list(spans.values())[index]
    done = [
        (i, r)
        for i, r in enumerate(truth["reps"])
        if r["required"] and span["start_s"] <= r["start_s"] and r["end_s"] <= span["end_s"] + 0.01
    ]
    if exercise(planned.exercise).kind == "hold":
        verified = {h["rep"]: h["verified"] for h in truth["holds"]}
        return ["kept" if verified[i] else "broken" for i, _ in done]
    return [r["direction"] or "rep" for _, r in done]


def _told(words: list[str]) -> str:
    return ", ".join(f"{words.count(w)} {w}" for w in dict.fromkeys(words)) or "nothing"


def main() -> None:
    """Print the table; status 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--routine", default="hip_mobility", choices=list(built_in()))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--clumsiness", type=float, nargs="*", help="beside usual people, 0 to 0.6; else 0.6 and 1")
    a = parser.parse_args()
    seeds = range(a.first, a.first + a.seeds)
    levels = [None, 0.6, 1.0] if a.clumsiness is None else a.clumsiness or [None]
    jobs = [Job(a.routine, seed, clumsiness) for clumsiness in levels for seed in seeds]
    print("| person | sets right | strap recognised after | ended by itself | not as done |\n|---|---|---|---|---|")
    right = total = 0
    timed = True
    with ProcessPoolExecutor(a.workers) as pool:
        for o in pool.map(play, jobs):
            who = f"{o.job.seed}, {'usual' if o.job.clumsiness is None else f'clumsiness {o.job.clumsiness:g}'}"
            ok = o.sets - len(o.wrong)
            right, total = right + ok, total + o.sets
            timed = timed and not o.elsewhen
            ended = "yes" if o.finished else "no"
            print(
                f"| {who} | {ok} of {o.sets} | {o.moved} | {ended} | {'; '.join((*o.wrong, *o.elsewhen)) or '-'} |",
                flush=True,
            )
    print(f"\n{right} of {total} sets as they were done")
    raise SystemExit(right < total or not timed)


if __name__ == "__main__":
    main()
