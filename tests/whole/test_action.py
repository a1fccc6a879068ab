"""The GitHub Action: its shell steps run here as a runner runs them, on real repositories."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import syncing
from tests.support.helpers import PNG, build_package, card, write_vault
from vaultdeck import __version__

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}
WORKFLOWS = sorted((ROOT / "examples" / "workflows").glob("*.yml"))
OURS = [ROOT / ".github" / "workflows" / "ci.yml"]
NAME = f"vaultdeck/vaultdeck@v{__version__.split('.')[0]}"
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
OUTPUT = re.compile(
    r"^(?P<name>[\w-]+)(?:=(?P<value>[^\n]*)|<<(?P<mark>\w+)\n(?P<text>.*?)\n(?P=mark))$",
    re.M | re.S,
)
# By commit; our own action in the examples by its version.
PINNED = r"actions/[\w-]+@[0-9a-f]{40}|vaultdeck/vaultdeck@v\d+|\./|"
SUMMARY_LINK = re.compile(r"\[(?P<text>[^]]*)\]\((?P<address>[^)]*)\)")


def evaluate(text: str, context: Mapping[str, str]) -> str:
    """Return a text with its expressions replaced; they are names joined by `||`."""

    def value(match: re.Match[str]) -> str:
        names = [name.strip() for name in match[1].split("||")]
        return next((context[name] for name in names if context.get(name)), "")

    return EXPRESSION.sub(value, text)


@dataclass
class Runner:
    """As much of a runner as the action needs: contexts, files for outputs, bash."""

    workspace: Path
    temp: Path
    inputs: dict[str, str] = field(default_factory=dict)
    context: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)

    def step(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run a step as GitHub does, and take over the outputs it sets."""
        step = STEPS[name]
        defaults = {key: str(value["default"]) for key, value in ACTION["inputs"].items()}
        given = {f"inputs.{key}": value for key, value in (defaults | self.inputs).items()}
        context = {"runner.temp": str(self.temp)} | given | self.context
        output, summary = self.temp / "output", self.temp / "summary.md"
        output.write_bytes(b"")
        script = self.temp / "script.sh"
        script.write_text(step["run"], encoding="utf-8")
        bash = shutil.which("bash")
        assert bash is not None
        done = subprocess.run(
            [bash, "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.workspace,
            env=self.env
            | {
                "GITHUB_ACTION_PATH": str(ROOT),
                "GITHUB_ACTIONS": "true",
                "GITHUB_OUTPUT": str(output),
                "GITHUB_PATH": str(self.temp / "path"),
                "GITHUB_REPOSITORY": "learner/notes",
                "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_SHA": "f" * 40,
                "GITHUB_STEP_SUMMARY": str(summary),
                "GITHUB_WORKSPACE": str(self.workspace),
                "RUNNER_TEMP": str(self.temp),
            }
            | {key: evaluate(str(value), context) for key, value in step.get("env", {}).items()},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        for match in OUTPUT.finditer(output.read_text(encoding="utf-8")):
            value = match["text"] if match["mark"] else match["value"]
            self.context[f"steps.{step.get('id')}.outputs.{match['name']}"] = value
        return done

    def check(self) -> subprocess.CompletedProcess[str]:
        return self.step("Check the cards")

    def build(self) -> subprocess.CompletedProcess[str]:
        return self.step("Build the package")

    def output(self, name: str) -> str:
        """Return an output of the whole action."""
        return evaluate(ACTION["outputs"][name]["value"], self.context)

    @property
    def summary(self) -> str:
        """Return the summary as a reader sees it, links by their text."""
        text = (self.temp / "summary.md").read_text(encoding="utf-8")
        return re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), SUMMARY_LINK.sub(r"\1", text))

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.workspace,
            env=self.env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str | bytes], vault: str = ".") -> str:
        """Write files, build them as an author does, commit all; return the commit."""
        write_vault(self.workspace / vault, files)
        build_package(self.workspace / vault, self.temp / "of the author.apkg")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "notes")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A runner with vaultdeck installed, and a repository checked out."""
    if sys.platform == "win32":
        pytest.skip("a script cannot stand in for a command here; CI runs the action itself")
    if shutil.which("bash") is None or shutil.which("git") is None:
        pytest.skip("bash or git is not installed")
    tools, workspace, temp = tmp_path / "tools", tmp_path / "study notes", tmp_path / "temp"
    for folder in (tools, workspace, temp / "vaultdeck"):
        folder.mkdir(parents=True)
    command = tools / "vaultdeck"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m vaultdeck "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text("[user]\nname = A. Learner\nemail = learner@example.org\n", encoding="utf-8")
    mine = {key: value for key, value in os.environ.items() if not key.startswith(("GIT", "BASH_"))}
    runner = Runner(workspace, temp)
    runner.env = mine | {
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
    }
    runner.context["steps.install.outputs.python"] = sys.executable
    runner.git("init", "--quiet", "--initial-branch=main")
    return runner


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the steps of a workflow or action, wherever they are."""
    if isinstance(value, dict):
        if "uses" in value or "run" in value:
            yield value
        for item in value.values():
            yield from walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)


