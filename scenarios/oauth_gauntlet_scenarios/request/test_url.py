"""The URI of the request: the query component of the token URL is kept, and no parameter of the request is added."""

from __future__ import annotations

from collections import Counter

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import EXPIRY, MUST, REFRESH, quote, requirement, rule
from oauth_gauntlet_scenarios.refusal import request_with
from oauth_gauntlet_server import Tenant, parse_form

_OF_THE_BODY = {
    *("client_id", "client_secret", "client_assertion", "client_assertion_type"),
    *("grant_type", "assertion", "refresh_token", "username", "password", "scope", "resource"),
}


# Other parameters are legal: RFC 6749 3.2 speaks of "adding additional query parameters", and MSAL adds client-request-id.
@requirement(
    "request.no-parameters-in-url",
    level=MUST,
    basis=[
        quote(
            "RFC 6749 2.3.1",
            "The parameters can only be transmitted in the request-body and MUST NOT be included in the request URI.",
        ),
        rule(
            "RFC 6749 4.4.2",
            "The client makes a request to the token endpoint by adding the following parameters using the "
            '"application/x-www-form-urlencoded" format per Appendix B with a character encoding of UTF-8 in the HTTP request '
            "entity-body:",
        ),
    ],
    covered_by=["auth.not-in-url"],
    refused_as=["The parameter * is in the request URI"],
    renewals=[EXPIRY, REFRESH],
    statement="The client never adds credentials or parameters of the grant to the token URL.",
)
def test_no_parameters_in_url(client: LabClient) -> None:
    """Do: get a token with a token URL without a query.

    Check: no query contains a parameter of the grant or of client authentication. Other parameters are accepted.
    """
    client.try_get_token()
    client.token_request()
    for request in client.token_requests():
        misplaced = sorted({name for name, _ in request.query_pairs} & _OF_THE_BODY)
        require(
            not misplaced,
            expected="credentials and parameters of the grant in the body only",
            seen=f"{', '.join(misplaced)} in the request target {request.target[:200]}",
            mark=Mark(text=request.target),
        )


# The query has the format of Appendix B, in which the order of different parameters has no meaning.
@requirement(
    "request.url-query-kept",
    level=MUST,
    basis=quote(
        "RFC 6749 3.2",
        'The endpoint URI MAY include an "application/x-www-form-urlencoded" formatted (per Appendix B) query component '
        "([RFC3986] Section 3.4), which MUST be retained when adding additional query parameters.",
    ),
    renewals=[EXPIRY, REFRESH],
    statement="The client keeps a query component of the token URL, with all names and values.",
)
def test_url_query_kept(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a token URL with a query that contains an encoded slash and an encoded space.

    Check: the query decodes to the same names and values. An equivalent encoding, another order and additional
    parameters are accepted.
    """
    query = "realm=%2Fa%20b&api-version=1"
    request = request_with(client, token_url=f"{tenant.token_url}?{query}")
    require(
        Counter(parse_form(query.encode())) <= Counter(request.query_pairs),
        expected=f"the query {query}, or an equivalent encoding of it",
        seen=f"the request target {request.target}",
        mark=Mark(text=request.target),
    )
