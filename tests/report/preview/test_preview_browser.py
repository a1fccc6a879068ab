"""The preview page in a real browser: cards turn, math is typeset, nothing leaks, nothing runs."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import Reviewer, Tools, find_tools, open_reviewer
from tests.support.helpers import NOW, PNG, build, card, write_vault
from vaultdeck.report.preview import PreviewOptions, write_preview
from vaultdeck.report.preview.server import LiveServer

EXAMPLES = Path(__file__).parents[3] / "examples" / "study-notes"
TOOLS = find_tools()
pytestmark = pytest.mark.skipif(isinstance(TOOLS, str), reason=str(TOOLS))
PATIENCE = 30


@pytest.fixture(scope="module")
def browser() -> Iterator[Reviewer]:
    assert isinstance(TOOLS, Tools)
    with open_reviewer(TOOLS) as browser:
        browser.driver.set_page_load_timeout(PATIENCE)
        yield browser


class Page:
    """The preview as a person uses it; at the end nothing may stand in the browser's console."""

    def __init__(self, browser: Reviewer) -> None:
        self.browser = browser

    def open(self, url: str, *, width: int = 1280, is_dark: bool = False) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        driver = self.browser.driver
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.browser.resize(width, 844)
        driver.get("about:blank")
        self.browser.complaints()
        driver.get(url)
        self.until("document.querySelector('iframe')?.contentDocument?.getElementById('qa')")

    def run(self, code: str) -> Any:
        return self.browser.driver.execute_script(code)

    def until(self, condition: str) -> Any:
        """Wait until an expression is true; in it, `card` is the document of the card."""
        return wait_for(lambda: self.see(f"Boolean({condition})"), condition)

    def see(self, expression: str) -> Any:
        card = "const card = document.querySelector('iframe')?.contentDocument;"
        return self.run(f"{card} const qa = card?.getElementById('qa'); return ({expression});")

    def press(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        for key in keys:
            ActionChains(self.browser.driver).send_keys(key).perform()

    def click(self, selector: str) -> None:
        self.browser.driver.find_element("css selector", selector).click()

    def search(self, words: str) -> None:
        self.click("#search")
        self.run("document.getElementById('search').value = ''")
        self.press(words)

    def titles(self) -> list[str]:
        rows = "[...document.querySelectorAll('.row:not(.deck) .label')].map((e) => e.textContent)"
        return list(self.run(f"return {rows}"))


def wait_for(condition: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < end, f"never came true: {what}"
        time.sleep(0.05)
    return value


@pytest.fixture
def page(browser: Reviewer) -> Iterator[Page]:
    page = Page(browser)
    yield page
    assert browser.complaints() == []


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> str:
    assert isinstance(TOOLS, Tools)
    file = tmp_path_factory.mktemp("preview") / "study-notes.html"
    mathjax = TOOLS.anki_web / "js" / "vendor" / "mathjax"
    write_preview(build(EXAMPLES), EXAMPLES, file, PreviewOptions(mathjax=mathjax))
    return file.as_uri()


def test_cards_turn_by_key_and_click(page: Page, examples: str) -> None:
    page.open(examples)
    page.until("qa.textContent.includes('Matrix of second derivatives')")
    assert not page.see("qa.textContent.includes('Hessian')")
    page.press(" ")
    page.until("qa.textContent.includes('Hessian')")
    page.click("#flip")
    page.until("!qa.textContent.includes('Hessian')")
    page.see("qa.firstElementChild.click()")
    page.until("qa.textContent.includes('Hessian')")
    page.press("j")
    page.until("qa.textContent.trim() === 'Hessian'")
    page.press("k")
    page.until("qa.textContent.includes('Matrix of second derivatives')")


def test_keys_work_while_the_card_has_the_focus(page: Page, examples: str) -> None:
    page.open(examples)
    page.until("qa.textContent.includes('Matrix')")
    page.click("iframe")
    page.until("qa.textContent.includes('Hessian')")
    page.press("j", "j")
    page.until("qa.textContent.includes('eigenvalues')")


def test_math_is_typeset_without_a_network(page: Page, examples: str) -> None:
    page.open(examples)
    page.press("j", "j", "j", " ")
    page.until("qa.querySelectorAll('mjx-container').length > 4")
    page.until("getComputedStyle(qa).opacity === '1'")
    assert page.see("qa.querySelector('mjx-container[display=true]').offsetHeight") > 30
    assert not page.see(r"qa.innerText.includes('\\(')")
    assert page.see("[...card.fonts].some((font) => font.status === 'loaded')")
    assert not [url for url in page.browser.foreign_requests() if not url.startswith("file:")]


def test_search_finds_fronts_backs_decks_and_tags(page: Page, examples: str) -> None:
    page.open(examples)
    page.search("tetanised")
    page.until("document.getElementById('count').textContent === '1 of 10 cards'")
    page.until("qa.textContent.includes('tetanised')")
    page.search("refractory")
    page.until("document.querySelectorAll('.row:not(.deck)').length === 1")
    page.search("physiology draw")
    page.until("document.querySelectorAll('.row:not(.deck)').length === 1")
    page.search("<b>")
    page.until("document.getElementById('empty').textContent === 'No card matches.'")
    assert not page.see("document.querySelector('iframe').offsetHeight")


def test_dark_follows_the_system_and_the_button(page: Page, examples: str) -> None:
    light, dark = "rgb(255, 255, 255)", "rgb(31, 34, 38)"
    background = "getComputedStyle(card.body).backgroundColor"
    page.open(examples, is_dark=True)
    page.until(f"{background} === '{dark}'")
    assert page.see("card.body.classList.contains('nightMode')")
    page.click("#theme")
    page.until(f"{background} === '{light}'")
    page.press("d")
    page.until(f"{background} === '{dark}'")
    page.run("localStorage.clear()")


def test_pictures_are_shown(page: Page, examples: str) -> None:
    page.open(examples)
    page.search("draw")
    page.until("qa.textContent.includes('Draw')")
    page.click("#flip")
    page.until("qa.querySelector('img')?.naturalWidth > 0")


@pytest.mark.parametrize("is_dark", [False, True])
def test_a_phone_shows_one_room_at_a_time(page: Page, examples: str, is_dark: bool) -> None:
    page.open(examples, width=390, is_dark=is_dark)
    assert page.run("return document.documentElement.scrollWidth") <= 390
    assert not page.run("return document.getElementById('list').offsetHeight")
    page.click("#toggle-list")
    page.until("document.getElementById('list').offsetHeight > 300")
    page.until("document.querySelectorAll('.row').length > 9")
    page.click(".row:not(.deck):nth-of-type(5)")
    page.until("document.getElementById('list').offsetHeight === 0")
    page.until("qa.textContent.includes('eigenvalues')")


HOSTILE = """</script><script>top.pwned = 1</script> <img src=x onerror="top.pwned = 2"> hostile"""
STYLE = ".card { color: rgb(1, 2, 3) } * { letter-spacing: 3px } :root { --ink: red } .row { height: 1px }"


def test_what_a_card_brings_neither_runs_nor_leaks(page: Page, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "vaultdeck.yaml": "note_types: [Kind]\n",
        "Kind/notetype.yaml": "name: Kind\nfields: [Front, Back]\ntemplates: {Card 1: card}\n",
        "Kind/card.front.html": "{{Front}}<script>top.pwned = 3</script><b onclick='top.pwned=4'>b</b>",
        "Kind/card.back.html": "{{hint:Back}}<img src=none onerror='top.pwned=5'>",
        "Kind/style.css": STYLE,
        "a.md": f"START\nKind\n{HOSTILE}\nBack: [x](javascript:top.pwned=6) ![[s.png]] ![[l.png]]\nEND\n",
        "s.png": PNG,
        "l.png": PNG + bytes(300_000),
    }
    vault = write_vault(tmp_path / "v", files)
    write_preview(build(vault), vault, tmp_path / "x.html")
    page.open((tmp_path / "x.html").as_uri())
    page.until("qa.textContent.includes('hostile')")
    page.see("qa.querySelector('b').click()")
    page.until("qa.querySelector('a.hint')")
    page.see("qa.querySelector('a.hint').click()")
    page.until("getComputedStyle(qa.querySelector('div.hint')).display === 'block'")
    page.until(
        "[...qa.querySelectorAll('div.hint img')].filter((i) => i.naturalWidth).length === 2"
    )
    page.see("[...qa.querySelectorAll('div.hint a')].forEach((link) => link.click())")
    assert page.run("return window.pwned ?? null") is None
    # That it does not run a template's handlers is all that the browser has to say.
    assert all("inline event handler" in line for line in page.browser.complaints())
    assert page.see("getComputedStyle(card.body).color") == "rgb(1, 2, 3)"
    assert page.see("getComputedStyle(card.body).letterSpacing") == "3px"
    assert page.run("return getComputedStyle(document.querySelector('.row')).height") == "40px"
    assert page.run("return getComputedStyle(document.body).letterSpacing") == "normal"


def test_a_long_list_holds_only_the_rows_in_view(page: Page, tmp_path: Path) -> None:
    text = "".join(card(f"question {number}") for number in range(1500))
    vault = write_vault(tmp_path / "v", {"a.md": text})
    write_preview(build(vault), vault, tmp_path / "x.html")
    page.open((tmp_path / "x.html").as_uri())
    page.until("document.getElementById('count').textContent === '1500 cards'")
    assert len(page.titles()) < 60
    page.run("document.getElementById('list').scrollTop = 1e9")
    page.until("document.querySelector('.row:last-of-type').textContent === 'question 1499'")
    page.click(".row:last-of-type")
    page.until("qa.textContent.includes('question 1499')")


def test_old_copies_stand_beside_what_the_note_says(page: Page, tmp_path: Path) -> None:
    pasted = card("q", "\n# Egg\n- white\n- yolk\n- a shell <b>", note_id=1_700_000_000_001)
    files = {"a.md": pasted, "b.md": "# Egg\n- white\n- yolk\n- a hard shell\n- a tooth\n"}
    vault = write_vault(tmp_path / "v", files)
    write_preview(build(vault, is_pasted=True), vault, tmp_path / "v.html")
    page.open((tmp_path / "v.html").as_uri())
    page.until("document.querySelector('.problem .sides')")
    rows = page.run(
        "return [...document.querySelectorAll('.sides tr')].map((row) => [...row.cells].map("
        "(cell) => `${cell.className}|${cell.textContent}`))"
    )
    assert rows[0] == ["|card", "|note"]
    assert ["|- yolk", "|- yolk"] in rows
    assert rows[-2:] == [["old|- a shell <b>", "new|- a hard shell"], ["|", "new|- a tooth"]]


def test_the_page_reloads_when_its_server_has_a_newer_one(page: Page, tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("one") + card("two"), "l.png": PNG})
    file = tmp_path / "x.html"
    with LiveServer(file) as server:
        server.announce(
            write_preview(build(vault), vault, file, PreviewOptions(is_live=True)).version
        )
        page.open(server.url)
        page.until("qa.textContent.includes('one')")
        page.press("j", " ")
        page.until("qa.textContent.includes('two') && card.getElementById('answer')")
        write_vault(vault, {"a.md": card("one") + card("two", "rewritten")})
        # Cards without an ID are numbered by the clock: the page must know its card all the same.
        later = build(vault, now=NOW + 60)
        server.announce(write_preview(later, vault, file, PreviewOptions(is_live=True)).version)
        page.until("qa?.textContent.includes('rewritten')")


def fetch(url: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=headers), timeout=10
        ) as got:
            return got.status, got.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_the_server_gives_the_page_and_its_files_and_nothing_else(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": card("![[l.png]]"), "l.png": PNG + bytes(300_000)})
    file = tmp_path / "x.html"
    (tmp_path / "secret.txt").write_text("secret")
    with LiveServer(file) as server:
        assert fetch(server.url)[0] == 404
        write_preview(build(vault), vault, file)
        origin = server.url.removesuffix(f"{server.token}/")
        assert fetch(server.url) == (200, file.read_bytes())
        data = json.loads(file.read_text().partition('id="data">')[2].partition("</script>")[0])
        assert fetch(server.url + data["media"]["l.png"]) == (200, (vault / "l.png").read_bytes())
        for path in ("", "x.html", "wrong-token/", f"{server.token}"[:-1] + "/"):
            assert fetch(origin + path)[0] == 404
        for path in (
            "x.html",
            "secret.txt",
            "../secret.txt",
            "x_files/..%2fsecret.txt",
            "x_files/",
        ):
            assert fetch(server.url + path)[0] == 404
        port = server.port
        for host in ("evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", ""):
            assert fetch(server.url, Host=host)[0] == 421
        assert fetch(server.url, Host=f"localhost:{port}")[0] == 200
