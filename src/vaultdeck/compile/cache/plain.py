"""Compiled files as JSON and back.

JSON and not pickle: a cache may come from another machine, and reading it must run no code. Each value
is checked like any input; a file of which one is odd is compiled again.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Container, Mapping
from typing import Any, NamedTuple

from vaultdeck.anki.decks import clean_deck
from vaultdeck.anki.media import hashed_name, is_safe_name
from vaultdeck.compile.note_file import CompiledFile
from vaultdeck.html.harmless import is_harmless
from vaultdeck.model import MAX_ID, Location, MediaRef, Note, NoteType
from vaultdeck.model.decode import decode
from vaultdeck.model.diagnostics import CONTROL, Diagnostic
from vaultdeck.regexps import regexp

Plain = list[Any]
# See `identity.digest_of`.
DIGEST_FORM = regexp(r"[0-9a-f]{20}")


class _PlainNote(NamedTuple):
    """A note; behind its kind the fields of `Note` behind its note type, in their order."""

    place: tuple[int, int, int, int]
    kind: str
    deck: str
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    media: tuple[MediaRef, ...]
    id: int
    remote: tuple[str, ...]
    digest: str
    syntax: str


def to_json(data: object) -> str:
    """Return JSON in its shortest form."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def pack_file(file: CompiledFile) -> str:
    """Return a compiled file without new cards as text."""
    notes = [pack_note(note) for note in file.notes]
    problems = [problem.as_dict() for problem in file.problems]
    return to_json([notes, problems, file.ids, file.aliases])


def unpack_file(
    data: object, path: str, types: Mapping[str, NoteType], files: Container[str]
) -> CompiledFile:
    """Return the compiled file that a text held; raises ValueError if it could not be one.

    `files` are those of the vault: nothing else is ever packed.
    """
    if type(data) is not list or len(data) != 4 or type(data[1]) is not list:
        raise ValueError(path)
    notes = decode(tuple[_PlainNote, ...], data[0])
    problems = data[1]
    return CompiledFile(
        tuple(_unpack_note(note, path, types, files) for note in notes),
        tuple(map(Diagnostic.from_dict, problems)),
        ids=decode(tuple[int, ...], data[2]),
        aliases=decode(tuple[str, ...], data[3]),
    )


def pack_note(note: Note) -> Plain:
    """Return a note as plain values: its place, then the fields of `_PlainNote`."""
    at = note.location
    place = [at.line, at.column, at.end_line, at.end_column]
    media = [[ref.path, ref.name, ref.digest] for ref in note.media]
    head = [place, note.kind, note.deck, note.tags, note.fields]
    return [*head, media, note.id, note.remote, note.digest, note.syntax]


def _unpack_note(
    plain: _PlainNote, path: str, types: Mapping[str, NoteType], files: Container[str]
) -> Note:
    note_type = types.get(plain.kind)
    is_note = (
        note_type is not None
        and len(plain.fields) == len(note_type.fields)
        and min(plain.place) > 0
        and 0 < plain.id <= MAX_ID
        and _is_deck(plain.deck)
        and _are_tags(plain.tags)
        and DIGEST_FORM.fullmatch(plain.digest) is not None
        and not CONTROL.search(plain.syntax)
        and all(_is_media(ref, files) for ref in plain.media)
        and is_harmless(plain.fields, is_cloze=note_type.is_cloze)
    )
    if note_type is None or not is_note:
        raise ValueError(path)
    return Note(Location(path, *plain.place), plain.kind, note_type, *plain[2:])


# Most notes have the deck and tags of others.
@functools.lru_cache(maxsize=1024)
def _is_deck(name: str) -> bool:
    return name == clean_deck(name) != ""


@functools.lru_cache(maxsize=1024)
def _are_tags(tags: tuple[str, ...]) -> bool:
    return all(tag.split() == [tag] and not CONTROL.search(tag) for tag in tags)


def _is_media(ref: MediaRef, files: Container[str]) -> bool:
    """Tell whether a file is one of the vault, under a name that Anki's media folder takes."""
    name = ref.path.rpartition("/")[2]
    if ref.path:
        is_named = ref.name == hashed_name(name, ref.digest) or ref.name == name
        return ref.path in files and is_named and (is_safe_name(name) or ref.name != name)
    return "/" not in ref.name
