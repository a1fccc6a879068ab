"""What a formula defines itself: `\\newcommand{\\R}{\\mathbb{R}}`, `\\def\\x{…}`, `\\require{physics}`."""

from __future__ import annotations

import re

from vaultdeck.mathjax.tables import load_tables
from vaultdeck.regexps import regexp

# A macro that defines, and the name it defines: in braces, where the backslash may lack, or not.
DEFINING_MACRO = regexp(
    r"\\(?:newcommand|renewcommand|providecommand|def|let|Newextarrow|Declare[A-Za-z]+)"
    r"\s*(?:\*\s*)?(?:\{\s*\\?(?P<braced>[A-Za-z]+|[^A-Za-z])|\\(?P<bare>[A-Za-z]+|[^A-Za-z]))"
    r"|\\(?:re)?newenvironment\s*(?:\*\s*)?\{(?P<environment>[^{}\\]*)\}"
    r"|\\require\s*\{(?P<package>[^{}]*)\}",
    re.DOTALL,
)
# How many arguments in braces follow the name.
BODIES = {
    "newenvironment": 2,
    "renewenvironment": 2,
    "DeclarePairedDelimiter": 2,
    "DeclarePairedDelimiters": 2,
    "DeclarePairedDelimiterX": 3,
    "DeclarePairedDelimitersX": 3,
    "DeclarePairedDelimiterXPP": 5,
    "DeclarePairedDelimitersXPP": 5,
    "Newextarrow": 2,
}


def find_definitions(tex: str) -> frozenset[str]:
    """Return what TeX defines: macros with their backslash, environments without.

    MathJax keeps definitions for all formulas that follow on the card, so a caller may pass what the
    formulas before one define. (It even keeps them for later cards, but those come in any order.)
    """
    if "\\" not in tex:
        return frozenset()
    found: set[str] = set()
    for match in DEFINING_MACRO.finditer(tex):
        if match["package"] == "physics":
            found |= load_tables().physics
        elif match["environment"] is not None:
            found.add(match["environment"])
        elif match["package"] is None:
            found.add("\\" + (match["braced"] or match["bare"]))
    return frozenset(found)
