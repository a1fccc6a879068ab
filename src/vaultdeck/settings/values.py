"""The kinds of values that settings have: how each is read and checked, and how YAML shows it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import yaml

from vaultdeck.anki.decks import clean_deck
from vaultdeck.cards.cloze_patterns import read_cloze_pattern
from vaultdeck.cards.syntaxes import SYNTAXES, syntax_named
from vaultdeck.cards.tags import clean_tags, split_tags
from vaultdeck.config import Markers
from vaultdeck.diagnostics import CODES, CONTROL, shorten
from vaultdeck.model import NoteType
from vaultdeck.vault.names import clean_folder
from vaultdeck.vault.observed import Observed
from vaultdeck.yaml_source import Sheet, is_unset

SEVERITIES = ("error", "warning", "off")


@dataclass(slots=True)
class Settings:
    """vaultdeck.yaml while it is read: the vault, the file, the note types that are known so far.

    `base` has by class what a mapping of settings begins with: what the other plugins' own files say;
    `lock_types` are the note types that adoption knows.
    """

    folder: Observed
    sheet: Sheet
    base: Mapping[type, Any]
    lock_types: Mapping[str, NoteType]
    types: Mapping[str, NoteType] = field(default_factory=dict)


# In JSON Schema. A text is whatever YAML takes it for: `2024` and `no` are texts.
A_TEXT: Mapping[str, Any] = {"type": ["string", "number", "boolean"]}
TEXT_LIST: Mapping[str, Any] = {"anyOf": [A_TEXT, {"type": "array", "items": A_TEXT}]}


def map_of(values: Mapping[str, Any], names: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the schema of a mapping whose values, and names, have these schemas."""
    schema: dict[str, Any] = {"type": "object", "additionalProperties": values}
    return {**schema, "propertyNames": names} if names else schema


# A value from its node, given the words for it in messages; None leaves the default.
ReadValue = Callable[[Settings, yaml.Node, str], Any]


