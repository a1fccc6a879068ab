"""The nouns: frozen values that pass from stage to stage.

    SourceFile ─▶ ParsedFile ──────▶ CompiledFile ─▶ Compiled ──────▶ Build
    a note file   CardBlock, Field   Note            all of them      what is told and written

    Note + Entry of the Lock ─▶ StampedNote ─▶ .apkg           AnkiNote, AnkiCard: as Anki has them
    Change: what becomes of it in Anki                          Diagnostic: rides inside all of them

`CompiledFile` is in `compile.note_file`, `Compiled` in `build.compiled`, `Build` in `build.outcome`, `Lock`
and `Entry` in `anki.lock`, `Change` in `anki.stamp`; all others are here:

text.py     a note file, places in it, edits of it
cards.py    what it says about cards
notes.py    notes, note types and media as Anki has them
config.py   what a build is told
value.py    how they are made: frozen for mypy, cheap when the program runs
decode.py   JSON of others into values of declared types, or an error
diagnostics/   problems, and the table of everything that can be wrong

Read these first, then `build/build.py`, then any other. `Note` always means an Anki note; an Obsidian
note is a `SourceFile`. The **ID** is what the author sees in the note file; the **GUID** is what Anki
matches notes on. Offsets count code points into `SourceFile.text`; paths are relative to the vault
with `/` between their parts.
"""

from vaultdeck.model.cards import CardBlock, Field, Found, IdSlot, ParsedFile
from vaultdeck.model.notes import (
    MAX_ID,
    AnkiCard,
    AnkiCollection,
    AnkiNote,
    MediaRef,
    Note,
    NoteType,
    StampedNote,
    Template,
)
from vaultdeck.model.text import NEWLINE, Edit, Location, Rewritten, SourceFile, Span, line_starts

__all__ = ["NEWLINE", "Edit", "Location", "Rewritten", "SourceFile", "Span", "line_starts"]
__all__ += ["CardBlock", "Field", "Found", "IdSlot", "ParsedFile"]
__all__ += ["MAX_ID", "MediaRef", "Note", "NoteType", "StampedNote", "Template"]
__all__ += ["AnkiCard", "AnkiCollection", "AnkiNote"]
