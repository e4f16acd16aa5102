import pytest

from oauth_gauntlet_server.decoding.forms import form_part, query_part

TYPED = (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)


def test_names_and_values_are_decoded_with_notes(exchange_of):
    part = form_part(exchange_of(TYPED, b"scope=a+b&x=1&x=%C3%A9&empty=").request, "token")
    assert [(row.name, row.value, row.note) for row in part.rows] == [
        ("scope", "a b", ""),
        ("x", "1", "2 times"),
        ("x", "é", "2 times"),
        ("empty", "", "without a value: treated as omitted (RFC 6749 §3.2)"),
    ]
    assert part.finding == ""


@pytest.mark.parametrize(("headers", "sent"), [((), "missing"), ((("Content-Type", "application/json"),), "application/json")])
def test_a_wrong_content_type_is_reported_where_a_form_is_expected(exchange_of, headers, sent):
    request = exchange_of(headers, b"a=b").request
    assert form_part(request, "token").finding == (
        f"The Content-Type is {sent}; it must be application/x-www-form-urlencoded (RFC 6749 §4)."
    )
    assert form_part(request, "resource") is None


def test_a_form_or_query_that_cannot_be_decoded_is_reported(exchange_of):
    form = form_part(exchange_of(TYPED, b"a=%zz").request, "token")
    assert form.finding.startswith("The form cannot be decoded: ")
    assert "percent" in form.finding
    assert form_part(exchange_of(TYPED, b"").request, "token") is None
    for target in ("/t/token?a=%zz", "/t/token?a=\u2028"):
        assert query_part(exchange_of(target=target).request).finding.startswith("The query cannot be decoded: ")


def test_the_query_is_decoded(exchange_of):
    assert [(row.name, row.value) for row in query_part(exchange_of(target="/t/token?a=b%20c&d").request).rows] == [
        ("a", "b c"),
        ("d", ""),
    ]
    assert query_part(exchange_of().request) is None