@pytest.mark.parametrize(
    "path", [ROOT / "action.yml", *WORKFLOWS, *OURS], ids=lambda path: path.name
)
def test_steps_are_pinned_and_take_nothing_by_text(path: Path) -> None:
    steps = list(walk(yaml.safe_load(path.read_text(encoding="utf-8"))))
    assert steps
    for step in steps:
        assert re.fullmatch(PINNED, step.get("uses", "")), step
        assert "${{" not in step.get("run", ""), step


def test_every_step_of_the_action_names_its_shell() -> None:
    assert all(step.get("shell") == "bash" for step in STEPS.values() if "run" in step)


def test_every_input_and_output_is_described_and_used() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    for name, given in ACTION["inputs"].items():
        assert given["description"], name
        assert isinstance(given["default"], str), name
        assert re.search(rf"inputs\.{re.escape(name)}\b", text), name
    ids = {step.get("id") for step in STEPS.values()}
    for name, given in ACTION["outputs"].items():
        assert given["description"], name
        assert EXPRESSION.fullmatch(given["value"]), name
    for used, name in re.findall(r"(inputs|steps)\.([\w-]+)", text):
        assert name in (ACTION["inputs"] if used == "inputs" else ids), name


@pytest.mark.parametrize("path", [*WORKFLOWS, *OURS], ids=lambda path: path.name)
def test_workflows_use_inputs_and_outputs_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    uses = [step for step in walk(yaml.safe_load(text)) if step.get("uses") in (NAME, "./")]
    assert uses
    for step in uses:
        assert set(step.get("with", {})) <= set(ACTION["inputs"])
        assert all(isinstance(value, str) for value in step.get("with", {}).values())
    assert set(re.findall(r"steps\.deck\.outputs\.([\w-]+)", text)) <= set(ACTION["outputs"])


def test_examples_are_built(runner: Runner) -> None:
    shutil.copytree(ROOT / "examples" / "study-notes", runner.workspace / "examples" / "deck")
    runner.inputs = {"vault": "examples/deck", "strict": "true"}
    checked, built = runner.check(), runner.build()
    assert (checked.returncode, built.returncode) == (0, 0), checked.stdout + built.stderr
    assert "::" not in checked.stdout + built.stdout
    assert (runner.workspace / "deck.apkg").stat().st_size
    assert runner.output("package") == "deck.apkg"
    assert int(runner.output("cards")) >= int(runner.output("notes")) > 0
    assert (runner.output("errors"), runner.output("warnings")) == ("0", "0")
    assert "## deck.apkg" in runner.summary


def test_defect_is_shown_at_its_line_of_the_repository(runner: Runner) -> None:
    runner.commit({"The cell.md": card("q")}, "my notes")
    write_vault(runner.workspace / "my notes", {"b, c.md": "\n" + card("100%", kind="Bsic")})
    runner.inputs = {"vault": "my notes"}
    checked, built = runner.check(), runner.build()
    assert (checked.returncode, built.returncode) == (1, 1)
    assert re.search(r"^::error file=my notes/b%2C c\.md,line=3,.*Bsic", checked.stdout, re.M)
    assert "::error" not in built.stdout
    assert runner.output("errors") == "1"
    assert runner.output("package") == ""
    assert not list(runner.workspace.glob("*.apkg"))
    assert "| b, c.md:3:1 | error |" in runner.summary
    assert "No package was written" in runner.summary


