"""A note cut at headings, so that one section of it is parsed without the others.

    text                a chunk
    ## A                another one
    - item
    ## B                another one

A heading in the first column ends every list, quote, table and paragraph above it. It is one unless a
fence, HTML, a comment or a formula reaches over it: text above with a mark of these (`ODD_LINE`) is
parsed, and is a chunk if what follows it would be read as a heading. Where it would not, all the rest
of the note is one chunk; so is a note with link definitions or footnotes, which hold everywhere.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any, NamedTuple

from markdown_it.token import Token

from vaultdeck.embeds.headings import Heading
from vaultdeck.markdown import MAX_BRACKETS, Markdown, clean
from vaultdeck.markdown.multiline import IS_OPEN, left_open, may_open
from vaultdeck.regexps import regexp

# A definition, whose label has no brackets in it.
CHUNK_DEFINITION = regexp(r"(?<!(?<!\\)\])\]:")
# All below begin with a newline, as Python finds what begins with one character ten times as fast.
# Marks of lists and quotes that could nest beyond `MAX_NESTING`: of 98 columns.
DEEP = regexp(r"\n(?:(?:[ >*+.)0-9-]*\t){8}|[ \t>*+.)0-9-]{66})")
# A fence, a formula in lines of its own, or a heading that begins a chunk; `# ^id` names the block above.
CHUNK_MARK = regexp(
    r"\n(?:(?P<indent> {0,3})(?P<run>`{3,}|~{3,})(?P<info>[^\n`]*)(?=\n|\Z)"
    r"|(?<=\n\n)(?P<formula>\$\$[ \t]*\n(?=\s*[^\s$])"
    r"(?:(?![ \t]*(?:```|~~~)|.*\$\$).*\n){1,400}\$\$[ \t]*)(?=\n|\Z)"
    r"|#{1,6}[ \t](?![ \t]*\^))"
)
# What may reach over a heading, and headings that cannot be read without parsing.
CHUNK_OPENING = ("```", "~~~", "\\[", "\\begin{")
ODD_LINE = regexp(
    r"\n(?:[ \t]*<| {1,3}#| {0,3}(?:=+|-+)[ \t]*(?:\n|\Z)"
    r"|#{1,6}(?:\n|\Z|[ \t]+\^|[ \t].*(?:\^|#[ \t]*(?:\n|\Z))))"
)
CHUNK_HEADING = regexp(r"(?P<marks>#{1,6})[ \t](?P<text>.*)")
PROBE = "# x"


class Place(NamedTuple):
    """Where something begins in a note: the number of its chunk, and of its token in that."""

    chunk: int
    token: int


class Part(NamedTuple):
    """A part of a note, and the list that it is an item of; `stop` is behind it."""

    start: Place
    stop: Place
    list: Token | None = None


class Block(NamedTuple):
    """A block with an id: its tokens in the chunk, and the list that it is an item of."""

    tokens: range
    list: Token | None


class Chunk:
    """A part of a note that is parsed by itself; its first line is line `line` of the note.

    `is_plain` tells that it holds no heading but, perhaps, in its first line.
    """

    def __init__(self, text: str, line: int, markdown: Markdown, *, is_plain: bool) -> None:
        self.text, self.line = text, line
        self._markdown = markdown
        self._is_plain = is_plain

    @functools.cached_property
    def _parsed(self) -> tuple[list[Token], MutableMapping[str, Any]]:
        tokens, env = self._markdown.parse_blocks(self.text)
        return self._moved(tokens), env

    @property
    def tokens(self) -> Sequence[Token]:
        """The block tokens; their lines are those of the note."""
        return self._parsed[0]

    def _moved(self, tokens: list[Token]) -> list[Token]:
        if self.line:
            for token in tokens:
                if token.map:
                    token.map = [token.map[0] + self.line, token.map[1] + self.line]
        return tokens

    def ends_at_heading(self) -> bool:
        """Tell whether a heading that follows is read as one."""
        if self._is_plain:
            return True
        tokens, env = self._markdown.parse_blocks(self.text + PROBE)
        probe = tokens[-3] if len(tokens) >= 3 else None
        is_heading = probe is not None and probe.type == "heading_open" and probe.level == 0
        if IS_OPEN in env or not is_heading or tokens[-2].content != PROBE[2:]:
            return False
        self._parsed = self._moved(tokens[:-3]), env
        return True

    @functools.cached_property
    def headings(self) -> Sequence[Heading]:
        """The headings, in order."""
        if self._is_plain:
            match = CHUNK_HEADING.match(self.text)
            if match is None:
                return ()
            return [Heading(0, self.line, len(match["marks"]), match["text"].strip())]
        return [
            Heading(
                index,
                token.map[0] if token.map else 0,
                int(token.tag[1:]),
                self.tokens[index + 1].content,
            )
            for index, token in enumerate(self.tokens)
            if token.type == "heading_open" and token.level == 0
        ]

    def cut(self, start: int, stop: int | None) -> list[Token]:
        """Return the tokens of a range, inlines parsed."""
        tokens, env = self._parsed
        part = tokens[start:stop]
        self._markdown.parse_inlines(part, env)
        return part

    def footnote(self, name: str) -> list[Token] | None:
        """Return the tokens of a footnote, inlines parsed; None if there is none of that name."""
        _, env = self._parsed
        tokens: list[Token] | None = env["footnotes"].get(name)
        if tokens is not None:
            self._markdown.parse_inlines(tokens, env)
        return tokens

    @functools.cached_property
    def blocks(self) -> Mapping[str, Block]:
        """The first block of each id, lower-cased."""
        blocks: dict[str, Block] = {}
        above: list[Token] = []
        for index, token in enumerate(self.tokens if "^" in self.text else ()):
            block_id = token.meta.get("block_id")
            if block_id is not None and block_id not in blocks:
                tokens = range(self._start_of_paragraph(index), self._end_of_block(index))
                is_item = token.type == "list_item_open"
                blocks[block_id] = Block(tokens, above[-1] if is_item and above else None)
            if token.nesting == 1:
                above.append(token)
            elif token.nesting == -1 and above:
                above.pop()
        return blocks

    def _start_of_paragraph(self, start: int) -> int:
        """Return where the lines above a paragraph begin that no blank line separates from it.

        Display math over several lines is a paragraph of its own here, part of one in Obsidian.
        """
        tokens = self.tokens
        while start >= 3:
            token, above = tokens[start], tokens[start - 3]
            types = [other.type for other in (token, above, tokens[start - 1])]
            if types != ["paragraph_open", "paragraph_open", "paragraph_close"]:
                break
            if not token.map or not above.map or above.map[1] != token.map[0]:
                break
            start -= 3
        return start

    def _end_of_block(self, start: int) -> int:
        depth = 0
        for index in range(start, len(self.tokens)):
            depth += self.tokens[index].nesting
            if depth == 0:
                return index + 1
        return len(self.tokens)


def cut_note(text: str, markdown: Markdown) -> list[Chunk]:
    """Return the chunks of a note's text; there is at least one."""
    text = clean(text)
    is_defining = "]:" in text and CHUNK_DEFINITION.search(text)
    if is_defining or DEEP.search(f"\n{text}") or text.count("[") + text.count("<") > MAX_BRACKETS:
        return [Chunk(text, 0, markdown, is_plain=False)]
    chunks: list[Chunk] = []
    start = line = 0
    for end, plain in _pieces(text):
        chunk = Chunk(text[start:end], line, markdown, is_plain=not _is_odd(plain))
        if end < len(text) and not chunk.ends_at_heading():
            return [*chunks, Chunk(text[start:], line, markdown, is_plain=False)]
        chunks.append(chunk)
        line += chunk.text.count("\n")
        start = end
    return chunks


def _is_odd(text: str) -> bool:
    """Tell whether a text has to be parsed to know what its headings are, and that all in it ends."""
    if any(opening in text for opening in CHUNK_OPENING) or ODD_LINE.search(f"\n{text}"):
        return True
    lines = text.split("\n") if "$$" in text or "%%" in text else ()
    return any(may_open(line) and left_open(line, "")[0] for line in lines)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield where a chunk may end, and what is in it but for fences and formulas in the first column."""
    plain: list[str] = []
    fence, done = "", 0
    for mark in CHUNK_MARK.finditer(f"\n{text}"):
        # The newline in front moves all by one.
        start, end, run = mark.start(), mark.end() - 1, mark["run"]
        if fence:
            if run and run.startswith(fence) and not mark["info"].strip():
                fence, done = "", end
        elif run and not mark["indent"]:
            plain.append(text[done:start])
            fence, done = run, start
        elif mark["formula"]:
            plain.append(text[done:start])
            done = end
        elif not run and start:
            yield start, "".join([*plain, text[done:start]])
            plain, done = [], start
    yield len(text), "".join([*plain, text[done:]])
