"""Style attributes, by an allow-list of properties and of what they may be set to.

    color: red; margin: 1em        stays
    background: url(…)             goes, and so does whatever else loads, moves or covers

A value is made of words, colours and lengths; lengths are not negative and not larger than a card.
"""

from __future__ import annotations

import re

TEXT_PROPERTIES = frozenset(
    "background background-color color font-family font-size font-style font-weight line-height "
    "opacity text-align text-decoration text-transform vertical-align white-space".split()
)
BOX_PROPERTIES = frozenset(
    "border border-radius display float height list-style-type margin margin-bottom margin-left "
    "margin-right margin-top max-height max-width min-width overflow padding text-indent "
    "visibility width zoom".split()
)
# Pictures are made smaller with it; what is larger than it was may cover something.
ZOOM = re.compile(r"0?\.[0-9]{1,6}|1|(?:100|[0-9]{1,2}(?:\.[0-9]{1,6})?)%")
PROPERTIES = TEXT_PROPERTIES | BOX_PROPERTIES
CSS_NUMBER = r"\+?(?P<number>[0-9]{1,5}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})(?P<unit>[a-z]{0,4}|%)"
CSS_PART = re.compile(
    rf"(?:(?P<word>-?[a-z][a-z-]*)|(?P<color>#[0-9a-f]{{3,8}}|(?:rgb|hsl)a?\([0-9.,%/ a-z]*\))"
    rf"|(?P<var>var\(--[\w-]+\))|{CSS_NUMBER}|(?P<quoted>\"[\w ,.-]*\"|'[\w ,.-]*'))(?:[\s,/]+|\Z)",
    re.IGNORECASE,
)
IMPORTANT = re.compile(r"\s*!\s*important\s*\Z", re.IGNORECASE)
# The largest number of each unit, for a box (the size of a card) and for letters and lines.
LARGEST = {
    "": (1000, 10),
    "px": (1000, 130),
    "pt": (750, 100),
    "pc": (60, 8),
    "in": (10, 1.4),
    "cm": (26, 3.4),
    "mm": (260, 34),
    "em": (60, 8),
    "rem": (60, 8),
    "ex": (120, 16),
    "ch": (120, 16),
    "%": (300, 300),
}
UNKNOWN_UNIT = (-1, -1)
LETTER = frozenset(["font-size", "line-height"])


def clean_style(style: str, *, is_link: bool = False) -> str:
    """Return the declarations that may stay; a link keeps those of its text only."""
    kept = []
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        allowed = TEXT_PROPERTIES if is_link else PROPERTIES
        name = name.strip().lower()
        plain = IMPORTANT.sub("", value).strip()
        if name == "zoom" and not ZOOM.fullmatch(plain):
            continue
        if name in allowed and _is_plain(plain, is_letter=name in LETTER):
            kept.append(declaration.strip())
    return "; ".join(kept)


def _is_plain(value: str, *, is_letter: bool) -> bool:
    pos = 0
    while pos < len(value):
        part = CSS_PART.match(value, pos)
        if part is None:
            return False
        number, unit = part["number"], part["unit"]
        if number and float(number) > LARGEST.get((unit or "").lower(), UNKNOWN_UNIT)[is_letter]:
            return False
        pos = part.end()
    return value != ""
