"""Options from the file of a project."""

import pytest
from click.testing import CliRunner

from oauth_gauntlet.cli import cli
from oauth_gauntlet.cli.options_of_run import options_of_run
from oauth_gauntlet.cli.run import run
from oauth_gauntlet.cli.settings import nearest_settings
from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.judging.run_options import RunOptions, declarations


def write(folder, text, name="oauth-gauntlet.toml"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder


def test_without_a_file_there_are_no_options(tmp_path):
    found = nearest_settings(tmp_path)
    assert found.path is None or not found.path.is_relative_to(tmp_path)


def test_the_nearest_file_upward_counts_and_a_pyproject_without_the_table_does_not(tmp_path):
    write(tmp_path, 'client = "far"')
    write(tmp_path / "a", '[tool.oauth-gauntlet]\nclient = "near"', "pyproject.toml")
    write(tmp_path / "a/b", "[project]\n", "pyproject.toml")
    found = nearest_settings(tmp_path / "a/b")
    assert found.path == tmp_path / "a/pyproject.toml"
    assert found.values == {"client": "near"}


def test_every_option_of_run_is_a_key_but_those_that_exclude_another_one(tmp_path):
    values = {int: "3", float: "3"}
    lines = []
    for each in options_of_run():
        if each.in_file:
            declaration = each.declaration
            text = values.get(declaration.type, f'"{declaration.choices[-1] if declaration.choices else "x=y"}"')
            text = "true" if each.default is False else f"[{text}]" if each.default == () else text
            lines.append(f"{each.key} = {text}")
    found = nearest_settings(write(tmp_path, "\n".join(lines)))
    own = {"keyword", "workers", "max_failures"}
    assert set(found.values) == {name for name, _, _ in declarations()} | own
    assert {option.name for option in run.params if option.name != "help"} - set(found.values) == {"first", "quiet", "verbose"}
    RunOptions(**{name: value for name, value in found.values.items() if name not in own})


def test_paths_start_at_the_folder_of_the_file(tmp_path, monkeypatch):
    text = 'scenarios = ["own", "/abs"]\nexpect = "known.toml"\nreport = ["html=r.html", "json=-"]\nfaults = ["f.py", "mod"]\n'
    write(tmp_path, text)
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    values = nearest_settings(tmp_path / "sub").values
    assert values["scenarios"] == (f"{tmp_path}/own", "/abs")
    assert values["expect"] == f"{tmp_path}/known.toml"
    assert values["report"] == (f"html={tmp_path}/r.html", "json=-")
    assert values["faults"] == (f"{tmp_path}/f.py", "mod")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('\nexpct = "x"', r"oauth-gauntlet\.toml, line 2: unknown key 'expct', did you mean expect\?"),
        ('strict = "yes"', r"line 1: strict: expected true or false, got 'yes'"),
        ("seed = true", r"line 1: seed: expected an integer, got true"),
        ('report = "html=x"', r"line 1: report: expected a list of strings, got 'html=x'"),
        ('effort = "some"', r"line 1: effort: expected one of quick, ci, thorough, got 'some'"),
        ("client = 3", r"line 1: client: expected a string, got 3"),
        (r'expect = "a\u0000b"', r"line 1: expect: expected a string without NUL, got 'a\\x00b'"),
        (r'report = ["html=a\u0000b"]', r"line 1: report: expected strings without NUL, got "),
        (f"time-limit = 1{'0' * 400}", r"line 1: time-limit: expected a number, got 1"),
        ("max-failures = 0", r"line 1: max-failures: expected an integer from 1, got 0"),
        ("n = -1", r"line 1: n: expected an integer from 0, got -1"),
        ("quiet = true", r"line 1: unknown key 'quiet'"),
        ("= 3", r"oauth-gauntlet\.toml: not valid TOML: "),
    ],
)
def test_what_is_wrong_names_file_line_and_key(tmp_path, text, words):
    with pytest.raises(UsageError, match=words):
        nearest_settings(write(tmp_path, text))


def test_the_command_line_wins(tmp_path, monkeypatch):
    monkeypatch.chdir(write(tmp_path, 'client = ""\nset = "nosuch"'))
    assert "unknown set of requirements 'nosuch'" in str(CliRunner().invoke(cli, ["run"]).exception)
    assert "client spec is empty" in str(CliRunner().invoke(cli, ["run", "--set", "all"]).exception)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ('set = "nosuch"', "unknown set of requirements 'nosuch'"),
        ('profile = ["nosuch"]', "unknown profile 'nosuch'"),
        ('grant = ["nosuch"]', "nosuch"),
        ("time-limit = -3", "the time limit is -3"),
        ('report = ["nosuch=x"]', "unknown kind 'nosuch'"),
        ('scenarios = ["nosuch"]', "--scenarios nosuch"),
    ],
)
def test_a_value_that_names_nothing_is_an_error_with_file_and_line(tmp_path, monkeypatch, key, words):
    folder = write(tmp_path, f'[tool.oauth-gauntlet]\nclient = "cmd:x"\n{key}\n', "pyproject.toml")
    monkeypatch.chdir(folder)
    message = str(CliRunner().invoke(cli, ["run"]).exception)
    assert message.startswith(f"{folder}/pyproject.toml, line 3: ")
    assert words in message


def test_a_wrong_value_of_the_command_line_names_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(write(tmp_path, 'client = "cmd:x"\nset = "rfc6749"'))
    assert str(CliRunner().invoke(cli, ["run", "--set", "nosuch"]).exception).startswith("unknown set")


def test_a_selection_of_the_file_is_judged_and_the_command_line_replaces_it(tmp_path, monkeypatch):
    monkeypatch.chdir(write(tmp_path, 'client = "py:oauth_gauntlet.reference:make_client"\nk = "nosuch.one"'))
    assert "there is no scenario 'nosuch.one'" in str(CliRunner().invoke(cli, ["run"]).exception)
    assert "there is no scenario 'nosuch.two'" in str(CliRunner().invoke(cli, ["run", "-k", "nosuch.two"]).exception)
