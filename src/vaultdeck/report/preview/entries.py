"""What the page holds of a build: notes with their cards and problems, as plain values for JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from vaultdeck.model import Location, StampedNote
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.report.preview.filters import plain_text
from vaultdeck.report.preview.formulas import read_formulas
from vaultdeck.report.preview.sides import Side, show_cards
from vaultdeck.vault.links import obsidian_uri


def note_entries(
    notes: Iterable[StampedNote],
    problems: Sequence[Diagnostic],
    vault: str,
    is_chosen: Callable[[str], bool],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the notes of the note files that `is_chosen`, and the problems that none of them has.

    A problem belongs to the card that it stands in, or that embeds the place where it stands.
    """
    by_file: dict[str, list[tuple[int, Diagnostic]]] = {}
    for number, problem in enumerate(problems):
        for place in {problem.location, *problem.via}:
            by_file.setdefault(place.path, []).append((number, problem))
    taken: set[int] = set()
    entries: list[dict[str, Any]] = []
    for stamped in notes:
        note = stamped.note
        if not is_chosen(note.location.path):
            continue
        mine = {n: p for n, p in by_file.get(note.location.path, ()) if _concerns(p, note.location)}
        taken.update(mine)
        entries.append(
            {
                "id": stamped.id,
                "type": note.note_type.name,
                "deck": note.deck,
                "tags": list(note.tags),
                "path": note.location.path,
                "line": note.location.line,
                "uri": obsidian_uri(vault, note.location.path),
                "problems": [p.spelt_out.as_dict() for _, p in sorted(mine.items())],
                "cards": [_card(side, note.fields[0]) for side in show_cards(stamped)],
            }
        )
    others = [p.spelt_out.as_dict() for number, p in enumerate(problems) if number not in taken]
    return entries, others


def _card(side: Side, first_field: str) -> dict[str, Any]:
    card: dict[str, Any] = {
        "number": side.number,
        "name": side.name,
        "title": shorten(read_formulas(plain_text(side.front or first_field)), 90) or "(no text)",
        "front": side.front,
        "back": side.back,
    }
    if side.failure:
        card["failure"] = side.failure
    # Most backs repeat the front, which need not be in the page twice.
    elif side.front and side.front in side.back:
        before, _, after = side.back.partition(side.front)
        card["back"] = [before, after]
    return card


def _concerns(problem: Diagnostic, block: Location) -> bool:
    places = (problem.location, *problem.via)
    start, end = (block.line, block.column), block.end_line
    inside = (p for p in places if start <= (p.line, p.column) and p.line <= end)
    return any(p.path == block.path for p in inside)
