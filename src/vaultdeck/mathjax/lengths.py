"""Which lengths in TeX lead too far away: `\\kern-1000em`, `\\framebox[99999]{x}`, `\\bbox[999px]{x}`."""

from __future__ import annotations

import re

from vaultdeck.regexps import regexp

TEX_NUMBER = r"(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)"
UNIT = r"(?:em|ex|px|pt|pc|in|cm|mm|mu)"
ONE_LENGTH = regexp(rf"\s*\{{?\s*[-+]?\s*(?P<number>{TEX_NUMBER})\s*(?P<unit>{UNIT})")
# A length amid other values, where a number alone may be one; `#123` is a colour.
LENGTH_AMID = regexp(rf"(?<![\w#.])(?P<number>{TEX_NUMBER})\s*(?P<unit>{UNIT}|)")
# Units in em, as MathJax has them.
EM = {
    "": 1.0,
    "em": 1.0,
    "ex": 0.5,
    "px": 1 / 16,
    "pt": 0.1,
    "pc": 1.2,
    "in": 7.2,
    "cm": 2.84,
    "mm": 0.284,
    "mu": 1 / 18,
}
MAX_EM = 50


def is_far(length: re.Match[str]) -> bool:
    """Tell whether a length, or a number that may be one, is longer than a formula's parts are."""
    return float(length["number"].replace(",", ".")) * EM[length["unit"]] > MAX_EM


def holds_far(values: str, *, are_numbers: bool = True) -> bool:
    """Tell whether one of several values is far away; numbers alone count where they may be lengths."""
    found = LENGTH_AMID.finditer(values)
    return any((each["unit"] or are_numbers) and is_far(each) for each in found)