def test_warning_fails_only_a_strict_run(runner: Runner) -> None:
    runner.commit({"a.md": card("![[nowhere]]")})
    assert runner.check().returncode == 0
    assert runner.build().returncode == 0
    assert runner.output("warnings") == "1"
    runner.inputs = {"strict": "true"}
    checked = runner.check()
    assert checked.returncode == 1
    assert "::warning file=a.md,line=3," in checked.stdout


def test_lock_that_is_out_of_date_is_named_once(runner: Runner) -> None:
    runner.commit({"a.md": card("q")})
    text = (runner.workspace / "a.md").read_text(encoding="utf-8")
    write_vault(runner.workspace, {"a.md": text.replace("answer", "another answer")})
    checked, built = runner.check(), runner.build()
    assert built.returncode == 1
    shown = checked.stdout + built.stdout
    assert (
        len(re.findall(r"^::error file=a\.md,.*vaultdeck\.lock is out of date", shown, re.M)) == 1
    )
    runner.inputs = {"locked": "false"}
    assert runner.build().returncode == 0
    assert runner.output("package") == "study notes.apkg"


def test_missing_id_is_named_and_fails_a_locked_build(runner: Runner) -> None:
    runner.commit({"a.md": card("q")})
    write_vault(runner.workspace, {"b.md": card("new")})
    checked, built = runner.check(), runner.build()
    assert built.returncode == 1
    shown = checked.stdout + built.stdout
    assert len(re.findall(r"^::warning file=b\.md,line=1,", shown, re.M)) == 1
    assert "b.md:1:1" in runner.summary


def test_wrong_settings_leave_a_summary(runner: Runner) -> None:
    runner.commit({"a.md": card("q")})
    write_vault(runner.workspace, {"vaultdeck.yaml": "tags: {}\n"})
    assert runner.check().returncode == 2
    assert runner.build().returncode == 2
    assert runner.output("notes") == ""
    assert "Nothing was built" in runner.summary


def test_summary_lists_what_changes_in_the_deck(runner: Runner) -> None:
    files = {f"{name}.md": card(f"front {name}") for name in "abcd"}
    base = runner.commit(files)
    text = {name: (runner.workspace / f"{name}.md").read_text(encoding="utf-8") for name in "abc"}
    (runner.workspace / "d.md").unlink()
    gone = re.search(r"ID: (\d+)", runner.git("show", "HEAD:d.md"))
    runner.commit(
        {
            "a.md": text["a"].replace("answer", "better answer"),
            "b.md": "TARGET DECK: Biology\n" + text["b"],
            "e.md": card("what is *new* | `here` <b>?</b> @you"),
        }
    )
    runner.inputs = {"base": base}
    assert runner.build().returncode == 0
    summary = runner.summary
    assert f"Since {base[:8]}: 1 new, 1 changed, 1 moved, 1 removed" in summary
    assert "| changed | front a | study notes |" in summary
    assert "| moved | front b | study notes → Biology |" in summary
    assert gone is not None
    assert f"| removed | {gone[1]} | study notes |" in summary
    assert (
        f"search for `tag:vaultdeck nid:{gone[1]}` in Anki's browser, then Notes > Delete"
        in summary
    )
    assert "front c" not in summary
    raw = (runner.temp / "summary.md").read_text(encoding="utf-8")
    assert "(https://github.com/learner/notes/blob/ffffffff" in raw
    assert "/a.md?plain=1#L1)" in raw
    assert not re.search(r"<b>|@you|`here`|\*new", raw)


