"""The import rule: modules import downwards only, and heavy libraries stay in their rooms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parent.parent / "src" / "vaultdeck"
# Lowest first. A module may import from its own package and from lower layers; stages also not
# from each other.
LAYERS = [
    {"model", "diagnostics"},
    {
        "links",
        "media",
        "decks",
        "cards",
        "lock",
        "splice",
        "sections",
        "sanitize",
        "selection",
        "chosen",
        "yaml_bounds",
        "coloring",
        "embedded",
        "inert",
        "near_names",
        "safe_tex",
        "tex",
        "walk",
        "inputs",
    }
    | {"markdown", "config_schema"},
    {"notetypes"},
    {"parse", "resolve", "render", "identity"},
    {"link", "adopt", "tombstones"},
    {"documents", "files", "vault", "config", "settings", "plugin", "other_plugins", "starter"}
    | {"package", "collection", "edits", "library", "lockfile"},
    {"cloze_checks", "breadcrumb"},
    {"fields", "trace"},
    {"compiler", "session"},
    {"workers"},
    {"newids", "cache", "pool"},
    {"builds"},
    {"engine"},
    {"report", "preview", "watch", "stats", "stats_report", "survey", "advice"},
    {"cli", "__main__"},
]
STAGES = LAYERS[2]
MODULES = sorted(
    path for path in SRC.rglob("*.py") if path.name != "__init__.py" or path.parent != SRC
)


def room(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def layer(name: str) -> int:
    return next(level for level, names in enumerate(LAYERS) if name in names)


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "vaultdeck":
                yield from (f"vaultdeck.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SRC)))
def test_module_imports_downwards_only(path: Path) -> None:
    own = room(path)
    for module in imported_modules(path):
        parts = module.split(".")
        if parts[0] != "vaultdeck" or len(parts) == 1 or parts[1].startswith("__"):
            continue
        other = parts[1]
        if other == own:
            continue
        assert layer(other) <= layer(own), f"{own} imports {other}"
        assert not {own, other} <= STAGES, f"stage {own} imports stage {other}"


@pytest.mark.parametrize(
    ("library", "home"), [("genanki", "package"), ("click", "cli"), ("watchfiles", "watch")]
)
def test_only_one_module_knows_the_library(library: str, home: str) -> None:
    users = {
        room(path)
        for path in MODULES
        if any(name.partition(".")[0] == library for name in imported_modules(path))
    }
    assert users == {home}
