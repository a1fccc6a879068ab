"""The import rule: a room imports from rooms below it only, and heavy libraries stay in their module."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from vaultdeck.regexps import Regexp

TESTS = Path(__file__).parents[1]
SRC = TESTS.parent / "src" / "vaultdeck"
# Lowest first. Rooms of one layer do not import each other.
LAYERS = [
    {"regexps"},
    {"spelling"},
    {"model"},
    {"vault", "markdown", "mathjax"},
    {"anki"},
    {"cards", "embeds", "html"},
    {"compile", "settings"},
    {"pasted"},
    {"build"},
    {"api", "report", "sync"},
    {"cli"},
    {"__main__"},
]
LEVELS = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
# Each heavy library and the one room or module that imports it.
HOMES = {
    "anki": "sync.collection",
    "genanki": "anki.package",
    "click": "cli",
    "watchfiles": "cli.watching",
}
MODULES = sorted(path for path in SRC.rglob("*.py") if path != SRC / "__init__.py")


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


def imported_modules(code: str) -> Iterator[str]:
    """Yield the full name of each module or name that Python code imports."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def wrong_imports(module: str, code: str) -> Iterator[str]:
    """Yield what a module imports against the rule."""
    own = module.partition(".")[0]
    for name in imported_modules(code):
        library, _, rest = name.partition(".")
        home = HOMES.get(library)
        if home and not f"{module}.".startswith(f"{home}."):
            yield f"{module} imports {library}, which only {home} may"
        other = rest.partition(".")[0]
        is_room = library == "vaultdeck" and other in LEVELS and other != own
        if is_room and LEVELS[other] >= LEVELS[own]:
            yield f"{module} imports {name} from a room that is not below"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_module_imports_downwards_only(path: Path) -> None:
    assert module_name(path).partition(".")[0] in LEVELS, "a new room needs a layer"
    assert list(wrong_imports(module_name(path), path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_no_module_compiles_a_regexp_when_it_is_imported(path: Path) -> None:
    inner = (ast.FunctionDef, ast.Lambda)
    todo: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    for node in todo:
        todo += [child for child in ast.iter_child_nodes(node) if not isinstance(child, inner)]
    calls = [ast.unparse(node.func) for node in todo if isinstance(node, ast.Call)]
    assert "re.compile" not in calls, "write regexp(…) of vaultdeck.regexps"


def test_all_regexps_of_modules_can_be_compiled() -> None:
    names = {module_name(path) for path in MODULES} - {"__main__"}
    modules = [importlib.import_module(f"vaultdeck.{name}") for name in sorted(names)]
    things = (thing for module in modules for thing in vars(module).values())
    found = [thing for thing in things if isinstance(thing, Regexp)]
    assert len(found) > 300
    assert all(one.flags >= 0 for one in found)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_no_module_has_a_state(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    states = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Global)]
    # A worker process has no other place for its compiler.
    assert not states or module_name(path) == "compile.parallel"
    assert "contextvars.ContextVar" not in imported_modules(code)


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("embeds.tokens", "from vaultdeck.html import render_field"),
        ("embeds.tokens", "from vaultdeck.cards.file import parse_file"),
        ("markdown.math", "from vaultdeck.cards import ids"),
        ("mathjax.walk", "import vaultdeck.anki.cards"),
        ("vault.names", "from vaultdeck import anki"),
        ("cards.body", "def late():\n    from vaultdeck.build.build import build"),
        ("settings.read", "from vaultdeck.compile.fields import FieldRenderer"),
        ("report.text", "import click"),
        ("anki.identity", "import genanki"),
        ("model.text", "from vaultdeck.vault.names import Vault"),
    ],
)
def test_a_wrong_import_is_found(module: str, code: str) -> None:
    assert len(list(wrong_imports(module, code))) == 1


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("embeds.tokens", "from vaultdeck.embeds.splice import splice"),
        ("anki.package", "import genanki"),
        ("cli", "import click"),
        ("cli.check", "from vaultdeck import __version__, report"),
        ("cli.watching", "from watchfiles import watch"),
    ],
)
def test_a_right_import_passes(module: str, code: str) -> None:
    assert list(wrong_imports(module, code)) == []


@pytest.mark.parametrize("path", sorted(TESTS.rglob("test_*.py")), ids=lambda path: path.stem)
def test_no_test_file_imports_another(path: Path) -> None:
    names = imported_modules(path.read_text(encoding="utf-8"))
    assert [name for name in names if re.search(r"\btest_\w+\.", name)] == []


def test_each_layer_names_rooms_that_exist() -> None:
    rooms = {module_name(path).partition(".")[0] for path in MODULES}
    assert set(LEVELS) == rooms


@pytest.mark.parametrize("room", sorted(SRC.rglob("*/__init__.py")), ids=module_name)
def test_the_opening_page_of_a_room_names_each_of_its_files(room: Path) -> None:
    told = ast.get_docstring(ast.parse(room.read_text(encoding="utf-8"))) or ""
    files = [path.stem for path in room.parent.glob("*.py") if path != room]
    assert [name for name in files if not re.search(rf"\b{name}\b", told)] == []
