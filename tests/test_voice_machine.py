"""The machine's voice: found by its language, survived when it crashes, and missed in one line."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from coxa.cli.voice import say_all
from coxa.host.cues.kinds import KINDS
from coxa.host.voice import load_phrases
from coxa.host.voice.engine import MachineVoice, NoVoiceError
from coxa.host.voice.speech_process import choose
from tests.helpers import coxa, missing

EN = load_phrases("en")


def named(ident: str, name: str, languages: str) -> dict[str, str]:
    return {"ident": ident, "name": name, "languages": languages}


def test_the_voice_of_the_language_is_chosen() -> None:
    """Names as espeak-ng, Windows and macOS give them."""
    espeak = [named("gmw/af", "Afrikaans", "af"), named("gmw/de", "German", "de"), named("gmw/en-us", "A", "en-us")]
    windows = [named("HKEY\\TTS_MS_EN-US_ZIRA", "Zira Desktop", ""), named("HKEY\\TTS_MS_DE-DE_HEDDA", "H", "")]
    mac = [named("com.apple.voice.Anna", "Anna", "de_DE"), named("com.apple.voice.Alex", "Alex", "en_US")]
    de, en = (list(load_phrases(code).voices) for code in ("de", "en"))
    assert [choose(v, de, "de") for v in (espeak, windows, mac)] == [espeak[1], windows[1], mac[0]]
    assert [choose(v, en, "en") for v in (espeak, windows, mac)] == [espeak[2], windows[0], mac[1]]
    assert choose(espeak[:1], de, "de") is None


def machine_voice(code: str) -> MachineVoice:
    """The machine's voice, where it has one."""
    try:
        return MachineVoice(load_phrases(code))
    except NoVoiceError as error:
        missing(str(error))


@pytest.mark.parametrize("code", ["de", "en"])
def test_the_machines_voice_speaks(code: str) -> None:
    """Both languages have a voice, and it says a phrase; one that is killed is started anew."""
    voice = machine_voice(code)
    try:
        assert voice.voice is not None
        voice.say("1")
        voice._child.kill()
        voice._child.wait()
        voice.say("2")
    finally:
        voice.close()


def test_a_machine_without_a_voice_is_told_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A speech library that cannot start is one line with what to do; so is one that crashes at once."""
    for content, why in (("def init(): raise OSError('no engine\\nlong story')", "no engine"), ("exit(11)", "at once")):
        (tmp_path / "pyttsx3.py").write_text(content)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(Path.cwd())]))
        with pytest.raises(NoVoiceError, match=f"no voice on this machine .*{why}.*; "):
            MachineVoice(EN)


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A speech library that takes its process with it at the first text that is no number."""
    (tmp_path / "pyttsx3.py").write_text(
        "import os\nclass E:\n"
        "  def getProperty(self, name): return []\n"
        "  def setProperty(self, name, value): pass\n"
        "  def say(self, text): self.text = text\n"
        "  def runAndWait(self): None if self.text.isdecimal() else os._exit(11)\n"
        "def init(): return E()\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(Path.cwd())]))


@pytest.mark.usefixtures("crashing")
def test_a_crash_in_the_middle_of_a_sentence_is_survived() -> None:
    """A library that takes its process with it: the text is tried once more, then the voice is given up."""
    voice = MachineVoice(EN)
    voice.say("1")
    with pytest.raises(NoVoiceError, match="failed twice"):
        voice.say("crash")
    voice.close()


@pytest.mark.usefixtures("crashing")
def test_the_command_prints_on_where_the_voice_crashes(capsys: pytest.CaptureFixture[str]) -> None:
    """One line says so, and every phrase is printed all the same."""
    say_all("en", None, silent=False)
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == len(KINDS)
    assert told.err.count("failed twice") == 1


def test_the_command() -> None:
    """Every phrase is printed; what is wrong is told in one line."""

    def voice(*words: str) -> subprocess.CompletedProcess[str]:
        return coxa("voice", *words)

    german = voice("--lang", "de", "--silent")
    assert (german.returncode, german.stderr, len(german.stdout.splitlines())) == (0, "", len(KINDS))
    assert "Noch eine" in german.stdout
    assert "no language 'xx'" in voice("--lang", "xx").stderr
    assert "no phrase 'nonsense'" in voice("--phrase", "nonsense", "--silent").stderr
