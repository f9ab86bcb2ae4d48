"""Trends: what is called a change is one, what is true is found, and the words say no more than that."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.analysis.adherence import DAYS_PER_WEEK
from coxa.analysis.load import LogFrames, load
from coxa.analysis.report.changes import changes
from coxa.analysis.trend_stats import MIN_SESSIONS, change_of, minimal_detectable_change
from coxa.analysis.trend_words import difference_sentence, sentence
from coxa.analysis.trends import Trend, own_sessions, session_table, side_differences, trends, weekly
from coxa.cli.trends import _row  # pyright: ignore[reportPrivateUsage]
from coxa.host.errors import LogError
from coxa.host.events import RepCompleted
from coxa.host.log.corrections import Correction
from tests.helpers import coxa_here
from tests.helpers_trends import hold, log_of, noisy, reps, season
from tools.simulated_year import TRUTH, session_noise, training_days, write_year


def only(frames: LogFrames) -> Trend:
    (found,) = trends(session_table(frames))
    return found


def flat_or_growing(seed: int, weeks: int, growth_deg: float) -> str:
    rng = np.random.default_rng(seed)
    days = np.array(training_days(rng, weeks), float)
    return change_of(days, 40.0 + session_noise(rng, len(days)) + growth_deg * days / (7.0 * weeks)).verdict


def test_mdc_is_weirs():
    """The minimal detectable change of a well known error is 1.96 * sqrt(2) of it."""
    assert minimal_detectable_change(2.0) == pytest.approx(5.544, abs=0.001)


@pytest.mark.parametrize("weeks", [6, 26])
def test_flat_series_are_seldom_called_changed(weeks: int):
    """Of series with no change in them at most 5 % are called changed, with missed weeks and like neighbours."""
    assert sum(flat_or_growing(seed, weeks, 0.0) == "real change" for seed in range(100)) <= 5


def test_growth_is_found():
    """A growth of one and a half minimal detectable changes over a year is found nearly always."""
    growth = 1.5 * minimal_detectable_change(2.2)
    assert sum(flat_or_growing(seed, 52, growth) == "real change" for seed in range(40)) >= 38


@given(st.integers(0, 200), st.floats(-40.0, 40.0), st.floats(0.1, 10.0))
@settings(max_examples=15)
def test_verdict_knows_no_unit(seed: int, offset: float, scale: float):
    """Another zero and another unit of the angle scale the change and leave the verdict."""
    t = np.arange(30.0) * 3.0
    y = noisy(seed, 30) + 0.1 * t
    one, other = change_of(t, y), change_of(t, offset + scale * y)
    assert other.verdict == one.verdict
    assert other.change == pytest.approx(scale * one.change, rel=1e-6)
    assert other.mdc == pytest.approx(scale * one.mdc, rel=1e-6)


@given(st.integers(0, 200), st.floats(-60.0, 60.0))
@settings(max_examples=15)
def test_growth_is_no_noise(seed: int, growth: float):
    """True growth, however large, leaves the person's own measurement error as it is."""
    t = np.linspace(0.0, 200.0, 60)
    still, moving = change_of(t, noisy(seed, 60)), change_of(t, noisy(seed, 60) + growth * t / 200.0)
    assert moving.sem == pytest.approx(still.sem, rel=0.08)


def test_one_wild_session_changes_nothing():
    """One session that is 40 degrees off neither makes a change nor hides one."""
    t = np.arange(40.0) * 3.0
    for growth, verdict in ((0.0, "no real change"), (12.0, "real change")):
        y = noisy(5, 40) + growth * t / t[-1]
        y[-2] += 40.0 * (1 if growth == 0.0 else -1)
        assert change_of(t, y).verdict == verdict


def test_growth_that_levels_off_is_not_called_small():
    """Quick growth in the first weeks of a long time counts in full, though most of the time nothing grew."""
    t = np.arange(120.0) * 3.0
    y = noisy(1, 120) + 12.0 * (1.0 - np.exp(-t / 45.0))
    found = change_of(t, y)
    assert found.verdict == "real change"
    assert found.change == pytest.approx(12.0, abs=2.5)


def test_few_sessions_say_how_many_are_missing():
    """Below ten sessions or two weeks there is no verdict but the number that is missing; NaN is no session."""
    t, y = np.arange(9.0), noisy(0, 9)
    y[3] = np.nan
    few = change_of(t, y)
    assert (few.verdict, few.sessions, few.more_sessions, few.more_days) == ("too few", 8, MIN_SESSIONS - 8, 6.0)
    assert change_of(np.empty(0), np.empty(0)).more_sessions == MIN_SESSIONS
    assert change_of(np.linspace(0, 5, 20), noisy(0, 20)).verdict == "too few"


def test_times_must_rise():
    """Sessions out of order are refused."""
    with pytest.raises(ValueError, match="rise"):
        change_of(np.array([3.0, 1.0]), np.zeros(2))


def test_constant_series_is_flat():
    """Angles that are all the same are no change and no error."""
    assert change_of(np.arange(20.0), np.full(20, 40.0)).verdict == "no real change"


