import errno
import os
import stat

import pytest

from oauth_gauntlet.errors import HarnessError, UsageError
from oauth_gauntlet.text_files import Unreadable, not_written, read_text, write_whole


def test_a_text_is_read_with_or_without_a_byte_order_mark(tmp_path):
    path = tmp_path / "a"
    for octets in ("ä\r\n".encode(), "\ufeffä\r\n".encode()):
        path.write_bytes(octets)
        assert read_text(path) == "ä\r\n"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing", "No such file"),
        (".", "Is a directory"),
        ("latin", r"not UTF-8 \(octet 1\)"),
        ("/dev/zero", "does not end"),
        ("a\x00", "null"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, name, words):
    (tmp_path / "latin").write_bytes(b"a\xe4")
    with pytest.raises(Unreadable, match=words):
        read_text(tmp_path / name)


def test_a_device_that_ends_is_read(tmp_path):
    assert read_text(tmp_path / "/dev/null") == ""


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path):
    path, link = tmp_path / "a", tmp_path / "link"
    path.write_text("before")
    path.chmod(0o640)
    link.symlink_to(path)
    write_whole(link, "after \ud800")
    assert path.read_text() == "after \\ud800"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "link"]


def test_a_new_file_has_the_mode_that_the_user_wants(tmp_path):
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a", "text")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_what_fails_leaves_what_was_there_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_text("before")

    def fail(self, target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, "after")
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_where_no_new_file_can_take_its_place_the_old_one_is_written(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_text("before")

    def fail(self, target):
        raise OSError(errno.EBUSY, "a mount of its own")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    write_whole(path, "after")
    assert path.read_text() == "after"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, HarnessError), (errno.EACCES, UsageError)])
def test_the_machines_trouble_is_not_the_users(number, kind):
    error = not_written("x", OSError(number, os.strerror(number)))
    assert type(error) is kind
    assert str(error) == f"x: cannot be written: {os.strerror(number)}"
