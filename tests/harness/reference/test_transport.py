import pytest

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.transport import MOST_BODY, Response, Transport
from oauth_gauntlet_server import faults

FORM = b"grant_type=client_credentials&client_id=c&client_secret=s3cret"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def transport():
    made = Transport(ca_file=None, timeout_s=60)
    yield made
    made.close()


def send(transport, server, fault):
    tenant = server.tenant(strict=False)
    tenant.arm(fault)
    return transport.send("POST", tenant.token_url, HEADERS, FORM)


def test_a_response_is_returned_unchanged(transport, server):
    response = send(transport, server, faults.http_status(429, "é", headers=[("Retry-After", "5"), ("A", "1"), ("A", "2")]))
    assert (response.status, response.body) == (429, "é".encode())
    assert [value for name, value in response.headers if name.lower() == "a"] == ["1", "2"]
    assert response.retry_after_s() == 5


def test_a_redirect_is_returned_and_not_followed(transport, server):
    tenant = server.tenant(strict=False)
    tenant.arm(faults.fault("redirect", to="other-origin"))
    assert transport.send("POST", tenant.token_url, HEADERS, FORM).status == 307
    assert tenant.journal.count("other_origin") == 0


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (faults.close_without_answer(), "transport"),
        (faults.fault("reset_without_answer"), "transport"),
        (faults.fault("truncate", octets=5), "transport"),
        (faults.fault("garbage"), "transport"),
        (faults.fault("chunked", flaw="bad-size"), "transport"),
        (faults.fault("content_coding", flaw="not-coded"), "protocol"),
        (faults.fault("large_body", octets=MOST_BODY + 1), "protocol"),
        (faults.fault("endless_body"), "protocol"),
    ],
)
def test_a_failure_has_a_documented_kind_and_contains_no_secret(transport, server, fault, kind):
    with pytest.raises(ClientFailure) as caught:
        send(transport, server, fault)
    assert caught.value.error.kind == kind
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "fault", [faults.delay(3), faults.fault("drip", octets=1, interval_s=0.1), faults.fault("silence", seconds=3)]
)
def test_the_time_limit_covers_the_whole_exchange(server, fault):
    hasty = Transport(ca_file=None, timeout_s=0.5)
    with pytest.raises(ClientFailure) as caught:
        send(hasty, server, fault)
    hasty.close()
    assert caught.value.error.kind == "timeout"


def test_a_netrc_file_of_the_environment_is_not_used(server, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("default login a password b")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    fresh = Transport(ca_file=None, timeout_s=60)
    tenant = server.tenant(strict=False)
    assert fresh.send("GET", tenant.resource_url, {}, None).status == 401
    assert tenant.journal.requests()[0].header("authorization") is None
    fresh.close()


def test_an_invalid_ca_file_is_a_configuration_error(tmp_path):
    for path in (tmp_path / "missing.pem", tmp_path / "empty.pem"):
        if path.name == "empty.pem":
            path.write_text("")
        with pytest.raises(ClientFailure, match="ca_file"):
            Transport(ca_file=str(path), timeout_s=60)


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("Wed, 21 Oct 2015 07:30:00 GMT", "Wed, 21 Oct 2015 07:28:00 GMT", 120.0),
        ("Wed Oct 21 07:30:00 2015", "Wed, 21 Oct 2015 07:28:00 GMT", 120.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:30:00 GMT", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", "yesterday", None),
    ],
)
def test_retry_after_as_a_date(value, date, seconds):
    assert Response(status=503, headers=(("Retry-After", value), ("Date", date)), body=b"").retry_after_s() == seconds


@pytest.mark.parametrize(("value", "seconds"), [("120", 120.0), (" 7 ", 7.0), ("soon", None), ("-1", None), ("", None)])
def test_retry_after_in_seconds(value, seconds):
    assert Response(status=503, headers=(("retry-after", value),), body=b"").retry_after_s() == seconds
