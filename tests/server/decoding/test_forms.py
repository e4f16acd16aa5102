import pytest

from oauth_gauntlet_server.decoding.forms import form_part, query_part

TYPED = (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)


def test_names_and_values_decode_and_what_is_odd_stands_beside(exchange_of):
    part = form_part(exchange_of(TYPED, b"scope=a+b&x=1&x=%C3%A9&empty=").request, "token")
    assert [(row.name, row.value, row.note) for row in part.rows] == [
        ("scope", "a b", ""),
        ("x", "1", "2 times"),
        ("x", "é", "2 times"),
        ("empty", "", "no value: as if it were left out (RFC 6749 §3.2)"),
    ]
    assert part.finding == ""


@pytest.mark.parametrize(("headers", "said"), [((), "missing"), ((("Content-Type", "application/json"),), "application/json")])
def test_the_wrong_label_is_told_where_a_form_is_wanted(exchange_of, headers, said):
    request = exchange_of(headers, b"a=b").request
    assert form_part(request, "token").finding.startswith(f"The Content-Type is {said}; it has to be")
    assert form_part(request, "resource") is None


def test_what_does_not_decode_is_told(exchange_of):
    assert form_part(exchange_of(TYPED, b"a=%zz").request, "token").finding.startswith("This is no form: a percent sign")
    assert form_part(exchange_of(TYPED, b"").request, "token") is None
    assert query_part(exchange_of(target="/t/token?a=%zz").request).finding.startswith("The query does not decode")
    assert query_part(exchange_of(target="/t/token?a=\u2028").request).finding.startswith("The query does not decode")


def test_the_query(exchange_of):
    assert [(row.name, row.value) for row in query_part(exchange_of(target="/t/token?a=b%20c&d").request).rows] == [
        ("a", "b c"),
        ("d", ""),
    ]
    assert query_part(exchange_of().request) is None
