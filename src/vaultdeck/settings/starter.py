"""The text of a vaultdeck.yaml that says what a Config says, each key with its meaning.

Keys at their default are comments, so that a person sees what there is to set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields

from vaultdeck.model import Config, Markers
from vaultdeck.settings.keys import FIRST, OTHERS, SYNTAXES, load_styles

HEAD = """\
# How vaultdeck builds this vault. A line with '#' before a key shows its default or an example.
"""
# Texts that YAML takes for texts without quotes, `null` and the like apart.
PLAIN = re.compile(r"[^\W\d_](?:[\w /-]*\w)?")
RESERVED = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")


def starter_config(config: Config) -> str:
    """Return the text of a vaultdeck.yaml that is equivalent to a Config.

    Note types from folders of the vault and from the lock are not part of it: a Config does not tell
    their folders, and the lock is read anyhow.
    """
    default = Config(config.vault_name, "")
    guessed = {n: _list(t.written) for n, t in config.note_types.items() if t.is_guess}
    tags = {folder: _list(tags) for folder, tags in config.folder_tags.items()}
    links = {k: _scalar(v) for k, v in config.link_fields.items() if k}
    links |= {OTHERS: FIRST} if "" in config.link_fields else {}
    styles = "\n".join(f"{name} ({kind})" for name, (kind, _) in load_styles().items())
    parts = [
        HEAD,
        _line("vault_name", "The vault's name in links to Obsidian.", _scalar(config.vault_name)),
        _line("deck", "The deck of notes that name none.", _scalar(config.default_deck)),
        _map(
            "decks",
            "Folders and their decks; the innermost counts.",
            _folders(config.folder_decks, _scalar),
            {"Lectures/Algebra": "'Mathematics::Algebra'"},
        ),
        _line(
            "deck_scope",
            "The cards that a TARGET DECK line is for:\n"
            "file: the first one of a note file is for all its cards\n"
            "following: each is for the cards below it",
            config.deck_scope,
            is_default=config.deck_scope == default.deck_scope,
        ),
        _line("tags", "Tags of every card.", _list(config.tags), is_default=not config.tags),
        _map(
            "folder_tags",
            "Folders and the tags of all cards in them.",
            _folders(tags, str),
            {"Lectures": "[lecture, WS2526]"},
        ),
        _items("ignore", "Note files to leave out; a '!' takes in again.", config.ignore, "Old/**"),
        _items("scan", "Folders to build; without this, the whole vault.", config.scan, "Lectures"),
        _markers(config.markers),
        _flag(config, "curly_clozes", "curly_clozes", "In cloze cards {x} is a cloze deletion."),
        _flag(
            config, "highlight_clozes", "highlight_clozes", "And so is ==x== (with curly_clozes)."
        ),
        _flag(config, "id_comments", "id_comments", "Write IDs as <!--ID: n-->, not as ID: n."),
        _flag(config, "cut_tags", "cuts_tags", "Turn #tags in cards into tags of the card."),
        _line(
            "syntaxes",
            "How cards are written: any of\n" + "\n".join(SYNTAXES),
            _list(config.syntaxes),
            is_default=config.syntaxes == default.syntaxes,
        ),
        _items("note_types", "Folders with note types of your own.", (), "notetypes/Vocabulary"),
        _map(
            "fields",
            "Note types of which only the fields are given; vaultdeck makes the templates.",
            {_scalar(name): names for name, names in guessed.items()},
            {"Vokabel": "[Wort, Bedeutung]"},
        ),
        _map(
            "regexps",
            f"Note types and the regexp of their cards, in JavaScript's syntax, or a style:\n{styles}",
            {_scalar(k): _regexp(v) for k, v in config.regexps.items()},
            {"Basic": "question-answer"},
        ),
        _map(
            "link_fields",
            f"Append a link to the note to a field; '{OTHERS}': {FIRST} for all other note types.",
            {_scalar(k): v for k, v in links.items()},
            {"Basic": "Back"},
        ),
        _map(
            "context_fields",
            "Append where the card stands (file > heading > heading) to a field.",
            {_scalar(k): _scalar(v) for k, v in config.context_fields.items()},
            {"Basic": "Back"},
        ),
        _map(
            "severities",
            "Make a problem an error, a warning, or off.",
            {_scalar(k): v for k, v in config.severities.items()},
            {"half-card": "off"},
        ),
    ]
    return "\n".join(parts)


def _scalar(text: str) -> str:
    """Return a text as YAML: plain, else between single quotes, else with escapes."""
    if PLAIN.fullmatch(text) and text.isprintable() and text.lower() not in RESERVED:
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    return char if char.isprintable() else f"\\U{ord(char):08x}"


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(_scalar, texts)) + "]"


def _regexp(pattern: str) -> str:
    names = (name for name, (_, known) in load_styles().items() if known == pattern)
    return next(names, _scalar(pattern))


def _folders(values: Mapping[str, str], show: Callable[[str], str]) -> dict[str, str]:
    return {_scalar(folder or "/"): show(value) for folder, value in values.items()}


def _comment(text: str) -> str:
    first, *others = text.split("\n")
    return "".join(f"# {line}\n" for line in [first, *(f"  {line}" for line in others)])


def _line(key: str, about: str, value: str, *, is_default: bool = False) -> str:
    return f"{_comment(about)}{'# ' if is_default else ''}{key}: {value}\n"


def _flag(config: Config, key: str, name: str, about: str) -> str:
    value, default = getattr(config, name), getattr(Config("", ""), name)
    return _line(key, about, json.dumps(value), is_default=value == default)


def _items(key: str, about: str, values: Iterable[str], example: str) -> str:
    lines = [f"{key}:\n", *(f"  - {_scalar(value)}\n" for value in values)]
    if len(lines) == 1:
        lines = [f"# {key}:\n", f"#   - {_scalar(example)}\n"]
    return _comment(about) + "".join(lines)


def _map(key: str, about: str, values: Mapping[str, str], example: Mapping[str, str]) -> str:
    mark, shown = ("", values) if values else ("# ", example)
    lines = [f"{mark}{key}:\n", *(f"{mark}  {name}: {value}\n" for name, value in shown.items())]
    return _comment(about) + "".join(lines)


def _markers(markers: Markers) -> str:
    """Show all markers, those at their default as comments."""
    default = Markers()
    mark = "# " if markers == default else ""
    lines = [f"{mark}markers:\n"]
    for field in fields(Markers):
        word = getattr(markers, field.name)
        is_default = word == getattr(default, field.name)
        lines.append(f"{'# ' if is_default else ''}  {field.name}: {_scalar(word)}\n")
    return _comment("The words that mark cards.") + "".join(lines)
