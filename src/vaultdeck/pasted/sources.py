"""The notes that are read into the index: those of which cards may hold a section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import astuple, replace

from vaultdeck.cards import blank, blank_blocks, is_data, parse_file
from vaultdeck.cards.properties import end_of_properties
from vaultdeck.model import NEWLINE, ParsedFile, SourceFile, Span
from vaultdeck.model.config import Config
from vaultdeck.pasted.index import Index, Source
from vaultdeck.pasted.rows import read_rows
from vaultdeck.settings.select import select_notes
from vaultdeck.vault.names import Vault
from vaultdeck.vault.progress import READING, UNSEEN, Progress

# A row that stands in more notes does not tell one from another.
COMMON = 8
# Code round a card goes with it.
FENCES = ("```", "~~~")


def read_index(
    vault: Vault,
    config: Config,
    searched: Iterable[str],
    progress: Progress = UNSEEN,
    parsed: Iterable[ParsedFile] = (),
    *,
    will_embed: bool = False,
) -> Index:
    """Return the index of a vault's notes; `searched` are the note files whose cards are of interest.

    What is `parsed` already is not parsed again. Notes outside `scan` can be embedded as well; those that
    the settings ignore are left out, and what is no text (a drawing, a board). With `will_embed` cards
    may come to hold any embed.
    """
    index, wanted = Index(), {*searched}
    names = index.names
    # What a text holds one of if a card is in it, or anything else that embeds do not show.
    words = ("ID:", *astuple(config.markers))
    files = list(_read_files(vault, config, words, wanted, progress, parsed))
    index.cards += [file for file, _ in files if file.blocks and file.source.path in wanted]
    for block in (block for file in index.cards for block in file.blocks):
        for written in block.fields:
            index.rows_of(written.text)
    names.of_cards.update(range(len(names.texts)))
    names.will_embed = will_embed
    notes = []
    for file, is_bare in files:
        lines = shown_lines(file, config, words, is_bare)
        rows = read_rows(lines, names, _lines_of_cards(file))
        if not names.of_cards.isdisjoint(rows.numbers):
            notes.append(Source(file.source.path, rows))
    counts = Counter(n for note in notes for n in names.of_cards.intersection(note.rows.numbers))
    index.rare.update(row for row, count in counts.items() if count <= COMMON)
    for note in notes:
        index.add(note)
    return index


def _read_files(
    vault: Vault,
    config: Config,
    words: Collection[str],
    wanted: Collection[str],
    progress: Progress,
    parsed: Iterable[ParsedFile],
) -> Iterator[tuple[ParsedFile, bool]]:
    """Yield each note file by path, and whether it is bare: embeds show all of it but properties."""
    spent: dict[str, float] = {}
    plain = {"block", "inline", "regexp"}
    has_plain_syntaxes = not config.regexps and plain.issuperset(config.syntaxes)
    known = {file.source.path: file for file in parsed}
    paths = sorted({*select_notes(vault.notes, replace(config, scan=())), *wanted})
    for path in progress.over(paths, READING):
        source = known[path].source if path in known else vault.read_note(path)
        if not isinstance(source, SourceFile) or is_data(source):
            continue
        if has_plain_syntaxes and not any(word in source.text for word in words):
            yield ParsedFile(source), True
        else:
            yield known.get(path) or parse_file(source, config, spent)[0], False


def shown_lines(
    file: ParsedFile, config: Config, words: Collection[str], is_bare: bool
) -> list[str]:
    """Return the lines of a note as embeds show them; what they do not show is blank."""
    text = file.source.text if is_bare else _without_blocks(file)
    if not is_bare and any(word in text for word in (*words, *FENCES)):
        text, end = blank_blocks(file.source, config), 0
    else:
        end = end_of_properties(text)
    lines = NEWLINE.split(text[end:]) if "\r" in text else text[end:].split("\n")
    lines[0] = lines[0].removeprefix("\ufeff")
    return [""] * len(NEWLINE.findall(text, 0, end)) + lines


def _without_blocks(file: ParsedFile) -> str:
    """Return the text of a note without the blocks in it that begin a line; lines stay."""
    text, blocks = file.source.text, (b.span for b in file.blocks if b.syntax == "block")
    spans = (span for span in blocks if span.start == 0 or text[span.start - 1] in "\r\n")
    return blank(text, (Span(s.start, s.end - text.startswith("\r\n", s.end - 1)) for s in spans))


def _lines_of_cards(parsed: ParsedFile) -> set[int]:
    """Return the numbers of the lines that cards stand in."""
    spans = (block.span for block in parsed.blocks)
    places = (parsed.source.locate(s.start, max(s.start, s.end - 1)) for s in spans)
    return {line - 1 for place in places for line in range(place.line, place.end_line + 1)}
