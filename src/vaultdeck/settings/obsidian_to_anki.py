"""The settings of the Obsidian_to_Anki plugin, where vaults that come from it have them.

    .obsidian/plugins/obsidian-to-anki-plugin/data.json

The plugin knows the user's note types by name and fields only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from vaultdeck.anki.decks import clean_deck
from vaultdeck.anki.notetypes.builtin import load_builtin
from vaultdeck.anki.notetypes.folder import is_field_name
from vaultdeck.anki.notetypes.guess import add_known, guess_notetypes
from vaultdeck.anki.templates import MAX_FIELDS
from vaultdeck.cards.syntaxes.regexp_search import find_fault
from vaultdeck.cards.tags import split_tags
from vaultdeck.model import NoteType, SourceFile
from vaultdeck.model.config import Markers
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.settings.type_values import MEND_REGEXP
from vaultdeck.spelling import did_you_mean
from vaultdeck.vault.names import clean_folder, folder_key
from vaultdeck.vault.stand_in import decode_text
from vaultdeck.vault.yaml_source import UNENCODABLE, UNUSABLE

PLUGIN_FILE = ".obsidian/plugins/obsidian-to-anki-plugin/data.json"
CODE = "bad-plugin-settings"
DEFAULT_DECK = "Default"
DEFAULT_TAG = "Obsidian_to_Anki"
DEFAULT_IGNORE = ("**/*.excalidraw.md",)
PLUGIN_SYNTAXES = ("block", "inline", "regexp")
MEND_ALL = "save the plugin's settings anew"
MEND = "set it anew in the plugin's settings"
# Our name of a marker: the plugin's.
PLUGIN_MARKERS = {
    "begin": "Begin Note",
    "end": "End Note",
    "inline_begin": "Begin Inline Note",
    "inline_end": "End Inline Note",
    "deck": "Target Deck Line",
    "tags": "File Tags Line",
    "delete": "Delete Note Line",
    "frozen": "Frozen Fields Line",
}


def read_plugin(
    data: bytes, is_folder: Callable[[str], bool], lock_types: Mapping[str, NoteType]
) -> tuple[dict[str, Any], list[Diagnostic]]:
    """Return the values of a Config that `data.json` sets, and what is wrong in it.

    A setting that is wrong is reported (`bad-plugin-settings`) and keeps the plugin's default;
    `is_folder` tells whether the vault has a folder; `lock_types` are note types that adoption knows.
    """
    source = decode_text(PLUGIN_FILE, data, CODE)
    if isinstance(source, Diagnostic):
        return {}, [source]
    try:
        found = json.loads(source.text)
    except json.JSONDecodeError as error:
        at = min(error.pos, len(source.text))
        message = f"this is not valid JSON: {error.msg}"
        return {}, [Diagnostic(CODE, source.locate(at), message, MEND_ALL)]
    except (ValueError, RecursionError):
        message = "this JSON is nested too deeply or holds a number beyond all measure"
        return {}, [Diagnostic(CODE, source.locate(0), message, MEND_ALL)]
    if not isinstance(found, dict) or not isinstance(found.get("settings"), dict):
        message = "there are no 'settings' in this file"
        return {}, [Diagnostic(CODE, source.locate(0), message, MEND_ALL)]
    reader = _PluginReader(source, found)
    return reader.read(is_folder, lock_types), reader.problems


class _PluginReader:
    """The plugin's data while it is read."""

    def __init__(self, source: SourceFile, data: dict[str, Any]) -> None:
        self._source = source
        self._data = data
        self.problems: list[Diagnostic] = []

    def read(
        self, is_folder: Callable[[str], bool], lock_types: Mapping[str, NoteType]
    ) -> dict[str, Any]:
        defaults = self._section("Defaults")
        types = add_known(
            {**load_builtin(), **guess_notetypes(self._fields(), lock_types)}, lock_types
        )
        scan = clean_folder(self._text(defaults, "Scan Directory", "").strip())
        if scan and not is_folder(scan):
            message = f"the vault has no folder '{shorten(scan)}' to scan: all of it is built"
            self._report("Scan Directory", message)
            scan = ""
        regexps = self._patterns()
        for name in [name for name in regexps if name not in types]:
            message = f"a regexp is of an unknown note type '{shorten(name)}' and is left out"
            self._report(name, message, did_you_mean(name, types))
            del regexps[name]
        for name, regexp in [*regexps.items()]:
            if fault := find_fault(regexp):
                message = f"the regexp of '{shorten(name)}' is not valid and not used: {fault}"
                self._report(regexps.pop(name), message, MEND_REGEXP, "bad-regexp")
        links: dict[str, str] = {}
        if self._flag(defaults, "Add File Link", False):
            links = {**self._field_map("FILE_LINK_FIELDS", types), "": ""}
        with_context = self._flag(defaults, "Add Context", False)
        decks = self._texts("FOLDER_DECKS")
        tags = self._texts("FOLDER_TAGS")
        return {
            "default_deck": clean_deck(self._text(defaults, "Deck", "")) or DEFAULT_DECK,
            "note_types": types,
            "markers": self._markers(),
            "folder_decks": {folder_key(k): d for k, v in decks.items() if (d := clean_deck(v))},
            "folder_tags": {
                folder_key(k): t for k, v in tags.items() if (t := tuple(split_tags(v)))
            },
            "tags": tuple(split_tags(self._text(defaults, "Tag", DEFAULT_TAG))),
            "ignore": self._ignore(),
            "scan": (scan,) if scan else (),
            "syntaxes": PLUGIN_SYNTAXES,
            "regexps": regexps,
            "curly_clozes": self._flag(defaults, "CurlyCloze", False),
            "highlight_clozes": self._flag(defaults, "CurlyCloze - Highlights to Clozes", False),
            "id_comments": self._flag(defaults, "ID Comments", True),
            "cuts_tags": self._flag(defaults, "Add Obsidian Tags", False),
            "link_fields": links,
            "context_fields": self._field_map("CONTEXT_FIELDS", types) if with_context else {},
        }

    def _report(self, text: str, message: str, hint: str = MEND, code: str = CODE) -> None:
        """Add a problem where a text, mostly a key, stands, as far as JSON tells."""
        quoted = [json.dumps(text, ensure_ascii=False), json.dumps(text)]
        whole = self._source.text
        at, length = next(((i, len(q)) for q in quoted if (i := whole.find(q)) >= 0), (0, 0))
        location = self._source.locate(at, at + length)
        self.problems.append(Diagnostic(code, location, message, hint))

    def _section(self, name: str) -> dict[str, Any]:
        return self._mapping(self._data["settings"], name)

    def _mapping(self, outer: Mapping[str, Any], name: str) -> dict[str, Any]:
        value = outer.get(name)
        if value is not None and not isinstance(value, dict):
            self._report(name, f"'{name}' is not a mapping and is not read")
        return value if isinstance(value, dict) else {}

    def _text(self, section: Mapping[str, Any], key: str, default: str) -> str:
        value = section.get(key, default)
        if isinstance(value, str) and not UNUSABLE.search(value):
            return value
        self._report(key, f"'{shorten(key)}' is not a text of one line and is not read")
        return default

    def _flag(self, section: Mapping[str, Any], key: str, default: bool) -> bool:
        value = section.get(key, default)
        if isinstance(value, bool):
            return value
        self._report(key, f"'{key}' is neither true nor false and is not read")
        return default

    def _texts(self, name: str) -> dict[str, str]:
        """Return the texts of a section that are not empty."""
        section = self._section(name)
        usable = [key for key in section if not UNUSABLE.search(key)]
        texts = {key: self._text(section, key, "") for key in usable}
        return {key: text for key, text in texts.items() if text.strip()}

    def _patterns(self) -> dict[str, str]:
        """Return the regexps that are switched on; these may be texts of several lines."""
        patterns: dict[str, str] = {}
        for name, pattern in self._section("CUSTOM_REGEXPS").items():
            if not isinstance(pattern, str) or UNENCODABLE.search(name + pattern):
                self._report(name, f"the regexp of '{shorten(name)}' is no text and is not read")
            elif pattern.strip():
                patterns[name] = pattern
        return patterns

    def _field_map(self, name: str, types: Mapping[str, NoteType]) -> dict[str, str]:
        fields: dict[str, str] = {}
        for kind, field in self._texts(name).items():
            if kind in types and field not in types[kind].fields:
                message = f"note type '{kind}' has no field '{shorten(field)}'"
                self._report(name, message, did_you_mean(field, types[kind].fields))
            elif kind in types:
                fields[kind] = field
        return fields

    def _markers(self) -> Markers:
        section = self._section("Syntax")
        words: dict[str, str] = {}
        for ours, theirs in PLUGIN_MARKERS.items():
            word = self._text(section, theirs, "").strip()
            if word:
                words[ours] = word
            elif theirs in section:
                self._report(theirs, f"'{theirs}' is empty: the default is used")
        return Markers(**words)

    def _ignore(self) -> tuple[str, ...]:
        value = self._data["settings"].get("IGNORED_FILE_GLOBS", list(DEFAULT_IGNORE))
        if not isinstance(value, list):
            self._report("IGNORED_FILE_GLOBS", "'IGNORED_FILE_GLOBS' is not a list of texts")
            return DEFAULT_IGNORE
        globs = [glob for glob in value if isinstance(glob, str) and not UNUSABLE.search(glob)]
        if len(globs) < len(value):
            self._report("IGNORED_FILE_GLOBS", "an ignore glob is not a text and is not read")
        return tuple(glob for glob in globs if glob.strip())

    def _fields(self) -> dict[str, tuple[str, ...]]:
        """Return the user's note types; one that Anki cannot have is reported and left out."""
        types: dict[str, tuple[str, ...]] = {}
        for name, fields in self._mapping(self._data, "fields_dict").items():
            if name.strip() and not UNUSABLE.search(name) and _are_fields(fields):
                types[name] = tuple(fields)
            else:
                message = f"note type '{shorten(name)}' has no usable list of fields"
                self._report(name, message, "refresh the note types in the plugin's settings")
        return types


def _are_fields(names: object) -> bool:
    """Tell whether a value is a list of field names that Anki can have, each once."""
    return (
        isinstance(names, list)
        and 0 < len(names) <= MAX_FIELDS
        and all(isinstance(n, str) and is_field_name(n) and not UNUSABLE.search(n) for n in names)
        and len(set(names)) == len(names)
    )
