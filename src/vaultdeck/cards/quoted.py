"""Blocks whose lines do not begin at the start of the line.

> [!question]- Groups        - START             **Start**
> START                        Basic             Basic
> Basic                        What is …         What is …
> What is a group?             Back: a monoid    Back: a monoid
> Back: a monoid               END               **End**
> END

Obsidian shows nothing of `%% START %%` and `%% END %%`. The plugin reads none of these. With quote marks and
indentation taken off they are blocks like others, if the first line names a note type; what looks like
one and cannot be read is reported, as is a block that is all in one line:

    START Basic                      | START Basic | | START<br>Basic<br>q<br>Back: a<br>END |
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator

from vaultdeck.cards.extents import Extent
from vaultdeck.cards.lines import INVISIBLE, Line, split_lines
from vaultdeck.cards.opaque import ITEM_PREFIX
from vaultdeck.cards.spans import Spans
from vaultdeck.model import SourceFile, Span
from vaultdeck.model.config import Markers
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.regexps import regexp

QUOTE = regexp(r"[ \t]{0,3}>[ ]?")
TAB = 4


@functools.lru_cache(maxsize=8)
def _pattern(words: Markers) -> re.Pattern[str]:
    """Match a marker in a list, quote, heading or comment, bold, highlighted, as code, in other letters."""
    begin, end = re.escape(words.begin), re.escape(words.end)
    return re.compile(
        rf"^(?P<prefix>{ITEM_PREFIX.pattern})"
        r"(?P<word>(?:#{1,6}[ \t]+|\[.\][ \t]+)?"
        r"(?:(?:%%|<!--)[ \t]*|<(?:b|em|i|mark|strong|u)>|[*_=]{0,3}`?)"
        rf"(?:(?P<begin>{begin})|{end})(?:</[a-z]+>|[ \t]*(?:%%|-->)|`?[*_=]{{0,3}}):?)"
        rf"[{INVISIBLE}]*$",
        re.MULTILINE | re.IGNORECASE,
    )


@functools.lru_cache(maxsize=8)
def _unparted(words: Markers) -> re.Pattern[str]:
    """Match a begin marker at the start of a line or a table's cell, and what follows on the line."""
    return re.compile(
        rf"(?:^{ITEM_PREFIX.pattern}|\|[ \t]*)(?P<word>{re.escape(words.begin)})"
        r"(?:[ \t|]|<br ?/?>)+(?P<type>[^\n|<]*)(?P<rest>[^\n]*)",
        re.MULTILINE,
    )


def find_quoted(
    source: SourceFile, words: Markers, types: Collection[str], blocks: Spans, fences: Spans
) -> tuple[list[Extent], list[Diagnostic]]:
    """Return the extents of these blocks, in order, outside of `blocks`; and `start-not-read`.

    Their markers stand in none of `fences`, which may stand in a block.
    """
    extents: list[Extent] = []
    problems: list[Diagnostic] = []
    # With a letter behind it, it is another word: `STARTI`.
    word = re.escape(words.begin.casefold()) + r"(?![^\W_])"
    if not re.search(word, blocks.rest(source.text).casefold()):
        return extents, problems
    for line in _unparted(words).finditer(source.text):
        at = line.span("word")
        is_free = not any(each.meet(*at) for each in (blocks, fences))
        if is_free and _begins_with_type(line, words, types):
            problems.append(_not_read(source, at, words))
    opened: re.Match[str] | None = None
    may_close = True
    for match in [*_pattern(words).finditer(source.text), None]:
        if match and any(each.meet(*match.span("word")) for each in (blocks, fences)):
            continue
        if match is None or match["begin"]:
            if opened is not None and _is_meant(source.text, opened, words, types):
                is_open = may_close and _is_above_type(source.text, opened, types)
                problems.append(_not_read(source, opened.span("word"), words, is_open=is_open))
            # A proper marker that closed nothing is reported by `extents`.
            is_proper = match is not None and match[0].rstrip(INVISIBLE) == words.begin
            opened, may_close = None if is_proper else match, True
        elif opened is not None and may_close:
            extent = _extent(source.text, opened, match)
            # What the first end marker does not close, no other one below it does.
            is_free = not blocks.meet(extent.span.start, extent.span.end)
            may_close = is_free and _names_type(extent.lines, types)
            if may_close:
                extents.append(extent)
                opened = None
    return extents, problems


def _is_meant(text: str, opened: re.Match[str], words: Markers, types: Collection[str]) -> bool:
    """Tell whether a marker is more than a word: written as the settings have it, or above a type."""
    if opened["word"] == words.begin:
        return bool(opened["prefix"])
    return _is_above_type(text, opened, types)


def _is_above_type(text: str, opened: re.Match[str], types: Collection[str]) -> bool:
    start = text.find("\n", opened.end()) + 1
    end = text.find("\n", start) if start else -1
    below = Line(text[start : end if end >= 0 else len(text)], start) if start else None
    return below is not None and _names_type(_unquote([below], opened["prefix"]), types)


def _begins_with_type(match: re.Match[str], words: Markers, types: Collection[str]) -> bool:
    """Tell whether a note type stands behind a marker, alone or with a whole card."""
    text = match["type"].strip(INVISIBLE)
    is_whole = words.end in text + match["rest"]
    return text in types or (is_whole and any(text.startswith(f"{name} ") for name in types))


def _not_read(
    source: SourceFile, at: tuple[int, int], words: Markers, *, is_open: bool = False
) -> Diagnostic:
    """Return `start-not-read` for a marker; `is_open` tells that it lacks an end marker and nothing else."""
    word = source.text[slice(*at)]
    if is_open:
        message = f"'{word}' begins no card here: no '{words.end}' closes it"
        hint = f"write '{words.end}' below the card as '{words.begin}' is written above it"
    else:
        message = f"'{word}' begins no card here: it does not stand alone at the start of its line"
        hint = (
            f"write '{words.begin}' and '{words.end}' alone at the start of a line, round the card"
        )
    return Diagnostic("start-not-read", source.locate(*at), message, hint)


def _extent(text: str, opened: re.Match[str], closed: re.Match[str]) -> Extent:
    start = text.find("\n", opened.end()) + 1
    lines = split_lines(text, start, closed.start())
    return Extent(
        Span(opened.start("word"), closed.end("word")),
        Span(start, closed.start()),
        closed["prefix"],
        tuple(_unquote(lines, opened["prefix"])),
    )


def _names_type(lines: Iterator[Line] | tuple[Line, ...], types: Collection[str]) -> bool:
    first = next((line for line in lines if not line.is_blank), None)
    return first is not None and first.text.strip(INVISIBLE) in types


def _unquote(lines: Iterator[Line] | list[Line], prefix: str) -> Iterator[Line]:
    """Yield the lines without the quote marks and the indentation that the begin marker has."""
    depth = prefix.count(">")
    inner = prefix.rpartition(">")[2]
    width = len(inner.expandtabs(TAB)) - bool(depth and inner.startswith(" "))
    for line in lines:
        at = 0
        for _ in range(depth):
            mark = QUOTE.match(line.text, at)
            at = mark.end() if mark else at
        column = 0
        while column < width and line.text[at : at + 1] in (" ", "\t"):
            column += TAB - column % TAB if line.text[at] == "\t" else 1
            at += 1
        yield Line(line.text[at:], line.start + at)
