"""What is taken for upright, and how well that is known."""

from __future__ import annotations

from coxa.host.motion.tangent import Vector


class Upright:
    """Direction of up of a thigh that stands, sensor frame: first unknown, then on probation, seeming, and sure.

    What was taken for it may be refuted before it is sure, and corrected at any time.
    """

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Nothing is known."""
        self.taken: Vector | None = None
        """What is taken for upright, be it on probation; None while nothing is."""
        self.seems = False
        """Whether more speaks for it than that the thigh rested so."""
        self.sure = False
        """Whether by more than that the person came to rest in another posture: they may have got up as well."""
        self.doubted = False
        """Whether what was done since did not fit it, so that another posture proves nothing any more."""
        self.refuted = False
        """Whether the first rest was not upright, so that no rest is taken for it any more."""
        self.low: Vector | None = None
        """The first rest, if it is taken for a chair or the mat."""
        self.changed = True
        """Whether any of this has changed since whoever asks set it back."""
        self._trusted = False
        """Whether an exercise was done from where the first rest was taken for upright."""

    @property
    def shown(self) -> Vector | None:
        """What is taken for upright, None while that is on probation."""
        return self.taken if self.seems else None

    @property
    def supposed(self) -> bool:
        """Whether it seems so only because the person came to rest in another posture."""
        return self.seems and not self.sure

    def take(self, upright: Vector) -> None:
        """Take this for upright; how well that is known stays as it is."""
        self.taken, self.low, self.changed = upright, None, True

    def seem(self) -> None:
        """The first rest seems to have been upright."""
        if not self.seems and not self.doubted:
            self.seems, self.changed = True, True

    def prove(self) -> None:
        """What is taken for upright is."""
        self.seems, self.sure, self.changed = True, True, True

    def doubt(self) -> None:
        """What the person does does not fit: if only another posture has shown it, nothing is known."""
        self.seems, self.doubted, self.changed = False, True, True

    def refute(self) -> None:
        """What was taken for upright is not. If another posture had shown it, it was a chair or the mat."""
        self.low = None if self._trusted or not self.seems else self.taken
        self.taken, self.seems, self.refuted, self.changed = None, False, True, True

    def trust(self) -> None:
        """An exercise has been done: what was taken for upright was hardly a chair, whatever seems to refute it."""
        self._trusted = True

    def if_low(self) -> Upright:
        """What is known if what is taken for upright is a chair or the mat."""
        low = Upright()
        low.low = self.taken
        return low
