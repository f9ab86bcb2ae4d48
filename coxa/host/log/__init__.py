"""The session log: one folder a session, which only that session writes."""

from coxa.host.log.reader import Session, find_session, list_sessions, log_folder, open_session, session_items
from coxa.host.log.repair import repair_log
from coxa.host.log.writer import SessionHeader, SessionWriter

__all__ = [
    "Session",
    "SessionHeader",
    "SessionWriter",
    "find_session",
    "list_sessions",
    "log_folder",
    "open_session",
    "repair_log",
    "session_items",
]
