"""Obsidian's Markdown → markdown-it tokens; one file a rule.

Parsing has two steps, so that of an embedded note only the embedded section is parsed in full:
`parse_blocks` finds paragraphs, lists and headings, `parse_inlines` what stands in their text.
`find_headings` tells, often, how a note can be parsed part by part.
"""

from vaultdeck.markdown.outline import find_headings
from vaultdeck.markdown.parser import (
    MAX_BRACKETS,
    Markdown,
    clean,
    find_too_deep,
    is_too_deep,
    shared_markdown,
)

__all__ = [
    "MAX_BRACKETS",
    "Markdown",
    "clean",
    "find_headings",
    "find_too_deep",
    "is_too_deep",
    "shared_markdown",
]
