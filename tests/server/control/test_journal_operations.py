import threading

import pytest

JOURNAL = "/tenants/t/journal"


@pytest.fixture(autouse=True)
def lenient(tenant):
    tenant.configure(strict=False)


def test_the_journal_is_read_filtered_counted_and_cleared(control, tenant):
    control("POST", "/tenants/t/faults", {"fault": "oauth_error", "when": {"nth": 2}})
    for _ in range(3):
        control.token()
    control.raw("GET", "/t/jwks")
    everything = control("GET", JOURNAL).json
    assert [each["endpoint"] for each in everything["exchanges"]] == ["token"] * 3 + ["jwks"]
    first = everything["exchanges"][0]
    assert first["request"]["method"] == "POST"
    assert first["request"]["body"] == "grant_type=client_credentials"
    assert first["response"]["status"] == 200

    def sequences(**filters):
        return [each["sequence"] for each in control("GET", JOURNAL, **filters).json["exchanges"]]

    assert sequences(endpoint="token") == [1, 2, 3]
    assert sequences(fault="oauth_error") == [2]
    assert sequences(since=2) == [3, 4]
    assert sequences(since=1, limit=2) == [2, 3]
    assert sequences(endpoint="revoke") == []
    assert control("GET", f"{JOURNAL}/count", endpoint="token", since=1).json == {"count": 2, "dropped": 0}
    assert control("DELETE", JOURNAL).status == 204
    assert control("GET", f"{JOURNAL}/count").json == {"count": 0, "dropped": 0}
    control.token()
    assert sequences() == [5]


def test_waiting_ends_when_enough_exchanges_have_arrived(control, tenant):
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(control("GET", f"{JOURNAL}/wait_for", count=2, timeout_s=30)))
    waiting.start()
    control.token()
    control.token()
    waiting.join(60)
    # After the whole 30 seconds it would be a 409.
    assert answers[0].status == 200
    assert len(answers[0].json["exchanges"]) == 2


def test_waiting_ends_with_409_after_its_timeout(control, tenant):
    control.token()
    answer = control("GET", f"{JOURNAL}/wait_for", count=2, timeout_s=0.05, endpoint="token")
    assert (answer.status, answer.json["count"]) == (409, 1)
    assert "1 of 2 exchanges at token came within 0.05 s" in answer.json["detail"]


@pytest.mark.parametrize(
    ("query", "member", "detail"),
    [
        ({"count": 1, "timeout_s": 31}, "/timeout_s", "between 0 and 30"),
        ({"count": "x"}, "/count", "a whole number"),
        ({"count": "true"}, "/count", "a whole number"),
        ({}, "", "'count' is missing"),
        ({"count": 1, "endpont": "token"}, "/endpont", "did you mean endpoint?"),
        ({"count": 1, "endpoint": "tokn"}, "/endpoint", "did you mean token?"),
    ],
)
def test_wrong_parameters_are_named(control, tenant, query, member, detail):
    answer = control("GET", f"{JOURNAL}/wait_for", **query)
    assert (answer.status, answer.json["member"]) == (400, member)
    assert detail in answer.json["detail"]


def test_the_journal_outside_of_tenants_has_the_same_operations(control, control_server):
    control("DELETE", "/journal")
    last = control_server.journal.last
    control.raw("POST", "/token", b"grant_type=password", {"Content-Type": "application/x-www-form-urlencoded"})
    control.raw("GET", "/nothing/token")
    everything = control("GET", "/journal").json["exchanges"]
    assert [(each["sequence"], each["endpoint"], each["response"]["status"]) for each in everything] == [
        (last + 1, "other", 404),
        (last + 2, "token", 404),
    ]
    assert everything[0]["request"]["body"] == "grant_type=password"
    assert control("GET", "/journal/count", endpoint="token").json == {"count": 1, "dropped": 0}
    waited = control("GET", "/journal/wait_for", count=1, since=last + 1, timeout_s=30).json["exchanges"]
    assert waited == everything[1:]
    assert control("GET", "/journal/wait_for", count=3, timeout_s=0).status == 409
    decoded = control("GET", f"/journal/exchanges/{last + 1}").json
    assert decoded["exchange"] == everything[0]
    assert decoded["sent"]["wire"].startswith("POST /token HTTP/1.1\n")
    snippet = control("GET", f"/journal/exchanges/{last + 1}/snippet", format="curl").json["text"]
    assert f"{control_server.base_url}/token" in snippet
    stream = control.raw("GET", "/_control/journal/stream?timeout_s=0.5", headers={"Last-Event-ID": str(last)}).body.decode()
    assert f"id: {last + 1}\nevent: exchange\n" in stream
    assert "event: gone" not in stream
    assert control("DELETE", "/journal").status == 204
    assert control("GET", "/journal").json == {"exchanges": [], "dropped": 0}


def test_requests_of_a_tenant_are_not_in_the_journal_outside(control, control_server, tenant):
    last = control_server.journal.last
    control.token()
    control.raw("GET", "/t/nothing")
    control("GET", JOURNAL)
    assert control_server.journal.last == last
    assert [each["endpoint"] for each in control("GET", JOURNAL).json["exchanges"]] == ["token", "other"]


def test_exchanges_that_were_dropped_are_told_and_counted(control, tenant):
    control("PATCH", "/tenants/t", {"journal_capacity": 2})
    for _ in range(5):
        control.token()
    kept = control("GET", JOURNAL).json
    assert ([each["sequence"] for each in kept["exchanges"]], kept["dropped"]) == ([4, 5], 3)
    assert control("GET", f"{JOURNAL}/count", endpoint="token").json == {"count": 5, "dropped": 3}
    assert control("GET", f"{JOURNAL}/count", endpoint="jwks").json == {"count": 0, "dropped": 3}
    waited = control("GET", f"{JOURNAL}/wait_for", count=5, timeout_s=0)
    assert (waited.status, len(waited.json["exchanges"]), waited.json["dropped"]) == (200, 2, 3)
