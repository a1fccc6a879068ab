"""How the command begins: nothing is imported before it is needed, and nothing is lost by that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

import vaultdeck
from tests.support.helpers import card, run, write_vault
from vaultdeck.cli import COMMANDS, main

HEAVY = ("genanki", "markdown_it", "yaml", "nh3", "pygments", "regex", "sqlite3", "vaultdeck.model")


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_imports_neither_commands_nor_what_they_need(option: str) -> None:
    code = (
        "import sys; from vaultdeck.__main__ import main\n"
        f"sys.argv[1:] = ['{option}']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY} if m in sys.modules], \n"
        "[m for m in sys.modules if m.startswith('vaultdeck.cli.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[] []")


def test_build_of_plain_blocks_imports_nothing_that_only_others_need(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "vault", {"a.md": card("q")})
    package, cache = tmp_path / "x.apkg", tmp_path / "cache"
    words = ["build", str(vault), "-o", str(package), "--cache-dir", str(cache)]
    code = (
        "import sys; from vaultdeck.__main__ import main\n"
        f"sys.argv[1:] = {words}\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('asyncio', 'regex', 'ssl', 'wcwidth') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
    assert package.exists()
    assert list(cache.glob("*.db"))


def test_before_ctrl_c_is_heard_nothing_slow_is_imported() -> None:
    # `-S`: what the environment itself imports at the start of Python is not ours.
    source = str(Path(vaultdeck.__file__).parents[1])
    code = (
        f"import sys; sys.path.insert(0, {source!r}); import vaultdeck.__main__\n"
        "print([m for m in ('re', 'typing') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_check_of_a_vault_without_a_problem_imports_no_writer_of_packages(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": card("q", note_id=5)})
    code = (
        "import sys; from vaultdeck.__main__ import main\n"
        "sys.argv[1:] = ['check', '.', '--no-cache']\n"
        "try: main()\n"
        "finally: print([m for m in ('genanki', 'wcwidth') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.strip().endswith("0 errors, 0 warnings\n[]")


@pytest.mark.parametrize("width", [60, 80, 200])
def test_help_says_of_each_command_what_the_command_says(width: int) -> None:
    context = click.Context(main, info_name="vaultdeck", terminal_width=width)
    formatter = context.make_formatter()
    main.format_commands(context, formatter)
    shown = " ".join(formatter.getvalue().split())
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None and command.help is not None
        first = " ".join(command.help.partition("\n\n")[0].split())
        assert f"{name} {first}" in shown


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_where_the_table_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name


def test_unknown_command_is_a_usage_error(tmp_path: Path) -> None:
    done = run("bulid", cwd=tmp_path)
    assert done.returncode == 2
    assert "no command 'bulid': did you mean 'build'?" in done.stderr


def test_options_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"a.md": card("q", note_id=5)})
    done = run("build", "v", "--no-cache", "--cache-dir", "c", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "vaultdeck: --no-cache keeps nothing, so it cannot be combined with --cache-dir\n"
    )


def test_no_cache_keeps_nothing_and_jobs_are_taken(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"a.md": card("q", note_id=5)})
    assert run("build", "v", "--no-cache", "--jobs", "2", cwd=tmp_path).returncode == 0
    assert run("build", "v", "--cache-dir", "c", cwd=tmp_path).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "v", "v.apkg"]
    assert run("build", "v", "--jobs", "0", cwd=tmp_path).returncode == 2


def test_same_words_get_the_same_answer_in_each_format(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"a.md": card("q ![[gone]] ä", note_id=5)})
    for form in ("text", "json"):
        call = ("build", "v", "--cache-dir", "c", "--format", form)
        first, second, third = (run(*call, cwd=tmp_path) for _ in range(3))
        assert (second.stdout, second.stderr) == (third.stdout, third.stderr)
        assert second.returncode == third.returncode == first.returncode == 0
        assert "gone" in first.stdout + first.stderr
