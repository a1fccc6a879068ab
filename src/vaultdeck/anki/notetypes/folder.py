"""Read a note type from its folder, with every mistake in it reported."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

import yaml

from vaultdeck.anki.notetypes.files import ReadFile, find_files
from vaultdeck.anki.templates import (
    MAX_FIELDS,
    MAX_TEMPLATES,
    TemplateError,
    parse,
    template_tags,
)
from vaultdeck.model import Location, NoteType, Template
from vaultdeck.model.diagnostics import Diagnostic, shorten
from vaultdeck.spelling import did_you_mean
from vaultdeck.vault.stand_in import decode_text
from vaultdeck.vault.yaml_source import Sheet, is_unset

# Fields that vaultdeck fills; no `Name:` line of a card switches to them.
FILLED_FIELDS = ("Context", "Source")
TYPE_KEYS = ("name", "id", "kind", "mod", "fields", "templates")
KINDS = ("basic", "cloze")
# Fields that Anki has on every template.
SPECIAL_FIELDS = ("FrontSide", "Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID")
# What Anki takes in no field name.
NO_FIELD = (":", '"', "{", "}")
TOO_MANY_FIELDS = f"a note type has {MAX_FIELDS} fields at the most"
# Of all sides of its cards and the style sheet.
MAX_LENGTH = 10_000_000
MAX_TYPE_ID = 2**53 - 1
MAX_MOD = 2**32 - 1


def read_notetype(
    read: ReadFile, folder: str, style: str
) -> tuple[NoteType | None, list[Diagnostic]]:
    """Read the note type in a folder of the vault, or return what is wrong with it (`bad-config`).

    Ids may be missing: they then follow from the names, so that they are the same in every build.
    """
    path = f"{folder}/notetype.yaml".lstrip("/")
    data = read(path)
    if data is None:
        hint = "a note type is a folder with notetype.yaml in it"
        return None, [Diagnostic("bad-config", Location(path), "there is no such file", hint)]
    source = decode_text(path, data, "bad-config")
    if isinstance(source, Diagnostic):
        return None, [source]
    return _Folder(read, folder, Sheet(source)).read(style)


class _Folder:
    """A note type's folder while it is read."""

    def __init__(self, read: ReadFile, folder: str, sheet: Sheet) -> None:
        self._read = read
        self._folder = folder
        self._sheet = sheet
        self._length = 0

    def read(self, style: str) -> tuple[NoteType | None, list[Diagnostic]]:
        sheet = self._sheet
        if sheet.root is None:
            return None, sheet.problems or [self._missing("name")]
        nodes: dict[str, yaml.Node] = {}
        for key, key_node, value in sheet.mapping(sheet.root, "notetype.yaml"):
            if key in TYPE_KEYS:
                nodes[key] = value
            else:
                sheet.unknown(key_node, key, "key", TYPE_KEYS, "unknown-setting")
        missing = [
            self._missing(key) for key in ("name", "fields", "templates") if key not in nodes
        ]
        if missing:
            return None, [*sheet.problems, *missing]
        name = sheet.text(nodes["name"], "'name'") or ""
        kind = sheet.choice(nodes["kind"], "kind", KINDS) if "kind" in nodes else "basic"
        number = (
            sheet.number(nodes["id"], "'id'", MAX_TYPE_ID) if "id" in nodes else stable_id(name)
        )
        mod = sheet.number(nodes["mod"], "'mod'", MAX_MOD) if "mod" in nodes else 1
        fields = self._fields(nodes["fields"], name)
        templates = self._templates(nodes["templates"], name, tuple(fields), kind == "cloze")
        css = self._file("style.css", nodes["name"], is_optional=True)
        note_type = NoteType(
            name=name,
            id=number or 1,
            fields=tuple(fields),
            field_ids=tuple(fields.values()),
            templates=tuple(templates),
            css=style if css is None else css,
            is_cloze=kind == "cloze",
            mod=mod or 1,
            written=tuple(field for field in fields if field not in FILLED_FIELDS),
        )
        files, problems = find_files(self._read, self._folder, note_type)
        for what, hint in problems:
            sheet.report(nodes["name"], what, hint, "media-unreadable")
        note_type = replace(note_type, files=files)
        if any(problem.code == "bad-config" for problem in sheet.problems):
            return None, sheet.problems
        return note_type, sheet.problems

    def _missing(self, key: str) -> Diagnostic:
        location = Location(self._sheet.source.path)
        return Diagnostic("bad-config", location, f"the key '{key}' is missing", f"add '{key}:'")

    def _fields(self, node: yaml.Node, name: str) -> dict[str, int]:
        sheet, fields = self._sheet, dict[str, int]()
        if isinstance(node, yaml.MappingNode):
            for field, key, value in sheet.mapping(node, "'fields'"):
                if self._is_field(field, key):
                    known = not is_unset(value)
                    number = (
                        sheet.number(value, f"the id of '{field}'", MAX_TYPE_ID) if known else 0
                    )
                    fields[field] = number or stable_id(name, field)
        else:
            for field, item in sheet.texts(node, "'fields'"):
                if field in fields:
                    sheet.report(item, f"field '{field}' is there twice", "keep one of the two")
                elif self._is_field(field, item):
                    fields[field] = stable_id(name, field)
        if len(fields) > MAX_FIELDS:
            sheet.report(node, TOO_MANY_FIELDS, "leave out those that no card fills")
        if not set(fields) - set(FILLED_FIELDS):
            sheet.report(node, "there is no field that a card could fill", "add '- Front'")
        return fields

    def _is_field(self, field: str, node: yaml.Node) -> bool:
        if is_field_name(field):
            return True
        hint = 'leave out : " { }, and # / ^ and spaces at its ends'
        self._sheet.report(node, f"Anki takes no field named '{shorten(field)}'", hint)
        return False

    def _templates(
        self, node: yaml.Node, name: str, fields: tuple[str, ...], is_cloze: bool
    ) -> Iterable[Template]:
        sheet, templates = self._sheet, list[Template]()
        for title, key, value in sheet.mapping(node, "'templates'"):
            if len(templates) == MAX_TEMPLATES:
                message = f"a note type has {MAX_TEMPLATES} templates at the most"
                sheet.report(key, message, "leave out the others")
            if len(templates) == MAX_TEMPLATES or self._length > MAX_LENGTH:
                break
            number, file, place = stable_id(name, "", title), title, key
            # `Card 1: card1` names the files only.
            if isinstance(value, yaml.MappingNode):
                for entry, entry_node, entry_value in sheet.mapping(value, f"template '{title}'"):
                    if entry == "id":
                        number = sheet.number(entry_value, "'id'", MAX_TYPE_ID) or 1
                    elif entry == "file":
                        file, place = sheet.text(entry_value, "'file'") or file, entry_value
                    else:
                        sheet.unknown(entry_node, entry, "key", ("id", "file"), "unknown-setting")
            elif not is_unset(value):
                file, place = sheet.text(value, f"template '{title}'") or file, value
            front = self._file(f"{file}.front.html", place) or ""
            back = self._file(f"{file}.back.html", place) or ""
            self._check(front, place, fields, f"{file}.front.html", is_front=True)
            self._check(back, place, fields, f"{file}.back.html", is_front=False)
            templates.append(Template(title, number, front, back))
        if not templates:
            sheet.report(node, "there is no template", "add 'Card 1: card1'")
        if is_cloze and len(templates) > 1:
            sheet.report(node, "a cloze type has one template only", "remove the others")
        return templates

    def _check(
        self, html: str, node: yaml.Node, fields: tuple[str, ...], file: str, *, is_front: bool
    ) -> None:
        try:
            parse(html)
        except TemplateError as error:
            self._sheet.report(node, f"'{file}' is no template of Anki's: {error}")
        tags = template_tags(html)
        for name in dict.fromkeys(name for _, name in tags):
            if name not in fields and name not in SPECIAL_FIELDS:
                message = f"'{file}' shows an unknown field '{shorten(name)}'"
                self._sheet.report(node, message, did_you_mean(name, fields))
        if html and is_front and not any(not mark and name in fields for mark, name in tags):
            hint = f"write {{{{{fields[0]}}}}} in it" if fields else ""
            self._sheet.report(node, f"'{file}' shows no field", hint)

    def _file(self, name: str, node: yaml.Node, *, is_optional: bool = False) -> str | None:
        path = f"{self._folder}/{name}".lstrip("/")
        try:
            data = self._read(path)
        except OSError as error:
            self._sheet.report(node, f"'{shorten(path, 200)}' cannot be read: {error.strerror}")
            return None
        if data is None:
            if not is_optional:
                hint = "a template has a front and a back in files of its own"
                self._sheet.report(node, f"there is no file '{shorten(path, 200)}'", hint)
            return None
        source = decode_text(path, data, "bad-config")
        if isinstance(source, Diagnostic):
            self._sheet.problems.append(source)
            return None
        before, self._length = self._length, self._length + len(source.text)
        if before <= MAX_LENGTH < self._length:
            message = f"the files of a note type have {MAX_LENGTH:,} characters at the most"
            self._sheet.report(
                node, message, "put pictures, fonts and scripts into files beside them"
            )
        return source.text.replace("\r\n", "\n")


def is_field_name(name: str) -> bool:
    """Tell whether Anki takes a name for a field as it is."""
    has_mark = any(mark in name for mark in NO_FIELD) or name.startswith(("#", "/", "^"))
    return bool(name) and name == name.strip() and not has_mark


def stable_id(*names: str) -> int:
    """Return an id below 2**53 that follows from names alone."""
    digest = hashlib.sha256("\0".join(names).encode("utf-8", "replace")).digest()
    return (int.from_bytes(digest[:7], "big") >> 4) | 1
