"""Embedded files that are no notes: pictures, sounds and videos go into the package."""

from __future__ import annotations

import functools

from markdown_it.token import Token

from vaultdeck.anki.media import NOT_SHOWN_KINDS, Refusal, media_kind
from vaultdeck.anki.media_content import NOT_SHOWN, not_shown
from vaultdeck.embeds.lookup import Frame, LateLocation
from vaultdeck.embeds.raw_media import LOCAL
from vaultdeck.embeds.tokens import named_link, placeholder, split_size
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.vault.links import Link, obsidian_uri
from vaultdeck.vault.names import is_note, shown_name

# The pictures that Excalidraw can write beside a drawing that it keeps as a note.
EXPORTS = (".svg", ".png", ".light.svg", ".light.png", ".dark.svg", ".dark.png")


def shows_text(path: str, frame: Frame) -> bool:
    """Tell whether an embed of a file shows its text: that of a drawing or board means nothing."""
    if not is_note(path):
        return False
    document = frame.lookup.document(path)
    return document is None or not document.is_data


def picture_of(path: str, frame: Frame) -> str:
    """Return the file that shows what is no text: of a drawing its picture, if there is one."""
    if not is_note(path):
        return path
    names = (f"/{path[: -len('.md')]}{ending}" for ending in EXPORTS)
    return next(
        (found for name in names if (found := frame.lookup.find(name, frame.path).path)), path
    )


def show_media(
    token: Token, path: str, link: Link, place: LateLocation, frame: Frame
) -> list[Token]:
    """Return what shows file `path`, which the embed `token` at `place` means.

    A file that a card cannot show (a PDF, a canvas, a drawing) is a link to it. Diagnostics: those of a
    `Refusal`, and `media-not-shown` for a note that Obsidian draws.
    """
    kind = media_kind(path)
    name = path.rpartition("/")[2]
    if kind == "other":
        format_name = NOT_SHOWN_KINDS.get(path.rpartition(".")[2].lower())
        if format_name:
            problem = not_shown(path, format_name)
            frame.report(Diagnostic(problem.code, place(), problem.message, problem.hint))
        elif is_note(path):
            message = f"'{shorten(name)}' is drawn by a plugin of Obsidian, and a link on the card"
            hint = "let the plugin save a picture beside it (Excalidraw: its setting 'Auto-export')"
            frame.report(Diagnostic(NOT_SHOWN, place(), message, hint))
        address = obsidian_uri(frame.lookup.vault_name, path, link.subpath)
        text, _ = split_size(token.meta.get("alias") or "")
        return named_link(address, text or shown_name(name))
    media = frame.lookup.media(path)
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
    if token.meta.get("is_html"):
        size |= {key: value for key, value in token.attrs.items() if key not in ("src", "alt")}
    if kind == "video":
        return [Token("video", "video", 0, attrs={"src": media.name, **size})]
    return [Token("image", "img", 0, attrs={"src": media.name, "alt": text or name, **size})]


def show_sound(token: Token, inline: Token, frame: Frame) -> list[Token]:
    """Return a sound that an author wrote as Anki does; without a file in the vault it is text."""
    name, start = token.meta["name"], token.meta["pos"]
    place = functools.partial(frame.locate, inline, start, start + len(token.content))
    path = frame.lookup.find(name, frame.path).path
    if path is None or media_kind(path) not in ("audio", "video"):
        message = f"no sound named '{shorten(name)}' in the vault: it is shown as text"
        hint = "copy the file into the vault, or write a backslash before the bracket"
        frame.report(Diagnostic("embed-not-found", place(), message, hint))
        return [token]
    embed = Token("image", "", 0, attrs={"alt": ""})
    shown = show_media(embed, path, Link(path, ""), place, frame)
    # Anki plays a film likewise.
    return [
        Token("sound", "", 0, content=str(token.attrs["src"])) if token.type == "video" else token
        for token in shown
    ]


def seen_from_root(local: Link, frame: Frame) -> Link:
    """Return the link of raw HTML: its paths begin at the vault's root, if that leads to a file."""
    from_root = Link("/" + local.path.removeprefix("./").lstrip("/"), local.subpath)
    return from_root if frame.lookup.find(from_root.path, frame.path).path else local


def report_local(token: Token, inline: Token, frame: Frame) -> None:
    """Report the picture or sound `token` if its address is one of a single computer."""
    address = str(token.attrs.get("src", ""))
    if LOCAL.match(address):
        start = token.meta["pos"]
        location = frame.locate(inline, start, start + len(token.meta["raw"]))
        message = f"'{shorten(address)}' is an address of one computer, not of the vault"
        hint = "copy the file into the vault and embed it, as in `![[picture.png]]`"
        frame.report(Diagnostic("media-unreadable", location, message, hint))
