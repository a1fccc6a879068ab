"""What is written is written whole, and only where the user pointed; what is not seen is not gone."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.helpers import (
    NOW,
    build,
    build_package,
    card,
    problems,
    run,
    run_on_terminal,
    write_vault,
)
from vaultdeck.anki.package_name import default_name, replaces_collection
from vaultdeck.build.exclusive import WAITING, exclusive
from vaultdeck.vault.inside import MAX_FILE_BYTES, read_inside
from vaultdeck.vault.names import scan
from vaultdeck.vault.write import temporary

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX links and permissions")
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away"
)
ID = 1_700_000_000_000
VICTIM = "export PATH\n"


def set_up(folder: Path) -> tuple[Path, Path]:
    """Make a vault with a new card, and a file of the user outside."""
    victim = write_vault(folder, {"home/.bashrc": VICTIM}) / "home/.bashrc"
    return write_vault(folder / "v", {".obsidian/app.json": "{}", "n.md": card("q")}), victim


# Links.


@pytest.mark.parametrize(
    "command",
    [("build", "v"), ("ids", "--lock", "--vault", "v"), ("adopt", "v", "--none"), ("check", "v")],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("is_there", [True, False], ids=["a file", "nothing"])
def test_a_lock_that_is_a_link_out_of_the_vault_is_refused_before_anything_is_written(
    tmp_path: Path, command: tuple[str, ...], is_there: bool
) -> None:
    vault, victim = set_up(tmp_path)
    (vault / "vaultdeck.lock").symlink_to(victim)
    if not is_there:
        victim.unlink()
    done = run(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert "vaultdeck.lock:1:1: error bad-lock" in done.stderr + done.stdout
    assert victim.exists() == is_there
    assert not is_there or victim.read_text() == VICTIM
    assert (vault / "n.md").read_text() == card("q")


@pytest.mark.parametrize(
    "path",
    ["vaultdeck.lock", "vaultdeck.yaml", ".obsidian/app.json", "T/_logo.png", "n.md", "p.png"],
)
def test_file_without_measure_is_not_read(tmp_path: Path, path: str) -> None:
    vault = write_vault(tmp_path / "v", {"n.md": card("q"), path: "x"})
    os.truncate(vault / path, MAX_FILE_BYTES + 1)
    with pytest.raises(OSError, match="File too large"):
        read_inside(vault, path)
    with pytest.raises(OSError, match="File too large"):
        scan(vault)[0].read_bytes(path)
    done = run("ids", "--vault", vault, "--lock", cwd=tmp_path)
    assert "Traceback" not in done.stderr
    assert done.returncode == (2 if path.startswith("vaultdeck.") else 1)
    assert path != "vaultdeck.yaml" or "more than 100 MiB" in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("call", [("build",), ("build", "--format", "github"), ("preview",)])
def test_a_vault_whose_name_is_no_unicode_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: tuple[str, ...]
) -> None:
    for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA"):
        monkeypatch.setenv(name, "x")
    for name in ("GITHUB_WORKSPACE", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        monkeypatch.setenv(name, str(tmp_path / ("" if name.endswith("SPACE") else name)))
    vault = write_vault(tmp_path / os.fsdecode(b"v\xff"), {"n.md": card("q")})
    done = run(*call, vault, cwd=tmp_path)
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0)
    suffix = ".html" if call == ("preview",) else ".apkg"
    assert (tmp_path / f"v\ufffd{suffix}").is_file()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_the_folder_of_caches_stops_no_build(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"n.md": card("q", note_id=1_700_000_000_000)})
    call = ("build", vault, "--cache-dir", tmp_path / "c")
    for _ in range(2):
        assert run(*call, cwd=tmp_path).returncode == 0
    kept = [path for path in (tmp_path / "c").iterdir() if path.suffix in (".told", ".json")]
    assert len(kept) == 2
    for path in kept:
        path.unlink()
        os.mkfifo(path)
    assert run(*call, cwd=tmp_path).returncode == 0


SECRET = "a file outside"


def put(kind: str, path: Path, outside: Path) -> None:
    """Put something else in the place of a file or of a folder."""
    if path.is_dir():
        path.rename(path.with_name("before"))
    else:
        path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero" if kind == "device" else outside)


@pytest.mark.parametrize("kind", ["pipe", "folder", "link", "device"])
@pytest.mark.parametrize("path", ["d/n.md", "d/p.png", "alias.md", "linked/n.md"])
def test_what_a_file_became_after_the_walk_is_not_read(
    tmp_path: Path, kind: str, path: str
) -> None:
    outside = write_vault(tmp_path, {"out/n.md": SECRET}) / "out/n.md"
    vault = write_vault(tmp_path / "v", {"d/n.md": "a", "d/p.png": "a", ".e/n.md": "a"})
    (vault / "alias.md").symlink_to("d/n.md")
    (vault / "linked").symlink_to(".e")
    found, _ = scan(vault)
    assert (found.read_bytes(path), read_inside(vault, path)) == (b"a", b"a")
    put(kind, vault / path, outside)
    for read in (found.read_bytes, lambda path: found.open(path).read()):
        with pytest.raises(OSError, match=re.escape(path)):
            read(path)
    assert read_inside(vault, path) is None


@pytest.mark.parametrize("path", ["d", "d/e", "linked"])
def test_a_folder_that_became_a_link_out_of_the_vault_is_neither_listed_nor_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    outside = write_vault(tmp_path, {"out/n.md": SECRET, "out/e/n.md": SECRET}) / "out"
    vault = write_vault(tmp_path / "v", {"d/n.md": "a", "d/e/n.md": "a", ".e/n.md": "a"})
    (vault / "linked").symlink_to(".e")
    found, _ = scan(vault)
    opened = os.open

    def swap(name: str, *rest: Any, **more: Any) -> int:
        if name.endswith((path, ".e")) and not (vault / "before").exists():
            (vault / path).rename(vault / "before")
            (vault / path).symlink_to(outside)
        return opened(name, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", swap)
        now, told = scan(vault)
    assert (vault / path).is_symlink()
    if path != "linked":
        assert not any(name.startswith(f"{path}/") for name in now.files)
        assert "unreadable-file" in {problem.code for problem in told}
    for name in found.files:
        if name.startswith(f"{path}/"):
            with pytest.raises(OSError, match="no regular file in the folder"):
                found.read_bytes(name)


def test_a_folder_is_listed_on_a_disk_that_numbers_folders_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = write_vault(tmp_path / "v", {"d/e/n.md": "a"})
    opened = os.open

    def renew(name: str, *rest: Any, **more: Any) -> int:
        if name.endswith("/d/e") and not (vault / "before").exists():
            (vault / "d/e").rename(vault / "before")
            write_vault(vault, {"d/e/n.md": "a"})
        return opened(name, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", renew)
        now, told = scan(vault)
    assert "d/e/n.md" in now.files
    assert not told


def test_init_writes_through_no_link(tmp_path: Path) -> None:
    vault, victim = set_up(tmp_path)
    victim.unlink()
    (vault / "vaultdeck.yaml").symlink_to(victim)
    assert run("init", "v", cwd=tmp_path).returncode == 2
    assert not victim.exists()


@pytest.mark.parametrize(
    ("command", "name"), [(("build", "v"), "v.apkg"), (("preview", "v"), "v.html")]
)
def test_a_default_output_that_is_a_link_is_refused(
    tmp_path: Path, command: tuple[str, ...], name: str
) -> None:
    vault, victim = set_up(tmp_path)
    (tmp_path / name).symlink_to(victim)
    done = run(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        f"vaultdeck: '{name}' is a symbolic link: name it with -o to write what it leads to\n"
    )
    assert victim.read_text() == VICTIM
    assert (vault / "n.md").read_text() == card("q")


@pytest.mark.parametrize(("command", "name"), [("build", "x.apkg"), ("preview", "x.html")])
def test_a_link_that_the_user_named_is_followed_and_stays(
    tmp_path: Path, command: str, name: str
) -> None:
    set_up(tmp_path)
    real = write_vault(tmp_path, {f"elsewhere/{name}": "old"}) / "elsewhere" / name
    (tmp_path / name).symlink_to(real)
    for _ in range(2):
        real.write_text("old")
        assert run(command, "v", "-o", name, cwd=tmp_path).returncode == 0
        assert (tmp_path / name).is_symlink()
        assert real.stat().st_size > 100


def test_a_media_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    vault, victim = set_up(tmp_path)
    write_vault(vault, {"n.md": card("![[a.mp3]]"), "a.mp3": b"ID3" + bytes(300_000)})
    (tmp_path / "v_files").symlink_to(victim.parent)
    done = run("preview", "v", cwd=tmp_path)
    assert done.returncode == 2
    assert "v_files" in done.stderr
    assert list(victim.parent.iterdir()) == [victim]


@pytest.mark.parametrize("letter", ["a", "ä"])
def test_a_vault_with_the_longest_name_is_built_and_shown(tmp_path: Path, letter: str) -> None:
    vault = tmp_path / (letter * (250 // len(letter.encode())))
    write_vault(vault, {"n.md": card("![[a.mp3]]"), "a.mp3": b"ID3" + bytes(300_000)})
    for command in ("build", "preview"):
        done = run(command, vault, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")


# Temporary files and the lock of two builds.

KILLED = """
import os, pathlib, signal
pathlib.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from vaultdeck.cli import main
main()
"""


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(".vaultdeck-*"))


@pytest.mark.parametrize("has_id", [True, False], ids=["amid the package", "amid a note"])
def test_temporary_files_of_a_killed_build_are_cleared_by_the_next(
    tmp_path: Path, has_id: bool
) -> None:
    text = card("q", note_id=ID if has_id else None)
    write_vault(tmp_path, {"v/sub/n.md": text})
    if has_id:
        build_package(tmp_path / "v", tmp_path / "x.apkg")
        (tmp_path / "x.apkg").unlink()
    command = [sys.executable, "-c", KILLED, "build", "v", "-o", "x.apkg", "--no-cache"]
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == -9
    assert leftovers(tmp_path)
    assert run("build", "v", "-o", "x.apkg", "--no-cache", cwd=tmp_path).returncode == 0
    assert leftovers(tmp_path) == []


def test_only_temporary_files_of_ours_that_nobody_writes_are_cleared(tmp_path: Path) -> None:
    vault, victim = set_up(tmp_path)
    for name in (".vaultdeck-notes.tmp", ".n.md-abcdefgh.tmp"):
        (vault / name).write_text("mine")
    (vault / ".vaultdeck-link_to_.tmp").symlink_to(victim)
    os.mkfifo(vault / ".vaultdeck-pipe____.tmp")
    (vault / ".vaultdeck-folder__.tmp").mkdir()
    before = set(vault.iterdir())
    with temporary(vault) as (_, path):
        assert run("build", "v", cwd=tmp_path).returncode == 0
        assert path.exists()
    assert set(vault.iterdir()) == {*before, vault / "vaultdeck.lock"}
    assert victim.read_text() == VICTIM


def test_a_build_that_waits_for_another_one_says_so(tmp_path: Path) -> None:
    vault, _ = set_up(tmp_path)
    alias = tmp_path / "alias"
    alias.symlink_to(vault)
    command = [sys.executable, "-m", "vaultdeck", "build", "v", "--no-cache"]
    with exclusive(alias):
        process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        assert process.stderr
        assert process.stderr.readline() == f"{WAITING}\n"
    assert process.communicate()[1] == ""
    assert process.returncode == 0


def test_the_lock_of_two_builds_lies_in_a_folder_of_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULTDECK_CACHE_DIR", str(tmp_path / "cache"))
    with exclusive(tmp_path):
        (lock,) = (tmp_path / "cache/locks").iterdir()
        assert stat.S_IMODE(lock.parent.stat().st_mode) == 0o700
    assert not lock.exists()
    victim = tmp_path / "victim"
    lock.symlink_to(victim)
    with pytest.raises(OSError, match="symbolic"), exclusive(tmp_path):
        pass
    assert not victim.exists()


# Notes stay the files that they are.


@needs_root
def test_a_note_that_root_writes_keeps_owner_group_and_permissions(tmp_path: Path) -> None:
    vault, _ = set_up(tmp_path)
    note = vault / "n.md"
    os.chown(vault, 1000, 1001)
    os.chown(note, 1002, 1003)
    note.chmod(0o640)
    assert run("build", "v", cwd=tmp_path).returncode == 0
    assert "<!--ID:" in note.read_text()
    state = note.stat()
    assert (state.st_uid, state.st_gid, stat.S_IMODE(state.st_mode)) == (1002, 1003, 0o640)
    state = (vault / "vaultdeck.lock").stat()
    assert (state.st_uid, state.st_gid) == (1000, 1001)


@needs_root
def test_a_note_whose_owner_cannot_be_kept_is_written_in_place(tmp_path: Path) -> None:
    vault, _ = set_up(tmp_path)
    tmp_path.chmod(0o777)
    note = vault / "n.md"
    os.chown(note, 1002, 1003)
    note.chmod(0o666)
    vault.chmod(0o777)
    code = (
        "import os\nfrom pathlib import Path\n"
        "from vaultdeck.vault.write import replace_bytes\n"
        "os.setgroups([]), os.setgid(1005), os.setuid(1005)\n"
        f"replace_bytes(Path({str(note)!r}), b'new')"
    )
    for folder in [vault, *vault.parents][:-1]:
        folder.chmod(folder.stat().st_mode | 0o011)
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (note.read_text(), note.stat().st_uid, note.stat().st_gid) == ("new", 1002, 1003)


def test_a_hard_link_stays_one(tmp_path: Path) -> None:
    vault, _ = set_up(tmp_path)
    other = tmp_path / "same.md"
    os.link(vault / "n.md", other)
    assert run("build", "v", cwd=tmp_path).returncode == 0
    assert "<!--ID:" in other.read_text()
    assert other.samefile(vault / "n.md")
    assert leftovers(tmp_path) == []


def test_copy_of_a_note_written_in_place_stays_until_the_note_is_whole(tmp_path: Path) -> None:
    vault, _ = set_up(tmp_path)
    whole = vault / ".vaultdeck-abcdefgh.new"
    whole.write_text("the new text")
    assert run("build", "v", cwd=tmp_path).returncode == 0
    assert whole.read_text() == "the new text"
    (vault / "m.md").write_text("the new text")
    assert run("build", "v", cwd=tmp_path).returncode == 0
    assert leftovers(tmp_path) == []


def test_a_read_only_note_is_not_replaced(tmp_path: Path) -> None:
    vault, _ = set_up(tmp_path)
    (vault / "n.md").chmod(0o444)
    write_vault(vault, {"m.md": card("r")})
    result = build_package(vault, tmp_path / "x.apkg")
    assert problems(result.diagnostics) == ["n.md:1:1 not-written"]
    assert "read-only" in result.diagnostics[0].message
    assert (vault / "n.md").read_text() == card("q")
    assert len(result.stamped.notes) == 1


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="Linux names them")
def test_extended_attributes_of_a_note_stay(tmp_path: Path) -> None:
    vault, _ = set_up(tmp_path)
    try:
        os.setxattr(vault / "n.md", "user.colour", b"red")
    except OSError:
        pytest.skip("this file system has none")
    build_package(vault, tmp_path / "x.apkg")
    assert "<!--ID:" in (vault / "n.md").read_text()
    assert os.getxattr(vault / "n.md", "user.colour") == b"red"


# What cannot be seen is not gone.


@pytest.mark.parametrize("kind", ["folder", "note", "cloud", "not a folder"])
def test_what_cannot_be_seen_is_named_and_its_cards_are_not_called_removed(
    tmp_path: Path, kind: str
) -> None:
    files = {"n.md": card("q", note_id=ID), "d/other.md": card("r", note_id=ID + 1)}
    vault = write_vault(tmp_path / "v", files)
    build_package(vault, tmp_path / "x.apkg")
    (vault / "d/other.md").unlink()
    (vault / "d").rmdir()
    if kind == "cloud":
        name = write_vault(vault, {"d/.other.md.icloud": b"bplist00"}) and "d/other.md"
    else:
        name = "d" if kind != "note" else "other.md"
        target = tmp_path / ("x.apkg/notes" if kind == "not a folder" else "disk/notes")
        (vault / name).symlink_to(target)
    result = build_package(vault, tmp_path / "x.apkg", now=NOW + 9)
    code = "unreadable-file" if kind == "not a folder" else "unreachable-file"
    assert problems(result.diagnostics) == [f"{name}:1:1 {code}"]
    assert not [change for change in result.stamped.changes if change.status == "removed"]
    assert result.unsure == [ID + 1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("d", "../shared/notes"),
        ("d", "/mnt/usb/notes"),
        ("d", "C:/notes"),
        ("d", "sub"),
        ("other.md", "../shared/other.md"),
        ("other.md", "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 9\n"),
    ],
)
def test_a_file_that_stands_for_another_one_is_named(tmp_path: Path, name: str, text: str) -> None:
    files = {"n.md": card("q", note_id=ID), "sub/m.md": "", "other.md": card("r", note_id=ID + 1)}
    vault = write_vault(tmp_path / "v", files)
    build_package(vault, tmp_path / "x.apkg")
    (vault / "other.md").unlink()
    write_vault(vault, {name: text})
    result = build_package(vault, tmp_path / "x.apkg", now=NOW + 9)
    assert problems(result.diagnostics) == [f"{name}:1:1 unreachable-file"]
    assert result.unsure == [ID + 1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("d", "../shared/notes\n"),
        ("LICENSE", "MIT"),
        ("CNAME", "notes.example.org"),
        ("d", ""),
        ("d", "../" + "x" * 3000),
        ("a.md", "other.md"),
        ("a.md", "../shared/other"),
        ("a.md", "[[../shared/other.md"),
        ("a.txt", "../shared/notes"),
    ],
)
def test_a_file_that_holds_more_than_a_path_is_itself(tmp_path: Path, name: str, text: str) -> None:
    vault = write_vault(tmp_path / "v", {"n.md": card("q", note_id=ID), name: text})
    assert build(vault).diagnostics == []


def test_an_encrypted_vault_is_named_once_as_that(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"n.md": card("q"), "a.md": card("r")})
    build_package(vault, tmp_path / "x.apkg")
    write_vault(vault, {f"{name}.md": b"\0GITCRYPT\0" + os.urandom(99) for name in "anm"})
    result = build_package(vault, tmp_path / "x.apkg", now=NOW + 9)
    (problem,) = (found for found in result.diagnostics if found.code == "encrypted-file")
    assert problems([problem]) == ["a.md:1:1 encrypted-file"]
    assert problem.message == "this note is encrypted by git-crypt; so are 2 other files"
    assert problem.hint == "run `git-crypt unlock`"
    assert len(result.unsure) == 2
    done = run("ids", "--vault", "v", cwd=tmp_path)
    assert done.stderr.count("encrypted-file") == 1
    (vault / "m.md").unlink()
    assert build(vault).diagnostics[-1].message.endswith("by git-crypt; so is 1 other file")


@pytest.mark.parametrize(
    ("data", "program"),
    [
        (b"age-encryption.org/v1\n-> X25519 \xff", "age"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", "age"),
        (b"-----BEGIN PGP MESSAGE-----\n\nhQEM\n", "OpenPGP"),
        (b"\x85\x01\x0c\x03\xff\xff", "OpenPGP"),
        (b"\x8c\x0d\x04\x09\x03\x02\xff", "OpenPGP"),
        (b"\x84\x5e\x03\x01\xff", "OpenPGP"),
        (b"Salted__\xff\xfe\xfd", "OpenSSL"),
        (b"U2FsdGVkX1+vupppZksvRf5pq5g5XjFR\nlipRkwB0K1Y=\n", "OpenSSL"),
        (b"RCLONE\0\0\xff\xfe", "rclone"),
        (b"$ANSIBLE_VAULT;1.1;AES256\n6638\n", "Ansible Vault"),
        (b'{\n\t"data": "ENC[AES256_GCM,data:x]"\n}', "SOPS"),
    ],
)
def test_a_note_that_is_encrypted_is_named_as_that(
    tmp_path: Path, data: bytes, program: str
) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": data, "b.md": card("q")})
    (problem,) = (d for d in build(vault).diagnostics if d.location.path == "a.md")
    assert (problem.code, problem.message) == (
        "encrypted-file",
        f"this note is encrypted by {program}",
    )


@pytest.mark.parametrize(
    "text",
    [
        "U2FsdGVkX1 is how it begins",
        "Salted caramel",
        "age-encryption.org is a page",
        "RCLONE",
        "ENC[",
    ],
)
def test_a_note_on_encryption_is_none(tmp_path: Path, text: str) -> None:
    vault = write_vault(tmp_path / "v", {"a.md": f"{text}\n\n{card('q', note_id=ID)}"})
    assert build(vault).diagnostics == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("vaultdeck.yaml", "bad-config"),
        ("vaultdeck.lock", "bad-lock"),
        (".obsidian/plugins/obsidian-to-anki-plugin/data.json", "bad-plugin-settings"),
    ],
)
def test_settings_and_lock_that_are_encrypted_are_named_as_that(
    tmp_path: Path, name: str, code: str
) -> None:
    write_vault(tmp_path / "v", {"a.md": card("q"), name: b"\0GITCRYPT\0" + bytes(range(99))})
    done = run("build", "v", cwd=tmp_path)
    assert re.search(rf"v/{name}:1:1: \w+ {code}: this ", done.stderr)
    assert "is encrypted by git-crypt" in done.stderr
    assert "run `git-crypt unlock`" in done.stderr


# What is said of what was written.


@pytest.mark.parametrize("place", ["package", "lock"])
def test_the_outputs_are_tried_before_the_first_id_is_written(tmp_path: Path, place: str) -> None:
    vault = write_vault(tmp_path / "v", {"n.md": card("q", note_id=ID)})
    build_package(vault, tmp_path / "x.apkg")
    write_vault(vault, {"m.md": card("r")})
    (tmp_path / "x.apkg" if place == "package" else vault / "vaultdeck.lock").chmod(0o444)
    before = (vault / "vaultdeck.lock").read_bytes()
    code, shown = run_on_terminal("build", "v", "-o", "x.apkg", cwd=tmp_path)
    assert code == 2
    path = "x.apkg" if place == "package" else "v/vaultdeck.lock"
    last = shown.splitlines()[-1]
    assert last == f"vaultdeck: nothing was written: this file is read-only: '{path}'"
    assert (vault / "m.md").read_text() == card("r")
    assert (vault / "vaultdeck.lock").read_bytes() == before


LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << {}, resource.RLIM_INFINITY))
from vaultdeck.__main__ import main
main()
"""


