"""Every bug below the parsing is caught by each scenario that should catch it; the reference client passes them all."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from judged import verdicts  # noqa: E402
from transport_mutants import Bug  # noqa: E402


def test_the_reference_client_passes_every_scenario_that_catches_a_bug(tmp_path):
    wanted = {scenario for bug in Bug for scenario in bug.value}
    found, code = verdicts("py:oauth_gauntlet.reference:make_client", wanted, tmp_path)
    assert {scenario: found.get(scenario) for scenario in wanted} == dict.fromkeys(wanted, "pass")
    assert code == 0


@pytest.mark.parametrize("bug", list(Bug), ids=lambda bug: bug.name)
def test_the_bug_is_caught(bug, tmp_path):
    found, _ = verdicts(f"py:transport_mutants:{bug.name}", set(bug.value), tmp_path)
    assert {scenario: found.get(scenario) for scenario in bug.value if found.get(scenario) not in {"fail", "warn"}} == {}
