"""Why a sync ends early; the exit code of the command tells which."""

from __future__ import annotations


class SyncError(Exception):
    """A sync cannot be done; the message says why and what to do."""

    code = 2


class DecisionError(SyncError):
    """One side would have to be replaced by the other as a whole; a person has to say so."""

    code = 4


class InUseError(SyncError):
    """Anki is not reachable, in use, or cannot write: not all was done, and it can be tried again."""

    code = 3
