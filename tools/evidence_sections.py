"""What docs/evidence.md consists of: one entry for each section. To add one, add an entry."""

from __future__ import annotations

from dataclasses import dataclass

from tools.evidence_goals import Check, as_good_as_the_first, at_least, at_most, every


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
    goals: tuple[Check, ...] = ()
    """What of the goal the figures must show, where the command's own status does not say it."""


RECORDINGS = "../shared/recordings"
_SEEDS = 'n=0; for s in $(seq 1 {n}); do coxa demo --fast --seed $s >/dev/null && n=$((n+1)); done; echo "$n of {n}"'


def _demos(n: int) -> str:
    return _SEEDS.format(n=n)


SECTIONS = (
    Section(
        "accuracy", "Real and kinematic recordings", "every set exact, no count in negatives",
        r"^(kinematic, .* sets exact)(?s:.*?)^(real, \d.* sets exact)(?s:.*)^nothing may be .*: (\d+ false counts)",
        f"coxa score {RECORDINGS}", 2,
        says="Counted against truth; then what is asked for where nothing may be counted; then every failure with its "
        "cause. Holds are judged by the time inside the band; circles by the revolution that their far point lies in.",
        goals=(
            every(r"^(?P<what>.+), \d+ recordings: (?P<n>\d+) of (?P<of>\d+) sets exact"),
            at_most("false counts outside sets", r"(\d+) false\s+outside\s+sets", 0),
            at_most("false counts where nothing may be", r"^nothing may be counted: (\d+) false counts", 0),
        ),
    ),
    Section(
        "variants", "The same recordings, changed", "as good as unchanged", "",
        f"python -m tools.variants --named-only {RECORDINGS}/kinematic", 4,
        f"python -m tools.variants {RECORDINGS}", 15, goals=(as_good_as_the_first("F1"),),
    ),
    Section(
        "people", "People unlike those that tuning values were set for", "as good as usual people", "",
        "python -m tools.people 1", 3, "python -m tools.people 4", 12,
        only_asked=True, goals=(as_good_as_the_first("F1"),),
    ),
    Section(
        "starts", "Where the person is when the sensor is switched on", "as good as standing", "",
        "python -m tools.starts 1", 1, "python -m tools.starts 6", 2,
        only_asked=True, goals=(as_good_as_the_first("F1"),),
        says="Worn anyhow, a sensor cannot tell a chair from standing; it must be seen to move.",
    ),
    Section(
        "radio_demo", "The whole way over the simulated radio", "all as the simulator's truth", r"\d+ of \d+",
        _demos(5), 1, _demos(20), 4,
        says="People, straps, sensors and radios; counted is who ends with status 0, which says that all is right.",
        goals=(every(r"^(?P<n>\d+) of (?P<of>\d+)$"),),
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
        goals=(
            at_most("times the bare filter", r"VQF filter +│ ([\d.]+) times", 2),
            at_least("times faster than by hand", r"Madgwick takes +│ ([\d.]+) times", 20),
            at_most("ms at p99.9", r"99\.9th percentile +│ ([\d.]+) ms", 5),
        ),
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
        goals=(at_most("as exponent", r"^ *exponent ([\d.]+)", 1.1),),  # a tenth is what times scatter by
    ),
    Section(
        "radio", "Faults of link, power and clock", "nothing invented, nothing lost up to the sensor's buffer",
        r"^\d+ of \d+ as promised.*",
        "python -m tools.link_faults --raises 8", 3,
        "python -m tools.link_faults; python -m tools.link_faults --campaign", 40,
        says="Each level in real time, the simulated sensor over the virtual radio and bleak, held against the "
        "truth. Latency is from the end of the raise to its count; a link that is away makes them late, not wrong.",
        goals=(every(r"^(?P<n>\d+) of (?P<of>\d+) as promised"),),  # two commands, and only the last one's status
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
        "python -m tools.kill_campaign --times 1000", 15, goals=(at_most("s lost", r"at most ([\d.]+) s lost", 1),),
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
        "python -m tools.soak --hours 3", 5, "python -m tools.soak --hours 24", 45,
    ),
    Section(
        "laws", "Streaming laws on all real recordings", "the same repetitions", r"^\d+ of \d+ runs .*",
        f"python -m tools.streaming_laws {RECORDINGS}/real --every 4", 2,
        f"python -m tools.streaming_laws {RECORDINGS}/real", 8,
        goals=(every(r"^(?P<n>\d+) of (?P<of>\d+) runs"),),
    ),
    Section(
        "latency", "Decision latency on the simulator", "said when certain", r"^all .*(median .*)",
        "python -m tools.latency", 1,
    ),
    Section(
        "voice", "From the decision to the voice", "median under 50 ms",
        r"^decision to voice .*(median [\d.]+ ms)",
        "python -m tools.voice_latency", 0.5,
        goals=(at_most("ms, median", r"^decision to voice .*median ([\d.]+) ms", 50),),
    ),
    Section(
        "page", "From the decision to the screen", "under 100 ms",
        r"decision to screen (median \d+ ms, 95th percentile \d+ ms)",
        "python -m tools.page_latency", 2.5,
        goals=(at_most("ms, 95th percentile", r"95th percentile (\d+) ms", 100),),
    ),
    Section(
        "taps", "Taps on the sensor", "found, and nothing else taken for them", r"^\d+ of \d+ found.*",
        f"python -m tools.tap_figures {RECORDINGS}", 1,
        goals=(
            every(r"^(?P<n>\d+) of (?P<of>\d+) found"),
            at_most("taken for taps", r"found; (\d+) where nobody tapped", 0),
        ),
    ),
    Section(
        "cohort", "A log of ten thousand sessions", "linear, survives a killed worker",
        r"^rescore \d+, 2 workers +[\d.]+ +\d+ +([\d.]+)(?s:.*)(all results .*|THE RESULTS .*)",
        "python -m tools.cohort_figures 500 30", 1, "python -m tools.cohort_figures", 10,
        says="Small sessions of 60 s. Times of two workers include starting and ending their processes.",
        goals=(at_least("times faster with two workers", r"^rescore \d+, 2 workers +[\d.]+ +\d+ +([\d.]+)", 1.8),),
    ),
    Section(
        "trends", "Trends that do not fool", "no flat series told as a change",
        r"^(\d+ simulated years.*)(?s:.*)^(flat, 52 weeks, correlation [\d.]+: .*)",
        "python -m tools.trend_figures", 3,
        says="Simulated years told in words against their truth, a thousand flat series of each kind, and how small "
        "a growth is found.",
        only_asked=True,
        goals=(at_most("flat series called changed", r"^flat, .*: (\d+) of \d+ (?:ever )?called", 0),),
    ),
    Section(
        "security", "Tests that guard, without the guard", "every guard taken out is noticed", r"^\d+ of \d+ guards.*",
        "python -m tools.guards", 4,
        says="Each guard of docs/security.md is taken out of a copy of the code; a test must fail.",
        only_asked=True,
    ),
)  # fmt: skip
"""In the order of the page."""
