"""What a vault holds, as far as reading its notes tells: the cards as written, and what they lack.

Nothing is rendered and no embed is followed, so that the first look at a large vault takes seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from vaultdeck.anki.identity import is_minted
from vaultdeck.build.session import Session
from vaultdeck.cards.deleted import find_deleted
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.syntaxes import flashcards, spaced_repetition, syntax_named
from vaultdeck.config import Config
from vaultdeck.diagnostics import ERROR, Diagnostic, shorten, weigh
from vaultdeck.model import SourceFile
from vaultdeck.settings.other_plugins import PATHS
from vaultdeck.vault.observed import Observed


@dataclass(slots=True)
class Survey:
    """What was found in a vault.

    `blocks` counts cards by note type and syntax; `unknown` those left out by the name that is no
    note type; `errors` the other errors by code. `unused` are syntaxes that are not switched on,
    with the cards that they would find: none where only their plugin's settings are there.
    `needs_adoption` tells that cards have IDs from before vaultdeck, and nothing was adopted.
    """

    note_files: int = 0
    ignored: int = 0
    with_cards: int = 0
    blocks: Counter[tuple[str, str]] = field(default_factory=Counter)
    ids: int = 0
    foreign_ids: int = 0
    missing_ids: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    unused: dict[str, int] = field(default_factory=dict)
    needs_adoption: bool = False


def survey(session: Session) -> Survey:
    """Read all note files of an open vault and return what they hold."""
    config = session.config
    found = Survey(note_files=len(session.paths))
    found.ignored = sum(1 for _ in session.vault.notes) - found.note_files
    unused: Counter[str] = Counter()
    spent: dict[str, float] = {}
    for path in session.paths:
        source = session.vault.read_note(path)
        if isinstance(source, Diagnostic):
            _count_errors(found, [source], config)
            continue
        reading = Reading(source, config, spent=spent)
        _count_cards(found, reading)
        unused.update(_cards_of_others(reading))
    for name, path in PATHS.items():
        if name not in config.syntaxes and (
            unused[name] or Observed(session.root).read_file(path) is not None
        ):
            found.unused[name] = unused[name]
    lock = session.lock
    found.needs_adoption = not lock.is_adopted and bool(
        found.foreign_ids if session.is_first else lock.undecided
    )
    return found


def _count_cards(found: Survey, reading: Reading) -> None:
    deleted = find_deleted(reading.source.text, reading.config.markers)
    before = sum(found.blocks.values())
    for name in reading.config.syntaxes:
        for block in syntax_named(name)(reading):
            if block.id not in deleted:
                found.blocks[block.note_type, name] += 1
                found.ids += block.id is not None
                found.foreign_ids += block.id is not None and not is_minted(block.id)
                found.missing_ids += block.id is None
    found.with_cards += sum(found.blocks.values()) > before
    for problem in reading.problems:
        if problem.code == "unknown-note-type":
            found.unknown[_text_at(reading.source, problem)] += 1
    others = (problem for problem in reading.problems if problem.code != "unknown-note-type")
    _count_errors(found, others, reading.config)


def _count_errors(found: Survey, problems: Iterable[Diagnostic], config: Config) -> None:
    weighed = weigh(problems, config.severities)
    found.errors.update(problem.code for problem in weighed if problem.severity == ERROR)


def _cards_of_others(reading: Reading) -> dict[str, int]:
    """Return how many more cards each syntax that is not switched on would find."""
    text = reading.source.text.lower()
    counts: dict[str, int] = {}
    for name in PATHS:
        has_word = any(tag.lower() in text for tag in card_tags(reading.config, name))
        if name not in reading.config.syntaxes and (
            has_word or reading.config.spaced_repetition.folder_decks
        ):
            other = Reading(reading.source, reading.config, list(reading.taken))
            counts[name] = sum(1 for _ in syntax_named(name)(other))
    return counts


def card_tags(config: Config, syntax: str) -> Sequence[str]:
    """Return the tags, without `#`, that mark the cards of a syntax; none if tags do not."""
    tags = {
        spaced_repetition.NAME: config.spaced_repetition.tags,
        flashcards.NAME: (config.flashcards.tag,),
    }
    return tags.get(syntax, ())


def _text_at(source: SourceFile, problem: Diagnostic) -> str:
    """Return the text that a diagnostic within one line is about."""
    place = problem.location
    start = source.offset(place.line, place.column)
    return shorten(source.text[start : source.offset(place.end_line, place.end_column)])


def switch_on(config: Config, found: Survey) -> Config:
    """Return the settings with those syntaxes that would find more cards."""
    wanted = [name for name, count in found.unused.items() if count]
    return replace(config, syntaxes=tuple(syntaxes_with(config, wanted)))


def syntaxes_with(config: Config, more: Iterable[str]) -> Sequence[str]:
    """Return the syntaxes in use and more of them, each once."""
    return list(dict.fromkeys([*config.syntaxes, *more]))
