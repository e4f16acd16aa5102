"""Every bug in time and concurrency is caught by each scenario that should catch it; the reference client passes them."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import time_mutants  # noqa: E402
from broken import bugs_of  # noqa: E402
from judged import verdicts  # noqa: E402

BUGS = bugs_of(time_mutants)


def test_the_reference_client_passes_every_scenario_that_catches_a_bug(tmp_path):
    wanted = {scenario for bug in BUGS for scenario in bug.caught_by}
    found, code = verdicts("py:oauth_gauntlet.reference:make_client", wanted, tmp_path)
    assert {scenario: found.get(scenario) for scenario in wanted} == dict.fromkeys(wanted, "pass")
    assert code == 0


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_the_bug_is_caught(bug, tmp_path):
    found, _ = verdicts(f"py:time_mutants:{bug.__name__}", set(bug.caught_by), tmp_path)
    assert {scenario: found.get(scenario) for scenario in bug.caught_by if found.get(scenario) not in {"fail", "warn"}} == {}
