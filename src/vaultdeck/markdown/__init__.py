"""Obsidian's Markdown → markdown-it tokens; one file a rule.

Parsing has two steps, so that of an embedded note only the embedded section is parsed in full:
`parse_blocks` finds paragraphs, lists and headings, `parse_inlines` what stands in their text.

parser.py       begin here: which rules there are, in their order
place.py        where in the source an inline token stands
blocks          callout.py, task.py, footnote.py, block_id.py, multiline.py (math and comments over
                lines), nesting.py (lists by two spaces), quote.py (how far a quote is sought)
inlines         wikilink.py, tag.py, highlight.py, math.py, comment.py, cloze.py, bare_url.py, sound.py,
                cjk.py (emphasis without spaces)
first_character.py   asks only the rules that can match, for speed; changes no token
"""

from vaultdeck.markdown.parser import (
    MAX_BRACKETS,
    Markdown,
    clean,
    find_too_deep,
    plain_line,
    shared_markdown,
)

__all__ = ["MAX_BRACKETS", "Markdown", "clean", "find_too_deep", "plain_line", "shared_markdown"]
