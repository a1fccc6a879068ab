"""Tokens of a field → tokens with links bound, embeds spliced in, and media collected.

An embed of a note is replaced by the tokens of the section it names, resolved in turn from the
embedded note's own folder. Tokens are spliced, never text, so that fences, lists, tables and math of
one note cannot run into another's. Tokens that come in are shared and never changed.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from vaultdeck.diagnostics import Diagnostic, shorten
from vaultdeck.links import Link, obsidian_uri, show_link, split_address, split_link
from vaultdeck.markdown.footnote import group_footnotes
from vaultdeck.media import Refusal, media_kind
from vaultdeck.model import Location
from vaultdeck.resolve.footnotes import Footnotes, footnote_number
from vaultdeck.resolve.lookup import (
    Card,
    ExpansionTooLargeError,
    Frame,
    Locate,
    Lookup,
    Resolved,
)
from vaultdeck.resolve.pieces import (
    named_link,
    opening_link,
    placeholder,
    remote_image,
    split_size,
    wrap_embed,
)
from vaultdeck.resolve.targets import find_file, find_part
from vaultdeck.sections import Document, Slice
from vaultdeck.splice import Blocks, Piece, splice
from vaultdeck.tex import check_tex, find_definitions

# Obsidian shows a link instead of an embed below this depth.
MAX_DEPTH = 5
# How to mend what nests too deeply.
UNNEST = "move the inner parts out of what surrounds them"
# What one field may grow to by its embeds. The largest in real vaults is a few thousand tokens.
MAX_TOKENS = 200_000
MAX_EMBEDS = 1_000
# Footnotes that mention footnotes.
MAX_FOOTNOTES_DEEP = 20
# How much text the embeds of one field may bring.
MAX_CHARS = 2_000_000
MATH = ("math_inline", "math_display")


@dataclass(frozen=True, slots=True)
class _Section:
    """An embed that is being expanded: what it shows, and what a person calls it."""

    path: str
    part: Slice
    name: str


class Resolver:
    """Resolves the fields of one run; `lookup` answers for the vault."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._stack: list[_Section] = []
        self._footnotes = Footnotes()
        self._tokens = self._chars = self._embeds = self._footnotes_deep = 0

    def resolve(
        self,
        tokens: Sequence[Token],
        path: str,
        locate: Locate,
        card: Card,
    ) -> Resolved:
        """Return the resolved tokens of one field of note file `path`, its footnotes at the end.

        `locate(inline, start, end)` gives the place of a range of an inline token's content;
        `card` is what its fields share; what formulas define is added to it.
        Diagnostics: those of `targets`, `embed-cycle`, `embed-too-deep`, `media-unreadable`,
        `media-too-large`, `unsafe-media`, `math-…`. Raises ExpansionTooLargeError.
        """
        self._stack = []
        self._tokens = self._chars = self._embeds = self._footnotes_deep = 0
        self._footnotes = Footnotes()
        frame = Frame(path, locate, card)
        resolved = self._resolve(tokens, frame) + self._footnotes.section()
        return Resolved(resolved, tuple(frame.media), tuple(frame.problems.values()))

    def _resolve(self, tokens: Sequence[Token], frame: Frame) -> list[Token]:
        def bind(inline: Token) -> list[Piece]:
            return [
                piece
                for child in group_footnotes(inline.children or ())
                for piece in (
                    self._bind(child, inline, frame)
                    if isinstance(child, Token)
                    else self._note_in_place(child, inline, frame)
                )
            ]

        return splice(tokens, bind)

    def _check_math(self, token: Token, inline: Token, frame: Frame) -> None:
        """Report what Anki's MathJax cannot show; definitions hold for the rest of the card."""
        card = frame.card
        is_cloze = card.is_cloze and frame.document is None
        for problem in check_tex(token.content, is_cloze=is_cloze, defined=card.defined):
            start = token.meta["pos"]
            location = frame.locate(inline, start + problem.start, start + problem.end)
            frame.report(Diagnostic(problem.code, location, problem.message, problem.hint))
        card.defined |= find_definitions(token.content)

    def _note_in_place(self, children: list[Token], inline: Token, frame: Frame) -> list[Piece]:
        """Return the number of a footnote that stands in its place, `^[text]`."""
        text = copy.copy(inline)
        text.children = children
        number = self._footnotes.add()
        body = self._resolve([text], frame)
        self._footnotes.fill(number, wrap_embed(body) if frame.document else body)
        return [footnote_number(number)]

    def _footnote(self, token: Token, frame: Frame) -> list[Piece]:
        """Return the number of a footnote; what is defined nowhere in the note is text."""
        name = token.meta["name"]
        number = self._footnotes.find(frame.path, name)
        if number is None:
            is_deep = self._footnotes_deep >= MAX_FOOTNOTES_DEEP
            found = None if is_deep else self._find_footnote(name, frame)
            if found is None:
                return [Token("text", "", 0, content=token.content)]
            tokens, home = found
            number = self._footnotes.add(frame.path, name)
            self._footnotes_deep += 1
            body = self._resolve(tokens, home)
            self._footnotes_deep -= 1
            self._footnotes.fill(number, wrap_embed(body) if home.document else body)
            if home is not frame:
                frame.take(home)
        return [footnote_number(number)]

    def _find_footnote(self, name: str, frame: Frame) -> tuple[list[Token], Frame] | None:
        """Return the tokens of a footnote and the text they are from: the card, or its whole note."""
        if frame.document is None and name in frame.card.footnotes:
            tokens, locate = frame.card.footnotes[name]
            return tokens, Frame(frame.path, locate, frame.card)
        document = frame.document or self._lookup.document(frame.path)
        found = self._lookup.footnote(document, name) if document else None
        if document is None or found is None:
            return None
        if document is frame.document:
            return found, frame
        return found, Frame(frame.path, document.locate, frame.card, document)

    def _bind(self, token: Token, inline: Token, frame: Frame) -> list[Piece]:
        """Return what stands for one inline token: tokens, or the blocks of an embed."""
        if token.type in MATH:
            self._check_math(token, inline, frame)
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
            self._check_link(link, token, len(token.content), inline, frame)
            opening = opening_link(self._address(link, frame))
            return [opening, *shown, Token("link_close", "a", -1)]
        if token.type == "image":
            local = split_address(str(token.attrs.get("src", "")))
            if local is not None and (local.path or local.subpath):
                return self._embed(token, token.meta["raw"], local, inline, frame)
            return [*remote_image(token)]
        if token.type == "link_open":
            local = split_address(str(token.attrs.get("href", "")))
            if local is not None:
                self._check_link(local, token, token.meta["length"], inline, frame)
                return [opening_link(self._address(local, frame))]
        return [token]

    def _check_link(
        self, link: Link, token: Token, length: int, inline: Token, frame: Frame
    ) -> None:
        """Report a link that leads nowhere, or to several files."""
        start = token.meta["pos"]
        place = functools.partial(frame.locate, inline, start, start + length)
        path = find_file(self._lookup, link, place, frame, is_embed=False)
        document = self._lookup.document(path) if path and link.subpath else None
        if document is not None and path is not None:
            find_part(document, path, link, place, frame)

    def _link(self, link: Link, frame: Frame) -> list[Token]:
        return named_link(self._address(link, frame), show_link(link))

    def _address(self, link: Link, frame: Frame) -> str:
        """Return the obsidian:// address of a link.

        The target stays as the author wrote it where that leads to the same file from anywhere, so
        that a note which moves to another folder does not change the cards that link to it.
        """
        path = self._lookup.find(link.path, frame.path).path
        written = link.path
        if path is not None and not (
            written and not written.startswith((".", "/")) and self._lookup.is_unique(path)
        ):
            written = path
        return obsidian_uri(self._lookup.vault_name, written, link.subpath)

    def _embed(
        self, token: Token, raw: str, link: Link, inline: Token, frame: Frame
    ) -> list[Piece]:
        start = token.meta["pos"]
        location = frame.locate(inline, start, start + len(raw))
        self._embeds += 1
        if self._embeds > MAX_EMBEDS:
            raise ExpansionTooLargeError(location)
        path = find_file(self._lookup, link, lambda: location, frame, is_embed=True)
        if path is None:
            return [placeholder(shorten(show_link(link)))]
        if not path.lower().endswith(".md"):
            return self._media(token, path, link, location, frame)
        return self._note(path, link, location, frame)

    def _media(
        self, token: Token, path: str, link: Link, location: Location, frame: Frame
    ) -> list[Piece]:
        kind = media_kind(path)
        name = path.rpartition("/")[2]
        if kind == "other":
            address = obsidian_uri(self._lookup.vault_name, path, link.subpath)
            return [*named_link(address, token.meta.get("alias") or name)]
        media = self._lookup.media(path)
        if isinstance(media, Refusal):
            frame.report(Diagnostic(media.code, location, media.message, media.hint))
            return [placeholder(name)]
        frame.media[media] = None
        if kind == "audio":
            return [Token("sound", "", 0, content=media.name)]
        is_markdown = token.type == "image"
        alt = str(token.attrs["alt"]) if is_markdown else token.meta["alias"] or ""
        text, size = split_size(alt)
        if kind == "video":
            return [Token("video", "video", 0, attrs={"src": media.name, **size})]
        return [Token("image", "img", 0, attrs={"src": media.name, "alt": text or name, **size})]

    def _note(self, path: str, link: Link, location: Location, frame: Frame) -> list[Piece]:
        document = self._lookup.document(path)
        shown = shorten(show_link(link) or path)
        if document is None:
            message = f"cannot read '{path}'"
            frame.report(Diagnostic("embed-not-found", location, message))
            return [placeholder(shown)]
        part = find_part(document, path, link, lambda: location, frame)
        if part is None:
            return [placeholder(shown)]
        if document.is_too_deep:
            message = f"'{path}' nests lists, quotes or brackets too deeply to be shown in full"
            frame.report(Diagnostic("nested-too-deep", location, message, UNNEST))
        section = _Section(path, part, show_link(Link(path.removesuffix(".md"), link.subpath)))
        if any((open_.path, open_.part) == (path, part) for open_ in self._stack):
            chain = " → ".join(f"'{shorten(open_.name)}'" for open_ in [*self._stack, section])
            message = f"this embeds itself: {chain}"
            hint = "remove one of these embeds"
            frame.report(Diagnostic("embed-cycle", location, message, hint))
            return list(self._link(link, frame))
        if len(self._stack) >= MAX_DEPTH:
            message = f"embeds are nested more than {MAX_DEPTH} deep: a link is shown instead"
            hint = "embed the innermost section directly"
            frame.report(Diagnostic("embed-too-deep", location, message, hint))
            return list(self._link(link, frame))
        return [self._expand(document, section, location, frame)]

    def _expand(
        self, document: Document, section: _Section, location: Location, frame: Frame
    ) -> Blocks:
        tokens = self._lookup.cut(document, section.part)
        self._tokens += sum(1 + len(token.children or ()) for token in tokens)
        self._chars += sum(len(token.content) for token in tokens)
        if self._tokens > MAX_TOKENS or self._chars > MAX_CHARS:
            raise ExpansionTooLargeError(location)
        self._stack.append(section)
        inner = Frame(section.path, document.locate, frame.card, document)
        try:
            resolved = self._resolve(tokens, inner)
        except ExpansionTooLargeError as error:
            error.via = (location, *error.via)
            raise
        self._stack.pop()
        frame.take(inner, via=location)
        return Blocks(wrap_embed(resolved))
