"""What docs/evidence.md consists of: one entry for each section. To add one, add an entry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One claim, the command that measures it, and what of its output stands in the table at the top."""

    name: str
    title: str
    goal: str
    seen: str
    """Regular expression of the part of the output to show: the groups or the whole of its last match."""
    short: str
    """A shell command, with the environment's programs first in its path and an empty log of its own."""
    minutes: float
    """What the short command takes on two cores that are free."""
    full: str = ""
    """The same, larger; empty where the short one is all there is."""
    full_minutes: float = 0.0
    only_asked: bool = False
    """Whether it runs only with --full, or when it is named: it takes long, or needs what few machines have."""
    says: str = ""
    """A sentence or two of what the output shows."""


RECORDINGS = "../shared/recordings"
_SEEDS = 'n=0; for s in $(seq 1 {n}); do coxa demo --fast --seed $s >/dev/null && n=$((n+1)); done; echo "$n of {n}"'


def _demos(n: int) -> str:
    return _SEEDS.format(n=n)


SECTIONS = (
    Section(
        "accuracy", "Real and kinematic recordings", "every set exact, no count in negatives",
        r"^kinematic, .*?(\d+ of \d+ sets exact, F1 [\d.]+)", f"coxa score {RECORDINGS}", 2,
        says="Counted against truth; then what is asked for where nothing may be counted; then every failure with its "
        "cause. Holds are judged by the time inside the band; circles by the revolution that their far point lies in.",
    ),
    Section(
        "variants", "The same recordings, changed", "as good as unchanged", "",
        f"python -m tools.variants --named-only {RECORDINGS}/kinematic", 4,
        f"python -m tools.variants {RECORDINGS}", 15,
    ),
    Section(
        "people", "People unlike those that tuning values were set for", "as good as usual people", "",
        "python -m tools.people 1", 3, "python -m tools.people 4", 12,
        only_asked=True,
    ),
    Section(
        "starts", "Where the person is when the sensor is switched on", "as good as standing", "",
        "python -m tools.starts 1", 1, "python -m tools.starts 6", 2,
        only_asked=True,
        says="Worn anyhow, a sensor cannot tell a chair from standing; it must be seen to move.",
    ),
    Section(
        "radio_demo", "The whole way over the simulated radio", "all as the simulator's truth", r"\d+ of \d+",
        _demos(5), 1, _demos(20), 4,
        says="People, straps, sensors and radios; counted is who ends with status 0, which says that all is right.",
    ),
    Section(
        "routine", "Whole routines, nobody touching anything", "every set as done", r"^\d+ of \d+ sets.*",
        "python -m tools.routine_sets --seeds 3", 1.5, "python -m tools.routine_sets --seeds 10", 6,
    ),
    Section(
        "bench", "Speed", "at most 2 times the bare filter, 20 times faster than a script by hand, p99.9 < 5 ms",
        r"VQF filter +│ ([\d.]+ times)(?s:.*?)Madgwick takes +│ ([\d.]+ times)(?s:.*)99\.9th percentile +│ ([\d.]+ ms)",
        "coxa bench", 2, says="Packets to events, against the bare orientation filter and two scripts written by hand, "
        "in one run; on a busy machine only ratios hold. Why it is not nearer to the filter: `decisions.md`, speed.",
    ),
    Section(
        "start", "Starting the program", "`--help` under 0.3 s, replay of one minute under 1.5 s",
        r"^\| coxa --help \|.*",
        "python -m tools.start_times", 0.5,
        says="New processes; on a busy machine the processor's time tells more than the clock.",
    ),
    Section(
        "growth", "How cost grows, and memory over a day", "linear or better", r"^Memory.*",
        "python -m tools.growth --short", 2, "python -m tools.growth", 15,
        says="![Cost against size, four panels](pictures/growth.png)",
    ),
    Section(
        "radio", "Faults of link, power and clock", "nothing invented, nothing lost up to the sensor's buffer",
        r"^\d+ of \d+ as promised.*",
        "python -m tools.link_faults --raises 8", 3,
        "python -m tools.link_faults; python -m tools.link_faults --campaign", 40,
        says="Each level in real time, the simulated sensor over the virtual radio and bleak, held against the "
        "truth. Latency is from the end of the raise to its count; a link that is away makes them late, not wrong.",
    ),
    Section(
        "sensors", "Several sensors on one host", "two and ten at 100 Hz: nothing lost, all counted", r"^up to .*",
        "python -m tools.many_sensors --sensors 2", 1.5, "python -m tools.many_sensors --sensors 1 2 10 50", 8,
        says="Each worn by a person, over bleak and the virtual radio in real time; the simulator shares the cores.",
        only_asked=True,
    ),
    Section(
        "bluez", "On the kernel's own Bluetooth (BlueZ)", "sessions end as counted", r"^\d+ of \d+ .*",
        "python -m tools.bluez coxa --reps 5", 4, "python -m tools.bluez", 20,
        says="Kernel, bluetoothd and the unmodified `coxa live` in a guest, simulated sensors outside, one lost link "
        "each. Needs qemu and a kernel; says what is missing.",
        only_asked=True,
    ),
    Section(
        "kill", "Killed at random moments of writing", "1,000 kills: at most 1 s lost, none wrong",
        r"^\d+ kills: .*", "python -m tools.kill_campaign --times 60", 1,
        "python -m tools.kill_campaign --times 1000", 15,
    ),
    Section(
        "fuzz", "Every parser, fed what nobody sends", "no crash, no hang, no growth", r"^\d+ s for .*",
        "python -m tools.fuzz --seconds 5", 2.5,
        "python -m tools.fuzz --seconds 120 --workers 2 --keep fuzz-kept", 25,
        says="Atheris damages sound input and keeps what reaches new code (`pip install -e .[dev,fuzz]`, Linux). "
        "Seconds are all that a reader has had: with `--keep DIR` it goes on where earlier runs stopped, as those of "
        "`python -m tools.fuzz --seconds 3600 --each kind --keep DIR`, an hour for each kind of input.",
    ),
    Section(
        "soak", "A day of live session", "24 h: memory flat within 1 MB, count equals truth",
        r"^repetitions counted (\d+ of \d+)(?s:.*?)^(memory .*)",
        "python -m tools.soak --hours 1", 1, "python -m tools.soak --hours 24", 45,
    ),
    Section(
        "laws", "Streaming laws on all real recordings", "the same repetitions", r"^\d+ of \d+ runs .*",
        f"python -m tools.streaming_laws {RECORDINGS}/real --every 4", 2,
        f"python -m tools.streaming_laws {RECORDINGS}/real", 8,
    ),
    Section(
        "latency", "Decision latency on the simulator", "said when certain", r"^all .*(median .*)",
        "python -m tools.latency", 1,
    ),
    Section(
        "voice", "From the decision to the voice", "median under 50 ms",
        r"^decision to voice .*(median [\d.]+ ms)",
        "python -m tools.voice_latency", 0.5,
    ),
    Section(
        "page", "From the decision to the screen", "under 100 ms",
        r"decision to screen (median \d+ ms, 95th percentile \d+ ms)",
        "python -m tools.page_latency", 1,
    ),
    Section(
        "taps", "Taps on the sensor", "found, and nothing else taken for them", r"^\d+ of \d+ found.*",
        f"python -m tools.tap_figures {RECORDINGS}", 1,
    ),
    Section(
        "cohort", "A log of ten thousand sessions", "linear, survives a killed worker",
        r"^rescore \d+, 2 workers +[\d.]+ +\d+ +([\d.]+)(?s:.*)(all results .*|THE RESULTS .*)",
        "python -m tools.cohort_figures 500 30", 1, "python -m tools.cohort_figures", 10,
        says="Small sessions of 60 s. Times of two workers include starting and ending their processes.",
    ),
    Section(
        "trends", "Trends that do not fool", "no flat series told as a change",
        r"^(\d+ simulated years.*)(?s:.*)^(flat, 52 weeks, correlation [\d.]+: .*)",
        "python -m tools.trend_figures", 3,
        says="Simulated years told in words against their truth, a thousand flat series of each kind, and how small "
        "a growth is found.",
        only_asked=True,
    ),
    Section(
        "security", "Tests that guard, without the guard", "every guard taken out is noticed", r"^\d+ of \d+ guards.*",
        "python -m tools.guards", 4,
        says="Each guard of docs/security.md is taken out of a copy of the code; a test must fail.",
        only_asked=True,
    ),
)  # fmt: skip
"""In the order of the page."""
