"""The preview: every card of a vault as Anki shows it, in one HTML page.

sides.py, filters.py                      a note → front and back of its cards
entries.py, formulas.py                   a build → what the page holds, titles as text
page_files.py, mathjax.py                  files inside the page and beside it
page.py, page.html, page.css, *.js        the page
server.py                                 the page on 127.0.0.1, reloading itself
"""

from vaultdeck.report.preview.page import PreviewOptions, write_preview

__all__ = ["PreviewOptions", "write_preview"]
