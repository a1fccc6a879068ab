"""A file that is no picture is not packed as one, and never changes what is in Anki."""

from __future__ import annotations

import base64
import hashlib
import zlib
from pathlib import Path

import pytest

from tests.support.helpers import (
    NOW,
    PNG,
    Anki,
    build,
    build_package,
    card,
    fields,
    problems,
    write_vault,
)
from vaultdeck.anki.media_content import check_content
from vaultdeck.build.options import Mode
from vaultdeck.report import summary

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWG"
    "kJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk"
    "pKSkpKSkpKSkpKSkpKSkpKT/wAARCAAJAAwDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQF/8QAHBAAAgEFAQAA"
    "AAAAAAAAAAAAAAIBAwQREhNC/8QAFQEBAQAAAAAAAAAAAAAAAAAAAQP/xAAXEQEBAQEAAAAAAAAAAAAAAAABAhEA/9oADAMB"
    "AAIRAxEAPwDCRKE22zSvTE+iYAAzqXZQAZnf/9k="
)
GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
WEBP = base64.b64decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
BMP = (
    b"BM" + (58).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little")
    + (40).to_bytes(4, "little") + (1).to_bytes(4, "little") * 2 + b"\1\0\x18\0" + bytes(28)
)  # fmt: skip


def box(kind: bytes, inside: bytes) -> bytes:
    return (len(inside) + 8).to_bytes(4, "big") + kind + inside


AVIF = box(b"ftyp", b"mif1\0\0\0\0mif1avif") + box(b"meta", bytes(20)) + box(b"mdat", bytes(50))
HEIC = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"mdat", bytes(50))
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><rect width="9"/></svg>\n'
PICTURES = {"png": PNG, "jpg": JPEG, "gif": GIF, "webp": WEBP, "bmp": BMP, "avif": AVIF, "svg": SVG}
REAL = b"the real picture " * 99
OID = hashlib.sha256(REAL).hexdigest()
POINTER = (
    f"version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize {len(REAL)}\n".encode()
)
PAGES = [b"<!DOCTYPE html><html>", b"\xef\xbb\xbf\n <!-- x -->\n<HTML lang=de>", b"<head><title>"]


def text_chunk(data: bytes) -> bytes:
    """Return a PNG with a comment before its end."""
    chunk = b"tEXtComment\0IEND is near"
    whole = (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    return data[:-12] + whole + data[-12:]


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("tail", [b"", b"\0", b"junk that a camera wrote" * 9])
def test_a_whole_picture_is_one_whatever_comes_behind(kind: str, tail: bytes) -> None:
    assert check_content(f"a.{kind}", PICTURES[kind] + tail) is None


@pytest.mark.parametrize("kind", [kind for kind in PICTURES if kind != "svg"])
def test_a_picture_under_the_name_of_another_kind_is_one(kind: str) -> None:
    for name in ("a.png", "a.JPG", "a.webp"):
        assert check_content(name, PICTURES[kind]) is None


@pytest.mark.parametrize(
    "data",
    [
        text_chunk(PNG),
        PNG[:-12],
        PNG[:41] + PNG[43:],
        JPEG[:2] + b"\xff\xe1\0\x0a\xff\xd8\xff\xda\xff\xd9\0\0" + JPEG[2:],
        GIF[:-1],
        SVG.replace(b"<rect", b"<!-- <html> --><rect"),
        SVG.decode().encode("utf-16"),
        b'<svg:svg xmlns:svg="http://www.w3.org/2000/svg"></svg:svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9"/>',
    ],
)
def test_an_odd_picture_that_browsers_show_is_one(data: bytes) -> None:
    assert check_content("a.svg" if b"s\0v\0g" in data or b"svg" in data else "a.png", data) is None


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_picture_that_is_cut_off_is_none(kind: str, share: float) -> None:
    data = PICTURES[kind]
    refusal = check_content(f"a.{kind}", data[: int(len(data) * share)])
    assert refusal is not None
    assert refusal.code == "media-unreadable"


def test_a_thumbnail_has_no_end_of_its_own_for_the_picture() -> None:
    data = JPEG[:2] + b"\xff\xe1\0\x0a\xff\xd8\xff\xda\xff\xd9\0\0" + JPEG[2:-40]
    assert check_content("a.jpg", data) is not None


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["a.png", "a.svg", "a.mp3", "a.mp4"])
def test_a_web_page_is_no_picture_sound_or_video(page: bytes, name: str) -> None:
    refusal = check_content(name, page)
    assert refusal is not None
    assert "web page" in refusal.message


