import os
import subprocess
import sys

import pytest

from oauth_gauntlet.judging.judging_environment import judging_environment

MACHINE = {
    "PYTEST_PLUGINS": "no_such_plugin",
    "PYTEST_ADDOPTS": "--no-such-option",
    "PYTEST_XDIST_AUTO_NUM_WORKERS": "7",
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
    "PYTHONINSPECT": "1",
    "PYTHONBREAKPOINT": "no.such",
    "PYTHONDEVMODE": "1",
    "PYTHON_COLORS": "1",
    "PYTHON_OF_LATER": "1",
    "HYPOTHESIS_OF_LATER": "1",
}


def test_what_could_change_pytest_or_python_is_removed():
    assert not MACHINE.keys() & judging_environment(MACHINE).keys()


def test_what_says_where_modules_are_stays():
    kept = {"PYTHONPATH": "/a", "PYTHONHOME": "/b", "PATH": "/c", "PYENV_ROOT": "/d", "VIRTUAL_ENV": "/e"}
    assert kept.items() <= judging_environment(kept).items()


def test_the_order_of_sets_does_not_depend_on_the_machine():
    assert judging_environment({"PYTHONHASHSEED": "7"})["PYTHONHASHSEED"] == "0"


REFERENCE = ["--client", "py:oauth_gauntlet.reference:make_client", "-k", "sanity or parse.minimal", "--strict"]


@pytest.mark.slow
@pytest.mark.parametrize("optimized", [(), ("-OO",)])
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_with_all_these_variables_passes(optimized, workers, tmp_path):
    machine = {**os.environ, **MACHINE}
    del machine["PYTHONINSPECT"]  # the command itself would wait for input
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *optimized, "-m", "oauth_gauntlet", "run", *REFERENCE, "-n", workers],
        env={**machine, "PYTHONWARNINGS": "ignore"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "no failure" in done.stdout


@pytest.mark.slow
def test_without_docstrings_the_catalogue_can_be_listed(tmp_path):
    command = [sys.executable, "-OO", "-m", "oauth_gauntlet"]
    for arguments in (["list"], ["explain", "parse.minimal"]):
        done = subprocess.run([*command, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert "parse.minimal" in done.stdout
