import argparse
import subprocess
import sys
from dataclasses import fields

import click
import pytest

from oauth_gauntlet.cli.run import run
from oauth_gauntlet.judging.run_options import RunOptions, addoption_keywords, declarations, spelled

GIVEN = {
    "client": "cmd:x y",
    "grant": ("password", "jwt-bearer"),
    "level": "must",
    "set": "rfc9700",
    "keep_going": True,
    "strict": True,
    "expect": "e.toml",
    "effort": "quick",
    "profile": ("scim-connector", "other"),
    "scenarios": ("test_mine.py", "own"),
    "seed": 7,
    "time_limit": 2.5,
    "in_process": True,
    "results": "r.jsonl",
    "report": ("json=a", "html=b"),
}


def parsed(arguments):
    """Return the options as pytest's parser, which is argparse, reads them."""
    parser = argparse.ArgumentParser()
    for name, declaration, default in declarations():
        parser.add_argument(f"--oauth-{spelled(name)}", **addoption_keywords(declaration, default))
    values = vars(parser.parse_args(arguments))
    return RunOptions.of_pytest(values.__getitem__)


def test_the_judging_process_reads_the_options_that_are_passed_on():
    options = RunOptions(**GIVEN)
    kept = {name: GIVEN[name] for name, declaration, _ in declarations() if declaration.passed_on}
    assert set(GIVEN) - set(kept) == {"expect", "results", "report"}
    assert parsed(options.pytest_arguments()) == RunOptions(**kept)


def test_a_default_is_not_passed_on():
    assert RunOptions(client="c").pytest_arguments() == ["--oauth-client", "c"]
    assert parsed(["--oauth-client", "c"]) == RunOptions(client="c")


def test_every_option_of_the_plugin_is_an_option_of_run_with_the_same_help():
    of_run = {each.name: each for each in run.params if isinstance(each, click.Option)}
    for name, declaration, _ in declarations():
        assert of_run[name].opts == [f"--{spelled(name)}"]
        assert of_run[name].help == declaration.help
    assert {each.name for each in fields(RunOptions)} == set(GIVEN)


@pytest.mark.parametrize(
    "arguments",
    [["--level", "interop"], ["--level", "connector"], ["--effort", "slow"], ["--seed", "x"], ["--time-limit", "x"], []],
)
def test_run_rejects_a_wrong_value_and_a_missing_client(arguments):
    client = ["--client", "c"] if arguments else []
    with pytest.raises(click.UsageError):
        run.make_context("run", [*client, *arguments])


def test_run_reads_the_same_values():
    arguments = []
    for name, value in GIVEN.items():
        for each in value if isinstance(value, tuple) else (value,):
            arguments += [f"--{spelled(name)}"] if each is True else [f"--{spelled(name)}", str(each)]
    values = run.make_context("run", arguments).params
    assert RunOptions(**{name: values[name] for name in GIVEN}) == RunOptions(**GIVEN)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf")])
def test_a_time_limit_is_a_number_above_0(seconds):
    with pytest.raises(ValueError, match="expected a number of seconds above 0"):
        RunOptions(client="c", time_limit=seconds).checked_time_limit_s()
    assert RunOptions(client="c", time_limit=0.5).checked_time_limit_s() == 0.5


def test_the_plugin_imports_nothing_but_its_options():
    code = (
        "import sys, pytest\nbefore = set(sys.modules)\nimport oauth_gauntlet.pytest_plugin\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True)
    names = ("", ".judging", ".judging.run_options", ".marker", ".pytest_plugin")
    assert done.stdout.split() == [f"oauth_gauntlet{name}" for name in names]
