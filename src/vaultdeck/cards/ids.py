"""IDs in a block's text.

    <!--ID: 1769619800835-->
    ID: 1769619800835            (only as one of the block's last lines)

Obsidian_to_Anki writes the comment directly above the end marker. Vaults hold it indented, glued to
text, without the space, and broken over lines; all of these are read.
"""

from __future__ import annotations

import re

from vaultdeck.cards.fences import code_spans
from vaultdeck.cards.inlines import inline_spans
from vaultdeck.model import Markers, Span

# `<!--ID: 123-->`; up to the end of the line if it is not closed, as the plugin reads it.
ID_COMMENT = re.compile(r"<!--\s*ID:\s*(?P<id>[0-9]+)(?!\w)(?:\s*-->|[^\n]*?-->|[^\n]*)")
# An ID comment whose number is missing or no number: `<!--ID: 12x4-->`.
MALFORMED_ID = re.compile(r"<!--\s*ID:(?!\s*[0-9]+(?!\w))[^\n]*?(?:-->|$)", re.MULTILINE)
# `ID: 123` alone on a line, perhaps in a list or quote.
BARE_ID = re.compile(r"[\s>*+-]*ID:\s*(?P<id>[0-9]+)\s*")
# What may stand before an ID that has a line to itself.
LINE_PREFIX = re.compile(r"[\s>*+-]*")


def find_ids(text: str, start: int, end: int, words: Markers) -> list[re.Match[str]]:
    """Return the ID comments in `text[start:end]` that belong to it, malformed ones included.

    Those in code or in an inline note do not.
    """
    found = [*ID_COMMENT.finditer(text, start, end), *MALFORMED_ID.finditer(text, start, end)]
    if not found:
        return []
    code = code_spans(text[start:end], words)
    code += [Span(s.start - start, s.end - start) for s in inline_spans(text, words, start, end)]
    return sorted(
        (
            match
            for match in found
            if not is_code_span(text, match)
            and not any(span.start <= match.start() - start < span.end for span in code)
        ),
        key=lambda match: match.start(),
    )


def is_code_span(text: str, match: re.Match[str]) -> bool:
    """Tell whether a match stands between back-ticks on its line."""
    line = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    is_open = text.count("`", line, match.start()) % 2 == 1
    return is_open and text.find("`", match.end(), end if end >= 0 else len(text)) >= 0
