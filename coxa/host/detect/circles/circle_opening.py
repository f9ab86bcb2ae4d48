"""Which turns of a circle are said: a set that opens in haste or in an unknown posture waits until others follow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import get_args

from coxa.host.detect.circles.circle_params import OpeningParams
from coxa.host.detect.circles.circle_path import Point, enclosed_share, fastest_times, uneven_share
from coxa.host.events import Direction, RepCompleted


@dataclass(frozen=True, slots=True)
class Closed:
    """A turn that has closed."""

    rep: RepCompleted
    slow: bool
    """Whether it took longer than walking and picking something up do."""
    strode: bool
    """Whether the thigh turned as fast in it as in a stride, the sensor bobbed so, or it was quick and as near to its
    middle as it was far from it.
    """
    wide: bool
    """Whether it encloses more than a way to and fro may."""
    even: bool
    """Whether it went round evenly, as only circles do."""

    @classmethod
    def of(cls, rep: RepCompleted, path: list[Point], p: OpeningParams, *, slow: bool, strode: bool) -> Closed:
        """A turn that went along this path."""
        share, uneven = abs(enclosed_share(path)), uneven_share(path)
        strode = strode or (not slow and uneven >= p.stride_uneven_share)
        steady = fastest_times(path, p.speed_steps) < p.even_times and uneven < p.uneven_share and not strode
        even = p.round_share < share < p.round_most and steady
        return cls(rep, slow, strode, share > p.wide_share, even)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of how a set begins."""

    known: bool
    """Whether the person is known to stand, or to have circled before."""
    hasty: bool
    """Whether the rest was too short to open a set by itself."""
    adrift: bool
    """Whether turns must be alike: no rest was seen, a point of the path stands for it, or a knock came first."""


class Opening:
    """The turns of a set that are not said yet."""

    def __init__(self, params: OpeningParams) -> None:
        self._p = params
        self._waiting: list[Closed] = []
        self._since_rest: list[Closed] = []
        """The first two turns since the last rest."""
        self._one_by_one: list[Closed] = []
        """The newest turns, said or not, that had a rest before and after each."""
        self._sizes_deg: list[float] = []
        """Of the newest turns that were said."""
        self._said_s = float("-inf")
        """When the newest turn that was said began."""
        self.opened = False
        """Whether turns have been said since the last rest: only somebody who has rested may be walking off."""

    def clear(self) -> None:
        """A new set may open."""
        self._waiting, self.opened = [], False

    def rest(self) -> None:
        """The hips rest: a new set may open, or the next of turns done one by one follow."""
        if self._since_rest:
            single = len(self._since_rest) == 1
            self._one_by_one = [*self._one_by_one, *self._since_rest][-self._p.alike_turns :] if single else []
        self.clear()
        self._since_rest = []

    def drop(self) -> None:
        """What waits is none."""
        self._waiting, self._since_rest, self._one_by_one = [], [], []

    def take(self, turn: Closed, how: Circumstances) -> list[RepCompleted]:
        """The next turn; gives those that are believed now.

        Quick ones must wind round, and the same way: a leg that swings to and fro, walking, comes back as often, but
        hardly winds (`lateral_leg_raise_2`); where one did, a single turn that winds may be of a body that turns round.
        """
        self._since_rest = [*self._since_rest, turn][:2]
        if self.opened and not self._winds(turn, how):
            self.clear()
            return []
        self._waiting.append(turn)
        if not self.opened:
            alike = max(([c for c in self._waiting if self._goes(c, way, how)] for way in get_args(Direction)), key=len)
            if self._believes(turn, alike, how):
                self._waiting = self._waiting[self._waiting.index(alike[0]) :]
            elif self._follows(turn, how):
                self._waiting = [c for c in (*self._one_by_one, turn) if c.rep.start_s > self._said_s]
            else:
                return []
        self.opened = True
        said = [replace(c.rep, decided_s=turn.rep.decided_s) for c in self._waiting]
        self._waiting, self._said_s = [], turn.rep.start_s
        self._sizes_deg = [*self._sizes_deg, *(rep.rom_deg for rep in said)][-self._p.own_turns :]
        return said

    def take_back(self, since_s: float) -> None:
        """What has closed since then and waits is part of another turn."""
        self._waiting = [c for c in self._waiting if c.rep.end_s <= since_s]
        self._since_rest = [c for c in self._since_rest if c.rep.end_s <= since_s]

    def _follows(self, turn: Closed, how: Circumstances) -> bool:
        """Whether a turn is the next of several alike that are done one by one, with a rest after each."""
        turns = [*self._one_by_one, turn][-self._p.alike_turns :]
        one_way = any(all(self._goes(c, way, how) for c in turns) for way in get_args(Direction))
        few = len(turns) < self._p.alike_turns or len(self._since_rest) > 1
        return not few and one_way and not any(c.strode for c in turns) and self._are_alike([c.rep for c in turns])

    def _believes(self, newest: Closed, alike: list[Closed], how: Circumstances) -> bool:
        sure = (newest.wide if newest.slow else newest.even) and newest.rep.rom_deg >= self._p.small_deg
        sure = sure and not how.hasty and not self._is_small(newest.rep)
        sure = sure and len(alike) == len(self._waiting) and (newest.rep.direction is not None or len(alike) > 1)
        needed = 1 if sure else 2
        if how.adrift or not (how.known or self._are_sure(alike)):
            needed = self._p.alike_turns
        if len(alike) < needed or 2 * sum(c.strode for c in alike) > len(alike):
            return False
        return self._are_alike([c.rep for c in alike[-needed:]])

    def _is_small(self, rep: RepCompleted) -> bool:
        """Whether a turn is smaller than the person's own are: between two sets people fidget."""
        known = len(self._sizes_deg) >= self._p.alike_turns
        return known and rep.rom_deg < self._p.own_share * median(self._sizes_deg)

    def _are_sure(self, alike: list[Closed]) -> bool:
        """Whether slow large turns wind round alike, one like the other."""
        reps = [c.rep for c in alike]
        whole = all(c.slow and c.rep.direction and c.rep.rom_deg >= self._p.small_deg for c in alike)
        return len(reps) > 1 and whole and self._are_alike(reps)

    def _goes(self, turn: Closed, way: Direction, how: Circumstances) -> bool:
        """Whether a turn may have gone this way round; one that is quick and thin is a stride, even if it winds."""
        return turn.rep.direction in (way, None) and (turn.slow or turn.wide) and self._winds(turn, how)

    def _winds(self, turn: Closed, how: Circumstances) -> bool:
        """Whether a turn winds round, or may be a circle that is slow and too thin to tell."""
        return turn.rep.direction is not None or (turn.slow and not how.hasty)

    def _are_alike(self, reps: list[RepCompleted]) -> bool:
        """Whether turns are of about one size and one length."""
        sizes, times, share = [r.rom_deg for r in reps], [r.end_s - r.start_s for r in reps], self._p.alike_share
        return min(sizes) >= share * max(sizes) and min(times) >= share * max(times)