def test_slipped_repetitions_count_but_are_not_measured():
    """After a slip repetitions stay in the count, leave the angle, and a session with none before it has no angle."""
    frames = log_of({0: reps([40, 42, 80]), 1: reps([90, 90])}, slip_s={0: 7.0, 1: 0.5})
    before, after = session_table(frames).to_dict("records")
    names = ("reps", "measured", "after_slip", "rom_median_deg", "rom_best_deg")
    assert [before[n] for n in names] == [3, 2, 1, 41, 42]
    assert after["reps"] == 2
    assert np.isnan(after["rom_median_deg"])


def test_hand_corrected_counts_hold():
    """A correction by hand is the count; the angles stay the machine's."""
    said = {"s0": [Correction(0, 5, "2026-10-05T19:00:00+02:00")]}
    table = session_table(log_of({0: reps([40, 42, 44])}, corrections=said))
    assert table[["reps", "measured", "rom_median_deg"]].iloc[0].tolist() == [5, 3, 42.0]


def test_a_set_that_a_person_says_was_none_gives_no_figure():
    """Corrected to 0: neither its angles, nor its times, nor how long it was held are the exercise's."""
    sets = [*reps([20, 20], from_s=0.0), *reps([60, 60], from_s=60.0), hold(3.0, 30.0), hold(31.0, 90.0, "left")]
    said = {"s0": [Correction(i, 0, "2026-10-05T19:00:00+02:00") for i in (0, 2)]}
    table = session_table(log_of({0: sets}, corrections=said))
    raises = table[table["exercise"] == "leg_raise"]
    assert raises[["measured", "rom_best_deg", "rom_median_deg"]].to_numpy().tolist() == [[2, 60.0, 60.0]]
    assert table["hold_median_s"].dropna().tolist() == [31.0]
    assert table["rom_best_deg"].dropna().tolist() == [90.0, 60.0]


def test_sides_and_no_side_stay_apart():
    """Left, right and untold are three series."""
    frames = log_of({0: reps([40], "left") + reps([50], "right") + reps([60], None)})
    table = session_table(frames)
    assert dict(zip(table["side"], table["rom_median_deg"], strict=True)) == {"": 60.0, "left": 40.0, "right": 50.0}


def test_holds_are_judged_by_their_angle_but_not_the_hamstring_stretch():
    """A hold's angle is judged where it is seen; of a hamstring stretch only how long it was held."""
    days = {i: [hold(31.0), hold(20.0, 110.0), hold(25.0, exercise="hamstring_stretch")] for i in range(2)}
    knee, stretch = (t for t in reversed(trends(session_table(log_of(days)))))
    assert (knee.quantity, knee.sessions["rom_median_deg"].tolist()) == ("thigh elevation", [105.0, 105.0])
    assert (stretch.quantity, stretch.unit) == ("hold time", "s")
    assert knee.sessions[["holds", "verified_holds", "held_s"]].iloc[0].tolist() == [2, 1, 51.0]


def test_missing_weeks_are_missing():
    """A week without a session is a row of NaN with no sessions, not an interpolation."""
    weeks = weekly(session_table(log_of({0: reps([40]), 22: reps([50])})))
    assert weeks["sessions"].tolist() == [1, 0, 0, 1]
    assert weeks["rom_median_deg"].isna().tolist() == [False, True, True, False]


def test_a_demo_does_not_mix_with_a_life():
    """Simulated sessions are used only where there are no real ones."""
    frames = log_of({0: reps([40]), 1: reps([80])}, simulated=[False, True])
    assert session_table(frames)["rom_median_deg"].tolist() == [40.0]
    assert len(session_table(log_of({0: reps([40])}, simulated=True))) == 1


def test_several_persons_must_be_told_apart():
    """Two persons' sessions are never one trend: the one line names them."""
    frames = log_of({0: reps([40]), 1: reps([80])}, person=["ann", "ben"])
    with pytest.raises(LogError, match="ann, ben"):
        session_table(frames)
    with pytest.raises(LogError, match="ann, ben"):
        own_sessions(frames, "eve")
    assert session_table(frames, "ben")["rom_median_deg"].tolist() == [80.0]


def test_real_change_in_words():
    """A found growth is told with its size, first day and the noise it exceeds, and never as an angle of the hip."""
    said = sentence(_grown())
    told = r"\+1\d degrees since 5 October 2026, more than the \d your measurements vary by"
    assert re.fullmatch(f"Straight leg raise, right, thigh elevation: {told}", said)


def test_no_change_in_words():
    """A flat series reads 'no real change yet'."""
    assert ": no real change yet (" in sentence(only(season(list(40.0 + noisy(4, 25)))))


def test_one_session_in_words():
    """One session gives one clear line."""
    said = sentence(only(season([40.0])))
    needed = "9 more sessions and 14 more days needed"
    assert said.endswith(f"1 session measured; {needed} before a change can be told from chance")


@given(st.floats(-30, 30), st.floats(0.01, 30))
def test_rounding_never_contradicts(change: float, noise: float):
    """A change told as more than the noise reads as more, however close they are."""
    said = sentence(replace(_grown(), change=replace(_grown().change, change=change, mdc=noise)))
    numbers = re.search(r"([+-][\d.]+) degrees? since .* than the ([\d.]+)", said)
    if abs(change) > noise + 0.02:
        assert numbers is not None
        assert abs(float(numbers[1])) > float(numbers[2])


