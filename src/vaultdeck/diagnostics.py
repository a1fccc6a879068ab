"""Problems as values, and the table of everything that can be wrong.

A diagnostic names one problem at one place. `error` means that a card was left out; `warning` that a
card was built but something in it is not right, or that what is none looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from vaultdeck.model import Location

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
ERROR = "error"
WARNING = "warning"
OFF = "off"

# code: (severity, what it means in one line)
CODES: dict[str, tuple[str, str]] = {
    "unreadable-file": (ERROR, "a note file could not be read from disk"),
    "not-utf8": (ERROR, "a note file is not UTF-8 text"),
    "link-outside-vault": (WARNING, "a symbolic link leads out of the vault and was not followed"),
    "bad-properties": (WARNING, "the properties at the top of a note file are not valid YAML"),
    "bad-directive": (WARNING, "a deck or tags line is not written so that it can be read"),
    "unclosed-block": (ERROR, "a block has no end marker"),
    "missing-end": (WARNING, "a block has no end marker and was ended at its ID line"),
    "indented-end": (WARNING, "a block is closed only by an indented end marker"),
    "stray-end": (WARNING, "an end marker closes nothing"),
    "block-in-code": (WARNING, "a block with an ID stands in a code fence and is not built"),
    "unknown-field": (ERROR, "a line begins with a name that is nearly that of an empty field"),
    "half-card": (WARNING, "a card lacks its question or its answer"),
    "bad-regexp": (ERROR, "a regexp of the settings is not valid"),
    "slow-regexp": (ERROR, "a regexp of the settings takes too long on a note"),
    "bad-config": (ERROR, "the settings cannot be read or hold a wrong value"),
    "bad-plugin-settings": (WARNING, "the plugin's settings cannot be read in full"),
    "unknown-setting": (WARNING, "the settings hold a name that means nothing"),
    "missing-note-type": (ERROR, "a block is empty: it names no note type"),
    "unknown-note-type": (ERROR, "a block names a note type that is not known"),
    "empty-front": (ERROR, "the first field of a card is empty"),
    "empty-back": (WARNING, "a card has a question and nothing else"),
    "malformed-id": (ERROR, "an ID comment holds no usable number"),
    "stray-id": (WARNING, "an ID belongs to no card"),
    "misplaced-id": (WARNING, "an ID stands amid the text of a block; it was read all the same"),
    "extra-id": (WARNING, "a block holds more than one ID; the last one counts"),
    "misplaced-tags": (WARNING, "a Tags line stands amid the text of a block and is not read"),
    "missing-id": (WARNING, "a block has no ID yet"),
    "not-written": (ERROR, "new IDs could not be written into a note file"),
    "bad-lock": (ERROR, "vaultdeck.lock is damaged or of a newer version"),
    "lock-outdated": (ERROR, "vaultdeck.lock does not know the present state of a card"),
    "cloze-removed": (WARNING, "a cloze number that was built before is gone"),
    "note-type-changed": (WARNING, "a card has another note type than when it was built last"),
    "adopted-field-missing": (WARNING, "an adopted note type has no field for what is written"),
    "duplicate-front": (WARNING, "two cards of one type and deck have the same first field"),
    "overlapping-cards": (ERROR, "a card that a regexp finds reaches into another card"),
    "duplicate-id": (ERROR, "two blocks have the same ID"),
    "embed-not-found": (WARNING, "an embedded note or file does not exist"),
    "link-not-found": (WARNING, "a link leads to a note or file that does not exist"),
    "heading-not-found": (WARNING, "the note of a link or embed has no such heading"),
    "block-not-found": (WARNING, "the note of a link or embed has no such block id"),
    "ambiguous-embed": (WARNING, "an embed fits several files equally well"),
    "ambiguous-link": (WARNING, "a link fits several files equally well"),
    "ambiguous-heading": (WARNING, "several headings of a note fit an embed; the first is shown"),
    "outside-vault": (WARNING, "a link or embed leads out of the vault, where nothing is read"),
    "embed-cycle": (WARNING, "a section embeds itself, directly or through others"),
    "embed-too-deep": (WARNING, "embeds are nested deeper than Obsidian's limit"),
    "embed-too-large": (ERROR, "the embeds of a card expand beyond all measure"),
    "nested-too-deep": (WARNING, "lists, quotes or brackets nest too deeply to be shown in full"),
    "card-too-deep": (ERROR, "a card nests too deeply to be rendered"),
    "card-too-large": (ERROR, "a card is longer than a whole book"),
    "media-unreadable": (WARNING, "a picture or other file could not be read"),
    "media-too-large": (WARNING, "a picture or other file is larger than AnkiWeb takes"),
    "unsafe-media": (WARNING, "an SVG picture holds a script and is left out"),
    "cloze-missing": (WARNING, "a cloze note has no cloze deletion"),
    "cloze-unclosed": (WARNING, "a cloze deletion is not closed: Anki shows nothing behind it"),
    "cloze-number": (WARNING, "a cloze number is 0 or above 500, for which Anki makes no card"),
    "cloze-in-basic": (WARNING, "a note that is no cloze note holds a cloze deletion"),
    "math-syntax": (WARNING, "a formula cannot be read and is shown as raw TeX"),
    "math-unknown-macro": (WARNING, "a formula uses a macro that Anki's MathJax does not know"),
    "math-unknown-environment": (
        WARNING,
        "a formula uses an environment that Anki's MathJax does not know",
    ),
    "math-unknown-package": (WARNING, "a formula requires a package that Anki's MathJax lacks"),
    "math-label": (WARNING, "a label in a formula is removed"),
    "math-reference": (WARNING, "a formula refers to a label, which shows as ???"),
    "math-text-macro": (WARNING, "a macro in \\text is shown as it is written"),
    "no-cards": (ERROR, "no card was found or built in the whole vault"),
}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem at one place.

    `hint` is an action that mends it; `via` is the chain of embeds that led to the place, outermost
    first, when the problem stands in embedded text, and `count` tells how many embeds lead there.
    `override` is the severity that the settings give to the code, if they do.
    """

    code: str
    location: Location
    message: str
    hint: str = ""
    via: tuple[Location, ...] = ()
    override: str = ""
    count: int = 1

    @property
    def severity(self) -> str:
        """Return `error` or `warning`: what the settings say for this code, else the table."""
        return self.override or CODES[self.code][0]


def weigh(problems: Iterable[Diagnostic], severities: Mapping[str, str]) -> list[Diagnostic]:
    """Return the diagnostics in the order of their places, with the severities of the settings.

    A code that is `off` is left out. A problem of a section that many cards embed is one, counted; but
    every card that is left out because of what it embeds is told.
    """
    merged: dict[tuple[str, Location, str, tuple[Location, ...]], Diagnostic] = {}
    for problem in problems:
        override = severities.get(problem.code, "")
        if override == OFF:
            continue
        card = problem.via[:1] if CODES[problem.code][0] == ERROR else ()
        key = (problem.code, problem.location, problem.message, card)
        first = merged.get(key)
        count = first.count + problem.count if first else problem.count
        merged[key] = replace(first or problem, override=override, count=count)
    return sorted(merged.values(), key=lambda problem: (problem.location, problem.code))


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, `1 note` or `2 notes`; `noun` is that of one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shorten(text: str, limit: int = 60) -> str:
    """Return the user's text for use in a message: one line, cut to `limit` characters."""
    text = " ".join(CONTROL.sub(" ", text).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
