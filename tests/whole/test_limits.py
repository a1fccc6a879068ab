"""Input that is meant to hang, fill the memory or crash ends in a diagnostic, and the rest is built.

None of these tests asserts a time; were one of the limits gone, the test would take minutes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.helpers import CONFIG, build, build_package, card, fronts, run, write_vault
from vaultdeck.anki import package
from vaultdeck.build import compiled
from vaultdeck.build.outcome import Build
from vaultdeck.cards import parse_file
from vaultdeck.cards.opaque import find_opaque
from vaultdeck.cards.syntaxes import regexp_search
from vaultdeck.compile import note_file
from vaultdeck.html import guard, render_field
from vaultdeck.markdown import Markdown
from vaultdeck.markdown.quote import SHORT_QUOTE
from vaultdeck.model import SourceFile
from vaultdeck.model.diagnostics import UnusableError
from vaultdeck.vault.names import MAX_NOTE_BYTES


def built(tmp_path: Path, files: dict[str, str | bytes]) -> Build:
    good = card("good", "yes", note_id=1700000000009)
    return build(write_vault(tmp_path / "vault", {"z.md": good, **files}))


def codes(result: Build) -> list[str]:
    return [problem.code for problem in result.diagnostics]


PIECES = [
    "[", "![", "[[", "![[", "^[", "[^", "[a\n", "<", "<!--", "<?", "<a\"", "<script>", "a <script>x ",
    "<template>", "x<b><a><i>", "*a ", "**", "_a_", "==", "~~", "`", "$", "$$", "$[[", "\\(", "{{c1::",
    "[[a|{{c1::b}}", "&amp;", "https://a))))", "https://a.).)", "%%", "> ", "- ", "#a", "\\",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_one_piece_repeated_ends(piece: str) -> None:
    text = "a " + piece * (30_000 // len(piece))
    for is_cloze in (False, True):
        render_field(Markdown(is_cloze=is_cloze).parse(text)[0], is_cloze=is_cloze)


def test_cards_of_notes_whose_ids_are_a_row_get_ids() -> None:
    count, numbers = 10_000, tuple(range(1, 21))
    other_ids = package._other_ids(range(1, count + 1), [numbers] * count)
    ids = {other_ids.get((note, n), note + n - 1) for note in range(1, count + 1) for n in numbers}
    assert len(ids) == 20 * count


@pytest.mark.parametrize(
    "start",
    [
        "\\style{" + "color:    " * 30 + "(}{x}",
        "\\style{color:" + " " * 30_000 + "(}",
        "\\href " * 9000,
    ],
)
def test_long_macro_of_a_formula_ends(start: str) -> None:
    render_field(Markdown().parse(f"${start}$")[0])


def test_question_of_comments_that_nothing_closes_ends(tmp_path: Path) -> None:
    settings = "syntaxes: [regexp]\nregexps:\n  Basic: '^Q: (.+)\\nA: (.+)$'\n"
    comments = "<!--" * 75_000
    files: dict[str, str | bytes] = {"vaultdeck.yaml": settings, "a.md": f"Q: {comments}\nA: a\n"}
    result = build(write_vault(tmp_path / "vault", files))
    assert fronts(result) == [comments.replace("<", "&lt;")]


def test_a_line_of_ids_is_read() -> None:
    config = replace(CONFIG, regexps={"Basic": "^Q: (.+)"})
    source = SourceFile("a.md", "x " + "<!--ID: 1700000000001--> " * 20_000)
    parsed, problems = parse_file(source, config)
    assert (parsed.blocks, {problem.code for problem in problems}) == ((), {"stray-id"})


def test_chain_of_footnotes_is_cut(tmp_path: Path) -> None:
    chain = "\n".join(f"[^{i}]: note {i}[^{i + 1}]" for i in range(400))
    result = built(tmp_path, {"a.md": card("q", f"x[^0]\n\n{chain}\n")})
    assert fronts(result) == ["q", "good"]
    assert "[^20]" in result.stamped.notes[0].note.fields[1]


def test_embeds_of_long_text_are_too_large(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "big.md": "word " * 100_000,
        "a.md": card("q", "![[big]] " * 90),
    }
    result = built(tmp_path, files)
    assert codes(result) == ["embed-too-large"]
    assert fronts(result) == ["good"]


def test_card_longer_than_a_book_is_left_out(tmp_path: Path) -> None:
    result = built(tmp_path, {"a.md": card("q", "word " * 110_000)})
    assert codes(result) == ["card-too-large"]
    assert fronts(result) == ["good"]


@pytest.mark.parametrize(
    "given",
    [
        "FROZEN - Basic:\nBack: " + "a *b* c\n" * 1_000,
        "FILE TAGS: " + " ".join(map(str, range(2_000))),
        "# " + "word " * 2_000,
    ],
    ids=["frozen", "tags", "heading"],
)
def test_what_comes_to_each_card_does_not_grow_beyond_all_measure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setattr(note_file, "MAX_IN_FILE", 100_000)
    cards = "".join(card(f"q{number}") for number in range(90))
    result = built(tmp_path, {"a.md": f"{given}\n\n{cards}"})
    assert codes(result) == ["card-too-large"]
    assert "good" in fronts(result)
    assert 10 < len(fronts(result)) < 90


@pytest.mark.parametrize("edited", [[], ["0.md"], ["39.md"], ["3.md", "12.md"]])
def test_cards_of_a_vault_do_not_grow_beyond_all_measure_with_a_cache_or_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edited: list[str]
) -> None:
    monkeypatch.setattr(compiled, "MAX_IN_VAULT", 100_000)
    files = {f"{n}.md": card("q", "![[b]]", note_id=1700000000010 + n) for n in range(40)}
    vault = write_vault(
        tmp_path / "vault", {"b.md": "word " * 3_000, "own.md": "word " * 9_000, **files}
    )
    cache = tmp_path / "cache"
    assert len(fronts(build(vault, cache=cache))) == 40
    # What may come to the cards grows with the notes, of which one is gone.
    (vault / "own.md").unlink()
    for name in edited:
        (vault / name).write_text(files[name] + "\n")
    told = []
    for folder in (cache, cache, None):
        with pytest.raises(UnusableError, match="this vault grow beyond all measure") as caught:
            build(vault, cache=folder)
        told.append(caught.value.diagnostics)
    assert told[0] == told[1] == told[2]


def test_note_beyond_all_measure_is_not_read(tmp_path: Path) -> None:
    result = built(tmp_path, {"a.md": b"x" * (MAX_NOTE_BYTES + 1)})
    assert codes(result) == ["unreadable-file"]
    assert fronts(result) == ["good"]


def test_text_of_brackets_is_shown_as_it_is_and_told(tmp_path: Path) -> None:
    result = built(tmp_path, {"a.md": card("q", "[" * 5000)})
    assert codes(result) == ["nested-too-deep"]
    assert "[" * 5000 in result.stamped.notes[0].note.fields[1]


def test_deletions_within_each_other_in_a_formula_end(tmp_path: Path) -> None:
    deep = "{{c1::a" * 3000 + "}}" * 3000
    result = built(tmp_path, {"a.md": card(f"\\({deep}\\)", kind="Cloze")})
    assert "good" in fronts(result)


def test_heading_is_shown_in_the_breadcrumb_as_it_looks(tmp_path: Path) -> None:
    heading = "**B** $O(n)$ %%secret%% [[x|y]] `c` ^id"
    result = built(tmp_path, {"a.md": f"# {heading}\n\n" + card("q", "a")})
    context = dict(zip(result.stamped.notes[0].note.note_type.fields,
                       result.stamped.notes[0].note.fields, strict=True))["Context"]  # fmt: skip
    assert context == "a > <strong>B</strong> \\(O(n)\\)  y <code>c</code>"


@pytest.mark.parametrize(
    "heading", [r"\(\href{javascript:x}{y}\)", "[a](javascript:x)", "<img src=x onerror=y>"]
)
def test_nothing_in_a_breadcrumb_runs(tmp_path: Path, heading: str) -> None:
    result = built(tmp_path, {"a.md": f"# {heading}\n\n" + card("q", "a")})
    context = result.stamped.notes[0].note.fields[2]
    assert r"\(" not in context
    assert "onerror" not in context or "&lt;img" in context
    assert 'href="javascript' not in context


@pytest.mark.parametrize(
    "piece",
    [
        "\\(",
        r"\(\href{x}",
        r"{{c1::\(",
        r"\(\hr{{c1::e}}\) ",
        '<a href="',
        "<!--",
        r"\\[",
        r"\def\a{",
    ],
)
def test_the_gate_ends(piece: str) -> None:
    """Were the time to grow with the square of the length, this would take minutes."""
    text = piece * (100_000 // len(piece))
    guard(text, is_cloze=True)
    guard(f"\\({text}\\)")


def test_title_of_a_hundred_lines_is_not_read_as_one() -> None:
    lines = "\n".join(["word"] * 98)
    for last, is_title in (("end", True), ("end\nend\nend", False)):
        tokens, _ = Markdown().parse(f'[a]: https://a.org "{lines}\n{last}"\n\n[a]')
        assert (len(tokens) == 3) is is_title


@pytest.mark.parametrize("piece", ["> <!--\n[a]: b\n", "$$\na\n>>\n", ">\na\n", "> ```\na\n"])
def test_quotes_that_end_above_lines_which_could_go_on_in_them_are_read(piece: str) -> None:
    """Were all lines below read anew for each quote, this would take minutes."""
    text = piece * (200_000 // len(piece))
    tokens, _ = Markdown().parse(f"{text}\n" + "> b\n" * 50)
    *_, last = (token for token in tokens if token.type == "blockquote_open")
    assert last.map and last.map[1] - last.map[0] <= SHORT_QUOTE
    tokens, _ = Markdown().parse(f"{piece * 100}\n" + "> b\n" * 50)
    *_, last = (token for token in tokens if token.type == "blockquote_open")
    assert last.map and last.map[1] - last.map[0] == 50


def test_dollars_between_many_fences_are_read() -> None:
    """Were the rest of the text looked at behind each fence, this would take minutes."""
    text = "> ```\na $\n>\n" * 80_000
    assert {part.kind for part in find_opaque(text)} == {"open"}


def test_note_type_has_as_many_fields_as_cards_can_bear(tmp_path: Path) -> None:
    for count in (500, 501):
        names = ", ".join(f"F{number}" for number in range(count))
        files = {
            "vaultdeck.yaml": f"fields: {{T: [{names}]}}\n",
            "a.md": "START\nT\nq\nF1: a\nEND\n",
        }
        vault = write_vault(tmp_path / str(count), files)
        done = run("check", vault, cwd=tmp_path)
        assert ("500 fields at the most" in done.stdout + done.stderr) is (count > 500)


def test_build_with_a_pattern_that_runs_away_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which cards it would have depends on how fast the machine is, and on how many processes there are."""
    monkeypatch.setattr(regexp_search, "TIME_LIMIT", 0.2)
    settings = "syntaxes: [block, regexp]\nregexps:\n  Basic: '^((?:a|aa)+)$'\n"
    files = {"vaultdeck.yaml": settings, "a.md": "a" * 200 + "!\n", "b.md": card("q")}
    vault, package = write_vault(tmp_path / "vault", files), tmp_path / "x.apkg"
    result = build_package(vault, package)
    assert codes(result) == ["slow-regexp"]
    assert result.is_refused
    assert not package.exists()
    assert (vault / "b.md").read_text() == files["b.md"]
