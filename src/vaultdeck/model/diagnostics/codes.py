"""The table of everything that can be wrong, one row a code."""

from __future__ import annotations

from vaultdeck.model.value import value

ERROR = "error"
WARNING = "warning"
NOTICE = "notice"
OFF = "off"


@value(frozen=True, slots=True)
class Code:
    """What all diagnostics of one code have in common.

    severity       unless the settings give another
    meaning        the code in one line
    hides_cards    some cards could not be seen, so none is called removed
    hides_ids      nobody knows which IDs of the note file belong to a card
    passes         it may be gone in the next run though nothing has changed, so no result with it is kept
    of_all_notes   it is told whichever notes a call is about
    told_once      it has one cause in all files, so its first place is told, with how many there are
    of_target      those that say the same are one problem: all links to one missing note
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
        "note files are encrypted",
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
    "start-not-read": Code(WARNING, "a begin marker stands where it begins no card"),
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
    "stray-schedule": Code(WARNING, "a schedule of obsidian-spaced-repetition belongs to no card"),
    "misplaced-id": Code(WARNING, "an ID stands amid the text of a card; it was read all the same"),
    "extra-id": Code(WARNING, "a block holds more than one ID; the last one counts"),
    "misplaced-tags": Code(WARNING, "a Tags line stands amid the text of a block and is not read"),
    "missing-id": Code(WARNING, "a block has no ID yet", of_target=True),
    "not-written": Code(ERROR, "new IDs could not be written into a note file", passes=True),
    "no-place-for-id": Code(ERROR, "an ID for a card would change what the note says"),
    "bad-lock": Code(ERROR, "vaultdeck.lock is damaged or of a newer version", of_all_notes=True),
    "lock-code": Code(
        WARNING,
        "a note type that only vaultdeck.lock holds runs code, loads something or covers the card",
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
    "card-too-large": Code(ERROR, "a card, or all of a note, are longer than whole books"),
    "media-unreadable": Code(
        WARNING, "a picture or other file could not be read", passes=True, of_target=True
    ),
    "media-not-shown": Code(
        WARNING,
        "a picture or drawing is of a kind that Anki does not show on every device",
        of_target=True,
    ),
    "media-too-large": Code(
        WARNING, "a picture or other file is larger than AnkiWeb takes", of_target=True
    ),
    "unsafe-media": Code(
        WARNING, "an SVG picture is packed without what runs or loads", of_target=True
    ),
    "unsafe-link": Code(
        WARNING, "a link leads where a click on a card must not, and is text", of_target=True
    ),
    "shown-as-code": Code(
        NOTICE,
        "code that Obsidian, or a plugin, shows as something else is shown as code",
        of_target=True,
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