def test_what_cannot_be_written_is_named_where_there_is_no_room(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "v", {"n.md": card("q")})
    command = [sys.executable, "-c", LIMITED.format(12), "build", "v", "--no-cache"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "vaultdeck: nothing was written: File too large: 'v/vaultdeck.lock'\n"
    assert (vault / "n.md").read_text() == card("q")


def test_what_was_written_before_the_package_failed_is_named(tmp_path: Path) -> None:
    sound = b"ID3" + os.urandom(300_000)
    vault = write_vault(tmp_path / "v", {"n.md": card("![[a.mp3]]"), "a.mp3": sound})
    command = [sys.executable, "-c", LIMITED.format(17), "build", "v", "--no-cache"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout.startswith("no package written: ")
    assert done.stderr.startswith(
        "vaultdeck: no package was written, only new IDs in 1 note and vaultdeck.lock: File too large"
    )
    assert "<!--ID:" in (vault / "n.md").read_text()
    assert leftovers(tmp_path) == []


# Names of packages.


@pytest.mark.parametrize(
    "name",
    ["collection.apkg", "Collection.APKG", "backup-2026-11-27.apkg", "BACKUP-.apkg"],
)
def test_a_package_that_anki_takes_for_a_collection_is_refused(tmp_path: Path, name: str) -> None:
    assert replaces_collection(name)
    vault, _ = set_up(tmp_path)
    done = run("build", "v", "-o", name, cwd=tmp_path)
    assert done.returncode == 2
    assert "replaces the user's" in done.stderr
    assert not (tmp_path / name).exists()
    assert (vault / "n.md").read_text() == card("q")


@pytest.mark.parametrize(
    ("vault", "package"),
    [
        ("Collection", "Collection-deck.apkg"),
        ("Backup-notes", "deck-Backup-notes.apkg"),
        ("backup", "backup.apkg"),
        ("my collection", "my collection.apkg"),
        ("", "vault.apkg"),
    ],
)
def test_the_default_package_has_a_name_that_anki_takes_for_a_package(
    vault: str, package: str
) -> None:
    assert default_name(vault) == package


def test_a_vault_named_as_a_backup_is_built_under_another_name(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "backup-notes", {"n.md": card("q", note_id=ID)})
    assert run("build", vault, cwd=tmp_path).stdout.startswith("deck-backup-notes.apkg: 1 note")
    assert not build(vault).diagnostics


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode there")
def test_who_reads_names_as_ascii_is_told_how_to_read_them(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"ä.md": card("q"), "b.md": card("r")})
    variables = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "vaultdeck", "check", "v", "--no-cache"]
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"\n    hint: set the variable PYTHONUTF8 to 1\n" in done.stdout
