"""Tokens of a field → tokens with links bound, embeds spliced in, and media collected.

An embed of a note is replaced by the tokens of the section it names, resolved in turn from the
embedded note's own folder. Tokens are spliced, never text, so that fences, lists, tables and math of
one note cannot run into another's. Tokens that come in are shared and never changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from markdown_it.token import Token

from vaultdeck.diagnostics import Diagnostic, shorten
from vaultdeck.links import Link, obsidian_uri, show_link, split_address, split_link
from vaultdeck.media import media_kind
from vaultdeck.model import Found, Location, MediaRef
from vaultdeck.sections import Document, Slice
from vaultdeck.splice import Blocks, Piece, splice

# Obsidian shows a link instead of an embed below this depth.
MAX_DEPTH = 5
# What one field may grow to by its embeds. The largest in real vaults is a few thousand tokens.
MAX_TOKENS = 200_000
MAX_EMBEDS = 1_000


# What stands behind `|` for the size of a picture: `300`, `300x200`, `300 x 200`.
SIZE = re.compile(r"(?P<width>[0-9]{1,5})(?:[ ]*x[ ]*(?P<height>[0-9]{1,5}))?", re.IGNORECASE)


class Lookup(Protocol):
    """The questions that resolving asks of a vault."""

    vault_name: str

    def find(self, path: str, source: str) -> Found:
        """Return the file that a link path in note file `source` means, and equally good ones."""

    def is_unique(self, path: str) -> bool:
        """Tell whether a file's name alone leads to it, from any folder."""

    def document(self, path: str) -> Document | None:
        """Return a note's document, None if it cannot be read."""

    def cut(self, document: Document, part: Slice) -> list[Token]:
        """Return the tokens of a slice, inlines parsed."""

    def media(self, path: str) -> MediaRef | None:
        """Return a file's name in the package, None if it cannot be read."""


class ExpansionTooLargeError(Exception):
    """The embeds of one field expand beyond `MAX_TOKENS` or `MAX_EMBEDS`."""

    def __init__(self, location: Location) -> None:
        super().__init__(location)
        self.location = location


Locate = Callable[[Token, int, int], Location]


