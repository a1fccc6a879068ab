"""Which files travel in a package, and which are refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.support.helpers import PNG, build, build_package, card, fields, problems, write_vault
from vaultdeck.anki.media import MAX_MEDIA_BYTES
from vaultdeck.build.outcome import Build
from vaultdeck.report import notices, summary

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def built(tmp_path: Path, back: str, files: dict[str, str | bytes]) -> Build:
    return build(write_vault(tmp_path / "vault", {"note.md": card("Q", back), **files}))


def test_file_larger_than_ankiweb_takes_is_reported(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "vault", {"note.md": card("Q", "![[film.mp4]]")})
    with (vault / "film.mp4").open("wb") as file:
        file.truncate(MAX_MEDIA_BYTES + 1)
    result = build(vault)
    assert problems(result.diagnostics) == ["note.md:4:7 media-too-large"]
    assert "vd-missing" in fields(result)["Back"]


def test_empty_file_is_reported_since_anki_calls_it_missing(tmp_path: Path) -> None:
    result = built(tmp_path, "![[a.png]]", {"a.png": b""})
    assert problems(result.diagnostics) == ["note.md:4:7 media-unreadable"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_svg_with_a_script_is_packed_without_it(tmp_path: Path, codec: str) -> None:
    svg = SVG.format("<script>alert(1)</script>").encode(codec)
    result = built(tmp_path, "![[a.svg]]", {"a.svg": svg})
    assert problems(result.diagnostics) == ["note.md:4:7 unsafe-media"]
    assert summary(result)["media"] == 1


@pytest.mark.parametrize(
    "inside",
    [
        "<style>.a{fill:red}</style><text>on click = description, script</text>",
        "<foreignObject><div xmlns='http://www.w3.org/1999/xhtml'>x</div></foreignObject>",
    ],
)
def test_svg_without_a_script_is_packed(tmp_path: Path, inside: str) -> None:
    result = built(tmp_path, "![[a.svg]]", {"a.svg": SVG.format(inside)})
    assert problems(result.diagnostics) == []
    assert summary(result)["media"] == 1


def test_same_picture_in_two_folders_is_packed_once(tmp_path: Path) -> None:
    note = card("Q", "![[a/p.png]] ![[b/p.png]]")
    vault = write_vault(tmp_path / "vault", {"note.md": note, "a/p.png": PNG, "b/p.png": PNG})
    package = tmp_path / "out.apkg"
    build_package(vault, package)
    with zipfile.ZipFile(package) as packed:
        assert sorted(packed.namelist()) == ["0", "collection.anki2", "media"]


def test_remote_pictures_are_kept_and_listed(tmp_path: Path) -> None:
    back = "![](https://a.org/x.png) <img src='https://b.org/y.png'> ![](https://a.org/x.png)"
    result = built(tmp_path, back, {})
    assert summary(result)["remote_images"] == ["https://a.org/x.png", "https://b.org/y.png"]
    assert any("2 pictures loaded from the web" in line for line in notices(result))
    assert problems(result.diagnostics) == []


def test_frames_sounds_and_films_of_the_web_are_told(tmp_path: Path) -> None:
    frame = '<iframe src="https://a.example/p"></iframe>'
    film = '<video controls src="https://a.example/v.mp4"></video>'
    vault = write_vault(tmp_path / "vault", {"a.md": card("q", f"{frame} {film}")})
    result = build(vault)
    assert 'sandbox="allow-scripts allow-same-origin"' in fields(result)["Back"]
    told = [line for line in notices(result) if "loaded from the web" in line]
    assert told and "https://a.example/p" in told[0] and "https://a.example/v.mp4" in told[0]
