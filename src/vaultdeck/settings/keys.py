"""Every setting of vaultdeck.yaml, told once: reader, starter file and documentation go by this table."""

from __future__ import annotations

from dataclasses import fields

from vaultdeck.cards.syntaxes import SYNTAXES
from vaultdeck.cards.syntaxes import flashcards as fo
from vaultdeck.cards.syntaxes import spaced_repetition as sr
from vaultdeck.config import Flashcards, Markers, SpacedRepetition, Sync
from vaultdeck.settings.type_values import (
    FIELD_MAP,
    FIELDS,
    FIRST_FIELD,
    LINK_FIELDS,
    NOTE_TYPES,
    OTHERS,
    REGEXPS,
    load_styles,
)
from vaultdeck.settings.values import (
    CLOZE_PATTERNS,
    DECK,
    FLAG,
    LINE,
    OBSIDIAN_TAG,
    OBSIDIAN_TAGS,
    SCAN,
    SEPARATOR,
    SEVERITY_MAP,
    SYNTAX_NAMES,
    TAGS,
    TEXTS,
    WORD,
    Key,
    by_folder,
    check_markers,
    choice,
    mapping,
)

SETTINGS_NAME = "vaultdeck.yaml"
SCOPES = ("file", "following")

MARKER_KEYS = tuple(Key(field.name, field.name, WORD) for field in fields(Markers))
SPACED_REPETITION = (
    Key(
        "tags",
        "tags",
        OBSIDIAN_TAGS,
        "mark notes with cards; with several, the tag's path is the deck",
    ),
    Key("ignored_tags", "ignored_tags", OBSIDIAN_TAGS, "notes with these are left out"),
    Key("ignore", "ignore", TEXTS, "paths, or globs, of notes that are left out"),
    Key(
        "folder_decks",
        "folder_decks",
        FLAG,
        "all notes in folders may hold cards; the folder is the deck",
    ),
    Key("inline", "inline", SEPARATOR, "between question and answer on one line"),
    Key("inline_reversed", "inline_reversed", SEPARATOR, "the same, for both directions"),
    Key("multiline", "multiline", SEPARATOR, "on a line of its own between question and answer"),
    Key("multiline_reversed", "multiline_reversed", SEPARATOR, "the same, for both directions"),
    Key("end", "end", SEPARATOR, "on a line of its own below a card; without it an empty line"),
    Key("clozes", "clozes", CLOZE_PATTERNS, "how deletions are written"),
)
FLASHCARDS = (
    Key("tag", "tag", OBSIDIAN_TAG, "marks a question"),
    Key("tags", "tags", TAGS, "tags of all these cards"),
    Key("deck", "deck", DECK, "of notes without 'cards-deck'", "Flashcards"),
    Key("folder_decks", "folder_decks", FLAG, "the folder of such a note is its deck"),
    Key("inline", "inline", SEPARATOR, "between question and answer on one line"),
    Key("inline_reversed", "inline_reversed", SEPARATOR, "the same, for both directions"),
    Key("context", "context", FLAG, "put the headings above a card before its question"),
    Key("context_separator", "context_separator", SEPARATOR, "what stands between them"),
)
SYNC = (
    Key(
        "removed",
        "removed",
        choice("way", ("report", "delete", "suspend")),
        "what becomes of notes that are gone from the vault: report, delete or suspend",
    ),
    Key("moved", "moved", choice("way", ("move", "report")), "of cards whose deck changed"),
    Key("retype", "retype", FLAG, "give notes another note type"),
)

_TABLE = (
    Key("vault_name", "vault_name", LINE, "The vault's name in links to Obsidian."),
    Key("deck", "default_deck", DECK, "The deck of notes that name none."),
    Key(
        "decks",
        "folder_decks",
        by_folder(DECK),
        "Folders and their decks; the innermost counts.",
        {"Lectures/Algebra": "Mathematics::Algebra"},
    ),
    Key(
        "deck_scope",
        "deck_scope",
        choice("deck scope", SCOPES),
        "Whether the first TARGET DECK line is for all cards of a note (file), or each one\n"
        "for the cards below it (following).",
    ),
    Key("tags", "tags", TAGS, "Tags of every card."),
    Key(
        "folder_tags",
        "folder_tags",
        by_folder(TAGS),
        "Folders and the tags of all cards in them.",
        {"Lectures": ["lecture", "WS2526"]},
    ),
    Key("ignore", "ignore", TEXTS, "Note files to leave out; a '!' takes in again.", ["Old/**"]),
    Key("scan", "scan", SCAN, "Folders to build; without this, the whole vault.", ["Lectures"]),
    Key(
        "markers",
        "markers",
        mapping(Markers, "marker", MARKER_KEYS, check_markers),
        "The words that mark cards.",
    ),
    Key("curly_clozes", "curly_clozes", FLAG, "In cloze cards {x} is a cloze deletion."),
    Key("highlight_clozes", "highlight_clozes", FLAG, "And so is ==x== (with curly_clozes)."),
    Key("id_comments", "id_comments", FLAG, "Write IDs as <!--ID: n-->, not as ID: n."),
    Key("cut_tags", "cuts_tags", FLAG, "Turn #tags in cards into tags of the card."),
    Key("line_breaks", "breaks", FLAG, "Show each line on a line of its own, as Obsidian does."),
    Key("pasted", "pasted", FLAG, "Let `vaultdeck check` tell of pasted sections in cards."),
    Key(
        "syntaxes",
        "syntaxes",
        SYNTAX_NAMES,
        f"How cards are written: any of {', '.join(SYNTAXES)}.",
    ),
    Key(
        sr.NAME,
        "spaced_repetition",
        mapping(SpacedRepetition, "key", SPACED_REPETITION),
        "That plugin's settings; what is missing here is as the vault's .obsidian folder says.",
    ),
    Key(
        fo.NAME,
        "flashcards",
        mapping(Flashcards, "key", FLASHCARDS),
        "That plugin's settings; what is missing here is as the vault's .obsidian folder says.",
    ),
    Key(
        "note_types",
        "",
        NOTE_TYPES,
        "Folders with note types of your own.",
        ["notetypes/Vocabulary"],
    ),
    Key(
        "fields",
        "note_types",
        FIELDS,
        "Note types of which only the fields are given; vaultdeck makes the templates.",
        {"Vokabel": ["Wort", "Bedeutung"]},
    ),
    Key(
        "regexps",
        "regexps",
        REGEXPS,
        "Note types and the regexp of their cards, in JavaScript's syntax, or a style:\n"
        + "\n".join(f"- {name} ({kind})" for name, (kind, _) in load_styles().items()),
        {"Basic": "question-answer"},
    ),
    Key(
        "link_fields",
        "link_fields",
        LINK_FIELDS,
        f"Append a link to the note to a field; '{OTHERS}': {FIRST_FIELD} for all other note types.",
        {"Basic": "Back"},
    ),
    Key(
        "context_fields",
        "context_fields",
        FIELD_MAP,
        "Append where the card stands (file > heading > heading) to a field.",
        {"Basic": "Back"},
    ),
    Key("sync", "sync", mapping(Sync, "key", SYNC), "What `vaultdeck sync` does in Anki."),
    Key(
        "severities",
        "severities",
        SEVERITY_MAP,
        "Make a problem an error, a warning, or off.",
        {"half-card": "off"},
    ),
)
SETTING_KEYS = {key.name: key for key in _TABLE}