@cache
def _grown() -> Trend:
    return only(season(list(40.0 + noisy(3, 40) + 12.0 * np.linspace(0, 1, 40))))


def test_lagging_side_is_told():
    """A side that lags by more than the pairs vary is named, like sides are not told apart, few pairs are too few."""
    right = list(50.0 + noisy(1, 20))
    (apart,) = side_differences(
        session_table(season(right, [r - 12.0 + d for r, d in zip(right, noisy(2, 20), strict=True)]))
    )
    (alike,) = side_differences(session_table(season(right, list(50.0 + noisy(2, 20)))))
    (few,) = side_differences(session_table(season(right[:3], right[:3])))
    assert re.search(r"left is 1\d degrees less than right over the last 12 days", difference_sentence(apart))
    assert "no real difference" in difference_sentence(alike)
    assert difference_sentence(few).endswith("measured together in 1 week, too few to compare")


def test_sides_that_take_turns_are_compared_by_week():
    """Who trains the legs on different days gets a comparison of weeks."""
    days = {7 * w: reps([40.0 + w % 2], "left") for w in range(9)} | {7 * w + 3: reps([60.0]) for w in range(9)}
    (found,) = side_differences(session_table(log_of(dict(sorted(days.items())))))
    assert (found.of_weeks, found.pairs, found.real) == (True, 9, True)


def test_the_best_of_a_session_is_none_of_which_little_is_known() -> None:
    """Claim: an angle after a gap, told as 58 +- 7, is in the median but not the best, unless all are as uncertain."""
    raises = [e for e in reps([40, 42, 41, 43]) if isinstance(e, RepCompleted)]
    doubtful = replace(raises[1], rom_deg=58.0, rom_sd_deg=7.0)
    table = session_table(log_of({0: [raises[0], doubtful, *raises[2:]]}))
    assert table[["rom_best_deg", "rom_median_deg", "measured"]].to_numpy().tolist() == [[43.0, 42.0, 4]]
    table = session_table(log_of({0: [replace(r, rom_sd_deg=7.0) for r in (raises[0], doubtful, *raises[2:])]}))
    assert table["rom_best_deg"].tolist() == [58.0]


def test_simulated_year_is_told_as_it_was(tmp_path: Path):
    """Written by the log, read by the loader: verdicts are true, sizes near the truth, the slip is left out."""
    write_year(tmp_path, seed=2)
    table = session_table(load(tmp_path.as_posix(), broken=pytest.fail))
    assert table["after_slip"].sum() > 0
    for trend, truth in zip(trends(table), sorted(TRUTH, key=lambda s: (s.exercise, s.side)), strict=True):
        assert (trend.change.verdict == "real change") == (truth.growth_deg > 0)
        assert trend.change.change == pytest.approx(truth.growth_deg, abs=3.5)
    real = {d.exercise for d in side_differences(table) if d.real}
    assert real == {"lateral_leg_raise"}


def test_empty_log_gives_one_line(tmp_path: Path):
    """`coxa trends` on an empty log is one clear line and status 0."""
    done = coxa_here("trends", "--log", str(tmp_path))
    assert (done.exit_code, done.output.count("\n")) == (0, 1)
    assert "No session with anything counted" in done.output


def test_command_prints_table_sentences_and_json(tmp_path: Path):
    """The command tells the same verdicts to people and to programs, and JSON has no NaN."""
    write_year(tmp_path, seed=1, weeks=5)
    people = coxa_here("trends", "--log", str(tmp_path), "--exercise", "leg_raise").output
    told = json.loads(coxa_here("trends", "--log", str(tmp_path), "--json").output, parse_constant=pytest.fail)
    said = [t["sentence"] for t in told["trends"] if t["exercise"] == "leg_raise"]
    assert len(said) == 2
    assert all(s in people for s in said)
    assert "Knee to chest" not in people
    assert told["adherence"]["planned_days_per_week"] == DAYS_PER_WEEK


def test_the_table_never_rounds_a_hold_up() -> None:
    """Claim: a median of 29.96 s is 29.9 s, as everywhere: 30.0 would be the target."""
    (trend,) = trends(session_table(log_of({0: [hold(29.96)]})))
    assert _row(trend)[6] == "29.9"


def test_no_scatter_reads_as_none() -> None:
    """Claim: a scatter of 0.1 degree is not told as 0, and the interval is told as finely as the change."""
    rng = np.random.default_rng(3)
    days = {3 * i: reps([40 + 0.06 * i + 0.05 * rng.normal() for _ in range(6)]) for i in range(12)}
    (trend,) = trends(session_table(log_of(days)))
    assert "more than the 0.1 your measurements vary by" in sentence(trend)
    (change,) = changes([trend])
    assert re.search(r"\+0\.\d° since 5 Oct 2026 \(\+0\.\d to \+0\.\d°\).*scatter of 0\.1°", change.sentence.text)
