"""The warning of a formula that is shown as text."""

from __future__ import annotations

import re

from vaultdeck.diagnostics import Diagnostic
from vaultdeck.model import Location

LETTERS = re.compile(r"[^A-Za-z\\]+")


def unsafe_math(location: Location, reason: str) -> Diagnostic:
    """Return `unsafe-math`; `reason` says what is not known to be harmless."""
    message = f"this formula is shown as text, as it may not be harmless: {reason}"
    return Diagnostic("unsafe-math", location, message, "write it without")


def spell_letters(tex: str) -> str:
    """Return what of a formula stays the same in the HTML of a field."""
    return LETTERS.sub("", tex)
