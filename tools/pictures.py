"""Draw the pictures of README and docs: `python -m tools.pictures [FOLDER]`.

The folder is `.github/pictures` by default. They are cards of `examples/study-notes` in Anki's own
reviewer, so that they show what a reader gets, the preview, and the diff that `vaultdeck embed` prints.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from html import escape
from pathlib import Path

from selenium.webdriver.support.wait import WebDriverWait

from tests.support.browser import Reviewer, Tools, View, find_tools, open_reviewer
from tests.support.helpers import build, run, write_vault
from tests.support.rendered import RenderedVault, render_vault
from vaultdeck.report.preview import PreviewOptions, write_preview

ROOT = Path(__file__).parent.parent
DESKTOP, PHONE = 760, 390
# Twice the pixels, so that letters are crisp.
SCALE = 2


@dataclass(frozen=True)
class Picture:
    """A picture's file name, and which side of which card it shows in which view."""

    name: str
    note_id: int
    is_answer: bool
    view: View


PICTURES = (
    Picture("question", 1790000100001, False, View(DESKTOP, False)),
    Picture("answer", 1790000100001, True, View(DESKTOP, False)),
    Picture("answer-dark", 1790000100001, True, View(DESKTOP, True)),
    Picture("phone-dark", 1790000100007, True, View(PHONE, True)),
)

# Two sections of a note, pasted into a card as people do: one with its heading's level changed.
PASTED = {
    "Critical points.md": "## Saddle points\n- the gradient vanishes\n- momentum helps\n\n"
    "## Plateaus\n- the gradient is small on a whole region\n- a larger step helps\n\n"
    "## Minima\n- the Hessian is positive there\n",
    "Gradient descent.md": "START\nBasic\nWhere does gradient descent get stuck?\nBack:\n"
    "### Saddle points\n- the gradient vanishes\n- momentum helps\n\n"
    "### Plateaus\n- the gradient is small on a whole region\n- a larger step helps\n"
    "<!--ID: 1700000000001-->\nEND\n",
}
TERMINAL = """\
<body style="margin: 0; background: #1e1e1e; color: #d4d4d4">
<pre style="margin: 0; padding: 16px 20px; font: 15px/1.5 'DejaVu Sans Mono', monospace">{lines}</pre>
"""
COLORS = {"---": "inherit", "+++": "inherit", "@@": "#4fc1ff", "-": "#f48771", "+": "#89d185"}


def draw(reviewer: Reviewer, vault: RenderedVault, picture: Picture) -> bytes:
    """Return the PNG of a picture."""
    card = next(card for card in vault.cards if card.note_id == picture.note_id)
    return reviewer.draw(card, vault.media, picture.view, is_answer=picture.is_answer, scale=SCALE)


def draw_preview(reviewer: Reviewer, tools: Tools, work: Path) -> bytes:
    """Return the PNG of the preview page with an answer that holds math."""
    vault = shutil.copytree(ROOT / "examples" / "study-notes", work / "preview")
    page = work / "preview.html"
    write_preview(
        build(vault),
        vault,
        page,
        PreviewOptions(mathjax=tools.anki_web / "js" / "vendor" / "mathjax"),
    )
    reviewer.resize(1180, 760, 1)
    reviewer.driver.get(page.as_uri())
    card = "return document.querySelector('iframe')?.contentDocument?"
    wait = WebDriverWait(reviewer.driver, 30).until
    wait(lambda driver: driver.execute_script(f"{card}.getElementById('qa')?.textContent"))
    # The third card is the first one with math.
    rows = reviewer.driver.find_elements("css selector", ".row:not(.deck) .label")
    rows[2].click()
    wait(lambda driver: driver.execute_script(f"{card}.getElementById('qa')?.textContent"))
    reviewer.driver.find_element("css selector", "#flip").click()
    wait(lambda driver: driver.execute_script(f"{card}.querySelector('mjx-container') !== null"))
    time.sleep(1)
    return reviewer.capture()


def draw_diff(reviewer: Reviewer, work: Path) -> bytes:
    """Return the PNG of a terminal with the diff that `vaultdeck embed` prints."""
    vault = write_vault(work / "pasted", PASTED)
    diff = run("embed", ".", "--dry-run", cwd=vault).stdout
    page = work / "diff.html"
    lines = ["<b>$ vaultdeck embed . --dry-run</b>"]
    for line in diff.splitlines():
        color = next((COLORS[start] for start in COLORS if line.startswith(start)), "inherit")
        lines.append(f'<span style="color: {color}">{escape(line)}</span>')
    page.write_text(TERMINAL.format(lines="\n".join(lines)), encoding="utf-8")
    reviewer.driver.get(page.as_uri())
    reviewer.resize(DESKTOP, 100, SCALE)
    height = reviewer.driver.execute_script("return document.body.scrollHeight")
    reviewer.resize(DESKTOP, height, SCALE)
    return reviewer.capture()


def main(folder: Path) -> None:
    """Draw all pictures into a folder."""
    tools = find_tools()
    if isinstance(tools, str):
        sys.exit(tools)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, open_reviewer(tools) as reviewer:
        vault = render_vault(ROOT / "examples" / "study-notes", Path(work))
        drawn = {picture.name: draw(reviewer, vault, picture) for picture in PICTURES}
        drawn["embed-diff"] = draw_diff(reviewer, Path(work))
        drawn["preview"] = draw_preview(reviewer, tools, Path(work))
        for name, png in drawn.items():
            file = folder / f"{name}.png"
            file.write_bytes(png)
            print(f"{file}: {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".github" / "pictures")
