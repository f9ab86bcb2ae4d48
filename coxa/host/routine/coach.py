"""Leads through a plan: which set is on, when it is over, when the strap has moved, what the person should be told."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import replace

from coxa.host.detect.body.mounting import Mounting
from coxa.host.detect.still import Tick, Ticks
from coxa.host.detect.taps import Tap, Taps
from coxa.host.events import Event, HoldEnded
from coxa.host.exercises.spec import exercise
from coxa.host.live_view import LiveView
from coxa.host.motion.ticks import TICK_S
from coxa.host.routine.aside import Aside
from coxa.host.routine.extras import Extras
from coxa.host.routine.plan import SetPlan, side_of
from coxa.host.routine.prompt import Prompt, PromptKind
from coxa.host.routine.set_progress import SetProgress
from coxa.host.routine.taps_ahead import TapsAhead
from coxa.host.routine.told import counts, doubted, tried, trouble, without_handling
from coxa.host.samples import Gap, StreamItem
from coxa.host.tracker import AUTO, Tracker


def check_exercises(plan: tuple[SetPlan, ...]) -> None:
    """Raises SpecError: a set names an exercise that the library does not have."""
    for planned in plan:
        if planned.exercise != AUTO:
            exercise(planned.exercise)


class Coach:
    """Runs the sets of a plan over one stream. Pure: the same items give the same events, however they are cut."""

    def __init__(self, plan: tuple[SetPlan, ...]) -> None:
        """Raises SpecError: a set names an exercise that the library does not have."""
        check_exercises(plan)
        self._plan = plan
        self._set_index = 0
        self._progress = SetProgress()
        self._extras = Extras()
        self._aside = Aside()
        self._begun = self._paused = False
        self._taps = TapsAhead()
        self._rest_until_s = 0.0
        """When the rest that is offered before it is over."""
        self._prompts: list[Prompt] = []
        self._mountings: dict[str, Mounting] = {}
        """Of the sets before this one."""
        self._tracker = Tracker(plan[0].exercise, plan[0].side, plan[0].hold_target_s)

    def feed(self, item: StreamItem) -> list[Event]:
        """Take the next item; give the events that it decided."""
        self._taps.look(item)
        return [event for new in self._take(self._tracker.beats(item)) for event in new]

    def feed_beat_by_beat(self, item: StreamItem) -> Iterator[list[Event]]:
        """Take the next item; give what each beat in it decided, and stop there: what is looked at between two beats
        is the same in any stream, wherever its packets end.
        """
        self._taps.look(item)
        return self._take(self._tracker.beats(item), at_once=1)

    def finish(self) -> list[Event]:
        """The stream is over: close what is open."""
        last = [event for new in self._take(self._tracker.last_beats()) for event in new]
        return last if self._paused or self._aside.on else [*last, *self._taken_in(self._tracker.finish())]

    def prompts(self) -> list[Prompt]:
        """What has come up since the last call, oldest first."""
        new, self._prompts = self._prompts, []
        return new

    @property
    def plan(self) -> tuple[SetPlan, ...]:
        """All sets."""
        return self._plan

    @property
    def set_index(self) -> int:
        """Which set of the plan is on."""
        return self._set_index

    @property
    def done(self) -> int:
        """Repetitions (or holds) of the set so far; without a number to reach, of those since a rest elsewhere."""
        return self._progress.number if self._now.reps is None else self._progress.done

    @property
    def mountings(self) -> dict[str, Mounting]:
        """How the sensor sits on each thigh that it has been on, as far as that is known, by `side_of`."""
        now = self._tracker.mounting
        return self._mountings if now is None else {**self._mountings, side_of(self._now): now}

    @property
    def view(self) -> LiveView:
        """What a screen shows right now."""
        view = replace(self._tracker.view, reps=self.done)
        if self._paused:
            return replace(view, state="paused", hold_s=None)
        if self._aside.checking:
            return replace(view, state="strap check", hold_s=None)
        return replace(view, hold_s=None) if self.ended else view

    @property
    def trail(self) -> list[tuple[float, float]]:
        """Time and elevation in degrees of the newest ticks, oldest first."""
        return self._tracker.trail

    @property
    def paused(self) -> bool:
        """Whether the person has paused: nothing counts."""
        return self._paused

    @property
    def moves(self) -> bool:
        """Whether the thigh is on its way, be it one that counts or not."""
        return self._tracker.moving

    @property
    def moving_sensor(self) -> bool:
        """Whether the sensor is awaited on the other thigh."""
        return self._aside.moving

    @property
    def rest_left_s(self) -> float | None:
        """What is left of the rest before this set; None once it is over or the person has begun."""
        view = self._tracker.view
        left_s = 0.0 if view.t_s is None else self._rest_until_s - view.t_s
        begun = self._progress.done > 0 or view.hold_s is not None or self.ended
        return None if left_s <= 0 or begun or self._paused else left_s

    @property
    def effort(self) -> int | None:
        """How hard it was, 0 to 10; None without an answer."""
        question = self._aside.question
        return None if question is None else question.effort

    @property
    def ended(self) -> bool:
        """Whether all sets are done; the question after them may still be open."""
        return self._aside.question is not None

    @property
    def finished(self) -> bool:
        """Whether all sets are done, and the question after them is answered or let pass."""
        question = self._aside.question
        return question is not None and question.over

    def pause(self, t_s: float) -> list[Event]:
        """The person pauses: what is open is closed, nothing counts until `resume`."""
        events = list[Event]()
        for event in self._anew():
            again = isinstance(event, HoldEnded) and not (event.verified and counts(event))
            events += [event] if again else self._taken_in([event])  # what is done again takes no number
        self._paused = True
        self._say("paused", t_s)
        return events

    def resume(self, t_s: float) -> None:
        """The person goes on: the set as it stood, from a new rest."""
        self._paused = False
        self._progress.resume(max(t_s, self._rest_until_s))
        self._anew()
        self._say("resumed", t_s)

    def skip(self, t_s: float) -> list[Event]:
        """The person skips the rest of the set."""
        self._say("skipped", t_s)
        return self._leave_set(t_s)

    @property
    def _now(self) -> SetPlan:
        return self._plan[self._set_index]

    @property
    def _then(self) -> SetPlan | None:
        """The set after the present one, None where that is the last."""
        return self._plan[self._set_index + 1] if self._set_index + 1 < len(self._plan) else None

    def _anew(self) -> list[Event]:
        """The present set from a new rest; closes what is open."""
        now = self._now
        return self._tracker.switch(now.exercise, now.side, now.hold_target_s)

    def _take(self, beats: list[Ticks | Gap], at_once: int = sys.maxsize) -> Iterator[list[Event]]:
        """What was decided, after each gap and after no more than so many ticks."""
        for beat in beats:
            if isinstance(beat, Gap):
                self._begin(beat.end_s)
                tapped = self._tapped(beat.end_s)
                yield tapped + self._told(beat, beat.end_s, self._tracker.lose(beat))
                continue
            at = 0
            while at < len(beat):
                t_s = beat.each[at].t_s
                self._begin(t_s)
                tapped = self._tapped(t_s)
                end = min(self._next_look(beat, at), at + at_once)
                at, new = self._tracker.advance(beat, at, end)
                tick = beat.each[at - 1]
                yield tapped + self._told(tick, tick.t_s, new)

    def _begin(self, t_s: float) -> None:
        if not self._begun:
            self._begun = True
            self._open_set(t_s)

    def _next_look(self, ticks: Ticks, at: int) -> int:
        """Up to which tick, after number `at`, nothing but an event can move the plan on."""
        if self._aside.on or self._extras.awaited:
            return at + 1
        if self._now.reps is not None and self._progress.done >= self._now.reps:
            return at + 1
        until_s, then = self._taps.next_s, self._then
        if not self._paused and self._may_be_left:
            idle_s = math.inf if then is None or then.move_sensor else self._progress.idle_from_s
            until_s = min(until_s, self._progress.doubted_from_s, idle_s)
        return max(int(ticks.t_s.searchsorted(until_s - TICK_S)), at + 1)

    def _told(self, beat: Tick | Gap, t_s: float, new: list[Event]) -> list[Event]:
        """What the person is told of what the tracker said at a beat, and of what the plan makes of it."""
        if self._may_be_moved_yet:
            if any(doubted(e) for e in new):
                self._aside.await_move(handled=True)
            new = without_handling(new)
        if self._paused:
            return trouble(new)
        if self._aside.on:
            self._wait(beat, t_s)
            return without_handling(trouble(new))
        events = self._taken_in(new)
        if isinstance(beat, Gap):
            self._progress.unseen(beat.end_s - beat.start_s)
        if self._extras.awaited and not isinstance(beat, Gap):
            self._extras.look(t_s, self._tracker.rest_s(t_s))
        return events + self._move_on(beat, t_s)

    @property
    def _may_be_moved_yet(self) -> bool:
        """Whether what was taken for the move of the strap may have been somebody getting up: until the first
        repetition the true one may come.
        """
        unbegun = self._now.move_sensor and not self._progress.done and not self.ended
        return unbegun and not self._paused and not self._aside.moving

    def _tapped(self, t_s: float) -> list[Event]:
        """Two taps pause and resume, three skip; after the end they answer. Whoever moves the strap does not tap."""
        events = list[Event]()
        for tap in self._taps.due(t_s):
            if self._aside.question is not None:
                if isinstance(tap, Tap):
                    self._aside.question.tap(tap.start_s, sure=tap.sure)
            elif isinstance(tap, Taps) and tap.count in (2, 3) and not self._aside.on:
                events += self._obey(tap.count, t_s)
        return events

    def _obey(self, taps: int, t_s: float) -> list[Event]:
        if self._paused:
            self.resume(t_s)
        elif taps == 2:
            return self.pause(t_s)
        return self.skip(t_s) if taps == 3 else []

    def _taken_in(self, new: list[Event]) -> list[Event]:
        """What of it is told, with its numbers: what the set before had too many is not."""
        of_this_set = [own for event in new for own in self._extras.of_this_set(event)]
        for event in new:
            if isinstance(event, HoldEnded):
                self._progress.go_on(event.decided_s)  # who has held for long has not stopped
            elif tried(event):
                self._progress.resume(event.decided_s)  # nor has who tries
        for event in filter(counts, of_this_set):
            self._progress.count(event.decided_s)
        return self._numbered(of_this_set)

    def _numbered(self, told: list[Event]) -> list[Event]:
        counted = self._now.reps is not None and self._now.exercise != AUTO
        return [self._progress.numbered(e, counted=counted) for e in told]

    def _wait(self, beat: Tick | Gap, t_s: float) -> None:
        """For the strap to be moved, to be checked, or for an answer."""
        news = self._aside.update(beat, t_s, self._tracker)
        if news == "moved":
            self._remount(None)
            self._say("sensor_moved", t_s)
            self._open_set(t_s)
        elif news == "lift":
            self._say("lift_knee", t_s)
        elif news in ("known", "unknown"):
            self._begin_checked(t_s, "strap_known" if news == "known" else "strap_unknown")
        elif news is not None:
            self._say(news, t_s)

    def _begin_checked(self, t_s: float, found: PromptKind) -> None:
        """The strap check is over, whatever it found: the set begins."""
        self._progress.open(t_s)
        if self._aside.mounting is not None:
            self._remount(self._aside.mounting)
        else:
            self._anew()
        self._say(found, t_s)
        self._say("set_begins", t_s)

    def _remount(self, mounting: Mounting | None) -> None:
        """The sensor sits otherwise than it did, as `mounting` where that was shown."""
        now = self._now
        self._tracker.remount(now.exercise, now.side, now.hold_target_s, mounting)

    def _move_on(self, beat: Tick | Gap, t_s: float) -> list[Event]:
        then = self._then
        if self._now.reps is not None and self._progress.done >= self._now.reps:
            if then is not None:
                return self._next_set(t_s)
            self._end(t_s)
        if not self._may_be_left:
            return []
        return self._next_set(t_s) if then is not None and self._gone_on(beat, then) else self._ask(t_s)

    @property
    def _may_be_left(self) -> bool:
        """Whether somebody who stops has done with the set: with the last one only if it has a number and was begun."""
        unfinished = self._now.reps is not None and self._progress.done > 0 and not self.ended
        return self._then is not None or unfinished

    def _gone_on(self, beat: Tick | Gap, then: SetPlan) -> bool:
        """The person has clearly gone on to the next exercise."""
        if isinstance(beat, Gap) or then.move_sensor or not self._progress.idle(beat.t_s):
            return False
        if self._tracker.moving:
            return False
        return self._tracker.fits(then.exercise) and not self._tracker.fits(self._now.exercise)

    def _ask(self, t_s: float) -> list[Event]:
        """Somebody who has stopped is asked once; without an answer the set is over."""
        if self._tracker.holding:
            return []
        doubt = self._progress.doubt(t_s)
        if doubt == "ask":
            self._say("finished?", t_s)
        return self._leave_set(t_s) if doubt == "over" else []

    def _leave_set(self, t_s: float) -> list[Event]:
        """The set is over, whether all of it was done or not: closes what is open."""
        if self._then is not None:
            return self._next_set(t_s)
        self._end(t_s)
        return self._numbered(self._anew())

    def _end(self, t_s: float) -> None:
        """All sets are done: what comes now counts for nothing."""
        if not self.ended:
            self._aside.ask(t_s, can_tap=self._taps.hears)
            self._say("routine_done", t_s)

    def _next_set(self, t_s: float) -> list[Event]:
        before, self._mountings = self._now, self.mountings
        self._say("set_done", t_s)
        self._set_index += 1
        now, events = self._now, self._numbered(self._anew())
        self._progress.begin()
        self._aside.drop_check()
        self._extras.begin(before, now, t_s)
        if now.move_sensor:
            self._aside.await_move()
            self._say("move_sensor", t_s)
            return events
        if before.rest_s:
            self._rest_until_s = t_s + before.rest_s
            self._say("rest", t_s)
        self._open_set(t_s)
        self._progress.open(t_s + before.rest_s)  # who rests as told has not stopped
        return events

    def _open_set(self, t_s: float) -> None:
        """The present set begins; where the plan says so, with a look at how the strap sits."""
        self._progress.open(t_s)
        if self._now.check_strap:
            self._aside.await_check()
            self._say("stand_still", t_s)
        else:
            self._say("set_begins", t_s)

    def _say(self, kind: PromptKind, t_s: float) -> None:
        self._prompts.append(Prompt(kind, t_s, self._set_index))
