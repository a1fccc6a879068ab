"""What a build is told: one value, `Config`, that `settings` reads and every other room goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from vaultdeck.model import NoteType
from vaultdeck.model.value import value


@value(frozen=True, slots=True)
class Markers:
    """The words that a vault uses to mark its cards; the defaults are those of Obsidian_to_Anki."""

    begin: str = "START"
    end: str = "END"
    inline_begin: str = "STARTI"
    inline_end: str = "ENDI"
    deck: str = "TARGET DECK"
    tags: str = "FILE TAGS"
    delete: str = "DELETE"
    frozen: str = "FROZEN"


@value(frozen=True, slots=True)
class SpacedRepetition:
    """How obsidian-spaced-repetition knows its cards: its settings and their defaults.

    `settings.keys` tells what each means. Tags stand without `#`; `cards.cloze_patterns` reads `clozes`.
    """

    tags: tuple[str, ...] = ("flashcards",)
    ignored_tags: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    folder_decks: bool = False
    inline: str = "::"
    inline_reversed: str = ":::"
    multiline: str = "?"
    multiline_reversed: str = "??"
    end: str = ""
    clozes: tuple[str, ...] = ("==[123;;]answer[;;hint]==",)


@value(frozen=True, slots=True)
class Flashcards:
    """How flashcards-obsidian knows its cards, and where they go.

    `settings.keys` tells what each means. Tags stand without `#`. The plugin has `context` on; without the
    plugin's settings it is off.
    """

    tag: str = "card"
    tags: tuple[str, ...] = ()
    deck: str = ""
    folder_decks: bool = False
    inline: str = "::"
    inline_reversed: str = ":::"
    context: bool = False
    context_separator: str = " > "


@value(frozen=True, slots=True)
class Sync:
    """What a sync does in Anki, as `settings.keys` tells."""

    removed: str = "report"
    moved: str = "move"
    retype: bool = True


@value(frozen=True, slots=True)
class Config:
    """What a build is told: by the vault's settings, then by the command line.

    `settings.keys` tells what each key of vaultdeck.yaml means; most have the name of their field here.

    - `syntaxes` are in the order in which they read a note; `regexps` maps note types to patterns.
    - In `link_fields` the key "" stands for every other note type, and for its first field.
    - `origin` names the file that these settings come from, empty if there is none.
    """

    vault_name: str
    default_deck: str
    note_types: Mapping[str, NoteType] = field(default_factory=dict)
    markers: Markers = Markers()
    folder_decks: Mapping[str, str] = field(default_factory=dict)
    deck_scope: str = "file"
    folder_tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    scan: tuple[str, ...] = ()
    syntaxes: tuple[str, ...] = ("block", "inline", "regexp")
    regexps: Mapping[str, str] = field(default_factory=dict)
    spaced_repetition: SpacedRepetition = SpacedRepetition()
    flashcards: Flashcards = Flashcards()
    curly_clozes: bool = False
    highlight_clozes: bool = False
    id_comments: bool = True
    cuts_tags: bool = False
    link_fields: Mapping[str, str] = field(default_factory=dict)
    context_fields: Mapping[str, str] = field(default_factory=dict)
    severities: Mapping[str, str] = field(default_factory=dict)
    pasted: bool = False
    sync: Sync = Sync()
    breaks: bool = True
    origin: str = ""
