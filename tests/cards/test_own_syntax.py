"""Card syntaxes of installed packages: the one of docs/python.md, installed as a user would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.helpers import write_vault

DOC = Path(__file__).parents[2] / "docs" / "python.md"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def make_wheel(folder: Path, code: str, version: str = "1") -> Path:
    """Write a wheel of the package `arrows`, whose one module is `code`."""
    wheel = folder / f"arrows-{version}-py3-none-any.whl"
    about = f"arrows-{version}.dist-info"
    files = {
        "arrows.py": code,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: arrows\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": "[vaultdeck.syntaxes]\narrows = arrows:read_arrows\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel


@pytest.fixture
def install(tmp_path: Path) -> Callable[[str], Run]:
    """Return what installs the package and returns what runs the command with it."""

    def installed(code: str, version: str = "1") -> Run:
        target = tmp_path / "site"
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--upgrade"]
        wheel = make_wheel(tmp_path, code, version)
        subprocess.run([*pip, "--target", target, wheel], check=True, capture_output=True)

        def run(*arguments: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-m", "vaultdeck", *arguments],
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(target)},
                capture_output=True,
                text=True,
                check=False,
            )

        return run

    return installed


def example() -> str:
    found = re.findall(
        r"```python\n(import re\n.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL
    )
    assert len(found) == 1
    return str(found[0])


def test_the_syntax_of_the_documentation_builds_and_keeps_its_ids(
    tmp_path: Path, install: Callable[[str], Run]
) -> None:
    files = {"a.md": "Rome => Italy\n\nOslo => Norway\n", "vaultdeck.yaml": "syntaxes: [arrows]\n"}
    vault = write_vault(tmp_path / "v", files)
    run = install(example())
    first = run("build", "v")
    assert (first.returncode, first.stderr) == (0, "")
    assert "2 notes" in first.stdout
    text = (vault / "a.md").read_text(encoding="utf-8")
    assert len(re.findall(r"(?m)^\w+ => \w+ <!--ID: [0-9]+-->$", text)) == 2
    again = run("build", "v")
    assert "2 unchanged" in again.stdout
    assert (vault / "a.md").read_text(encoding="utf-8") == text


def test_another_version_of_the_package_builds_anew(
    tmp_path: Path, install: Callable[..., Run]
) -> None:
    write_vault(tmp_path / "v", {"a.md": "Rome => Italy\n", "vaultdeck.yaml": "syntaxes: [arrows]"})
    assert ": 1 card," in install(example())("check", "v").stdout
    code = "def read_arrows(reading):\n    yield from ()\n"
    assert ": 0 cards," in install(code, "2")("check", "v").stdout


def test_nothing_is_imported_that_no_setting_names(
    tmp_path: Path, install: Callable[[str], Run]
) -> None:
    write_vault(tmp_path / "v", {"a.md": "Rome => Italy\n"})
    done = install("raise SystemExit('it was loaded')")("check", "v")
    assert "it was loaded" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import gone_for_good", "cannot be loaded"),
        ("read_arrows = 5", "is no function"),
    ],
)
def test_a_syntax_that_cannot_be_loaded_is_a_problem_of_the_settings(
    tmp_path: Path, install: Callable[[str], Run], code: str, told: str
) -> None:
    write_vault(tmp_path / "v", {"vaultdeck.yaml": "syntaxes: [arrows]\n"})
    done = install(code)("check", "v")
    assert done.returncode == 2
    assert "vaultdeck.yaml:1:12: error bad-config" in done.stdout + done.stderr
    assert told in done.stdout + done.stderr


def test_a_package_in_the_vault_is_not_read(tmp_path: Path) -> None:
    files = {"a.md": "Rome => Italy\n", "vaultdeck.yaml": "syntaxes: [arrows]\n"}
    vault = write_vault(tmp_path / "v", files)
    with zipfile.ZipFile(make_wheel(tmp_path, "print('code of the vault')")) as archive:
        archive.extractall(vault)
    done = subprocess.run(
        [sys.executable, "-m", "vaultdeck", "check"],
        cwd=vault,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "unknown syntax 'arrows'" in done.stdout + done.stderr
    assert "code of the vault" not in done.stdout
