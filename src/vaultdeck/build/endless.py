"""Formulas that would never end by what the notes of a vault define together.

    $\\def\\a{\\sqrt{\\b}\\sqrt{\\b}}$    of a first card
    $\\def\\b{\\sqrt{\\c}\\sqrt{\\c}}$    of a second one, and so on
    $\\a$                         of the last

MathJax keeps definitions from card to card for as long as Anki's reviewer is open. Each card is harmless
by itself; behind twelve of them Anki stands still for half a minute, behind each one more for twice that.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from vaultdeck.anki.identity import changed
from vaultdeck.embeds.formulas import unsafe_math
from vaultdeck.html import guard_fields, read_defined
from vaultdeck.mathjax.expansion import Expansions
from vaultdeck.model import Note
from vaultdeck.model.diagnostics import Diagnostic


def refuse_endless(notes: Sequence[Note]) -> tuple[Sequence[Note], list[Diagnostic]]:
    """Return the notes with formulas that are a part of such a chain as text, `unsafe-math` for each note.

    What other vaults and decks define is not known.
    """
    found = (
        read_defined(html, is_cloze=note.note_type.is_cloze)
        for note in notes
        for html in note.fields
    )
    defined = list(dict.fromkeys(itertools.chain.from_iterable(found)))
    if not Expansions(defined).has_endless(each.name for each in defined):
        return notes, []
    kept: list[Note] = []
    problems: list[Diagnostic] = []
    for note in notes:
        named = dict(zip(note.note_type.fields, note.fields, strict=True))
        guarded = guard_fields(named, is_cloze=note.note_type.is_cloze, others=defined)
        refused = [formula for field in guarded.values() for formula in field.refused]
        if refused:
            reason = f"other notes define more: {refused[0].reason}"
            problems.append(unsafe_math(note.location, reason))
            note = changed(note, fields=tuple(field.html for field in guarded.values()))
        kept.append(note)
    return kept, problems
