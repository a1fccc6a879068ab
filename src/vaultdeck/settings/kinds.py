"""What a kind of setting is, and the kinds that are made of others: choices and mappings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from vaultdeck.model import NoteType
from vaultdeck.model.value import value
from vaultdeck.vault.names import folder_key
from vaultdeck.vault.observed import Observed
from vaultdeck.vault.yaml_source import Sheet, is_unset


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


@value(frozen=True, slots=True)
class ValueKind:
    """How values of a kind are read, and what YAML shows for one; `keys` are those of a mapping.

    `schema` tells the values in JSON Schema.
    """

    read: ReadValue
    schema: Mapping[str, Any]
    show: Callable[[Any], Any] = lambda value: list(value) if isinstance(value, tuple) else value
    keys: tuple[Key, ...] = ()


@value(frozen=True, slots=True)
class Key:
    """One setting: its name and its kind.

    `about` is what it means, in a line or more; `example` is shown where it is at its default. It sets
    the field of its name of Config, or of a mapping's class, unless `sets` names another.
    """

    name: str
    kind: ValueKind
    about: str = ""
    example: Any = None
    sets: str = ""

    @property
    def field(self) -> str:
        """Return the name of the field that it sets."""
        return self.sets or self.name


def choice(noun: str, names: Collection[str]) -> ValueKind:
    """Return the kind of a text that is one of `names`."""
    return ValueKind(
        lambda settings, node, _: settings.sheet.choice(node, noun, names), {"enum": list(names)}
    )


def by_folder(kind: ValueKind) -> ValueKind:
    """Return the kind of a mapping of folders to values of a kind."""

    def read(settings: Settings, node: yaml.Node, what: str) -> dict[str, Any]:
        pairs = [
            (folder_key(key), kind.read(settings, value, what))
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
        for name, key, given in settings.sheet.mapping(node, what):
            if name not in rows:
                settings.sheet.unknown(key, name, noun, rows, "unknown-setting")
            elif not is_unset(given):
                row = rows[name]
                read = row.kind.read(settings, given, f"the {noun} '{name}'")
                if read is not None:
                    found[row.field], nodes[row.field] = read, given
        whole = replace(settings.base.get(cls, cls()), **found)
        if check:
            check(settings, whole, nodes)
        return whole

    return ValueKind(read, table_of(keys), keys=keys)