@pytest.mark.parametrize("name", ["a.png", "a.svg", "a.mp3"])
def test_what_is_not_known_is_left_to_anki(name: str) -> None:
    assert check_content(name, b"a picture of next year") is None


@pytest.mark.parametrize("name", ["a.png", "a.svg", "a.mp3", "a.mp4", "my pic%.png"])
def test_an_lfs_pointer_is_not_packed_and_changes_nothing(tmp_path: Path, name: str) -> None:
    real = {"png": PNG, "svg": SVG}.get(name[-3:], REAL)
    digest = hashlib.sha256(real).hexdigest()
    files: dict[str, str | bytes] = {"n.md": card("q", f"![[{name}]]"), name: real}
    vault = write_vault(tmp_path / "v", files)
    first = build_package(vault, tmp_path / "x.apkg")
    assert first.diagnostics == []
    write_vault(vault, {name: POINTER.replace(OID.encode(), digest.encode())})
    locked = build_package(vault, tmp_path / "y.apkg", now=NOW + 9, mode=Mode.LOCKED)
    assert problems(locked.diagnostics) == ["n.md:4:7 media-unreadable"]
    assert "Git LFS pointer" in locked.diagnostics[0].message
    assert "git lfs pull" in locked.diagnostics[0].hint
    assert locked.is_written
    assert (summary(locked)["unchanged"], summary(locked)["media"]) == (1, 0)
    assert fields(locked) == fields(first)
    changed = build_package(vault, tmp_path / "z.apkg", now=NOW + 9)
    assert summary(changed)["unchanged"] == 1


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (PNG[:40], "cut off"),
        (b"<!doctype html><p>gone</p>", "web page"),
        (b"/annex/objects/SHA256E-s9--aa.png\n", "git-annex"),
        (b"\0GITCRYPT\0" + bytes(40), "git-crypt"),
    ],
)
def test_a_picture_that_cannot_be_read_is_no_change_of_its_note(
    tmp_path: Path, data: bytes, word: str
) -> None:
    vault = write_vault(tmp_path / "v", {"n.md": card("q", "![[a.png]]"), "a.png": PNG})
    build_package(vault, tmp_path / "x.apkg")
    lock = (vault / "vaultdeck.lock").read_bytes()
    write_vault(vault, {"a.png": data})
    result = build_package(vault, tmp_path / "x.apkg", now=NOW + 9)
    assert problems(result.diagnostics) == ["n.md:4:7 media-unreadable"]
    assert word in result.diagnostics[0].message
    assert (summary(result)["unchanged"], summary(result)["media"]) == (1, 0)
    assert (vault / "vaultdeck.lock").read_bytes() == lock
    write_vault(vault, {"a.png": PNG})
    assert summary(build_package(vault, tmp_path / "x.apkg", now=NOW + 99))["unchanged"] == 1


def test_a_card_that_never_had_its_picture_is_updated(tmp_path: Path) -> None:
    vault = write_vault(
        tmp_path / "v", {"n.md": card("q", "![[a.png]]", note_id=5), "a.png": PAGES[0]}
    )
    build_package(vault, tmp_path / "x.apkg")
    write_vault(vault, {"n.md": card("another question", "![[a.png]]", note_id=5)})
    assert summary(build_package(vault, tmp_path / "x.apkg", now=NOW + 9))["changed"] == 1
    write_vault(vault, {"a.png": PNG})
    assert summary(build_package(vault, tmp_path / "x.apkg", now=NOW + 99))["changed"] == 1


@pytest.mark.parametrize(
    ("name", "data", "is_packed"),
    [
        ("a.heic", HEIC, False),
        ("a.HEIF", HEIC, False),
        ("a.tif", b"II*\0", False),
        ("a.tiff", b"MM\0*", True),
        ("a.jpg", HEIC, True),
    ],
)
def test_a_picture_that_anki_does_not_show_is_named(
    tmp_path: Path, name: str, data: bytes, is_packed: bool
) -> None:
    result = build(write_vault(tmp_path, {"n.md": card("q", f"![[{name}]]"), name: data}))
    assert problems(result.diagnostics) == ["n.md:4:7 media-not-shown"]
    assert summary(result)["media"] == int(is_packed)


# Files of a note type.

