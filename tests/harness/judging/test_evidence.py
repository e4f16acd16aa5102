import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.checks import Breach
from oauth_gauntlet.judging.evidence import exchanges_json, notes_on, server_failed
from oauth_gauntlet.judging.verdicts import Conclusion
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Verdict
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference import make_client
from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults.base import Fault


@dataclass(frozen=True, kw_only=True)
class Breaks(Fault):
    name = "breaks"

    def instead(self, context):
        raise ZeroDivisionError


@pytest.fixture
def tenant(server):
    return server.tenant(strict=False)


def ask(tenant, username="u"):
    form = {"grant_type": "password", "username": username, "password": "p", "client_id": "c", "client_secret": "s"}
    try:
        with urllib.request.urlopen(tenant.token_url, urllib.parse.urlencode(form).encode(), timeout=60) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        with error:
            error.read()


def test_the_last_exchanges_are_kept_in_order(tenant):
    for number in range(22):
        ask(tenant, f"user-{number}")
    kept = exchanges_json(tenant.journal)
    users = [dict(urllib.parse.parse_qsl(exchange["request"]["body"]))["username"] for exchange in kept]
    assert users == [f"user-{number}" for number in range(2, 22)]


def test_an_exchange_names_the_fault_that_fired_and_is_plain_json(tenant):
    tenant.arm(faults.oauth_error("invalid_grant"))
    ask(tenant)
    (exchange,) = exchanges_json(tenant.journal)
    assert json.loads(json.dumps(exchange)) == exchange
    assert (exchange["fault"], exchange["response"]["status"]) == ("oauth_error", 400)


@pytest.mark.parametrize(
    ("armed", "failed"),
    [
        (None, False),
        (faults.http_status(500), False),
        (faults.oauth_error("server_error", status=500), False),
        (Breaks(), True),
    ],
    ids=["well-behaved", "status-500", "server_error-on-demand", "a-bug-of-the-server"],
)
def test_only_an_error_without_a_fault_is_the_servers_own_failure(tenant, armed, failed):
    if armed is not None:
        tenant.arm(armed)
    ask(tenant)
    assert tenant.journal.count("token") == 1
    assert server_failed(tenant.journal) is failed


def noted(exception, *notes):
    for note in notes:
        exception.add_note(note)
    return exception


BREACH = noted(Breach(expected="a", seen="b"), "scope=' '", "Falsifying example: test_it(\n    client=<LabClient>,\n)")


@pytest.mark.parametrize("verdict", list(Verdict))
def test_pass_and_not_applicable_have_no_notes(verdict):
    quiet = verdict in {Verdict.PASS, Verdict.NOT_APPLICABLE}
    assert notes_on(Conclusion(verdict=verdict), BREACH, None) == (() if quiet else ("scope=' '",))


def test_the_configuration_is_the_last_note_once_the_client_has_one(tenant):
    adapter = InProcessAdapter(make_client)
    client = LabClient(adapter=adapter, hello=adapter.hello(), tenant=tenant, grant=GrantType.PASSWORD)
    failed = Conclusion(verdict=Verdict.VIOLATION)
    assert notes_on(failed, None, client) == ()
    client.configure(scope="ä")
    first, last = notes_on(failed, BREACH, client)
    assert first == "scope=' '"
    assert '"scope": "ä"' in last
    assert notes_on(failed, None, client) == (last,)
    assert json.loads(last.removeprefix("configuration: ")) == client.config
    adapter.close()


def noted_as(*notes):
    return notes_on(Conclusion(verdict=Verdict.VIOLATION), noted(Breach(expected="a", seen="b"), *notes), None)


def test_the_note_of_a_failing_call_contains_only_generated_values():
    parties = "".join(f"    {party}=<object at 0x7f>,\n" for party in ("client", "tenant", "grant", "variant"))
    call = f"Failing test case: test_it(\n{parties}    body=b'{{}}',\n    name='a',\n)"
    drawn = f"Falsifying example: test_it(\n{parties}    data=data(...),\n)"
    notes = noted_as(call, drawn, "Draw 1 (configuration): {'scope': '0'}")
    assert notes == ("generated: body=b'{}', name='a'", "generated configuration: {'scope': '0'}")


def test_the_generated_values_may_come_first_in_a_call():
    assert noted_as("Falsifying example: test_it(\n    body=b'',\n    client=<object>,\n)") == ("generated: body=b''",)


@pytest.mark.parametrize(
    "note",
    ["Falsifying example: <state machine>", "Failing test case: <state machine>", "state = Machine()", "state.get_token()"],
)
def test_the_calls_of_a_state_machine_are_left_out(note):
    assert noted_as("story, step 1: get a token", note) == ("story, step 1: get a token",)


def test_notes_of_all_exceptions_of_a_group_are_returned_once():
    group = ExceptionGroup("both", [noted(ValueError("x"), "one", "two"), noted(KeyError("y"), "two", "three"), OSError()])
    assert notes_on(Conclusion(verdict=Verdict.ERROR), group, None) == ("one", "two", "three")
