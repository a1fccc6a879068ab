"""The text of a vaultdeck.yaml that says what a Config says, each key with its meaning.

Keys at their default are comments, so that a person sees what there is to set.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from vaultdeck.model.config import Config
from vaultdeck.settings.keys import SETTING_KEYS, SETTINGS_SCHEMA
from vaultdeck.settings.kinds import Key

STARTER_HEAD = f"""\
# yaml-language-server: $schema={SETTINGS_SCHEMA}
# How vaultdeck builds this vault. A line with '#' before a key shows its default or an example.
"""
# A list that is longer has a line for each of its texts.
MAX_LIST = 80


class _Dumper(yaml.SafeDumper):
    """YAML as a person writes it: short lists on one line, texts of several lines with escapes."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _list(dumper: yaml.SafeDumper, values: list[str]) -> yaml.Node:
    is_short = sum(map(len, values)) <= MAX_LIST
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=is_short)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)


def starter_config(config: Config) -> str:
    """Return the text of a vaultdeck.yaml that is equivalent to a Config.

    Note types from folders of the vault and from the lock are not part of it: a Config does not tell
    their folders, and the lock is read anyhow.
    """
    default = Config("", "")
    return "\n".join(
        [STARTER_HEAD, *("".join(_lines(key, config, default)) for key in SETTING_KEYS.values())]
    )


def _lines(key: Key, config: Config, default: Config) -> Iterator[str]:
    yield from (f"# {line}\n" for line in key.about.split("\n"))
    value, usual = getattr(config, key.field), getattr(default, key.field)
    if key.kind.keys:
        yield f"{'# ' if value == usual else ''}{key.name}:\n"
        for row in key.kind.keys:
            yield from _row(row, getattr(value, row.field), getattr(usual, row.field))
        return
    shown, is_default = key.kind.show(value), key.kind.show(value) == key.kind.show(usual)
    shown = key.example if is_default and key.example is not None else shown
    yield from _dump({key.name: shown}, "# " if is_default else "")


def _row(row: Key, value: Any, usual: Any) -> Iterator[str]:
    shown = row.example if value == usual and row.example is not None else row.kind.show(value)
    first, *others = _dump({row.name: shown}, "# " * (value == usual) + "  ")
    about = f"  # {row.about}" if row.about else ""
    yield first.rstrip("\n") + about + "\n"
    yield from others


def _dump(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    text = yaml.dump(
        dict(value), None, _Dumper, allow_unicode=True, sort_keys=False, width=sys.maxsize
    )
    yield from (indent + line for line in text.splitlines(keepends=True))