def test_summary_shows_the_text_of_changed_cards_folded(runner: Runner) -> None:
    """Also where only an embedded note differs; pictures and settings are as they are checked out."""
    files: dict[str, str | bytes] = {"a.md": card("front", "![[b]] ![[x.png]]"), "x.png": PNG}
    more = {"b.md": "- old\n", "c.md": card("same"), "vaultdeck.yaml": ""}
    base = runner.commit(files | more, "my notes")
    hostile = "```\n</details> @you <b>\n"
    runner.commit({"b.md": f"- new\n\n````\n{hostile}````\n"}, "my notes")
    runner.inputs = {"base": base, "vault": "my notes"}
    assert runner.build().returncode == 0
    assert (
        "<details><summary>front</summary>\n\n"
        "````diff\nBack\n-- old\n+- new\n+```\n+</details> @you <b>\n  ![[x.png]]\n````\n\n</details>\n"
    ) in (runner.temp / "summary.md").read_text(encoding="utf-8")
    assert runner.summary.count("<details>") == 1


def test_base_is_fetched_into_a_shallow_clone(runner: Runner, tmp_path: Path) -> None:
    base = runner.commit({"a.md": card("q")})
    runner.commit({"b.md": card("r")})
    clone = tmp_path / "clone"
    address = runner.workspace.as_uri()
    runner.git("clone", "--quiet", "--depth=1", address, str(clone))
    runner.workspace = clone
    runner.context["github.event.before"] = base
    assert runner.build().returncode == 0
    assert f"Since {base[:8]}: 1 new, 0 changed, 0 moved, 0 removed" in runner.summary
    runner.inputs = {"base": "--help"}
    assert runner.build().returncode == 0
    assert "What changed since --help is not known" in runner.summary


@pytest.mark.parametrize("base", ["0" * 40, ""])
def test_first_push_of_a_branch_has_nothing_to_compare_with(runner: Runner, base: str) -> None:
    runner.commit({"a.md": card("q")})
    runner.context["github.event.before"] = base
    assert runner.build().returncode == 0
    assert "Since" not in runner.summary


def test_other_commits_give_a_new_deck_or_a_reason(runner: Runner) -> None:
    write_vault(runner.workspace, {"readme.txt": "notes to come"})
    runner.git("add", "--all")
    runner.git("commit", "--quiet", "--message", "first")
    first = runner.git("rev-parse", "HEAD")
    runner.commit({"a.md": card("q")})
    runner.inputs = {"base": first}
    assert runner.build().returncode == 0
    assert f"Since {first[:8]}: 1 new, 0 changed" in runner.summary
    runner.inputs = {"base": "a" * 40}
    assert runner.build().returncode == 0
    assert "What changed since aaaaaaaa is not known" in runner.summary


def test_inputs_never_become_commands(runner: Runner) -> None:
    evil = "$(touch owned); `touch owned` \"; touch owned; '"
    runner.commit({"a.md": card("q")}, evil.replace("/", ""))
    runner.inputs = {
        "vault": evil,
        "deck": evil,
        "output": f"out/{evil}\nnotes=7.apkg",
        "base": evil,
    }
    runner.check()
    assert runner.build().returncode == 0
    assert not list(runner.workspace.rglob("owned"))
    assert runner.output("package") == f"out/{evil}\nnotes=7.apkg"
    assert runner.output("notes") == "1"


def test_lines_of_notes_are_no_workflow_commands(runner: Runner) -> None:
    text = "START\nBasic\nq\nBack:\n::error::from a note ![[nowhere]]\nEND\n"
    runner.commit({"a.md": text})
    runner.inputs = {"format": "text", "strict": "true"}
    checked = runner.check()
    assert checked.returncode == 1
    stop, *inside, resume = checked.stdout.splitlines()
    mark = stop.removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{32}", mark)
    assert resume == f"::{mark}::"
    assert any(line.lstrip().startswith("\\x3a:error::from a note") for line in inside)
    assert mark not in "".join(inside)
    assert checked.stderr == ""


def test_cache_key_follows_vault_python_and_the_action(runner: Runner) -> None:
    keys = set()
    runner.context |= {"github.event_name": "push", "github.ref": "refs/heads/main"}
    for inputs in ({}, {"vault": "x"}, {"python-version": "3.12"}, {}):
        runner.inputs = dict(inputs)
        assert runner.step("Prepare the cache").returncode == 0
        keys.add(runner.context["steps.key.outputs.key"])
    assert len(keys) == 3
    assert all(re.fullmatch(r"\d+-\d+-push-refs/heads/main:", key) for key in keys)


