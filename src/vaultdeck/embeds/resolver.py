"""Tokens of a field → tokens with links bound, embeds spliced in, and media collected.

An embed of a note is replaced by the tokens of the section it names, resolved in turn from the
embedded note's own folder. Tokens are spliced, never text, so that fences, lists, tables and math of
one note cannot run into another's. Tokens that come in are shared and never changed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it.token import Token

from vaultdeck.embeds.files import (
    picture_of,
    report_local,
    seen_from_root,
    show_media,
    show_sound,
    shows_text,
)
from vaultdeck.embeds.footnotes import Footnotes, find_definition, footnote_number
from vaultdeck.embeds.formulas import check_formula
from vaultdeck.embeds.limits import Embedded, Expansion
from vaultdeck.embeds.lookup import CardState, Frame, LateLocation, Locate, Lookup, Resolved
from vaultdeck.embeds.raw_media import embed_inlines, split_raw, with_links
from vaultdeck.embeds.splice import Blocks, Piece, splice
from vaultdeck.embeds.targets import find_file, find_part, link_address
from vaultdeck.embeds.tokens import named_link, opening_link, placeholder, remote_image, wrap_embed
from vaultdeck.markdown.footnote import group_footnotes
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.vault.links import Link, show_link, split_address, split_link

# How to mend what nests too deeply.
UNNEST = "move the inner parts out of what surrounds them"
# Footnotes that mention footnotes.
MAX_FOOTNOTES_DEEP = 20
MATH = ("math_inline", "math_display")
# Inline tokens for which something else stands in the end, or that are looked at.
BOUND = frozenset(
    (
        *MATH,
        "footnote_ref",
        "footnote_inline_open",
        "wikilink",
        "image",
        "link_open",
        "sound_name",
        "html_inline",
    )
)


def resolve(
    tokens: Sequence[Token], path: str, locate: Locate, card: CardState, lookup: Lookup
) -> Resolved:
    """Return the resolved tokens of one field of note file `path`, its footnotes at the end.

    `locate(inline, start, end)` gives the place of a range of an inline token's content; `card` is what
    its fields share, and what formulas define is added to it; `lookup` answers for the vault.
    Diagnostics: those of `targets` and `limits`, `media-unreadable`, `media-too-large`,
    `unsafe-media`, `math-…`. Raises ExpansionTooLargeError.
    """
    resolver = _Resolver()
    frame = Frame(path, locate, card, lookup)
    resolved = resolver.resolve(tokens, frame) + resolver.footnotes.section()
    found = frame.findings
    return Resolved(resolved, tuple(found.media), tuple(found.problems.values()))


class _Resolver:
    """Resolves one field; `footnotes` are those that it refers to so far."""

    def __init__(self) -> None:
        self.footnotes = Footnotes()
        self._expansion = Expansion()
        self._footnotes_deep = 0

    def resolve(self, tokens: Sequence[Token], frame: Frame) -> list[Token]:
        """Return the resolved tokens of a text: the field, a section that it embeds, a footnote."""

        def bind(inline: Token) -> Sequence[Piece]:
            children = embed_inlines(inline.children or [], inline.content)
            if all(child.type not in BOUND for child in children):
                return inline.children or []
            return [
                piece
                for child in group_footnotes(children)
                for piece in (
                    self._bind(child, inline, frame)
                    if isinstance(child, Token)
                    else self._note_in_place(child, inline, frame)
                )
            ]

        return splice([piece for token in tokens for piece in self._raw(token, frame)], bind)

    def _raw(self, token: Token, frame: Frame) -> Iterator[Token]:
        """Yield a block token; of one of raw HTML the pieces, with what shows a file bound."""
        for piece in split_raw(token) if token.type == "html_block" else [token]:
            if piece.type in ("image", "sound_name"):
                yield from (
                    found for found in self._bind(piece, token, frame) if isinstance(found, Token)
                )
            else:
                yield _linked(piece, frame) if piece.type == "html_block" else piece

    def _note_in_place(self, children: list[Token], inline: Token, frame: Frame) -> list[Piece]:
        """Return the number of a footnote that stands in its place, `^[text]`."""
        number = self.footnotes.add()
        body = self.resolve([replace(inline, children=children)], frame)
        self.footnotes.fill(number, wrap_embed(body) if frame.document else body)
        return [footnote_number(number)]

    def _footnote(self, token: Token, frame: Frame) -> list[Piece]:
        """Return the number of a footnote; what is defined nowhere in the note is text."""
        name = token.meta["name"]
        number = self.footnotes.find(frame.path, name)
        if number is None:
            is_deep = self._footnotes_deep >= MAX_FOOTNOTES_DEEP
            found = None if is_deep else find_definition(name, frame)
            if found is None:
                return [Token("text", "", 0, content=token.content)]
            tokens, home = found
            number = self.footnotes.add(frame.path, name)
            self._footnotes_deep += 1
            body = self.resolve(tokens, home)
            self._footnotes_deep -= 1
            self.footnotes.fill(number, wrap_embed(body) if home.document else body)
            if home is not frame:
                frame.findings.take(home.findings)
        return [footnote_number(number)]

    def _bind(self, token: Token, inline: Token, frame: Frame) -> list[Piece]:
        """Return what stands for one inline token: tokens, or the blocks of an embed."""
        if token.type in MATH:
            check_formula(token, inline, frame)
            return [token]
        if token.type == "footnote_ref":
            return self._footnote(token, frame)
        if token.type == "wikilink":
            link = split_link(token.meta["target"])
            if token.meta["is_embed"]:
                return self._embed(token, token.content, link, inline, frame)
            shown = token.children or [
                Token("text", "", 0, content=token.meta["alias"] or show_link(link))
            ]
            path = _follow(link, token, len(token.content), inline, frame)
            opening = opening_link(link_address(link, path, frame))
            return [opening, *shown, Token("link_close", "a", -1)]
        if token.type == "html_inline":
            return [_linked(token, frame)]
        if token.type == "sound_name":
            return [*show_sound(token, inline, frame)]
        if token.type == "image":
            local = split_address(str(token.attrs.get("src", "")))
            if local is None:
                report_local(token, inline, frame)
            elif token.meta.get("is_html"):
                local = seen_from_root(local, frame)
            if local is not None and (local.path or local.subpath):
                return self._embed(token, token.meta["raw"], local, inline, frame)
            return [*remote_image(token)]
        if token.type == "link_open":
            local = split_address(str(token.attrs.get("href", "")))
            if local is not None:
                path = _follow(local, token, token.meta["length"], inline, frame)
                return [opening_link(link_address(local, path, frame))]
        return [token]

    def _embed(
        self, token: Token, raw: str, link: Link, inline: Token, frame: Frame
    ) -> list[Piece]:
        start = token.meta["pos"]
        place = functools.partial(frame.locate, inline, start, start + len(raw))
        self._expansion.count_embed(place)
        path = find_file(link, place, frame, is_embed=True)
        if path is None:
            return [placeholder(shorten(show_link(link)))]
        if not shows_text(path, frame):
            path = picture_of(path, frame)
            return [*show_media(token, path, link, place, frame)]
        return self._note(path, link, place, frame)

    def _note(self, path: str, link: Link, place: LateLocation, frame: Frame) -> list[Piece]:
        document = frame.lookup.document(path)
        shown = shorten(show_link(link) or path)
        if document is None:
            message = f"cannot read '{path}'"
            frame.report(Diagnostic("embed-not-found", place(), message))
            return [placeholder(shown)]
        part = find_part(document, path, link, place, frame)
        if part is None:
            return [placeholder(shown)]
        conflict = document.find_conflict(part)
        if conflict is not None:
            message = "a conflict that git left stands in what a card embeds: the card is left out"
            hint = "keep one of the two sides, or embed another section"
            frame.report(Diagnostic("conflict-marker", conflict, message, hint, (place(),)))
        if document.is_too_deep:
            message = f"'{path}' nests lists, quotes or brackets too deeply to be shown in full"
            frame.report(Diagnostic("nested-too-deep", place(), message, UNNEST))
        embed = Embedded(path, part, show_link(Link(path.removesuffix(".md"), link.subpath)))
        if self._expansion.is_refused(embed, place, frame):
            return [*named_link(link_address(link, path, frame), show_link(link))]
        tokens = document.cut(part)
        self._expansion.count_tokens(tokens, place)
        inner = frame.of_note(path, document)
        with self._expansion.opened(embed, place):
            blocks = Blocks(wrap_embed(self.resolve(tokens, inner)))
        frame.findings.take(inner.findings, via=place)
        return [blocks]


def _follow(link: Link, token: Token, length: int, inline: Token, frame: Frame) -> str | None:
    """Return the file that a link leads to; report one that leads nowhere, or to several files."""
    start = token.meta["pos"]
    place = functools.partial(frame.locate, inline, start, start + length)
    path = find_file(link, place, frame, is_embed=False)
    # Of another file the part is a page or a time, which only its program knows.
    if path is not None and link.subpath and shows_text(path, frame):
        document = frame.lookup.document(path)
        if document is not None:
            find_part(document, path, link, place, frame)
    return path


def _linked(token: Token, frame: Frame) -> Token:
    """Return raw HTML whose links to files of the vault lead there from Anki, too."""

    def address(local: Link) -> str:
        link = seen_from_root(local, frame)
        path = frame.lookup.find(link.path, frame.path).path
        return link_address(link, path, frame) if path else ""

    return with_links(token, address)
