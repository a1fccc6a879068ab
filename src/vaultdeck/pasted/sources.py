"""The notes that are read into the index: those of which cards may hold a section.

Most notes share nothing with cards but rows that stand everywhere (`$$`, `# Proof`). So the lines of a note
are compared as a set before they are read as rows, by their gist: the text without marks round it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import astuple, replace
from itertools import pairwise
from typing import NamedTuple

from vaultdeck.cards import blank_blocks, is_data, parse_file
from vaultdeck.cards.properties import end_of_properties
from vaultdeck.model import NEWLINE, ParsedFile, SourceFile
from vaultdeck.model.config import Config
from vaultdeck.pasted.index import Index, Source
from vaultdeck.pasted.rows import EMBED_START, UNDERLINES, read_rows
from vaultdeck.settings.select import select_notes
from vaultdeck.vault.names import Vault
from vaultdeck.vault.progress import READING, UNSEEN, Progress

# What may stand round the text of a line, and not round that of an equal row.
ROW_MARKS = "#\\ \t"
# A row that stands in more notes does not tell one from another.
COMMON = 8
# Code round a card goes with it.
FENCES = ("```", "~~~")
# The gist of a line that stands in a card.
OF_CARD = "\0"


class _Sketch(NamedTuple):
    """What the lines of a note share with cards; those with a number in `cards` stand in its own.

    With `has_whole` the text of a heading, up to the next one, is shared whole.
    """

    path: str
    lines: Sequence[str]
    cards: Collection[int]
    shared: Collection[str]
    has_heading: bool
    has_whole: bool


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
    gists = {text.strip(ROW_MARKS) for text in names.texts} - {""}
    sketches = []
    for file, is_bare in files:
        lines = shown_lines(file, config, words, is_bare)
        sketch = _sketch(file, lines, gists, will_embed)
        if sketch is not None:
            sketches.append(sketch)
    counts = Counter(gist for sketch in sketches for gist in sketch.shared)
    texts = enumerate(names.texts)
    index.rare.update(row for row, text in texts if counts[text.strip(ROW_MARKS)] <= COMMON)
    for sketch in sketches:
        is_near = sketch.has_heading and any(counts[gist] <= COMMON for gist in sketch.shared)
        if is_near or sketch.has_whole:
            index.add(Source(sketch.path, read_rows(sketch.lines, names, sketch.cards)))
    for first, lengths in index.lengths.items():
        if len(lengths) > 1:
            index.lengths[first] = sorted(set(lengths), reverse=True)
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
    text, done, pieces = file.source.text, 0, []
    for block in file.blocks:
        start, end = block.span.start, block.span.end
        if block.syntax == "block" and (start == 0 or text[start - 1] in "\r\n"):
            end -= text.startswith("\r\n", end - 1)
            pieces += [text[done:start], "\n" * len(NEWLINE.findall(text, start, end))]
            done = end
    return "".join([*pieces, text[done:]])


def _sketch(
    file: ParsedFile, lines: Sequence[str], gists: set[str], will_embed: bool
) -> _Sketch | None:
    """Return what a note shares with the texts of cards, None if it is nothing."""
    found = [line.strip().strip(ROW_MARKS) for line in lines]
    cards = _lines_of_cards(file)
    for number in cards:
        # What embeds do not show of a card is blank.
        found[number] = found[number] and OF_CARD
    shared = gists.intersection(found)
    embeds = [line.strip() for line in lines if line.startswith(EMBED_START)] if will_embed else []
    known = {"", *shared, *embeds}
    if len(known) == 1:
        return None
    headings = [number for number, line in enumerate(lines) if "#" in line[:4]]
    # A line of dashes below a text may make this a heading.
    dashes = {gist for gist in found if gist[-1:] in UNDERLINES and not gist.strip("-=")}
    is_underlined = bool(dashes) and any(
        above and gist in dashes for above, gist in pairwise(found)
    )
    bounds = zip([-1, *headings], [*headings, len(found)], strict=True)
    has_whole = is_underlined or any(
        known.issuperset(found[above + 1 : below])
        and (any(found[above + 1 : below]) or (above >= 0 and found[above] in known))
        for above, below in bounds
    )
    has_heading = is_underlined or any(found[number] in known for number in headings)
    return _Sketch(file.source.path, lines, cards, shared, has_heading, has_whole)


def _lines_of_cards(parsed: ParsedFile) -> set[int]:
    """Return the numbers of the lines that cards stand in."""
    spans = (block.span for block in parsed.blocks)
    places = (parsed.source.locate(s.start, max(s.start, s.end - 1)) for s in spans)
    return {line - 1 for place in places for line in range(place.line, place.end_line + 1)}
