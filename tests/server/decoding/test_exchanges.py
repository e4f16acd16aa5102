import gzip
import json

import pytest

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.decoding.exchanges import MOST_JWTS, decoded

FORM = ("Content-Type", "application/x-www-form-urlencoded")
JSON = ("Content-Type", "application/json")


def titles(side):
    return [part["title"] for part in side["parts"]]


def test_both_sides_are_decoded_into_parts(known, exchange_of):
    token = known.mint_jwt_access_token("a b")
    sent = exchange_of(
        (FORM, ("Authorization", "Basic YStiOnAlMkJx")),
        f"grant_type=password&assertion={token}".encode(),
        target="/t/token?x=1",
        answer=json.dumps({"access_token": token, "expires_in": 1}).encode(),
        answered=(JSON,),
    )
    shown = decoded(sent, known)
    assert titles(shown["sent"]) == ["Client, by HTTP Basic", "Query", "Form", "JWT: assertion"]
    assert titles(shown["received"]) == ["JSON document", "JWT: access_token"]
    assert [part["state"] for part in shown["received"]["parts"]] == [None, "good"]
    assert shown["sent"]["wire"].startswith("POST /t/token?x=1 HTTP/1.1\nContent-Type: ")
    assert shown["received"]["wire"].startswith("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{")
    json.dumps(shown)


def test_a_json_body_is_a_wrong_form_unless_the_tenant_takes_json(known, exchange_of):
    sent = exchange_of((JSON,), b'{"grant_type": "password"}')
    assert [part["state"] for part in decoded(sent, known)["sent"]["parts"]] == ["bad"]
    known.configure(request_styles=frozenset({"json"}))
    assert titles(decoded(sent, known)["sent"]) == ["JSON document"]


def test_a_missing_response_is_null(known, exchange_of):
    assert decoded(exchange_of((FORM,), b"a=b"), known)["received"] is None


def test_fired_faults_are_documents_that_can_be_armed(known, exchange_of):
    import dataclasses

    fired = dataclasses.replace(exchange_of(), fired=(faults.oauth_error("x"),))
    assert decoded(fired, known)["fired"] == [faults.oauth_error("x").to_json()]


def test_a_content_coding_is_decoded_or_reported(known, exchange_of):
    packed = gzip.compress(b'{"access_token": "x"}')
    good = exchange_of(answer=packed, answered=(JSON, ("Content-Encoding", "gzip")))
    assert decoded(good, known)["received"]["parts"][0]["rows"][0]["name"] == "access_token"
    for coding in ("br", "gzip\x1b"):
        (part,) = decoded(exchange_of(answer=packed, answered=(JSON, ("Content-Encoding", coding))), known)["received"]["parts"]
        assert part["state"] == "unknown"
        assert "\x1b" not in part["finding"]


@pytest.mark.parametrize("body", [b"", b"<html>Log in</html>", b"\x00\xff"])
def test_a_response_that_is_not_json_has_no_parts(known, exchange_of, body):
    assert decoded(exchange_of(answer=body), known)["received"]["parts"] == []


def test_a_json_request_and_a_bearer_jwt(known, exchange_of):
    token = known.mint_jwt_access_token("a b")
    headers = (("Content-Type", "application/scim+json"), ("Authorization", f"Bearer {token}"))
    shown = decoded(exchange_of(headers, b'{"userName": "x"}', target="/t/scim/v2/Users", endpoint="scim"), known)
    assert titles(shown["sent"]) == ["Bearer token", "JSON document", "JWT: Bearer token"]
    assert [part["state"] for part in shown["sent"]["parts"]] == ["good", None, "good"]


def test_only_the_first_jwts_are_decoded(known, exchange_of):
    token = known.mint_jwt_access_token("a b")
    body = "&".join(f"x{number}={token}" for number in range(MOST_JWTS + 5)).encode()
    assert len(decoded(exchange_of((FORM,), body), known)["sent"]["parts"]) == 1 + MOST_JWTS
