"""Challenges as servers write them: legal ones are read, broken ones hide no other."""

import pytest

from oauth_gauntlet.reference.challenges import Challenge, bearer_errors, challenges


def of(*values):
    return [(each.scheme, dict(each.parameters)) for each in challenges([("WWW-Authenticate", value) for value in values])]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((), []),
        (("",), []),
        (("Bearer",), [("bearer", {})]),
        (('Bearer realm="a", error="invalid_token"',), [("bearer", {"realm": "a", "error": "invalid_token"})]),
        (("bearer error=invalid_token",), [("bearer", {"error": "invalid_token"})]),
        (('Bearer  ERROR = "invalid_token"',), [("bearer", {"error": "invalid_token"})]),
        (('Bearer, error="invalid_token"',), [("bearer", {"error": "invalid_token"})]),
        (
            ('Basic realm="a, Bearer error=x", Bearer error="invalid_token"',),
            [("basic", {"realm": "a, Bearer error=x"}), ("bearer", {"error": "invalid_token"})],
        ),
        (("Negotiate", 'Bearer error="invalid_token"'), [("negotiate", {}), ("bearer", {"error": "invalid_token"})]),
        (('Negotiate YWJj==, Bearer error="a"',), [("negotiate", {}), ("bearer", {"error": "a"})]),
        (
            (r'Newauth realm="apps", title="Login to \"apps\"", type=1',),
            [("newauth", {"realm": "apps", "title": 'Login to "apps"', "type": "1"})],
        ),
        (('Bearer error="a", error="b"',), [("bearer", {"error": "a"})]),
    ],
)
def test_legal_challenges_are_read(values, expected):
    assert of(*values) == expected


@pytest.mark.parametrize(
    "value",
    ['Basic realm="never closed, Bearer error="invalid_token"', "=", "error=x", "Bearer error=", ',,"', "Bearer;;", "\x00"],
)
def test_broken_challenges_end(value):
    assert all(isinstance(each, Challenge) for each in challenges([("www-authenticate", value)]))


def test_a_broken_part_hides_no_other():
    assert of('Basic realm=a b, Bearer error="invalid_token"')[-1] == ("bearer", {"error": "invalid_token"})


def test_only_errors_of_bearer_challenges_count():
    fields = [("WWW-AUTHENTICATE", 'DPoP error="invalid_dpop_proof", Bearer error="invalid_token"'), ("X", 'Bearer error="x"')]
    assert bearer_errors(fields) == {"invalid_token"}
    assert bearer_errors([("WWW-Authenticate", 'Bearer realm="a"')]) == frozenset()
