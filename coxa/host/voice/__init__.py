"""Says cues aloud: phrases of a language, and a voice of the machine."""

from coxa.host.voice.language import Phrases, languages, load_phrases

__all__ = ["Phrases", "languages", "load_phrases"]
