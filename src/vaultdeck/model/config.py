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

    - `tags`, without `#`, mark notes with cards, `ignored_tags` and the globs `ignore` leave notes out.
    - With `folder_decks` every note in a folder may hold cards, and the folder is the deck.
    - `inline` to `multiline_reversed` stand between question and answer. `end` closes a card of several
      lines; without it an empty line does.
    - `clozes` are the patterns of deletions (see `cards.cloze_patterns`).
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

    - `tag`, without `#`, marks a card; `inline` and `inline_reversed` stand between question and answer.
    - Cards of notes without a `cards-deck` go to the deck of their folder with `folder_decks`, else to
      `deck`, where there is one. `tags` go to all.
    - With `context` the headings above a card stand before its question, with `context_separator`
      between them. The plugin has it on; without the plugin's settings it is off.
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
    """What a sync does in Anki.

    Notes that are gone from the vault are only reported, deleted or suspended (`removed`: report, delete,
    suspend); cards whose deck changed in the vault are moved or reported (`moved`: move, report); notes
    get another note type with `retype`.
    """

    removed: str = "report"
    moved: str = "move"
    retype: bool = True


@value(frozen=True, slots=True)
class Config:
    """What a build is told: by the vault's settings, then by the command line.

    - `default_deck` serves note files that name none; `folder_decks` maps folders to decks (the
      innermost wins), `folder_tags` folders to tags (all on the path count).
    - `deck_scope`: with `file` the first deck line of a file counts for all its cards, with
      `following` each counts for the cards below it.
    - `tags` go to every note; `vaultdeck` comes on top.
    - `scan` are the only folders whose notes are built (all, if empty); `ignore` globs leave notes out,
      a later one with `!` takes them in again.
    - `syntaxes` names the card syntaxes in use, in order; `regexps` maps a note type to a pattern in
      JavaScript's syntax.
    - `spaced_repetition` and `flashcards` are the rules of the syntaxes of these plugins.
    - `curly_clozes`: in cloze notes `{x}` is a deletion; `highlight_clozes`: so is `==x==`.
    - `id_comments`: a new ID is written as `<!--ID: n-->`, else as `ID: n`.
    - `cuts_tags`: `#tags` in a card's text become tags of the note and leave the text.
    - `link_fields` and `context_fields` map a note type to the field that a link to the note, or the
      breadcrumb, is appended to; the key "" stands for the first field of every other type.
    - `severities` override those of the table, by code: error, warning or off.
    - `pasted` lets a check tell of pasted sections.
    - `sync` says what `vaultdeck sync` does in Anki.
    - `breaks` shows a single newline as a line break (Obsidian's "Strict line breaks" is off).
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
