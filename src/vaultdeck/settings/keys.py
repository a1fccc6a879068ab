"""Every setting of vaultdeck.yaml, told once: reader, starter file and documentation go by this table."""

from __future__ import annotations

from dataclasses import fields

from vaultdeck.cards.syntaxes import SYNTAXES
from vaultdeck.cards.syntaxes import flashcards as fo
from vaultdeck.cards.syntaxes import spaced_repetition as sr
from vaultdeck.cards.syntaxes.regexp_styles import STYLES
from vaultdeck.model.config import Flashcards, Markers, SpacedRepetition, Sync
from vaultdeck.settings import type_values, values
from vaultdeck.settings.kinds import Key, by_folder, choice, mapping
from vaultdeck.settings.type_values import FIRST_FIELD, OTHERS
from vaultdeck.settings.values import DECK, FLAG, OBSIDIAN_TAGS, SEPARATOR, TAGS, TEXTS

SETTINGS_NAME = "vaultdeck.yaml"
OF_A_PLUGIN = (
    "That plugin's settings; what is missing here is as the vault's .obsidian folder says."
)

MARKER_KEYS = tuple(Key(field.name, values.ONE_WORD) for field in fields(Markers))
SPACED_REPETITION = (
    Key("tags", OBSIDIAN_TAGS, "mark notes with cards; with several, the tag's path is the deck"),
    Key("ignored_tags", OBSIDIAN_TAGS, "notes with these are left out"),
    Key("ignore", TEXTS, "paths, or globs, of notes that are left out"),
    Key("folder_decks", FLAG, "all notes in folders may hold cards; the folder is the deck"),
    Key("inline", SEPARATOR, "between question and answer on one line"),
    Key("inline_reversed", SEPARATOR, "the same, for both directions"),
    Key("multiline", SEPARATOR, "on a line of its own between question and answer"),
    Key("multiline_reversed", SEPARATOR, "the same, for both directions"),
    Key("end", SEPARATOR, "on a line of its own below a card; without it an empty line"),
    Key("clozes", values.CLOZE_PATTERNS, "how deletions are written"),
)
FLASHCARDS = (
    Key("tag", values.OBSIDIAN_TAG, "marks a question"),
    Key("tags", TAGS, "tags of all these cards"),
    Key("deck", DECK, "of notes without 'cards-deck'", "Flashcards"),
    Key("folder_decks", FLAG, "the folder of such a note is its deck"),
    Key("inline", SEPARATOR, "between question and answer on one line"),
    Key("inline_reversed", SEPARATOR, "the same, for both directions"),
    Key("context", FLAG, "put the headings above a card before its question"),
    Key("context_separator", SEPARATOR, "what stands between them"),
)
SYNC = (
    Key(
        "removed",
        choice("value", ("report", "delete", "suspend")),
        "what becomes of notes that are gone from the vault: report, delete or suspend",
    ),
    Key("moved", choice("value", ("move", "report")), "of cards whose deck changed"),
    Key("retype", FLAG, "give notes another note type"),
)

_TABLE = (
    Key("vault_name", values.LINE, "The vault's name in links to Obsidian."),
    Key("deck", DECK, "The deck of notes that name none.", sets="default_deck"),
    Key(
        "decks",
        by_folder(DECK),
        "Folders and their decks; the innermost counts.",
        {"Lectures/Algebra": "Mathematics::Algebra"},
        sets="folder_decks",
    ),
    Key(
        "deck_scope",
        choice("deck scope", ("file", "following")),
        "Whether the first TARGET DECK line is for all cards of a note (file), or each one\n"
        "for the cards below it (following).",
    ),
    Key("tags", TAGS, "Tags of every card."),
    Key(
        "folder_tags",
        by_folder(TAGS),
        "Folders and the tags of all cards in them.",
        {"Lectures": ["lecture", "WS2526"]},
    ),
    Key("ignore", TEXTS, "Note files to leave out; a '!' takes in again.", ["Old/**"]),
    Key("scan", values.SCAN, "Folders to build; without this, the whole vault.", ["Lectures"]),
    Key(
        "markers",
        mapping(Markers, "marker", MARKER_KEYS, values.check_markers),
        "The words that mark cards.",
    ),
    Key("curly_clozes", FLAG, "In cloze cards {x} is a cloze deletion."),
    Key("highlight_clozes", FLAG, "And so is ==x== (with curly_clozes)."),
    Key("id_comments", FLAG, "Write IDs as <!--ID: n-->, not as ID: n."),
    Key("cut_tags", FLAG, "Turn #tags in cards into tags of the card.", sets="cuts_tags"),
    Key(
        "line_breaks", FLAG, "Show each line on a line of its own, as Obsidian does.", sets="breaks"
    ),
    Key("pasted", FLAG, "Let `vaultdeck check` tell of pasted sections in cards."),
    Key("syntaxes", values.SYNTAX_NAMES, f"How cards are written: any of {', '.join(SYNTAXES)}."),
    Key(
        sr.NAME,
        mapping(SpacedRepetition, "key", SPACED_REPETITION),
        OF_A_PLUGIN,
        sets="spaced_repetition",
    ),
    Key(fo.NAME, mapping(Flashcards, "key", FLASHCARDS), OF_A_PLUGIN, sets="flashcards"),
    Key(
        "note_types",
        type_values.NOTE_TYPES,
        "Folders with note types of your own.",
        ["notetypes/Vocabulary"],
    ),
    Key(
        "fields",
        type_values.FIELDS,
        "Note types of which only the fields are given; vaultdeck makes the templates.",
        {"Vokabel": ["Wort", "Bedeutung"]},
        sets="note_types",
    ),
    Key(
        "regexps",
        type_values.REGEXPS,
        "Note types and the regexp of their cards, in JavaScript's syntax, or a style:\n"
        + "\n".join(f"- {name} ({kind})" for name, (kind, _) in STYLES.items()),
        {"Basic": "question-answer"},
    ),
    Key(
        "link_fields",
        type_values.LINK_FIELDS,
        f"Append a link to the note to a field; '{OTHERS}': {FIRST_FIELD} for all other note types.",
        {"Basic": "Back"},
    ),
    Key(
        "context_fields",
        type_values.FIELD_MAP,
        "Append where the card stands (file > heading > heading) to a field.",
        {"Basic": "Back"},
    ),
    Key("sync", mapping(Sync, "key", SYNC), "What `vaultdeck sync` does in Anki."),
    Key(
        "severities",
        values.SEVERITY_MAP,
        "Make a problem an error, a warning, or off.",
        {"half-card": "off"},
    ),
)
SETTING_KEYS = {key.name: key for key in _TABLE}

# Where JSON Schemas are published. Editors complete and check vaultdeck.yaml by the one that its first
# line names.
SOURCE = "https://raw.githubusercontent.com/vaultdeck/vaultdeck/main/src/vaultdeck"
SETTINGS_SCHEMA = f"{SOURCE}/settings/schema.json"
