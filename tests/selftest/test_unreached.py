"""What nothing was seen of is untestable: clients that send nothing, or stop after a step (unreached.py).

They run with one scenario of each requirement, except those that wait.
"""

import pytest

from oauth_gauntlet_scenarios.catalogue import scenarios
from tests.selftest import kill_matrix, unreached

SENDS_NOTHING = ["FailsAsConfiguration", "FailsAsRefused", "FailsUndocumented", "ConstantToken"]
STOPS = ["NothingToResources", "RequestsRefused", "OnlyOneOperation"]

SANITY = {"sanity.first", "sanity.last"}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """Return the verdict of each requirement for each client, without the untestable ones."""
    chosen = [each.names()[0] for each in scenarios() if not each.waits and not each.thorough]
    spec = f"py:{unreached.__name__}"
    jobs = {name: {"spec": f"{spec}:{name}", "scenarios": chosen} for name in (*SENDS_NOTHING, *STOPS)}
    found = kill_matrix.run(jobs, tmp_path_factory.mktemp("unreached"))
    return {
        name: {
            scenario.partition("[")[0]: result
            for scenario, result in results.items()
            if result.verdict not in {"untestable", "not_applicable"}
        }
        for name, results in found.items()
    }


@pytest.mark.parametrize("client", SENDS_NOTHING)
def test_a_client_that_sends_nothing_fails_and_passes_nothing_but_sanity(verdicts, client):
    found = {scenario: result.verdict for scenario, result in verdicts[client].items()}
    # It returns a token although nobody listens: that was seen, without any request.
    expected = {"wire.refused": "warning"} if client == "ConstantToken" else {}
    assert found == dict.fromkeys(SANITY, "violation") | expected


def test_a_client_that_sends_nothing_to_resources_fails_and_passes_nothing_about_them(verdicts):
    found = verdicts["NothingToResources"]
    assert {scenario for scenario in found if scenario.startswith("resource.")} == set()
    # A connection test and a story ask for an answer of the resource: here the error itself is what they are about.
    failed = {scenario for scenario, result in found.items() if result.verdict != "pass"}
    assert failed == {"connector.test-connection", "story.of-sessions", "story.of-tokens"}


def test_a_client_whose_token_requests_are_refused_has_shown_nothing_about_resources(verdicts):
    found = verdicts["RequestsRefused"]
    assert {scenario for scenario in found if scenario.startswith("resource.")} == set()
    assert {result.verdict for scenario, result in found.items() if scenario in SANITY} == {"violation"}


def test_a_client_that_works_once_passes_nothing_that_needs_a_second_request(verdicts):
    found = verdicts["OnlyOneOperation"]
    assert {scenario: found[scenario].verdict for scenario in ("expiry.renewed-after", "refresh.absent-keeps.absent")} == {
        "expiry.renewed-after": "warning",
        "refresh.absent-keeps.absent": "warning",
    }
    needs_more = ("renewal.", "refresh.password-discarded", "refresh.odd-not-sent", "trouble.connections-closed")
    assert {scenario for scenario in found if scenario.startswith(needs_more)} == set()
