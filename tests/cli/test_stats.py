"""`stats` counts what a build packs."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tests.support.helpers import PNG, build, card, run, write_vault
from vaultdeck.build.compiled import compile_vault
from vaultdeck.build.session import open_vault
from vaultdeck.report.stats import Stats, find_embeds, measure, section_title
from vaultdeck.report.stats_text import stats_lines

ID = 1_700_000_000_000
PLUGIN = ".obsidian/plugins/obsidian-to-anki-plugin/data.json"

VAULT: dict[str, str | bytes] = {
    "a.md": (
        "TARGET DECK: A::B\n"
        + card("one ![[x.png]] ![[b#Deep]]", "![[b]]", note_id=ID)
        + card("{{c1::two}} {{c2::three}} ![[x.png]]", note_id=ID + 1, kind="Cloze")
        + card("![[gone]] ![](https://example.org/y.png)")
    ),
    "b.md": "# Top\n\ntext\n\n## Deep\n\n![[c]]\n\n![[s.mp3]]\n",
    "c.md": "innermost\n\n" + card("q", kind="Basik"),
    "d.md": "START\nBasic (and reversed card)\nq\nBack: a\nTags: t u/v\nEND\n",
    "x.png": PNG,
    "s.mp3": b"12345",
}


def figures(folder: Path) -> Stats:
    session = open_vault(folder)
    compiled = compile_vault(session)
    return measure(compiled, session.lock, lambda path: (folder / path).stat().st_size)


def test_stats_count_what_a_build_packs(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", VAULT)
    stats, summary = figures(vault), build(vault).stamped.notes
    assert (stats.note_files, stats.note_files_with_cards) == (4, 2)
    assert stats.notes == len(summary) == 4
    assert (stats.cards, stats.without_id) == (6, 2)
    assert [(d.name, d.notes, d.cards) for d in stats.decks] == [("A::B", 3, 4), ("v", 1, 2)]
    assert [(t.name, t.notes, t.cards) for t in stats.note_types] == [
        ("Basic", 2, 2),
        ("Basic (and reversed card)", 1, 2),
        ("Cloze", 1, 2),
    ]
    assert [(t.name, t.notes) for t in stats.tags] == [("t", 1), ("u::v", 1)]
    assert (stats.media.files, stats.media.bytes) == (2, len(PNG) + 5)
    assert {kind: part.files for kind, part in stats.media_kinds.items()} == {
        "audio": 1,
        "image": 1,
    }
    assert stats.remote_images == ["https://example.org/y.png"]
    assert stats.errors == {"unknown-note-type": 1}
    assert stats.warnings == {"embed-not-found": 1}


def test_stats_count_embeds_as_they_are_nested(tmp_path: Path) -> None:
    embeds = figures(write_vault(tmp_path / "v", VAULT)).embeds
    assert (embeds.count, embeds.notes, embeds.deepest, embeds.missing) == (4, 1, 2, 1)
    assert [(section.title, section.count) for section in embeds.most_embedded] == [
        ("innermost", 2),
        ("Deep", 1),
        ("Top", 1),
    ]


def test_footnote_of_an_embedded_note_is_no_embed(tmp_path: Path) -> None:
    files = {"a.md": card("q", "![[b]]"), "b.md": "text[^1] and^[in place]\n\n[^1]: note\n"}
    assert figures(write_vault(tmp_path / "v", files)).embeds.count == 1


def test_embeds_within_raw_html_and_code_are_counted_by_their_tags() -> None:
    html = '<div title="<div>"><br><div class="vd-embed"><div>x</div></div></div><div class="vd-embed">'
    assert [(embed.depth, embed.html) for embed in find_embeds(html)] == [(1, "<div>x</div>")]
    assert list(find_embeds("<code>&lt;div class=&quot;vd-embed&quot;&gt;</code>")) == []
    assert list(find_embeds("</div>" + '</div><div class="vd-embed"></div>')) == [(1, "")]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<h2>A &amp; <em>B</em></h2><p>text</p>", "A & B"),
        ("<p></p><ul><li>one</li><li>two</li></ul>", "one"),
        ('<p><img src="x.png" alt="a &quot;b&quot;"></p>', 'a "b"'),
        ("<p>" + "x" * 99 + "</p>", "x" * 49 + "…"),
        ("", ""),
    ],
)
def test_section_is_called_by_its_heading_or_first_text(html: str, title: str) -> None:
    assert section_title(html) == title


def test_stats_of_a_duplicate_id_count_one_note(tmp_path: Path) -> None:
    files = {"a.md": card("q", note_id=ID), "b.md": card("r", note_id=ID)}
    stats = figures(write_vault(tmp_path / "v", files))
    assert (stats.notes, dict(stats.errors)) == (1, {"duplicate-id": 1})


def test_severities_of_the_settings_hold(tmp_path: Path) -> None:
    files = {
        # A missing target is told once, and so it is counted.
        "a.md": card("![[gone]] ![[gone]] ![[a#Gone]]"),
        "vaultdeck.yaml": "severities: {embed-not-found: error, heading-not-found: off}",
    }
    stats = figures(write_vault(tmp_path / "v", files))
    assert (dict(stats.errors), dict(stats.warnings)) == ({"embed-not-found": 1}, {})


def test_table_fits_80_columns(tmp_path: Path) -> None:
    deck = "牌组" * 40
    notes = {f"{n}.md": f"TARGET DECK: {n}{deck}\n" + card(f"q{n}") for n in range(12)}
    address = "https://example.org/" + "y" * 99 + ".png"
    vault = write_vault(tmp_path / "v", {**VAULT, **notes, "z.md": card(f"![]({address})")})
    lines = list(stats_lines(figures(vault)))
    columns = [sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line) for line in lines]
    assert max(columns) <= 80
    assert "… and 4 more" in "\n".join(lines)


def test_stats_prints_a_table_and_writes_nothing(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", VAULT)
    before = sorted(vault.rglob("*"))
    done = run("stats", "v", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "note files           4   2 with cards"
    assert "notes                4   2 without ID" in lines
    assert "embeds               4   in 1 note, 2 levels deep, 1 not found" in lines
    assert f"media files          2   {len(PNG) + 5} bytes: 1 audio, 1 image" in lines
    assert "errors               1   1 unknown-note-type" in lines
    assert sorted(vault.rglob("*")) == before


def test_stats_as_json_is_one_versioned_object(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {**VAULT, PLUGIN: '{"settings": {}}'})
    done = run("stats", "v", "--deck", "Ä", "--format", "json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    data: dict[str, Any] = json.loads(done.stdout)
    assert data["version"] == 1
    assert data["notices"] == [f"settings are taken from {PLUGIN}"]
    stats = data["stats"]
    assert {"name": "Ä", "notes": 1, "cards": 2} in stats["decks"]
    assert stats["media_kinds"]["image"] == {"files": 1, "bytes": len(PNG)}
    assert stats["embeds"]["most_embedded"][0] == {"title": "innermost", "count": 2}
    assert stats["errors"] == {"unknown-note-type": 1}


def test_stats_of_a_vault_without_cards_are_zeros(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"a.md": "text"})
    done = run("stats", "v", cwd=tmp_path)
    assert done.returncode == 0
    assert "cards                0\n" in done.stdout


def test_stats_name_wrong_settings(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"vaultdeck.yaml": "deck: [\n"})
    done = run("stats", "v", cwd=tmp_path)
    assert done.returncode == 2
    assert "bad-config" in done.stderr
