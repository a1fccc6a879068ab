"""Style attributes, by an allow-list of properties and of what they may be set to.

    color: red; margin: 1em        stays
    background: url(…)             goes, and so does whatever else loads, moves or covers
    height: 2em                    of a box becomes `min-height`: what it holds stays within it
    padding: 2em                   of text in a line goes: it would lie over the lines above and below
    line-height: 150%              becomes 1.5, so that larger letters in it have higher lines

A value is made of words, colours and lengths; lengths are not negative and not larger than a card.
"""

from __future__ import annotations

import re

from vaultdeck.regexps import regexp

TEXT_PROPERTIES = frozenset(
    "background background-color color font-family font-size font-style font-weight line-height "
    "opacity text-align text-decoration text-transform vertical-align white-space".split()
)
BOX_PROPERTIES = frozenset(
    "border border-radius display float height list-style-type margin margin-bottom margin-left "
    "margin-right margin-top max-height max-width min-height min-width overflow padding text-indent "
    "visibility width zoom".split()
)
# Pictures are made smaller with it; what is larger than it was may cover something.
ZOOM = regexp(r"0?\.[0-9]{1,6}|1|(?:100|[0-9]{1,2}(?:\.[0-9]{1,6})?)%")
PROPERTIES = TEXT_PROPERTIES | BOX_PROPERTIES
CSS_NUMBER = r"\+?(?P<number>[0-9]{1,5}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})(?P<unit>[a-z]{0,4}|%)"
CSS_PART = regexp(
    rf"(?:(?P<word>-?[a-z][a-z-]*)|(?P<color>#[0-9a-f]{{3,8}}|(?:rgb|hsl)a?\([0-9.,%/ a-z]*\))"
    rf"|(?P<var>var\(--[\w-]+\))|{CSS_NUMBER}|(?P<quoted>\"[\w ,.-]*\"|'[\w ,.-]*'))(?:[\s,/]+|\Z)",
    re.IGNORECASE,
)
IMPORTANT = regexp(r"\s*!\s*important\s*\Z", re.IGNORECASE)
# The largest number of each unit: for a box (the size of a card), for letters and lines, and for what is
# drawn round text in a line, which makes no room for it.
BOX, LETTER, EDGE = range(3)
LARGEST = {
    "": (1000, 10, 0),
    "px": (1000, 130, 10),
    "pt": (750, 100, 8),
    "pc": (60, 8, 0.6),
    "in": (10, 1.4, 0.1),
    "cm": (26, 3.4, 0.26),
    "mm": (260, 34, 2.6),
    "em": (60, 8, 0.5),
    "rem": (60, 8, 0.5),
    "ex": (120, 16, 1),
    "ch": (120, 16, 1),
    "%": (300, 300, 0),
}
UNKNOWN_UNIT = (-1, -1, -1)
LIMIT_OF = {"font-size": LETTER, "line-height": LETTER, "text-decoration": EDGE}
EDGES = frozenset(["border", "padding"])
# Elements that are text in a line, unless a style makes boxes of them; a style that makes text of any.
IN_LINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rb rp rt rtc "
    "ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
BOXED = regexp(
    r"(?:\A|;)\s*(?:float\s*:\s*(?:left|right)|display\s*:\s*"
    r"(?:block|flow-root|flex|grid|table|inline-(?:block|flex|grid|table)))\s*(?:;|\Z)"
)
# Heights that nothing sticks out of: that of a line which grows with its letters; those of a box that hides
# the rest, of what is drawn into its box, and of a part of a table, which grows as long as it is one.
LINE_HEIGHT = regexp(r"(?P<number>[0-9.]+)(?P<unit>%|em|)|normal", re.IGNORECASE)
CLIPPED = regexp(r"(?:\A|;)\s*overflow\s*:\s*(?:auto|hidden|scroll)\s*(?:;|\Z)", re.IGNORECASE)
DRAWN = frozenset("audio hr iframe img input video".split())
TABLE = frozenset("table tbody td tfoot th thead tr".split())


def clean_style(style: str, tag: str) -> str:
    """Return the declarations that may stay in a tag; a link keeps those of its text only."""
    kept = []
    allowed = TEXT_PROPERTIES if tag == "a" else PROPERTIES
    is_clipped = CLIPPED.search(style) and style.lower().count("overflow") == 1
    may_be_low = tag in DRAWN or tag in TABLE or is_clipped
    edge = EDGE if _is_in_line(style.lower(), tag) else BOX
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        name = name.strip().lower()
        plain = IMPORTANT.sub("", value).strip()
        kind = edge if name in EDGES else LIMIT_OF.get(name, BOX)
        if name not in allowed or not _is_plain(plain, kind) or _unmakes_table(tag, name, plain):
            continue
        declaration = declaration.strip()
        if name == "line-height":
            declaration = _line_height(plain)
        elif name in ("height", "max-height") and not may_be_low:
            declaration = f"min-{declaration}" if name == "height" else ""
        elif name == "zoom" and not ZOOM.fullmatch(plain):
            continue
        kept += [declaration] if declaration else []
    return "; ".join(kept)


def _line_height(value: str) -> str:
    """Return the declaration of a height of lines that grows with the letters, "" if it does not."""
    match = LINE_HEIGHT.fullmatch(value)
    if match is None or not match["number"]:
        return f"line-height: {value}" if match else ""
    number = float(match["number"]) / (100 if match["unit"] == "%" else 1)
    return f"line-height: {number:g}" if number >= 1 else ""


def _is_in_line(style: str, tag: str) -> bool:
    """Tell whether an element may be text in a line, for which nothing makes room."""
    counts = style.count("display"), style.count("float")
    is_boxed = BOXED.search(style) and max(counts) == 1
    return not is_boxed and (counts[0] > 0 or tag in IN_LINE)


def _unmakes_table(tag: str, name: str, value: str) -> bool:
    """Tell whether a declaration makes a box of a table or a part of one, which no longer grows."""
    if name == "float":
        return tag in TABLE and tag != "table"
    return name == "display" and tag in TABLE and value.lower() != "none"


def _is_plain(value: str, kind: int) -> bool:
    pos = 0
    while pos < len(value):
        part = CSS_PART.match(value, pos)
        if part is None:
            return False
        number, unit = part["number"], part["unit"]
        if number and float(number) > LARGEST.get((unit or "").lower(), UNKNOWN_UNIT)[kind]:
            return False
        pos = part.end()
    return value != ""
