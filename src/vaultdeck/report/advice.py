"""What a survey found and what to do next, as text for the person who begins."""

from __future__ import annotations

from collections.abc import Iterator

from vaultdeck.anki.notetypes.guess import is_vague
from vaultdeck.cards.syntaxes import makers_of, spaced_repetition
from vaultdeck.cards.syntaxes.regexp_styles import STYLES
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import counted
from vaultdeck.report.survey import Survey, card_tags, syntaxes_with
from vaultdeck.report.told import quote_argument
from vaultdeck.settings.keys import SETTINGS_NAME

# Of note types and the like, which can be many.
MAX_ADVICE = 10
IN_VAULT = (
    "the package lies in the vault: -o names another place; for git add '*.apkg' to .gitignore"
)


def finding_lines(found: Survey, config: Config) -> Iterator[str]:
    """Yield what was found: note files, cards by note type and syntax, IDs, and what was left out."""
    files = counted(found.note_files, "note file")
    left_out = f" ({found.ignored} more left out by the settings)" if found.ignored else ""
    total = sum(found.blocks.values())
    yield f"found: {counted(total, 'card block')} in {found.with_cards} of {files}{left_out}"
    ordered = sorted(found.blocks.items(), key=lambda item: (-item[1], item[0]))
    for (kind, syntax), count in ordered[:MAX_ADVICE]:
        yield f"{count:>7}  {kind} ({syntax})"
    if len(ordered) > MAX_ADVICE:
        yield f"{'':9}… and {len(ordered) - MAX_ADVICE} more note types"
    if total:
        yield f"IDs: {total - found.missing_ids} there, {found.missing_ids} missing"
    unknown = sorted(found.unknown.items(), key=lambda item: (-item[1], item[0]))
    for name, count in unknown[:MAX_ADVICE]:
        yield f"left out: {counted(count, 'card block')} of the unknown note type '{name}'"
    if len(unknown) > MAX_ADVICE:
        yield f"left out: cards of {len(unknown) - MAX_ADVICE} more unknown note types"
    if unknown:
        yield f"    hint: correct the name, or list the type's fields under 'fields' in {SETTINGS_NAME}"
    kinds = dict.fromkeys(kind for (kind, _), _ in ordered if kind in config.note_types)
    vague = [f"'{kind}'" for kind in kinds if is_vague(config.note_types[kind])][:MAX_ADVICE]
    if vague:
        yield f"made up from the fields alone, with one card and no box to type in: {', '.join(vague)}"
        yield "    hint: `vaultdeck adopt` takes over what Anki has; for others see `note_types`"
    for code, count in sorted(found.errors.items()):
        yield f"error: {count} × {code}"
    yield from _style_lines(found)
    yield from _syntax_lines(found, config)
    names, count = found.clozes_off
    if count:
        yield f"not switched on: {counted(count, 'cloze card')} that the regexps find, by {{x}} or ==x=="
        yield f"    hint: write in {SETTINGS_NAME}: {', '.join(f'{name}: true' for name in names)}"
    for plugin, count in found.unread.items():
        yield f"not read: {counted(count, 'card')} of {plugin}, in a form that no syntax has"
    if found.unread:
        yield "    hint: write them as blocks, with the IDs that they have in Anki (docs/other-tools.md)"


def _style_lines(found: Survey) -> Iterator[str]:
    """Yield how many IDs belong to no card, and the regexps that find the most of these."""
    if not found.stray_ids:
        return
    yield f"not found: the cards of {counted(found.stray_ids, 'ID')}"
    if found.styles:
        name, count = max(found.styles.items(), key=lambda item: item[1])
        kind, _ = STYLES[name]
        yield f"    hint: write in {SETTINGS_NAME}: regexps: {{{kind}: {name}}}, which finds {count} of them"
    else:
        yield f"    hint: name what finds them in {SETTINGS_NAME}: a pattern in regexps, or syntaxes"


def _syntax_lines(found: Survey, config: Config) -> Iterator[str]:
    """Yield which syntaxes may be missing from the settings, and the line that switches them on."""
    for name, count in found.unused.items():
        if count:
            yield f"not switched on: {counted(count, 'card')} in the syntax of {name}"
        else:
            tag = " or ".join(f"#{tag}" for tag in card_tags(config, name))
            yield f"not switched on: the syntax of {name}, which was used here (no card by its tag {tag})"
    wanted = [name for name, count in found.unused.items() if count] or list(found.unused)
    if wanted:
        syntaxes = ", ".join(syntaxes_with(config, wanted))
        yield f"    hint: write in {SETTINGS_NAME}: syntaxes: [{syntaxes}]"
    if found.in_folders:
        cards, name = counted(found.in_folders, "card"), spaced_repetition.NAME
        yield f"    hint: where folders are its decks ({cards}), also: {name}: {{folder_decks: true}}"


def next_lines(
    found: Survey, config: Config, vault: str, name: str, *, is_inside: bool = False
) -> Iterator[str]:
    """Yield the commands to run next, each with what it does.

    `vault` is the vault's path as the person wrote it, `name` that of its folder; `is_inside` tells that
    the person stands in the vault, where the package then lies.
    """
    if not (found.blocks or found.stray_ids or found.in_folders):
        words = config.markers
        yield "next: write a first card into a note, each line at the start of a line"
        for line in (words.begin, "Basic", "question", "Back: answer", words.end):
            yield f"    {line}"
        yield "then run"
    else:
        yield "next: run"
    folder = quote_argument(vault)
    yield from _command(f"check {folder}", "name every problem; write nothing")
    yield from _command(f"preview {folder} --open", "look at the cards in the browser")
    if found.needs_adoption:
        made = makers_of(syntax for _, syntax in found.blocks)
        yield from _command(
            f"adopt {folder} EXPORT.colpkg",
            "keep the reviews of cards that are in Anki already, as those of",
            f"{made}: first File > Export there; else every one is there twice",
        )
        yield from _command(f"adopt {folder} --none", "or, if none of them is in Anki")
    written = f"{counted(found.missing_ids, 'ID')} into notes, " if found.missing_ids else ""
    package = quote_argument(f"{name or 'vault'}.apkg")
    yield from _command(
        f"build {folder}",
        f"write {written}vaultdeck.lock and {package};",
        f"then in Anki File > Import {package}",
        *([f"({IN_VAULT})"] if is_inside else ()),
    )


def _command(arguments: str, *about: str) -> Iterator[str]:
    yield f"    vaultdeck {arguments}"
    yield from (f"        {line}" for line in about)
