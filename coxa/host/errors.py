"""Errors, typed by whose fault they are. Any other exception that escapes is a bug of coxa's."""

from __future__ import annotations

from enum import Enum


class CoxaError(Exception):
    """Base of every error that coxa raises on purpose; its text is one line that a user can act on."""


class RecordingError(CoxaError):
    """The recording's fault: a file that is missing, broken or not what it claims to be."""


class WireError(CoxaError):
    """The sensor's fault: bytes that do not follow its protocol."""


class SpecError(CoxaError):
    """The configuration's fault: an exercise or routine entry that is wrong; the text names the key."""


class LogError(CoxaError):
    """The log's fault: a session that cannot be read or a folder that cannot be written."""


class SnapshotError(CoxaError):
    """The snapshot's fault: not one of coxa's, damaged, or of another version."""


class LinkFailure(Enum):
    """Why a link could not be made or kept."""

    NO_ADAPTER = "no Bluetooth adapter"
    NO_PERMISSION = "no permission to use Bluetooth"
    NOT_FOUND = "sensor not found"
    CONNECT_FAILED = "connection failed"
    LOST = "connection lost"
    SWITCHED_OFF = "Bluetooth is switched off"
    REFUSED = "sensor cannot be used"


class LinkError(CoxaError):
    """The radio's fault: `reason` says which."""

    def __init__(self, reason: LinkFailure, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def reason_of(error: BaseException) -> str:
    """Why something failed, in the words of who refused it, for the brackets of a message: 'No space left on device'.

    `strerror` alone is not enough: it is None for an OSError that no system call raised, as those of object stores
    and of Arrow are. An error without any text gives the name of its class.
    """
    said = error.strerror if isinstance(error, OSError) else None
    return said or str(error) or type(error).__name__
