"""Blocks in quotes, lists, bold, headings and other letters are read; their IDs stay in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.helpers import build, fields, problems, write_vault
from tests.support.placing import check_that_nothing_changes

IN_CALLOUT = "> [!question]- Cards\n> START\n> Basic\n> q\n> Back: a\n{}> END\n"
IN_ITEM = "- START\n  Basic\n  q\n  Back: a\n{}  END\n\ntext\n"


@pytest.mark.parametrize(
    ("before", "mark"),
    [
        pytest.param(IN_CALLOUT, "> <!--ID: {}-->\n", id="callout"),
        pytest.param(IN_CALLOUT.replace("\n", "\r\n"), "> <!--ID: {}-->\r\n", id="CRLF"),
        pytest.param(IN_ITEM, "  <!--ID: {}-->\n", id="list item"),
        pytest.param(IN_ITEM.replace("- ", "  "), "  <!--ID: {}-->\n", id="indented"),
        pytest.param(IN_ITEM.replace("  ", "\t"), "\t<!--ID: {}-->\n", id="list item and tabs"),
        pytest.param(
            IN_ITEM.replace("- ", "2. ").replace("  ", "   "), "   <!--ID: {}-->\n", id="2."
        ),
        pytest.param(
            "> - START\n>   Basic\n>   q\n>   Back: a\n{}>   END\n",
            ">   <!--ID: {}-->\n",
            id="both",
        ),
        pytest.param("**START**\nBasic\nq\nBack: a\n{}**END**\n", "<!--ID: {}-->\n", id="bold"),
        pytest.param("<b>START</b>\nBasic\nq\nBack: a\n{}END\n", "<!--ID: {}-->\n", id="raw bold"),
        pytest.param("==START==\nBasic\nq\nBack: a\n{}==END==\n", "<!--ID: {}-->\n", id="marked"),
        pytest.param("## START\nBasic\nq\nBack: a\n{}## END\n", "<!--ID: {}-->\n", id="heading"),
        pytest.param("`START`\nBasic\nq\nBack: a\n{}`END`\n", "<!--ID: {}-->\n", id="code"),
        pytest.param(
            "- [ ] START\n  Basic\n  q\n  Back: a\n{}  END\n", "  <!--ID: {}-->\n", id="task"
        ),
        pytest.param(
            "%% START %%\nBasic\nq\nBack: a\n{}%% END %%\n", "<!--ID: {}-->\n", id="comments"
        ),
        pytest.param(
            "<!--START-->\nBasic\nq\nBack: a\n{}<!--END-->\n", "<!--ID: {}-->\n", id="raw comments"
        ),
        pytest.param("%%START\nBasic\nq\nBack: a\n{}END%%\n", "<!--ID: {}-->\n", id="hidden"),
        pytest.param("Start\nBasic\nq\nBack: a\n{}End\n", "<!--ID: {}-->\n", id="other letters"),
    ],
)
def test_block_is_read_and_keeps_its_id(tmp_path: Path, before: str, mark: str) -> None:
    text = check_that_nothing_changes(tmp_path, "blocks", before.format(""))
    result = build(tmp_path / "v")
    (number,) = [n.id for n in result.stamped.notes if n.note.location.path == "a.md"]
    assert text == before.format(mark.format(number))
    notes = [fields(result, n) for n in range(2)]
    assert {(note["Front"], note["Back"]) for note in notes if note["Context"] == "a"} == {
        ("q", "a")
    }


def test_lists_and_quotes_in_such_a_block_keep_their_depth(tmp_path: Path) -> None:
    text = "> START\n> Basic\n> q\n> Back:\n> - a\n>   - b\n> > quote\n>\n> c\n> END\n"
    result = build(write_vault(tmp_path / "v", {"a.md": text}))
    back = fields(result)["Back"]
    assert back.count("<ul>") == 2
    assert "<blockquote>" in back
    assert "<p>c</p>" in back


@pytest.mark.parametrize("mark", ["> ", "- > ", "> > "])
def test_code_in_such_a_block_is_part_of_it(tmp_path: Path, mark: str) -> None:
    lines = ["START", "Basic", "q", "Back:", "```", "x", "```", "END"]
    text = "".join(
        f"{mark if number == 0 else mark.replace('-', ' ')}{line}\n"
        for number, line in enumerate(lines)
    )
    result = build(write_vault(tmp_path / "v", {"a.md": text}))
    assert fields(result)["Back"] == "<pre><code>x\n</code></pre>"


@pytest.mark.parametrize(
    "text",
    [
        "- Start\n- do\n- End\n",
        "# End\ntext\n",
        "> ```\n> START\n> Basic\n> q\n> END\n> ```\n",
        "the START of the END\n",
        "%% Start of the topic %%\ntext\n%% End %%\n",
        "<!-- start -->\nBasics\n<!-- end -->\n",
        "START\nBasic\nq\nBack: a\n> START\n> Basic\nEND\n",
    ],
)
def test_what_is_no_block_is_not_mentioned(tmp_path: Path, text: str) -> None:
    result = build(write_vault(tmp_path / "v", {"a.md": text}))
    assert {d.code for d in result.diagnostics} <= {"no-cards"}


@pytest.mark.parametrize(
    "text", ["> START\n> none\n", "> START\n\nSTART\nBasic\nq\nBack: a\nEND\n"]
)
def test_thousands_of_end_markers_that_close_no_block_are_passed_over(
    tmp_path: Path, text: str
) -> None:
    result = build(write_vault(tmp_path / "v", {"a.md": text + 20_000 * "> END\n"}))
    assert [d.code for d in result.diagnostics if d.code != "no-cards"] == ["start-not-read"]


@pytest.mark.parametrize("mark", ["**{}**", "%% {} %%", "> {}"])
def test_what_such_a_block_lacks_is_told_as_of_any_block(tmp_path: Path, mark: str) -> None:
    begin, end = mark.format("START"), mark.format("END")
    quote = "> " if mark[0] == ">" else ""
    text = f"{begin}\n{quote}Basic\n{quote}Back: a\n{end}\n"
    result = build(write_vault(tmp_path / "v", {"a.md": text}))
    assert [d.code for d in result.diagnostics if d.code != "no-cards"] == ["empty-front"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("START Basic\nq\nBack: a\nEND\n", "1:1"),
        ("> - START Basic\n>   q\n", "1:5"),
        ("START Basic q Back: a END\n", "1:1"),
        ("| a |\n|---|\n| START<br>Basic<br>q<br>Back: a<br>END |\n", "3:3"),
        ("| START | Basic | q | END |\n|---|---|---|---|\n", "1:3"),
        ("| START Basic | q |\r\n|---|---|\r\n", "1:3"),
    ],
)
def test_a_block_that_begins_on_the_line_of_its_type_is_named(
    tmp_path: Path, text: str, place: str
) -> None:
    result = build(write_vault(tmp_path / "v", {"a.md": text}))
    assert f"a.md:{place} start-not-read" in problems(result.diagnostics)


@pytest.mark.parametrize(
    "text", ["START here\n", "| START | END |\n|---|---|\n", "# START Basic\n"]
)
def test_a_line_that_names_no_type_behind_the_marker_is_text(tmp_path: Path, text: str) -> None:
    result = build(write_vault(tmp_path / "v", {"a.md": text}))
    assert [problem.code for problem in result.diagnostics] == ["no-cards"]


@pytest.mark.parametrize("mark", ["<!-- START -->", "> START", "Start"])
def test_a_block_that_lacks_nothing_but_its_end_is_told_so(tmp_path: Path, mark: str) -> None:
    quote = "> " if mark[0] == ">" else ""
    text = f"{mark}\n{quote}Basic\n{quote}q\n{quote}Back: a\n"
    (_, problem) = build(write_vault(tmp_path / "v", {"a.md": text})).diagnostics
    assert (problem.code, problem.message.rpartition(": ")[2]) == (
        "start-not-read", "no 'END' closes it"
    )  # fmt: skip
