"""Compiled files as JSON and back.

JSON and not pickle: a cache may come from another machine, and reading it must run no code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vaultdeck.compile.note_file import CompiledFile
from vaultdeck.diagnostics import Diagnostic
from vaultdeck.model import Location, MediaRef, Note, NoteType

Plain = list[Any]


def to_json(data: object) -> str:
    """Return JSON in its shortest form."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def pack_file(file: CompiledFile) -> str:
    """Return a compiled file without new cards as text."""
    notes = [_pack_note(note) for note in file.notes]
    problems = [problem.as_dict() for problem in file.problems]
    return to_json([notes, problems, sorted(file.ids)])


def unpack_file(data: Plain, path: str, types: Mapping[str, NoteType]) -> CompiledFile:
    """Return the compiled file that a text held; raises ValueError, KeyError or TypeError."""
    notes, problems, ids = data
    return CompiledFile(
        tuple(_unpack_note(note, path, types) for note in notes),
        tuple(map(Diagnostic.from_dict, problems)),
        ids=frozenset(ids),
    )


def _pack_note(note: Note) -> Plain:
    place = note.location
    return [
        [place.line, place.column, place.end_line, place.end_column],
        note.kind,
        note.deck,
        note.tags,
        note.fields,
        [[ref.path, ref.name, ref.digest] for ref in note.media],
        note.id,
        note.remote,
        note.digest,
    ]


def _unpack_note(data: Plain, path: str, types: Mapping[str, NoteType]) -> Note:
    place, kind, deck, tags, fields, media, number, remote, digest = data
    return Note(
        Location(path, *place),
        kind,
        types[kind],
        deck,
        tuple(tags),
        tuple(fields),
        tuple([MediaRef(*ref) for ref in media]),
        number,
        tuple(remote),
        str(digest),
    )
