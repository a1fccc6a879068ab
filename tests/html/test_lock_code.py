"""What runs or loads something from a lock's note types is named: each is shown in Anki's reviewer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.attack_corpus import RUN, cloze_attacks
from tests.support.browser import Reviewer, View
from tests.support.helpers import build, write_vault
from tests.support.rendered import render_vault
from vaultdeck.build.options import Mode

ID = 1_790_000_100_000
WEB = "https://attacker.invalid/"
HEADER = "# vaultdeck.lock 1: what is in Anki. Commit it with the notes; only vaultdeck writes it."
# A front template, or a style sheet.
FRONTS = [
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1>",
    "<svg><script>window.pwned=1</script></svg>",
    f'<svg><a href="{RUN}"><text>x</text></a></svg>',
    f'<math><mtext href="{RUN}">x</mtext></math>',
    "<math><mi><table><mglyph><style><!--</style><img title='--><img src=x onerror=window.pwned=1>'>",
    "<style>@import '" + WEB + "x';</style>",
    "<style></style><script>window.pwned=1</script>",
    f"<style>.x{{background:image-set('{WEB}a' 1x)}}</style><b class=x>x</b>",
    f"<b style=\"background:image-set('{WEB}b' 1x)\">x</b>",
    f"<b style=\"background:-webkit-image-set('{WEB}c' 1x)\">x</b>",
    f"<b style='background:url({WEB}d)'>x</b>",
    f"<b style='background:u\\72l({WEB}e)'>x</b>",
    f"<img srcset='{WEB}f 1x'>",
    f"<picture><source srcset='{WEB}g'><img src=x></picture>",
    f"<video poster='{WEB}h'></video>",
    f"<video><source src='{WEB}i'></video>",
    f"<audio src='{WEB}j' autoplay></audio>",
    "<img src='//attacker.invalid/k'>",
    f"<img src='\t{WEB}l'>",
    "<img src='/\\attacker.invalid/u'>",
    "<img src='/&#9;/attacker.invalid/v'>",
    "<img src='ht&#10;tps://attacker.invalid/w'>",
    "<img src='https:attacker.invalid/m'>",
    "<img src='\\\\attacker.invalid/n'>",
    f"<link rel=stylesheet href='{WEB}o'>",
    f"<base href='{WEB}p/'><img src=x>",
    "<meta http-equiv=refresh content='0;url=javascript:window.pwned=1'>",
    f"<form action='{RUN}'><button>x</button></form>",
    f"<object data='{WEB}q'></object>",
    f"<embed src='{WEB}r'>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    f"<input type=image src='{WEB}s'>",
    f"<table background='{WEB}t'><tr><td>x</td></tr></table>",
    f"<a href='{RUN}'>x</a>",
    "<a href='java&#10;script:window.pwned=1'>x</a>",
    "<{{#Front}}img src=x onerror=window.pwned=1{{/Front}}>",
    "{{=<% %>=}}<img src=x onerror=<%Front%>window.pwned=1>",
    "<!{{Front}}--><img src=x onerror=window.pwned=1>",
    "<noscript><p title='</noscript><img src=x onerror=window.pwned=1>'></noscript>",
    "<textarea><img title='</textarea><img src=x onerror=window.pwned=1>'></textarea>",
    "<xmp><b title='</xmp><img src=x onerror=window.pwned=1>'></b></xmp>",
    "<title><b title='</title><img src=x onerror=window.pwned=1>'></b>",
    "<b title=`><img src=x onerror=window.pwned=1>`>x</b>",
    "<b/title='x'/onclick=window.pwned=1>x</b>",
    "<details open ontoggle=window.pwned=1>x</details>",
    rf"\(\href{{{RUN}}}{{x}}\)",
    rf"&lpar;&bsol;(\href{{{RUN}}}{{x}}&bsol;)",
    rf"{{{{text:Front}}}}&#x5C;(\href{{{RUN}}}{{x}}&#x5C;)",
    "<anki-mathjax>\\href{" + RUN + "}{x}</anki-mathjax>",
]
SHEETS = [
    "</style><script>window.pwned=1</script>",
    "</STYLE\n><img src=x onerror=window.pwned=1>",
    f".card{{background:image-set('{WEB}1' 1x)}}",
    f".card{{background:url('{WEB}2')}}",
    f"@import '{WEB}3';",
    f"@\\69mport '{WEB}4';",
    f"@font-face{{font-family:x;src:url({WEB}5)}}.card{{font-family:x}}",
    f".card{{cursor:-webkit-image-set('{WEB}6' 1x),auto;content:image-set('{WEB}7' 1x)}}",
]
# What covers the card, in a style sheet or in an element's style.
COVERS = [
    "position:fixed;inset:0;background:red",
    "color:red;POSITION : sticky;top:0",
    "position:/* a */fixed;top:0;left:0;right:0",
    'content:"/*";position:fixed;top:0;z-index:9;color:"*/"',
    "position:relative;top:-90vh;height:200vh",
    "--x:fixed;position:var(--x);top:0",
    "margin-top:-90vh;height:200vh",
    "--x:calc(1px - 90vh);margin-top:var(--x)",
    "margin:calc(0px - 90vh) 0 0;height:200vh",
    "transform:scale(99)",
    "-webkit-transform:translate(0,-90vh);height:200vh",
    "translate:0 -90vh;height:200vh",
    "box-shadow:0 0 0 9999px red",
    "outline:99em solid red",
    "z-index:99",
    "all:unset;position:fixed",
]
HONEST = [
    ("<div class=front id=f>{{Front}}</div>", ".card > b{color:red}"),
    ("{{hint:Front}}", ""),
    (
        "<b style='color:red;float:left'>x</b>",
        ".card{font:20px arial;margin:0 auto}.cloze{color:blue}",
    ),
    (
        "<p class=note>x</p>",
        "/* position:fixed */ :root{--a:#fff} .nightMode a:hover::after{content:';position:fixed'} "
        "@media (max-width:600px){.note{display:grid;grid-column:1/-1;width:calc(100% - 20px);"
        "box-shadow:0 2px 4px #000000;-webkit-font-smoothing:auto;position:relative;color:var(--a)}}",
    ),
]


def vault_of(types: list[tuple[str, str]]) -> dict[str, str | bytes]:
    """Return a vault with a note of each note type, which are a front and a style sheet in the lock."""
    lines, notes = [], []
    for number, (front, css) in enumerate(types, ID):
        back = "{{FrontSide}}<hr id=answer>{{Back}}"
        kind = {"name": f"Type {number}", "fields": ["Front", "Back"], "css": css, "cloze": False}
        kind["templates"] = [["Card 1", f"{front} {{{{Front}}}}", back]]
        lines.append(f"type\t{number}\t{json.dumps(kind)}\n")
        notes.append(f"START\nBasic\nq\nBack: a\n<!--ID: {number}-->\nEND\n")
    for number in range(ID, ID + len(types)):
        lines.append(f'{number}\tg{number}\t1790000200\tx\t1\tv\tBasic\t{{"type":{number}}}\n')
    return {
        "n.md": "\n".join(notes),
        "vaultdeck.lock": f"{HEADER}\nadopted\n{''.join(lines)}# end\n",
    }


def test_note_type_of_a_lock_that_does_more_than_show_is_named(
    reviewer: Reviewer, tmp_path: Path
) -> None:
    types = [*((front, "") for front in FRONTS), *(("", css) for css in SHEETS)]
    vault = write_vault(tmp_path / "vault", vault_of(types))
    rendered = render_vault(vault, tmp_path / "work")
    named = _named(vault)
    assert len(rendered.cards) == len(types)
    acting: set[int] = set()
    view = View(1000, False)
    for card in rendered.cards:
        reviewer.forget()
        side = reviewer.inspect([card], rendered.media, view)[0]
        if side.report["hostile"] or reviewer.foreign_requests():
            acting.add(card.note_id - ID)
    reviewer.forget()
    assert not acting - named, [types[n] for n in sorted(acting - named)]
    assert len(acting) > 30


@pytest.mark.parametrize("style", COVERS)
def test_note_type_of_a_lock_that_covers_the_card_is_named(tmp_path: Path, style: str) -> None:
    sheets = [("", f".x{{color:red;{style}}}"), ("", f"@media print{{}} a:hover{{{style}")]
    if '"' not in style:
        sheets.append((f'<b style="{style}">x</b>', ""))
    assert _named(write_vault(tmp_path, vault_of(sheets))) == set(range(len(sheets)))


def test_deletions_of_a_field_that_a_lock_holds_open_no_tag(
    reviewer: Reviewer, tmp_path: Path
) -> None:
    side = '<div class="vd">{{cloze:Text}} {{cloze:Hint}} {{Hint}}</div>'
    kind = {"name": "Mine", "fields": ["Text", "Hint"], "css": "", "cloze": True}
    kind["templates"] = [["Cloze", side, side]]
    notes, lines = [], [f"type\t{ID}\t{json.dumps(kind)}\n"]
    for number, attack in enumerate(cloze_attacks(), ID):
        more = json.dumps({"type": ID, "fields": {"Hint": attack}})
        lines.append(f"{number}\tg{number}\t1790000200\tx\t1\tv\tCloze\t{more}\n")
        notes.append(f"START\nCloze\n{{{{c1::a}}}}\n<!--ID: {number}-->\nEND\n")
    lock = f"{HEADER}\nadopted\n{''.join(lines)}# end\n"
    files = {"n.md": "\n".join(notes), "vaultdeck.lock": lock}
    rendered = render_vault(write_vault(tmp_path / "vault", files), tmp_path / "work")
    reviewer.forget()
    sides = reviewer.inspect(rendered.cards, rendered.media, View(1000, False))
    assert len(sides) >= 2 * len(notes)
    wrong = {side.html.partition("</style>")[2]: side.report["hostile"] for side in sides}
    assert not {html: found for html, found in wrong.items() if found}
    assert reviewer.foreign_requests() == []


def test_note_type_that_only_shows_is_not_named(tmp_path: Path) -> None:
    assert _named(write_vault(tmp_path / "vault", vault_of(HONEST))) == set()


def _named(vault: Path) -> set[int]:
    """Return the numbers of the note types that `lock-code` names."""
    problems = build(vault, mode=Mode.CHECK).diagnostics
    names = [p.message.split("Type ")[1] for p in problems if p.code == "lock-code"]
    return {int(name.partition("'")[0]) - ID for name in names}
