import errno
import os
import stat
from pathlib import Path

import pytest

from oauth_gauntlet.errors import HarnessError, UsageError
from oauth_gauntlet.files.text_files import Unreadable, encoded, not_written, read_lines, read_text, write_whole


def test_a_text_is_read_with_or_without_a_byte_order_mark(tmp_path):
    path = tmp_path / "a"
    for octets in ("ä\r\n".encode(), "\ufeffä\r\n".encode()):
        path.write_bytes(octets)
        assert read_text(path) == "ä\r\n"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing", "No such file or directory"),
        (".", "Is a directory"),
        ("latin", "it is not UTF-8 (octet 1)"),
        ("/dev/zero", "it is a device that does not end; give the path of a file"),
        ("a\x00", "embedded null byte"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_with_the_reason(tmp_path, name, words):
    (tmp_path / "latin").write_bytes(b"a\xe4")
    with pytest.raises(Unreadable) as caught:
        read_text(tmp_path / name)
    assert str(caught.value) == words


@pytest.mark.parametrize("octets", [b"", b"a", b"a\n", b"a\r\n\n\xc3\xa4\rb\n", b"\xef\xbb\xbfa\nb"])
def test_lines_together_are_the_text(tmp_path, octets):
    (tmp_path / "a").write_bytes(octets)
    lines = list(read_lines(tmp_path / "a"))
    assert "".join(lines) == read_text(tmp_path / "a")
    assert all(line.endswith("\n") for line in lines[:-1])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing", "No such file or directory"),
        (".", "Is a directory"),
        ("latin", "it is not UTF-8 (octet 5)"),
        ("/dev/zero", "it is a device that does not end; give the path of a file"),
        ("a\x00", "embedded null byte"),
    ],
)
def test_lines_that_cannot_be_read_are_an_error_with_the_reason(tmp_path, name, words):
    (tmp_path / "latin").write_bytes(b"abc\na\xe4\n")
    with pytest.raises(Unreadable) as caught:
        list(read_lines(tmp_path / name))
    assert str(caught.value) == words


def test_lines_are_read_one_after_another(tmp_path):
    (tmp_path / "a").write_bytes(b"first\n\xff\n")
    lines = read_lines(tmp_path / "a")
    assert next(lines) == "first\n"
    with pytest.raises(Unreadable, match=r"not UTF-8 \(octet 6\)"):
        next(lines)


def test_a_device_has_lines_too():
    assert list(read_lines(Path("/dev/null"))) == []


def test_a_text_is_encoded_in_pieces(monkeypatch):
    monkeypatch.setattr("oauth_gauntlet.files.text_files._PIECE", 2)
    assert list(encoded("aä\ud800bc")) == [b"a\xc3\xa4", b"\\ud800b", b"c"]


def test_an_error_without_a_system_message_keeps_its_text(monkeypatch):
    def fail(self, mode):
        raise OSError("in a sandbox")

    monkeypatch.setattr("pathlib.Path.open", fail)
    with pytest.raises(Unreadable, match=r"^in a sandbox$"):
        read_text(Path("a"))
    assert str(not_written("x", OSError("in a sandbox"))) == "x: cannot be written: in a sandbox"


@pytest.mark.parametrize("most", [1024 * 1024, 0])
def test_a_device_that_ends_is_read(monkeypatch, most):
    monkeypatch.setattr("oauth_gauntlet.files.text_files._MOST_OF_A_DEVICE", most)
    assert read_text(Path("/dev/null")) == ""


def test_a_file_is_read_whole_at_any_length(tmp_path, monkeypatch):
    monkeypatch.setattr("oauth_gauntlet.files.text_files._MOST_OF_A_DEVICE", 5)
    (tmp_path / "a").write_text("longer than that")
    assert read_text(tmp_path / "a") == "longer than that"


def test_pipes_are_read_and_written():
    read_end, write_end = os.pipe()
    write_whole(Path(f"/dev/fd/{write_end}"), "through a pipe")
    os.close(write_end)
    assert read_text(Path(f"/dev/fd/{read_end}")) == "through a pipe"
    os.close(read_end)


def test_a_missing_folder_raises_file_not_found(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "missing" / "a", "text")


def test_a_path_that_is_a_folder_raises_is_a_directory(tmp_path):
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path, "text")


def test_a_file_is_replaced_and_keeps_its_mode_and_its_link(tmp_path):
    path, link = tmp_path / "a", tmp_path / "link"
    path.write_text("before")
    path.chmod(0o640)
    link.symlink_to(path)
    write_whole(link, "after \ud800")
    assert path.read_text() == "after \\ud800"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "link"]


def test_a_new_file_has_the_mode_of_the_umask(tmp_path):
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a", "text")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_after_a_failure_the_old_content_is_left_and_no_other_file(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_text("before")

    def fail(self, target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, "after")
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS])
@pytest.mark.parametrize("existed", [True, False])
def test_a_file_that_cannot_be_replaced_is_overwritten(tmp_path, monkeypatch, number, existed):
    path = tmp_path / "a"

    def fail(self, target):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("pathlib.Path.replace", fail)
    if existed:
        path.write_text("before")
        write_whole(path, "after")
        assert path.read_text() == "after"
    else:
        with pytest.raises(OSError, match=os.strerror(number)):
            write_whole(path, "after")
    assert [each.name for each in tmp_path.iterdir()] == ["a"] * existed


def test_after_an_interruption_the_old_content_is_left(tmp_path, monkeypatch):
    def interrupt(self, target):
        raise KeyboardInterrupt

    (tmp_path / "a").write_text("before")
    monkeypatch.setattr("pathlib.Path.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a", "after")
    assert [each.read_text() for each in tmp_path.iterdir()] == ["before"]


def test_a_file_keeps_its_owner_if_possible(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_text("before")
    given = []

    def refuse(new, user, group):
        given.append((new.parent, user, group))
        raise PermissionError

    monkeypatch.setattr("os.chown", refuse)
    write_whole(path, "after")
    assert given == [(tmp_path, path.stat().st_uid, path.stat().st_gid)]
    assert path.read_text() == "after"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        *((each, HarnessError) for each in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOMEM)),
        *((each, HarnessError) for each in (errno.EMFILE, errno.ENFILE)),
        *((each, UsageError) for each in (errno.EACCES, errno.ENOENT, errno.EISDIR)),
    ],
)
def test_an_error_of_the_machine_is_not_a_usage_error(number, kind):
    error = not_written("x", OSError(number, os.strerror(number)))
    assert type(error) is kind
    assert str(error) == f"x: cannot be written: {os.strerror(number)}"
