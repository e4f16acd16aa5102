import pytest

from oauth_gauntlet_server import MockServer, faults
from oauth_gauntlet_server.config.config_file import ConfigFileError, load
from oauth_gauntlet_server.faults import FaultError, Trigger
from oauth_gauntlet_server.faults.conditions import headers_match, holds, parameters_match
from oauth_gauntlet_server.http.http_request import RecordedRequest

CLIENT = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}


@pytest.mark.parametrize(
    ("condition", "values", "held"),
    [
        ("json", ["application/json"], True),
        ("json", ["text/html", "application/json"], True),
        ("json", ["text/html"], False),
        ("json", [], False),
        ("=json", ["json"], True),
        ("=json", ["application/json"], False),
        ("=", [""], True),
        ("=", [], False),
        ("!json", ["application/json"], False),
        ("!json", ["text/html"], True),
        ("!json", ["text/html", "application/json"], False),
        ("!json", [], True),
        ("!=json", ["application/json"], True),
        ("!=json", ["json"], False),
        ("", ["x"], True),
        ("", [], False),
        ("!", ["x"], False),
        ("!", [], True),
    ],
)
def test_each_form_of_a_condition(condition, values, held):
    assert holds(condition, values) is held


def request(target="/t/token", headers=(), body=b""):
    return RecordedRequest(method="POST", target=target, http_version="1.1", headers=headers, body=body, raw=b"")


def test_header_fields_are_compared_without_case_and_all_conditions_must_hold():
    sent = request(headers=(("ACCEPT", "application/JSON"), ("Via", "a")))
    assert headers_match({"accept": "=Application/json"}, sent)
    assert headers_match({"accept": "json", "via": ""}, sent)
    assert not headers_match({"accept": "json", "via": "!"}, sent)
    assert headers_match(None, sent)


def test_parameters_are_those_of_query_form_and_json():
    form = request(target="/t/token?a=1", body=b"scope=read&scope=write")
    assert parameters_match({"a": "=1", "scope": "=write"}, form)
    assert not parameters_match({"scope": "=Write"}, form)
    document = request(headers=(("Content-Type", "application/json"),), body=b'{"scope": "read", "aud": ["x", "y"], "n": 1}')
    assert parameters_match({"scope": "=read", "aud": "=y", "n": "=1"}, document)


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        ({"header": {"a": 1}}, "trigger: header: a: got 1: expected a string"),
        ({"parameter": ["a"]}, r"trigger: parameter: got \['a'\]: expected an object"),
        ({"status": 100}, "trigger: status: got 100: expected a whole number between 200 and 999 or null"),
    ],
)
def test_a_wrong_condition_is_one_sentence(trigger, words):
    with pytest.raises(FaultError, match=words):
        Trigger(**trigger)


@pytest.fixture
def tenant(server):
    return server.tenant(strict=False)


def statuses(http, tenant, *requests):
    return [http.post(tenant.token_url, **each).status_code for each in requests]


def test_a_fault_for_clients_that_accept_no_json(http, tenant):
    tenant.arm(faults.http_status(406), header={"accept": "!json"})
    seen = statuses(
        http, tenant, *({"data": CLIENT, "headers": {"Accept": kind}} for kind in ("text/html", "application/json"))
    )
    assert seen == [406, 200]


def test_a_fault_for_one_scope_counts_only_requests_with_it(http, tenant):
    armed = tenant.arm(faults.http_status(503), parameter={"scope": "read"}, times=1)
    requests = [{"data": {**CLIENT, "scope": scope}} for scope in ("write", "read", "read")]
    assert statuses(http, tenant, *requests) == [200, 503, 200]
    assert (armed.matched, armed.fired) == (2, 1)


def test_a_fault_for_an_outcome_decides_after_the_server(http, tenant):
    armed = tenant.arm(faults.http_status(503), status=200, times=1)
    refused = {"data": {"grant_type": "refresh_token"}}
    assert statuses(http, tenant, refused, {"data": CLIENT}, {"data": CLIENT}) == [401, 503, 200]
    assert (armed.matched, armed.fired) == (2, 1)
    assert len(tenant.tokens) == 2, "the request that got the 503 was processed: its token exists"


def test_a_fault_for_an_outcome_changes_the_answer_too(http, tenant):
    tenant.arm(faults.fault("header", header="WWW-Authenticate", value=None), endpoint="resource", status=401)
    assert "www-authenticate" not in http.get(tenant.resource_url).headers


def test_there_is_no_outcome_where_another_fault_answers(http, tenant):
    outcome = tenant.arm(faults.http_status(500), status=503)
    tenant.arm(faults.http_status(503))
    assert statuses(http, tenant, {"data": CLIENT}) == [503]
    assert (outcome.matched, outcome.fired) == (0, 0)


def test_the_control_api_takes_conditions_and_shows_them(server, http, tenant):
    url = f"{server.base_url}/_control/tenants/{tenant.name}/faults"
    when = {"header": {"accept": "!json"}, "parameter": {"scope": "read"}, "status": 401}
    armed = http.post(url, json={"fault": "delay", "seconds": 0, "when": when})
    assert armed.status_code == 201
    assert armed.json()["faults"][0]["when"] == {"endpoint": "token", **when}
    for wrong, status, words in (
        ({"header": {"accept": 1}}, 400, "accept"),
        ({"status": 9}, 400, "between 200 and 999"),
        ({"headers": {"a": "b"}}, 400, "header"),
    ):
        refused = http.post(url, json={"fault": "delay", "seconds": 0, "when": wrong})
        assert refused.status_code == status
        assert words in refused.text


def test_a_file_arms_faults_with_conditions(tmp_path, http):
    file = tmp_path / "tenants.toml"
    text = '[[tenant]]\nname = "t"\nstrict = false\n[[tenant.fault]]\nfault = "http_status"\nstatus = 503\nwhen = {}\n'
    file.write_text(text.format('{ parameter = { scope = "=read" } }'))
    with MockServer() as server:
        tenant = load(file).tenants[0].create(server.tenants)
        requests = [{"data": {**CLIENT, "scope": scope}} for scope in ("read", "read write")]
        assert statuses(http, tenant, *requests) == [503, 200]
    file.write_text(text.format("{ parameter = { scope = true } }"))
    with pytest.raises(ConfigFileError, match="scope: got True: expected a string"):
        load(file)
