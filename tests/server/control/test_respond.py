"""The responses to requests that are wrong: path, method, query, body."""

import pytest

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/_control", "see /_control/openapi.json"),
        ("/_control/", "unknown path"),
        ("/_control/tenats", "did you mean /_control/tenants?"),
        ("/_control/tenants/t/fault", "did you mean /_control/tenants/t/faults"),
        ("/_control/tenants/t/journal/wait-for", "/_control/tenants/t/journal/wait_for"),
        ("/_control//tenants", "unknown path"),
        ("/_control/a%0Ab", "unknown path"),
        ("/_control/tenants/-", "expected a string that matches"),
        ("/_control/tenants/nobody/keys", "there is no tenant 'nobody'"),
    ],
)
def test_an_unknown_path_is_404_with_the_nearest_path(control, tenant, path, words):
    answer = control.raw("GET", path)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert words in answer.json["detail"]


def test_the_id_of_a_fault_must_be_a_whole_number(control, tenant):
    for given in ("x", "0", "-1", "1.5", "\u0664", "9" * 30):
        path = "/_control/tenants/t/faults/" + "".join(f"%{octet:02X}" for octet in given.encode())
        assert control.raw("DELETE", path).json["member"] == "/id"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "QUERY"])
def test_another_method_is_405_with_the_allowed_methods(control, method):
    answer = control.raw(method, "/_control/tenants", headers=JSON)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, POST")


def test_head_is_get_without_content(control):
    answer = control.raw("HEAD", "/_control/faults")
    assert (answer.status, answer.body) == (200, b"")


def test_responses_must_not_be_stored(control, tenant):
    assert control("GET", "/tenants/t/clients").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "not JSON in UTF-8"),
        (b"", "not JSON in UTF-8"),
        (b"\xff{}", "not JSON in UTF-8"),
        (b'{"seconds": NaN}', "NaN is not a JSON number"),
        (b'{"seconds": 1e999}', "between"),
        (b'{"seconds": ' + b"9" * 5000 + b"}", "not JSON in UTF-8"),
        (b"[" * 100 + b"]" * 100, "nested deeper than 64 levels"),
        (b"[" * 100_000, "not JSON in UTF-8"),
        (b"[]", "expected an object"),
        (b'{"seconds": "1"}', "expected a number"),
    ],
)
def test_a_wrong_body_is_400(control, tenant, body, words):
    answer = control.raw("POST", "/_control/tenants/t/clock/advance", body, JSON)
    assert answer.status == 400
    assert words in answer.json["detail"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("x=%zz", "cannot be decoded"),
        ("client_id=a&client_id=b", "repeated"),
        ("client=a", "did you mean client_id?"),
    ],
)
def test_a_wrong_query_is_400(control, tenant, query, words):
    answer = control.raw("GET", f"/_control/tenants/t/clients?{query}")
    assert answer.status == 400
    assert words in answer.json["detail"]


def test_an_operation_without_parameters_rejects_a_query(control):
    answer = control.raw("GET", "/_control/tenants?name=a")
    assert (answer.status, answer.json["expected"]) == (400, "no parameter at all")


def test_the_content_type_can_have_a_charset(control):
    answer = control.raw("POST", "/_control/tenants", b"{}", {"Content-Type": "Application/JSON; charset=utf-8"})
    assert answer.status == 201


def test_half_a_surrogate_pair_is_rejected_and_named_in_the_problem(control):
    answer = control.raw("POST", "/_control/tenants", b'{"\\ud800": 1}', JSON)
    assert (answer.status, answer.json["member"]) == (400, "/\ud800")


def test_control_requests_are_not_in_the_journal(control, tenant):
    control("GET", "/tenants/t")
    assert tenant.journal.count() == 0
