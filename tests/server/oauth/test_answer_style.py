import json

import pytest

from oauth_gauntlet_server import TenantSettings
from oauth_gauntlet_server.http.answer import json_answer
from oauth_gauntlet_server.oauth.answer_style import filled, styled

NOW = 1_700_000_000.5
GRANTED = {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "scope": "x y"}
REFUSED = {"error": "invalid_client", "error_description": "no"}


def document(answer):
    return json.loads(answer.body)


def granted(**settings):
    members = settings.pop("members", GRANTED)
    return document(styled(json_answer(200, members), TenantSettings(**settings), now=NOW))


@pytest.mark.parametrize(
    ("template", "result"),
    [
        ("$a", 1),
        ("$none", None),
        ("${a} and ${none}", "1 and "),
        ({"x": "$a", "y": "$none", "z": ["$a", "$none", "text"]}, {"x": 1, "z": [1, "text"]}),
        ([None, True, 5], [None, True, 5]),
        ("costs $5", "costs $5"),
    ],
)
def test_a_template_is_filled(template, result):
    assert filled(template, {"a": 1}) == result


def test_by_default_an_answer_is_the_same_object():
    for answer in (json_answer(200, GRANTED), json_answer(401, REFUSED)):
        assert styled(answer, TenantSettings(), now=NOW) is answer


def test_the_values_of_a_token_answer():
    names = "expires_at now now_ms now_iso token_type_lower refresh_expires_in refresh_token_expires_in"
    template = {name: f"${name}" for name in names.split()}
    common = {"expires_at": 1_700_000_060, "now": 1_700_000_000, "now_ms": 1_700_000_000_500, "now_iso": "2023-11-14T22:13:20Z"}
    assert granted(token_answer=template) == {**common, "token_type_lower": "bearer", "refresh_expires_in": 0}
    members = {**GRANTED, "refresh_token": "r"}
    both = granted(token_answer=template, members=members, refresh_token_lifetime_s=9, refresh_token_idle_lifetime_s=7)
    assert (both["refresh_expires_in"], both["refresh_token_expires_in"]) == (7, 7)


def test_own_members_come_on_top_of_the_template():
    assert granted(token_answer={"t": "$access_token"}, token_response_members={"own": 1}) == {"t": "a", "own": 1}


def test_the_separator_of_scope_tokens():
    assert granted(scope_separator=",")["scope"] == "x,y"


@pytest.mark.parametrize(
    ("styles", "status", "members", "challenge"),
    [
        ({"invalid_grant": {"status": 200}}, 401, REFUSED, True),
        ({"invalid_client": {"status": 200}}, 200, REFUSED, False),
        ({"*": {"members": {"ok": False, "code": "$error"}}}, 401, {"ok": False, "code": "invalid_client"}, True),
        ({"*": {"status": 400}, "invalid_client": {"members": {"e": "$status"}}}, 401, {"e": 401}, True),
    ],
)
def test_an_error_has_the_status_and_the_members_of_its_code(styles, status, members, challenge):
    answer = json_answer(401, REFUSED).with_header("WWW-Authenticate", "Basic")
    changed = styled(answer, TenantSettings(error_answers=styles), now=NOW)
    assert (changed.status, document(changed)) == (status, members)
    assert (changed.header("www-authenticate") is not None) is challenge
