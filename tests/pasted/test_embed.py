"""`vaultdeck embed`: pasted sections become embeds, and nothing else changes."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.helpers import (
    NOW,
    Anki,
    build,
    build_package,
    card,
    fields,
    problems,
    run,
    write_vault,
)
from tests.support.pastes import BLOCK, DESCENT, HESSIAN, section, vault_with_pastes
from tests.support.reviews import history, review_all
from tests.support.strategies import TEXT
from vaultdeck.build.session import open_vault
from vaultdeck.pasted.replace import Replaced, replace_pasted

ID = 1_700_000_000_000
TAGS = re.compile(r"<[^>]*>")
RATE = "# Rate\nIt is linear at the best, and not often.\n"


def replaced(vault: Path, *, with_stale: bool = False) -> list[Replaced]:
    """Return what `embed --all` would do, note file by note file."""
    session = open_vault(vault)
    return list(
        replace_pasted(
            session.vault, session.config, session.paths, lambda *_: True, with_stale=with_stale
        )
    )


def embed_all(vault: Path, *options: str) -> str:
    done = run("embed", vault, "--all", *options, cwd=vault)
    assert done.returncode == 0, done.stderr
    return done.stdout


def seed(folder: Path) -> Path:
    """Write a vault as real ones are: own sections, and shifted ones of another note, in one card."""
    own = section(DESCENT, "### Local minima", "\n# anki")
    other = section(HESSIAN, "### Bad", "# -----").replace("### ", "## ").replace("\n\n", "\n")
    note = DESCENT + BLOCK.format(f"\n\n{own}\n_____\n{other}")
    return write_vault(folder, {"Descent.md": note, "x/Bad Hessians.md": HESSIAN})


def test_pasted_sections_of_a_card_become_embeds(tmp_path: Path) -> None:
    vault = seed(tmp_path)
    assert embed_all(vault) == "Descent.md: 3 embeds written\n"
    assert (vault / "Descent.md").read_text("utf-8") == DESCENT + BLOCK.format(
        "\n\n![[#Local minima]]\n![[#Saddle points]]\n\n_____\n![[Bad Hessians#Bad Hessians]]\n"
    )
    assert embed_all(vault) == ""


def test_card_says_the_same_as_before(tmp_path: Path) -> None:
    vault = seed(tmp_path)
    before = fields(build(vault))
    embed_all(vault)
    after = fields(build(vault))
    assert [TAGS.sub("", html).split() for html in after.values()] == [
        TAGS.sub("", html).split() for html in before.values()
    ]
    assert after["Back"].count("\\[") == before["Back"].count("\\[") == 1


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_everything_else_stays_byte_for_byte(tmp_path: Path, newline: str) -> None:
    text = "\ufeffabove  \n" + BLOCK.format(f"  \n{RATE}") + "\nbelow\t\n\n\nno newline"
    vault = write_vault(
        tmp_path, {"a.md": text.replace("\n", newline), "b.md": RATE.replace("\n", newline)}
    )
    embed_all(vault)
    wanted = text.replace(RATE.rstrip(), "![[b#Rate]]").replace("\n", newline)
    assert (vault / "a.md").read_bytes() == wanted.encode()
    assert (vault / "b.md").read_bytes() == RATE.replace("\n", newline).encode()


@pytest.mark.parametrize(
    "path", ["a.md", "my notes/a b.md", "ümläut.md", 'q"uote.md'], ids=["plain", "space", "é", "q"]
)
@pytest.mark.parametrize("end", ["", "\nend without newline"])
@pytest.mark.parametrize("here", ["v", "."])
def test_without_a_terminal_a_diff_is_printed_that_git_applies_there(
    tmp_path: Path, path: str, end: str, here: str
) -> None:
    card_text = (BLOCK.format(f"\n{RATE}") + end).replace("\n", "\r\n")
    vault = write_vault(tmp_path / "v", {path: card_text, "b.md": RATE})
    here_is = tmp_path / here
    for command in (["init", "-q"], ["-c", "core.autocrlf=false", "add", "-A"]):
        subprocess.run(["git", *command], cwd=here_is, check=True)
    command = [sys.executable, "-m", "vaultdeck", "embed", str(vault)]
    diff = subprocess.run(command, cwd=here_is, capture_output=True, check=True).stdout
    assert (vault / path).read_bytes() == card_text.encode(), "nothing is written"
    subprocess.run(["git", "apply", "-"], cwd=here_is, input=diff, check=True)
    by_git = (vault / path).read_bytes()
    (vault / path).write_bytes(card_text.encode())
    embed_all(vault)
    assert (vault / path).read_bytes() == by_git != card_text.encode()


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        pytest.param("# S\nsee [[../x/y]] and what follows from it all", "Basic", id="link"),
        pytest.param("# S\na claim with a note[^1] to it", "Basic", id="footnote"),
        pytest.param("# S\nthis is {{c1::hidden}} and this is not", "Cloze", id="deletion"),
    ],
)
def test_what_would_show_something_else_is_left_and_said(
    tmp_path: Path, note: str, kind: str
) -> None:
    text = card(f"q\n\n{note}\n\n[^1]: by Gauss", "a", note_id=ID, kind=kind)
    files = {
        "a.md": text,
        "d/e/S.md": f"{note}\n# U\n\n[^1]: by Euler\n",
        "x/y.md": "",
        "d/x/y.md": "",
    }
    vault = write_vault(tmp_path, files)
    done = run("embed", vault, "--all", cwd=vault)
    assert done.stdout == "nothing replaced\n"
    assert "left as it is: the card would show something else" in done.stderr
    assert (vault / "a.md").read_text("utf-8") == text


@pytest.mark.parametrize(
    "end", ["its last words", "$$\nx\n$$", "<div>x</div>", "words ^id", "%%hidden%%"]
)
def test_section_that_words_of_the_card_follow_is_replaced(tmp_path: Path, end: str) -> None:
    note = f"# S\nwhat it says first\n\n{end}"
    vault = write_vault(tmp_path, {"a.md": BLOCK.format(f"\n{note}\n\nMy own."), "b.md": note})
    (done,) = replaced(vault)
    assert done.text == BLOCK.format("\n![[b#S]]\n\nMy own.")


def test_section_without_its_heading_is_left_and_what_is_below_is_not(tmp_path: Path) -> None:
    body = f"what it says of it all\n#{RATE}"
    files = {"a.md": BLOCK.format(f"\n{body}"), "b.md": f"# S\n{body}"}
    vault = write_vault(tmp_path, files)
    (done,) = replaced(vault)
    assert list(done.left.values()) == [
        "![[b#S]] shows the heading as well: --stale would write it"
    ]
    assert done.text == files["a.md"].replace(f"#{RATE}", "![[b#Rate]]\n")
    (done,) = replaced(vault, with_stale=True)
    assert done.text == files["a.md"].replace(body, "![[b#S]]\n")


def test_one_that_fits_is_replaced_beside_one_that_does_not(tmp_path: Path) -> None:
    back = f"\n{RATE}\n# S\nsee [[../x/y]] for more of that"
    files = {
        "a.md": BLOCK.format(back),
        "d/e/S.md": RATE + "# S\nsee [[../x/y]] for more of that\n",
        "x/y.md": "",
        "d/x/y.md": "",
    }
    vault = write_vault(tmp_path, files)
    (done,) = replaced(vault)
    assert done.text == files["a.md"].replace(RATE.rstrip(), "![[S#Rate]]")
    why = "the card would show something else with"
    assert list(done.left.values()) == [f"{why} ![[S]]", f"{why} ![[S#S]]"]


def test_vault_without_pastes_is_told_as_one(tmp_path: Path) -> None:
    done = run("embed", write_vault(tmp_path, {"a.md": card("q")}), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "no pasted sections found\n")


def test_section_that_several_notes_have_is_left_and_all_are_named(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, {"a.md": BLOCK.format(f"\n{RATE}"), "b.md": RATE, "c.md": RATE})
    (done,) = replaced(vault)
    assert done.text == done.source.text
    assert list(done.left.values()) == ["several sections say this: ![[b#Rate]], ![[c#Rate]]"]


def test_old_copy_is_replaced_only_with_stale(tmp_path: Path) -> None:
    new = "# Rate\n- linear\n- at the best\n- often much worse\n"
    old = new.replace("often much", "seldom")
    vault = write_vault(tmp_path, {"a.md": BLOCK.format(f"\n{old}\nMy own words."), "b.md": new})
    assert embed_all(vault) == ""
    assert embed_all(vault, "--stale") == "a.md: 1 embed written\n"
    text = (vault / "a.md").read_text("utf-8")
    assert text == BLOCK.format("\n![[b#Rate]]\n\nMy own words.")


def test_section_that_becomes_whole_by_an_embed_is_embedded_at_once(tmp_path: Path) -> None:
    files = {
        "a.md": BLOCK.format(
            "\n# Top\nwords above\n# Rate\nIt is linear at the best, and not often."
        ),
        "b.md": RATE,
        "c.md": "# Top\nwords above\n![[b#Rate]]\n",
    }
    vault = write_vault(tmp_path, files)
    (done,) = replaced(vault)
    assert done.text == BLOCK.format("\n![[c#Top]]")
    embed_all(vault)
    assert replaced(vault) == []


OWN = f"{RATE}\n# Cards\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no terminal of this kind there")
@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ("nnnn", ["", "", "", ""]),
        ("yq", ["b", "", "", ""]),
        # What one wants of a section counts for each card of it, and for no section of that name.
        ("anyy", ["b", "b", "", "b, own"]),
        ("ayn", ["b", "b", "own", ""]),
    ],
)
def test_on_a_terminal_each_card_is_asked_for(
    tmp_path: Path, answers: str, wanted: list[str]
) -> None:
    import pty

    other = "# Pace\nIt is as fast as light.\n"
    backs = [other, other, RATE, f"{other}\n{RATE}"]
    notes = [OWN + card("q", f"\n{back}", note_id=ID + n) for n, back in enumerate(backs)]
    files = {f"{number}.md": text for number, text in enumerate(notes)}
    vault = write_vault(tmp_path, {**files, "b.md": other})
    outer, inner = pty.openpty()
    os.write(outer, "".join(f"{answer}\n" for answer in answers).encode())
    subprocess.run(
        [sys.executable, "-m", "vaultdeck", "embed", str(vault)],
        stdin=inner,
        stdout=inner,
        check=True,
    )
    texts = [(vault / path).read_text("utf-8") for path in files]
    shown = {"b": "![[b#Pace]]", "own": "![[#Rate]]"}
    found = [", ".join(name for name, embed in shown.items() if embed in text) for text in texts]
    assert found == wanted


def test_only_the_notes_that_are_named_change(tmp_path: Path) -> None:
    text = BLOCK.format(f"\n{RATE}")
    other = text.replace("000001", "000002")
    vault = write_vault(tmp_path, {"a.md": text, "x/c.md": other, "b.md": RATE})
    assert embed_all(vault, str(vault / "x")) == "x/c.md: 1 embed written\n"
    assert (vault / "a.md").read_text("utf-8") == text


def test_reviews_order_and_due_dates_stay(anki: Anki, tmp_path: Path) -> None:
    vault, package = seed(tmp_path / "v"), tmp_path / "deck.apkg"
    write_vault(vault, {"b.md": card("other", note_id=ID + 9)})
    build_package(vault, package, now=NOW)
    anki.import_package(package)
    review_all(anki)
    before = history(anki)
    embed_all(vault)
    result = build_package(vault, package, now=NOW + 100)
    status = {change.id: change.status for change in result.stamped.changes}
    assert {n.note.location.path: status[n.id] for n in result.stamped.notes} == {
        "Descent.md": "changed",
        "b.md": "unchanged",
    }
    assert problems(d for d in result.diagnostics if d.severity == "error") == []
    imported = anki.import_package(package)
    assert (imported.new, imported.updated) == (0, 1)
    assert history(anki)[1] == before[1]
    # All but the time of the change and the number that synchronising goes by.
    assert [row[:4] + row[6:] for row in history(anki)[0]] == [r[:4] + r[6:] for r in before[0]]
    assert "vd-embed" in anki.note(ID + 1).fields[1]
    again = build_package(vault, package, now=NOW + 200)
    assert {change.status for change in again.stamped.changes} == {"unchanged"}


@pytest.mark.parametrize("adopts_first", [True, False])
def test_frame_of_an_embed_is_no_change_for_who_adopts(
    anki: Anki, tmp_path: Path, adopts_first: bool
) -> None:
    """A card whose text is the same to the letter is left alone; one whose heading is smaller is not."""
    same, shifted = f"\n{RATE}\n***\n{RATE}", f"\nso:\n##{RATE}"
    cards = card("same", same, note_id=ID + 1) + card("shifted", shifted, note_id=ID + 2)
    vault = write_vault(tmp_path / "v", {"a.md": cards, "Rate.md": RATE})
    package, copy = tmp_path / "v.apkg", tmp_path / "copy.anki2"
    build_package(vault, package, now=NOW)
    assert anki.import_package(package).new == 2
    review_all(anki)
    before = history(anki)
    anki.col.close()
    shutil.copyfile(anki.col.path, copy)
    anki.col.reopen()
    (vault / "vaultdeck.lock").unlink()
    for step in (1, 0) if adopts_first else (0, 1):
        if step:
            assert run("adopt", "v", copy, cwd=tmp_path).returncode == 0
        else:
            assert "3 embeds written" in embed_all(vault)
    result = build_package(vault, package, now=NOW + 10**8)
    assert [change.status for change in result.stamped.changes] == ["unchanged", "changed"]
    assert anki.import_package(package).nids["updated"] == [ID + 2]
    assert history(anki)[1] == before[1]
    assert [row[:4] + row[6:] for row in history(anki)[0]] == [r[:4] + r[6:] for r in before[0]]
    assert "vd-embed" not in anki.note(ID + 1).fields[1]
    write_vault(vault, {"Rate.md": RATE + "More.\n"})
    build_package(vault, package, now=NOW + 2 * 10**8)
    assert anki.import_package(package).nids["updated"] == [ID + 1, ID + 2]
    assert anki.note(ID + 1).fields[1].count("More.") == 2
    assert history(anki)[1] == before[1]


PIECES = ["# a", "## b", "# a\nsome words that are long enough", "![[n1#a]]", "***", "```", "- x"]
SOME = st.one_of(st.lists(st.sampled_from(PIECES), max_size=8).map("\n".join), TEXT)


@given(SOME, SOME, SOME, st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=60, deadline=None)
def test_second_time_nothing_changes_and_the_rest_never_does(
    note: str, back: str, below: str, newline: str
) -> None:
    text = f"{note}\n\nSTART\nBasic\nq\nBack:\n{note}\n{back}\n<!--ID: 1700000000001-->\nEND\n\n{below}"
    text = text.replace("\r", "").replace("\n", newline)
    with tempfile.TemporaryDirectory() as folder:
        vault = write_vault(Path(folder), {"n1.md": f"{note}\n{below}", "n2.md": text})
        before = build(vault)
        done = {replace.source.path: replace for replace in replaced(vault)}
        for path, change in done.items():
            (vault / path).write_bytes(change.text.encode())
            start = change.source.text.partition("START")[0]
            assert change.text.startswith(start)
            if path == "n2.md":
                assert change.text.endswith(text.rpartition(f"{newline}END{newline}")[2])
        assert all(not replace.embeds for replace in replaced(vault))
        assert [n.id for n in build(vault).stamped.notes] == [n.id for n in before.stamped.notes]


def test_generated_vault_is_embedded_whole(tmp_path: Path) -> None:
    files, wanted = vault_with_pastes(random.Random(3), 90)
    vault = write_vault(tmp_path, files)
    done = replaced(vault)
    assert {replace.source.path for replace in done if replace.embeds} == {
        path for path, code in wanted.items() if code == "pasted-section"
    }
    assert [replace.left for replace in done if replace.left] == []