@dataclass(frozen=True, slots=True)
class Resolved:
    """Resolved tokens, the files they show, and what is wrong in them."""

    tokens: list[Token]
    media: tuple[MediaRef, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class _Frame:
    """One text being resolved: its file, how to place a token of it, and what it has yielded."""

    path: str
    locate: Locate
    media: dict[MediaRef, None] = field(default_factory=dict)
    problems: dict[tuple[str, Location], Diagnostic] = field(default_factory=dict)

    def report(self, problem: Diagnostic) -> None:
        """Note a problem; the same one at the same place only once, however it was reached."""
        self.problems.setdefault((problem.code, problem.location), problem)


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
        self._tokens = self._embeds = 0

    def resolve(self, tokens: Sequence[Token], path: str, locate: Locate) -> Resolved:
        """Return the resolved tokens of one field of note file `path`.

        `locate(inline, start, end)` gives the place of a range of an inline token's content.
        Diagnostics: `embed-not-found`, `heading-not-found`, `block-not-found`, `ambiguous-embed`,
        `embed-cycle`, `embed-too-deep`, `media-unreadable`. Raises ExpansionTooLargeError.
        """
        self._stack, self._tokens, self._embeds = [], 0, 0
        return self._resolve(tokens, _Frame(path, locate))

    def _resolve(self, tokens: Sequence[Token], frame: _Frame) -> Resolved:
        def bind(inline: Token) -> list[Piece]:
            return [
                piece
                for child in inline.children or ()
                for piece in self._bind(child, inline, frame)
            ]

        resolved = splice(tokens, bind)
        return Resolved(resolved, tuple(frame.media), tuple(frame.problems.values()))

    def _bind(self, token: Token, inline: Token, frame: _Frame) -> list[Piece]:
        """Return what stands for one inline token: tokens, or the blocks of an embed."""
        if token.type == "wikilink":
            link = split_link(token.meta["target"])
            if token.meta["is_embed"]:
                return self._embed(token, token.content, link, inline, frame)
            shown = token.children or [
                Token("text", "", 0, content=token.meta["alias"] or show_link(link))
            ]
            opening = _opening_link(self._address(link, frame))
            return [opening, *shown, Token("link_close", "a", -1)]
        if token.type == "image":
            local = split_address(str(token.attrs.get("src", "")))
            if local is not None and (local.path or local.subpath):
                return self._embed(token, token.meta["raw"], local, inline, frame)
            text, size = split_size(str(token.attrs["alt"]))
            return [Token("image", "img", 0, attrs={**token.attrs, "alt": text, **size})]
        if token.type == "link_open":
            local = split_address(str(token.attrs.get("href", "")))
            if local is not None:
                return [_opening_link(self._address(local, frame))]
        return [token]

    def _link(self, link: Link, frame: _Frame) -> list[Token]:
        return _named_link(self._address(link, frame), show_link(link))

    def _address(self, link: Link, frame: _Frame) -> str:
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
        self, token: Token, raw: str, link: Link, inline: Token, frame: _Frame
    ) -> list[Piece]:
        start = token.meta["pos"]
        location = frame.locate(inline, start, start + len(raw))
        self._embeds += 1
        if self._embeds > MAX_EMBEDS:
            raise ExpansionTooLargeError(location)
        found = self._lookup.find(link.path, frame.path)
        path = found.path
        shown = shorten(show_link(link))
        if path is None:
            message = f"no note or file named '{shorten(link.path)}'"
            hint = "create it, or correct the name"
            frame.report(Diagnostic("embed-not-found", location, message, hint))
            return [_placeholder(shown)]
        if found.others:
            message = f"'{shorten(link.path)}' could be '{path}' or '{found.others[0]}'"
            hint = "write the path of the one you mean"
            frame.report(Diagnostic("ambiguous-embed", location, message, hint))
        if not path.lower().endswith(".md"):
            return self._media(token, path, location, frame)
        return self._note(path, link, location, frame)

    def _media(self, token: Token, path: str, location: Location, frame: _Frame) -> list[Piece]:
        kind = media_kind(path)
        name = path.rpartition("/")[2]
        if kind == "other":
            address = obsidian_uri(self._lookup.vault_name, path)
            return [*_named_link(address, token.meta.get("alias") or name)]
        media = self._lookup.media(path)
        if media is None:
            message = f"cannot read '{path}'"
            frame.report(Diagnostic("media-unreadable", location, message))
            return [_placeholder(name)]
        frame.media[media] = None
        if kind == "audio":
            return [Token("sound", "", 0, content=media.name)]
        is_markdown = token.type == "image"
        alt = str(token.attrs["alt"]) if is_markdown else token.meta["alias"] or ""
        text, size = split_size(alt)
        if kind == "video":
            return [Token("video", "video", 0, attrs={"src": media.name, **size})]
        return [Token("image", "img", 0, attrs={"src": media.name, "alt": text or name, **size})]

    def _note(self, path: str, link: Link, location: Location, frame: _Frame) -> list[Piece]:
        document = self._lookup.document(path)
        shown = shorten(show_link(link) or path)
        if document is None:
            message = f"cannot read '{path}'"
            frame.report(Diagnostic("embed-not-found", location, message))
            return [_placeholder(shown)]
        part, problem = find_part(document, link.subpath)
        if part is None:
            code, what = problem
            hint = "correct the name, or restore it in the note"
            frame.report(Diagnostic(code, location, f"'{path}' has no {what}", hint))
            return [_placeholder(shown)]
        if document.is_too_deep:
            message = f"'{path}' nests lists or quotes too deeply: what is deeper is not shown"
            frame.report(Diagnostic("nested-too-deep", location, message))
        section = _Section(path, part, show_link(Link(path.removesuffix(".md"), link.subpath)))
        if any((open_.path, open_.part) == (path, part) for open_ in self._stack):
            chain = " → ".join(f"'{shorten(open_.name)}'" for open_ in [*self._stack, section])
            message = f"this embeds itself: {chain}"
            hint = "remove one of these embeds"
            frame.report(Diagnostic("embed-cycle", location, message, hint))
            return list(self._link(link, frame))
        if len(self._stack) >= MAX_DEPTH:
            message = f"embeds are nested more than {MAX_DEPTH} deep: a link is shown instead"
            frame.report(Diagnostic("embed-too-deep", location, message))
            return list(self._link(link, frame))
        return [self._expand(document, section, location, frame)]

    def _expand(
        self, document: Document, section: _Section, location: Location, frame: _Frame
    ) -> Blocks:
        tokens = self._lookup.cut(document, section.part)
        self._tokens += sum(1 + len(token.children or ()) for token in tokens)
        if self._tokens > MAX_TOKENS:
            raise ExpansionTooLargeError(location)
        self._stack.append(section)
        inner = self._resolve(tokens, _Frame(section.path, document.locate))
        self._stack.pop()
        frame.media.update(dict.fromkeys(inner.media))
        for problem in inner.problems:
            frame.report(replace(problem, via=(location, *problem.via)))
        opening = Token("embed_open", "div", 1, attrs={"class": "vd-embed"}, block=True)
        closing = Token("embed_close", "div", -1, block=True)
        return Blocks([opening, *inner.tokens, closing])


def find_part(document: Document, subpath: str) -> tuple[Slice | None, tuple[str, str]]:
    """Return the slice that a subpath names, or None and the code and name of what is missing."""
    names = [name for name in subpath.split("#") if name.strip()]
    if not names:
        return document.whole(), ("", "")
    if names[-1].startswith("^"):
        block_id = names[-1][1:].strip()
        missing = ("block-not-found", f"block id '^{shorten(block_id)}'")
        return document.find_block(block_id), missing
    heading = shorten(" > ".join(name.strip() for name in names))
    return document.find_section(names), ("heading-not-found", f"heading '{heading}'")


def split_size(alt: str) -> tuple[str, dict[str, str | int | float]]:
    """Split `text|300x200` into the text and the attributes for width and height in pixels.

    A size is a number, or two with an `x` between, spaces allowed; the last one counts (some themes
    put words such as `center` behind it).
    """
    parts = [part.strip() for part in alt.split("|")]
    sizes = [match for part in parts if (match := SIZE.fullmatch(part))]
    if not sizes:
        return alt.strip(), {}
    text = "" if SIZE.fullmatch(parts[0]) else parts[0]
    pixels = {"width": int(sizes[-1]["width"]), "height": int(sizes[-1]["height"] or 0)}
    return text, {name: number for name, number in pixels.items() if number}


def _named_link(address: str, text: str) -> list[Token]:
    return [
        _opening_link(address),
        Token("text", "", 0, content=text),
        Token("link_close", "a", -1),
    ]


def _opening_link(address: str) -> Token:
    return Token("link_open", "a", 1, attrs={"href": address})


def _placeholder(shown: str) -> Token:
    """Return the visible mark of something that could not be embedded."""
    return Token("missing", "span", 0, content=shown)
