"""Golden files of Obsidian's rules, each case named after its rule, and of what is often got wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.support.cases import Case, params, read_cases
from tests.support.helpers import build, fields, problems, write_vault

# What Obsidian does, by the names that the titles of the cases begin with.
RULES = {
    "links 1": "a wikilink or Markdown link names a note or a path from the root, `/` between folders",
    "links 2": "a wikilink stands on one line, its alias behind the first `|`; names compare in NFC",
    "links 3": "the subpath begins at the first `#`, with `#^` for a block",
    "links 4a": "no name means the note itself",
    "links 4b": "a name is looked up in any letter case, as it stands, then with `.md` behind it",
    "links 4c": "a name that one file has means that file, in whatever folder",
    "links 4d": "`./` and `../` start at the note's folder and are exact",
    "links 4e": "`/` starts at the root and is exact",
    "links 4f": "a full path wins over the end of one, then the same folder, then the shortest path",
    "links 5": "a dot in a name begins no extension",
    "links 6": "an alias in the properties is no name to link to",
    "links 7": "what leads nowhere stays to be seen, and nothing else is shown in its place",
    "links 8": "a link without an alias shows `note > heading`",
    "links 9": "what stands in a link is no other syntax",
    "links 10": "settings for new links and attachments leave the lookup alone",
    "links 11": "excluded files are still found by links, hidden ones are not",
    "headings 1": "each heading of a path lies deeper; marks, punctuation and letter case do not count",
    "headings 2": "a heading is found as Obsidian writes it into a link and as a person types it",
    "headings 3": "a section is its heading and all up to the next of the same level or above",
    "headings 4": "underlined text is a heading; what looks like one in code, HTML, comments is not",
    "headings 5": "Markdown in a block of HTML is not read; the block ends at a blank line",
    "blocks 1": "where the id of a block stands, and of which characters it is made",
    "blocks 2": "the id of a list item means the item with all that is nested in it",
    "blocks 3": "ids are not shown, and are none in code and comments",
    "embeds 1": "a whole note is shown without its properties",
    "embeds 2": "five levels of embeds are shown; what embeds itself is not",
    "embeds 3": "an embedded note's own links start at its folder",
    "embeds 4": "a picture may have a text, a size and a fragment",
    "embeds 5": "which files are pictures, sounds, films or none of these",
    "embeds 6": "embeds work in tables, callouts and lists",
    "text: line breaks": "a single line end is shown, unless line breaks are strict",
    "text: math": "dollars that touch what they enclose make math, in which nothing is Markdown",
    "text: highlight": "`==text==`",
    "text: comments": "`%%text%%` is hidden, within a line and over lines",
    "text: footnotes": "`[^name]` and `^[text]`, names in any letter case",
    "text: tags": "`#tag` behind a blank, not of digits alone",
    "text: properties": "YAML at the very beginning of a note",
    "text: callouts": "a quote that begins with `[!type]`",
    "text: lists": "nested by a tab or by two spaces and more, also right below text",
    "text: tasks": "`[ ]` with any character to tick it",
    "text: tables": "rows with bars below a line of dashes",
    "text: code": "fences, indented lines and back-ticks",
    "text: mermaid": "a fence whose language is `mermaid` is a diagram",
    "text: html": "HTML without what could run",
    "text: rules": "three dashes, stars or underscores alone on a line",
    "text: escapes": "a backslash before a mark",
    "text: uri": "the address that opens a note, reserved characters encoded",
}


def rule_of(title: str) -> str | None:
    """Return the rule that a case's title begins with."""
    return next((rule for rule in RULES if title.startswith(f"{rule}: ")), None)


def show(files: dict[str, str], vault: Path) -> str:
    """Return the answer of the first card, its tags, and what is wrong in the vault."""
    result = build(write_vault(vault, files))
    shown = []
    if result.stamped.notes:
        content = fields(result)
        shown.append(content["Back"] if "Back" in content else content["Text"])
        tags = [tag for tag in result.stamped.notes[0].note.tags if tag != "vaultdeck"]
        shown += [f"tags: {' '.join(tags)}"] if tags else []
    return "\n".join(shown + problems(result.diagnostics))


@pytest.mark.parametrize("case", params("obsidian.md"))
def test_card_shows_what_obsidian_shows(case: Case, tmp_path: Path) -> None:
    assert show(case.files, tmp_path / "vault") == case.expected.rstrip("\n")


@pytest.mark.parametrize("case", params("peers.md"))
def test_card_shows_what_other_programs_get_wrong(case: Case, tmp_path: Path) -> None:
    assert show(case.files, tmp_path / "vault") == case.expected.rstrip("\n")


def test_every_rule_has_at_least_two_cases() -> None:
    counts = Counter(rule_of(case.title) for case in read_cases("obsidian.md"))
    assert not [rule for rule in RULES if counts[rule] < 2]


def test_every_case_names_a_rule() -> None:
    assert not [case.title for case in read_cases("obsidian.md") if rule_of(case.title) is None]
    assert all(case.title.startswith("peers: ") for case in read_cases("peers.md"))


@pytest.mark.parametrize("name", ["obsidian.md", "peers.md"])
def test_no_two_cases_have_one_title(name: str) -> None:
    titles = [case.title for case in read_cases(name)]
    assert sorted(set(titles)) == sorted(titles)


@pytest.mark.parametrize(
    "title", ["links 12: x", "links 1 x", "links 4: x", "text: x", "Links 1: x"]
)
def test_other_titles_name_no_rule(title: str) -> None:
    assert rule_of(title) is None
