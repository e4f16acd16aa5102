import os
import subprocess
import sys

import pytest

from oauth_gauntlet.judging.effort import EXAMPLES, STEPS
from oauth_gauntlet.judging.run_options import EFFORTS

pytestmark = pytest.mark.slow

# In a separate process: it applies to the whole process.
GENERATING = """
import contextlib, sys, zlib
from hypothesis import given, seed, settings, strategies
from oauth_gauntlet.judging import effort

sys.path.insert(0, "")
with contextlib.suppress(ImportError):
    import of_the_user

effort.load(sys.argv[1])
met = []

@seed(1)
@given(strategies.lists(strategies.integers(), min_size=30))
def generate(numbers):
    met.append(numbers)

generate()
print(len(met), settings().database, settings().deadline, settings().stateful_step_count, zlib.crc32(repr(met).encode()))
"""


def generated(name, folder, **variables):
    done = subprocess.run(
        [sys.executable, "-c", GENERATING, name],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return done.stdout.split()


@pytest.mark.parametrize(("name", "examples", "steps"), [("quick", 10, 8), ("ci", 25, 12)])
def test_an_effort_limits_the_examples_and_has_no_database(name, examples, steps, tmp_path):
    assert generated(name, tmp_path)[:4] == [str(examples), "None", "None", str(steps)]


def test_nothing_is_written_into_the_users_folder(tmp_path):
    generated("ci", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_generates_the_same_examples_whatever_modules_are_loaded(tmp_path):
    alone = generated("ci", tmp_path)
    constants = ", ".join(str(number) for number in range(10**9, 10**9 + 200))
    (tmp_path / "of_the_user.py").write_text(f"NUMBERS = [{constants}]\n")
    assert generated("ci", tmp_path) == alone


def test_a_ci_system_changes_nothing(tmp_path):
    """Hypothesis has other defaults where it finds one."""
    assert generated("quick", tmp_path, CI="true", GITHUB_ACTIONS="true") == generated("quick", tmp_path, CI="")


def test_an_unknown_effort_is_a_key_error(tmp_path):
    with pytest.raises(subprocess.CalledProcessError) as caught:
        generated("lazy", tmp_path)
    assert caught.value.stderr.splitlines()[-1] == "KeyError: 'lazy'"


def test_each_effort_generates_more_than_the_one_before():
    assert tuple(EXAMPLES) == EFFORTS
    assert tuple(STEPS) == EFFORTS
    for much in (EXAMPLES, STEPS):
        assert sorted(much.values()) == list(much.values())