@dataclass(frozen=True, slots=True)
class ValueKind:
    """How values of a kind are read, and what YAML shows for one; `keys` are those of a mapping.

    `schema` tells the values in JSON Schema.
    """

    read: ReadValue
    schema: Mapping[str, Any]
    show: Callable[[Any], Any] = lambda value: list(value) if isinstance(value, tuple) else value
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its name, the field of Config or of a mapping's class that it sets, and its kind.

    `about` is what it means, in a line or more; `example` is shown where it is at its default.
    """

    name: str
    field: str
    kind: ValueKind
    about: str = ""
    example: Any = None


def _flag(settings: Settings, node: yaml.Node, what: str) -> bool | None:
    return settings.sheet.flag(node, what)


def _line(settings: Settings, node: yaml.Node, what: str) -> str:
    return " ".join((settings.sheet.text(node, what) or "").split())


def _word(settings: Settings, node: yaml.Node, what: str) -> str | None:
    return (settings.sheet.text(node, what) or "").strip() or None


def _separator(settings: Settings, node: yaml.Node, what: str) -> str | None:
    return settings.sheet.text(node, what, allows_empty=True)


def _texts(settings: Settings, node: yaml.Node, what: str) -> tuple[str, ...]:
    return tuple(text for text, _ in settings.sheet.texts(node, what))


def _deck(settings: Settings, node: yaml.Node, what: str) -> str | None:
    text = settings.sheet.text(node, "the deck")
    if text is not None and not clean_deck(text):
        settings.sheet.report(node, f"'{shorten(text)}' is no name of a deck")
    return clean_deck(text or "") or None


def _tags(settings: Settings, node: yaml.Node, what: str) -> tuple[str, ...]:
    tags: list[str] = []
    for text, item in settings.sheet.texts(node, "the tags"):
        found = clean_tags([text]) if item is not node else split_tags(text)
        if not found:
            settings.sheet.report(item, f"'{shorten(text)}' is no tag")
        tags += found
    return tuple(dict.fromkeys(tags))


def _obsidian_tag(settings: Settings, node: yaml.Node, what: str) -> str | None:
    return next(iter(_obsidian_tags(settings, node, what)), None)


def _obsidian_tags(settings: Settings, node: yaml.Node, what: str) -> tuple[str, ...]:
    """Return tags as Obsidian has them, with `/` and without `#`."""
    tags = []
    for text, item in settings.sheet.texts(node, what):
        tag = text.strip().lstrip("#").strip("/")
        if not tag or any(map(str.isspace, tag)):
            settings.sheet.report(item, f"'{shorten(text)}' is no tag")
        else:
            tags.append(tag)
    return tuple(dict.fromkeys(tags))


def _cloze_patterns(settings: Settings, node: yaml.Node, what: str) -> tuple[str, ...]:
    patterns = []
    for text, item in settings.sheet.texts(node, what):
        if read_cloze_pattern(text) is None:
            hint = "write it as in '==[123;;]answer[;;hint]=='"
            settings.sheet.report(item, f"'{shorten(text)}' is no cloze pattern", hint)
        else:
            patterns.append(text)
    return tuple(patterns)


def _scan(settings: Settings, node: yaml.Node, what: str) -> tuple[str, ...]:
    folders: list[str] = []
    for text, item in settings.sheet.texts(node, what):
        folder = clean_folder(text)
        if not settings.folder.is_folder(folder):
            settings.sheet.report(item, f"the vault has no folder '{shorten(text)}'")
        elif folder:
            folders.append(folder)
    return tuple(folders)


def _severities(settings: Settings, node: yaml.Node, what: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, key, value in settings.sheet.mapping(node, what):
        severity = settings.sheet.choice(value, "severity", SEVERITIES)
        if code not in CODES:
            settings.sheet.unknown(key, code, "code", CODES, "unknown-setting")
        elif severity:
            found[code] = severity
    return found


def choice(noun: str, names: Collection[str]) -> ValueKind:
    """Return the kind of a text that is one of `names`."""
    return ValueKind(
        lambda settings, node, _: settings.sheet.choice(node, noun, names), {"enum": list(names)}
    )


def _syntaxes(settings: Settings, node: yaml.Node, what: str) -> tuple[str, ...]:
    """Return the names of syntaxes: ours, and those that installed packages bring."""
    found: dict[str, None] = {}
    for name, item in settings.sheet.texts(node, what):
        try:
            syntax_named(name)
        except KeyError:
            settings.sheet.unknown(item, name, "syntax", SYNTAXES, "bad-config")
        except Exception as error:
            message = f"the syntax '{shorten(name)}' of an installed package cannot be loaded"
            hint = f"upgrade that package, or take the name away ({type(error).__name__}: {error})"
            settings.sheet.report(item, message, " ".join(CONTROL.sub(" ", hint).split()))
        else:
            found[name] = None
    return tuple(found)


def by_folder(kind: ValueKind) -> ValueKind:
    """Return the kind of a mapping of folders to values of a kind."""

    def read(settings: Settings, node: yaml.Node, what: str) -> dict[str, Any]:
        pairs = [
            (clean_folder(key), kind.read(settings, value, what))
            for key, _, value in settings.sheet.mapping(node, what)
        ]
        return {folder: value for folder, value in pairs if value}

    def show(values: Mapping[str, Any]) -> dict[str, Any]:
        return {folder or "/": kind.show(value) for folder, value in values.items()}

    return ValueKind(read, map_of(kind.schema), show)


def table_of(keys: Iterable[Key]) -> dict[str, Any]:
    """Return the schema of a mapping that has some of these keys; one without a value is unset."""
    rows = {
        key.name: {
            "anyOf": [key.kind.schema, {"type": "null"}],
            **({"description": key.about} if key.about else {}),
        }
        for key in keys
    }
    return {"type": "object", "additionalProperties": False, "properties": rows}


def mapping(
    cls: type, noun: str, keys: tuple[Key, ...], check: Callable[..., None] | None = None
) -> ValueKind:
    """Return the kind of a mapping whose keys set the fields of a dataclass.

    `check` looks at the whole: it is given the settings, the value and the nodes by field.
    """
    rows = {key.name: key for key in keys}

    def read(settings: Settings, node: yaml.Node, what: str) -> Any:
        found: dict[str, Any] = {}
        nodes: dict[str, yaml.Node] = {}
        for name, key, value in settings.sheet.mapping(node, what):
            if name not in rows:
                settings.sheet.unknown(key, name, noun, rows, "unknown-setting")
            elif not is_unset(value):
                row = rows[name]
                read = row.kind.read(settings, value, f"the {noun} '{name}'")
                if read is not None:
                    found[row.field], nodes[row.field] = read, value
        whole = replace(settings.base.get(cls, cls()), **found)
        if check:
            check(settings, whole, nodes)
        return whole

    return ValueKind(read, table_of(keys), keys=keys)


def check_markers(settings: Settings, markers: Markers, nodes: Mapping[str, yaml.Node]) -> None:
    """Report markers that are the same word."""
    names = [row.name for row in fields(Markers)]
    known = {getattr(markers, name): name for name in names if name not in nodes}
    for name, node in nodes.items():
        word = getattr(markers, name)
        if word in known:
            settings.sheet.report(node, f"the markers '{known[word]}' and '{name}' are the same")
        known[word] = name


FLAG = ValueKind(_flag, {"type": "boolean"})
LINE, WORD = ValueKind(_line, A_TEXT), ValueKind(_word, A_TEXT)
SEPARATOR, DECK = ValueKind(_separator, A_TEXT), ValueKind(_deck, A_TEXT)
OBSIDIAN_TAG = ValueKind(_obsidian_tag, A_TEXT)
TEXTS, SCAN = ValueKind(_texts, TEXT_LIST), ValueKind(_scan, TEXT_LIST)
TAGS, OBSIDIAN_TAGS = ValueKind(_tags, TEXT_LIST), ValueKind(_obsidian_tags, TEXT_LIST)
CLOZE_PATTERNS = ValueKind(_cloze_patterns, TEXT_LIST)
SYNTAX_NAMES = ValueKind(_syntaxes, TEXT_LIST)
SEVERITY_MAP = ValueKind(
    _severities,
    map_of({"enum": [*SEVERITIES, False]}, {"enum": list(CODES)}),
)