def test_cache_of_one_event_and_ref_is_never_that_of_another(runner: Runner) -> None:
    def keys(event: str, ref: str, base_ref: str = "") -> tuple[str, str]:
        names = {"github.event_name": event, "github.ref": ref, "github.base_ref": base_ref}
        runner.context |= names
        assert runner.step("Prepare the cache").returncode == 0
        found = [runner.context[f"steps.key.outputs.{name}"] for name in ("key", "base")]
        return found[0], found[1]

    main, none = keys("push", "refs/heads/main")
    fork, base = keys("pull_request", "refs/pull/1/merge", "main")
    others = {
        keys("pull_request_target", "refs/heads/main", "main")[0],
        keys("push", "refs/heads/main2")[0],
        keys("push", "refs/heads/main-,2")[0],
        keys("workflow_run", "refs/heads/main")[0],
        fork,
    }
    assert base == main
    assert len(others) == 5
    # A key that is restored by its beginning is never the beginning of another.
    assert not any(key.startswith((main, none)) for key in others)
    assert "," not in "".join(others)


def test_install_puts_the_command_alone_on_the_path(runner: Runner) -> None:
    probe = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest"]
    probe += [str(runner.temp / "probe"), "hatchling"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("pip cannot download anything")
    runner.context["steps.python.outputs.python-path"] = sys.executable
    runner.env |= {"PIP_COMPILE": "0"}
    done = runner.step("Install vaultdeck")
    assert done.returncode == 0, done.stderr
    folder = Path((runner.temp / "path").read_text(encoding="utf-8").strip())
    assert [path.stem for path in folder.iterdir()] == ["vaultdeck"]
    version = subprocess.run([folder / "vaultdeck", "--version"], capture_output=True, text=True)
    assert __version__ in version.stdout
    python = runner.context["steps.install.outputs.python"]
    assert Path(python).with_name("vaultdeck").exists()


def test_release_attaches_the_package(runner: Runner, tmp_path: Path) -> None:
    workflow = yaml.safe_load((ROOT / "examples/workflows/release.yml").read_text("utf-8"))
    step = workflow["jobs"]["release"]["steps"][-1]
    fake = tmp_path / "tools" / "gh"
    fake.write_text('#!/bin/sh\necho "$@" >> "$CALLS"\ntest "$2" != view\n', encoding="utf-8")
    fake.chmod(0o755)
    calls = tmp_path / "calls"
    subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        env=runner.env | {"TAG": "v1 b", "PACKAGE": "my notes.apkg", "CALLS": str(calls)},
        check=True,
    )
    assert calls.read_text(encoding="utf-8").splitlines() == [
        "release view v1 b",
        "release create v1 b --verify-tag --generate-notes",
        "release upload v1 b my notes.apkg --clobber",
    ]


# What a stranger's pull request may hold: modules that Python could import, settings that pip, Python and git
# could read, and a vault's folder that poses as a bare repository. Each leaves a file behind if it is run.
RUN = "import os, pathlib; pathlib.Path(os.environ['OWNED']).touch()\n"
MODULES = (
    *("click", "yaml", "vaultdeck/__init__", "vaultdeck/__main__", "venv/__main__", "pip/__main__"),
    *(
        "sitecustomize",
        "usercustomize",
        "multiprocessing/__init__",
        "json/__init__",
        "encodings/__init__",
    ),
)
BARE = {
    "HEAD": "ref: refs/heads/main\n",
    "config": (
        '[core]\nrepositoryformatversion = 0\nbare = true\nsshCommand = "touch \\"$OWNED\\"; false"\n'
        'fsmonitor = "touch \\"$OWNED\\""\nhooksPath = hooks\n'
        '[remote "origin"]\nurl = ssh://localhost/x\n[diff "x"]\ntextconv = "touch \\"$OWNED\\""\n'
        '[alias]\nshow = "!touch \\"$OWNED\\""\n'
    ),
    "objects/info/.keep": "",
    "refs/heads/.keep": "",
    "shallow": "a" * 40 + "\n",
    "hooks/reference-transaction": '#!/bin/sh\ntouch "$OWNED"\n',
}


