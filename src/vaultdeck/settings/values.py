"""The kinds of plain values that settings have: how each is read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import yaml

from vaultdeck.anki.decks import clean_deck
from vaultdeck.cards.cloze_patterns import read_cloze_pattern
from vaultdeck.cards.syntaxes import SYNTAXES, syntax_named
from vaultdeck.cards.tags import clean_tags, split_tags
from vaultdeck.model.config import Markers
from vaultdeck.model.diagnostics import CODES, CONTROL, shorten
from vaultdeck.settings.kinds import A_TEXT, TEXT_LIST, Settings, ValueKind, map_of
from vaultdeck.settings.other_plugins import MAX_TEXTS
from vaultdeck.vault.names import clean_folder

SEVERITIES = ("error", "warning", "off")


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
    """Return patterns, no more than are taken from the plugin's own settings: each is tried on each line."""
    patterns: list[str] = []
    for text, item in settings.sheet.texts(node, what):
        if read_cloze_pattern(text) is None:
            hint = "write it as in '==[123;;]answer[;;hint]=='"
            settings.sheet.report(item, f"'{shorten(text)}' is no cloze pattern", hint)
        else:
            patterns.append(text)
    if len(patterns) > MAX_TEXTS:
        settings.sheet.report(node, f"{what} has {len(patterns)} entries, more than {MAX_TEXTS}")
    return tuple(patterns[:MAX_TEXTS])


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


def check_markers(settings: Settings, markers: Markers, nodes: Mapping[str, yaml.Node]) -> None:
    """Report markers that are the same word."""
    names = [row.name for row in fields(Markers)]
    known = {getattr(markers, name): name for name in names if name not in nodes}
    for name, node in nodes.items():
        word = getattr(markers, name)
        if word in known:
            settings.sheet.report(node, f"the markers '{known[word]}' and '{name}' are the same")
        known[word] = name


FLAG = ValueKind(lambda on, node, what: on.sheet.flag(node, what), {"type": "boolean"})
LINE = ValueKind(lambda on, *at: " ".join((on.sheet.text(*at) or "").split()), A_TEXT)
ONE_WORD = ValueKind(lambda on, *at: (on.sheet.text(*at) or "").strip() or None, A_TEXT)
SEPARATOR = ValueKind(lambda on, *at: on.sheet.text(*at, allows_empty=True), A_TEXT)
DECK = ValueKind(_deck, A_TEXT)
OBSIDIAN_TAG = ValueKind(lambda *asked: next(iter(_obsidian_tags(*asked)), None), A_TEXT)
TEXTS = ValueKind(lambda on, *at: tuple(text for text, _ in on.sheet.texts(*at)), TEXT_LIST)
SCAN = ValueKind(_scan, TEXT_LIST)
TAGS, OBSIDIAN_TAGS = ValueKind(_tags, TEXT_LIST), ValueKind(_obsidian_tags, TEXT_LIST)
CLOZE_PATTERNS = ValueKind(_cloze_patterns, TEXT_LIST)
SYNTAX_NAMES = ValueKind(_syntaxes, TEXT_LIST)
SEVERITY_MAP = ValueKind(_severities, map_of({"enum": [*SEVERITIES, False]}, {"enum": list(CODES)}))
