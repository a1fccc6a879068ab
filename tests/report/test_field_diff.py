"""What changes in the fields of a note, as lines that people review."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.helpers import build, card, fields, run, write_vault
from vaultdeck.report.field_diff import text_lines_of

ID = 1_700_000_000_000


@pytest.mark.parametrize(
    "text",
    [
        "### Saddle points",
        "- the **gradient** *vanishes*\n  - inner\n- `x` ~~y~~ ==z==",
        "1. one\n2. two",
        "> quote\n> - item",
        "so $x_0 < y$ and\n$$\na &= b \\\\\n$$",
        "- [x] done\n- [ ] open",
    ],
)
def test_a_field_is_read_as_the_markdown_that_made_it(tmp_path: Path, text: str) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q", f"\n{text}", note_id=ID)})
    html = fields(build(vault))["Back"]
    assert text_lines_of(html) == text.split("\n")


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("a<br>b<p>c</p>", ["a", "b", "c"]),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td></tr></table>", ["| a | b", "| 1"]),
        ("<pre><code>def f():\n    return 1</code></pre>", ["def f():", "    return 1"]),
        ('<img src="h.png" alt="plan"> <img src="x.png">', ["![[plan]] ![[x.png]]"]),
        ("&lt;b&gt; <!-- c --><custom>x</custom></div></li>", ["<b> x"]),
        ("<ul><li>a", ["- a"]),
        ("", []),
    ],
)
def test_no_tag_is_left_in_the_text(html: str, lines: list[str]) -> None:
    assert text_lines_of(html) == lines


def test_dry_run_shows_what_differs_from_the_last_package(tmp_path: Path) -> None:
    text = card("q1", "\n- one\n- **two**", note_id=ID) + card("q2", note_id=ID + 1)
    vault = write_vault(tmp_path / "v", {"a.md": text + card("q3", "![[b]]", note_id=ID + 2)})
    write_vault(vault, {"b.md": "embedded\n"})
    assert run("build", "v", cwd=tmp_path).returncode == 0
    note = vault / "a.md"
    note.write_text(note.read_text().replace("**two**", "**three**") + card("q4"))
    (vault / "b.md").write_text("embedded text\n")
    call = ("build", "v", "--dry-run", "--diff", "--cache-dir", "c")
    done = run(*call, cwd=tmp_path)
    assert done.stdout.startswith(
        f"changed   v/a.md:1:1: {ID} q1\n"
        "    Back\n"
        "     - one\n"
        "    -- **two**\n"
        "    +- **three**\n"
        f"changed   v/a.md:15:1: {ID + 2} q3\n"
        "    Back\n"
        "    -embedded\n"
        "    +embedded text\n"
        "new       v/a.md:21:1: - q4\n"
    )
    data = json.loads(run(*call, "--format", "json", cwd=tmp_path).stdout)
    assert [change.get("diff", "").count("\n") for change in data["changes"]] == [4, 0, 3, 0]
    # What is shown follows the package, too.
    assert run("build", "v", cwd=tmp_path).returncode == 0
    assert "changed   " not in run(*call, cwd=tmp_path).stdout


def test_diff_shows_what_changes_in_a_vault_of_two_decks(tmp_path: Path) -> None:
    # Its package names the note type once for each deck.
    files = {
        "a.md": card("q", note_id=ID),
        "b.md": f"TARGET DECK: Other\n{card('r', note_id=ID + 1)}",
    }
    vault = write_vault(tmp_path / "v", files)
    assert run("build", "v", cwd=tmp_path).returncode == 0
    write_vault(vault, {"a.md": card("other", note_id=ID)})
    done = run("build", "v", "--dry-run", "--diff", cwd=tmp_path)
    assert "    -q\n    +other\n" in done.stdout


def test_diff_says_where_the_last_package_is_missing(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("q", note_id=ID)})
    assert run("build", "v", cwd=tmp_path).returncode == 0
    write_vault(vault, {"a.md": card("other", note_id=ID)})
    (tmp_path / "v.apkg").rename(tmp_path / "old.apkg")
    done = run("build", "v", "--dry-run", "--diff", cwd=tmp_path)
    assert done.returncode == 2 and "name the last build's package with -o" in done.stderr
    done = run("build", "v", "--dry-run", "--diff", "-o", "old.apkg", cwd=tmp_path)
    assert "    -q\n    +other\n" in done.stdout
    assert run("build", "v", "--diff", cwd=tmp_path).returncode == 2


def test_change_that_no_text_shows_is_told(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("[x](https://a.example)", note_id=ID)})
    assert run("build", "v", cwd=tmp_path).returncode == 0
    write_vault(vault, {"a.md": card("[x](https://b.example)", note_id=ID)})
    done = run("build", "v", "--dry-run", "--diff", cwd=tmp_path)
    assert "the text is the same: links, pictures or layout differ" in done.stdout
