"""Links: their parts, what they show, and the obsidian:// address they lead to."""

from __future__ import annotations

import functools
from typing import NamedTuple
from urllib.parse import quote, unquote

from vaultdeck.regexps import regexp

DRIVE = regexp(r"[A-Za-z]:[\\/]")
URL_SCHEME = regexp(r"([A-Za-z][A-Za-z0-9+.-]*):")
# Browsers take these out of an address before they read it.
URL_NOISE = regexp(r"[\x00-\x20\x7f]+")


class Link(NamedTuple):
    """The two parts of a link's target: the path, and the subpath with its `#` (or nothing)."""

    path: str
    subpath: str


def split_link(target: str) -> Link:
    """Split a wikilink's target at the first `#`."""
    path, mark, subpath = target.partition("#")
    return Link(path.strip(), mark + subpath.strip() if mark else "")


def split_address(address: str) -> Link | None:
    """Split the address of a Markdown link into path and subpath; None if it leads out of the vault."""
    if URL_SCHEME.match(address) or address.startswith("//"):
        return None
    return split_link(unquote(address))


def leads_outside(path: str, source: str) -> bool:
    """Tell whether a link in note file `source` climbs above the vault or names a place on the disk."""
    if path.startswith("../"):
        depth = source.count("/")
        return path.split("/").count("..") > depth
    return path.startswith(("~/", "\\\\")) or bool(DRIVE.match(path))


def show_link(link: Link) -> str:
    """Return what Obsidian shows for a link without alias: `note > heading`."""
    parts = [part.strip() for part in link.subpath.split("#")]
    return " > ".join(part for part in [link.path, *parts] if part)


@functools.lru_cache(maxsize=4096)
def obsidian_uri(vault: str, file: str, subpath: str = "") -> str:
    """Return the address that opens a note in Obsidian; all reserved characters are encoded."""
    name = file[:-3] if file.lower().endswith(".md") else file
    return f"obsidian://open?vault={quote(vault, safe='')}&file={quote(name + subpath, safe='')}"
