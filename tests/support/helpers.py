"""What many tests need: a vault on disk, a build of it, and the real Anki's view of the package."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vaultdeck.anki.notetypes.builtin import load_builtin
from vaultdeck.build import build as pipeline
from vaultdeck.build.options import Options
from vaultdeck.build.outcome import Build
from vaultdeck.model.config import Config
from vaultdeck.model.diagnostics import Diagnostic

NOW = 1_760_000_000
CONFIG = Config("vault", "vault", note_types=load_builtin())
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154"
    "78da63fcffff3f030005fe02fea7566b740000000049454e44ae426082"
)


def write_vault(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files given by vault path; text is written as UTF-8 with its newlines as they are."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def card(
    front: str, back: str = "answer", *, note_id: int | None = None, kind: str = "Basic"
) -> str:
    """Return the text of a block."""
    id_line = f"<!--ID: {note_id}-->\n" if note_id else ""
    back_line = "" if kind == "Cloze" else f"Back: {back}\n"
    return f"START\n{kind}\n{front}\n{back_line}{id_line}END\n"


def build(folder: Path, *, now: int = NOW, **options: Any) -> Build:
    """Build without writing anything."""
    return pipeline.build(folder, now, Options(is_dry_run=True, **options))


def fronts(result: Build) -> list[str]:
    """Return the first fields of a build's notes."""
    return [stamped.note.fields[0] for stamped in result.stamped.notes]


def build_package(folder: Path, package: Path, *, now: int = NOW, **options: Any) -> Build:
    """Build as the command does: IDs into the notes, the lock, the package."""
    return pipeline.build(folder, now, Options(output=package, **options))


def run(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    command = [sys.executable, "-m", "vaultdeck", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False
    )


def run_on_terminal(*arguments: object, cwd: Path, rows: int = 0) -> tuple[int, str]:
    """Run the command as on a terminal; return its exit code and what stands on the terminal then.

    With `rows` the terminal has a size, and 80 columns.
    """
    import pty

    screen, terminal = pty.openpty()
    if rows:
        import fcntl
        import struct
        import termios

        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 80, 0, 0))
    command = [sys.executable, "-m", "vaultdeck", *map(str, arguments)]
    process = subprocess.Popen(command, cwd=cwd, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    shown = b""
    # Where nobody has the terminal open any more, Linux ends reading with an error.
    with suppress(OSError):
        while read := os.read(screen, 65536):
            shown += read
    os.close(screen)
    return process.wait(), shown.decode().replace("\r\n", "\n")


def fields(result: Build, number: int = 0) -> dict[str, str]:
    """Return the fields of one built note by name."""
    note = result.stamped.notes[number].note
    return dict(zip(note.note_type.fields, note.fields, strict=True))


def problems(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """Return diagnostics as `path:line:column code`, to compare."""
    return [
        f"{d.location.path}:{d.location.line}:{d.location.column} {d.code}" for d in diagnostics
    ]


@dataclass
class Imported:
    """What Anki counted when it imported a package."""

    new: int
    updated: int
    duplicate: int
    conflicting: int
    found: int
    nids: dict[str, list[int]] = field(default_factory=dict)


class Anki:
    """A real collection on disk."""

    def __init__(self, folder: Path) -> None:
        from anki.collection import Collection

        folder.mkdir(parents=True, exist_ok=True)
        self.col = Collection(str(folder / "collection.anki2"))

    def import_package(self, package: Path) -> Imported:
        """Import as the desktop's dialog does by default."""
        from anki.collection import ImportAnkiPackageRequest

        options = self.col._backend.get_import_anki_package_presets()
        request = ImportAnkiPackageRequest(package_path=str(package.absolute()), options=options)
        log = self.col.import_anki_package(request).log
        lists = {key: getattr(log, key) for key in ("new", "updated", "duplicate", "conflicting")}
        return Imported(
            found=log.found_notes,
            nids={key: [note.id.nid for note in notes] for key, notes in lists.items()},
            **{key: len(notes) for key, notes in lists.items()},
        )

    def note(self, note_id: int) -> Any:
        return self.col.get_note(note_id)

    def sides(self, note_id: int) -> list[tuple[str, str]]:
        """Return question and answer of each card of a note."""
        outputs = [card.render_output(reload=True) for card in self.note(note_id).cards()]
        return [(output.question_text, output.answer_text) for output in outputs]

    def deck_of(self, note_id: int) -> str:
        return str(self.col.decks.name(self.note(note_id).cards()[0].did))

    def problems(self) -> list[str]:
        """Return what Anki finds wrong in the whole collection."""
        check = self.col.media.check()
        found = [f"missing media {name}" for name in check.missing]
        found += [f"unused media {name}" for name in check.unused]
        found += [f"empty card of {note.note_id}" for note in self.col.get_empty_cards().notes]
        for note_id in self.col.find_notes(""):
            if not self.note(note_id).cards():
                found.append(f"no card for {note_id}")
            for sides in self.sides(note_id):
                found += [side for side in sides if "templates/errors.html" in side]
        return found
