"""Note types that only a lock holds, and that do more than show fields.

    {{Front}}<script>…</script>      <img src="https://…">      .card { background: url(…) }
    <a href="{{Front}}">             \\({{Front}}\\)               <{{#Front}}{{/Front}}script>
    .x { position: fixed; top: 0 }   <b style="margin: -9em">    .x { --a: calc(1px - 9em) }

Templates are code, and a lock may come with a stranger's vault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from vaultdeck.anki.filters import inert_name
from vaultdeck.anki.lock import Lock
from vaultdeck.html.addresses import is_safe_address
from vaultdeck.html.allowed import ALLOWED, ATTRIBUTES, WEB
from vaultdeck.model import Location, NoteType
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.regexps import regexp
from vaultdeck.vault.folder import LOCK_NAME
from vaultdeck.vault.links import URL_SCHEME

# What templates have beyond what notes may have.
SHOWS = frozenset({"class", "id", *ATTRIBUTES["*"]})
LOADS = regexp(r"url\(|image-set\(|@import|\\|</", re.IGNORECASE)
# What browsers pass over in an address, and what begins one of another host.
UNSEEN = regexp(r"[\x00-\x20]")
HOST = regexp(r"[/\\]{2}")
# What makes math or a program's picture of the fields between it, whatever they hold.
TYPESETS = regexp(r"\\|&#0*92\b|&#x0*5c\b|&bsol|\[/?latex\]|\[/?\$\$?\]", re.IGNORECASE)
# Strings and comments of a style sheet, in which nothing is declared; what it declares.
SILENT = regexp(r"\"[^\"\n]*\"?|'[^'\n]*'?|/\*.*?(?:\*/|\Z)", re.DOTALL)
DECLARED = regexp(r"(?<![^{};])\s*(?P<name>[\w-]+)\s*:(?P<value>[^{};]*)(?![^;}])")
# Properties that move nothing out of its place, by their first word behind a vendor's prefix.
STILL = regexp(
    r"--[\w-]*|(?:-webkit-|-moz-|-ms-)?(?:accent|align|animation|appearance|aspect|backface|background|block"
    r"|border|box|caption|caret|clear|color|columns?|content|counter|cursor|direction|display|empty|fill|filter"
    r"|flex|float|font|gap|grid|height|hyphens|image|inline|justify|letter|line|list|margin|max|min|mix|object"
    r"|opacity|order|orphans|osx|outline|overflow|padding|page|pointer|position|quotes|resize|row|ruby|scroll"
    r"|scrollbar|src|stroke|tab|table|tap|text|touch|transition|unicode|user|vertical|visibility|white|widows"
    r"|width|word|writing)(?:-[\w-]*)?",
    re.IGNORECASE,
)
# Values of them that do: what is less than nothing, or comes to be so; what is painted round a thing.
SHIFTED = regexp(
    r"\Aposition:(?!\s*(?:relative|static)\b)|\A(?!grid|order)[\w-]+:.*(?<!\w)-[.\d]"
    r"|(?:\A--|margin|indent|spacing).*\((?<!rgb\()(?<!hsl\()(?<!gba\()(?<!sla\()(?<!var\()"
    r"|(?:shadow|outline|outset|stroke|decoration|underline).*(?:\d{3}p|\d{2}r?em|\dv|\d(?:cm|mm|in|pc))",
    re.IGNORECASE | re.DOTALL,
)


def find_lock_code(lock: Lock) -> Iterator[Diagnostic]:
    """Yield `lock-code` for each note type of the lock that does more than show fields."""
    for number, note_type in sorted(lock.types.items()):
        if _holds_code(note_type):
            message = (
                f"the note type '{shorten(note_type.name)}' stands in the lock alone, and its templates run "
                "code, load something or cover the card wherever the package is imported"
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
    # `{{Type}}` and `{{Card}}` show these.
    names = (note_type.name, *(each.name for each in note_type.templates))
    is_named = any(inert_name(name) != name for name in names)
    return reader.is_active or typesets or is_named or _acts(note_type.css)


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
    return name == "style" and _acts(value)


def _acts(css: str) -> bool:
    """Tell whether a style sheet, or a style attribute, loads something or moves things over others."""
    if LOADS.search(css):
        return True
    declared = DECLARED.finditer(SILENT.sub(" ", css))
    return any(
        not STILL.fullmatch(each["name"]) or SHIFTED.search(each["name"] + ":" + each["value"])
        for each in declared
    )
