"""What `init` finds in a vault: the cards that a build packs, what they lack, and syntaxes not in use."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Container, Iterable, Mapping, Sequence
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
from vaultdeck.cards.syntaxes.regexp import read_regexps
from vaultdeck.cards.syntaxes.regexp_styles import STYLES
from vaultdeck.cards.syntaxes.spaced_repetition_pieces import SCHEDULE
from vaultdeck.model import Location, SourceFile
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
    name that is no note type; `errors` the other errors by code. `unused` is as `find_unused` returns it;
    `in_folders` are cards of notes with schedules if folders mark and name the decks. `stray_ids` belong to
    no card; `styles` are those of regexps that find cards of them, with how many. `clozes_off` are settings
    for clozes with which the regexps find more cards, and how many more. `unread` counts cards in forms of
    other plugins that no syntax has, by plugin.
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


def survey(session: Session, compiled: Compiled, unused: dict[str, int]) -> Survey:
    """Return what a vault holds that was compiled as for a build; `unused` is as `find_unused` returns it.

    Each note is read once more.
    """
    vault, lock = session.vault, session.lock
    given = give_ids(compiled, lock, 0, is_random=False)
    notes, _, problems = check_across([note for file in given.files for note in file.notes], lock)
    written = compiled.notes
    foreign = sum(note.id is not None and not is_minted(note.id) for note in written)
    paths = {note.location.path for note in notes}
    found = Survey(
        note_files=len(session.paths),
        ignored=sum(1 for _ in vault.notes) - len(session.paths),
        with_cards=len(paths),
        missing_ids=sum(note.id in given.numbers for note in notes),
        needs_adoption=not lock.is_adopted
        and bool(foreign if session.is_first else lock.undecided),
        unused=unused,
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
    _look_into_notes(found, session, strays, {note.location.path for note in written})
    return found


def _look_into_notes(
    found: Survey,
    session: Session,
    strays: Mapping[str, Sequence[Location]],
    with_cards: Container[str],
) -> None:
    """Count what only the texts of the notes tell; a note without a card is one card to Yanki."""
    config, begin = session.config, session.config.markers.begin
    rules = replace(config.spaced_repetition, folder_decks=True)
    in_folders = replace(config, spaced_repetition=rules)
    is_logseqs = Observed(session.root).exists(LOGSEQ)
    forms = UNREAD_FORMS | ({"Logseq": LOGSEQ_FORM} if is_logseqs else {})
    off = _clozes_off(config)
    clozes: Counter[str] = Counter()
    spent: dict[str, float] = {}
    for path in session.paths:
        source = session.vault.read_note(path)
        if not isinstance(source, SourceFile):
            continue
        if places := strays.get(path):
            found.stray_ids += len(places)
            found.styles.update(_styles_of(source, config, places))
        for plugin, form in forms.items():
            begins = form.finditer(source.text)
            found.unread[plugin] += sum(m["below"].strip(" \t\r>") != begin for m in begins)
        end = end_of_properties(source.text)
        is_yankis = path not in with_cards and LEFT_BY_YANKI.search(source.text, 0, end)
        found.unread["Yanki"] += bool(is_yankis)
        if found.unused.get(spaced_repetition.NAME) == 0 and SCHEDULE.search(source.text):
            cards = spaced_repetition.read_spaced_repetition(Reading(source, in_folders))
            found.in_folders += sum(1 for _ in cards)
        for name, switched in off.items():
            clozes[name] += sum(1 for _ in read_regexps(Reading(source, switched, spent=spent)))
    found.unread = +found.unread
    names = [*off][1:]
    for number, name in enumerate(names, 1):
        more = clozes[name] - clozes[""]
        if more > found.clozes_off[1]:
            found.clozes_off = names[:number], more


def _clozes_off(config: Config) -> dict[str, Config]:
    """Return by name the settings for clozes that regexps could use and that are off, each switched on.

    They come with those before them; as "" first those in use. Nothing if none is off.
    """
    kinds = [config.note_types[name] for name in config.regexps if name in config.note_types]
    if "regexp" not in config.syntaxes or not any(kind.is_cloze for kind in kinds):
        return {}
    curly = replace(config, curly_clozes=True)
    switched = {"curly_clozes": curly, "highlight_clozes": replace(curly, highlight_clozes=True)}
    off = {name: on for name, on in switched.items() if not getattr(config, name)}
    return {"": config, **off} if off else {}


def _styles_of(source: SourceFile, config: Config, places: Sequence[Location]) -> dict[str, int]:
    """Return which styles of regexps find cards of IDs that stand at these places, with how many."""
    strays = Spans(map(source.span, places))
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
