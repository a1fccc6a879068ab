"""Problems as values, and the table of everything that can be wrong.

A diagnostic names one problem at one place. An `error` means that a card was left out of the package. A
`warning` means that a card was built with a flaw, or that text looks like a card but was not read as one.
A `notice` means that nothing is wrong, but something could be better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from vaultdeck.decode import decode
from vaultdeck.model import Location

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
ERROR = "error"
WARNING = "warning"
NOTICE = "notice"
OFF = "off"


@dataclass(frozen=True, slots=True)
class Code:
    """What all diagnostics of one code have in common.

    `severity` holds unless the settings give another; `meaning` is the code in one line. While there is
    one that `hides_cards`, nobody knows which cards are gone from the vault; one that `hides_ids` hides
    which IDs of its note file belong to a card. One that `passes` may be gone in the next run though
    nothing has changed, so no answer with it is kept. One that is `of_all_notes` is told whichever notes
    a call is about. What is `told_once` has one cause in all files where it is found. Those that are
    `of_target` and say the same are one: a link that leads nowhere, say.
    """

    severity: str
    meaning: str
    hides_cards: bool = False
    hides_ids: bool = False
    passes: bool = False
    of_all_notes: bool = False
    told_once: bool = False
    of_target: bool = False


CODES: dict[str, Code] = {
    "unreadable-file": Code(
        ERROR, "a note file could not be read from disk", hides_cards=True, passes=True
    ),
    "unreachable-file": Code(
        WARNING,
        "a file or folder is not on this disk, only a trace of it",
        hides_cards=True,
        passes=True,
    ),
    "encrypted-file": Code(
        ERROR,
        "note files are encrypted by git-crypt",
        hides_cards=True,
        passes=True,
        told_once=True,
    ),
    "not-utf8": Code(ERROR, "a note file is not UTF-8 text", hides_cards=True),
    "link-outside-vault": Code(
        WARNING, "a symbolic link leads out of the vault and was not followed", hides_cards=True
    ),
    "bad-properties": Code(WARNING, "the properties at the top of a note file are not valid YAML"),
    "bad-directive": Code(WARNING, "a deck or tags line is not written so that it can be read"),
    "start-not-read": Code(WARNING, "a begin marker does not stand alone at the start of its line"),
    "conflict-marker": Code(ERROR, "a conflict that git left stands in a card", hides_ids=True),
    "bad-deck": Code(ERROR, "the deck property of a note file is no single name"),
    "unclosed-block": Code(ERROR, "a block has no end marker", hides_ids=True),
    "missing-end": Code(WARNING, "a block has no end marker and was ended at its ID line"),
    "indented-end": Code(WARNING, "a block is closed only by an indented end marker"),
    "stray-end": Code(WARNING, "an end marker closes nothing"),
    "block-in-code": Code(WARNING, "a block with an ID stands in a code fence and is not built"),
    "unknown-field": Code(ERROR, "a line begins with a name that is nearly that of an empty field"),
    "half-card": Code(WARNING, "a card lacks its question or its answer"),
    "bad-regexp": Code(ERROR, "a regexp of the settings is not valid", of_all_notes=True),
    "slow-regexp": Code(
        ERROR,
        "a regexp of the settings takes too long",
        hides_cards=True,
        hides_ids=True,
        passes=True,
        of_all_notes=True,
    ),
    "bad-config": Code(
        ERROR, "the settings cannot be read or hold a wrong value", of_all_notes=True
    ),
    "bad-plugin-settings": Code(
        WARNING, "the plugin's settings cannot be read in full", of_all_notes=True
    ),
    "unknown-setting": Code(
        WARNING, "the settings hold a name that means nothing", of_all_notes=True
    ),
    "missing-note-type": Code(ERROR, "a block is empty: it names no note type"),
    "unknown-note-type": Code(ERROR, "a block names a note type that is not known"),
    "empty-front": Code(ERROR, "the first field of a card is empty"),
    "empty-back": Code(WARNING, "a card has a question and nothing else"),
    "malformed-id": Code(ERROR, "an ID comment holds no usable number", hides_cards=True),
    "stray-id": Code(WARNING, "an ID belongs to no card"),
    "misplaced-id": Code(WARNING, "an ID stands amid the text of a card; it was read all the same"),
    "extra-id": Code(WARNING, "a block holds more than one ID; the last one counts"),
    "misplaced-tags": Code(WARNING, "a Tags line stands amid the text of a block and is not read"),
    "missing-id": Code(WARNING, "a block has no ID yet", of_target=True),
    "not-written": Code(ERROR, "new IDs could not be written into a note file", passes=True),
    "no-place-for-id": Code(ERROR, "an ID for a card would change what the note says"),
    "bad-lock": Code(ERROR, "vaultdeck.lock is damaged or of a newer version", of_all_notes=True),
    "lock-code": Code(
        WARNING,
        "a note type that only vaultdeck.lock holds has templates that run code or load something",
        of_all_notes=True,
    ),
    "lock-outdated": Code(ERROR, "vaultdeck.lock does not know the present state of a card"),
    "cloze-removed": Code(WARNING, "a cloze number that was built before is gone"),
    "note-type-changed": Code(
        WARNING, "a card has another note type than when it was built last", passes=True
    ),
    "adopted-field-missing": Code(WARNING, "an adopted note type has no field for what is written"),
    "duplicate-front": Code(WARNING, "two cards of one type and deck have the same first field"),
    "overlapping-cards": Code(ERROR, "a card that a regexp finds reaches into another card"),
    "conflict-copy": Code(
        ERROR, "a note file is a copy of another one, as synchronising leaves it", passes=True
    ),
    "duplicate-id": Code(ERROR, "two blocks have the same ID", passes=True),
    "embed-not-found": Code(WARNING, "an embedded note or file does not exist", of_target=True),
    "link-not-found": Code(
        WARNING, "a link leads to a note or file that does not exist", of_target=True
    ),
    "heading-not-found": Code(
        WARNING, "the note of a link or embed has no such heading", of_target=True
    ),
    "block-not-found": Code(
        WARNING, "the note of a link or embed has no such block id", of_target=True
    ),
    "ambiguous-embed": Code(WARNING, "an embed fits several files equally well", of_target=True),
    "ambiguous-link": Code(WARNING, "a link fits several files equally well", of_target=True),
    "ambiguous-heading": Code(
        WARNING, "several headings of a note fit an embed; the first is shown", of_target=True
    ),
    "outside-vault": Code(
        WARNING, "a link or embed leads out of the vault, where nothing is read", of_target=True
    ),
    "embed-cycle": Code(WARNING, "a section embeds itself, directly or through others"),
    "embed-too-deep": Code(WARNING, "embeds are nested deeper than Obsidian's limit"),
    "embed-too-large": Code(ERROR, "the embeds of a card expand beyond all measure"),
    "nested-too-deep": Code(
        WARNING, "lists, quotes or brackets nest too deeply to be shown in full"
    ),
    "card-too-deep": Code(ERROR, "a card nests too deeply to be rendered"),
    "card-too-large": Code(ERROR, "a card is longer than a whole book"),
    "media-unreadable": Code(
        WARNING, "a picture or other file could not be read", passes=True, of_target=True
    ),
    "media-not-shown": Code(
        WARNING, "a picture is of a kind that Anki does not show on every device", of_target=True
    ),
    "media-too-large": Code(
        WARNING, "a picture or other file is larger than AnkiWeb takes", of_target=True
    ),
    "unsafe-media": Code(
        WARNING, "an SVG picture is packed without what runs or loads", of_target=True
    ),
    "shown-as-code": Code(
        NOTICE, "code that Obsidian shows as a drawing or list is shown as code", of_target=True
    ),
    "html-dropped": Code(WARNING, "a card does not show raw HTML as Obsidian does"),
    "pasted-section": Code(NOTICE, "a card holds the text of a section that it could embed"),
    "stale-section": Code(
        WARNING, "a card holds a copy of a section that says something else by now"
    ),
    "cloze-missing": Code(WARNING, "a cloze note has no cloze deletion"),
    "cloze-unclosed": Code(WARNING, "a cloze deletion is not closed: Anki shows nothing behind it"),
    "cloze-number": Code(WARNING, "a cloze number is 0 or above 500, for which Anki makes no card"),
    "cloze-in-basic": Code(WARNING, "a note that is no cloze note holds a cloze deletion"),
    "math-syntax": Code(WARNING, "a formula cannot be read and is shown as raw TeX"),
    "math-unknown-macro": Code(WARNING, "a formula uses a macro that Anki's MathJax does not know"),
    "math-unknown-environment": Code(
        WARNING, "a formula uses an environment that Anki's MathJax does not know"
    ),
    "math-unknown-package": Code(WARNING, "a formula requires a package that Anki's MathJax lacks"),
    "math-label": Code(WARNING, "a label in a formula is removed"),
    "math-reference": Code(WARNING, "a formula refers to a label, which shows as ???"),
    "math-text-macro": Code(WARNING, "a macro in \\text is shown as it is written"),
    "unsafe-math": Code(WARNING, "a formula is not known to be harmless and is shown as text"),
    "no-cards": Code(ERROR, "no card was found or built in the whole vault"),
}


@dataclass(frozen=True)
class PlainDiagnostic:
    """What `as_dict` returns."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    severity: str
    code: str
    message: str
    hint: str
    count: int
    via: tuple[Location, ...]
    others: tuple[Location, ...]
    diff: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem at one place.

    `hint` is an action that mends it; `via` is the chain of embeds that led to the place, outermost
    first, when the problem stands in embedded text, and `count` tells how many embeds lead there.
    `override` is the severity that this call or the settings give to the code, if they do. `others` are
    further places where the same is wrong, and `diff` is a unified diff of two texts that should be one.
    """

    code: str
    location: Location
    message: str
    hint: str = ""
    via: tuple[Location, ...] = ()
    override: str = ""
    count: int = 1
    others: tuple[Location, ...] = ()
    diff: str = ""

    @property
    def severity(self) -> str:
        """Return `error`, `warning` or `notice`: what the settings say for this code, else the table."""
        return self.override or CODES[self.code].severity

    @property
    def gist(self) -> tuple[str, str, str]:
        """Return what names the problem while lines move: file (of a missing target none), code, message."""
        return "" if self.traits.of_target else self.location.path, self.code, self.message

    @property
    def traits(self) -> Code:
        """Return what all diagnostics of this code have in common."""
        return CODES[self.code]

    def as_dict(self) -> dict[str, Any]:
        """Return the diagnostic as a plain value, its place first, from which `from_dict` makes it again."""
        return {
            **asdict(self.location),
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "count": self.count,
            "via": [asdict(embed) for embed in self.via],
            "others": [asdict(other) for other in self.others],
            **({"diff": self.diff} if self.diff else {}),
        }

    @classmethod
    def from_dict(cls, data: object) -> Diagnostic:
        """Return the diagnostic of a plain value; raises ValueError."""
        plain = decode(PlainDiagnostic, data)
        traits = CODES.get(plain.code)
        shown = plain.message + plain.hint
        place = Location(plain.path, plain.line, plain.column, plain.end_line, plain.end_column)
        if (
            traits is None
            or plain.severity not in (ERROR, WARNING, NOTICE)
            or CONTROL.search(shown)
        ):
            raise ValueError(plain.code)
        if not all(map(is_location, (place, *plain.via, *plain.others))):
            raise ValueError(plain.code)
        return cls(
            plain.code,
            place,
            plain.message,
            plain.hint,
            plain.via,
            "" if plain.severity == traits.severity else plain.severity,
            plain.count,
            plain.others,
            plain.diff,
        )


def is_location(place: Location) -> bool:
    """Tell whether lines and columns are such as `SourceFile.locate` gives."""
    return min(place.line, place.column, place.end_line, place.end_column) > 0


def weigh(problems: Iterable[Diagnostic], severities: Mapping[str, str]) -> list[Diagnostic]:
    """Return the diagnostics in the order of their places, with the severities of the settings.

    A code that is `off` is left out. Equal problems at one place are merged and counted, as when many
    cards embed a section. A card that is left out because of what it embeds stays a problem of its own.
    """
    merged: dict[tuple[str, Location, str, tuple[Location, ...]], Diagnostic] = {}
    for problem in tell_once(problems):
        override = problem.override or severities.get(problem.code, "")
        if override == OFF:
            continue
        card = problem.via[:1] if CODES[problem.code].severity == ERROR else ()
        key = (problem.code, problem.location, problem.message, card)
        first = merged.get(key)
        if first is not None:
            merged[key] = replace(first, override=override, count=first.count + problem.count)
        elif override != problem.override:
            merged[key] = replace(problem, override=override)
        else:
            merged[key] = problem
    return sorted(merged.values(), key=lambda problem: (problem.location, problem.code))


def tell_once(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the problems with the first one alone of each code that is told once, and how many are."""
    told: list[Diagnostic] = []
    once: dict[str, list[Diagnostic]] = {}
    for problem in problems:
        group = once.setdefault(problem.code, []) if CODES[problem.code].told_once else told
        group.append(problem)
    for first, *others in once.values():
        more = f"; so are {counted(len(others), 'other file')}" if others else ""
        told.append(replace(first, message=first.message + more))
    return told


def gather(problems: Iterable[Diagnostic], *, of_file: bool = False) -> list[Diagnostic]:
    """Return weighed diagnostics as a person is told them: a missing target once.

    The first place of a target stands for all, with `of_file` for those in its file; `others` are the
    rest, and `count` has them all.
    """
    gathered: dict[object, list[Diagnostic]] = {}
    for problem in problems:
        path = problem.location.path if of_file else ""
        key = (path, problem.code, problem.message) if problem.traits.of_target else problem
        gathered.setdefault(key, []).append(problem)
    return [
        replace(
            first,
            count=first.count + sum(problem.count for problem in rest),
            others=(*first.others, *(problem.location for problem in rest)),
        )
        if rest
        else first
        for first, *rest in gathered.values()
    ]


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, `1 note` or `2 notes`; `noun` is that of one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shorten(text: str, limit: int = 60) -> str:
    """Return the user's text for use in a message: one line, cut to `limit` characters."""
    text = " ".join(CONTROL.sub(" ", text).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
