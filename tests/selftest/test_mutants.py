"""Every bug is caught by the scenario that should catch it; without a bug that scenario passes."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from judged import verdicts  # noqa: E402
from mutants import Bug  # noqa: E402


def test_the_reference_client_passes_every_scenario_that_catches_a_bug(tmp_path):
    wanted = {bug.value for bug in Bug}
    found, code = verdicts("py:oauth_gauntlet.reference:make_client", wanted, tmp_path)
    assert {scenario: found.get(scenario) for scenario in wanted} == dict.fromkeys(wanted, "pass")
    assert code == 0


@pytest.mark.parametrize("bug", list(Bug), ids=lambda bug: bug.name)
def test_the_bug_is_caught(bug, tmp_path):
    found, _ = verdicts(f"py:mutants:{bug.name}", {bug.value}, tmp_path)
    assert found[bug.value] in {"fail", "warn"}, found
