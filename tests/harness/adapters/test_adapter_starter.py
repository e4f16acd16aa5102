import pytest

from oauth_gauntlet.adapters.adapter_starter import copy_starter, starter, starter_languages
from oauth_gauntlet.errors import UsageError


def test_each_starter_has_files_and_a_start_command():
    assert {"go", "java", "javascript", "rust"} <= set(starter_languages())
    for language in starter_languages():
        found = starter(language)
        assert found.files
        assert found.start
        assert "starter.toml" not in found.files
    assert starter("go").build == "go build -o adapter ."
    assert (starter("javascript").build, starter("javascript").start) == ("", "node adapter.mjs")
    assert "src/adapter_loop.rs" in starter("rust").files


def test_an_unknown_language_is_a_usage_error_with_the_known_ones():
    with pytest.raises(UsageError, match=r"there is no starter of 'cobol'; there are go, java, javascript"):
        starter("cobol")
    with pytest.raises(UsageError, match=r"there is no starter of '\.\./starters/go'"):
        starter("../starters/go")


def test_the_files_are_copied_unchanged(tmp_path):
    copy_starter(starter("rust"), tmp_path / "new" / "one")
    copied = {str(path.relative_to(tmp_path / "new" / "one")): path.read_bytes() for path in (tmp_path / "new").rglob("*.*")}
    assert copied == starter("rust").files


@pytest.mark.parametrize("kind", ["file", "link to nowhere"])
def test_an_existing_file_is_not_overwritten_and_nothing_is_copied(tmp_path, kind):
    mine = tmp_path / "adapter.mjs"
    if kind == "file":
        mine.write_text("mine")
    else:
        mine.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"adapter\.mjs: already in the folder, and not overwritten; name another folder"):
        copy_starter(starter("javascript"), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["adapter.mjs"]
    assert kind != "file" or mine.read_text() == "mine"


def test_other_files_of_the_folder_stay(tmp_path):
    (tmp_path / "package.json").write_text("{}")
    copy_starter(starter("javascript"), tmp_path)
    assert (tmp_path / "adapter-loop.mjs").exists()
    assert (tmp_path / "package.json").read_text() == "{}"


def test_a_folder_that_cannot_be_created(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"adapter new: .*cannot be written"):
        copy_starter(starter("javascript"), tmp_path / "file")
