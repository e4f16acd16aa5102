"""The whole mutation run, on a small module with its own tests, in a separate process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MODULE = """\
import functools

RATE = 2
UNUSED = 5


class Price:
    def __init__(self, net):
        self.net = net

    @property
    def gross(self):
        return self.net * RATE

    def untested(self):
        return self.net + 7


@functools.cache
def table():
    return {"a": Price(10)}


def count(most):
    number = 0
    while number < most:
        number += 1
    return number


MADE_AT_IMPORT = table()["a"].gross
"""

TESTS = """\
import pytest
from shop.prices import Price, count, table


def test_the_table_is_read_first():
    assert table()


@pytest.mark.parametrize("net", [1, 3])
def test_gross(net):
    assert Price(net).gross == 2 * net
    assert table()["a"].gross == 20


def test_count():
    assert count(3) == 3
"""

SCRIPT = """\
import json, sys
from mutation.__main__ import outcomes_of
from mutation.mutants import mutants_of, source_of

mutants = mutants_of(source_of("shop.prices"))
outcomes = outcomes_of(mutants, {"shop.prices": ["test_prices.py"]}, 2)
print(json.dumps([[mutant.now, outcome] for mutant, outcome in zip(mutants, outcomes)]))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "shop").mkdir()
    (folder / "shop" / "__init__.py").touch()
    (folder / "shop" / "prices.py").write_text(MODULE)
    (folder / "test_prices.py").write_text(TESTS)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return folder


def run(project):
    paths = f"import sys; sys.path[:0] = [{str(project)!r}, {str(ROOT)!r}]\n"
    return subprocess.run(
        [sys.executable, "-c", paths + SCRIPT], cwd=project, capture_output=True, text=True, timeout=300, check=False
    )


def test_a_mutant_is_killed_if_a_test_fails_and_survives_otherwise(project):
    done = run(project)
    assert done.returncode == 0, done.stderr
    outcomes = dict(json.loads(done.stdout))
    survivors = {now for now, outcome in outcomes.items() if outcome == "survived"}
    unused = {"UNUSED = None", "UNUSED = 6", "MADE_AT_IMPORT = None"}
    assert survivors == unused | {"return self.net - 7", "return self.net + 8"}
    # A property, a table, and a cached function that ran at import and is not called again.
    for now in ("return self.net / RATE", "RATE = 3", 'return {"a": Price(11)}', 'return {"XXaXX": Price(10)}'):
        assert outcomes[now] == "killed", now
    assert outcomes["number -= 1"] == outcomes["number = 1"] == "timed out"
    assert outcomes["while number <= most:"] == "killed"


def test_the_tests_must_pass_without_a_mutant(project):
    failing = project / "test_prices.py"
    failing.write_text(TESTS + "\n\ndef test_wrong():\n    assert False\n")
    done = run(project)
    failing.write_text(TESTS)
    assert done.returncode != 0
    assert "test_prices.py::test_wrong fails without a mutant" in done.stderr
