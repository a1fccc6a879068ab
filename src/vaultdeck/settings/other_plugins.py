"""The settings of other flashcard plugins, where a vault has them.

    .obsidian/plugins/obsidian-spaced-repetition/data.json
    .obsidian/plugins/flashcards-obsidian/data.json

A value that is not of its kind counts as not set: these plugins take what their own dialogs wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vaultdeck.anki.decks import clean_deck
from vaultdeck.cards.cloze_patterns import read_cloze_pattern
from vaultdeck.cards.syntaxes import flashcards, spaced_repetition
from vaultdeck.cards.tags import clean_tags
from vaultdeck.model.config import Flashcards, SpacedRepetition
from vaultdeck.model.diagnostics import shorten
from vaultdeck.regexps import regexp
from vaultdeck.vault.yaml_source import UNUSABLE

# The settings file of each plugin by the name of its syntax.
PATHS = {
    name: f".obsidian/plugins/{name}/data.json"
    for name in (spaced_repetition.NAME, flashcards.NAME)
}
# A list of the settings is cut, and a text ignored, beyond these.
MAX_TEXTS = 50
MAX_SEPARATOR_LENGTH = 100
# Our name of a text: the plugin's.
SEPARATOR_NAMES = {
    "inline": "singleLineCardSeparator",
    "inline_reversed": "singleLineReversedCardSeparator",
    "multiline": "multilineCardSeparator",
    "multiline_reversed": "multilineReversedCardSeparator",
    "end": "multilineCardEndMarker",
}
# Names of before version 1.9, and what they were changed to.
OLD_NAMES = {
    "singlelineCardSeparator": "singleLineCardSeparator",
    "singlelineReversedCardSeparator": "singleLineReversedCardSeparator",
}
# Before there were patterns, each kind of deletion had a switch; that of highlights was on.
SWITCHES = {
    "convertHighlightsToClozes": "==[123;;]answer[;;hint]==",
    "convertBoldTextToClozes": "**[123;;]answer[;;hint]**",
    "convertCurlyBracketsToClozes": "{{[123;;]answer[;;hint]}}",
}
# flashcards-obsidian writes its separators as regexps.
ESCAPED_CHARACTER = regexp(r"\\([^\w\s])")
# Keys of version 2 of flashcards-obsidian, and those of version 1 that they took the place of.
RENAMED = {
    "defaultDeck": "deck",
    "folderBasedDecks": "folderBasedDeck",
    "inlineReverseSeparator": "inlineSeparatorReverse",
}


def spaced_repetition_settings(data: Mapping[str, Any]) -> tuple[SpacedRepetition, list[str]]:
    """Return what `data.json` of obsidian-spaced-repetition sets, and what of it is not followed."""
    data = _settings_in(data)
    data = {**{OLD_NAMES[key]: data[key] for key in data if key in OLD_NAMES}, **data}
    default = SpacedRepetition()
    patterns = _texts(data.get("clozePatterns"))
    if not isinstance(data.get("clozePatterns"), list):
        switched = {"convertHighlightsToClozes": True, **data}
        patterns = [pattern for key, pattern in SWITCHES.items() if switched.get(key) is True]
    clozes = tuple(pattern for pattern in patterns if read_cloze_pattern(pattern))
    config = SpacedRepetition(
        tags=_tags(data.get("flashcardTags")) or default.tags,
        ignored_tags=_tags(data.get("flashcardTagsToIgnore")),
        ignore=tuple(_texts(data.get("noteFoldersToIgnore"))),
        folder_decks=data.get("convertFoldersToDecks") is True,
        clozes=clozes,
        **{
            key: _text(data.get(name), getattr(default, key))
            for key, name in SEPARATOR_NAMES.items()
        },
    )
    return config, [f"cloze pattern '{shorten(p)}'" for p in patterns if p not in clozes]


def flashcards_settings(data: Mapping[str, Any]) -> tuple[Flashcards, list[str]]:
    """Return what `data.json` of flashcards-obsidian sets, and what of it is not followed.

    Version 1 takes a file as it is: a switch that is missing is off, as with files from before it was there.
    """
    data = {RENAMED.get(key, key): value for key, value in _settings_in(data).items()}
    default = Flashcards()
    hashtag = data.get("hashtag")
    named = data.get("flashcardsTag")
    strategy = data.get("contextStrategy")
    is_second = isinstance(hashtag, dict) or strategy is not None
    if is_second:
        named = hashtag.get("basicTag") if isinstance(hashtag, dict) else None
    config = Flashcards(
        tag=next(iter(_tags(named)), default.tag),
        tags=tuple(clean_tags(_texts(data.get("defaultTags" if is_second else "defaultAnkiTag")))),
        deck=clean_deck(_text(data.get("deck"), "")),
        folder_decks=data.get("folderBasedDeck", is_second) is True,
        inline=_separator(data.get("inlineSeparator"), default.inline),
        inline_reversed=_separator(data.get("inlineSeparatorReverse"), default.inline_reversed),
        context=strategy in (None, "headings") and data.get("contextAwareMode", is_second) is True,
        context_separator=_text(data.get("contextSeparator"), default.context_separator),
    )
    unread = []
    if is_second:
        unread.append("cards of version 2 in code fences, and those that own all below a heading")
        if strategy == "note-title":
            unread.append("the note's title as context")
    return config, unread


def _settings_in(data: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = data.get("settings")
    return inner if isinstance(inner, dict) else data


def _text(value: object, default: str) -> str:
    is_text = (
        isinstance(value, str) and len(value) <= MAX_SEPARATOR_LENGTH and not UNUSABLE.search(value)
    )
    return str(value) if is_text else default


def _separator(value: object, default: str) -> str:
    return ESCAPED_CHARACTER.sub(r"\1", _text(value, "")).strip() or default


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for item in values[:MAX_TEXTS] if (text := _text(item, "").strip())]


def _tags(value: object) -> tuple[str, ...]:
    """Return tags without what they are marked with, without those that can be none."""
    tags = [text.lstrip("#").strip("/") for text in _texts(value)]
    good = [tag for tag in tags if tag and tag.isprintable() and not any(map(str.isspace, tag))]
    return tuple(dict.fromkeys(good))


PLUGIN_READERS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], tuple[Any, list[str]]]]] = {
    spaced_repetition.NAME: ("spaced_repetition", spaced_repetition_settings),
    flashcards.NAME: ("flashcards", flashcards_settings),
}


def read_other_plugins(
    read: Callable[[str], Mapping[str, Any] | None],
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return the values of a Config that the settings of other plugins make, and notices by syntax.

    `read` returns the JSON object in a file of the vault, empty if there is no file, None if there is
    something else in it.
    """
    values: dict[str, Any] = {}
    notices: dict[str, list[str]] = {}
    for name, (field, reader) in PLUGIN_READERS.items():
        data = read(PATHS[name])
        if data is None:
            notices[name] = [f"{PATHS[name]} holds no settings: the plugin's defaults count"]
        elif data:
            values[field], unread = reader(data)
            notices[name] = [f"{PATHS[name]}: not followed: {what}" for what in unread]
    return values, notices
