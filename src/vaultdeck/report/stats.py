"""The figures of a vault: its notes, cards, decks, tags, embeds and media."""

from __future__ import annotations

import html as entities
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from vaultdeck.anki.adopt import adapt
from vaultdeck.anki.cards import card_numbers
from vaultdeck.anki.identity import OUR_TAG
from vaultdeck.anki.lock import Lock
from vaultdeck.anki.media import media_kind
from vaultdeck.build.check_across import check_across
from vaultdeck.build.compiled import Compiled
from vaultdeck.model import Note
from vaultdeck.model.diagnostics import ERROR, gather, shorten, weigh
from vaultdeck.model.value import value
from vaultdeck.regexps import regexp
from vaultdeck.report.text import FIELD_TAG, MAX_TITLE, text_of
from vaultdeck.spelling import name_order

# What stands in a card for an embed that leads nowhere, or for a file that cannot be shown.
MISSING = '<span class="vd-missing">'
MAX_SECTIONS = 20


EMBED = 'class="vd-embed"'
FOOTNOTES = 'class="vd-footnotes"'
# Where a heading, a paragraph, an item or a cell ends.
BLOCK_END = regexp(r"</(?:h[1-6]|p|li|t[dh]|pre|div|summary)>")
# What a picture is called.
ALT = regexp(r"<img\b[^>]*?\balt=\"([^\"]+)\"")


@value(frozen=True, slots=True)
class Share:
    """How many notes and cards a deck, note type or tag has."""

    name: str
    notes: int
    cards: int


@value(frozen=True, slots=True)
class EmbeddedSection:
    """A section that is embedded: what it begins with, and how often it is."""

    title: str
    count: int


@value(frozen=True, slots=True)
class Embeds:
    """The embedded notes and sections; `missing` are embeds of notes or files that cannot be shown."""

    count: int
    notes: int
    deepest: int
    missing: int
    most_embedded: Sequence[EmbeddedSection]


@value(frozen=True, slots=True)
class Media:
    """The media files that go into the package, of one kind or of all."""

    files: int
    bytes: int


@value(frozen=True, slots=True)
class Stats:
    """The figures of a vault; lists by size, the largest first.

    `errors` and `warnings` count the problems of the notes as they stand, by code; what a build adds
    to them by looking at the build before is not among them.
    """

    note_files: int
    note_files_with_cards: int
    notes: int
    cards: int
    without_id: int
    decks: Sequence[Share]
    note_types: Sequence[Share]
    tags: Sequence[Share]
    embeds: Embeds
    media: Media
    media_kinds: Mapping[str, Media]
    remote_images: Sequence[str]
    errors: Mapping[str, int]
    warnings: Mapping[str, int]


def measure(compiled: Compiled, lock: Lock, size_of: Callable[[str], int]) -> Stats:
    """Return the figures of a compiled vault, as a build would pack it.

    `size_of` tells the bytes of a file by its path in the vault.
    """
    kept, _, problems = check_across(compiled.notes, lock)
    found = gather(weigh([*problems, *compiled.problems], compiled.config.severities))
    # In the shape of the note type that each was adopted with, if it was.
    entries = [(note, lock.entries.get(note.id or 0)) for note in kept]
    notes = [adapt(note, entry, lock.types)[0] if entry else note for note, entry in entries]
    cards = [len(card_numbers(note.note_type, note.fields)) for note in notes]
    media = {ref.name: ref.path for note in notes for ref in note.files}
    sizes = [(media_kind(path), size_of(path)) for path in media.values()]
    counted = list(zip(notes, cards, strict=True))
    return Stats(
        note_files=len(compiled.files),
        note_files_with_cards=len({note.location.path for note in notes}),
        notes=len(notes),
        cards=sum(cards),
        without_id=sum(note.id is None for note in notes),
        decks=_shares((note.deck, count) for note, count in counted),
        note_types=_shares((note.kind, count) for note, count in counted),
        tags=_shares(
            (tag, count) for note, count in counted for tag in note.tags if tag != OUR_TAG
        ),
        embeds=_embeds(notes),
        media=Media(len(sizes), sum(size for _, size in sizes)),
        media_kinds={
            kind: Media(
                sum(other == kind for other, _ in sizes),
                sum(size for other, size in sizes if other == kind),
            )
            for kind in sorted({kind for kind, _ in sizes})
        },
        remote_images=sorted({address for note in notes for address in note.remote}),
        errors=_by_size(Counter(p.code for p in found if p.severity == ERROR)),
        warnings=_by_size(Counter(p.code for p in found if p.severity != ERROR)),
    )


def _shares(pairs: Iterable[tuple[str, int]]) -> list[Share]:
    notes: Counter[str] = Counter()
    cards: Counter[str] = Counter()
    for name, count in pairs:
        notes[name] += 1
        cards[name] += count
    return [Share(name, notes[name], count) for name, count in _by_size(cards).items()]


def _by_size(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], name_order(item[0]), item[0])))


def _embeds(notes: Iterable[Note]) -> Embeds:
    """Return the figures of the embeds; sections that show the same text are one."""
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    deepest = embedding = missing = 0
    for note in notes:
        found = [embed for html in note.fields for embed in find_embeds(html)]
        embedding += bool(found)
        missing += sum(html.count(MISSING) for html in note.fields)
        for embed in found:
            text = text_of(embed.html) or embed.html
            counts[text] += 1
            shown.setdefault(text, embed.html)
            deepest = max(deepest, embed.depth)
    most = list(_by_size(counts).items())[:MAX_SECTIONS]
    sections = [EmbeddedSection(section_title(shown[text]), count) for text, count in most]
    return Embeds(sum(counts.values()), embedding, deepest, missing, sections)


class Embed(NamedTuple):
    """An embedded section: how many embeds it stands in, itself included, and its HTML."""

    depth: int
    html: str


def find_embeds(html: str) -> Iterator[Embed]:
    """Yield the embeds of a field's HTML, an inner one before the one it stands in.

    A footnote of an embedded note is marked like an embed; it is part of one and does not count.
    """
    if EMBED not in html:
        return
    # For each open `<div>` where its content starts, or None if it is no embed.
    divs: list[int | None] = []
    has_footnotes = False
    item = -1
    for tag in FIELD_TAG.finditer(html):
        name, attributes = tag["name"].lower(), tag["rest"]
        if name == "div" and not tag["slash"]:
            is_footnote = item >= 0 and not html[item : tag.start()].strip()
            is_embed = attributes.strip() == EMBED and not is_footnote
            divs.append(tag.end() if is_embed else None)
        elif name == "div" and divs:
            start = divs.pop()
            if start is not None:
                depth = 1 + sum(outer is not None for outer in divs)
                yield Embed(depth, html[start : tag.start()])
        has_footnotes |= name == "section" and FOOTNOTES in attributes
        item = tag.end() if has_footnotes and name == "li" and not tag["slash"] else -1


def section_title(html: str) -> str:
    """Return what a person knows a section by: its heading, else its first text or picture.

    Empty if it has none of them.
    """
    texts = (text_of(part) for part in BLOCK_END.split(html))
    title = next(filter(None, texts), "")
    picture = None if title else ALT.search(html)
    return shorten(entities.unescape(picture[1]) if picture else title, MAX_TITLE)
