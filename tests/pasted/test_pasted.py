"""Sections that were pasted into cards: which are found, and what is told of them."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.support.helpers import CONFIG, run, write_vault
from tests.support.pastes import BLOCK, DESCENT, HESSIAN, section, vault_with_pastes
from vaultdeck.model.diagnostics import Diagnostic
from vaultdeck.pasted.check import find_pasted
from vaultdeck.vault.names import scan

ID = 1_700_000_000_000
LONG = "It is linear at the best, and not often."


def found(folder: Path, files: dict[str, str]) -> list[Diagnostic]:
    """Return what is told of the pasted sections of a vault."""
    vault, _ = scan(write_vault(folder, files))
    return list(find_pasted(vault, CONFIG, vault.notes))


def told(folder: Path, files: dict[str, str]) -> list[str]:
    """Return each finding as `line-line code embeds`."""
    return [
        f"{p.location.line}-{p.location.end_line} {p.code} "
        + " ".join(f"![[{part.partition(']]')[0]}]]" for part in p.hint.split("![[")[1:])
        for p in found(folder, files)
    ]


def test_own_sections_in_a_row_are_found_one_by_one(tmp_path: Path) -> None:
    pasted = section(DESCENT, "### Local minima", "\n# anki")
    assert told(tmp_path, {"a.md": DESCENT + BLOCK.format(f"\n\n{pasted}")}) == [
        "18-22 pasted-section ![[#Local minima]]",
        "23-25 pasted-section ![[#Saddle points]]",
    ]


def test_levels_of_headings_blank_lines_and_space_at_line_ends_do_not_count(tmp_path: Path) -> None:
    pasted = section(HESSIAN, "### Bad", "# -----")
    shifted = (
        pasted.replace("#### ", "## ")
        .replace("### ", "# ")
        .replace("\n\n", "\n")
        .replace("\n", "  \n")
    )
    assert told(tmp_path, {"Hessian.md": HESSIAN, "a.md": BLOCK.format(f"\n{shifted}")}) == [
        "5-17 pasted-section ![[Hessian#Bad Hessians]]"
    ]


@pytest.mark.parametrize(
    "pasted", ["### Rate\n- linear\n- at best", "Rate\n---\n- linear\n- at best"]
)
def test_heading_that_is_underlined_is_one(tmp_path: Path, pasted: str) -> None:
    note = "Steps\n=====\n\nRate\n----\n- linear\n- at best\n\nEnd\n---\n"
    (line,) = told(tmp_path, {"a.md": BLOCK.format(f"\n{pasted}"), "b.md": note})
    assert line.partition(" ")[2] == "pasted-section ![[b#Rate]]"


def test_heading_that_ends_a_paste_goes_with_its_underline(tmp_path: Path) -> None:
    note = "# Top\n- some words\n- more words\n\nLast\n---\n"
    vault = write_vault(tmp_path, {"a.md": BLOCK.format(f"\n{note[:-1]}"), "b.md": note})
    assert run("embed", vault, "--all", cwd=tmp_path).returncode == 0
    assert (vault / "a.md").read_text() == BLOCK.format("\n![[b#Top]]")


@pytest.mark.parametrize("line", ["- Rate", "> Rate", "1. Rate", "| Rate |", "text above\nRate"])
def test_line_above_a_break_is_no_heading(tmp_path: Path, line: str) -> None:
    note = f"{line}\n---\n- linear\n- at best\n"
    files = {"a.md": BLOCK.format("\n# Rate\n- linear\n- at best"), "b.md": note}
    assert told(tmp_path, files) == []


def test_whole_section_counts_before_its_parts_and_parts_alone(tmp_path: Path) -> None:
    part = section(HESSIAN, "#### Intuition", "#### Second")
    assert told(tmp_path, {"Hessian.md": HESSIAN, "a.md": BLOCK.format(f"\n{part}")}) == [
        "5-6 pasted-section ![[Hessian#Intuition]]"
    ]


def test_section_without_its_heading_and_a_whole_note_are_found(tmp_path: Path) -> None:
    note = "Gradient descent follows the steepest way down.\n\n# Speed\nIt is linear at the best.\n"
    files = {
        "dir/Descent.md": note,
        "a.md": BLOCK.format("It is linear at the best, and not often.\nSee the proof."),
        "b.md": "# Rate\nIt is linear at the best, and not often.\nSee the proof.\n",
        "c.md": BLOCK.format(f"\n{note}"),
    }
    assert told(tmp_path, files) == [
        "4-5 pasted-section ![[b#Rate]]",
        "5-8 pasted-section ![[Descent]]",
    ]


def test_section_without_its_heading_is_found_where_a_card_stands_below_it(tmp_path: Path) -> None:
    text = "It is linear at the best, and not often.\nSee the proof.\n"
    files = {"a.md": BLOCK.format(text), "b.md": f"# Rate\n{text}\n{BLOCK.format('another')}"}
    assert told(tmp_path, files) == ["4-5 pasted-section ![[b#Rate]]"]


@pytest.mark.parametrize(
    ("note", "embeds"),
    [
        (f"# Rate ^r1\n{LONG}\nSee the proof.", ["4-5 pasted-section ![[b#Rate]]"]),
        # A heading without a text ends the section.
        (f"# Rate\n{LONG}\n#\nSee the proof.", []),
        (
            f"# Rate\n{LONG}\n# \u00a0Proof\nSee the proof.",
            ["4-4 pasted-section ![[b#Rate]]", "5-6 pasted-section ![[b#Proof]]"],
        ),
    ],
)
def test_embed_names_the_heading_that_the_parser_reads(
    tmp_path: Path, note: str, embeds: list[str]
) -> None:
    files = {"b.md": f"{note}\n", "a.md": BLOCK.format(note.partition("\n")[2])}
    assert told(tmp_path, files) == embeds


@pytest.mark.parametrize(
    "back",
    [
        "\nAnother text under another heading.",
        "\n# Rate\nIt is quadratic.\nNot linear at all.",
        "\nbefore it\nIt is linear at the best, and not often.\nbehind it",
        "\n```\n# Rate\nIt is linear at the best, and not often.\n```",
        "![[b#Rate]]",
    ],
)
def test_text_of_its_own_is_not_told(tmp_path: Path, back: str) -> None:
    files = {
        "a.md": BLOCK.format(back),
        "b.md": "# Rate\nIt is linear at the best, and not often.\n",
    }
    assert told(tmp_path, files) == []


def test_what_stands_in_cards_is_no_source(tmp_path: Path) -> None:
    text = "# Rate\nIt is linear at the best.\n"
    assert (
        told(tmp_path, {"a.md": BLOCK.format(f"\n{text}"), "b.md": BLOCK.format(f"\n{text}")}) == []
    )


def test_the_text_of_a_drawing_or_board_is_no_source(tmp_path: Path) -> None:
    text = "# Rate\nIt is linear at the best, and not often.\n"
    files = {
        "a.md": BLOCK.format(f"\n{text}"),
        "b.md": f"---\nexcalidraw-plugin: parsed\n---\n{text}",
        "c.md": f"---\nkanban-plugin: board\n---\n{text}",
    }
    assert told(tmp_path, files) == []


def test_equal_sections_are_all_named_and_one_of_the_same_note_goes_first(tmp_path: Path) -> None:
    text = "# Rate\nIt is linear at the best.\n"
    files = {"a.md": BLOCK.format(f"\n{text}"), "b.md": text, "x/c.md": f"\n{text}"}
    assert told(tmp_path, files) == ["5-6 pasted-section ![[b#Rate]] ![[c#Rate]]"]
    files["a.md"] = text + files["a.md"]
    assert told(tmp_path, files) == ["7-8 pasted-section ![[#Rate]]"]


def test_embed_names_what_is_above_where_the_name_alone_means_another(tmp_path: Path) -> None:
    note = "# Zorn\n## Proof\nBy choice, of course.\n# Baire\n## Proof\nBy nested balls.\n"
    files = {
        "x/Lemmas.md": note,
        "y/Lemmas.md": "something else",
        "a.md": BLOCK.format("\n## Proof\nBy nested balls."),
    }
    assert told(tmp_path, files) == ["5-6 pasted-section ![[x/Lemmas#Baire#Proof]]"]


TWICE = f"# Zorn\n## Proof\n- by choice\n- of course\n## Proof\n- {LONG}\n- see above\n"


@pytest.mark.parametrize(
    ("note", "pasted", "wanted"),
    [
        (TWICE, "# Proof\n- by choice\n- of course", ["pasted-section ![[b#Proof]]"]),
        (
            f"# Proof\n- by choice\n# Proof\n- {LONG}",
            "# Proof\n- by choice",
            ["pasted-section ![[b#Proof]]"],
        ),
        # No embed means the second one, and it is no old form of the first.
        (TWICE, f"# Proof\n- {LONG}\n- see above", []),
        (
            f"# Proof\n- {LONG}\n- also\n# Proof\n- {LONG}\n- see above",
            f"# Proof\n- {LONG}\n- see above",
            [],
        ),
    ],
    ids=["below", "first", "second", "second that is near the first"],
)
def test_of_two_headings_with_one_text_the_first_is_embedded(
    tmp_path: Path, note: str, pasted: str, wanted: list[str]
) -> None:
    found = told(tmp_path, {"a.md": BLOCK.format(f"\n{pasted}"), "b.md": note})
    assert [line.partition(" ")[2] for line in found] == wanted


@pytest.mark.parametrize(
    ("old", "new", "is_stale"),
    [
        ("- linear\n- at best", "- linear\n- always", True),
        ("- linear", "- quadratic", False),
        ("", "- linear\n- at best", False),
        ("$$\na\n$$\nmore", "$$\nb\n$$\nless", False),
        ("$$\na\n$$\nmore", "$$\na\n$$\nless", True),
    ],
    ids=["one of two lines", "one line", "heading alone", "marks alone", "formula the same"],
)
def test_most_lines_with_words_must_be_the_same(
    tmp_path: Path, old: str, new: str, is_stale: bool
) -> None:
    files = {"a.md": BLOCK.format(f"\n# Rate\n{old}"), "b.md": f"# Rate\n{new}\n"}
    codes = [problem.code for problem in found(tmp_path, files)]
    assert codes == ["stale-section"] * is_stale


def test_section_of_rows_that_stand_everywhere_is_found(tmp_path: Path) -> None:
    common = {
        f"n{number}.md": f"# Steps\n- {number}\n# To do\n$$\n- look it up" for number in range(12)
    }
    files = {
        **common,
        "a.md": BLOCK.format("\n# Steps\n$$\n- look it up"),
        "b.md": "# Steps\n$$\n- look it up",
    }
    assert told(tmp_path, files) == ["5-7 pasted-section ![[b#Steps]]"]


def test_old_copy_is_stale_and_its_diff_is_in_the_json(tmp_path: Path) -> None:
    old = section(DESCENT, "### Local minima", "### Saddle").replace("several", "many")
    vault = write_vault(
        tmp_path, {"b.md": DESCENT, "a.md": BLOCK.format(f"\n{old}\n\nMy own words.")}
    )
    result = run("check", vault, "--pasted", "--format", "json", "--no-cache", cwd=tmp_path)
    (problem,) = [p for p in json.loads(result.stdout)["diagnostics"] if "section" in p["code"]][:1]
    assert (problem["code"], problem["severity"], problem["line"]) == (
        "stale-section",
        "warning",
        5,
    )
    assert problem["diff"].splitlines() == [
        "--- a.md:5",
        "+++ ![[b#Local minima]]",
        "@@ -1,5 +1,5 @@",
        " # Local minima",
        "-- with a [[network]] there are always many of them",
        "+- with a [[network]] there are always several of them",
        " - $n!^{L-1}$ are equal by switching weights",
        " # Local maxima",
        " - a problem only where the first value is exactly there",
    ]


def test_only_a_check_that_is_asked_to_tells_of_them(tmp_path: Path) -> None:
    text = "# Rate\nIt is linear at the best.\n"
    vault = write_vault(tmp_path, {"a.md": BLOCK.format(f"\n{text}"), "b.md": text})
    assert "pasted-section" not in run("check", vault, "--no-cache", cwd=tmp_path).stdout
    strict = run("check", vault, "--pasted", "--strict", "--no-cache", cwd=tmp_path)
    assert "notice pasted-section" in strict.stdout
    assert strict.returncode == 0, "a notice is no problem"


def test_every_paste_of_a_generated_vault_is_found_and_none_is_wrong(tmp_path: Path) -> None:
    files, wanted = vault_with_pastes(random.Random(17), 300)
    assert {p.location.path: p.code for p in found(tmp_path, files)} == wanted


def test_thousands_of_rows_that_moved_or_differ_are_compared(tmp_path: Path) -> None:
    same = [f"row {number} of the answer" for number in range(3_000)]
    old = [f"\nold {number} {number * 7919 % 3_000} of it" for number in range(2_000)]
    new = [f"new {number} {number * 7907 % 3_000} of it" for number in range(2_000)]
    lines = [*same, *same[1_000:0:-1], *new]
    pasted = "\n".join(["# Rate", *same, *same[1:1_001], *old])
    files = {"a.md": BLOCK.format(f"\n{pasted}"), "b.md": "\n".join(["# Rate", *lines])}
    assert [problem.code for problem in found(tmp_path, files)] == ["stale-section"]


@pytest.mark.parametrize(("more", "codes"), [(190, ["stale-section"]), (300, [])])
def test_a_section_far_longer_than_the_text_is_no_newer_form_of_it(
    tmp_path: Path, more: int, codes: list[str]
) -> None:
    rows = [f"It is {number} times as fast." for number in range(more)]
    files = {"a.md": BLOCK.format("\n# Rate\nIt is linear."), "b.md": "# Rate\nIt is linear.\n"}
    files["b.md"] += "\n".join(rows)
    assert [problem.code for problem in found(tmp_path, files)] == codes


def test_thousands_of_headings_of_one_name_are_compared(tmp_path: Path) -> None:
    rows = [f"row {number} of it\n\n" for number in range(20_000)]
    card = "".join(f"# Rate\n{row}" for row in rows)
    files = {"a.md": BLOCK.format(f"\n{card}"), "b.md": f"# Rate\n{''.join(rows)}"}
    assert found(tmp_path, files) == []
