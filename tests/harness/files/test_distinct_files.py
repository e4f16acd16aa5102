import os
from pathlib import Path

import pytest

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.distinct_files import NamedFile, check_distinct


def named(path):
    return NamedFile(name=f"file {path}", path=Path(path))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with one file of many names."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    Path("a").write_text("content")
    Path("link").symlink_to("a")
    Path("hard").hardlink_to("a")
    Path("dangling").symlink_to("new")
    return tmp_path


@pytest.mark.parametrize("other", ["a", "./a", "sub/../a", "link", "hard"])
def test_a_file_is_found_under_each_of_its_names(folder, other):
    words = f"file {other}: is the same file as file a, which this command reads; give the path of another file"
    with pytest.raises(UsageError) as caught:
        check_distinct(written=[named(other)], read=[named("a")])
    assert str(caught.value) == words
    with pytest.raises(UsageError, match="which this command reads"):
        check_distinct(written=[named("a")], read=[named(folder / other)])


@pytest.mark.parametrize("pair", [("a", "hard"), ("new", "./new"), ("new", "dangling"), ("none/new", "none/./new")])
def test_a_file_is_written_once(folder, pair):
    with pytest.raises(UsageError, match="which this command writes too"):
        check_distinct(written=map(named, pair))


def test_different_files_pass(folder):
    Path("copy").write_text("content")
    check_distinct(written=map(named, ("new", "copy", "none/new", "sub/new")), read=map(named, ("a", "missing")))
    check_distinct(written=[named("new")], read=[named("a"), named("link")])


def test_devices_pipes_and_paths_that_are_none_may_occur_twice(folder):
    os.mkfifo("pipe")
    Path("circle").symlink_to("circle")
    for path in (os.devnull, "pipe", "circle", "a\0b", "sub"):
        check_distinct(written=[named(path), named(path)], read=[named(path)])
