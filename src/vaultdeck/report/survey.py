"""What `init` finds in a vault: the cards that a build packs, what they lack, and syntaxes not in use."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from vaultdeck.anki.identity import is_minted
from vaultdeck.build.check_across import check_across
from vaultdeck.build.compiled import Compiled, text_at
from vaultdeck.build.ids import give_ids
from vaultdeck.build.session import Session
from vaultdeck.cards.ids import LEFT_BY_YANKI
from vaultdeck.cards.properties import end_of_properties
from vaultdeck.cards.reading import Reading
from vaultdeck.cards.spans import Spans
from vaultdeck.cards.syntaxes import flashcards, spaced_repetition, syntax_named
from vaultdeck.cards.syntaxes.pieces import SCHEDULE
from vaultdeck.cards.syntaxes.regexp import read_regexps
from vaultdeck.cards.syntaxes.regexp_styles import STYLES
from vaultdeck.model import Location, SourceFile, Span
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import ERROR, shorten, weigh
from vaultdeck.regexps import regexp
from vaultdeck.settings.other_plugins import PATHS
from vaultdeck.vault.observed import Observed

# What a card of another plugin begins with in a form that no syntax has; a block in a code fence is ours.
UNREAD_FORMS = {
    "AnkiBridge": regexp(r"^[ \t>]*(?:`{3,}|~{3,})anki[ \t]*\r?\n(?P<below>.*)", re.MULTILINE),
    "Obsidian Anki Sync": regexp(r"<!--[ \t]*basicblock-start\b(?P<below>)"),
}
# Where Logseq keeps its settings, and a card of it, which ends with its block.
LOGSEQ = "logseq/config.edn"
LOGSEQ_FORM = regexp(r"^[ \t]*-[ \t].*#card(?![\w/-])(?P<below>)", re.MULTILINE)


@dataclass(slots=True)
class Survey:
    """What was found in a vault.

    `blocks` counts the cards that a build packs by note type and syntax; `unknown` those left out by the
    name that is no note type; `errors` the other errors by code. `unused` is as `find_unused` returns it.
    `in_folders` is as `count_in_folders` returns it. `stray_ids` belong to no card; `styles` are those of
    regexps that find cards of them, with how many. `clozes_off` is as `count_clozes_off` returns it.
    `unread` is as `count_unread` returns it.
    `needs_adoption` tells that cards have IDs from before vaultdeck, and nothing was adopted.
    """

    note_files: int
    ignored: int
    with_cards: int
    missing_ids: int
    needs_adoption: bool
    blocks: Counter[tuple[str, str]] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    unused: dict[str, int] = field(default_factory=dict)
    in_folders: int = 0
    stray_ids: int = 0
    styles: Counter[str] = field(default_factory=Counter)
    clozes_off: tuple[Sequence[str], int] = ((), 0)
    unread: Counter[str] = field(default_factory=Counter)


def survey(session: Session, compiled: Compiled) -> Survey:
    """Return what a vault holds that was compiled as for a build."""
    vault, lock = session.vault, session.lock
    given = give_ids(compiled, lock, 0, is_random=False)
    notes, _, problems = check_across([note for file in given.files for note in file.notes], lock)
    foreign = sum(note.id is not None and not is_minted(note.id) for note in compiled.notes)
    paths = {note.location.path for note in notes}
    found = Survey(
        note_files=len(session.paths),
        ignored=sum(1 for _ in vault.notes) - len(session.paths),
        with_cards=len(paths),
        missing_ids=sum(note.id in given.numbers for note in notes),
        needs_adoption=not lock.is_adopted
        and bool(foreign if session.is_first else lock.undecided),
    )
    found.blocks.update((note.kind, note.syntax) for note in notes)
    strays: defaultdict[str, list[Location]] = defaultdict(list)
    for problem in weigh([*compiled.problems, *problems], session.config.severities):
        if problem.code == "stray-id":
            strays[problem.location.path].append(problem.location)
        elif problem.code == "unknown-note-type":
            found.unknown[shorten(text_at(vault, problem.location))] += 1
        elif problem.severity == ERROR:
            found.errors[problem.code] += 1
    for path, places in strays.items():
        source = vault.read_note(path)
        if isinstance(source, SourceFile):
            found.stray_ids += len(places)
            found.styles.update(_styles_of(source, session.config, places))
    return found


def _styles_of(source: SourceFile, config: Config, places: Sequence[Location]) -> dict[str, int]:
    """Return which styles of regexps find cards of IDs that stand at these places, with how many."""
    strays = Spans(
        Span(source.offset(p.line, p.column), source.offset(p.end_line, p.end_column))
        for p in places
    )
    counts = {}
    for name, (kind, pattern) in STYLES.items():
        reading = Reading(source, replace(config, regexps={kind: pattern}))
        spans = [block.id_span for block in read_regexps(reading) if block.id_span]
        if count := sum(strays.meet(span.start, span.end) for span in spans):
            counts[name] = count
    return counts


def find_unused(session: Session) -> dict[str, int]:
    """Return the syntaxes that are not switched on, with how many more cards each would find.

    None is found where only the settings of a syntax's plugin are there, or its schedules, nor where Logseq
    has its own cards and `key:: value`, if that plugin has no settings.
    """
    unused: Counter[str] = Counter()
    spent: dict[str, float] = {}
    observed = Observed(session.root)
    installed = {name for name, path in PATHS.items() if observed.read_file(path) is not None}
    possible = installed if observed.exists(LOGSEQ) else PATHS
    for path in session.paths:
        source = session.vault.read_note(path)
        if isinstance(source, SourceFile):
            found = _cards_of_others(Reading(source, session.config, spent=spent))
            unused.update({name: count for name, count in found.items() if name in possible})
            if SCHEDULE.search(source.text):
                unused[spaced_repetition.NAME] += 0
    return {
        name: unused[name]
        for name in PATHS
        if name not in session.config.syntaxes and (name in unused or name in installed)
    }


def count_unread(session: Session, compiled: Compiled) -> Counter[str]:
    """Return how many cards stand in the notes in forms of other plugins that no syntax has, by plugin.

    A note is one card to Yanki.
    """
    with_cards = {note.location.path for note in compiled.notes}
    begin = session.config.markers.begin
    is_logseqs = Observed(session.root).exists(LOGSEQ)
    forms = UNREAD_FORMS | ({"Logseq": LOGSEQ_FORM} if is_logseqs else {})
    unread: Counter[str] = Counter()
    for path in session.paths:
        source = session.vault.read_note(path)
        if not isinstance(source, SourceFile):
            continue
        for plugin, form in forms.items():
            found = form.finditer(source.text)
            unread[plugin] += sum(match["below"].strip(" \t\r>") != begin for match in found)
        end = end_of_properties(source.text)
        is_yankis = path not in with_cards and LEFT_BY_YANKI.search(source.text, 0, end)
        unread["Yanki"] += bool(is_yankis)
    return +unread


def count_in_folders(session: Session) -> int:
    """Return how many cards notes with schedules hold if folders mark and name the decks."""
    rules = replace(session.config.spaced_repetition, folder_decks=True)
    config = replace(session.config, spaced_repetition=rules)
    sources = map(session.vault.read_note, session.paths)
    return sum(
        sum(1 for _ in spaced_repetition.read_spaced_repetition(Reading(source, config)))
        for source in sources
        if isinstance(source, SourceFile) and SCHEDULE.search(source.text)
    )


def count_clozes_off(session: Session) -> tuple[Sequence[str], int]:
    """Return the settings for clozes with which the regexps find more cards, and how many more."""
    config = session.config
    kinds = [config.note_types[name] for name in config.regexps if name in config.note_types]
    if "regexp" not in config.syntaxes or not any(kind.is_cloze for kind in kinds):
        return (), 0
    notes = map(session.vault.read_note, session.paths)
    sources = [source for source in notes if isinstance(source, SourceFile)]
    spent: dict[str, float] = {}

    def count(config: Config) -> int:
        readings = (Reading(source, config, spent=spent) for source in sources)
        return sum(1 for reading in readings for _ in read_regexps(reading))

    curly = replace(config, curly_clozes=True)
    switched = {"curly_clozes": curly, "highlight_clozes": replace(curly, highlight_clozes=True)}
    off = [name for name in switched if not getattr(config, name)]
    names, more, known = off[:0], 0, count(config) if off else 0
    for number, name in enumerate(off, 1):
        found = count(switched[name]) - known
        if found > more:
            names, more = off[:number], found
    return names, more


def _cards_of_others(reading: Reading) -> dict[str, int]:
    """Return how many more cards each syntax that is not switched on would find."""
    wanted = [
        module.NAME
        for module in (spaced_repetition, flashcards)
        if module.NAME not in reading.config.syntaxes and module.may_hold_cards(reading)
    ]
    # What is a card already is none of another syntax.
    for name in reading.config.syntaxes if wanted else ():
        deque(syntax_named(name)(reading), maxlen=0)
    counts: dict[str, int] = {}
    for name in wanted:
        other = Reading(reading.source, reading.config, list(reading.taken))
        if count := sum(1 for _ in syntax_named(name)(other)):
            counts[name] = count
    return counts


def card_tags(config: Config, syntax: str) -> Sequence[str]:
    """Return the tags, without `#`, that mark the cards of a syntax; none if tags do not."""
    tags = {
        spaced_repetition.NAME: config.spaced_repetition.tags,
        flashcards.NAME: (config.flashcards.tag,),
    }
    return tags.get(syntax, ())


def switch_on(config: Config, unused: dict[str, int]) -> Config:
    """Return the settings with those syntaxes that would find more cards."""
    wanted = [name for name, count in unused.items() if count]
    return replace(config, syntaxes=tuple(syntaxes_with(config, wanted)))


def syntaxes_with(config: Config, more: Iterable[str]) -> Sequence[str]:
    """Return the syntaxes in use and more of them, each once."""
    return list(dict.fromkeys([*config.syntaxes, *more]))
