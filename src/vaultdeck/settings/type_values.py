"""Settings about note types: which there are, and maps from them to regexps and fields."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from posixpath import normpath

import yaml

from vaultdeck.anki.notetypes.builtin import builtin_style, load_builtin, written_name
from vaultdeck.anki.notetypes.folder import (
    TOO_MANY_FIELDS,
    is_field_name,
    read_notetype,
)
from vaultdeck.anki.notetypes.guess import guess_notetypes
from vaultdeck.anki.templates import MAX_FIELDS
from vaultdeck.cards.syntaxes.regexp_search import find_fault
from vaultdeck.cards.syntaxes.regexp_styles import STYLES
from vaultdeck.model import MediaRef, NoteType
from vaultdeck.model.diagnostics import shorten
from vaultdeck.settings.kinds import A_TEXT, TEXT_LIST, Settings, ValueKind, map_of
from vaultdeck.spelling import did_you_mean
from vaultdeck.vault.names import clean_folder
from vaultdeck.vault.observed import NO_FILE_HINT
from vaultdeck.vault.yaml_source import is_unset

# In `link_fields`: every other note type, and its first field.
OTHERS = "*"
FIRST_FIELD = "first"
NO_TYPE_HINT = "name a folder of the vault that has notetype.yaml in it"
MEND_REGEXP = "mend it: a bracket that stands for itself has a backslash before it, as in '\\('"


def _regexps(settings: Settings, node: yaml.Node, what: str) -> dict[str, str]:
    sheet = settings.sheet
    regexps: dict[str, str] = {}
    for name, key, value in sheet.mapping(node, what):
        words = f"the regexp of '{name}'"
        text = None if is_unset(value) else sheet.text(value, words, allows_lines=True)
        if not _is_type(settings, name, key) or text is None:
            continue
        if text not in STYLES and "(" not in text:
            message = f"'{shorten(text)}' is no style, nor a regexp with a group to fill a field"
            sheet.report(value, message, did_you_mean(text, STYLES))
        elif text not in STYLES and (fault := find_fault(text)):
            message = f"the regexp of '{name}' is not valid and not used: {fault}"
            sheet.report(value, message, MEND_REGEXP, "bad-regexp")
        else:
            regexps[name] = STYLES[text][1] if text in STYLES else text
    return regexps


def _show_regexps(regexps: Mapping[str, str]) -> dict[str, str]:
    names = {pattern: name for name, (_, pattern) in STYLES.items()}
    return {kind: names.get(pattern, pattern) for kind, pattern in regexps.items()}


def _is_type(settings: Settings, name: str, node: yaml.Node) -> bool:
    if name not in settings.types:
        settings.sheet.unknown(node, name, "note type", settings.types, "bad-config")
    return name in settings.types


def _link_fields(settings: Settings, node: yaml.Node, what: str) -> dict[str, str]:
    if isinstance(node, yaml.ScalarNode):
        return {"": ""} if settings.sheet.choice(node, "value", (FIRST_FIELD,)) else {}
    return _field_map(settings, node, what, allows_others=True)


def _show_links(fields: Mapping[str, str]) -> dict[str, str]:
    named = {kind: field for kind, field in fields.items() if kind}
    return {**named, OTHERS: FIRST_FIELD} if "" in fields else named


def _field_map(
    settings: Settings, node: yaml.Node, what: str, *, allows_others: bool = False
) -> dict[str, str]:
    sheet, fields = settings.sheet, dict[str, str]()
    for name, key, value in sheet.mapping(node, what):
        if name == OTHERS and allows_others:
            if sheet.choice(value, "field", (FIRST_FIELD,)):
                fields[""] = ""
        elif _is_type(settings, name, key):
            field = sheet.choice(value, f"field of '{name}'", settings.types[name].fields)
            fields.update({name: field} if field else {})
    return fields


def _note_types(settings: Settings, node: yaml.Node, what: str) -> dict[str, NoteType]:
    """Return the note types in folders of the vault."""
    sheet, seen = settings.sheet, settings.folder

    def read(path: str) -> bytes | None:
        data = seen.read_file(path)
        if data is None and (fault := seen.find_fault(path)):
            raise OSError(errno.EINVAL, fault)
        return data

    own: dict[str, NoteType] = {}
    folders: set[str] = set()
    for text, item in sheet.texts(node, what):
        folder = clean_folder(text)
        if normpath(folder) in folders:
            message = f"the folder '{shorten(folder)}' is named twice"
            sheet.report(item, message, "keep one of the two")
            continue
        folders.add(normpath(folder))
        path = f"{folder}/notetype.yaml"
        if seen.read_file(path) is None:
            said, hint = f"there is no note type in the folder '{shorten(folder)}'", NO_TYPE_HINT
            if fault := seen.find_fault(path):
                said, hint = f"'{shorten(path, 200)}' cannot be read: {fault}", NO_FILE_HINT
            sheet.report(item, said, hint)
            continue
        note_type, problems = read_notetype(read, folder, builtin_style())
        sheet.problems += problems
        if note_type is None:
            continue
        others = [*load_builtin().values(), *own.values()]
        name = written_name(note_type)
        if name in own or note_type.id in [other.id for other in others]:
            message = f"the name or id of note type '{name}' is that of another one"
            sheet.report(item, message, "give each a name of its own and leave out 'id'")
            continue
        own[name] = note_type
    shown: dict[str, MediaRef] = {}
    for ref in (ref for kind in own.values() for ref in kind.files):
        other = shown.setdefault(ref.name, ref)
        if other.digest != ref.digest:
            message = f"'{ref.path}' has the name of '{other.path}': Anki keeps one file of a name"
            sheet.report(node, message, "give each file a name of its own", "media-unreadable")
    return own


def _fields(settings: Settings, node: yaml.Node, what: str) -> dict[str, NoteType]:
    """Return note types that are made up from their fields."""
    sheet = settings.sheet
    known: dict[str, tuple[str, ...]] = {}
    for name, key, value in sheet.mapping(node, what):
        names = [name for name, _ in sheet.texts(value, f"the fields of '{name}'")]
        if not name.strip() or len(set(names)) < len(names) or not names:
            message = f"note type '{shorten(name)}' needs fields, each once"
            sheet.report(key, message, "write 'Type: [Front, Back]'")
        elif bad := [name for name in names if not is_field_name(name)]:
            sheet.report(value, f"Anki takes no field named '{shorten(bad[0])}'")
        elif len(names) > MAX_FIELDS:
            sheet.report(value, TOO_MANY_FIELDS, "leave out those that no card fills")
        else:
            known[name] = tuple(names)
    return guess_notetypes(known, settings.lock_types)


def _show_fields(types: Mapping[str, NoteType]) -> dict[str, list[str]]:
    return {name: list(kind.written) for name, kind in types.items() if kind.is_guess}


FIELD_NAMES = map_of(A_TEXT)
REGEXPS = ValueKind(_regexps, map_of({"anyOf": [A_TEXT, {"type": "null"}]}), _show_regexps)
LINK_FIELDS = ValueKind(_link_fields, {"anyOf": [{"const": FIRST_FIELD}, FIELD_NAMES]}, _show_links)
FIELD_MAP = ValueKind(_field_map, FIELD_NAMES)
# A Config does not tell in which folders its types are.
NOTE_TYPES = ValueKind(_note_types, TEXT_LIST, lambda types: [])
FIELDS = ValueKind(_fields, map_of(TEXT_LIST), _show_fields)