def make_hostile(runner: Runner, vault: str) -> Path:
    """Commit a repository that tries to be run; return the file that tells it was."""
    owned = runner.temp / "owned"
    runner.env["OWNED"] = str(owned)
    top = runner.workspace
    traps: dict[str, str | bytes] = {
        f"{folder}{name}.py": RUN for name in MODULES for folder in ("", f"{vault}/")
    }
    traps |= {f"{vault}/{name}": text for name, text in BARE.items()}
    traps |= {
        "pip.conf": "[global]\nindex-url = http://localhost:9/\n",
        "setup.cfg": "[install]\nprefix = /nowhere\n",
        ".gitattributes": "* diff=x filter=x\n",
        "pyvenv.cfg": "home = .\n",
    }
    runner.commit({"a.md": card("q")}, vault)
    write_vault(top, traps)
    (top / vault / "hooks/reference-transaction").chmod(0o755)
    runner.git("add", "--all", "--force")
    runner.git("commit", "--quiet", "--message", "traps")
    return owned


def test_nothing_of_a_hostile_repository_runs(runner: Runner, tmp_path: Path) -> None:
    owned = make_hostile(runner, "vault")
    base = runner.git("rev-parse", "HEAD")
    text = (runner.workspace / "vault/a.md").read_text("utf-8")
    write_vault(runner.workspace / "vault", {"a.md": text.replace("answer", "better answer")})
    build_package(runner.workspace / "vault", runner.temp / "of the author.apkg")
    runner.git("commit", "--quiet", "--all", "--message", "better")
    clone = tmp_path / "clone"
    runner.git("clone", "--quiet", "--depth=1", runner.workspace.as_uri(), str(clone))
    runner.workspace = clone
    runner.inputs = {"vault": "vault", "base": base}
    checked, built = runner.check(), runner.build()
    assert (checked.returncode, built.returncode) == (0, 0), checked.stdout + built.stderr
    assert f"Since {base[:8]}: 0 new, 1 changed, 0 moved, 0 removed" in runner.summary
    assert runner.output("package") == "vault.apkg"
    assert not owned.exists()


def test_vault_that_poses_as_a_repository_is_asked_nothing(runner: Runner) -> None:
    owned = make_hostile(runner, "vault")
    shutil.rmtree(runner.workspace / ".git")
    runner.inputs = {"vault": "vault", "base": "a" * 40}
    assert runner.build().returncode == 0
    assert "is not known: the vault lies in no repository" in runner.summary
    assert not owned.exists()


def test_package_is_not_written_through_a_link_of_the_checkout(runner: Runner) -> None:
    runner.commit({"a.md": card("q")})
    outside = runner.temp / "outside"
    outside.mkdir()
    (runner.workspace / "out").symlink_to(outside)
    (runner.workspace / "x.apkg").symlink_to(outside / "x.apkg")
    for output in ("out/x.apkg", "x.apkg", "../temp/outside/x.apkg"):
        runner.inputs = {"output": output}
        assert runner.build().returncode == 2
    assert not list(outside.iterdir())


def test_install_runs_nothing_of_a_hostile_repository(runner: Runner) -> None:
    owned = make_hostile(runner, "vault")
    runner.context["steps.python.outputs.python-path"] = sys.executable
    runner.step("Install vaultdeck")
    assert not owned.exists()


def test_hooks_run_nothing_of_a_hostile_repository(runner: Runner) -> None:
    owned = make_hostile(runner, "vault")
    write_vault(runner.workspace, {f"vault/{n}.md": "x" for n in range(450)})
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")):
        name, *words = hook["entry"].split()
        assert (name, words[:3]) == ("python", ["-I", "-m", "vaultdeck"])
        done = subprocess.run(
            [sys.executable, *words, "--vault", "vault"],
            cwd=runner.workspace,
            env=runner.env,
            capture_output=True,
            text=True,
        )
        assert done.returncode in (0, 1), done.stderr
        assert "Traceback" not in done.stderr
    assert not owned.exists()


TYPE = (
    'type\t5\t{"name":"Evil | <b>","fields":["Front","Back"],"templates":[["Card 1",'
    '"{{Front}}</pre><script>run()</script>","@you `x`\\n\\nback\u202e"]],"css":"","cloze":false}\n'
)


