"""The recipes of docs/recipes.md, as far as a machine without Obsidian, VS Code and GitLab runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.helpers import card, run, write_vault

DOC = (Path(__file__).parents[2] / "docs" / "recipes.md").read_text(encoding="utf-8")
ID = 1_790_000_100_001


def fences(language: str) -> list[str]:
    return re.findall(rf"(?m)^```{language}\n(.*?)^```$", DOC, re.DOTALL)


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of a recipe, with this Python's `vaultdeck` on the PATH and `folder` as home."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "HOME": str(folder)}
    return subprocess.run(
        ["sh", "-c", line], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def test_the_problem_matcher_reads_what_check_prints(tmp_path: Path) -> None:
    text = card("![[gone]]", note_id=ID) + card("q", kind="Basik")
    vault = write_vault(tmp_path, {"A: b.md": text, ".obsidian/app.json": "{}"})
    [task] = json.loads(fences("json")[0])["tasks"]
    pattern = task["problemMatcher"]["pattern"]
    # VS Code takes a severity that it does not know for this one.
    assert task["problemMatcher"]["severity"] == "info"
    arguments = task["command"].split()
    assert arguments[0] == "vaultdeck"
    lines = run(*arguments[1:], cwd=vault).stdout.splitlines()
    found = [match for line in lines if (match := re.match(pattern["regexp"], line))]
    read = [[m[pattern[key]] for key in ("file", "line", "severity", "code")] for m in found]
    assert sorted(read) == [
        ["A: b.md", "3", "warning", "embed-not-found"],
        ["A: b.md", "8", "error", "unknown-note-type"],
    ]


needs_sh = pytest.mark.skipif(sys.platform == "win32", reason="lines of POSIX shells")


@needs_sh
def test_the_lines_of_the_gitlab_job_run(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, {"a.md": card("![[gone]]"), ".obsidian/app.json": "{}"})
    assert run("build", "-o", "first.apkg", cwd=vault).returncode == 0
    job = yaml.safe_load(fences("yaml")[0])["deck"]
    for line in job["script"]:
        done = shell(line, vault)
        assert done.returncode == 0, done.stderr
    report = json.loads((vault / job["artifacts"]["reports"]["codequality"]).read_text())
    assert [problem["check_name"] for problem in report] == ["embed-not-found"]
    assert (vault / job["artifacts"]["paths"][0]).is_file()


@needs_sh
def test_the_button_and_the_cron_line_build(tmp_path: Path) -> None:
    write_vault(tmp_path / "notes", {"a.md": card("q"), ".obsidian/app.json": "{}"})
    button, cron = (fences(name)[0].strip() for name in ("sh", "crontab"))
    for line in (button.replace("{{vault_path}}", "notes"), cron.removeprefix("0 3 * * * ")):
        package = tmp_path / "notes.apkg"
        package.unlink(missing_ok=True)
        done = shell(line, tmp_path)
        assert (done.returncode, done.stderr, package.is_file()) == (0, "", True)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for suffix, text in zip(("service", "timer"), fences("ini"), strict=True):
        text = text.replace("%h/.local/bin/vaultdeck", sys.executable)
        (tmp_path / f"vaultdeck.{suffix}").write_text(text)
    units = [str(path) for path in sorted(tmp_path.iterdir())]
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", *units], capture_output=True, text=True, check=False
    )
    assert "vaultdeck" not in done.stderr
