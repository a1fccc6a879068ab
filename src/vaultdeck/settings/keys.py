"""The keys of vaultdeck.yaml and what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from vaultdeck.anki.decks import clean_deck
from vaultdeck.anki.notetypes.load import (
    builtin_style,
    is_field_name,
    load_builtin,
    read_notetype,
    written_name,
)
from vaultdeck.cards.tags import clean_tags, split_tags
from vaultdeck.diagnostics import CODES, Diagnostic, shorten
from vaultdeck.model import Markers, NoteType
from vaultdeck.settings.obsidian_to_anki import (
    MEND_REGEXP,
    add_known,
    clean_folder,
    guess_notetypes,
)
from vaultdeck.suggest import did_you_mean
from vaultdeck.vault.observed import is_folder, read_file
from vaultdeck.yaml_source import Sheet, decode, is_unset

NAME = "vaultdeck.yaml"
SYNTAXES = ("block", "inline", "regexp", "obsidian-spaced-repetition", "flashcards-obsidian")
# Every key of vaultdeck.yaml and the field of Config that it sets (empty: several make one).
KEYS = {
    "vault_name": "vault_name",
    "deck": "default_deck",
    "decks": "folder_decks",
    "deck_scope": "deck_scope",
    "tags": "tags",
    "folder_tags": "folder_tags",
    "ignore": "ignore",
    "scan": "scan",
    "markers": "markers",
    "curly_clozes": "curly_clozes",
    "highlight_clozes": "highlight_clozes",
    "id_comments": "id_comments",
    "cut_tags": "cuts_tags",
    "syntaxes": "syntaxes",
    "note_types": "",
    "fields": "",
    "regexps": "regexps",
    "link_fields": "link_fields",
    "context_fields": "context_fields",
    "severities": "severities",
}
SCOPES = ("file", "following")
SEVERITIES = ("error", "warning", "off")
# In `link_fields`: every other note type, and its first field.
OTHERS = "*"
FIRST = "first"
# What has a meaning of its own in a glob.
GLOB = re.compile(r"[\\*?\[\]{}()!+@|]")


class SettingsReader:
    """vaultdeck.yaml while it is read; each method reads the keys of one kind."""

    @classmethod
    def read_settings(
        cls, root: Path, data: bytes, lock_types: Mapping[str, NoteType]
    ) -> tuple[dict[str, Any], list[Diagnostic]]:
        """Return the values of a Config that the file sets, and its problems."""
        source = decode(NAME, data, "bad-config")
        if isinstance(source, Diagnostic):
            return {"note_types": add_known(load_builtin(), lock_types)}, [source]
        reader = cls(root, Sheet(source))
        return reader._values(lock_types), reader._sheet.problems

    def __init__(self, root: Path, sheet: Sheet) -> None:
        self._root = root
        self._sheet = sheet
        self._nodes: dict[str, yaml.Node] = {}
        self._types: dict[str, NoteType] = {}

    def _values(self, lock_types: Mapping[str, NoteType]) -> dict[str, Any]:
        sheet = self._sheet
        for key, key_node, value in sheet.mapping(sheet.root, NAME) if sheet.root else ():
            if key not in KEYS:
                sheet.unknown(key_node, key, "key", KEYS, "unknown-setting")
            elif not is_unset(value):
                self._nodes[key] = value
        # Maps of note types come after the types.
        self._types = add_known(self._note_types(), lock_types)
        values: dict[str, Any] = {}
        for key, node in self._nodes.items():
            value = self._value(key, node)
            if value is not None and KEYS[key]:
                values[KEYS[key]] = value
        if "regexp" not in values.get("syntaxes", ("regexp",)):
            sheet.problems = [p for p in sheet.problems if p.code != "bad-regexp"]
        return {**values, "note_types": self._types}

    def _value(self, key: str, node: yaml.Node) -> Any:
        sheet, what = self._sheet, f"'{key}'"
        if key in ("curly_clozes", "highlight_clozes", "id_comments", "cut_tags"):
            return sheet.flag(node, what)
        if key == "deck_scope":
            return sheet.choice(node, "deck scope", SCOPES)
        if key == "vault_name":
            return " ".join((sheet.text(node, what) or "").split())
        if key == "ignore":
            return tuple(text for text, _ in sheet.texts(node, what))
        if key in ("note_types", "fields"):
            return None
        readers: dict[str, Callable[[yaml.Node], Any]] = {
            "deck": self._deck,
            "decks": partial(self._folders, what=what, read=self._deck),
            "tags": self._tags,
            "folder_tags": partial(self._folders, what=what, read=self._tags),
            "scan": self._scan,
            "markers": self._markers,
            "syntaxes": self._syntaxes,
            "regexps": self._regexps,
            "link_fields": partial(self._field_map, what=what, is_link=True),
            "context_fields": partial(self._field_map, what=what),
            "severities": self._severities,
        }
        return readers[key](node)

    def _note_types(self) -> dict[str, NoteType]:
        sheet = self._sheet
        known: dict[str, tuple[str, ...]] = {}
        if "fields" in self._nodes:
            for name, key, value in sheet.mapping(self._nodes["fields"], "'fields'"):
                names = [name for name, _ in sheet.texts(value, f"the fields of '{name}'")]
                if not name.strip() or len(set(names)) < len(names) or not names:
                    message = f"note type '{shorten(name)}' needs fields, each once"
                    sheet.report(key, message, "write 'Type: [Front, Back]'")
                elif bad := [name for name in names if not is_field_name(name)]:
                    sheet.report(value, f"Anki takes no field named '{shorten(bad[0])}'")
                else:
                    known[name] = tuple(names)
        own: dict[str, NoteType] = {}
        if "note_types" in self._nodes:
            for folder, node in sheet.texts(self._nodes["note_types"], "'note_types'"):
                self._load(clean_folder(folder), node, own)
        return {**load_builtin(), **guess_notetypes(known), **own}

    def _load(self, folder: str, node: yaml.Node, own: dict[str, NoteType]) -> None:
        sheet, read = self._sheet, partial(read_file, self._root)
        if read(f"{folder}/notetype.yaml") is None:
            hint = "name a folder of the vault that has notetype.yaml in it"
            sheet.report(node, f"there is no note type in the folder '{shorten(folder)}'", hint)
            return
        note_type, problems = read_notetype(read, folder, builtin_style())
        sheet.problems += problems
        if note_type is None:
            return
        others = [*load_builtin().values(), *own.values()]
        name = written_name(note_type)
        if name in own or note_type.id in [other.id for other in others]:
            message = f"the name or id of note type '{name}' is that of another one"
            sheet.report(node, message, "give each a name of its own and leave out 'id'")
            return
        own[name] = note_type

    def _deck(self, node: yaml.Node) -> str | None:
        text = self._sheet.text(node, "the deck")
        if text is not None and not clean_deck(text):
            self._sheet.report(node, f"'{shorten(text)}' is no name of a deck")
        return clean_deck(text or "") or None

    def _tags(self, node: yaml.Node) -> tuple[str, ...]:
        tags: list[str] = []
        for text, item in self._sheet.texts(node, "the tags"):
            found = clean_tags([text]) if item is not node else split_tags(text)
            if not found:
                self._sheet.report(item, f"'{shorten(text)}' is no tag")
            tags += found
        return tuple(dict.fromkeys(tags))

    def _folders(
        self, node: yaml.Node, what: str, read: Callable[[yaml.Node], Any]
    ) -> dict[str, Any]:
        pairs = [
            (clean_folder(key), read(value)) for key, _, value in self._sheet.mapping(node, what)
        ]
        return {folder: value for folder, value in pairs if value}

    def _scan(self, node: yaml.Node) -> tuple[str, ...]:
        folders: list[str] = []
        for text, item in self._sheet.texts(node, "'scan'"):
            folder = clean_folder(text)
            if not is_folder(self._root, folder):
                self._sheet.report(item, f"the vault has no folder '{shorten(text)}'")
            elif folder:
                folders.append(folder)
        return tuple(folders)

    def _markers(self, node: yaml.Node) -> Markers:
        sheet = self._sheet
        names = [field.name for field in fields(Markers)]
        words: dict[str, str] = {}
        places: dict[str, yaml.Node] = {}
        for name, key, value in sheet.mapping(node, "'markers'"):
            if name not in names:
                sheet.unknown(key, name, "marker", names, "unknown-setting")
            elif not is_unset(value) and (word := sheet.text(value, f"the marker '{name}'")):
                words[name], places[name] = word.strip(), value
        markers = Markers(**words)
        known = {getattr(markers, name): name for name in names if name not in words}
        for name, word in words.items():
            if word in known:
                sheet.report(places[name], f"the markers '{known[word]}' and '{name}' are the same")
            known[word] = name
        return markers

    def _syntaxes(self, node: yaml.Node) -> tuple[str, ...]:
        found = [
            text
            for _, item in self._sheet.texts(node, "'syntaxes'")
            if (text := self._sheet.choice(item, "syntax", SYNTAXES))
        ]
        return tuple(dict.fromkeys(found))

    def _is_type(self, name: str, node: yaml.Node) -> bool:
        if name not in self._types:
            self._sheet.unknown(node, name, "note type", self._types, "bad-config")
        return name in self._types

    def _regexps(self, node: yaml.Node) -> dict[str, str]:
        from vaultdeck.cards.syntaxes.regexp import find_fault

        sheet, styles = self._sheet, load_styles()
        regexps: dict[str, str] = {}
        for name, key, value in sheet.mapping(node, "'regexps'"):
            text = (
                None
                if is_unset(value)
                else sheet.text(value, f"the regexp of '{name}'", allows_lines=True)
            )
            if not self._is_type(name, key) or text is None:
                continue
            if text not in styles and "(" not in text:
                message = (
                    f"'{shorten(text)}' is no style, nor a regexp with a group to fill a field"
                )
                sheet.report(value, message, did_you_mean(text, styles))
                continue
            if text not in styles and (fault := find_fault(text)):
                message = f"the regexp of '{name}' is not valid and not used: {fault}"
                sheet.report(value, message, MEND_REGEXP, "bad-regexp")
                continue
            regexps[name] = styles[text][1] if text in styles else text
        return regexps

    def _field_map(self, node: yaml.Node, what: str, *, is_link: bool = False) -> dict[str, str]:
        sheet = self._sheet
        if is_link and isinstance(node, yaml.ScalarNode):
            return {"": ""} if sheet.choice(node, "value", (FIRST,)) else {}
        fields: dict[str, str] = {}
        for name, key, value in sheet.mapping(node, what):
            if name == OTHERS and is_link:
                if sheet.choice(value, "field", (FIRST,)):
                    fields[""] = ""
            elif self._is_type(name, key):
                field = sheet.choice(value, f"field of '{name}'", self._types[name].fields)
                fields.update({name: field} if field else {})
        return fields

    def _severities(self, node: yaml.Node) -> dict[str, str]:
        found: dict[str, str] = {}
        for code, key, value in self._sheet.mapping(node, "'severities'"):
            severity = self._sheet.choice(value, "severity", SEVERITIES)
            if code not in CODES:
                self._sheet.unknown(key, code, "code", CODES, "unknown-setting")
            elif severity:
                found[code] = severity
        return found


def load_styles() -> Mapping[str, tuple[str, str]]:
    """Return the shipped styles of regexp cards: the name's note type and pattern."""
    from vaultdeck.cards.styles import STYLES

    return STYLES
