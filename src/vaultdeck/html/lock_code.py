"""Note types that only a lock holds, and that do more than show fields.

    {{Front}}<script>…</script>      <img src="https://…">      .card { background: url(…) }
    <a href="{{Front}}">             \\({{Front}}\\)               <{{#Front}}{{/Front}}script>

Templates are code, and a lock may come with a stranger's vault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from vaultdeck.anki.lock import Lock
from vaultdeck.html.addresses import is_safe_address
from vaultdeck.html.allowed import ALLOWED, ATTRIBUTES, WEB
from vaultdeck.model import Location, NoteType
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.vault.folder import LOCK_NAME
from vaultdeck.vault.links import URL_SCHEME

# What templates have beyond what notes may have.
SHOWS = frozenset({"class", "id", *ATTRIBUTES["*"]})
LOADS = re.compile(r"url\(|image-set\(|@import|\\|</", re.IGNORECASE)
# What browsers pass over in an address, and what begins one of another host.
UNSEEN = re.compile(r"[\x00-\x20]")
HOST = re.compile(r"[/\\]{2}")
# What makes math or a program's picture of the fields between it, whatever they hold.
TYPESETS = re.compile(r"\\|&#0*92\b|&#x0*5c\b|&bsol|\[/?latex\]|\[/?\$\$?\]", re.IGNORECASE)


def find_lock_code(lock: Lock) -> Iterator[Diagnostic]:
    """Yield `lock-code` for each note type of the lock that does more than show fields."""
    for number, note_type in sorted(lock.types.items()):
        if _holds_code(note_type):
            message = (
                f"the note type '{shorten(note_type.name)}' stands in the lock alone, and its templates "
                "run code or load something wherever the package is imported"
            )
            hint = "look at this line, unless the lock is all your own"
            place = Location(LOCK_NAME, lock.type_lines.get(number, 1))
            yield Diagnostic("lock-code", place, message, hint)


def _holds_code(note_type: NoteType) -> bool:
    reader = _Templates(convert_charrefs=False)
    sides = [side for each in note_type.templates for side in (each.front, each.back)]
    for side in sides:
        reader.feed(f"{side}\n")
    reader.close()
    typesets = any(map(TYPESETS.search, sides))
    return reader.is_active or typesets or bool(LOADS.search(note_type.css))


class _Templates(HTMLParser):
    """Looks for a tag or attribute that is not known to be harmless."""

    is_active = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = SHOWS | ATTRIBUTES.get(tag, set())
        self.is_active |= tag not in ALLOWED or tag == "iframe"
        self.is_active |= any(name not in allowed for name, _ in attrs)
        self.is_active |= any(_is_active(name, value or "") for name, value in attrs)

    def handle_data(self, data: str) -> None:
        # A tag once Anki has taken out what stands in it.
        self.is_active |= "<" in data

    def handle_comment(self, data: str) -> None:
        # Browsers end some comments sooner.
        self.is_active |= "<" in data

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    handle_pi = unknown_decl = handle_comment


def _is_active(name: str, value: str) -> bool:
    if "{{" in value:
        return True
    address = UNSEEN.sub("", value)
    if name in ("src", "poster"):
        return bool(WEB.match(address) or URL_SCHEME.match(address) or HOST.match(address))
    if name == "href":
        return bool(URL_SCHEME.match(address)) and not is_safe_address(address)
    return name == "style" and bool(LOADS.search(value))
