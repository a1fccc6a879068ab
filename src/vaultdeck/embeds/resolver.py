"""Tokens of a field → tokens with links bound, embeds spliced in, and media collected.

An embed of a note is replaced by the tokens of the section it names, resolved in turn from the
embedded note's own folder. Tokens are spliced, never text, so that fences, lists, tables and math of
one note cannot run into another's. Tokens that come in are shared and never changed.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from vaultdeck.anki.media import media_kind
from vaultdeck.diagnostics import Diagnostic, shorten
from vaultdeck.embeds.footnotes import Footnotes, footnote_number
from vaultdeck.embeds.limits import MAX_EMBED_DEPTH, Embedded, Expansion
from vaultdeck.embeds.lookup import CardState, Frame, LateLocation, Locate, Lookup, Resolved
from vaultdeck.embeds.media import picture_of, show_media, shows_text
from vaultdeck.embeds.raw_media import LOCAL, RawMedia
from vaultdeck.embeds.splice import Blocks, Piece, splice
from vaultdeck.embeds.targets import find_file, find_part
from vaultdeck.embeds.tokens import (
    named_link,
    opening_link,
    placeholder,
    remote_image,
    wrap_embed,
)
from vaultdeck.embeds.unsafe import spell_letters, unsafe_math
from vaultdeck.markdown.footnote import group_footnotes
from vaultdeck.mathjax import check_tex, find_definitions, find_unsafe
from vaultdeck.vault.links import Link, obsidian_uri, show_link, split_address, split_link

# How to mend what nests too deeply.
UNNEST = "move the inner parts out of what surrounds them"
# Footnotes that mention footnotes.
MAX_FOOTNOTES_DEEP = 20
MATH = ("math_inline", "math_display")
# Inline tokens for which something else stands in the end, or that are looked at.
BOUND = frozenset(
    (*MATH, "footnote_ref", "footnote_inline_open", "wikilink", "image", "link_open", "sound_name")
)


class Resolver:
    """Resolves the fields of one run; `lookup` answers for the vault."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._expansion = Expansion()
        self._footnotes = Footnotes()
        self._footnotes_deep = 0

    def resolve(
        self,
        tokens: Sequence[Token],
        path: str,
        locate: Locate,
        card: CardState,
    ) -> Resolved:
        """Return the resolved tokens of one field of note file `path`, its footnotes at the end.

        `locate(inline, start, end)` gives the place of a range of an inline token's content;
        `card` is what its fields share; what formulas define is added to it.
        Diagnostics: those of `targets`, `embed-cycle`, `embed-too-deep`, `media-unreadable`,
        `media-too-large`, `unsafe-media`, `math-…`. Raises ExpansionTooLargeError.
        """
        self._expansion = Expansion()
        self._footnotes = Footnotes()
        self._footnotes_deep = 0
        frame = Frame(path, locate, card)
        resolved = self._resolve(tokens, frame) + self._footnotes.section()
        found = frame.findings
        return Resolved(resolved, tuple(found.media), tuple(found.problems.values()))

    def _resolve(self, tokens: Sequence[Token], frame: Frame) -> list[Token]:
        raw = RawMedia()

        def bind(inline: Token) -> Sequence[Piece]:
            children = raw.inlines(inline.children or [], inline.content)
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

        return splice([piece for token in tokens for piece in self._raw(token, raw, frame)], bind)

    def _raw(self, token: Token, raw: RawMedia, frame: Frame) -> Iterator[Token]:
        """Yield a block token; of one of raw HTML the pieces, with what shows a file bound."""
        for piece in raw.block(token) if token.type == "html_block" else [token]:
            if piece.type == "image":
                yield from (
                    found for found in self._bind(piece, token, frame) if isinstance(found, Token)
                )
            else:
                yield piece

    def _check_math(self, token: Token, inline: Token, frame: Frame) -> None:
        """Report what Anki's MathJax cannot show; definitions hold for the rest of the card."""
        card = frame.card
        is_cloze = card.is_cloze and frame.document is None
        start = token.meta["pos"]
        problems = check_tex(token.content, is_cloze=is_cloze, defined=card.defined)
        for problem in problems:
            location = frame.locate(inline, start + problem.start, start + problem.end)
            frame.report(Diagnostic(problem.code, location, problem.message, problem.hint))
        reason = find_unsafe(token.content)
        if reason:
            card.told.add(spell_letters(token.content))
            if all(problem.code != "math-unknown-package" for problem in problems):
                location = frame.locate(inline, start, start + len(token.content))
                frame.report(unsafe_math(location, reason))
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
                frame.findings.take(home.findings)
        return [footnote_number(number)]

    def _find_footnote(self, name: str, frame: Frame) -> tuple[list[Token], Frame] | None:
        """Return the tokens of a footnote and the text they are from: the card, or its whole note."""
        if frame.document is None and name in frame.card.footnotes:
            tokens, locate = frame.card.footnotes[name]
            return tokens, Frame(frame.path, locate, frame.card)
        document = frame.document or self._lookup.document(frame.path)
        found = document.footnote(name) if document else None
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
            path = self._follow(link, token, len(token.content), inline, frame)
            opening = opening_link(self._address(link, path))
            return [opening, *shown, Token("link_close", "a", -1)]
        if token.type == "sound_name":
            return [*self._sound(token, inline, frame)]
        if token.type == "image":
            local = split_address(str(token.attrs.get("src", "")))
            if token.meta.get("is_html"):
                local = self._seen_from_root(token, local, inline, frame)
            if local is not None and (local.path or local.subpath):
                return self._embed(token, token.meta["raw"], local, inline, frame)
            return [*remote_image(token)]
        if token.type == "link_open":
            local = split_address(str(token.attrs.get("href", "")))
            if local is not None:
                path = self._follow(local, token, token.meta["length"], inline, frame)
                return [opening_link(self._address(local, path))]
        return [token]

    def _sound(self, token: Token, inline: Token, frame: Frame) -> list[Token]:
        """Return a sound that an author wrote as Anki does; without a file in the vault it is text."""
        raw, start = token.meta["raw"], token.meta["pos"]
        place = functools.partial(frame.locate, inline, start, start + len(raw))
        path = self._lookup.find(token.content, frame.path).path
        if path is None or media_kind(path) not in ("audio", "video"):
            message = f"no sound named '{shorten(token.content)}' in the vault: it is shown as text"
            hint = "copy the file into the vault, or write a backslash before the bracket"
            frame.report(Diagnostic("embed-not-found", place(), message, hint))
            return [Token("text", "", 0, content=raw)]
        embed = Token("image", "", 0, attrs={"alt": ""})
        shown = show_media(self._lookup, embed, path, Link(path, ""), place, frame)
        # Anki plays a film likewise.
        return [
            Token("sound", "", 0, content=str(token.attrs["src"]))
            if token.type == "video"
            else token
            for token in shown
        ]

    def _seen_from_root(
        self, token: Token, local: Link | None, inline: Token, frame: Frame
    ) -> Link | None:
        """Return the link of raw HTML: its paths begin at the vault's root, if that leads to a file."""
        if local is None:
            address = str(token.attrs.get("src", ""))
            if LOCAL.match(address):
                start = token.meta["pos"]
                location = frame.locate(inline, start, start + len(token.meta["raw"]))
                message = f"'{shorten(address)}' is an address of one computer, not of the vault"
                hint = "copy the file into the vault and embed it, as in `![[picture.png]]`"
                frame.report(Diagnostic("media-unreadable", location, message, hint))
            return None
        from_root = Link("/" + local.path.removeprefix("./").lstrip("/"), local.subpath)
        return from_root if self._lookup.find(from_root.path, frame.path).path else local

    def _follow(
        self, link: Link, token: Token, length: int, inline: Token, frame: Frame
    ) -> str | None:
        """Return the file that a link leads to; report one that leads nowhere, or to several files."""
        start = token.meta["pos"]
        place = functools.partial(frame.locate, inline, start, start + length)
        path = find_file(self._lookup, link, place, frame, is_embed=False)
        # Of another file the part is a page or a time, which only its program knows.
        has_part = path and link.subpath and shows_text(self._lookup, path)
        document = self._lookup.document(path) if path and has_part else None
        if document is not None and path is not None:
            find_part(document, path, link, place, frame)
        return path

    def _address(self, link: Link, path: str | None) -> str:
        """Return the obsidian:// address of a link that leads to file `path`.

        The target stays as the author wrote it where that leads to the same file from anywhere, so
        that a note which moves to another folder does not change the cards that link to it.
        """
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
        place = functools.partial(frame.locate, inline, start, start + len(raw))
        self._expansion.count_embed(place)
        path = find_file(self._lookup, link, place, frame, is_embed=True)
        if path is None:
            return [placeholder(shorten(show_link(link)))]
        if not shows_text(self._lookup, path):
            path = picture_of(self._lookup, path, frame)
            return [*show_media(self._lookup, token, path, link, place, frame)]
        return self._note(path, link, place, frame)

    def _note(self, path: str, link: Link, place: LateLocation, frame: Frame) -> list[Piece]:
        document = self._lookup.document(path)
        shown = shorten(show_link(link) or path)
        if document is None:
            message = f"cannot read '{path}'"
            frame.report(Diagnostic("embed-not-found", place(), message))
            return [placeholder(shown)]
        part = find_part(document, path, link, place, frame)
        if part is None:
            return [placeholder(shown)]
        if document.is_too_deep:
            message = f"'{path}' nests lists, quotes or brackets too deeply to be shown in full"
            frame.report(Diagnostic("nested-too-deep", place(), message, UNNEST))
        embed = Embedded(path, part, show_link(Link(path.removesuffix(".md"), link.subpath)))
        if self._expansion.is_open(embed):
            open_ = [*self._expansion.open, embed]
            chain = " → ".join(f"'{shorten(outer.name)}'" for outer in open_)
            message = f"this embeds itself: {chain}"
            hint = "remove one of these embeds"
            frame.report(Diagnostic("embed-cycle", place(), message, hint))
            return [*named_link(self._address(link, path), show_link(link))]
        if self._expansion.is_full:
            message = f"embeds are nested more than {MAX_EMBED_DEPTH} deep: a link is shown instead"
            hint = "embed the innermost section directly"
            frame.report(Diagnostic("embed-too-deep", place(), message, hint))
            return [*named_link(self._address(link, path), show_link(link))]
        tokens = document.cut(part)
        self._expansion.count_tokens(tokens, place)
        inner = Frame(path, document.locate, frame.card, document)
        with self._expansion.opened(embed, place):
            blocks = Blocks(wrap_embed(self._resolve(tokens, inner)))
        frame.findings.take(inner.findings, via=place)
        return [blocks]
