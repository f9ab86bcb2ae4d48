"""Which of the exercises that are believed at the same time it is: to one sensor some look alike."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from coxa.host.detect.auto.candidate import Candidate
from coxa.host.detect.auto.held_how import lifted_for_long, shown_by_levers
from coxa.host.detect.auto.recogniser_params import RecogniserParams
from coxa.host.detect.detector import OneDetector

BEATEN_BY: Mapping[str, frozenset[str]] = {
    "leg_raise": frozenset({"hip_bridge", "lunge", "lateral_leg_raise", "knee_to_chest", "figure_four", "hip_circle"}),
    "figure_four": frozenset({"lunge", "hip_circle"}),
    "lateral_leg_raise": frozenset({"hip_bridge", "knee_to_chest"}),
    "hamstring_stretch": frozenset({"hip_bridge", "knee_to_chest"}),
}
"""Where two exercises both count, the one that asks for more wins: a leg raise asks for least. A lunge asks for a
knock, but a raise for a hip that does not sink, which no series of lunges gives: there the longer series wins."""


def best(believed: Mapping[str, Candidate], p: RecogniserParams) -> Candidate | None:
    """The one that no other explains better, None where there is none."""
    return next((c for c in believed.values() if not _beaten(c, believed, p)), None)


def sure_unposed(
    everyone: Mapping[str, Candidate],
    believed: Mapping[str, Candidate],
    p: RecogniserParams,
    *,
    stepped: bool,
    knocked: bool,
) -> dict[str, Candidate]:
    """What may be said of a thigh whose posture is not known. Where it has been knocked, nobody lies.

    Circles, where three of them wind, as nothing does that goes out and back, or where nothing else has repetitions:
    whoever circles slowly about a leaning pose seems to hold it, but three circles are no hold. After a step and before
    any repetition, what is held standing. Knocks, where the thigh sank, be it seen of them or of the same movements as
    raises, which are judged once they are over, or nothing without them counts; where it rose as another exercise
    counts it as often, it is a raise seen from its top, of which one fewer is seen. And what is so large that
    everything else that reaches so far has been counted too. Or raises that went on the side as well, by the
    lever of a level leg, but are too large for that.
    """
    circles = {n: c for n, c in believed.items() if c.spec.kind == "circle"}
    others = {n: c for n, c in believed.items() if n not in circles}
    many = any(len(c.reps()) >= p.sure_circles for c in circles.values())
    wind = any(sum(e.direction is not None for e in c.reps()) >= p.sure_circles for c in circles.values())
    if circles and (wind or not others or (many and not any(c.reps() for c in others.values()))):
        return circles
    bridge = None if knocked else others.get("hip_bridge")
    if bridge is not None and lifted_for_long(bridge, p.levers):
        return {"hip_bridge": bridge}
    counted = {n for n, c in everyone.items() if c.reps() and c.spec.kind != "circle"}
    shown = {} if counted or knocked else shown_by_levers(others, p.levers)
    if shown:
        return shown
    if stepped and not counted:
        return {n: c for n, c in others.items() if c.spec.stands}
    lower = any(_sank(everyone[n].detector, p) for n in counted)
    sank = {n for n in counted & set(others) if everyone[n].spec.impacts and lower}
    fewest = min((len(everyone[n].reps()) for n in sank), default=0)
    as_long = {n for n in counted - sank if len(everyone[n].reps()) >= fewest}
    if sank and not any(_rose(everyone[n].detector, p) for n in as_long):
        return {n: others[n] for n in sank}
    if "lateral_leg_raise" in others and _too_large_aside(others, p):
        return {"leg_raise": others["leg_raise"]}
    if all(everyone[n].spec.impacts for n in counted):
        return {n: c for n, c in others.items() if n in counted and not _rose(c.detector, p)}
    least_deg = min(e.rom_deg for n in counted for e in everyone[n].reps())
    reaching = {n for n, c in everyone.items() if c.spec.kind != "circle" and c.spec.kind != "hold"}
    reaching = {n for n in reaching if everyone[n].spec.max_rom_deg >= least_deg}
    sure = reaching <= set(others) and not knocked and "lateral_leg_raise" not in reaching
    return {n: others[n] for n in reaching} if sure else {}


def _sank(detector: OneDetector, p: RecogniserParams) -> bool:
    rose_m = detector.rose_m
    return rose_m is not None and rose_m < -p.sank_m


def _rose(detector: OneDetector, p: RecogniserParams) -> bool:
    rose_m = detector.rose_m
    return rose_m is not None and rose_m > p.sank_m


def _too_large_aside(believed: Mapping[str, Candidate], p: RecogniserParams) -> bool:
    """Whether the raises are larger, in the median, than the leg of who lies on one side goes. Whatever goes so far and
    is a raise has risen.
    """
    raised = believed.get("leg_raise")
    if raised is None or _sank(raised.detector, p):
        return False
    return median(e.rom_deg for e in raised.reps()) > p.aside_deg


def _longer(raised: Candidate, lunge: Candidate, p: RecogniserParams) -> bool:
    """Whether the raises are the longer series, of those that are as large: the other leg's lunge moves this thigh by
    10 to 15 degrees. Of two equally long ones, whether the sensor rose, in the median, as in no lunge.
    """
    least_deg = p.as_large_share * min(e.rom_deg for e in lunge.reps())
    more = sum(e.rom_deg >= least_deg for e in raised.reps()) - len(lunge.reps())
    return more > 0 or (more == 0 and (raised.detector.rose_m or 0.0) > p.rose_m)


def _beaten(c: Candidate, believed: Mapping[str, Candidate], p: RecogniserParams) -> bool:
    """Whether another believed exercise explains the same movement better."""
    beaten_by = BEATEN_BY.get(c.spec.name, frozenset[str]())
    lunge, raised = believed.get("lunge"), believed.get("leg_raise")
    if lunge is not None and raised is not None and _longer(raised, lunge, p):
        if c is lunge:
            return True
        beaten_by = beaten_by - {"lunge"} if c is raised else beaten_by
    if _too_large_aside(believed, p):
        if c.spec.name == "lateral_leg_raise":
            return True
        beaten_by = beaten_by - {"lateral_leg_raise"}
    return any(n in beaten_by for n in believed)
