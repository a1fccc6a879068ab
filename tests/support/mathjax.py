"""Anki's own MathJax in a headless Chromium: the judge of what a formula looks like in Anki.

Nothing here is needed to run vaultdeck. The bundle and its configuration come from the `aqt` wheel, so
that a newer Anki is asked as it is.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

TIMEOUT = 300
# Macros, labels and packages of one formula reach the next ones, hence a fresh start where needed.
PAGE = """<html><head><meta charset="utf-8"><script src="%s"></script><script src="%s"></script>
</head><body><pre id="answer"></pre><script>
const STICKY = /require|newcommand|def|let|Declare|newenv|label|tag|color|paired|new|cdo|mathtools/i;
// Anki's is red, which a formula may use as well.
const UNKNOWN = '#010203';
MathJax.config.tex.noundefined = {color: UNKNOWN};
let doc = null;
function fresh() {
  MathJax.startup.input = MathJax.startup.getInputJax();
  MathJax.startup.document = doc = MathJax.startup.getDocument();
}
async function convert(tex, display) {
  if (!doc || STICKY.test(tex)) fresh();
  let root;
  try {
    root = await MathJax._.mathjax.mathjax.handleRetriesFor(
      () => doc.convert(tex, {display, end: MathJax._.core.MathItem.STATE.CONVERT}));
  } catch (failure) {
    root = null;
    var message = String((failure && failure.message) || failure);
  }
  if (STICKY.test(tex)) doc = null;
  if (!root) return {error: message, undefined: []};
  let error = '', names = [];
  root.walkTree((node) => {
    const said = node.attributes && node.attributes.getExplicit('data-mjx-error');
    if (node.isKind('merror') && !error) error = said || node.attributes.getExplicit('title') || 'error';
    if (node.isKind('mtext') && node.attributes.getExplicit('mathcolor') === UNKNOWN) {
      names.push(node.childNodes.map((child) => child.text || '').join(''));
    }
  });
  return {error, undefined: names};
}
MathJax.startup.promise.then(async () => {
  const data = %s;
  const answer = await (async () => { %s })();
  document.getElementById('answer').textContent = btoa(unescape(encodeURIComponent(
    JSON.stringify(answer))));
}).catch((failure) => {
  document.getElementById('answer').textContent = 'failed ' + failure + failure.stack;
});
</script></body></html>"""
JUDGE = """
const answers = [];
for (const [tex, display] of data) answers.push(await convert(tex, display));
return answers;
"""


class Verdict(NamedTuple):
    """What MathJax made of one formula: its error, and the macros that it painted red."""

    error: str
    undefined: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Tell whether the formula is shown as its author meant it."""
        return not self.error and not self.undefined


def find_bundle() -> Path | None:
    """Return the folder of Anki's scripts, or None if `aqt` or Chromium is not installed."""
    spec = importlib.util.find_spec("_aqt")
    if spec is None or not spec.submodule_search_locations or find_chromium() is None:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / "data" / "web" / "js"
    return folder if (folder / "vendor" / "mathjax" / "tex-chtml-full.js").exists() else None


def find_chromium() -> str | None:
    """Return the program to run, if there is one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def judge(formulas: Iterable[str], *, display: bool = True) -> list[Verdict]:
    """Return what Anki's MathJax makes of each formula, each on its own."""
    answers = ask(JUDGE, [(tex, display) for tex in formulas])
    return [Verdict(answer["error"], tuple(answer["undefined"])) for answer in answers]


def ask(script: str, data: object) -> Any:
    """Return what the JavaScript `script` returns for `data` in a page that has loaded MathJax."""
    folder, chromium = find_bundle(), find_chromium()
    assert folder is not None
    assert chromium is not None
    sources = folder / "mathjax.js", folder / "vendor" / "mathjax" / "tex-chtml-full.js"
    literal = json.dumps(data).replace("</", "<\\/")
    with tempfile.TemporaryDirectory() as scratch:
        page = Path(scratch) / "page.html"
        values = (*(source.as_uri() for source in sources), literal, script)
        page.write_text(PAGE % values, encoding="utf-8")
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
        command += [f"--user-data-dir={scratch}/profile", "--virtual-time-budget=600000"]
        done = subprocess.run(
            [*command, page.as_uri()], capture_output=True, text=True, timeout=TIMEOUT, check=True
        )
    answer = done.stdout.partition('<pre id="answer">')[2].partition("</pre>")[0]
    if not answer or answer.startswith("failed"):
        raise RuntimeError(answer or "the page did not answer")
    return json.loads(base64.b64decode(answer))
