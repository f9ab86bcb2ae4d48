"""The home folder in the name of a place. A shell writes '~' out only where a word begins with it: not in --log=~/x."""

from __future__ import annotations

import os


def at_home(name: str) -> str:
    """The same place with the home folder for a leading '~'; names of other kinds and URLs stay as they are.

    A folder that is itself called '~', as in './~/x', gets its whole path: some libraries below take it for the home
    folder when they read or when they write, and what is written to one place would be read from another.
    """
    place = os.path.expanduser(name)
    return os.path.abspath(place) if os.path.normpath(place).startswith("~") else place
