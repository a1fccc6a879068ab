"""Read note types from their folders."""

from __future__ import annotations

import functools
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from vaultdeck.model import NoteType, Template

BUILTIN_FOLDER = Path(__file__).parent
# Fields that vaultdeck fills; no `Name:` line of a card switches to them.
FILLED_FIELDS = ("Context", "Source")

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@functools.cache
def load_builtin() -> MappingProxyType[str, NoteType]:
    """Return our own note types by the name that an author writes: Anki's stock names.

    In Anki they are called `Basic (vaultdeck)` and so on, since a package "Basic" beside the stock
    one would become "Basic+".
    """
    style = (BUILTIN_FOLDER / "style.css").read_text(encoding="utf-8")
    folders = sorted(path.parent for path in BUILTIN_FOLDER.glob("*/notetype.yaml"))
    types = [load_notetype(folder, style) for folder in folders]
    return MappingProxyType({_stock_name(kind.name): kind for kind in types})


def load_notetype(folder: Path, style: str = "") -> NoteType:
    """Read one note type from its folder; `style` is the CSS if the folder has none of its own."""
    text = (folder / "notetype.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=_Loader)
    own_style = folder / "style.css"
    css = own_style.read_text(encoding="utf-8") if own_style.exists() else style
    fields: dict[str, int] = data["fields"]
    templates = tuple(
        Template(
            name=name,
            id=entry["id"],
            front=(folder / f"{entry['file']}.front.html").read_text(encoding="utf-8"),
            back=(folder / f"{entry['file']}.back.html").read_text(encoding="utf-8"),
        )
        for name, entry in data["templates"].items()
    )
    return NoteType(
        name=data["name"],
        id=data["id"],
        fields=tuple(fields),
        field_ids=tuple(fields.values()),
        templates=templates,
        css=css,
        is_cloze=data["kind"] == "cloze",
        mod=data["mod"],
        written=tuple(name for name in fields if name not in FILLED_FIELDS),
    )


def _stock_name(name: str) -> str:
    return name.removesuffix(" (vaultdeck)")
