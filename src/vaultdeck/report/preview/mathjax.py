"""MathJax for the preview: the version that Anki has, from its CDN or from a file of the user's."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import field
from pathlib import Path

from vaultdeck.model.value import value
from vaultdeck.report.preview.page_files import data_uri

MATHJAX_VERSION = "3.2.2"
FILE = "tex-chtml-full.js"
FONTS = "output/chtml/fonts/woff-v2"
CDN = f"https://cdn.jsdelivr.net/npm/mathjax@{MATHJAX_VERSION}/es5"
# sha384 of es5/tex-chtml-full.js in the npm package mathjax 3.2.2, which is byte for byte the file
# that Anki ships. To check: npm pack mathjax@3.2.2; tar xzf mathjax-3.2.2.tgz;
# openssl dgst -sha384 -binary package/es5/tex-chtml-full.js | base64 -w0
INTEGRITY = "sha384-NR8saakDju74wZ6sprPPhEoWbaP3iVtXVJH12mRSiaIgxMdi33mOQj8bnF2WxzY3"


@value(frozen=True, slots=True)
class MathJax:
    """Where the page gets MathJax from: `code` and `fonts` (by file name) hold it, else it is the CDN's."""

    code: str = ""
    fonts: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """Return what the page's policy must allow: the script's address or its hash."""
        if not self.code:
            return f"{CDN}/{FILE}"
        return script_hash(self.code)

    def as_data(self) -> dict[str, object]:
        """Return what the page's script needs."""
        if self.code:
            return {"root": CDN, "code": self.code, "fonts": self.fonts}
        return {"root": CDN, "src": f"{CDN}/{FILE}", "integrity": INTEGRITY}


def script_hash(code: str) -> str:
    """Return the form in which a page's policy allows an inline script."""
    digest = hashlib.sha256(code.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def read_mathjax(path: Path) -> MathJax:
    """Read MathJax 3 from a file, or a folder that holds `tex-chtml-full.js` (perhaps in `es5`).

    The fonts are taken from where its own packages have them, so that the page needs no network; without
    them they come from the CDN. Raises OSError.
    """
    file = path
    if path.is_dir():
        found = (folder / FILE for folder in (path, path / "es5"))
        file = next((name for name in found if name.is_file()), path / FILE)
    try:
        # A script in a page must hold no carriage return, else its hash differs.
        code = file.read_bytes().decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise OSError(f"'{file}' is no script: it is not UTF-8 text") from error
    folder = file.parent / FONTS
    fonts = sorted(folder.glob("MathJax_*.woff")) if folder.is_dir() else []
    return MathJax(code, {font.name: data_uri(font.read_bytes(), "font/woff") for font in fonts})
