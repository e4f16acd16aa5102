import pytest

from oauth_gauntlet_server import faults

EXCHANGES = "/tenants/t/journal/exchanges"


@pytest.fixture(autouse=True)
def lenient(tenant):
    tenant.configure(strict=False)


def test_an_exchange_is_decoded(control, tenant):
    tenant.arm(faults.oauth_error("invalid_scope"))
    control.token(scope="a b")
    shown = control("GET", f"{EXCHANGES}/1").json
    assert shown["exchange"] == control("GET", "/tenants/t/journal").json["exchanges"][0]
    assert [part["title"] for part in shown["sent"]["parts"]] == ["Client, by HTTP Basic", "Form"]
    assert {"name": "scope", "value": "a b", "note": "", "group": ""} in shown["sent"]["parts"][1]["rows"]
    assert shown["sent"]["exact"] is shown["received"]["exact"] is True
    assert "HTTP/1.1 400 Bad Request\n" in shown["received"]["wire"]
    assert [each["fault"] for each in shown["fired"]] == ["oauth_error"]
    # A fired fault can be armed again with exactly this document.
    assert control("POST", "/tenants/t/faults", shown["fired"][0]).status == 201


@pytest.mark.parametrize("kind", ["curl", "python", "pytest", "scenario"])
def test_each_snippet_names_the_grant(control, tenant, kind):
    control.token()
    text = control("GET", f"{EXCHANGES}/1/snippet", format=kind).json["text"]
    assert "client_credentials" in text.lower()


def test_an_exchange_that_is_not_in_the_journal_is_404(control, tenant):
    control.token()
    control.token()
    tenant.journal.clear()
    control.token()
    assert control("GET", f"{EXCHANGES}/3").status == 200
    for path in ("/2", "/4", "/0", "/x", "/2/snippet?format=curl"):
        answer = control("GET", EXCHANGES + path)
        assert answer.status == 404, path
    assert "no exchange 2" in control("GET", f"{EXCHANGES}/2").json["detail"]


def test_an_unknown_format_is_rejected_with_the_nearest_one(control, tenant):
    control.token()
    answer = control("GET", f"{EXCHANGES}/1/snippet", format="crul")
    assert (answer.status, answer.json["nearest"]) == (400, ["curl"])
    assert control("GET", f"{EXCHANGES}/1/snippet").status == 400
