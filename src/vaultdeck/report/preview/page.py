"""The preview page: one HTML file that shows every card of a build as Anki does.

The page's own parts lie beside this module: `page.html`, `page.css`, and the scripts, which need no
build step. Cards are data in the page and are rendered one at a time, in a frame of their own, so
that neither their CSS nor the page's reaches the other.
"""

from __future__ import annotations

import hashlib
import html
import json
from functools import partial
from pathlib import Path
from string import Template
from typing import Any

from vaultdeck.anki.svg import packed_bytes
from vaultdeck.build.outcome import Build
from vaultdeck.model.value import value
from vaultdeck.report.preview.entries import note_entries
from vaultdeck.report.preview.mathjax import MathJax, read_mathjax, script_hash
from vaultdeck.report.preview.page_files import place_media
from vaultdeck.settings.select import chooser
from vaultdeck.vault.inside import read_inside
from vaultdeck.vault.write import clear_leftovers, replace_bytes

PAGE_PARTS = Path(__file__).parent
SCRIPTS = ("frame.js", "list.js", "card.js", "page.js")
# What a script element must not hold as it is, and what JavaScript took for line ends until 2019.
UNSAFE = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


@value(frozen=True, slots=True)
class PreviewOptions:
    """How a page is made.

    `mathjax` is a file or folder with MathJax, to be offline; `is_live` makes the page wait for news
    from the server that it came from; `chosen` are the files and folders of the vault whose cards it
    shows, all if there are none.
    """

    mathjax: Path | None = None
    is_live: bool = False
    chosen: tuple[str, ...] = ()


@value(frozen=True, slots=True)
class Written:
    """A page that was written: how many cards it shows, and a version that changes when it does."""

    cards: int
    version: str


def write_preview(
    build: Build, root: Path, page: Path, options: PreviewOptions | None = None
) -> Written:
    """Write the page of a build of the vault in folder `root`.

    The page is replaced in one step; its larger media stand beside it. Raises OSError.
    """
    options = options or PreviewOptions()
    mathjax = read_mathjax(options.mathjax) if options.mathjax else MathJax()
    is_chosen = chooser(options.chosen)
    refs = {
        ref
        for stamped in build.stamped.notes
        if is_chosen(stamped.note.location.path)
        for ref in stamped.note.files
    }
    clear_leftovers(page.parent.iterdir())
    media = place_media(refs, partial(_read, root), page)
    vault = build.config.vault_name
    notes, others = note_entries(build.stamped.notes, build.diagnostics, vault, is_chosen)
    styles = {s.note.note_type.name: s.note.note_type.css for s in build.stamped.notes}
    data = {"vault": vault, "styles": styles, "media": media, "notes": notes, "problems": others}
    version = hashlib.sha256(script_json(data).encode()).hexdigest()[:16]
    text = render_page(data, mathjax, live_version=version if options.is_live else "")
    replace_bytes(page, text.encode())
    return Written(sum(len(note["cards"]) for note in notes), version)


def render_page(data: dict[str, Any], mathjax: MathJax, *, live_version: str = "") -> str:
    """Return the page's HTML; with a version it waits for its server to announce another one."""
    script = "\n".join(_part(name) for name in SCRIPTS)
    return Template(_part("page.html")).substitute(
        title=html.escape(data["vault"]),
        policy=html.escape(_policy(script, mathjax, bool(live_version))),
        style=_part("page.css"),
        data=script_json({**data, "mathjax": mathjax.as_data(), "live": live_version}),
        script=script,
    )


def script_json(data: Any) -> str:
    """Return JSON that can stand in a script element: nothing in it can close the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate has no UTF-8; Python spells it just as JSON does.
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    # Many times faster than `translate` for a text of megabytes.
    for char, escaped in UNSAFE.items():
        text = text.replace(char, escaped)
    return text


def _policy(script: str, mathjax: MathJax, is_live: bool) -> str:
    """Return the page's Content-Security-Policy, which its card frame inherits.

    Scripts are the page's own and MathJax, by hash and by address: what a card brings along does not
    run, be it an inline handler. Pictures, sounds and fonts may come from the web, as they do in Anki.
    `file:` stands for files beside a page that was opened from disk.
    """
    web = "https: http: data: 'self' file:"
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {script_hash(script)} {mathjax.source}",
            "style-src 'unsafe-inline' https:",
            f"img-src {web}",
            f"media-src {web}",
            f"font-src {web}",
            "frame-src https: http:",
            "connect-src 'self'" if is_live else "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _part(name: str) -> str:
    return (PAGE_PARTS / name).read_text(encoding="utf-8")


def _read(root: Path, path: str) -> bytes | None:
    try:
        data = read_inside(root, path)
        return data and packed_bytes(path, data)
    except OSError:
        return None
