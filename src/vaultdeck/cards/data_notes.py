"""Notes whose text is the data of a plugin: drawings, boards, compressed JSON.

    ---
    excalidraw-plugin: parsed
    ---

Obsidian shows what the plugin draws of it. The text is neither searched for cards nor shown on one; a
block in such a note is reported, as its author cannot know.
"""

from __future__ import annotations

import json
import re

from vaultdeck.cards.extents import find_extents
from vaultdeck.cards.properties import end_of_properties
from vaultdeck.model import SourceFile
from vaultdeck.model.config import Markers
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.regexps import regexp

# The names that Excalidraw gives to its drawings.
DRAWING = ".excalidraw.md"
# Properties by which plugins know their files; one that is false or empty says that it is none.
PROPERTY = regexp(
    r"^(?P<quote>[\"']?)(?:(?:excalidraw|kanban|excel-pro)-plugin|tldraw-file)(?P=quote)[ \t]*:"
    r"(?![ \t]*(?:false|null|~|\"\"|'')?[ \t]*\r?$)"
    r"|^[\w-]+-plugin[ \t]*:[ \t]*[\"']?(?:parsed|raw|rich)\b",
    re.MULTILINE | re.IGNORECASE,
)
# A drawing that is compressed.
COMPRESSED = regexp(r"^[ \t]*(?:`{3,}|~{3,})compressed-json[ \t]*\r?$", re.MULTILINE)
# A canvas, say, that was saved as a note: an object, or a list of them, is all that it holds.
BEGINS_AS_JSON = regexp(r"\ufeff?\s*(?:\[\s*)?\{\s*\"")


def is_data(source: SourceFile) -> bool:
    """Tell whether the text of a note means something to a plugin only."""
    if source.path.lower().endswith(DRAWING):
        return True
    text = source.text
    end = end_of_properties(text)
    return bool(
        PROPERTY.search(text, 0, end)
        or ("compressed-json" in text and COMPRESSED.search(text))
        or (BEGINS_AS_JSON.match(text, end) and _is_json(text[end:]))
    )


def blocks_in_data(source: SourceFile, words: Markers) -> tuple[Diagnostic, ...]:
    """Return `start-not-read` for each block in a note that is a plugin's data."""
    message = "this block is not read: the note is the data of a plugin, a drawing or a board"
    hint = "write the card in another note"
    return tuple(
        Diagnostic("start-not-read", source.place(extent.span), message, hint)
        for extent in find_extents(source, words)[0]
    )


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text.strip("\ufeff")), (dict, list))
    except (ValueError, RecursionError):
        return False