def test_note_that_the_clone_lacks_leaves_a_summary(runner: Runner) -> None:
    base = runner.commit({"a.md": card("q")})
    blob = runner.git("rev-parse", f"{base}:a.md")
    text = (runner.workspace / "a.md").read_text("utf-8")
    runner.commit({"a.md": text.replace("answer", "better answer")})
    (runner.workspace / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    runner.inputs = {"base": base}
    done = runner.build()
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert f"is not known: object {blob} is missing" in runner.summary


def test_note_type_of_the_lock_is_shown_as_code(runner: Runner) -> None:
    base = runner.commit({"a.md": card("q")})
    path = runner.workspace / "vaultdeck.lock"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    entry = lines[-2].rstrip("\n") + '\t{"type":5}\n'
    path.write_text("".join([*lines[:-2], TYPE, entry, lines[-1]]), encoding="utf-8")
    build_package(runner.workspace, runner.temp / "of the author.apkg")
    runner.git("commit", "--quiet", "--all", "--message", "type")
    runner.inputs = {"base": base}
    assert runner.build().returncode == 0
    raw = (runner.temp / "summary.md").read_text(encoding="utf-8")
    assert "Code to look at: note types that stand in vaultdeck.lock alone" in runner.summary
    assert "<pre>{{Front}}</pre><script>run()</script></pre>" in runner.summary
    assert not re.search(r"<script|@you|`x`|<b>|Evil \||\u202e", raw)
    assert raw.count("</pre>") == 2


def test_a_sync_runs_only_for_a_push_to_the_default_branch_and_alone_sees_the_key() -> None:
    condition = " ".join(STEPS["Sync with Anki"]["if"].split())
    assert condition == (
        "inputs.sync == 'true' && github.event_name == 'push' "
        "&& github.ref == format('refs/heads/{0}', github.event.repository.default_branch)"
    )
    for name in ("Install vaultdeck", "Check the cards", "Build the package"):
        assert STEPS[name]["env"]["VAULTDECK_SYNC_KEY"] == "", name
    assert list(STEPS)[-1] == "Sync with Anki"
    kept = STEPS["Cache"]["with"]["path"].splitlines()
    working_copy = STEPS["Sync with Anki"]["env"]["VAULTDECK_CACHE_DIR"].partition("}}")[2]
    assert not any(working_copy.startswith(path.partition("}}")[2]) for path in kept)


def test_a_push_is_synced_and_the_key_is_never_shown(runner: Runner, tmp_path: Path) -> None:
    from vaultdeck.sync.server import log_in

    with syncing.sync_server(tmp_path / "server") as address:
        (tmp_path / "login").mkdir()
        key = log_in(f"{syncing.NAME}1", syncing.PASSWORD, address, tmp_path / "login")
        runner.env |= {"VAULTDECK_SYNC_KEY": key, "VAULTDECK_SYNC_URL": address, "CI": "true"}
        runner.commit({"a.md": card("q"), "::error::b.md": card("r")}, "my notes")
        runner.inputs = {"vault": "my notes", "sync": "true"}
        refused = runner.step("Sync with Anki")
        assert refused.returncode == 4 and "is empty" in refused.stdout
        vault = str(runner.workspace / "my notes")
        first = ["sync", vault, "--to", "server", "--locked", "--first-upload"]
        filled = subprocess.run(
            [sys.executable, "-m", "vaultdeck", *first, "--cache-dir", str(tmp_path / "c")],
            env=runner.env,
            check=False,
        )
        assert filled.returncode == 0
        runner.commit({"c.md": card("new")}, "my notes")
        done = runner.step("Sync with Anki")
        assert done.returncode == 0, done.stdout + done.stderr
        lines = done.stdout.splitlines()
        assert "1 new" in lines
        assert re.fullmatch(r"::stop-commands::(\w+)", lines[0])
        assert lines[-1] == f"::{lines[0].rpartition('::')[2]}::"
        assert key not in done.stdout + done.stderr + refused.stdout
        again = runner.step("Sync with Anki")
        assert "nothing to do" in again.stdout.splitlines()
        (runner.workspace / "my notes" / "d.md").write_text(card("no ID yet"))
        missing = runner.step("Sync with Anki")
        assert missing.returncode == 1
