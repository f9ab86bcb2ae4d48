"""What to tell the person, and until when it is worth telling."""

from coxa.host.cues.announcer import Announcer
from coxa.host.cues.cue import Cue, Level, Slot

__all__ = ["Announcer", "Cue", "Level", "Slot"]
