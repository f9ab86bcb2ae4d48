"""The key that this user's browsers have to the page on loopback, where other users of the computer can knock, too."""

from __future__ import annotations

import re
from secrets import token_urlsafe

import platformdirs

from coxa.host.bounded import read_file
from coxa.host.limits import SETTINGS_BYTES
from coxa.host.private_file import put
from coxa.host.strict_json import TooMuchError

KEY = re.compile(rb"[A-Za-z0-9_-]{32}")


def own_key() -> str:
    """The same in every session, so that a bookmark, and a tab that was left open, go on; readable by its owner only.

    Where it cannot be kept it is a new one each time: a browser then needs the link that is printed each time.
    """
    file = platformdirs.user_config_path("coxa") / "page.key"
    try:
        kept = read_file(file, SETTINGS_BYTES)
    except (OSError, TooMuchError):
        kept = b""
    if KEY.fullmatch(kept):
        return kept.decode()
    new = token_urlsafe(24)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        put(file, new.encode())
    except OSError:
        pass
    return new
