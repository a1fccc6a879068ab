"""A note's text → the document from which embeds take their sections.

Of a note only the parts between headings are parsed that an embed shows. Where it takes parsing to
know the headings, or one part of the note has to do with another, the note is parsed as a whole: the
tokens are the same.
"""

from __future__ import annotations

from markdown_it.token import Token

from vaultdeck.embeds.sections import Document, Heading, Part, Place, heading_key
from vaultdeck.markdown import MAX_BRACKETS, Markdown, clean, find_headings, is_too_deep
from vaultdeck.model import SourceFile


def open_document(source: SourceFile, text: str, markdown: Markdown) -> Document:
    """Return the document of a note; `text` is what of it can be embedded, line for line."""
    cleaned = clean(text)
    found = find_headings(cleaned)
    if found is None or cleaned.count("[") + cleaned.count("<") > MAX_BRACKETS:
        return parse_document(source, text, markdown)

    def parse(part: str) -> list[Token]:
        return markdown.parse_blocks(part)[0]

    starts = [0, *(heading.start for heading in found)]
    ends = [*starts[1:], len(cleaned)]
    lines = [0, *(heading.line for heading in found)]
    parts = [
        Part(cleaned, start, end, line, parse)
        for start, end, line in zip(starts, ends, lines, strict=True)
    ]
    headings = [
        Heading(Place(number, 0), level, heading_key(content), content)
        for number, (_, _, level, content) in enumerate(found, 1)
    ]
    return Document(source, text, parts, {"footnotes": {}}, headings)


def parse_document(source: SourceFile, text: str, markdown: Markdown) -> Document:
    """Return the document of a note that is parsed as a whole."""
    tokens, env = markdown.parse_blocks(text)
    headings = [
        Heading(Place(0, index), int(token.tag[1:]), heading_key(content), content)
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0
        for content in [tokens[index + 1].content]
    ]
    cleaned = clean(text)
    part = Part(cleaned, 0, len(cleaned), 0, lambda _: tokens)
    return Document(source, text, [part], env, headings, is_too_deep(tokens))
