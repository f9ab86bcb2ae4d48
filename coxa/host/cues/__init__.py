"""What to tell the person, and until when it is worth telling."""

from coxa.host.cues.cue import Cue, Level

__all__ = ["Cue", "Level"]
