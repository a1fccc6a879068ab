"""Notes whose text is the data of a plugin: drawings, boards, compressed JSON.

    ---
    excalidraw-plugin: parsed
    ---

Obsidian shows what the plugin draws of it. The text is neither searched for cards nor shown on one.
"""

from __future__ import annotations

import re

from vaultdeck.cards.properties import end_of_properties
from vaultdeck.model import SourceFile

# The names that Excalidraw gives to its drawings.
DRAWING = ".excalidraw.md"
# Properties by which plugins know their files.
PROPERTY = re.compile(
    r"^(?P<quote>[\"']?)(?:(?:excalidraw|kanban)-plugin|tldraw-file)(?P=quote)[ \t]*:"
    r"|^mindmap-plugin[ \t]*:[ \t]*rich\b",
    re.MULTILINE | re.IGNORECASE,
)
# A drawing that is compressed.
COMPRESSED = re.compile(r"^[ \t]*(?:`{3,}|~{3,})compressed-json[ \t]*\r?$", re.MULTILINE)


def is_data(source: SourceFile) -> bool:
    """Tell whether the text of a note means something to a plugin only."""
    if source.path.lower().endswith(DRAWING):
        return True
    text = source.text
    return bool(
        PROPERTY.search(text, 0, end_of_properties(text))
        or ("compressed-json" in text and COMPRESSED.search(text))
    )
