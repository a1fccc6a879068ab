"""The pre-commit hooks as a user has them: real git, the real pre-commit, this project as the source."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from tests.support.helpers import PNG, card, run, write_vault

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / ".pre-commit-hooks.yaml"
ID_LINE = re.compile(r"^<!--ID: \d{13}-->$", re.M)
SETTINGS = {
    "user.name": "A. Learner",
    "user.email": "learner@example.org",
    "init.defaultBranch": "main",
    "core.autocrlf": "false",
}


@dataclass
class Repository:
    """A git repository of a user, with the environment that its commands run in."""

    folder: Path
    env: dict[str, str]

    def run(self, *command: str) -> tuple[int, str]:
        """Return exit code and all output."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout

    def git(self, *arguments: str) -> str:
        code, output = self.run("git", *arguments)
        assert code == 0, output
        return output

    def pre_commit(self, *arguments: str) -> tuple[int, str]:
        return self.run(sys.executable, "-m", "pre_commit", *arguments)

    def commit(self) -> tuple[int, str]:
        """Commit what is staged, hooks and all."""
        return self.run("git", "commit", "--message", "notes")

    def commit_twice(self) -> str:
        """Commit everything; the hook mends something, so that it takes a second try."""
        self.git("add", "--all")
        code, output = self.commit()
        assert code == 1, output
        self.git("add", "--all")
        again, more = self.commit()
        assert again == 0, more
        return output

    def read(self, path: str) -> str:
        return (self.folder / path).read_bytes().decode()

    def builds_locked(self, vault: str = ".") -> None:
        """Claim that CI can build the last commit."""
        clone = self.folder.parent / "clone"
        self.git("clone", "--quiet", ".", str(clone))
        done = run("build", vault, "--locked", "-o", clone.parent / "deck.apkg", cwd=clone)
        shutil.rmtree(clone)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings of nobody in particular; one store of hooks for the whole module."""
    if find_spec("pre_commit") is None:
        pytest.skip("pre-commit is not installed")
    probe = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest"]
    probe += [str(tmp_path_factory.mktemp("probe")), "hatchling"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("pip cannot download anything, and pre-commit installs hooks with it")
    home = tmp_path_factory.mktemp("home")
    config = "".join(f"[{k.split('.')[0]}]\n{k.split('.')[1]} = {v}\n" for k, v in SETTINGS.items())
    (home / "gitconfig").write_text(config, encoding="utf-8")
    mine = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PYTHON", "SKIP"))}
    return mine | {
        "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "PRE_COMMIT_COLOR": "never",
        # What is not imported need not be compiled.
        "PIP_COMPILE": "0",
    }


@pytest.fixture(scope="module")
def project(env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """This project as it stands here, committed."""
    repository = Repository(tmp_path_factory.mktemp("project"), env)
    (repository.folder / "docs").mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", HOOKS.name, "docs/problems.md"):
        shutil.copy(ROOT / name, repository.folder / name)
    nothing_built = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", repository.folder / "src", ignore=nothing_built)
    repository.git("init", "--quiet")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "project")
    return repository


@pytest.fixture
def plain(env: dict[str, str], tmp_path: Path) -> Repository:
    """A repository without a commit, in the folder of a vault."""
    write_vault(tmp_path / "notes", {".obsidian/app.json": "{}"})
    repository = Repository(tmp_path / "notes", env)
    repository.git("init", "--quiet")
    return repository


@pytest.fixture
def hooked(plain: Repository, project: Repository) -> Repository:
    """A repository with both hooks installed as the README says."""
    return install(plain, project, {})


def install(repository: Repository, project: Repository, *entries: dict[str, object]) -> Repository:
    """Install both hooks, once with each of the settings."""
    names = ("vaultdeck-ids", "vaultdeck-check")
    hooks = [{"id": name, **more} for more in entries for name in names]
    rev = project.git("rev-parse", "HEAD").strip()
    config = {"repos": [{"repo": str(project.folder), "rev": rev, "hooks": hooks}]}
    (repository.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    code, output = repository.pre_commit("install")
    assert code == 0, output
    return repository


def test_manifest_names_commands_that_exist() -> None:
    hooks = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["vaultdeck-ids", "vaultdeck-check"]
    for hook in hooks:
        python, isolated, *entry = hook["entry"].split()
        assert [python, isolated, *entry[:2]] == ["python", "-I", "-m", "vaultdeck"]
        done = run(*entry[2:], "--help", cwd=ROOT)
        assert done.returncode == 0, done.stderr


def test_try_repo_names_a_typo_and_writes_ids(plain: Repository, project: Repository) -> None:
    write_vault(
        plain.folder, {"The cell.md": "# The cell\n\n" + card("q", kind="Bsic"), "b.md": card("r")}
    )
    plain.git("add", "--all")
    code, output = plain.pre_commit("try-repo", str(project.folder), "--all-files", "--ref", "HEAD")
    assert code == 1
    assert "The cell.md:4:1: error unknown-note-type" in output
    assert "files were modified by this hook" in output
    assert len(ID_LINE.findall(plain.read("b.md"))) == 1
    assert not ID_LINE.search(plain.read("The cell.md"))
    assert "vaultdeck.lock" in plain.git("status", "--porcelain")


def test_card_with_a_typo_is_committed_once_it_is_mended(hooked: Repository) -> None:
    write_vault(hooked.folder, {"The cell.md": "# The cell\n\n" + card("q", kind="Bsic")})
    hooked.git("add", "--all")
    code, output = hooked.commit()
    assert code == 1
    assert "The cell.md:4:1: error unknown-note-type" in output
    mended = hooked.read("The cell.md").replace("Bsic", "Basic")
    write_vault(hooked.folder, {"The cell.md": mended})
    hooked.commit_twice()
    assert ID_LINE.search(hooked.git("show", "HEAD:The cell.md"))
    hooked.builds_locked()


def test_warning_passes_unless_the_hook_is_strict(plain: Repository, project: Repository) -> None:
    write_vault(plain.folder, {"a.md": card("![[nowhere]]")})
    plain.git("add", "--all")
    install(plain, project, {})
    assert plain.pre_commit("run", "vaultdeck-check")[0] == 0
    install(plain, project, {"args": ["--strict"]})
    plain.git("add", "--all")
    code, output = plain.pre_commit("run", "vaultdeck-check")
    assert code == 1
    assert "a.md:3:1: warning embed-not-found" in output


def test_what_is_not_staged_stays_as_it_is(hooked: Repository) -> None:
    write_vault(hooked.folder, {"a.md": "a\n", "b.md": "b\n"})
    hooked.git("add", "--all")
    hooked.git("commit", "--no-verify", "--message", "before")
    draft = "b\n" + card("a draft")
    write_vault(hooked.folder, {"a.md": card("done"), "b.md": draft})
    hooked.git("add", "a.md")
    assert hooked.commit()[0] == 1
    assert hooked.read("b.md") == draft
    hooked.git("add", "a.md", "vaultdeck.lock")
    code, output = hooked.commit()
    assert code == 0, output
    assert hooked.read("b.md") == draft
    assert hooked.git("status", "--porcelain") == " M b.md\n"
    hooked.builds_locked()


def test_id_that_would_not_merge_with_what_is_not_staged_is_taken_back(hooked: Repository) -> None:
    write_vault(hooked.folder, {"a.md": "text\n"})
    hooked.git("add", "--all")
    hooked.git("commit", "--no-verify", "--message", "before")
    write_vault(hooked.folder, {"a.md": "text\n" + card("done", "answer")})
    hooked.git("add", "a.md")
    edited = "text\n" + card("done", "another answer\nof two lines")
    write_vault(hooked.folder, {"a.md": edited})
    code, output = hooked.commit()
    assert code == 1
    assert "Stashed changes conflicted with hook auto-fixes" in output
    assert hooked.read("a.md") == edited
    hooked.git("add", "a.md")
    hooked.commit_twice()
    hooked.builds_locked()


def test_lock_follows_a_new_picture_and_a_deleted_note(hooked: Repository) -> None:
    write_vault(hooked.folder, {"a.md": card("![[cell.png]]"), "b.md": card("r"), "cell.png": PNG})
    hooked.commit_twice()
    before = hooked.read("vaultdeck.lock")
    write_vault(hooked.folder, {"cell.png": PNG + b"\0"})
    hooked.commit_twice()
    assert hooked.read("vaultdeck.lock") != before
    (hooked.folder / "b.md").unlink()
    hooked.commit_twice()
    assert '"removed":true' in hooked.read("vaultdeck.lock")
    hooked.builds_locked()


def test_lock_is_not_written_beside_a_vault(plain: Repository, project: Repository) -> None:
    (plain.folder / ".obsidian/app.json").unlink()
    (plain.folder / ".obsidian").rmdir()
    install(plain, project, {})
    write_vault(plain.folder, {"v/.obsidian/app.json": "{}", "src/main.py": "print()\n"})
    plain.git("add", "--all")
    code, output = plain.commit()
    assert code == 1
    assert "no vault here: name it with --vault" in output
    assert not (plain.folder / "vaultdeck.lock").exists()


def test_wrong_settings_alone_are_named(hooked: Repository) -> None:
    write_vault(hooked.folder, {"vaultdeck.yaml": "deck: Biology\ntags: {}\n"})
    hooked.git("add", "--all")
    code, output = hooked.commit()
    assert code == 1
    assert "vaultdeck.yaml:2:7: error bad-config" in output


def test_vaults_in_folders_of_the_repository(plain: Repository, project: Repository) -> None:
    entries: list[dict[str, object]] = [
        {"files": f"^{name}/", "args": ["--vault", name]} for name in ("a", "b")
    ]
    install(plain, project, *entries)
    write_vault(plain.folder, {"README.md": card("q", kind="Bsic"), "a/n.md": card("q")})
    write_vault(plain.folder, {"b/n.md": card("r"), "src/main.py": "print()\n"})
    plain.commit_twice()
    assert not ID_LINE.search(plain.read("README.md"))
    assert plain.git("ls-files", "*.lock") == "a/vaultdeck.lock\nb/vaultdeck.lock\n"
    plain.builds_locked("a")
    plain.builds_locked("b")
