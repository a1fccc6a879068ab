"""The figures of a vault as text for people or JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from wcwidth import wcswidth

from vaultdeck.model.diagnostics import code_counts, counted, shorten
from vaultdeck.report.stats import Stats
from vaultdeck.report.text import as_json

JSON_VERSION = 1
# How wide the table is, in columns, and how much of a long list it shows.
STATS_WIDTH = 80
MAX_SHOWN = 10


def stats_as_json(stats: Stats, notices: Sequence[str] = ()) -> str:
    """Return one JSON object: `version`, `stats`, `notices`."""
    data = {"version": JSON_VERSION, "stats": asdict(stats), "notices": list(notices)}
    return as_json(data)


def stats_lines(stats: Stats) -> Iterator[str]:
    """Yield the figures as a table of at most 80 columns; long lists are cut."""
    embeds, media = stats.embeds, stats.media
    yield _row("note files", stats.note_files, f"{stats.note_files_with_cards} with cards")
    yield _row("notes", stats.notes, f"{stats.without_id} without ID" if stats.without_id else "")
    yield _row("cards", stats.cards)
    yield _row("decks", len(stats.decks), "with the cards of each" if stats.decks else "")
    yield from _items([(share.cards, share.name) for share in stats.decks])
    yield _row("note types", len(stats.note_types), "with the notes of each" if stats.notes else "")
    yield from _items(sorted(((s.notes, s.name) for s in stats.note_types), key=_largest_first))
    yield _row("tags", len(stats.tags), "with the notes of each" if stats.tags else "")
    yield from _items(sorted(((s.notes, s.name) for s in stats.tags), key=_largest_first))
    levels = f"{embeds.deepest} {'level' if embeds.deepest == 1 else 'levels'}"
    depth = f"in {counted(embeds.notes, 'note')}, {levels} deep" if embeds.count else ""
    missing = f"{embeds.missing} not found" if embeds.missing else ""
    yield _row("embeds", embeds.count, ", ".join(filter(None, [depth, missing])))
    often = [(section.count, section.title or "(no text)") for section in embeds.most_embedded]
    yield from _items([entry for entry in often if entry[0] > 1])
    kinds = ", ".join(
        f"{part.files} audio" if kind == "audio" else counted(part.files, kind)
        for kind, part in stats.media_kinds.items()
    )
    yield _row("media files", media.files, f"{_size(media.bytes)}: {kinds}" if media.files else "")
    yield _row("remote images", len(stats.remote_images), " ".join(stats.remote_images[:1]))
    yield _row("errors", sum(stats.errors.values()), code_counts(stats.errors))
    yield _row("warnings", sum(stats.warnings.values()), code_counts(stats.warnings))


def _largest_first(entry: tuple[int, str]) -> tuple[int, str]:
    return -entry[0], entry[1]


def _row(name: str, count: int, more: str = "") -> str:
    return _fit(f"{name:15}{count:>7}   {more}".rstrip())


def _items(entries: Sequence[tuple[int, str]]) -> Iterator[str]:
    for count, name in entries[:MAX_SHOWN]:
        yield _fit(f"{count:>22}   {shorten(name, STATS_WIDTH)}")
    if len(entries) > MAX_SHOWN:
        yield f"{'':25}… and {len(entries) - MAX_SHOWN} more"


def _size(count: int) -> str:
    """Return a number of bytes for a person, in powers of 1000 as file managers show them."""
    size, units = float(count), ["bytes", "kB", "MB", "GB"]
    while size >= 1000 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return (
        f"{size:.0f} {units[0]}" if size >= 100 or units[0] == "bytes" else f"{size:.1f} {units[0]}"
    )


def _fit(line: str) -> str:
    if wcswidth(line) <= STATS_WIDTH:
        return line
    kept = next(end for end in range(len(line), 0, -1) if wcswidth(line[:end]) < STATS_WIDTH)
    return line[:kept] + "…"
