"""Stock markdown-it-py renders the fields that `tools.bench.fields` wrote, and does nothing else.

python -m tools.bench.stock FILE
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from markdown_it import MarkdownIt

if __name__ == "__main__":
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for text in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        markdown.render(text)
