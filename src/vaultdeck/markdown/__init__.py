"""Obsidian's Markdown → markdown-it tokens; one file a rule.

Parsing has two steps, so that of an embedded note only the embedded section is parsed in full:
`parse_blocks` finds paragraphs, lists and headings, `parse_inlines` what stands in their text.
"""

from vaultdeck.markdown.parser import (
    Markdown,
    find_too_deep,
    is_too_deep,
    shared_markdown,
)

__all__ = [
    "Markdown",
    "find_too_deep",
    "is_too_deep",
    "shared_markdown",
]
