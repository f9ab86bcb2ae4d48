"""What is held or done again, told by how the sensor went there, where nothing is known of the posture."""

from __future__ import annotations

from collections.abc import Mapping

from coxa.host.detect.auto.candidate import Candidate
from coxa.host.detect.auto.lever_params import LeverParams
from coxa.host.detect.trips.trip import TripDetector


def shown_by_levers(believed: Mapping[str, Candidate], p: LeverParams) -> dict[str, Candidate]:
    """Of what seems to be held, the one that took the sensor there as nothing else takes it; empty where none did.

    A leg that is put out from a seat lets a level thigh down about the hip, by some degrees. Who sits back over one
    foot leans that thigh forward about the knee, by more: it sinks as what stands upside down. Hips, legs and knees
    that are raised lift it instead, and a leg that is crossed or put forward hangs from the hip and rises.
    """
    held = {"hamstring_stretch": _put_out, "figure_four": _sits_back}
    return {n: c for n, c in believed.items() if n in held and c.holds and held[n](c, p)}


def lifted_for_long(bridge: Candidate, p: LeverParams) -> bool:
    """Whether hips are lifted for long, again and again, as no leg is kept up."""
    held = [e for e in bridge.ended() if e.held_s >= p.lifted_s and e.rom_deg < p.raised_deg]
    if len(held) < p.lifted_times or len(bridge.reps()) < p.lifted_times or bridge.levers_m is None:
        return False
    across_m, below_m = bridge.levers_m
    rose = (bridge.detector.rose_m or 0.0) > 0.0 or across_m > p.drawn_m
    return rose and across_m > p.lifted_m and below_m > p.bent_m


def _put_out(c: Candidate, p: LeverParams) -> bool:
    levers_m, deg = c.levers_m, c.held_deg
    if levers_m is None or deg is None:
        return False
    return deg < p.put_out_deg and -p.longest_m < levers_m[0] < -p.put_out_m


def _sits_back(c: Candidate, p: LeverParams) -> bool:
    levers_m, deg = c.levers_m, c.held_deg
    if levers_m is None or deg is None:
        return False
    across_m, below_m = levers_m
    leans = p.put_out_deg <= deg <= p.sit_back_deg and -p.longest_m < below_m < -p.sit_back_m
    return leans and abs(across_m) < p.sit_back_m


def draws_on(c: Candidate, p: LeverParams, rest_deg: float | None) -> bool:
    """Whether the thigh of who lies is drawn up to what is held as the end of a lever that rose: there is no chair on
    the way, only a foot on the floor, and a knee that is drawn on from there stands no more. Beyond where a foot on the
    floor holds it, from a rest that is known to be level (`rest_deg` is its tilt against upright), any such lever does.
    """
    levers_m, draws = c.levers_m, c.spec.kind == "hold" and c.spec.begins("up")
    if not draws or levers_m is None:
        return False
    far = c.held_deg is not None and c.held_deg > p.far_up_deg
    level = rest_deg is not None and rest_deg > p.level_deg
    return levers_m[0] > (p.far_up_m if far and level else p.drawn_m) and levers_m[1] > -p.drawn_m


def crosses_on(c: Candidate) -> bool:
    """Whether who stands has crossed the leg before they sat back to what is held: it goes on from no chair."""
    return isinstance(c.detector, TripDetector) and c.detector.felt.crossed


def puts_out_on(c: Candidate) -> bool:
    """Whether who sits lets the thigh down further from where it was held for a moment: there is no other chair on the
    way, and a foot that is drawn back comes back.
    """
    return c.spec.kind == "hold" and c.spec.begins("down") and c.farther
