"""What links and embeds lead to, and what is wrong where they lead nowhere."""

from __future__ import annotations

from vaultdeck.embeds.chunks import Part
from vaultdeck.embeds.document import Document
from vaultdeck.embeds.headings import split_subpath
from vaultdeck.embeds.lookup import Frame, LateLocation
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.spelling import meant
from vaultdeck.vault.links import Link, leads_outside, obsidian_uri

NOT_FOUND = "no note or file named"


def missing_name(problem: Diagnostic) -> str:
    """Return the name that a link or embed gives to a note or file that there is not, else nothing."""
    said, _, name = problem.message.partition(" '")
    return name.removesuffix("'") if said == NOT_FOUND else ""


def find_file(link: Link, place: LateLocation, frame: Frame, *, is_embed: bool) -> str | None:
    """Return the file that a link or embed means; report it if there is none, or more than one.

    Diagnostics: `embed-not-found`, `link-not-found`, `outside-vault`, `ambiguous-embed`,
    `ambiguous-link`.
    """
    found = frame.lookup.find(link.path, frame.path)
    if found.path is not None and not found.others:
        return found.path
    location = place()
    kind = "embed" if is_embed else "link"
    name = shorten(link.path)
    if found.path is None and leads_outside(link.path, frame.path):
        message = f"'{name}' leads out of the vault, where nothing is read"
        hint = "copy the file into the vault"
        frame.report(Diagnostic("outside-vault", location, message, hint))
    elif found.path is None:
        hint = (
            meant(found.nearest, link.path.rpartition("/")[2])
            if found.nearest
            else "create it, or correct the name"
        )
        frame.report(Diagnostic(f"{kind}-not-found", location, f"{NOT_FOUND} '{name}'", hint))
    elif found.others:
        message = f"'{name}' could be '{found.path}' or '{found.others[0]}'"
        hint = "write the path of the one you mean"
        frame.report(Diagnostic(f"ambiguous-{kind}", location, message, hint))
    return found.path


def link_address(link: Link, path: str | None, frame: Frame) -> str:
    """Return the obsidian:// address of a link that leads to file `path`.

    The target stays as the author wrote it where that leads to the same file from anywhere, so
    that a note which moves to another folder does not change the cards that link to it.
    """
    written = link.path
    is_anywhere = written and not written.startswith((".", "/"))
    if path is not None and not (is_anywhere and frame.lookup.is_unique(path)):
        written = path
    return obsidian_uri(frame.lookup.vault_name, written, link.subpath)


def find_part(
    document: Document, path: str, link: Link, place: LateLocation, frame: Frame
) -> Part | None:
    """Return the part of a note that a link's subpath names; report it if there is none, or more.

    Diagnostics: `heading-not-found`, `block-not-found`, `ambiguous-heading`.
    """
    names = split_subpath(link.subpath)
    part = document.find(link.subpath)
    if not names:
        return part
    is_block = names[-1].startswith("^")
    what = f"{'block id' if is_block else 'heading'} '{shorten(' > '.join(names))}'"
    if part is None:
        near = document.find_nearest(names[-1])
        shown = f"^{near}" if is_block else shorten(near or "")
        hint = meant(shown, names[-1]) if near else "correct the name, or restore it in the note"
        code = "block-not-found" if is_block else "heading-not-found"
        frame.report(Diagnostic(code, place(), f"'{path}' has no {what}", hint))
    elif not is_block and document.outline.is_ambiguous(names):
        message = f"'{path}' has more than one {what}: the first is meant"
        hint = "name the heading above it as well, as in 'note#above#heading'"
        frame.report(Diagnostic("ambiguous-heading", place(), message, hint))
    return part
