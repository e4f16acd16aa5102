"""The options of ``serve``: each has an environment variable, and an error names it."""

import click
import pytest
from click.testing import CliRunner

from oauth_gauntlet_server.commands.serve import VARIABLES, serve

OPTIONS = [each for each in serve.params if isinstance(each, click.Option)]

GIVEN = {
    "like": ("zoom", "zoom"),
    "host": ("127.0.0.9", "127.0.0.9"),
    "port": ("9123", 9123),
    "config": ("x.toml", "x.toml"),
    "faults": ("a b", ("a", "b")),
    "auto_create": ("false", False),
    "keys": ("folder", "folder"),
    "cert": ("cert.pem", "cert.pem"),
    "key": ("key.pem", "key.pem"),
    "san": ("auth 192.0.2.7", ("auth", "192.0.2.7")),
    "browser_url": ("http://localhost:1", "http://localhost:1"),
    "public_url": ("http://auth:8080", "http://auth:8080"),
    "memory": ("64", 64),
    "control_token": ("t", "t"),
    "log": ("json", "json"),
    "grace": ("1.5", 1.5),
}
"""A value of each option in a variable, and what it becomes; flags are not here."""

WRONG = {"port": "65536", "log": "xml", "grace": "-1", "memory": "0", "auto_create": "perhaps"}


@pytest.fixture
def parsed(monkeypatch):
    """Return a function that returns the options that ``serve`` gets with these variables."""

    def parse(arguments=(), **variables):
        for name, value in variables.items():
            monkeypatch.setenv(f"{VARIABLES}_{name.upper()}", value)
        context = serve.make_context("serve", list(arguments))
        with context:
            return context.params

    return parse


@pytest.mark.parametrize("option", OPTIONS, ids=lambda each: each.name)
def test_each_option_has_a_variable(parsed, option):
    given, value = ("1", True) if option.is_flag and option.name != "auto_create" else GIVEN[option.name]
    found = parsed(**{option.name: given})[option.name]
    assert (str(found) if option.name in {"config", "keys", "cert", "key"} else found) == value


def test_the_command_line_takes_precedence(parsed):
    assert parsed(["--port", "1", "--auto-create"], port="2", auto_create="false")["port"] == 1
    assert parsed(["--auto-create"], auto_create="false")["auto_create"] is True


@pytest.mark.parametrize("option", [each.name for each in OPTIONS if each.is_flag or each.name in WRONG])
def test_a_wrong_value_names_its_variable(option):
    variable = f"{VARIABLES}_{option.upper()}"
    done = CliRunner().invoke(serve, [], env={variable: WRONG.get(option, "perhaps")})
    assert done.exit_code == 2
    assert f"(environment variable {variable})" in done.output


def test_a_wrong_value_on_the_command_line_names_no_variable():
    assert "environment variable" not in CliRunner().invoke(serve, ["--port", "x"]).output.partition("Error:")[2]


def test_the_pattern_of_the_variables_is_in_the_help():
    assert "OAUTH_GAUNTLET_PORT" in CliRunner().invoke(serve, ["--help"]).output
