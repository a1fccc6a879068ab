"""Whether a coloured box, or a colour's definition, could be parted from its plain values.

\\bbox[red]{x}             harmless as it stands
\\def\\a#1{} \\a\\bbox[…]     a macro takes the box away: what stands behind it is read anew
"""

from __future__ import annotations

from collections.abc import Sequence

from vaultdeck.mathjax.expansion import Definition
from vaultdeck.mathjax.meanings import MACRO, is_known
from vaultdeck.mathjax.reader import Reader
from vaultdeck.mathjax.rules import MACRO_RULES
from vaultdeck.mathjax.tables import load_tables
from vaultdeck.regexps import regexp

# Raw text that would take effect is kept next to these; nothing may come between.
BOX_MACRO = regexp(r"\\(?:fcolorbox|bbox)(?![A-Za-z])")
# A colour's definition takes three values, of which some could be another's: nothing stands before it.
COLORS_FIRST = regexp(rf"(?:\s*\\definecolor{MACRO_RULES['definecolor']})*")


def loose_color(text: str, definitions: Sequence[Definition]) -> str:
    """Return why a macro of TeX with these definitions could be parted from its plain values, or "".

    In a definition it stands first; elsewhere no macro stands by it that others could define.
    """
    colors = COLORS_FIRST.match(text)
    if "\\definecolor" in text[colors.end() if colors else 0 :]:
        return "'\\definecolor' behind something else"
    if BOX_MACRO.search(text) is None:
        return ""
    rest = text
    for definition in definitions:
        body = definition.body
        if BOX_MACRO.search(body):
            if len(BOX_MACRO.findall(body)) > 1 or not BOX_MACRO.match(body.lstrip("{ \n")):
                return f"a coloured box amid the definition of '\\{definition.name}'"
            rest = rest.replace(body, "", 1)
    if BOX_MACRO.search(rest) is None:
        return ""
    is_fixed = not definitions and all(map(is_known, MACRO.findall(rest)))
    if not is_fixed or "%" in text or "\\verb" in text:
        return "a coloured box beside macros that have no fixed meaning"
    return "a coloured box without braces round it" if _is_argument(rest) else ""


def _is_argument(text: str) -> bool:
    """Tell whether a coloured box is an argument of a macro without braces round it."""
    reader = Reader(text)
    for match in MACRO.finditer(text):
        pos = match.end()
        for letter in load_tables().macros.get(match[1], ""):
            if letter not in "mt":
                break
            span, pos = reader.read_argument(pos, len(text))
            if span and BOX_MACRO.fullmatch(text[slice(*span)].strip()):
                return True
    return False
