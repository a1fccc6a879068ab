"""Comments that hide a block's markers from readers, and nothing else.

%%
START
Basic
%%
shown question
Back: shown answer
%%
END
%%
"""

from __future__ import annotations

from vaultdeck.cards.lines import Line


def drop_hiding_comments(lines: list[Line], text: str, start: int) -> list[Line]:
    """Drop the lines `%%` of comments that hide nothing but the block's markers.

    A comment that is open where the block starts ends at a line `%%` by the note type, and one that
    begins at the last line goes on behind the end marker.
    """
    if not lines or text.find("%%", start, lines[-1].end) < 0:
        return lines
    shown = [line for line in lines if not line.is_blank]
    if not any(line.text.strip() == "%%" for line in [*shown[:2], *shown[-1:]]):
        return lines
    if text.count("%%", 0, start) % 2 == 0:
        return lines
    dropped = [line for line in shown[:2] if line.text.strip() == "%%"][:1]
    left = sum(line.text.count("%%") for line in lines) - len(dropped)
    if left % 2 and shown[-1].text.strip() == "%%":
        dropped.append(shown[-1])
    return [line for line in lines if line not in dropped]