NOTE_TYPE: dict[str, str | bytes] = {
    "vaultdeck.yaml": "note_types: [types/Own]\n",
    "types/Own/notetype.yaml": "name: Own\nfields: [Front, Back]\ntemplates: {Card 1: c}\n",
    "types/Own/c.front.html": '<img src="_logo.png"><img src="_{{Front}}.png">{{Front}}',
    "types/Own/c.back.html": "{{Back}} [sound:_end.mp3] <a href='#_top'>_x.png</a>"
    "<!-- <img src=_old.png> --><img src='_a b.png'><img src=foot.png><img src='elsewhere.png'>"
    "<script>new Audio('./_say.mp3')</script>",
    "types/Own/style.css": """@import "_more.css"; /* url(_once.png) */
        @font-face { src: url("_font.woff2?v=1") } i { background: url(_gone.png) }""",
    "types/Own/_logo.png": PNG,
    "types/Own/_font.woff2": b"wOF2",
    "types/Own/_end.mp3": b"ID3",
    "types/Own/_say.mp3": b"ID3",
    "types/Own/foot.png": PNG,
    "types/Own/_a b.png": PNG,
    "types/Own/_more.css": "b {}",
    "types/Own/_unused.png": PNG,
    "n.md": card("q", kind="Own", note_id=5),
}


def test_files_that_a_note_type_shows_are_packed_and_a_missing_one_is_named(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", NOTE_TYPE)
    result = build_package(vault, tmp_path / "x.apkg")
    assert problems(result.diagnostics) == ["types/Own/notetype.yaml:1:7 media-unreadable"] * 2
    assert [d.message for d in result.diagnostics] == [
        "there is no file 'types/Own/_gone.png'",
        "'types/Own/foot.png' is not packed: its name does not begin with '_'",
    ]
    anki = Anki(tmp_path / "anki")
    anki.import_package(tmp_path / "x.apkg")
    names = sorted(path.name for path in Path(anki.col.media.dir()).iterdir())
    assert names == ["_a b.png", "_end.mp3", "_font.woff2", "_logo.png", "_more.css", "_say.mp3"]
    anki.col.close()


def test_files_are_found_as_a_browser_finds_them(tmp_path: Path) -> None:
    own: dict[str, str | bytes] = {
        "c.front.html": '<img srcset="_small.png 1x, _big.png 2x"><img src="_\u00e4.png">{{Front}}',
        # As macOS writes it.
        "_a\u0308.png": PNG,
        "c.back.html": '{{Back}}<img src="_a%20b.png"><img src="img/_x.png"><a href="../up.md">',
        "style.css": '@import "_base.css";',
        "_base.css": "@import url(_base.css); i { background: url(_leaf.png) } /* url(_no.png) */",
        "img/_x.png": PNG,
        "../up.md": "",
        **dict.fromkeys(["_small.png", "_big.png", "_a b.png", "_leaf.png"], PNG),
    }
    files = {path: data for path, data in NOTE_TYPE.items() if "Own/_" not in path}
    files |= {f"types/Own/{name}": data for name, data in own.items()}
    vault = write_vault(tmp_path / "v", files)
    result = build_package(vault, tmp_path / "x.apkg")
    assert [d.message for d in result.diagnostics] == [
        "'types/Own/img/_x.png' is not packed: it lies in a folder"
    ]
    anki = Anki(tmp_path / "anki")
    anki.import_package(tmp_path / "x.apkg")
    names = sorted(path.name for path in Path(anki.col.media.dir()).iterdir())
    assert names == ["_a b.png", "_base.css", "_big.png", "_leaf.png", "_small.png", "_\u00e4.png"]
    anki.col.close()


def test_two_files_of_one_name_in_two_note_types_are_named(tmp_path: Path) -> None:
    other = {
        path.replace("Own", "Other"): data.replace("Own", "Other")
        if isinstance(data, str)
        else data
        for path, data in NOTE_TYPE.items()
        if path.startswith("types/Own/")
    }
    settings = "note_types: [types/Own, types/Other]\n"
    files = {**NOTE_TYPE, **other, "vaultdeck.yaml": settings, "types/Other/_end.mp3": b"ID3 other"}
    result = build(write_vault(tmp_path / "v", files))
    messages = [d.message for d in result.diagnostics if d.location.path == "vaultdeck.yaml"]
    what = "'types/Other/_end.mp3' has the name of 'types/Own/_end.mp3'"
    assert messages == [f"{what}: Anki keeps one file of a name"]
