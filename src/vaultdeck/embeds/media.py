"""Embedded files that are no notes: pictures, sounds and videos go into the package."""

from __future__ import annotations

from markdown_it.token import Token

from vaultdeck.anki.media import NOT_SHOWN_KINDS, Refusal, media_kind
from vaultdeck.anki.media_content import not_shown
from vaultdeck.diagnostics import Diagnostic
from vaultdeck.embeds.lookup import Frame, LateLocation, Lookup
from vaultdeck.embeds.tokens import named_link, placeholder, split_size
from vaultdeck.vault.links import Link, obsidian_uri

# The pictures that Excalidraw can write beside a drawing that it keeps as a note.
EXPORTS = (".svg", ".png", ".light.svg", ".light.png", ".dark.svg", ".dark.png")


def shows_text(lookup: Lookup, path: str) -> bool:
    """Tell whether an embed of a file shows its text: that of a drawing or board means nothing."""
    if not is_note(path):
        return False
    document = lookup.document(path)
    return document is None or not document.is_data


def picture_of(lookup: Lookup, path: str, frame: Frame) -> str:
    """Return the file that shows what is no text: of a drawing its picture, if there is one."""
    if not is_note(path):
        return path
    names = (f"/{path[: -len('.md')]}{ending}" for ending in EXPORTS)
    return next((found for name in names if (found := lookup.find(name, frame.path).path)), path)


def is_note(path: str) -> bool:
    """Tell whether a file is a note by its name."""
    return path.lower().endswith(".md")


def show_media(
    lookup: Lookup, token: Token, path: str, link: Link, place: LateLocation, frame: Frame
) -> list[Token]:
    """Return what shows file `path`, which the embed `token` at `place` means.

    A file that a card cannot show (a PDF, a canvas, a drawing) is a link to it. Diagnostics: those of a
    `Refusal`.
    """
    kind = media_kind(path)
    name = path.rpartition("/")[2]
    if kind == "other":
        format_name = NOT_SHOWN_KINDS.get(path.rpartition(".")[2].lower())
        if format_name:
            problem = not_shown(path, format_name)
            frame.report(Diagnostic(problem.code, place(), problem.message, problem.hint))
        address = obsidian_uri(lookup.vault_name, path, link.subpath)
        text, _ = split_size(token.meta.get("alias") or "")
        return named_link(address, text or name.removesuffix(".md"))
    media = lookup.media(path)
    if isinstance(media, Refusal):
        frame.report(Diagnostic(media.code, place(), media.message, media.hint))
        if media.ref is None or not media.ref.name:
            frame.findings.media.update(dict.fromkeys([media.ref] if media.ref else []))
            return [placeholder(name)]
        media = media.ref
    frame.findings.media[media] = None
    if kind == "audio":
        return [Token("sound", "", 0, content=media.name)]
    is_markdown = token.type == "image"
    alt = str(token.attrs["alt"]) if is_markdown else token.meta["alias"] or ""
    text, size = split_size(alt)
    if kind == "video":
        return [Token("video", "video", 0, attrs={"src": media.name, **size})]
    return [Token("image", "img", 0, attrs={"src": media.name, "alt": text or name, **size})]
