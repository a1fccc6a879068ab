"""A note file → its card blocks, deck and tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from vaultdeck.diagnostics import Diagnostic
from vaultdeck.model import NEWLINE, Markers, NoteType, ParsedFile, SourceFile
from vaultdeck.parse.blocks import find_blocks
from vaultdeck.parse.body import parse_body
from vaultdeck.parse.context import headings_above
from vaultdeck.parse.directives import read_directives
from vaultdeck.parse.fences import code_spans
from vaultdeck.parse.properties import end_of_properties


def parse_file(
    source: SourceFile, words: Markers, note_types: Mapping[str, NoteType]
) -> tuple[ParsedFile, tuple[Diagnostic, ...]]:
    """Return what a note file says about cards, and everything that is wrong with it.

    Deck, tags and properties are looked at only in files that have a block.
    """
    extents, problems = find_blocks(source, words)
    if not extents:
        return ParsedFile(source), tuple(problems)
    blocks = []
    for extent in extents:
        block, found = parse_body(source, extent, words, note_types)
        problems.extend(found)
        if block is not None:
            blocks.append(block)
    chains = headings_above(
        source.text,
        [block.span.start for block in blocks],
        [*(extent.span for extent in extents), *code_spans(source.text, words)],
    )
    blocks = [replace(block, context=chain) for block, chain in zip(blocks, chains, strict=True)]
    deck, tags, found = read_directives(source, words)
    problems.extend(found)
    return ParsedFile(source, tuple(blocks), deck, tags), tuple(problems)


def blank_blocks(source: SourceFile, words: Markers) -> str:
    """Return the text of a note file as embeds show it, line for line.

    Properties and card blocks become empty lines, so that line numbers stay true.
    """
    text = source.text
    extents, _ = find_blocks(source, words)
    spans = [(0, end_of_properties(text)), *((e.span.start, e.span.end) for e in extents)]
    pieces = []
    done = 0
    for start, end in spans:
        start, end = max(start, done), max(end, done)
        pieces.append(text[done:start])
        pieces.append("\n" * len(NEWLINE.findall(text, start, end)))
        done = end
    pieces.append(text[done:])
    return "".join(pieces)
