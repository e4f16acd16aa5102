"""The forms of refusal say what their names claim, to a reader that follows the grammar of challenges."""

import pytest

from oauth_gauntlet.reference.challenges import bearer_errors
from oauth_gauntlet_scenarios.resource.refusal_forms import OF_SCOPE, SPELLED, refusal


@pytest.mark.parametrize(
    ("fields", "error"),
    [(fields, "invalid_token") for fields in SPELLED.values()]
    + [(fields, "insufficient_scope") for fields in OF_SCOPE.values()],
)
def test_each_spelling_has_one_error(fields, error):
    assert bearer_errors([("WWW-Authenticate", field) for field in fields]) == {error}


def test_a_refusal_has_a_field_for_each_challenge():
    made = refusal(401, "Basic", "Bearer", body="no", content_type="text/plain")
    assert (made.status, made.body, made.content_type) == (401, "no", "text/plain")
    assert list(made.headers) == [("WWW-Authenticate", "Basic"), ("WWW-Authenticate", "Bearer")]
    assert list(refusal(403).headers) == []
