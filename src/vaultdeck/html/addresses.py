"""Addresses that a link may lead to: pages, letters, and apps that show what they are asked for.

    https://example.org        obsidian://open?vault=v&file=n        zotero://select/items/1_ABC

An address that makes an app do something (`obsidian://new?…`, `things:///add?…`) is text: a click on a
card of someone else's must not write into one's notes.
"""

from __future__ import annotations

import re

from vaultdeck.regexps import regexp
from vaultdeck.vault.links import URL_NOISE, URL_SCHEME

# These take parameters of any kind, as they do not reach an app's own commands.
PAGE_SCHEMES = frozenset("ftp http https mailto".split())
# These open an app; parameters would be commands to it.
APP_SCHEMES = frozenset(
    "anki bear craftdocs evernote geo logseq marginnote3app marginnote4app message notion sms tel "
    "things x-devonthink-item zotero".split()
)
OBSIDIAN = regexp(r"obsidian://(?:(?:open|search)/?(?:[?#]|\Z)|vault/[^?]*\Z)", re.IGNORECASE)
# A page of a PDF and a mark in it.
ZOTERO = regexp(
    r"zotero://open-pdf/[\w/]+\?(?:(?:page|annotation|sel)=[\w.%-]*&?)*\Z", re.IGNORECASE
)
SCHEMES = PAGE_SCHEMES | APP_SCHEMES | {"obsidian"}


def is_safe_address(address: str) -> bool:
    """Tell whether a click on an address at most opens something."""
    address = URL_NOISE.sub("", address)
    scheme = URL_SCHEME.match(address)
    if scheme is None:
        return False
    name = scheme[1].lower()
    if name == "obsidian":
        return OBSIDIAN.match(address) is not None
    if name in APP_SCHEMES:
        is_plain = "?" not in address and "x-callback" not in address.lower()
        return is_plain or ZOTERO.match(address) is not None
    return name in PAGE_SCHEMES
